"""Finite Markov decision processes: what follows an action, how likely, and at what reward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Grid:
    """How the states of a gridworld lie: cells (rows, columns) with the state's number, -1 for a wall.

    marks: (rows, columns) of characters, as the world was written.
    """

    cells: np.ndarray
    marks: np.ndarray


@dataclass(frozen=True)
class Mdp:
    """A finite MDP as a list of transitions, n of them.

    states, actions, following: int64 (n,); probs, rewards: float64 (n,). following == num_states means that
    the episode ends. starts: int64, the states that an episode may begin in, each as likely. What an action
    that is in no transition leads to is not known, and it is never taken.
    """

    name: str
    num_states: int
    action_names: tuple[str, ...]
    states: np.ndarray
    actions: np.ndarray
    following: np.ndarray
    probs: np.ndarray
    rewards: np.ndarray
    starts: np.ndarray
    grid: Grid | None = field(default=None, compare=False)

    @property
    def num_actions(self) -> int:
        return len(self.action_names)

    @property
    def is_known(self) -> np.ndarray:
        """Which actions have a transition, bool (num_states, num_actions)."""
        known = np.zeros((self.num_states, self.num_actions), dtype=bool)
        known[self.states, self.actions] = True
        return known

    def q_values(self, values: np.ndarray, gamma: float) -> np.ndarray:
        """The one-step look-ahead, (num_states, num_actions): the mean of reward + gamma * value of what
        follows.

        values: (num_states,). -inf where an action is not known. Source: Sutton, Barto 2018, eq. 4.6.
        """
        beyond = np.append(values, 0.0)  # after the end nothing comes
        each = self.probs * (self.rewards + gamma * beyond[self.following])
        pairs = self.states * self.num_actions + self.actions
        sums = np.bincount(pairs, weights=each, minlength=self.num_states * self.num_actions)
        return np.where(self.is_known, sums.reshape(self.num_states, self.num_actions), -np.inf)


def from_table(
    name: str, table: Mapping[int, Mapping[int, Sequence[Any]]], starts: np.ndarray, **more: Any
) -> Mdp:
    """An MDP from Gymnasium's form: table[state][action] lists (probability, next state, reward, is_end).

    starts: the states that an episode may begin in, int64.
    """
    num_states = len(table)
    rows = [
        (state, action, num_states if ends else following, prob, reward)
        for state, actions in table.items()
        for action, outcomes in actions.items()
        for prob, following, reward, ends in outcomes
        if prob > 0
    ]
    states, actions, following, probs, rewards = (np.array(column) for column in zip(*rows, strict=True))
    names = more.pop("action_names", None) or tuple(str(i) for i in range(int(actions.max()) + 1))
    return Mdp(
        name, num_states, names, states.astype(np.int64), actions.astype(np.int64),
        following.astype(np.int64),
        probs.astype(float), rewards.astype(float), starts.astype(np.int64), **more,
    )  # fmt: skip


def value_iteration(
    mdp: Mdp, gamma: float, tolerance: float = 1e-11, most: int = 200_000
) -> list[np.ndarray]:
    """The values after each sweep, from zero on, until none changes by more than `tolerance`.

    Keeps the first 200 sweeps and the last. Source: Sutton, Barto 2018, section 4.4.
    """
    values = np.zeros(mdp.num_states)
    kept = [values]
    for sweep in range(most):
        better = _best(mdp.q_values(values, gamma))
        change = float(np.abs(better - values).max())
        values = better
        if sweep < 200:
            kept.append(values)
        if change <= tolerance:
            break
    return [*kept, values]


def _best(q_values: np.ndarray) -> np.ndarray:
    """The greatest of each row; 0 where no action is known: such a state is the end."""
    best = q_values.max(axis=1)
    return np.where(np.isfinite(best), best, 0.0)


def greedy(mdp: Mdp, values: np.ndarray, gamma: float) -> np.ndarray:
    """The best actions by one-step look-ahead, bool (num_states, num_actions): all that are within 1e-9."""
    q_values = mdp.q_values(values, gamma)
    return (q_values >= q_values.max(axis=1, keepdims=True) - 1e-9) & mdp.is_known


def evaluate_policy(mdp: Mdp, policy: np.ndarray, gamma: float) -> np.ndarray:
    """The values (num_states,) of a policy (num_states, num_actions) of probabilities, solved exactly.

    (I - gamma P) v = r, sparse. At gamma 1 a state from which play may go on for ever has the value 0 where
    all that is paid on and on is 0, else -inf: it has none. Source: Sutton, Barto 2018, eq. 4.4 at its fixed
    point.
    """
    from scipy.sparse import coo_array, identity
    from scipy.sparse.linalg import spsolve

    weight = policy[mdp.states, mdp.actions] * mdp.probs
    rewards = np.bincount(mdp.states, weights=weight * mdp.rewards, minlength=mdp.num_states)
    solved = np.ones(mdp.num_states, dtype=bool)
    values = np.zeros(mdp.num_states)
    if gamma >= 1:
        taken = weight > 0
        states, following = mdp.states[taken], mdp.following[taken]
        is_stuck = unending(mdp, taken)
        paid = np.zeros(mdp.num_states, dtype=bool)
        paid[states[mdp.rewards[taken] != 0]] = True
        worthless = _leads_to(states, following, is_stuck & paid)
        values[worthless] = -np.inf
        solved = ~(is_stuck | worthless)
    inside = (mdp.following < mdp.num_states) & solved[mdp.states]
    inside[inside] &= solved[mdp.following[inside]]
    number = np.cumsum(solved) - 1
    shape = (int(solved.sum()),) * 2
    pairs = number[mdp.states[inside]], number[mdp.following[inside]]
    if shape[0]:
        matrix = (identity(shape[0]) - gamma * coo_array((weight[inside], pairs), shape=shape)).tocsc()
        values[solved] = np.atleast_1d(spsolve(matrix, rewards[solved]))
    return values


def unending(mdp: Mdp, taken: np.ndarray | None = None) -> np.ndarray:
    """The states from which no end can be reached, bool (num_states,). taken: bool (n,), the transitions that
    count, all by default. A state without any transition is an end.
    """
    taken = np.ones(len(mdp.states), dtype=bool) if taken is None else taken
    states, following = mdp.states[taken], mdp.following[taken]
    ends = np.ones(mdp.num_states, dtype=bool)
    ends[states] = False
    ends[states[following == mdp.num_states]] = True
    return ~_leads_to(states, following, ends)


def _leads_to(states: np.ndarray, following: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """The goals, and the states from which one of them may be reached, bool (num_states,)."""
    reached = np.append(goals, False)
    while True:
        more = reached.copy()
        more[states[reached[following]]] = True
        more[-1] = False
        if (more == reached).all():
            return reached[:-1]
        reached = more


def evenly(mdp: Mdp, chosen: np.ndarray | None = None) -> np.ndarray:
    """A policy that takes each of the chosen actions (bool, all known ones by default) as often."""
    chosen = mdp.is_known if chosen is None else chosen
    return chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1)


def policy_iteration(mdp: Mdp, gamma: float, most: int = 1000) -> list[np.ndarray]:
    """The values of each policy in turn, beginning with the one that takes every action as often.

    Each next policy is greedy to the values of the one before, until the values no longer rise. Source:
    Sutton, Barto 2018, section 4.3.
    """
    values = evaluate_policy(mdp, evenly(mdp), gamma)
    kept = [values]
    for _ in range(most):
        better = evaluate_policy(mdp, _one_each(greedy(mdp, values, gamma)), gamma)
        if not np.isfinite(better).all():  # a policy that goes round in circles: mix all equally good actions
            better = evaluate_policy(mdp, evenly(mdp, greedy(mdp, values, gamma)), gamma)
        kept.append(better)
        if np.abs(better - values).max() <= 1e-12 * max(1.0, float(np.abs(values).max())):
            break
        values = better
    return kept


def _one_each(chosen: np.ndarray) -> np.ndarray:
    """The first of the chosen actions of each state, as probabilities."""
    policy = np.zeros(chosen.shape)
    has_any = np.flatnonzero(chosen.any(axis=1))
    policy[has_any, chosen[has_any].argmax(axis=1)] = 1.0
    return policy


def simulate(
    mdp: Mdp, policy: np.ndarray, gamma: float, episodes: int, rng: np.random.Generator
) -> np.ndarray:
    """Discounted returns (episodes,) of a policy of probabilities, all episodes side by side.

    Each goes on until it ends or what is still to come counts for less than 1e-6 (10,000 steps at gamma 1).
    """
    most = 10_000 if gamma >= 1 else int(np.ceil(np.log(1e-6) / np.log(gamma)))
    order = np.lexsort((mdp.actions, mdp.states))
    weight = (policy[mdp.states, mdp.actions] * mdp.probs)[order]
    states, following, rewards = mdp.states[order], mdp.following[order], mdp.rewards[order]
    total = np.cumsum(weight)
    first = np.searchsorted(states, np.arange(mdp.num_states))
    before = np.concatenate([[0.0], total])[first]  # (num_states,): the weight of all states before
    own = np.bincount(states, weights=weight, minlength=mdp.num_states)
    at = rng.choice(mdp.starts, size=episodes)
    returns, discount, alive = np.zeros(episodes), 1.0, np.arange(episodes)
    for _ in range(most):
        here = at[alive]
        drawn = np.searchsorted(total, before[here] + rng.random(len(alive)) * own[here], side="right")
        drawn = np.minimum(drawn, len(total) - 1)
        returns[alive] += discount * rewards[drawn]
        at[alive] = following[drawn]
        alive = alive[at[alive] < mdp.num_states]
        discount *= gamma
        if not len(alive):
            break
    return returns
