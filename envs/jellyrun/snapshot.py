"""The game as a picture needs it: plain numbers and lists, read from a row and never written back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.levels import items_of, obstacles_of

SEEN_BEHIND, SEEN_AHEAD = 128, 560  # px around the player


@dataclass(frozen=True)
class Snapshot:
    """One moment of a game. Positions in px, y up from the ground's surface; speeds in px per step."""

    x: float  # the player's centre
    y: float  # the feet
    vy: float
    speed: float
    step: int
    score: int
    energy: float  # 0 to 1
    combo: int  # items in a row without a hit
    on_ground: bool
    sliding: bool
    jumps_left: int
    jump_held: bool
    falling: bool
    invulnerable: int  # steps left, as the next three
    giant: int
    magnet: int
    dash: int
    progress: float  # 0 to 1
    distance: int  # columns
    level: int  # -1: a level from a text
    split: str
    difficulty: str
    seed_name: str  # such as easy/train/17
    length: int
    ending: str | None
    obstacles: np.ndarray  # (n, 4) of x0, x1, kind, broken
    items: np.ndarray  # (m, 3) of x, y, kind
    attracted: np.ndarray  # (k, 3): taken in the last step, where they hung
    events: list[tuple[str, float, float]]  # of the last step: name, x, y
    hitbox: tuple[float, float, float, float]  # x0, y0, x1, y1


def snapshot_of(row: np.ndarray, name: str | None = None) -> Snapshot:
    """The moment that a row holds. name: what a level from a text is called."""
    state = row[: at.STATE_SIZE].tolist()
    x, y = state[at.X] / rules.FP, state[at.Y] / rules.FP
    is_given = state[at.SPLIT] == rules.GIVEN
    difficulty = rules.DIFFICULTIES[state[at.DIFFICULTY]]
    split = "given" if is_given else rules.SPLITS[state[at.SPLIT]]
    items, taken_now = _items(row, state, x)
    return Snapshot(
        x=x, y=y, vy=state[at.VY] / rules.FP, speed=state[at.SPEED] / rules.FP,
        step=state[at.STEP], score=state[at.SCORE], energy=state[at.ENERGY] / rules.MAX_ENERGY, combo=state[at.COMBO],
        on_ground=bool(state[at.GROUNDED]), sliding=bool(state[at.SLIDING]), jumps_left=state[at.JUMPS],
        jump_held=bool(state[at.HELD]), falling=bool(state[at.FALLING]),
        invulnerable=state[at.INVULNERABLE], giant=state[at.GIANT], magnet=state[at.MAGNET], dash=state[at.DASH],
        progress=min(x / state[at.LENGTH], 1.0), distance=int(x) // rules.TILE,
        level=state[at.LEVEL], split=split, difficulty=difficulty,
        seed_name=(name or "level") if is_given else f"{difficulty}/{split}/{state[at.LEVEL]}",
        length=state[at.LENGTH], ending=rules.ENDINGS[state[at.ENDING]],
        obstacles=_obstacles(row, state, x), items=items, attracted=taken_now,
        events=_events(state, taken_now, x, y), hitbox=hitbox_of(state),
    )  # fmt: skip


def hitbox_of(state: list[int]) -> tuple[float, float, float, float]:
    """The player's body: x0, y0, x1, y1."""
    size = 2 if state[at.GIANT] > 0 else 1
    half = rules.BODY_HALF_WIDTH * size
    height = (rules.SLIDE_HEIGHT if state[at.SLIDING] else rules.BODY_HEIGHT) * size
    x, y = state[at.X] / rules.FP, state[at.Y] / rules.FP
    return x - half, y, x + half, y + height


def _obstacles(row: np.ndarray, state: list[int], x: float) -> np.ndarray:
    obstacles = obstacles_of(row)
    broken = np.zeros(len(obstacles), dtype=np.int64)
    for k in range(31):
        if state[at.BROKEN] >> k & 1:
            broken[state[at.OBSTACLE] + k] = 1
    seen = (obstacles[:, 1] > x - SEEN_BEHIND) & (obstacles[:, 0] < x + SEEN_AHEAD)
    return np.concatenate([obstacles, broken[:, None]], axis=1)[seen]


def _items(row: np.ndarray, state: list[int], x: float) -> tuple[np.ndarray, np.ndarray]:
    """(those in view that are still there, those that were taken in the last step).

    What lies further behind than the rules remember may have been taken; it is left out.
    """
    items = items_of(row)
    there = np.arange(len(items)) >= state[at.ITEM]
    now = np.zeros(len(items), dtype=bool)
    for k in range(31):
        if state[at.TAKEN] >> k & 1:
            there[state[at.ITEM] + k] = False
        if state[at.TAKEN_NOW] >> k & 1:
            now[state[at.ITEM] + k] = True
    return items[there & (items[:, 0] < x + SEEN_AHEAD)], items[now]


def _events(state: list[int], taken: np.ndarray, x: float, y: float) -> list[tuple[str, float, float]]:
    events = [(name, x, y) for k, name in enumerate(rules.EVENTS) if state[at.EVENTS] >> k & 1]
    events += [(f"collected:{rules.ITEM_NAMES[kind]}", float(ix), float(iy)) for ix, iy, kind in taken]
    return events
