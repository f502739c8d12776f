"""Drum loops on a grid and as songs: which General MIDI drum is which of ours, and where strokes fall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

import dllab
from dllab_music.drum_grammar import (
    ACCENT,
    CRASH,
    DRUMS,
    GHOST,
    HAT,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MID_TOM,
    OPEN_HAT,
    RIDE,
    SNARE,
    STEPS_PER_BAR,
    STEPS_PER_BEAT,
    STROKE,
)  # fmt: skip
from dllab_music.songs import TICKS_PER_BEAT, Note, Song

DRUM_PITCH = (36, 38, 42, 46, 43, 47, 50, 49, 51)  # of each of DRUMS, in the General MIDI kit
CLASSES: dict[int, tuple[int, ...]] = {
    KICK: (35, 36), SNARE: (37, 38, 39, 40), HAT: (22, 42, 44), OPEN_HAT: (26, 46), LOW_TOM: (41, 43),
    MID_TOM: (45, 47), HIGH_TOM: (48, 50), CRASH: (49, 52, 55, 57), RIDE: (51, 53, 59),
}  # fmt: skip
CLASS_OF = {pitch: drum for drum, pitches in CLASSES.items() for pitch in pitches}
GHOST_BELOW, ACCENT_FROM = 60, 100  # velocities at which a level ends and the next begins
STROKE_BEATS = 0.2  # length that a stroke is written with
APART_BEATS = 0.02  # at least between two strokes of one drum


@dataclass(frozen=True)
class Strokes:
    """A loop as strokes on the grid, each (num_steps, 9), 0 where there is none.

    velocities: 1 to 127; offsets: sixteenths behind the grid. extra: notes that are none of our drums.
    """

    velocities: np.ndarray
    offsets: np.ndarray
    tempo_bpm: float
    extra: tuple[Note, ...] = ()

    @property
    def levels(self) -> np.ndarray:
        """Strokes as levels (num_steps, 9) of the grammar: silent, ghost, stroke, accent."""
        levels = np.where(self.velocities >= ACCENT_FROM, ACCENT, STROKE)
        levels = np.where(self.velocities < GHOST_BELOW, GHOST, levels)
        return np.where(self.velocities > 0, levels, 0).astype(np.int64)


def drum_of(pitch: int) -> int | None:
    """Which of DRUMS a General MIDI drum is; None for cowbells and their like."""
    return CLASS_OF.get(pitch)


def to_song(velocities: np.ndarray, offsets: np.ndarray, tempo_bpm: float) -> Song:
    """Strokes (num_steps, 9) as a song of whole bars; no stroke falls before the beginning."""
    notes: list[Note] = []
    for step, drum in zip(*np.nonzero(velocities), strict=True):
        onset = max(0.0, (step + float(offsets[step, drum])) / STEPS_PER_BEAT)
        velocity = int(np.clip(round(float(velocities[step, drum])), 1, 127))
        notes.append(Note(onset, DRUM_PITCH[drum], STROKE_BEATS, velocity, 0, True))
    bars = -(-len(velocities) // STEPS_PER_BAR)
    length = float(bars * STEPS_PER_BAR / STEPS_PER_BEAT)
    return Song(tuple(apart(notes, APART_BEATS)), ((0.0, float(tempo_bpm)),), length=length)


def apart(notes: Iterable[Note], gap: float) -> list[Note]:
    """The notes on the ticks of a file, those of one pitch in their old order and at least `gap` beats apart.

    None lasts into the next of its pitch, which a file could not tell apart.
    """
    by_pitch: dict[tuple[int, int], list[Note]] = {}
    for note in notes:
        by_pitch.setdefault((note.voice, note.pitch), []).append(note)
    found = []
    for mine in by_pitch.values():
        last = -gap
        onsets = []
        for note in mine:
            last = max(note.onset, last + gap)
            onsets.append(round(last * TICKS_PER_BEAT))
        for note, onset, following in zip(mine, onsets, [*onsets[1:], None], strict=True):
            ticks = max(1, round(note.duration * TICKS_PER_BEAT))
            ticks = ticks if following is None else min(ticks, max(1, following - onset))
            found.append(note._replace(onset=onset / TICKS_PER_BEAT, duration=ticks / TICKS_PER_BEAT))
    return sorted(found)


def to_strokes(song: Song) -> Strokes:
    """The drums of a song on the grid; of two strokes that meet at one place, the louder counts."""
    drums = [note for note in song.notes if note.is_drum]
    length = max(song.length, max((note.onset for note in drums), default=0.0) + 0.01)
    num_steps = STEPS_PER_BAR * max(1, int(np.ceil(round(length * STEPS_PER_BEAT, 3) / STEPS_PER_BAR)))
    velocities, offsets = np.zeros((num_steps, len(DRUMS))), np.zeros((num_steps, len(DRUMS)))
    extra = []
    for note in drums:
        drum = drum_of(note.pitch)
        if drum is None:
            extra.append(note)
            continue
        step = min(step_of(note.onset), num_steps - 1)
        if note.velocity > velocities[step, drum]:
            velocities[step, drum] = note.velocity
            offsets[step, drum] = note.onset * STEPS_PER_BEAT - step
    return Strokes(velocities, offsets, song.tempo_bpm, tuple(extra))


def step_of(beat: float) -> int:
    """The sixteenth nearest to a beat."""
    return int(np.floor(beat * STEPS_PER_BEAT + 0.5))


def read_loop(loop: dllab.Input) -> Song:
    """The drums of a MIDI file. Raises dllab.InputError, in one line, where there are none."""
    from dllab_music.songs import read_song

    drums = read_song(loop.path, loop.name).drums()
    if not drums.notes:
        raise dllab.InputError(
            f"{loop.name}: a melody, with no drums in it (channel 10); "
            "give a drum loop, or let music-drumify write one to it"
        )
    return drums
