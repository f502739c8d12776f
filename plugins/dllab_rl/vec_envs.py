"""Many environments in one step for stable-baselines3, whose state can be kept and taken up again."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv

from dllab_rl.environments import Task


class Tape(gymnasium.Wrapper):
    """Remembers how its episode began and what was done in it, so that the episode can be played again.

    Gymnasium has no way to save an environment; but one whose chance all comes from `np_random` goes the
    same way again from the same generator with the same actions.
    """

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._began: dict[str, Any] = {}
        self._actions: list[Any] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        state = None if seed is not None else self.unwrapped.np_random.bit_generator.state
        self._began = {"seed": seed, "generator": state}
        self._actions = []
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        self._actions.append(action)
        return self.env.step(action)

    def state(self) -> dict[str, Any]:
        """The beginning and the actions so far, for a checkpoint."""
        return {**self._began, "actions": np.array(self._actions)}

    def play_again(self, state: dict[str, Any]) -> Any:
        """Come to where `state` was taken. Returns the observation there."""
        if state["seed"] is None:
            self.env.reset(seed=0)
            self.unwrapped.np_random.bit_generator.state = state["generator"]
            observation, _ = self.reset()
        else:
            observation, _ = self.reset(seed=state["seed"])
        for action in state["actions"]:
            observation = self.step(action)[0]
        return observation


class GymnasiumVecEnv(DummyVecEnv):
    """Gymnasium environments one after another, each a Tape; `infos` has an "episode" where one ended.

    An episode's "score" is its return. Actions of a Discrete space are handed on as integers.
    """

    def __init__(self, task: Task, num_envs: int) -> None:
        super().__init__([lambda: Tape(task.make()) for _ in range(num_envs)])
        self._returns = np.zeros(num_envs)
        self._lengths = np.zeros(num_envs, dtype=np.int64)

    def reset(self) -> Any:
        self._returns[:] = 0
        self._lengths[:] = 0
        return super().reset()

    def step_wait(self) -> Any:
        """As DummyVecEnv, without its deep copies of all that is in the infos."""
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        for i, env in enumerate(self.envs):
            observation, reward, terminated, truncated, _ = env.step(self.actions[i])
            self.buf_rews[i] = reward
            self.buf_dones[i] = terminated or truncated
            self._returns[i] += float(reward)
            self._lengths[i] += 1
            if self.buf_dones[i]:
                episode = {"r": self._returns[i], "l": int(self._lengths[i]), "t": 0.0}
                infos[i] = {
                    "terminal_observation": observation,
                    "TimeLimit.truncated": truncated and not terminated,
                    "episode": episode,
                    "score": episode["r"],
                }
                self._returns[i], self._lengths[i] = 0.0, 0
                observation, _ = env.reset()
            self._save_obs(i, observation)
        return self._obs_from_buf(), self.buf_rews.copy(), self.buf_dones.copy(), infos

    def get_state(self) -> dict[str, Any]:
        """All that it takes to go on from here."""
        tapes = [env.state() for env in self.envs]
        return {"tapes": tapes, "returns": self._returns.copy(), "lengths": self._lengths.copy()}

    def set_state(self, state: dict[str, Any]) -> None:
        """Go on from there: every environment plays its episode again up to where it was."""
        for i, (env, tape) in enumerate(zip(self.envs, state["tapes"], strict=True)):
            self._save_obs(i, env.play_again(tape))
        self._returns, self._lengths = state["returns"].copy(), state["lengths"].copy()
        self._reset_seeds()

    def observe(self) -> np.ndarray:
        """The observations here, (num_envs, ...)."""
        return self._obs_from_buf()


def make_vec_env(task: Task, num_envs: int, **levels: Any) -> VecEnv:
    """The environments of a task side by side: the game's own where it has one, else one after another.

    levels: which to play (split, start_level, num_levels, sequential), of a task that has them.
    """
    if not task.has_levels:
        return GymnasiumVecEnv(task, num_envs)
    env = task.make()
    try:
        return env.unwrapped.sb3_vec_env(
            num_envs, observation=task.observation, **{**task.args, **task.levels, **levels}
        )
    finally:
        env.close()
