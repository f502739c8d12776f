"""Keys: C major, F# minor … typed, heard in notes, and the pitches that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

import dllab
from dllab_music.primers import NATURALS

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 9, 10, 11)  # natural, with the raised sixth and seventh of a minor melody
NAMES = (("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"),
         ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"))  # fmt: skip
WORD = re.compile(r"(?P<name>[A-Ga-g])(?P<sign>#|♯|b|♭)?[ _-]*(?P<mode>major|maj|minor|min|m|dur|moll)?")
# How well each pitch fits a key, from listeners' judgements (Krumhansl, Kessler 1982), from the tonic on.
PROFILES = (
    np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]),
    np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]),
)


@dataclass(frozen=True)
class Key:
    """tonic: 0 for C to 11 for B."""

    tonic: int
    is_minor: bool

    @property
    def name(self) -> str:
        """As a musician writes it."""
        return f"{NAMES[self.is_minor][self.tonic]} {'minor' if self.is_minor else 'major'}"

    @property
    def name_ko(self) -> str:
        """The same in Korean, with the tonic's letter."""
        return f"{NAMES[self.is_minor][self.tonic]}{'단조' if self.is_minor else '장조'}"

    @property
    def scale(self) -> frozenset[int]:
        """The pitch classes that belong to it."""
        return frozenset((self.tonic + step) % 12 for step in (MINOR if self.is_minor else MAJOR))

    @property
    def triad(self) -> tuple[int, int, int]:
        """Pitch classes of its first chord: root, third, fifth."""
        return self.tonic, (self.tonic + 4 - self.is_minor) % 12, (self.tonic + 7) % 12


def read_key(text: str) -> Key | None:
    """The key in "C", "F# minor", "Bb major", "Am"; None for "any". Raises dllab.UsageError for no key."""
    if text.strip().lower() in ("", "any", "none"):
        return None
    match = WORD.fullmatch(text.strip())
    if match is None:
        raise dllab.UsageError(f"--key {text[:20]!r} is no key; type C, F# minor, Bb major, Am, or any")
    bend = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(match["sign"] or "", 0)
    return Key((NATURALS[match["name"].upper()] + bend) % 12, match["mode"] in ("minor", "min", "m", "moll"))


def heard(weights: np.ndarray) -> Key:
    """The key that best explains how long each pitch class sounds, weights (12,).

    Source: Krumhansl 1990, "Cognitive Foundations of Musical Pitch", chapter 4.
    """
    found, best = Key(0, False), -np.inf
    centred = weights - weights.mean()
    for is_minor, profile in enumerate(PROFILES):
        for tonic in range(12):
            shifted = np.roll(profile - profile.mean(), tonic)
            fit = float(centred @ shifted / np.sqrt(shifted @ shifted))
            if fit > best + 1e-12:
                found, best = Key(tonic, bool(is_minor)), fit
    return found


def pitch_classes(pitches: np.ndarray) -> np.ndarray:
    """How often each pitch class sounds: float64 (12,), of pitches of any shape, -1 for silence."""
    return np.bincount(pitches[pitches >= 0] % 12, minlength=12).astype(np.float64)
