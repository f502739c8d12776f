"""Agents that look up what to do in a table, and their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import dllab

FORMAT = "rl/q-table"
JELLYRUN = "jellyrun:jellyrun/JellyRun-v0"


class QTableAgent:
    """Takes the action with the greatest value in the observation's row; observations are whole numbers."""

    def __init__(self, q: np.ndarray, about: dict[str, str]) -> None:
        self.q = q  # (num_states, num_actions)
        self.algorithm = about.get("algorithm", "q-learning")
        self.name = self.algorithm
        self.env_id: str | None = about.get("environment") or None
        self.env_args: dict[str, Any] = json.loads(about.get("environment_args", "{}"))
        self.observation: str | None = about.get("observation") or None

    def attach(self, env: Any) -> None:
        """Raises dllab.InputError for an environment of other observations or actions."""
        found = tuple(int(getattr(space, "n", 0)) for space in (env.observation_space, env.action_space))
        if found != self.q.shape:
            raise dllab.InputError(
                f"the agent {self.name} has {self.q.shape[0]} states and {self.q.shape[1]} actions, and "
                f"this environment has {found[0] or 'no'} states and {found[1] or 'no'} actions to number"
            )

    def reset(self, seed: int | None = None) -> None:
        """Nothing to forget."""

    def act(self, observation: Any) -> int:
        return int(self.q[int(observation)].argmax())

    def act_batch(self, observations: Any) -> np.ndarray:
        """The action of each of (n,) observations."""
        return self.q[np.asarray(observations, dtype=np.int64)].argmax(axis=1)

    def value(self, observation: Any) -> float:
        """The value of the best action."""
        return float(self.q[int(observation)].max())

    def probabilities(self, observation: Any) -> np.ndarray:
        """How much better the actions are than each other, as shares; for showing only."""
        row = self.q[int(observation)].astype(float)
        scaled = np.exp(np.clip((row - row.max()) * 3, -30, 0))
        return scaled / scaled.sum()


def metadata(algorithm: str, env_id: str, observation: str, env_args: dict[str, Any]) -> dict[str, str]:
    """What an agent's file says of it beside the tensor `q`."""
    return {
        "agent": FORMAT, "algorithm": algorithm, "environment": env_id, "observation": observation,
        "environment_args": json.dumps(env_args, sort_keys=True),
    }  # fmt: skip


def read_q_table(path: Path) -> QTableAgent:
    """The agent in a file of the format FORMAT. Raises dllab.InputError for a table that can be none."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            about = file.metadata() or {}
            q = file.get_tensor("q")
    except (SafetensorError, OSError) as error:
        raise dllab.InputError(
            f"{path.name} holds no table of values ({str(error).splitlines()[0]})"
        ) from error
    if q.ndim != 2 or 0 in q.shape or not np.isfinite(q).all():
        raise dllab.InputError(
            f"{path.name}: its table of shape {q.shape} must be states x actions, and finite"
        )
    return QTableAgent(q, about)
