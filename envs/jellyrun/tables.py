"""Learning in tables on the game: Q-learning, SARSA, Monte Carlo, and counts of what follows what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jellyrun import rules
from jellyrun.kernel import layout as at
from jellyrun.kernel import learners
from jellyrun.kernel.tables_view import DISCRETE_STATES
from jellyrun.settings import Settings

KEPT_SCORES = 100_000  # of a call
RECORDED_AT_ONCE = 1_000_000  # steps


@dataclass(frozen=True)
class Learned:
    """What a call of a learner did. scores: of the finished episodes, in order, at most the last KEPT_SCORES."""

    updates: int
    episodes: int
    scores: np.ndarray


@dataclass(frozen=True)
class TransitionCounts:
    """Transitions that were seen, each once. following == num_states: the episode ended there.

    rewards: the mean over all times that a transition was seen.
    """

    states: np.ndarray
    actions: np.ndarray
    following: np.ndarray
    counts: np.ndarray
    rewards: np.ndarray


class Tables:
    """Tabular learners on the `discrete` view. A q table is float64 (num_states, num_actions), changed in place.

    The game goes on between calls: learning 10 steps and then 10, with begin=10 and the same seed, is learning 20 at a
    time where epsilon and the learning rate stay as they are.
    """

    num_states = DISCRETE_STATES
    num_actions = len(rules.ACTION_NAMES)

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._numbers = (
            settings.split_number, settings.difficulty_number, settings.start_level, settings.count, settings.max_steps,
        )  # fmt: skip
        self._row = np.zeros(at.ROW, dtype=np.int32)

    def new_table(self, value: float = 0.0) -> np.ndarray:
        """A table that is `value` everywhere."""
        return np.full((self.num_states, self.num_actions), float(value))

    def q_learning(
        self, q: np.ndarray, updates: int, learning_rate: float | tuple[float, float] = 0.1, discount: float = 0.99,
        epsilon: float | tuple[float, float] = 0.05, seed: int = 0, begin: int = 0,
    ) -> Learned:  # fmt: skip
        """`updates` steps of Q-learning. learning_rate, epsilon: a value, or (first, last) to go evenly between.

        Raises ValueError for a table of another shape or type.
        """
        return self._learn(q, False, updates, learning_rate, discount, epsilon, seed, begin)

    def sarsa(
        self, q: np.ndarray, updates: int, learning_rate: float | tuple[float, float] = 0.1, discount: float = 0.99,
        epsilon: float | tuple[float, float] = 0.05, seed: int = 0, begin: int = 0,
    ) -> Learned:  # fmt: skip
        """`updates` steps of SARSA; the arguments are those of q_learning."""
        return self._learn(q, True, updates, learning_rate, discount, epsilon, seed, begin)

    def _learn(
        self, q: np.ndarray, is_sarsa: bool, updates: int, learning_rate: float | tuple[float, float],
        discount: float, epsilon: float | tuple[float, float], seed: int, begin: int,
    ) -> Learned:  # fmt: skip
        self._check(q)
        self._begin(seed, begin)
        scores = np.zeros(min(KEPT_SCORES, max(updates, 1)), dtype=np.int64)
        episodes = learners.learn(
            q, self._row, is_sarsa, begin, begin + updates, _pair(learning_rate), float(discount), _pair(epsilon),
            seed % 2**62, self._numbers, scores,
        )  # fmt: skip
        kept = np.roll(scores, -(episodes % len(scores))) if episodes > len(scores) else scores[:episodes]
        return Learned(updates, int(episodes), kept)

    def monte_carlo(
        self, q: np.ndarray, counts: np.ndarray, episodes: int, discount: float = 0.99, epsilon: float = 0.05,
        learning_rate: float = 0.0, seed: int = 0, begin: int = 0,
    ) -> Learned:  # fmt: skip
        """Whole episodes of on-policy first-visit Monte Carlo. counts: int64 like q, changed in place.

        learning_rate: the least weight of a new return (0: the mean of all). begin: steps taken in earlier calls.
        """
        self._check(q)
        if counts.shape != q.shape or counts.dtype != np.int64:
            raise ValueError(f"counts of shape {counts.shape}, {counts.dtype}: must be {q.shape}, int64")
        if begin == 0:
            self._row[at.EPISODE] = 0
        self._put_level()
        scores = np.zeros(episodes, dtype=np.int64)
        steps = learners.monte_carlo(
            q, counts, self._row, episodes, float(discount), float(epsilon), float(learning_rate), seed % 2**62,
            self._numbers, scores, begin,
        )  # fmt: skip
        self._row[at.ENDING] = rules.FINISHED  # the next call begins an episode
        return Learned(int(steps), episodes, scores)

    def transitions(
        self, q: np.ndarray | None, steps: int, epsilon: float = 1.0, seed: int = 0, begin: int = 0
    ) -> TransitionCounts:
        """Play `steps` steps epsilon-greedily after q (None: by chance alone), and count what followed what."""
        if q is None:
            q, epsilon = self.new_table(), 1.0
        self._check(q)
        self._begin(seed, begin)
        keys = np.empty(0, dtype=np.int64)
        counts, totals = np.empty(0, dtype=np.int64), np.empty(0)
        for first in range(begin, begin + steps, RECORDED_AT_ONCE):
            count = min(RECORDED_AT_ONCE, begin + steps - first)
            columns = [np.empty(count, dtype=np.int64) for _ in range(3)]
            rewards = np.empty(count)
            learners.record(
                q,
                self._row,
                first,
                first + count,
                float(epsilon),
                seed % 2**62,
                self._numbers,
                *columns,
                rewards,
            )
            s, action, following = columns
            seen = (s * self.num_actions + action) * (self.num_states + 1) + following
            keys, place = np.unique(np.concatenate([keys, seen]), return_inverse=True)
            totals = np.bincount(place, weights=np.concatenate([totals, rewards]))
            counts = np.bincount(place, weights=np.concatenate([counts, np.ones(count)])).astype(np.int64)
        pairs, following = np.divmod(keys, self.num_states + 1)
        return TransitionCounts(*np.divmod(pairs, self.num_actions), following, counts, totals / counts)

    def evaluate(
        self, q: np.ndarray, levels: Sequence[int] | np.ndarray, split: str | None = None
    ) -> np.ndarray:
        """The score of the table's best actions on each level, int64. split: of these settings where None."""
        self._check(q)
        levels = np.asarray(levels, dtype=np.int64)
        scores, lengths = np.zeros_like(levels), np.zeros_like(levels)
        numbers = self._numbers
        if split is not None:
            if split not in rules.SPLITS:
                raise ValueError(f"split={split!r}: must be one of {', '.join(rules.SPLITS)}")
            numbers = (rules.SPLITS.index(split), *numbers[1:])
        row = self._row.copy()
        learners.evaluate(q, row, levels, numbers, scores, lengths)
        return scores

    def _begin(self, seed: int, begin: int) -> None:
        if begin == 0:
            self._row[at.EPISODE] = 0
        self._put_level()
        if begin == 0 or self._row[at.MAX_STEPS] == 0 or self._row[at.ENDING] != rules.GOING:
            learners.restart(self._row, seed % 2**62, self._numbers)

    def _put_level(self) -> None:
        if self.settings.given_row is not None and self._row[at.LENGTH] == 0:
            self._row[:] = self.settings.given_row

    def _check(self, q: np.ndarray) -> None:
        shape = (self.num_states, self.num_actions)
        if (
            not isinstance(q, np.ndarray)
            or q.shape != shape
            or q.dtype != np.float64
            or not q.flags.c_contiguous
        ):
            found = f"{getattr(q, 'shape', type(q).__name__)}, {getattr(q, 'dtype', '')}"
            raise ValueError(f"a table of {found}: must be a contiguous array of {shape}, float64")


def _pair(value: float | tuple[float, float]) -> tuple[float, float]:
    first, last = value if isinstance(value, tuple) else (value, value)
    return float(first), float(last)
