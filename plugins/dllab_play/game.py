"""A game in progress, without a window: the environment, who drives it, and what has happened so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dllab_play.games import is_jellyrun, replays_of

Actor = Callable[[Any], Any]  # from an observation to an action


@dataclass
class Thought:
    """What an agent thinks of the moment, as far as it says: probs (n_actions,), value of what is to come."""

    probs: np.ndarray | None = None
    value: float | None = None


@dataclass
class Game:
    """One environment. snapshot and previous: of JellyRun, of this step and the one before; else None.

    actions: since the reset; drivers: who has chosen them, "person" or an agent's name.
    """

    env: Any
    seed: int = 0
    level: int | None = None
    snapshot: Any = None
    previous: Any = None
    observation: Any = None
    actions: list[int] = field(default_factory=list)
    drivers: set[str] = field(default_factory=set)
    total: float = 0.0
    steps: int = 0
    is_over: bool = False
    episodes: int = 0

    @property
    def is_jellyrun(self) -> bool:
        return is_jellyrun(self.env)

    def begin(self) -> None:
        """Start an episode: JellyRun's at `level`, another's with the next seed."""
        if self.is_jellyrun:
            options = None if self.level is None else {"level": self.level}
            self.observation, _ = self.env.reset(seed=self.seed, options=options)
            self.snapshot, self.previous = self.env.unwrapped.snapshot(), None
        else:
            self.observation, _ = self.env.reset(seed=self.seed + self.episodes)
        self.actions, self.drivers = [], set()
        self.total, self.steps, self.is_over = 0.0, 0, False

    def step(self, action: Any, driver: str) -> None:
        """One step. An episode that is over does not move."""
        if self.is_over:
            return
        self.observation, reward, terminated, truncated, _ = self.env.step(action)
        self.drivers.add(driver)
        self.total += float(reward)
        self.steps += 1
        if self.is_jellyrun:
            self.actions.append(int(action))
            self.previous, self.snapshot = self.snapshot, self.env.unwrapped.snapshot()
        self.is_over = bool(terminated or truncated)
        self.episodes += self.is_over

    @property
    def score(self) -> float:
        return float(self.snapshot.score) if self.snapshot is not None else self.total

    def replay(self, player: str) -> Any:
        """What has happened so far, as a replay of JellyRun."""
        return replays_of(self.env).record(self.env, self.actions, player)

    def close(self) -> None:
        self.env.close()


class Ghost:
    """Another runner on the same level, step by step beside the game: a recorded one or an agent."""

    def __init__(self, name: str, env: Any, actions: Sequence[int] | None = None, agent: Any = None) -> None:
        self.name, self.agent, self.recorded = name, agent, actions
        self.game = Game(env)

    def begin(self, level: int | None) -> None:
        self.game.level = level
        self.game.begin()
        reset_agent(self.agent)

    def step(self) -> None:
        """The next step; one whose game or recording is over stands still."""
        if self.game.is_over:
            return
        if self.recorded is None:
            self.game.step(self.agent.act(self.game.observation), self.name)
        elif self.game.steps < len(self.recorded):
            self.game.step(int(self.recorded[self.game.steps]), self.name)

    @property
    def pair(self) -> tuple[Any, Any]:
        return self.game.snapshot, self.game.previous


def think(agent: Any, observation: Any) -> Thought:
    """Probabilities and value of the moment, where the agent tells them."""
    probs = getattr(agent, "probabilities", None)
    value = getattr(agent, "value", None)
    told = probs(observation) if callable(probs) else None
    worth = value(observation) if callable(value) else None
    return Thought(
        None if told is None else np.asarray(told, float).ravel(), None if worth is None else float(worth)
    )


def reset_agent(agent: Any) -> None:
    if hasattr(agent, "reset"):
        agent.reset()
