"""A grammar of drum patterns: loops in nine styles, from rules and chance alone, no recording behind.

A style is a choice of patterns for each drum; a loop takes one of each, fills in what its pattern leaves
open, repeats the bar with small changes and ends in a fill. Then it is played: strokes get a velocity and a
place beside the grid, as a player's arms and habits would have it. All figures are common knowledge of
drummers (a back-beat on two and four, the ride's swing, the clave of the bossa); none is measured on
anybody's files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

DRUMS = ("kick", "snare", "hat", "open hat", "low tom", "mid tom", "high tom", "crash", "ride")
KICK, SNARE, HAT, OPEN_HAT, LOW_TOM, MID_TOM, HIGH_TOM, CRASH, RIDE = range(len(DRUMS))
STEPS_PER_BEAT, STEPS_PER_BAR = 4, 16
SILENT, GHOST, STROKE, ACCENT = range(4)  # levels
NUM_LEVELS = 4
LEVEL_VELOCITY = (0.0, 42.0, 82.0, 110.0)  # of each level, on average
# What a sign of a pattern stands for: the chance of a stroke, and its level.
SIGNS: Mapping[str, tuple[float, int]] = {
    ".": (0.0, SILENT), "o": (1.0, GHOST), "x": (1.0, STROKE), "X": (1.0, ACCENT),
    ",": (0.35, GHOST), "?": (0.35, STROKE), "!": (0.35, ACCENT),
}  # fmt: skip
KEPT = 0.88  # chance that an open place is played as in the bar before
CRASH_CHANCE, FILL_CHANCE, OWN_CHANCE = 0.5, 0.75, 0.4
FILLS = (
    ("............xxXX", SNARE), ("............S.ST", 0), ("........S.SSTTLL", 0), ("........S.S.T.L.", 0),
    ("..........SSTTLL", 0), ("........SSSSMMLL", 0), ("............KSKS", 0), ("............S.SS", 0),
)  # fmt: skip
FILL_SIGNS = {"S": SNARE, "T": HIGH_TOM, "M": MID_TOM, "L": LOW_TOM, "K": KICK}


@dataclass(frozen=True)
class Style:
    """How one style is played.

    patterns: for each drum that it uses, the patterns to choose from, sixteen signs a bar. tempo_bpm:
    lowest and highest. swing: how far every second sixteenth (or eighth, where swings is 8) comes late, 0
    even, 1 as the last of three. lag: how far the snare lies behind, sixteenths. tightness: deviation of a
    stroke's place from where it is meant, sixteenths. has_toms: whether its fills go over the toms.
    """

    patterns: Mapping[int, tuple[str, ...]]
    tempo_bpm: tuple[int, int]
    swing: float = 0.0
    swings: int = 16
    lag: float = 0.03
    tightness: float = 0.05
    has_toms: bool = True


STYLES: Mapping[str, Style] = {
    "rock": Style(
        {
            KICK: ("X.......X.?.....", "X.....x.X.......", "X..?....X.x.....", "X.x.....x.X..?.."),
            SNARE: ("....X.......X...", "....X..,....X..,"),
            HAT: ("x.x.x.x.x.x.x.x.", "X.x.X.x.X.x.X.x.", "X...X...X...X..."),
        },
        (96, 144),
    ),
    "funk": Style(
        {
            KICK: ("X..x..?...x..?..", "X.x....x..X.....", "X..?..x...x..x..", "X......x.xx....?"),
            SNARE: ("....X..o.o..X..o", "....X..,.o.,X...", ".,..X..o,..oX.,."),
            HAT: ("XxxxXxxxXxxxXxxx", "X.xxX.xxX.xxX.xx", "X.x.X.x.X.x.X.x."),
            OPEN_HAT: ("................", "..............?.", "......?........."),
        },
        (88, 116), swing=0.12, lag=0.05,
    ),
    "bossa": Style(
        {
            KICK: ("X..xX..xX..xX..x", "X..xx..xX..xx..x"),
            SNARE: ("X..x..x...x..x..", "..x...x..x..x..x", "X..x..x...x..x.,"),
            HAT: ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo"),
        },
        (112, 148), lag=0.0, has_toms=False,
    ),
    "swing": Style(
        {
            KICK: ("o...o...o...o...", "x.......?.....,.", "........,.....?."),
            SNARE: ("......,.....,...", "..,...,.......!.", "......o.......?."),
            HAT: ("....x.......x...",),
            RIDE: ("X...X.x.X...X.x.", "X...X.x.X...X.?.", "X...X.x.X.?.X.x."),
        },
        (120, 200), swing=0.9, swings=8, lag=-0.02, tightness=0.07,
    ),
    "shuffle": Style(
        {
            KICK: ("X.......X.....?.", "X.....x.X.......", "X.x...?.X.x....."),
            SNARE: ("....X.......X...", "..o.X.o...o.X.o."),
            HAT: ("X.x.X.x.X.x.X.x.",),
            RIDE: ("................", "................", "X.x.X.x.X.x.X.x."),
        },
        (92, 132), swing=1.0, swings=8, lag=0.04,
    ),
    "house": Style(
        {
            KICK: ("X...X...X...X...", "X...X...X...X..?"),
            SNARE: ("....X.......X...", "....X.......X..,", "....X..?....X..."),
            HAT: ("xoxoxoxoxoxoxoxo", "x.o.x.o.x.o.x.o.", "................"),
            OPEN_HAT: ("..x...x...x...x.", "..X...X...X...X."),
        },
        (118, 130), lag=0.0, tightness=0.02, has_toms=False,
    ),
    "hiphop": Style(
        {
            KICK: ("X......x..X.....", "X.x....?..X..?..", "X..x...x..x....?", "X.....?.x.X....."),
            SNARE: ("....X.......X...", "....X.......X..,"),
            HAT: ("x.x.x.x.x.x.x.x.", "x.xxx.x.x.x.x.xx", "X.x?X.x?X.x?X.x?"),
            OPEN_HAT: ("................", "......?.......?."),
        },
        (76, 98), swing=0.35, lag=0.1, tightness=0.06, has_toms=False,
    ),
    "ballad": Style(
        {
            KICK: ("X.......X.......", "X.......x.?.....", "X.....?.X......."),
            SNARE: ("....X.......X...", "........X.......", "....x.......X..."),
            HAT: ("x.o.x.o.x.o.x.o.", "x...x...x...x...", "x.x.x.x.x.x.x.x."),
            RIDE: ("................", "................", "X.x.X.x.X.x.X.x."),
        },
        (58, 82), lag=0.04, tightness=0.04,
    ),
    "march": Style(
        {
            KICK: ("X.......X.......", "X...?...X...?..."),
            SNARE: ("X.xxX.x.X.xxX.x.", "X.oox.ooX.oox.oo", "X...x.xxX.x.x.xx", "x.xxX.xxx.xxX.?."),
            CRASH: ("................", "................", "x.......x......."),
        },
        (104, 124), lag=0.0, tightness=0.03, has_toms=False,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class DrumLoop:
    """A loop on the grid of sixteenths.

    levels: (num_steps, 9) int, 0 to 3; velocities: (num_steps, 9) float, 1 to 127 where there is a stroke;
    offsets: (num_steps, 9), how far behind the grid a stroke falls, in sixteenths (negative: ahead).
    """

    levels: np.ndarray
    velocities: np.ndarray
    offsets: np.ndarray
    style: str
    tempo_bpm: float


def loop(rng: np.random.Generator, style: str, bars: int = 4) -> DrumLoop:
    """A loop in a style of STYLES: bars that repeat with small changes, mostly with a fill at the end."""
    rule = STYLES[style]
    choice = {
        drum: _own(rng, drum, patterns[rng.integers(len(patterns))])
        for drum, patterns in rule.patterns.items()
    }
    bar = _bar(rng, choice, None)
    written = [bar]
    for _ in range(bars - 1):
        written.append(_bar(rng, choice, written[-1]))
    if bars > 1 and rng.random() < FILL_CHANCE:
        _fill(rng, written[-1], rule.has_toms)
    levels = np.concatenate(written)
    if CRASH not in choice and rng.random() < CRASH_CHANCE:
        levels[0, CRASH] = ACCENT
        levels[0, [HAT, RIDE, OPEN_HAT]] = SILENT
    levels[levels[:, OPEN_HAT] > 0, HAT] = SILENT  # one pair of cymbals
    velocities, offsets = played(rng, levels, rule)
    return DrumLoop(levels, velocities, offsets, style, float(rng.integers(*rule.tempo_bpm, endpoint=True)))


def _own(rng: np.random.Generator, drum: int, pattern: str) -> str:
    """A pattern with what is a player's own: up to two more strokes of the kick, or ghosts of the snare."""
    added = {KICK: "x", SNARE: "o"}.get(drum)
    for _ in range(2):
        step = int(rng.integers(STEPS_PER_BAR))
        if added and step % 4 and pattern[step] == "." and rng.random() < OWN_CHANCE:
            pattern = pattern[:step] + added + pattern[step + 1 :]
    return pattern


def _bar(rng: np.random.Generator, choice: Mapping[int, str], before: np.ndarray | None) -> np.ndarray:
    """One bar (16, 9) of levels; open places are mostly played as in the bar before."""
    bar = np.zeros((STEPS_PER_BAR, len(DRUMS)), dtype=np.int64)
    for drum, pattern in choice.items():
        for step, sign in enumerate(pattern):
            chance, level = SIGNS[sign]
            is_open = 0 < chance < 1
            if is_open and before is not None and rng.random() < KEPT:
                bar[step, drum] = before[step, drum]
            elif chance == 1 or (is_open and rng.random() < chance):
                bar[step, drum] = level
    return bar


def _fill(rng: np.random.Generator, bar: np.ndarray, has_toms: bool) -> None:
    """Write a fill over the end of a bar; without toms, all of it on the snare."""
    pattern, drum = FILLS[rng.integers(len(FILLS))]
    start = len(pattern) - len(pattern.lstrip("."))
    bar[start:, [SNARE, HAT, OPEN_HAT, RIDE]] = SILENT
    for step, sign in enumerate(pattern):
        if sign != ".":
            where = FILL_SIGNS.get(sign, drum)
            if where in (LOW_TOM, MID_TOM, HIGH_TOM) and not has_toms:
                where = SNARE
            bar[step, where] = ACCENT if sign == "X" or step in (12, 15) else STROKE


def played(rng: np.random.Generator, levels: np.ndarray, rule: Style) -> tuple[np.ndarray, np.ndarray]:
    """Velocities and offsets (num_steps, 9) of a player in a style; 0 where there is no stroke.

    The velocity follows the level and the place in the bar; the place follows the swing, the drum's lag, a
    slow drift of the player and each arm's own unrest (normal deviates of rule.tightness sixteenths).
    """
    num_steps = len(levels)
    place = np.arange(num_steps) % STEPS_PER_BAR
    base = np.array(LEVEL_VELOCITY)[levels]
    weight = np.where(place % 4 == 0, 4.0, np.where(place % 2 == 0, 0.0, -5.0))[:, None]
    arm = rng.normal(0, 3, len(DRUMS))  # how hard this player strikes each drum
    velocities = base + weight + arm + rng.normal(0, 5.5, levels.shape)
    late = swung(place, rule)[:, None] + np.array([0.0, rule.lag, -0.02, -0.02, 0.0, 0.0, 0.0, 0.0, -0.02])
    drift, step = np.zeros(num_steps), 0.0
    for i in range(num_steps):
        step = 0.9 * step + rng.normal(0, 0.4 * rule.tightness)
        drift[i] = step
    offsets = late + drift[:, None] + rng.normal(0, rule.tightness, levels.shape)
    is_stroke = levels > 0
    return (
        np.where(is_stroke, np.clip(velocities, 8, 127), 0.0),
        np.where(is_stroke, np.clip(offsets, -0.45, 0.9), 0.0),
    )


def swung(place: np.ndarray, rule: Style) -> np.ndarray:
    """How late the swing brings each step of a bar, sixteenths: 0.67 of an eighth's two at the most."""
    if rule.swings == 8:  # the second eighth of a beat moves from 1/2 to 2/3 of it; its neighbours with it
        return np.array([0.0, 1 / 3, 2 / 3, 1 / 3])[place % 4] * rule.swing
    return np.where(place % 2 == 1, rule.swing / 3, 0.0)


def loops(rng: np.random.Generator, count: int, bars: int = 4) -> list[DrumLoop]:
    """So many loops, the styles in turn."""
    names = tuple(STYLES)
    return [loop(rng, names[i % len(names)], bars) for i in range(count)]
