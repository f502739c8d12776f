"""What the chorale net learns from: a folder of MIDI files, a JSON of chorales, or the lab's own samples."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import dllab
from dllab_music.chorales import HIGHEST, LOWEST, STEPS_PER_BEAT
from dllab_music.songs import Song, read_song

LARGEST_JSON = 64 * 2**20  # bytes
MOST_PIECES = 20_000
LONGEST_PIECE = 20_000  # steps
HELD_OUT = 10  # one piece in so many, where the data does not say itself what to hold out
SHORTEST = 8  # steps, of a piece to learn from


@dataclass(frozen=True)
class Corpus:
    """Pieces (num_steps, 4) of pitches, -1 for silence, to learn from and to choose by."""

    name: str
    train: tuple[np.ndarray, ...]
    valid: tuple[np.ndarray, ...]


def read_corpus(
    data: dllab.Input | None, progress: Callable[..., Iterable[Any]], label: str = "reading MIDI"
) -> Corpus:
    """The pieces of a folder of MIDI files, of a JSON of chorales or, for None, of the lab's own samples.

    progress: `run.progress`; label: of its bar.
    Of a JSON with "train" and "valid" these are taken, and nothing else in it is looked at; elsewhere every
    tenth piece is held out. Raises dllab.InputError for a file that does not hold what it should, by name.
    """
    if data is None:
        from dllab_music.samples import melodies

        return _split("samples", [from_song(song) for song in melodies()])
    if data.path is None:
        raise ValueError("read_corpus takes an input field of the parameters, resolved by the runner")
    if data.path.is_dir():
        return _split(data.name, read_folder(data.path, data.name, progress, label))
    splits = read_json(data.path, data.name)
    if "train" in splits and "valid" in splits:
        return Corpus(data.name, tuple(_long_enough(splits["train"])), tuple(splits["valid"]))
    return _split(data.name, [piece for pieces in splits.values() for piece in pieces])


def _split(name: str, pieces: list[np.ndarray]) -> Corpus:
    pieces = _long_enough(pieces)
    if len(pieces) < 2:
        raise dllab.InputError(f"{name}: {len(pieces)} pieces of a bar or more; at least 2 are needed")
    held = pieces[HELD_OUT - 1 :: HELD_OUT] or pieces[-1:]
    kept = [one for i, one in enumerate(pieces) if i % HELD_OUT != HELD_OUT - 1]
    return Corpus(name, tuple(kept[: len(pieces) - len(held)]), tuple(held))


def _long_enough(pieces: Iterable[np.ndarray]) -> list[np.ndarray]:
    return [piece for piece in pieces if len(piece) >= SHORTEST]


def read_folder(
    folder: Path, name: str, progress: Callable[..., Iterable[Any]], label: str = "reading MIDI"
) -> list[np.ndarray]:
    """The pieces of all MIDI files in a folder, in the order of their paths. Raises dllab.InputError."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    if not paths:
        raise dllab.InputError(f"{name}: the folder holds no MIDI files; they end in .mid or .midi")
    if len(paths) > MOST_PIECES:
        raise dllab.InputError(f"{name}: {len(paths):,} MIDI files; give at most {MOST_PIECES:,}")
    pieces = []
    for path in progress(paths, label=label):
        song = read_song(path)
        if any(not note.is_drum for note in song.notes):
            pieces.append(from_song(song))
    if not pieces:
        raise dllab.InputError(f"{name}: its MIDI files hold drums alone; give melodies or chorales")
    return pieces


def read_json(path: Path, name: str) -> dict[str, list[np.ndarray]]:
    """The splits of a JSON of chorales: {"train": pieces ...}, or {"": pieces} for a bare list.

    A piece is a list of steps (16ths), a step a list of four pitches, soprano to bass, -1 for silence.
    Raises dllab.InputError with the place of the first thing that is not so.
    """
    if path.stat().st_size > LARGEST_JSON:
        raise dllab.InputError(f"{name}: more than {LARGEST_JSON // 2**20} MB of JSON; split it")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        reason = "no text" if isinstance(error, UnicodeDecodeError) else str(error).splitlines()[0][:100]
        raise dllab.InputError(
            f"{name}: neither a folder of MIDI files nor JSON ({reason}); give a "
            "JSON list of pieces, each a list of [S, A, T, B] per 16th"
        ) from error
    splits = content if isinstance(content, dict) else {"": content}
    found = {}
    for split, pieces in splits.items():
        place = f"{name}: {split}" if split else name
        if not isinstance(pieces, list) or not pieces or len(pieces) > MOST_PIECES:
            raise dllab.InputError(f"{place}: expected a list of 1 to {MOST_PIECES:,} pieces")
        found[str(split)] = [_piece(one, f"{place}[{i}]") for i, one in enumerate(pieces)]
    return found


def _piece(steps: Any, place: str) -> np.ndarray:
    if not isinstance(steps, list) or not 1 <= len(steps) <= LONGEST_PIECE:
        raise dllab.InputError(f"{place}: a piece is a list of 1 to {LONGEST_PIECE:,} steps")
    for i, step in enumerate(steps):
        if not isinstance(step, list) or len(step) != 4:
            raise dllab.InputError(f"{place}[{i}]: a step is four pitches [S, A, T, B], got {step!r:.40}")
        for pitch in step:
            if type(pitch) is not int or not (pitch == -1 or LOWEST <= pitch <= HIGHEST):
                raise dllab.InputError(
                    f"{place}[{i}]: a pitch is a whole number from {LOWEST} to {HIGHEST}, or -1 for silence; "
                    f"got {pitch!r:.20}"
                )
    return np.array(steps, dtype=np.int64)


def from_song(song: Song) -> np.ndarray:
    """A song on the grid of sixteenths as four voices (num_steps, 4), -1 for silence; drums are left out.

    Of a song in one to four voices each is a line, the higher note where two sound; of another, what sounds
    is dealt out from above, the lowest to the bass. Pitches that the net does not know are moved by octaves.
    """
    notes = [note for note in song.notes if not note.is_drum]
    num_steps = max(1, round(max((note.end for note in notes), default=0) * STEPS_PER_BEAT))
    voices = sorted({note.voice for note in notes})
    is_in_chords = any(
        a.end - b.onset > 0.26 and b.onset - a.onset < 0.01
        for voice in voices
        for a, b in _neighbours([note for note in notes if note.voice == voice])
    )
    if len(voices) <= 4 and not (is_in_chords and len(voices) == 1):
        piece = np.full((num_steps, 4), -1, dtype=np.int64)
        for note in sorted(notes, key=lambda one: (one.onset, one.pitch)):
            begin, end = _steps(note, num_steps)
            piece[begin:end, voices.index(note.voice)] = _folded(note.pitch)
        return piece
    sounding: list[set[int]] = [set() for _ in range(num_steps)]
    for note in notes:
        for step in range(*_steps(note, num_steps)):
            sounding[step].add(_folded(note.pitch))
    return np.array([_dealt(sorted(pitches)[::-1]) for pitches in sounding], dtype=np.int64)


def _neighbours(notes: list[Any]) -> Iterable[tuple[Any, Any]]:
    return itertools.pairwise(notes)


def _steps(note: Any, num_steps: int) -> tuple[int, int]:
    begin = min(round(note.onset * STEPS_PER_BEAT), num_steps - 1)
    return begin, min(max(round(note.end * STEPS_PER_BEAT), begin + 1), num_steps)


def _folded(pitch: int) -> int:
    """The pitch, moved by octaves to where the net knows it."""
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def _dealt(pitches: list[int]) -> list[int]:
    """Pitches that sound at once, the highest first, as four voices."""
    if len(pitches) >= 4:
        return [*pitches[:3], pitches[-1]]
    return [*pitches[:-1], *[-1] * (4 - len(pitches)), pitches[-1]] if len(pitches) > 1 else [
        *pitches, *[-1] * (4 - len(pitches))
    ]  # fmt: skip
