"""Drum loops that are there from the first minute: typed here, stiff as a machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dllab_music.songs import Song

VELOCITY = 96  # of every stroke: these loops are stiff on purpose

# Name, what it is, Korean, tempo, and one bar after the other: General MIDI drum -> sixteen signs a bar.
LOOPS = (
    (
        "rock-beat", "four bars of rock, stiff as a machine", "기계처럼 뻣뻣한 록 네 마디", 112,
        {36: ("x.......x.x.....",) * 3 + ("x.......x.x.....",),
         38: ("....x.......x...",) * 3 + ("....x.......x.xx",),
         42: ("x.x.x.x.x.x.x.x.",) * 3 + ("x.x.x.x.x.x.....",)},
    ),
    (
        "funk-beat", "four bars of funk, stiff as a machine", "기계처럼 뻣뻣한 펑크 네 마디", 100,
        {36: ("x..x......x..x..", "x..x......x.....") * 2,
         38: ("....x..x.x..x..x", "....x..x.x..x...") * 2,
         42: ("x.xxx.xxx.xxx.x.",) * 4,
         46: ("..............x.",) * 4},
    ),
    (
        "house-beat", "four bars of house, stiff as a machine", "기계처럼 뻣뻣한 하우스 네 마디", 124,
        {36: ("x...x...x...x...",) * 4,
         38: ("....x.......x...",) * 3 + ("....x.......x..x",),
         46: ("..x...x...x...x.",) * 4},
    ),
    (
        "bossa-beat", "four bars of bossa nova, stiff as a machine", "기계처럼 뻣뻣한 보사노바 네 마디", 128,
        {36: ("x..xx..xx..xx..x",) * 4,
         37: ("x..x..x...x..x..", "..x...x..x..x...") * 2,
         42: ("x.x.x.x.x.x.x.x.",) * 4},
    ),
)  # fmt: skip


def _loop(tempo_bpm: float, parts: dict[int, tuple[str, ...]]) -> Song:
    from dllab_music.songs import Note, Song

    notes = [
        Note(4.0 * bar + step / 4, pitch, 0.2, VELOCITY, 0, True)
        for pitch, bars in parts.items()
        for bar, signs in enumerate(bars)
        for step, sign in enumerate(signs)
        if sign != "."
    ]
    return Song(tuple(notes), ((0.0, float(tempo_bpm)),), length=16.0)


DRUM_SONGS: tuple[tuple[str, str, str, Callable[[], Song]], ...] = tuple(
    (name, summary, ko, partial(_loop, tempo, parts)) for name, summary, ko, tempo, parts in LOOPS
)
