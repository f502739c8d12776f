"""How good an agent is: episodes on given levels or seeds, and figures with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dllab_rl.environments import Task

MOST_AT_ONCE = 1024  # games side by side
RESAMPLES = 2000  # of the bootstrap


@dataclass(frozen=True)
class Episodes:
    """What episodes came to, one entry for each: the score that is reported, the return, the steps."""

    scores: np.ndarray
    returns: np.ndarray
    lengths: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)


def play(
    agent: Any,
    task: Task,
    episodes: int,
    *,
    first: int = 0,
    split: str = "test",
    after: Callable[[int], object] = lambda done: None,
) -> Episodes:
    """Play whole episodes with the agent's best actions.

    On a task with levels, episode i is level first + i of the split, once each; elsewhere it begins with
    the seed first + i. after: called with how many episodes are over, as they end.
    Raises dllab.InputError when the agent was made for other observations or actions.
    """
    if task.has_levels and hasattr(agent, "act_batch"):
        return _play_together(agent, task, episodes, first, split, after)
    return _play_in_turn(agent, task, episodes, first, split, after)


def _play_together(
    agent: Any, task: Task, episodes: int, first: int, split: str, after: Callable[[int], object]
) -> Episodes:
    from dllab_rl.vec_envs import make_vec_env

    _check(agent, task)
    parts = []
    for begin in range(0, episodes, MOST_AT_ONCE):
        count = min(MOST_AT_ONCE, episodes - begin)
        levels = {"split": split, "start_level": first + begin, "num_levels": count, "sequential": True}
        envs = make_vec_env(task, count, **levels)
        results = np.zeros((3, count))
        going = np.ones(count, dtype=bool)
        observations = envs.reset()
        while going.any():
            observations, _, dones, infos = envs.step(agent.act_batch(observations))
            for i in np.flatnonzero(dones & going):
                episode = infos[i]["episode"]
                results[:, i] = infos[i]["score"], episode["r"], episode["l"]
                going[i] = False
            after(begin + count - int(going.sum()))
        envs.close()
        parts.append(results)
    return Episodes(*np.concatenate(parts, axis=1))


def _check(agent: Any, task: Task) -> None:
    env = task.make()
    try:
        if hasattr(agent, "attach"):
            agent.attach(env)
    finally:
        env.close()


def _play_in_turn(
    agent: Any, task: Task, episodes: int, first: int, split: str, after: Callable[[int], object]
) -> Episodes:
    env = task.make(**({"split": split} if task.has_levels else {}))
    results = np.zeros((3, episodes))
    try:
        if hasattr(agent, "attach"):
            agent.attach(env)
        for i in range(episodes):
            results[:, i] = play_episode(agent, env, task, first + i)
            after(i + 1)
    finally:
        env.close()
    return Episodes(*results)


def play_episode(
    agent: Any, env: Any, task: Task, number: int, each: Callable[[Any], object] = lambda env: None
) -> tuple[float, float, int]:
    """One episode: level or seed `number`. each: called before every step and at the end.

    Returns (score, return, length).
    """
    start = {"options": {"level": number}} if task.has_levels else {}
    observation, info = env.reset(seed=number, **start)
    if hasattr(agent, "reset"):
        agent.reset(seed=number)
    total, length, is_over = 0.0, 0, False
    while not is_over:
        each(env)
        observation, reward, terminated, truncated, info = env.step(agent.act(observation))
        total += float(reward)
        length += 1
        is_over = bool(terminated or truncated)
    each(env)
    return float(info["score"]) if task.has_levels else total, total, length


def interquartile_mean(values: np.ndarray) -> float:
    """The mean of the middle half; a quarter is cut off at each end (Agarwal et al. 2021, section 4.3)."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    cut = len(ordered) // 4
    return float(ordered[cut : len(ordered) - cut].mean())


def bootstrap_interval(
    values: np.ndarray,
    rng: np.random.Generator,
    figure: Callable[[np.ndarray], float] = lambda values: float(values.mean()),
    coverage: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of a figure of the values (Efron 1979): (low, high)."""
    values = np.asarray(values, dtype=np.float64)
    draws = values[rng.integers(0, len(values), size=(RESAMPLES, len(values)))]
    figures = [figure(draw) for draw in draws]
    low, high = np.quantile(figures, [(1 - coverage) / 2, (1 + coverage) / 2])
    return float(low), float(high)
