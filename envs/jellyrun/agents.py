"""Agents that know the rules: one with rules of thumb, one that plans. They act in one game.

Each is given the row of that game (jellyrun.kernel.layout), which changes as it goes on, and never writes to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from jellyrun.kernel import layout as at
from jellyrun.kernel import scripted, search


class HeuristicAgent:
    """Jumps when something stands or gapes close ahead, slides under what hangs; sees no sweets, never jumps twice."""

    def __init__(self, row: np.ndarray) -> None:
        self._row = row

    def reset(self) -> None:
        """Nothing to forget."""

    def act(self, observation: Any = None) -> int:
        """The action for the present moment of the game; the observation is not looked at."""
        return int(scripted.heuristic_action(self._row, self._row))


class PlannerAgent:
    """Plans to the level's end by trying out what would happen, and follows the plan while it holds.

    quota: how many ways are kept open of each kind (jellyrun.kernel.search); more plan better and slower.
    """

    def __init__(self, row: np.ndarray, quota: int = 2) -> None:
        if isinstance(quota, bool) or not isinstance(quota, int) or not 1 <= quota <= 64:
            raise ValueError(f"quota={quota!r}: must be a whole number from 1 to 64")
        self._row = row
        self._quota = quota
        self.reset()

    def reset(self) -> None:
        """Forget the plan."""
        self._actions = np.empty(0, dtype=np.int8)
        self._expected = np.empty((0, len(search.SHADOWED)), dtype=np.int32)
        self._next = 0
        self.is_reaching_end = False

    def act(self, observation: Any = None) -> int:
        """The action for the present moment of the game; the observation is not looked at.

        Plans anew when the game is not where the plan expects it: at the start, or after somebody else has played.
        """
        if self._next >= len(self._actions) or not search.still_holds(self._row, self._expected[self._next]):
            self._plan()
        if self._next >= len(self._actions):
            return 0  # every way dies at once
        self._next += 1
        return int(self._actions[self._next - 1])

    def _plan(self) -> None:
        row = self._row
        actions = np.empty(max(int(row[at.MAX_STEPS] - row[at.STEP]), 1), dtype=np.int8)
        count, _, self.is_reaching_end = search.plan(row, self._quota, actions)
        self._actions, self._next = actions[:count].copy(), 0
        self._expected = np.empty((count, len(search.SHADOWED)), dtype=np.int32)
        search.shadow(row, self._actions, count, self._expected)
