"""Agents that learn nothing: chance, doing nothing, and those that an environment brings itself."""

from __future__ import annotations

from typing import Any

import numpy as np

import dllab


class RandomAgent:
    """Draws every action evenly; its draws come from the seed of reset."""

    name = algorithm = "random"
    observation: str | None = None
    env_id: str | None = None

    def __init__(self) -> None:
        self._space: Any = None

    def attach(self, env: Any) -> None:
        self._space = env.action_space

    def reset(self, seed: int | None = None) -> None:
        self._space.seed(seed)

    def act(self, observation: Any) -> Any:
        action = self._space.sample()
        return int(action) if np.ndim(action) == 0 else action

    def probabilities(self, observation: Any) -> np.ndarray | None:
        count = int(getattr(self._space, "n", 0))
        return np.full(count, 1 / count) if count else None


class NoOpAgent:
    """Always action 0, which on JellyRun is to run on; zeros where actions are numbers."""

    name = algorithm = "no-op"
    observation: str | None = None
    env_id: str | None = None

    def __init__(self) -> None:
        self._action: Any = 0

    def attach(self, env: Any) -> None:
        shape = env.action_space.shape
        self._action = np.zeros(shape, env.action_space.dtype) if shape else 0

    def reset(self, seed: int | None = None) -> None:
        """Nothing to forget."""

    def act(self, observation: Any) -> Any:
        return self._action


class BroughtAgent:
    """An agent that the environment makes itself, by a method of `env.unwrapped`; it sees the whole game."""

    observation: str | None = None

    def __init__(self, name: str, method: str, env_id: str) -> None:
        self.name, self.algorithm, self.env_id = name, method, env_id
        self._method = method
        self._agent: Any = None

    def attach(self, env: Any) -> None:
        """Raises dllab.InputError for an environment that brings no such agent."""
        make = getattr(env.unwrapped, self._method, None)
        if make is None:
            shown = env.spec.id if env.spec is not None else type(env.unwrapped).__name__
            raise dllab.InputError(f"the agent {self.name} knows {self.env_id} only, and not {shown}")
        self._agent = make()

    def reset(self, seed: int | None = None) -> None:
        if hasattr(self._agent, "reset"):
            self._agent.reset()

    def act(self, observation: Any) -> int:
        return int(self._agent.act(observation))
