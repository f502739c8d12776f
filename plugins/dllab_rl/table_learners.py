"""Learning by trying, in tables: Q-learning, SARSA and Monte Carlo control on a finite MDP, compiled.

Source: Sutton, Barto 2018, sections 6.4, 6.5 and 5.4. Where we differ: nothing in the updates; episodes that
take longer than `most_steps` are broken off and their last value bootstrapped, not taken as an end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from dllab_rl.mdps import Mdp

Q_LEARNING, SARSA, MONTE_CARLO = 0, 1, 2


@dataclass(frozen=True)
class Learned:
    """q: (num_states, num_actions); returns, lengths: of each episode, (num_episodes,); updates: how many."""

    q: np.ndarray
    returns: np.ndarray
    lengths: np.ndarray
    updates: int


class Learner:
    """A learner that goes on from one call of `learn` to the next.

    learning_rate, epsilon: (first, last), falling evenly over `episodes` in all. gamma: discount. seed: of
    its own generator, a counter, so that the same seed learns the same on every machine.
    """

    def __init__(
        self, mdp: Mdp, method: int, episodes: int, learning_rate: tuple[float, float],
        epsilon: tuple[float, float], gamma: float, most_steps: int, seed: int, initial: float = 0.0,
    ) -> None:  # fmt: skip
        self.mdp, self.method, self.episodes = mdp, method, episodes
        self.settings = (*learning_rate, *epsilon, gamma)
        self.most_steps = most_steps
        self.q = np.where(mdp.is_known, initial, 0.0)
        self.counts = np.zeros(self.q.shape, dtype=np.int64)
        self.random = np.array([seed % 2**62], dtype=np.uint64)
        self.done = 0
        order = np.lexsort((mdp.actions, mdp.states))
        pairs = (mdp.states * mdp.num_actions + mdp.actions)[order]
        self._first = np.searchsorted(pairs, np.arange(mdp.num_states * mdp.num_actions + 1))
        self._following, self._rewards = mdp.following[order], mdp.rewards[order]
        self._chances = _running(mdp.probs[order], self._first)
        # an action that is not known is not to be taken: ends that Gymnasium lists have none at all
        self._known = mdp.is_known

    def learn(self, episodes: int) -> Learned:
        """Learn from so many episodes more."""
        returns, lengths = np.zeros(episodes), np.zeros(episodes, dtype=np.int64)
        play(
            self.method, self.q, self.counts, self._known, self._first, self._chances, self._following,
            self._rewards, self.mdp.starts, self.random, self.done, self.episodes, self.settings,
            self.most_steps,
            returns, lengths,
        )  # fmt: skip
        self.done += episodes
        return Learned(self.q, returns, lengths, int(lengths.sum()))


def _running(probs: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Sums of the chances within each pair of state and action; the last of each is exactly 1."""
    sums = np.cumsum(probs)
    before = np.concatenate([[0.0], sums])[first[:-1]]
    sizes = np.diff(first)
    sums = sums - np.repeat(before, sizes)
    sums[first[1:][sizes > 0] - 1] = 1.0
    return sums


@njit(cache=True)
def draw(random):
    """A number in [0, 1) from a counter that is hashed (Steele, Lea, Flood 2014: SplitMix64)."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True)
def choose(q, known, state, epsilon, random):
    """Epsilon-greedily; of equally good actions each is as likely."""
    num_actions = q.shape[1]
    explores = draw(random) < epsilon
    best, ties, chosen = -np.inf, 0, 0
    for action in range(num_actions):
        if not known[state, action]:
            continue
        value = 0.0 if explores else q[state, action]
        if value > best:
            best, ties, chosen = value, 1, action
        elif value == best:
            ties += 1
            if draw(random) * ties < 1.0:
                chosen = action
    return chosen


@njit(cache=True)
def play(
    method, q, counts, known, first, chances, following, rewards, starts, random, done, episodes, settings,
    most_steps, returns, lengths,
):  # fmt: skip
    """Learn from len(returns) episodes; q and counts are changed in place."""
    num_states, num_actions = q.shape
    rate_0, rate_1, epsilon_0, epsilon_1, gamma = settings
    path_s, path_a = np.zeros(most_steps, np.int64), np.zeros(most_steps, np.int64)
    path_r = np.zeros(most_steps)
    for episode in range(len(returns)):
        part = min(1.0, (done + episode) / max(1, episodes - 1))
        rate, epsilon = rate_0 + (rate_1 - rate_0) * part, epsilon_0 + (epsilon_1 - epsilon_0) * part
        state = starts[int(draw(random) * len(starts))]
        action = choose(q, known, state, epsilon, random)
        total, steps = 0.0, 0
        while steps < most_steps and state < num_states:
            k = first[state * num_actions + action]
            chance = draw(random)
            while chances[k] <= chance:
                k += 1
            after, reward = following[k], rewards[k]
            total += reward
            path_s[steps], path_a[steps], path_r[steps] = state, action, reward
            steps += 1
            target = reward
            next_action = 0
            if after < num_states:
                next_action = choose(q, known, after, epsilon, random)
                if method == 1:
                    target += gamma * q[after, next_action]
                elif method == 0:
                    best = -np.inf
                    for other in range(num_actions):
                        if known[after, other]:
                            best = max(best, q[after, other])
                    target += gamma * best
            if method != 2:
                q[state, action] += rate * (target - q[state, action])
            # Q-learning chooses after it has learnt, SARSA goes on with what it has counted on
            state = after
            if method == 0 and after < num_states:
                next_action = choose(q, known, after, epsilon, random)
            action = next_action
        if method == 2:
            backwards(q, counts, path_s, path_a, path_r, steps, gamma, rate)
        returns[episode], lengths[episode] = total, steps


@njit(cache=True)
def backwards(q, counts, path_s, path_a, path_r, steps, gamma, rate):
    """First-visit Monte Carlo: each pair's mean return, where rate is 0; else a running one."""
    value = 0.0
    for i in range(steps - 1, -1, -1):
        value = path_r[i] + gamma * value
        s, a = path_s[i], path_a[i]
        seen = False
        for j in range(i):
            if path_s[j] == s and path_a[j] == a:
                seen = True
                break
        if not seen:
            counts[s, a] += 1
            q[s, a] += (value - q[s, a]) * max(rate, 1.0 / counts[s, a])


def walk(mdp: Mdp, q: np.ndarray, most: int = 500) -> list[int]:
    """The states that the greedy policy goes through from the first start, the likeliest way each time."""
    state, path = int(mdp.starts[0]), []
    known = mdp.is_known
    while state < mdp.num_states and len(path) < most:
        path.append(state)
        action = int(np.where(known[state], q[state], -np.inf).argmax())
        here = (mdp.states == state) & (mdp.actions == action)
        if not here.any():
            break
        state = int(mdp.following[here][mdp.probs[here].argmax()])
    return path


def greedy_value(mdp: Mdp, q: np.ndarray, gamma: float) -> float:
    """What the greedy policy of a table is really worth from the starts, by the exact equations."""
    from dllab_rl.mdps import evaluate_policy

    policy = np.zeros(q.shape)
    known = mdp.is_known
    able = np.flatnonzero(known.any(axis=1))
    policy[able, np.where(known, q, -np.inf)[able].argmax(axis=1)] = 1.0
    return float(evaluate_policy(mdp, policy, gamma)[mdp.starts].mean())
