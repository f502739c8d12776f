"""A small level to try one rule on, and ways to play it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from jellyrun.env import JellyRunEnv

COLUMNS = 60
RUN, JUMP, SLIDE = 0, 1, 2


def level_text(
    cells: dict[tuple[int, int], str] | None = None, difficulty: str = "easy", columns: int = COLUMNS
) -> str:
    """A flat level with letters at (column, row above the ground; -1 is the ground)."""
    rows = [["."] * columns for _ in range(10)]
    ground = ["#"] * columns
    for (column, height), letter in (cells or {}).items():
        (ground if height < 0 else rows[height])[column] = letter
    lines = ["".join(row) for row in [*reversed(rows), ground]]
    return "\n".join([f"difficulty: {difficulty}", "---", *lines, ""])


@pytest.fixture
def make_game() -> Callable[..., JellyRunEnv]:
    """A game at the start of a flat level with these cells."""

    def make(
        cells: dict[tuple[int, int], str] | None = None, difficulty: str = "easy", **settings: int
    ) -> JellyRunEnv:
        env = JellyRunEnv(level=level_text(cells, difficulty, settings.pop("columns", COLUMNS)), **settings)
        env.reset(seed=0)
        return env

    return make


@pytest.fixture
def play() -> Callable[[JellyRunEnv, Sequence[int]], list]:
    """Play these actions; returns the snapshot after each, to the end of the game."""

    def go(env: JellyRunEnv, actions: Sequence[int]) -> list:
        moments = []
        for action in actions:
            _, _, terminated, truncated, _ = env.step(action)
            moments.append(env.snapshot())
            if terminated or truncated:
                break
        return moments

    return go
