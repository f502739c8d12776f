"""JellyRun as a VecEnv of stable-baselines3, without a dictionary for each game and step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from jellyrun import rules
from jellyrun.fleet import Fleet
from jellyrun.kernel import layout as at
from jellyrun.settings import Settings, action_space, observation_space


class JellyRunSB3VecEnv(VecEnv):
    """Games side by side; the i-th plays what the i-th would play in any number of games with that seed.

    infos: one empty dictionary for all games that go on, not to be written to; where one ended, its
    "terminal_observation", "TimeLimit.truncated", "episode" (r, l, t), "score", "level" and "ending".
    """

    metadata = {"render_modes": []}  # noqa: RUF012 - as in the class above

    def __init__(self, num_envs: int, settings: Settings, seed: int = 0, sequential: bool = False) -> None:
        self.fleet = Fleet(num_envs, settings, seed, sequential)
        self.render_mode = None
        super().__init__(self.fleet.num_envs, observation_space(settings.observation), action_space())
        self._nothing: dict[str, Any] = {}
        self._infos = [self._nothing] * self.num_envs
        self._returns = np.zeros(self.num_envs)
        self._nobody = np.zeros(self.num_envs, dtype=bool)
        self._actions: Any = None

    def reset(self) -> np.ndarray:
        """Begin anew; the seeds that `seed` has set take effect."""
        if self._seeds[0] is not None:
            self.fleet.seed(self._seeds[0])
        self._reset_seeds()
        self._returns[:] = 0
        return self.fleet.reset()

    def step_async(self, actions: np.ndarray) -> None:
        """Remember the actions."""
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        """(observations, rewards, dones, infos); of games that ended the observations are those of the next.

        Raises ValueError for what is no action, gymnasium.error.ResetNeeded before the first reset.
        """
        step = self.fleet.step(self._actions, at_once=True)
        self._returns += step.rewards
        if not len(step.ended):
            return step.observations, step.rewards, self._nobody.copy(), self._infos
        infos = self._infos.copy()
        for number, i in enumerate(step.ended.tolist()):
            infos[i] = {
                "terminal_observation": step.last[number],
                "TimeLimit.truncated": bool(step.endings[i] == rules.TIME),
                "episode": {"r": float(self._returns[i]), "l": int(step.lengths[number]), "t": 0.0},
                "score": int(step.scores[i]),
                "level": int(step.levels[number]),
                "ending": rules.ENDINGS[step.endings[i]],
            }
        self._returns[step.ended] = 0
        return step.observations, step.rewards, step.endings != 0, infos

    def get_state(self) -> dict[str, Any]:
        """All that it takes to go on from here, as arrays and numbers."""
        return {
            "rows": self.fleet.rows.copy(),
            "returns": self._returns.copy(),
            "seed": self.fleet.seed_number,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Go on from there. Raises ValueError for the state of another number of games."""
        rows = np.asarray(state["rows"], dtype=np.int32)
        if rows.shape != self.fleet.rows.shape:
            raise ValueError(f"a state of shape {rows.shape}: these games need {self.fleet.rows.shape}")
        self.fleet.rows[:] = rows
        self._returns[:] = state["returns"]
        self.fleet.seed_number = int(state["seed"])
        self._reset_seeds()

    def observe(self) -> np.ndarray:
        """What is seen now, (num_envs, ...)."""
        return self.fleet.see()

    def scores(self) -> np.ndarray:
        """The scores so far, (num_envs,)."""
        return self.fleet.rows[:, at.SCORE].copy()

    def close(self) -> None:
        """There is nothing to close."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """The attribute of this object, once for each index: the games have none of their own."""
        return [getattr(self, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Raises AttributeError: the games have no attributes of their own."""
        raise AttributeError(f"set_attr({attr_name!r}): these games have no attributes of their own")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        """Raises AttributeError: the games have no methods of their own."""
        raise AttributeError(f"env_method({method_name!r}): these games have no methods of their own")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """Nothing is wrapped."""
        indices = [indices] if isinstance(indices, int) else indices
        return [False for _ in (indices if isinstance(indices, Iterable) else range(self.num_envs))]
