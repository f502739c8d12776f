"""What a teacher of harmony would mark in a chorale: parallels, leaps, ranges, crossings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from dllab_music.chorales import RANGES, VOICES, VOICES_KO

WIDE = 12  # semitones: a larger leap is hardly sung
LEAP = 7  # semitones: beyond a fifth
FIFTH, OCTAVE = 7, 0

# Percent in 229 of Bach's chorales (the train split of Boulanger-Lewandowski et al. 2012), by `rates`.
BACH = {
    "parallel_fifths": 0.08, "parallel_octaves": 0.06, "leaps": 2.64, "wide_leaps": 0.06, "out_of_range": 0.0,
    "crossings": 2.37,
}  # fmt: skip

MARKS_KO = {
    "parallel_fifths": "병행 5도", "parallel_octaves": "병행 8도", "leaps": "도약",
    "wide_leaps": "옥타브를 넘는 도약", "out_of_range": "음역을 벗어난 음", "crossings": "성부 교차",
}  # fmt: skip


def parallels(before: np.ndarray, now: np.ndarray, voice: int) -> np.ndarray:
    """Pitches that would move in parallel fifths or octaves with a voice above: bool (B, 128), MIDI numbers.

    before: pitches (B, 4) of the step before, -1 for silence; now: those of this step, of which the voices
    above `voice` are known. It is what `counts` counts, asked before the note is written.
    """
    pitches = np.arange(128)
    found = np.zeros((len(before), len(pitches)), dtype=bool)
    move = pitches - before[:, voice, None]  # (B, 128)
    for high in range(voice):
        known = (before[:, [high, voice]] >= 0).all(axis=1) & (now[:, high] >= 0)
        same_way = np.sign(move) == np.sign(now[:, high] - before[:, high])[:, None]
        first = (before[:, high] - before[:, voice])[:, None] % 12
        second = (now[:, high, None] - pitches) % 12
        is_parallel = (first == second) & ((second == FIFTH) | (second == OCTAVE))
        found |= known[:, None] & same_way & (move != 0) & is_parallel
    return found


def counts(piece: np.ndarray) -> dict[str, float]:
    """Counts in a piece (num_steps, 4), -1 for silence.

    parallel_fifths, parallel_octaves: pairs of voices that move in one direction from a fifth to a fifth,
    or an octave or unison to another, of `moves_together` pairs that both move. leaps: melodic steps beyond a
    fifth, wide_leaps: beyond an octave, of `moves`. out_of_range: of `notes`, one voice at one sixteenth;
    crossings: steps at which a voice lies above the next higher one, of `steps`.
    """
    before, after = piece[:-1], piece[1:]
    sounds = (before >= 0) & (after >= 0)
    change = np.where(sounds, after - before, 0)  # (num_steps - 1, 4)
    found = dict.fromkeys(("parallel_fifths", "parallel_octaves", "moves_together"), 0)
    for high, low in combinations(range(4), 2):
        both = (change[:, high] != 0) & (change[:, low] != 0)
        same_way = both & (np.sign(change[:, high]) == np.sign(change[:, low]))
        first, second = (each[:, high] - each[:, low] for each in (before, after))
        for name, interval in (("parallel_fifths", FIFTH), ("parallel_octaves", OCTAVE)):
            is_parallel = same_way & (first % 12 == interval) & (second % 12 == interval)
            found[name] += int(is_parallel.sum())
        found["moves_together"] += int(both.sum())
    found["moves"] = int((change != 0).sum())
    found["leaps"] = int((np.abs(change) > LEAP).sum())
    found["wide_leaps"] = int((np.abs(change) > WIDE).sum())
    lows, highs = np.array(RANGES).T
    found["notes"] = int((piece >= 0).sum())
    found["out_of_range"] = int(((piece >= 0) & ((piece < lows) | (piece > highs))).sum())
    upper, lower = piece[:, :-1], piece[:, 1:]
    found["crossings"] = int(((upper >= 0) & (lower > upper)).any(axis=1).sum())
    found["steps"] = len(piece)
    return found


def rates(pieces: Sequence[np.ndarray]) -> dict[str, float]:
    """Of all pieces together, percent: see `counts` for what each is a share of."""
    total: dict[str, float] = {}
    for piece in pieces:
        for name, value in counts(piece).items():
            total[name] = total.get(name, 0) + value
    shares = (
        ("parallel_fifths", "moves_together"), ("parallel_octaves", "moves_together"), ("leaps", "moves"),
        ("wide_leaps", "moves"), ("out_of_range", "notes"), ("crossings", "steps"),
    )  # fmt: skip
    return {name: 100 * total[name] / max(1, total[whole]) for name, whole in shares}


def ranges(piece: np.ndarray) -> tuple[str, str]:
    """The lowest and highest pitch of each voice, for a message: in English and in Korean."""
    parts, korean = [], []
    for voice, (name, ko_name) in enumerate(zip(VOICES, VOICES_KO, strict=True)):
        sung = piece[:, voice][piece[:, voice] >= 0]
        parts.append(f"{name} {sung.min()} to {sung.max()}" if len(sung) else f"{name} silent")
        korean.append(f"{ko_name} {sung.min()}~{sung.max()}" if len(sung) else f"{ko_name} 쉼")
    return ", ".join(parts), ", ".join(korean)
