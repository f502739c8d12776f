"""Bandits: learning which of several actions pays best, many games side by side.

Source: Sutton, Barto 2018, chapter 2; Auer, Cesa-Bianchi, Fischer 2002 (UCB1); Thompson 1933; Li, Chu,
Langford, Schapire 2010 (LinUCB). A player is handed the numbers of what it has tried and returns its choices;
nothing else tells it which arm is good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# (pulls (games, arms), mean rewards (games, arms), step, generator) to an arm for each game (games,)
Player = Callable[[np.ndarray, np.ndarray, int, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Played:
    """rewards: mean over games at each step (steps,); is_best: share of games that took the best arm
    (steps,); regret: mean over games of what was lost so far against always taking the best arm (steps,)."""

    rewards: np.ndarray
    is_best: np.ndarray
    regret: np.ndarray


def epsilon_greedy(epsilon: float) -> Player:
    """The best so far; a random arm with the chance epsilon. Equally good arms are drawn."""

    def choose(pulls: np.ndarray, means: np.ndarray, step: int, rng: np.random.Generator) -> np.ndarray:
        chosen = _best(means, rng)
        explores = rng.random(len(means)) < epsilon
        return np.where(explores, rng.integers(means.shape[1], size=len(means)), chosen)

    return choose


def ucb1() -> Player:
    """Each arm once; then the greatest of mean + sqrt(2 ln t / pulls). For rewards in [0, 1]."""

    def choose(pulls: np.ndarray, means: np.ndarray, step: int, rng: np.random.Generator) -> np.ndarray:
        if step < means.shape[1]:
            return np.full(len(means), step)
        return (means + np.sqrt(2 * np.log(step) / pulls)).argmax(axis=1)

    return choose


def thompson() -> Player:
    """The arm whose rate, drawn from what is believed of it, is greatest. Rewards 0 and 1, even prior."""

    def choose(pulls: np.ndarray, means: np.ndarray, step: int, rng: np.random.Generator) -> np.ndarray:
        wins = means * pulls
        return rng.beta(1 + wins, 1 + pulls - wins).argmax(axis=1)

    return choose


def _best(means: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The greatest of each row; among equals one by chance."""
    is_best = means == means.max(axis=1, keepdims=True)
    return np.where(is_best, rng.random(means.shape), -1).argmax(axis=1)


def play(player: Player, values: np.ndarray, is_click: bool, steps: int, rng: np.random.Generator) -> Played:
    """Play games whose arms have the mean rewards `values` (games, arms).

    Rewards are 1 with the arm's chance where is_click, else normal with deviation 1.
    """
    games = np.arange(len(values))
    pulls, means = np.zeros(values.shape), np.zeros(values.shape)
    best = values.max(axis=1)
    rewards, is_best, lost = (np.empty(steps) for _ in range(3))
    for step in range(steps):
        arm = player(pulls, means, step, rng)
        value = values[games, arm]
        reward = (rng.random(len(games)) < value).astype(float) if is_click else rng.normal(value)
        pulls[games, arm] += 1
        means[games, arm] += (reward - means[games, arm]) / pulls[games, arm]
        rewards[step], lost[step] = reward.mean(), (best - value).mean()
        is_best[step] = (value == best).mean()
    return Played(rewards, is_best, np.cumsum(lost))


def ucb1_bound(values: np.ndarray, steps: int) -> float:
    """What UCB1 loses at most, on average, in one game of the mean rewards `values` (arms,).

    Source: Auer et al. 2002, theorem 1: 8 sum(ln n / gap) + (1 + pi² / 3) sum(gap).
    """
    gaps = values.max() - values
    gaps = gaps[gaps > 0]
    return float(8 * np.log(steps) * (1 / gaps).sum() + (1 + np.pi**2 / 3) * gaps.sum())


def lai_robbins(values: np.ndarray, steps: int) -> float:
    """What any good player loses at least in the long run: ln n sum(gap / KL(value, best)).

    Source: Lai, Robbins 1985, for rewards of 0 and 1.
    """
    best = values.max()
    worse = values[values < best]
    apart = worse * np.log(worse / best) + (1 - worse) * np.log((1 - worse) / (1 - best))
    return float(np.log(steps) * ((best - worse) / apart).sum())


class LinearModel:
    """What is believed of each ad's clicks as a linear function of the visitor; one model for each game.

    inverse: (games, ads, features, features), of A = I + sum x xᵀ; b: (games, ads, features).
    """

    def __init__(self, games: int, ads: int, features: int) -> None:
        self.inverse = np.broadcast_to(np.eye(features), (games, ads, features, features)).copy()
        self.b = np.zeros((games, ads, features))

    def guess(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each ad's estimate for visitors (games, features), and how unsure it is, both (games, ads)."""
        ax = np.einsum("gast,gt->gas", self.inverse, x)
        means = np.einsum("gas,gas->ga", ax, self.b)  # thetaᵀ x = bᵀ A⁻¹ x
        return means, np.sqrt(np.einsum("gas,gs->ga", ax, x))

    def learn(self, arm: np.ndarray, x: np.ndarray, click: np.ndarray) -> None:
        """Take in one showing in each game, by the formula of Sherman and Morrison."""
        games = np.arange(len(x))
        v = np.einsum("gst,gt->gs", self.inverse[games, arm], x)
        scale = 1 + np.einsum("gs,gs->g", v, x)
        self.inverse[games, arm] -= np.einsum("gs,gt->gst", v, v) / scale[:, None, None]
        self.b[games, arm] += click[:, None] * x


def play_in_context(
    weights: np.ndarray, steps: int, rng: np.random.Generator, alpha: float, epsilon: float
) -> dict[str, np.ndarray]:
    """Ads whose chance of a click depends on the visitor: LinUCB; epsilon-greedy on the same linear model;
    and epsilon-greedy that looks at nobody.

    weights: (games, ads, features); a visitor is a vector of length 1, features >= 2; the chance is
    0.5 + 0.5 * weights · visitor, weights of length 1 at most. Returns each player's regret so far, (steps,).
    """
    games, ads, size = weights.shape
    every = np.arange(games)
    linear = {name: LinearModel(games, ads, size) for name in ("LinUCB", "linear epsilon-greedy")}
    pulls, means = np.zeros((games, ads)), np.zeros((games, ads))
    blind = epsilon_greedy(epsilon)
    lost = {name: np.empty(steps) for name in (*linear, "epsilon-greedy")}
    for step in range(steps):
        x = rng.normal(size=(games, size))
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        chance = 0.5 + 0.5 * np.einsum("gas,gs->ga", weights, x)
        luck = rng.random(games)  # the same for all players
        for name, model in linear.items():
            guess, unsure = model.guess(x)
            if name == "LinUCB":
                arm = (guess + alpha * unsure).argmax(axis=1)
            else:
                arm = np.where(rng.random(games) < epsilon, rng.integers(ads, size=games), _best(guess, rng))
            # around the mean: the model has no constant
            model.learn(arm, x, (luck < chance[every, arm]) - 0.5)
            lost[name][step] = (chance.max(axis=1) - chance[every, arm]).mean()
        arm = blind(pulls, means, step, rng)
        click = luck < chance[every, arm]
        pulls[every, arm] += 1
        means[every, arm] += (click - means[every, arm]) / pulls[every, arm]
        lost["epsilon-greedy"][step] = (chance.max(axis=1) - chance[every, arm]).mean()
    return {name: np.cumsum(each) for name, each in lost.items()}
