"""Many games that step together: what the vector environments of both libraries stand on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from gymnasium.error import ResetNeeded

from jellyrun import rules
from jellyrun.kernel import batch
from jellyrun.kernel import layout as at
from jellyrun.settings import SEE_ALL, Settings, observation_space


class Step(NamedTuple):
    """What a step of every game came to: one entry for a game, the last four of those that ended."""

    observations: np.ndarray
    rewards: np.ndarray  # float32
    endings: np.ndarray  # int8, of rules.ENDINGS; 0 while a game goes on
    scores: np.ndarray  # int64; of a game that ended, its last
    ended: np.ndarray  # int64 (m,): the numbers of those that ended, m of them
    levels: np.ndarray  # (m,): which level they played
    lengths: np.ndarray  # (m,): in how many steps
    last: np.ndarray  # (m, ...): what they saw at their end


class Fleet:
    """`num_envs` games of the same settings. The seed and an environment's number choose its levels.

    is_sequential: environment i plays level start_level + i, and num_envs further on in each later episode,
    from the start again when the levels are used up; else levels are drawn. A reset begins later episodes too.
    """

    def __init__(self, num_envs: int, settings: Settings, seed: int = 0, is_sequential: bool = False) -> None:
        if isinstance(num_envs, bool) or not isinstance(num_envs, int | np.integer) or num_envs < 1:
            raise ValueError(f"num_envs={num_envs!r}: must be a whole number of at least 1")
        self.settings = settings
        self.num_envs = int(num_envs)
        self.rows = np.zeros((num_envs, at.ROW), dtype=np.int32)
        if settings.given_row is not None:
            self.rows[:] = settings.given_row
        self.is_sequential = is_sequential
        self.waiting = np.zeros(num_envs, dtype=bool)  # games that ended and begin anew in the next step
        self.seed(seed)
        space = observation_space(settings.observation)
        self._shape, self._dtype = (self.num_envs, *space.shape), space.dtype
        self._see = SEE_ALL[settings.observation]
        self._everyone = np.arange(self.num_envs)
        self._nobody = np.zeros(self.num_envs, dtype=bool)
        self._ended = np.empty(self.num_envs, dtype=np.int64)

    def seed(self, seed: int) -> None:
        """Begin the sequence of levels that belongs to a seed, at the next reset."""
        self.seed_number = int(seed) % 2**63
        self.rows[:, at.EPISODE] = 0

    @property
    def _choice(self) -> tuple[Any, ...]:
        """How the kernel chooses and starts levels."""
        settings = self.settings
        return (
            self.seed_number, settings.split_number, settings.difficulty_number, settings.start_level, settings.count,
            self.is_sequential, settings.max_steps,
        )  # fmt: skip

    def see(self) -> np.ndarray:
        """What is seen of every game now: a new array (num_envs, ...)."""
        out = np.empty(self._shape, dtype=self._dtype)
        self._see(self.rows, out)
        return out

    def reset(self) -> np.ndarray:
        """Begin the next episode of every game; returns what is seen."""
        batch.start_some(self.rows, self._everyone, *self._choice)
        self.waiting = self._nobody
        return self.see()

    def step(self, actions: np.ndarray, at_once: bool) -> Step:
        """A step of every game. One that ends begins anew at once, or else in the next step in place of playing.

        actions: whole numbers (num_envs,). Raises ValueError for other actions, ResetNeeded before the first reset.
        """
        actions = self._checked(actions)
        waiting = self.waiting
        if waiting.any():
            batch.start_some(self.rows, np.flatnonzero(waiting), *self._choice)
        n = self.num_envs
        rewards, endings, scores = np.empty(n, np.float32), np.empty(n, np.int8), np.empty(n, np.int64)
        count = batch.advance_all(self.rows, actions, rewards, endings, scores, waiting, self._ended)
        seen = self.see()
        ended = self._ended[:count].copy()
        levels, lengths, last = self.rows[ended, at.LEVEL], self.rows[ended, at.STEP], seen[ended]
        self.waiting = self._nobody
        if count and at_once:
            batch.start_some(self.rows, ended, *self._choice)
            begun = np.empty_like(last)
            self._see(self.rows[ended], begun)
            seen[ended] = begun
        elif count:
            self.waiting = endings != rules.GOING
        return Step(seen, rewards, endings, scores, ended, levels, lengths, last)

    def _checked(self, actions: Any) -> np.ndarray:
        if self.rows[0, at.MAX_STEPS] == 0:
            raise ResetNeeded("step() before reset(): call reset() first")
        array = np.asarray(actions)
        if array.shape != (self.num_envs,) or array.dtype.kind not in "iu":
            raise ValueError(
                f"actions of shape {array.shape} and type {array.dtype}: must be {self.num_envs} whole numbers"
            )
        array = np.ascontiguousarray(array, dtype=np.int64)
        wrong = batch.first_wrong(array)
        if wrong >= 0:
            raise ValueError(f"action {array[wrong]}: must be 0 (run), 1 (jump) or 2 (slide)")
        return array
