"""What a bar of melody may be told in sight of: the bar before it, and the voices above it.

A chorale is told bar by bar and, in a bar, voice by voice from the soprano down. So a bar may be told in
sight of the bar before it in all voices, and of this bar in the voices above: seven lines beside it, each the
pitch that sounds at each sixteenth, moved as the bar itself was. A melody by itself has only its own bar
before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dllab_music.bars import (
    FIRST,
    HOLD,
    LOWEST,
    MIDDLE,
    NUM_VALUES,
    REST,
    STEPS_PER_BAR,
    Line,
    key_of,
    padded,
    shift_to_c,
    tidy,
    to_bars,
)
from dllab_music.keys import heard, pitch_classes

UNKNOWN, SILENT = 0, 1  # sounds that are no pitch; pitch p is p - DEEPEST + 2
DEEPEST, OCTAVES = 24, 8  # beyond these a pitch is folded by octaves
NUM_SOUNDS = 12 * OCTAVES + 2
PAST, ABOVE = 4, 3  # lines beside a bar: soprano to bass a bar before; then soprano to tenor now
NUM_BESIDE = PAST + ABOVE
ALONE = 4  # the voice's number of a melody that is told by itself; its own past is the first line
LONGEST_HELD = 32  # steps; longer held notes count as this


@dataclass(frozen=True)
class Told:
    """Bars and what lies beside them.

    cells: (N, 16), -1 beyond a piece's end; beside: sounds (N, 16, 7), UNKNOWN where there is nothing to be
    seen; voices: (N,).
    """

    cells: np.ndarray
    beside: np.ndarray
    voices: np.ndarray

    def __len__(self) -> int:
        return len(self.cells)

    def part(self, rows: np.ndarray) -> Told:
        """Those of its bars."""
        return Told(self.cells[rows], self.beside[rows], self.voices[rows])


def joined(parts: list[Told]) -> Told:
    """All bars of several."""
    return Told(
        np.concatenate([one.cells for one in parts]),
        np.concatenate([one.beside for one in parts]),
        np.concatenate([one.voices for one in parts]),
    )


def moved(bars: Told, semitones: np.ndarray) -> Told:
    """Bars in other keys: each moved by so many semitones (N,), and by octaves back into its register."""
    sounding, total, count = np.full(len(bars), REST), np.zeros(len(bars)), np.zeros(len(bars), np.int64)
    for cell in bars.cells.T:
        sounding = np.where(cell == HOLD, sounding, np.maximum(cell, REST))
        total, count = total + sounding, count + (sounding != REST)
    mean = LOWEST - FIRST + total / np.maximum(count, 1)
    octaves = np.where(count > 0, np.round((MIDDLE - mean - semitones) / 12), 0)
    by = semitones + 12 * octaves.astype(np.int64)
    cells = bars.cells + by[:, None]
    cells = np.where(cells < FIRST, cells + 12 * -((cells - FIRST) // 12), cells)
    cells = np.where(cells >= NUM_VALUES, cells - 12 * -((NUM_VALUES - 1 - cells) // 12), cells)
    pitches = np.where(bars.beside > SILENT, bars.beside - 2 + DEEPEST, -1)
    beside = np.where(bars.beside == UNKNOWN, UNKNOWN, sounds(pitches, by[:, None, None]))
    return Told(np.where(bars.cells >= FIRST, cells, bars.cells), beside, bars.voices)


def sounds(pitches: np.ndarray, move: int | np.ndarray) -> np.ndarray:
    """Pitches of any shape, -1 for silence, as sounds beside a bar that was moved by so many semitones."""
    above = pitches + move - DEEPEST
    high = 12 * (OCTAVES - 1) + above % 12
    folded = np.where(above < 0, above % 12, np.where(above >= 12 * OCTAVES, high, above))
    return np.where(pitches < 0, SILENT, folded + 2)


def of_piece(piece: np.ndarray, first: int = 0, semitones: int = 0) -> Told | None:
    """All bars of a chorale (T, 4) from the step `first` on, in one key; None where none is left.

    A voice that is silent throughout is left out. The chorale's grid does not tell notes that are sung again.
    semitones: by which it is moved beyond C major or A minor.
    """
    piece = piece[first:]
    count = -(-len(piece) // STEPS_PER_BAR)
    sung = [voice for voice in range(4) if (piece[:, voice] >= 0).any()]
    if len(piece) < STEPS_PER_BAR or not sung:
        return None
    shift = shift_to_c(heard(pitch_classes(piece))) + semitones
    whole = np.full((count * STEPS_PER_BAR, 4), -1)
    whole[: len(piece)] = piece
    pitches = whole.reshape(count, STEPS_PER_BAR, 4)
    parts = []
    for voice in sung:
        line = piece[:, voice]
        cells, moves = to_bars(tidy(line.copy(), np.zeros(len(line), bool)), shift)
        cells.reshape(-1)[len(piece) :] = -1
        by = moves[:, None, None]
        beside = np.full((count, STEPS_PER_BAR, NUM_BESIDE), UNKNOWN)
        beside[1:, :, :PAST] = sounds(pitches[:-1], by[1:])
        beside[:, :, PAST : PAST + voice] = sounds(pitches[:, :, :voice], by)
        parts.append(Told(cells, beside, np.full(count, voice)))
    return joined(parts)


def of_line(line: Line, first: int = 0) -> Told:
    """All bars of a melody by itself from the step `first` on, in its own key."""
    part = Line(line.pitches[first:], line.is_struck[first:])
    cells, moves = to_bars(part, shift_to_c(key_of(line)))
    whole = padded(part, len(cells) * STEPS_PER_BAR).pitches.reshape(-1, STEPS_PER_BAR)
    return Told(cells, alone(whole, moves), np.full(len(cells), ALONE))


def alone(pitches: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """What lies beside the bars of a melody, its pitches (N, 16), moved by (N,): (N, 16, 7), its own past."""
    beside = np.full((*pitches.shape, NUM_BESIDE), UNKNOWN)
    beside[1:, :, 0] = sounds(pitches[:-1], moves[1:, None])
    return beside


def start(beside: np.ndarray, voices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What sounds before bars begin, and for how many steps of the bar before it has been held: each (N,)."""
    own = beside[np.arange(len(voices)), :, np.where(voices == ALONE, 0, voices)]  # (N, 16)
    is_same = own[:, ::-1] == own[:, -1:]
    held = np.where(own[:, -1] == UNKNOWN, 0, np.cumprod(is_same, 1).sum(1))
    return own[:, -1], held


def after(cell: np.ndarray, sound: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What sounds once a cell is told, and for how long it has been held: each (N,)."""
    struck = cell - FIRST + LOWEST - DEEPEST + 2
    new = np.where(cell == REST, SILENT, np.where(cell == HOLD, sound, struck))
    is_held = (cell == HOLD) | (new == sound)
    return new, np.where(is_held, np.minimum(held + 1, LONGEST_HELD), 1)


def so_far(told: Told) -> np.ndarray:
    """What each cell is told after: int64 (N, 16, 3), the cell before, what sounds, and for how long.

    The cell before the first is NUM_VALUES of bars, which is no cell.
    """
    sound, held = start(told.beside, told.voices)
    cells = np.maximum(told.cells, REST)
    found = np.empty((*cells.shape, 3), np.int64)
    for step in range(STEPS_PER_BAR):
        found[:, step, 0] = cells[:, step - 1] if step else NUM_VALUES
        found[:, step, 1], found[:, step, 2] = sound, held
        sound, held = after(cells[:, step], sound, held)
    return found
