"""JellyRun as a vector environment of Gymnasium."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from jellyrun import rules
from jellyrun.fleet import Fleet, Step
from jellyrun.kernel import layout as at
from jellyrun.settings import Settings, action_space, observation_space


class JellyRunVectorEnv(VectorEnv):
    """Games side by side in one compiled call.

    autoreset_mode: "NextStep" (as Gymnasium has it by default: the step after an end begins the next episode) or
    "SameStep" (the ending step returns what is first seen of the next one; `infos["final_obs"]` has the last).
    Other arguments as jellyrun.env.JellyRunEnv. `infos["score"]` is the game's score of each game.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012 - as in the class above

    def __init__(
        self,
        num_envs: int = 1,
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        render_mode: str | None = None,
        sequential: bool = False,
        **settings: Any,
    ) -> None:
        if render_mode is not None:
            raise ValueError(
                f"render_mode={render_mode!r}: many games are not shown; make a single one to render"
            )
        try:
            self.autoreset_mode = AutoresetMode(autoreset_mode)
        except ValueError as error:
            raise ValueError(f"autoreset_mode={autoreset_mode!r}: must be NextStep or SameStep") from error
        if self.autoreset_mode is AutoresetMode.DISABLED:
            raise ValueError("autoreset_mode='Disabled': must be NextStep or SameStep")
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.settings = Settings(**settings)
        self.fleet = Fleet(num_envs, self.settings, 0, sequential)
        self.num_envs = self.fleet.num_envs
        self.render_mode = None
        self._nobody = np.zeros(self.num_envs, dtype=bool)
        self.single_observation_space = observation_space(self.settings.observation)
        self.single_action_space = action_space()
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Begin every game. A seed makes the same levels come again; without one they go on where they were."""
        if seed is not None:
            self._np_random_seed = seed
            self.fleet.seed(seed)
        elif not self.fleet.rows[:, at.MAX_STEPS].any():
            self.fleet.seed(int(self.np_random.integers(2**31)))
        return self.fleet.reset(), self._info()

    def _info(self) -> dict[str, Any]:
        return {"score": self.fleet.rows[:, at.SCORE].copy(), "level": self.fleet.rows[:, at.LEVEL].copy()}

    def step(
        self, actions: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """A step of every game: (observations, rewards float32, terminated, truncated, infos).

        Raises ValueError for what is no action, gymnasium.error.ResetNeeded before the first reset.
        """
        is_same_step = self.autoreset_mode is AutoresetMode.SAME_STEP
        step = self.fleet.step(actions, at_once=is_same_step)
        infos: dict[str, Any] = {"score": step.scores}
        if not len(step.ended):
            return step.observations, step.rewards, self._nobody.copy(), self._nobody.copy(), infos
        if is_same_step:
            self._add_final(infos, step)
        truncated = step.endings == rules.TIME
        return step.observations, step.rewards, (step.endings != rules.GOING) & ~truncated, truncated, infos

    def _add_final(self, infos: dict[str, Any], step: Step) -> None:
        """final_obs and final_info of the games that ended, as Gymnasium's vector environments put them."""
        which = np.zeros(self.num_envs, dtype=bool)
        which[step.ended] = True
        observations = np.full(self.num_envs, None, dtype=object)
        levels = np.zeros(self.num_envs, dtype=np.int64)
        names = np.full(self.num_envs, None, dtype=object)
        levels[step.ended] = step.levels
        for i, seen in zip(step.ended, step.last, strict=True):
            observations[i], names[i] = seen, rules.ENDINGS[step.endings[i]]
        infos["final_obs"], infos["_final_obs"] = observations, which
        infos["final_info"] = {
            "score": step.scores * which, "_score": which, "level": levels, "_level": which,
            "ending": names, "_ending": which,
        }  # fmt: skip
        infos["_final_info"] = which
