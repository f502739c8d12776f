"""What every face of the game is made with, checked in one place; and its spaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from gymnasium import spaces

from jellyrun import rules
from jellyrun.kernel import batch, pictures, tables_view, views
from jellyrun.levels import Level, LevelError, parse_level, read_level

ENDLESS = 2**31  # how many levels a split has
OBSERVATIONS = ("state", "grid", "pixels", "discrete")


@dataclass(frozen=True)
class Settings:
    """Which levels are played and what is seen of them.

    Raises ValueError, in one line, for a value that is none of those it may have.
    """

    observation: str = "state"
    difficulty: str = "easy"
    split: str = "train"
    start_level: int = 0
    num_levels: int | None = None  # None: all that come after
    max_steps: int = rules.MAX_STEPS
    level: Level | str | Path | None = None
    given_row: np.ndarray | None = field(default=None, init=False, compare=False)

    def __post_init__(self) -> None:
        for name, value, known in (
            ("observation", self.observation, OBSERVATIONS),
            ("difficulty", self.difficulty, rules.DIFFICULTIES),
            ("split", self.split, rules.SPLITS),
        ):
            if value not in known:
                raise ValueError(f"{name}={value!r}: must be one of {', '.join(known)}")
        _check_number("start_level", self.start_level, 0, ENDLESS - 1)
        if self.num_levels is not None:
            _check_number("num_levels", self.num_levels, 1, ENDLESS - self.start_level)
        _check_number("max_steps", self.max_steps, 1, 1_000_000)
        if self.level is not None:
            level = load_level(self.level)
            object.__setattr__(self, "level", level)
            object.__setattr__(self, "difficulty", level.difficulty)
            object.__setattr__(self, "given_row", level.row())

    @property
    def count(self) -> int:
        """How many levels there are to play."""
        return ENDLESS - self.start_level if self.num_levels is None else self.num_levels

    @property
    def split_number(self) -> int:
        """As the kernel knows it."""
        return rules.GIVEN if self.given_row is not None else rules.SPLITS.index(self.split)

    @property
    def difficulty_number(self) -> int:
        """As the kernel knows it."""
        return rules.DIFFICULTIES.index(self.difficulty)


def _check_number(name: str, value: object, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not least <= value <= most:
        raise ValueError(f"{name}={value!r}: must be a whole number from {least} to {most}")


def load_level(level: Level | str | Path) -> Level:
    """A level as such, from its text (which has more than one line), or from a file. Raises LevelError."""
    if isinstance(level, Level):
        return level
    if isinstance(level, str) and "\n" in level:
        return parse_level(level)
    if isinstance(level, str | Path):
        return read_level(level)
    raise LevelError(f"level={level!r:.60}: must be a Level, the text of one, or the path of such a text")


def observation_space(kind: str) -> spaces.Space:
    """The space of what is seen of one game."""
    if kind == "state":
        return spaces.Box(-1.0, 1.0, (views.STATE_NUMBERS,), np.float32)
    if kind == "grid":
        shape = (len(pictures.GRID_PLANES), pictures.GRID_ROWS, pictures.GRID_COLUMNS)
        return spaces.Box(0, 255, shape, np.uint8)
    if kind == "pixels":
        return spaces.Box(0, 255, (pictures.PIXEL_ROWS, pictures.PIXEL_COLUMNS, 3), np.uint8)
    return spaces.Discrete(tables_view.DISCRETE_STATES)


def action_space() -> spaces.Discrete:
    """Run, jump, slide."""
    return spaces.Discrete(len(rules.ACTION_NAMES))


SEE_ALL = {
    "state": batch.see_state_all,
    "grid": batch.see_grid_all,
    "pixels": batch.see_pixels_all,
    "discrete": batch.see_discrete_all,
}


def see(rows: np.ndarray, kind: str) -> np.ndarray:
    """What is seen of each game of `rows` (n, ROW): a new array (n, ...)."""
    space = observation_space(kind)
    out = np.empty((len(rows), *space.shape), dtype=space.dtype)
    SEE_ALL[kind](rows, out)
    return out
