"""Bars of melody as cells of numbers, which the nets of bar_vae read: all in one register and one key.

A melody on the grid is a line: the pitch that sounds at each sixteenth, -1 for silence, and whether it is
struck there. A cell of a bar is 0 for silence, 1 for a note that goes on, else a pitch that is struck, less
LOWEST - 2, after the melody was moved to C major or A minor, and the bar by octaves into the register of a
soprano.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import dllab
from dllab_music.keys import Key, heard
from dllab_music.songs import Song

STEPS_PER_BEAT, STEPS_PER_BAR = 4, 16
LOWEST, HIGHEST = 48, 88
REST, HOLD, FIRST = 0, 1, 2
NUM_VALUES = HIGHEST - LOWEST + 1 + FIRST
MIDDLE = 67  # to which the mean of a bar is brought as near as octaves can
FORMAT = "dllab-bars-3"


@dataclass(frozen=True)
class Line:
    """A melody on the grid: pitches (T,), -1 for silence; is_struck (T,), where a note begins."""

    pitches: np.ndarray
    is_struck: np.ndarray

    def __len__(self) -> int:
        return len(self.pitches)

    @property
    def codes(self) -> np.ndarray:
        """Each cell as one number, equal where pitch and stroke are."""
        return self.pitches * 2 + self.is_struck


def tidy(pitches: np.ndarray, is_struck: np.ndarray) -> Line:
    """A line that can be played: a new pitch is struck, silence is not."""
    before = np.concatenate([[-1], pitches[:-1]])
    return Line(pitches, (is_struck | (pitches != before)) & (pitches >= 0))


def padded(line: Line, num_steps: int) -> Line:
    """The line, silent from its end to num_steps."""
    missing = num_steps - len(line)
    return Line(
        np.concatenate([line.pitches, np.full(missing, -1)]),
        np.concatenate([line.is_struck, np.zeros(missing, bool)]),
    )


def key_of(line: Line) -> Key:
    """The key that its pitches suggest, each as often as it sounds."""
    sounding = line.pitches[line.pitches >= 0]
    return heard(np.bincount(sounding % 12, minlength=12).astype(np.float64))


def share_in_key(line: Line, key: Key | None = None) -> float:
    """Share of a line's notes that belong to a key, its own unless one is given; 1 where it has no notes."""
    struck = line.pitches[line.is_struck]
    scale = (key or key_of(line)).scale
    return float(np.mean([pitch % 12 in scale for pitch in struck])) if len(struck) else 1.0


def shift_to_c(key: Key) -> int:
    """Semitones, -6 to 5, that bring a key to C major or A minor."""
    tonic = (key.tonic + 3) % 12 if key.is_minor else key.tonic
    return (-tonic + 6) % 12 - 6


def to_bars(line: Line, semitones: int) -> tuple[np.ndarray, np.ndarray]:
    """A line as bars (B, 16) of cells, and the semitones (B,) by which each was moved.

    semitones: that bring it to C; octaves are added bar by bar. A line ends in a whole bar, silent if need
    be.
    """
    whole = padded(line, -(-len(line) // STEPS_PER_BAR) * STEPS_PER_BAR)
    pitches = whole.pitches.reshape(-1, STEPS_PER_BAR)
    struck = whole.is_struck.reshape(-1, STEPS_PER_BAR)
    cells, moves = np.zeros_like(pitches), np.zeros(len(pitches), np.int64)
    octave = 0
    for i, bar in enumerate(pitches):
        sounding = bar[bar >= 0] + semitones
        if len(sounding):
            octave = 12 * round((MIDDLE - float(sounding.mean())) / 12)
        moves[i] = semitones + octave
        cells[i] = _cells(bar, struck[i], int(moves[i]))
    return cells, moves


def _cells(bar: np.ndarray, struck: np.ndarray, move: int) -> np.ndarray:
    """A bar (16,) as cells; a note that came over the bar line is struck again."""
    moved = bar + move
    moved = np.where(moved < LOWEST, moved + 12 * -((moved - LOWEST) // 12), moved)
    moved = np.where(moved > HIGHEST, moved - 12 * -((HIGHEST - moved) // 12), moved)
    begins = struck.copy()
    begins[0] = True
    return np.where(bar < 0, REST, np.where(begins, moved - LOWEST + FIRST, HOLD))


def to_line(cells: np.ndarray, moves: np.ndarray) -> Line:
    """Bars (B, 16) of cells, moved back, as a line; what goes on after a silence is silent."""
    pitches = np.full(cells.size, -1, np.int64)
    struck = np.zeros(cells.size, bool)
    sounding = -1
    for i, cell in enumerate(cells.reshape(-1)):
        if cell >= FIRST:
            sounding = int(cell) - FIRST + LOWEST - int(moves[i // STEPS_PER_BAR])
        elif cell == REST:
            sounding = -1
        pitches[i], struck[i] = sounding, cell >= FIRST
    return tidy(pitches, struck)


def lines_of_piece(piece: np.ndarray, rng: np.random.Generator, again: float = 0.25) -> list[Line]:
    """The voices of a chorale (T, 4) as lines.

    A chorale on the grid does not tell a note that is sung again from one that is held: of the beats in a
    held note, a share `again` is struck anew, as syllables would have it.
    """
    found = []
    for voice in piece.T:
        before = np.concatenate([[-1], voice[:-1]])
        on_beat = np.arange(len(voice)) % STEPS_PER_BEAT == 0
        struck = (voice != before) | (on_beat & (rng.random(len(voice)) < again))
        if (voice >= 0).any():
            found.append(tidy(voice.copy(), struck & (voice >= 0)))
    return found


def read_line(song: Song, name: str) -> Line:
    """The melody of a song on the grid: of notes that sound at once, the highest of the newest.

    Raises dllab.InputError where no note is left.
    """
    notes = sorted(song.notes, key=lambda one: (one.onset, one.pitch))
    notes = [note for note in notes if not note.is_drum]
    if not notes:
        raise dllab.InputError(
            f"{name}: nothing but drums (channel 10); give a melody, such as sample:ode-to-joy"
        )
    num_steps = max(1, round(max(note.end for note in notes) * STEPS_PER_BEAT))
    pitches, struck = np.full(num_steps, -1, np.int64), np.zeros(num_steps, bool)
    for note in notes:
        begin = min(int(note.onset * STEPS_PER_BEAT + 0.5), num_steps - 1)
        end = min(max(int(note.end * STEPS_PER_BEAT + 0.5), begin + 1), num_steps)
        pitches[begin:end], struck[begin] = note.pitch, True
        struck[begin + 1 : end] = False
    return tidy(pitches, struck)
