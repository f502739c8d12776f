"""From a song to a line that the chorale net can read, and from what it wrote back to notes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

import dllab
from dllab_music.chorales import HIGHEST, LOWEST, RANGES, STEPS_PER_BEAT
from dllab_music.songs import Note, Song, read_song

AN_OCTAVE = 0.1  # share of a melody that may lie out of a soprano's range before it is moved by an octave
GAP = 1e-3  # beats


@dataclass(frozen=True)
class Line:
    """A melody on the grid of sixteenths.

    song: its notes alone. pitches (num_steps,): moved by `shift` semitones to where a soprano sings, rests
    filled with the note before, -1 ahead of the first. again: steps at which the same pitch is struck anew.
    """

    song: Song
    pitches: np.ndarray
    shift: int
    again: frozenset[int]

    @property
    def beats(self) -> int:
        """Its length in whole beats."""
        return len(self.pitches) // STEPS_PER_BEAT


def read_melody(melody: dllab.Input) -> Song:
    """The song in a MIDI file that has a melody. Raises dllab.InputError for drums alone."""
    if melody.path is None:
        raise ValueError("read_melody takes an input field of the parameters, resolved by the runner")
    song = read_song(melody.path, melody.name)
    if all(note.is_drum for note in song.notes):
        raise dllab.InputError(f"{melody.name}: there are drums alone in it; give a file with a melody")
    return song


def line_of(song: Song, name: str) -> Line:
    """The highest voice of a song as a line. Raises dllab.InputError for one that spans five octaves."""
    voice = min(note.voice for note in song.notes if not note.is_drum)
    top = (note._replace(voice=0) for note in song.notes if note.voice == voice)
    tune = replace(song, notes=tuple(top), length=0.0)
    beats = math.ceil(tune.length - GAP)
    pitches = np.full(max(1, beats) * STEPS_PER_BEAT, -1, dtype=np.int64)
    struck = np.zeros(len(pitches), dtype=bool)
    for note in sorted(tune.notes, key=lambda one: (one.onset, one.pitch)):
        begin = min(round(note.onset * STEPS_PER_BEAT), len(pitches) - 1)
        pitches[begin:] = note.pitch  # until the next: a rest is filled with the note before
        struck[begin] = True
    sung = pitches[pitches >= 0]
    shift = _shift(sung)
    low, high = int(sung.min()) + shift, int(sung.max()) + shift
    if low < LOWEST or high > HIGHEST:
        raise dllab.InputError(
            f"{name}: its melody spans {high - low} semitones; give one within five octaves"
        )
    is_same = np.concatenate([[False], pitches[1:] == pitches[:-1]])
    again = frozenset(int(step) for step in np.flatnonzero(is_same & struck))
    return Line(tune, np.where(pitches < 0, -1, pitches + shift), shift, again)


def _shift(sung: np.ndarray) -> int:
    """By how many semitones, whole octaves, pitches are moved so that a soprano could sing most of them."""
    low, high = RANGES[0]

    def cost(octaves: int) -> float:
        moved = sung + 12 * octaves
        return float(((moved < low) | (moved > high)).mean()) + AN_OCTAVE * abs(octaves)

    return 12 * min(range(-5, 6), key=cost)


def notes_of(
    line: np.ndarray,
    voice: int,
    *,
    start: int = 0,
    shift: int = 0,
    again: Iterable[int] = (),
    velocity: int = 80,
) -> list[Note]:
    """The notes of pitches (num_steps,), -1 for silence, from the step `start` on.

    A pitch that goes on is one note, but for the steps of `again`, at which it is struck anew.
    """
    cuts = set(again)
    is_new = [i == start or line[i] != line[i - 1] or i in cuts for i in range(start, len(line))]
    begins = [*(start + i for i, new in enumerate(is_new) if new), len(line)]
    return [
        Note(
            begin / STEPS_PER_BEAT, int(line[begin]) + shift, (end - begin) / STEPS_PER_BEAT,
            velocity + 4 * (begin % 16 == 0), voice,
        )
        for begin, end in itertools.pairwise(begins)
        if line[begin] >= 0
    ]  # fmt: skip
