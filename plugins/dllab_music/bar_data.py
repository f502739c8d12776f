"""What the nets of bars learn from: bars of chorales, of melodies by themselves, and of drums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import dllab
from dllab_music.bar_context import Told, joined, of_line, of_piece
from dllab_music.bars import REST, STEPS_PER_BAR, Line, lines_of_piece
from dllab_music.corpus import read_corpus
from dllab_music.drum_grammar import DRUMS, loops

LOOPS, HELD_OUT_LOOPS = 5400, 360  # of the grammar
EDGES = (0, 4, 8, 12)  # steps that bars of a chorale may begin after a bar line, to have more of them


@dataclass(frozen=True)
class Bars:
    """Bars to learn from or to measure by.

    alone: of melodies by themselves; together: of chorales, in all their voices; drums: (N, 2, 16, 9), each
    bar after the one before it; lines: the melodies themselves; pieces: the chorales.
    """

    alone: Told
    together: Told
    drums: np.ndarray
    lines: list[Line]
    pieces: Sequence[np.ndarray]


def read_bars(run: dllab.Run, data: dllab.Input | None, steps: int) -> tuple[Bars, Bars]:
    """Bars of melodies and drums to learn from, and others to measure by.

    data: a folder of MIDI files or a JSON of chorales; None for the lab's own. Of the grammar no more loops
    are drawn than `steps` steps can use. Raises dllab.InputError for what holds no bar of melody.
    """
    corpus = read_corpus(data, run.progress, run.words("reading MIDI", "MIDI 읽기"))
    rng = np.random.default_rng([run.seed, 2])
    count = min(LOOPS, 9 * steps)
    found = []
    for pieces, edges, num_loops in (
        (corpus.train, EDGES, count),
        (corpus.valid, (0,), max(9, count * HELD_OUT_LOOPS // LOOPS)),
    ):
        lines = [line for piece in pieces for line in lines_of_piece(piece, rng)]
        alone = melody_bars(lines, edges)
        together = piece_bars(pieces, edges)
        found.append(Bars(alone, together, drum_bars(rng, num_loops), lines, pieces))
    train, valid = found
    known = {pair.tobytes() for pair in train.drums}
    fresh = np.array([pair.tobytes() not in known for pair in valid.drums])
    if fresh.any():
        valid = replace(valid, drums=valid.drums[fresh])
    some, more = ((f"{len(one.together):,}", f"{len(one.drums):,}") for one in (train, valid))
    run.message(
        run.words(
            f"{some[0]} bars of melody from {corpus.name} and {some[1]} of drums to learn from; "
            f"{more[0]} and {more[1]} others to measure by",
            f"{corpus.name}의 선율 {some[0]}마디와 드럼 {some[1]}마디로 배우고, 다른 {more[0]}마디와 "
            f"{more[1]}마디로 잽니다",
        )
    )
    return train, valid


def melody_bars(lines: list[Line], edges: tuple[int, ...]) -> Told:
    """All bars of lines, each by itself, beginning at these steps after the bar lines; silent ones left out.

    Raises dllab.InputError where none lasts a bar.
    """
    parts = [of_line(line, edge) for line in lines for edge in edges if len(line) - edge >= STEPS_PER_BAR]
    if not parts:
        raise dllab.InputError("--data: no melody in it lasts a bar of sixteen sixteenths; give others")
    bars = joined(parts)
    return bars.part((bars.cells != REST).any(1))


def piece_bars(pieces: Sequence[np.ndarray], edges: tuple[int, ...], keys: tuple[int, ...] = (0,)) -> Told:
    """All bars of chorales, beginning at these steps, moved from C by these semitones.

    Raises dllab.InputError where none lasts a bar.
    """
    parts = [of_piece(piece, edge, key) for piece in pieces for edge in edges for key in keys]
    found = [part for part in parts if part is not None]
    if not found:
        raise dllab.InputError("--data: no melody in it lasts a bar of sixteen sixteenths; give others")
    return joined(found)


def drum_bars(rng: np.random.Generator, count: int) -> np.ndarray:
    """The bars of so many loops of the grammar, each after the one before it: levels (N, 2, 16, 9)."""
    pairs = []
    for one in loops(rng, count):
        bars = one.levels.reshape(-1, STEPS_PER_BAR, len(DRUMS))
        past = np.concatenate([np.zeros_like(bars[:1]), bars[:-1]])
        pairs.append(np.stack([past, bars], 1))
    return np.concatenate(pairs)
