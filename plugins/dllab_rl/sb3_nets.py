"""The nets of stable-baselines3 as the tensors and facts of an agent's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from dllab_rl.environments import Task
from dllab_rl.spaces import SpaceFacts

STRIDES = (4, 2, 1)  # of the net for pictures, Mnih et al. 2015
# Which parts of a state dictionary, in order, make up each chain.
PARTS = {
    "ppo": {
        "features": ("features_extractor.cnn", "features_extractor.linear"),
        "policy": ("mlp_extractor.policy_net", "action_net"),
        "value": ("mlp_extractor.value_net", "value_net"),
    },
    "dqn": {
        "features": ("q_net.features_extractor.cnn", "q_net.features_extractor.linear"),
        "policy": ("q_net.q_net",),
    },
}
PARTS["a2c"] = PARTS["ppo"]


def chains(state: Mapping[str, Any], algorithm: str) -> dict[str, np.ndarray]:
    """The layers of a policy's state dictionary as "CHAIN.N.weight" and "CHAIN.N.bias"."""
    tensors: dict[str, np.ndarray] = {}
    for chain, parts in PARTS[algorithm].items():
        number = 0
        for part in parts:
            for module in _modules(state, part):
                for leaf in ("weight", "bias"):
                    tensors[f"{chain}.{number}.{leaf}"] = state[f"{module}.{leaf}"].detach().cpu().numpy()
                number += 1
    return tensors


def _modules(state: Mapping[str, Any], part: str) -> list[str]:
    """The modules with weights of a part, in the order in which they are computed."""
    if f"{part}.weight" in state:
        return [part]
    pattern = re.compile(re.escape(part) + r"\.(\d+)\.weight")
    found = [match for match in map(pattern.fullmatch, state) if match]
    return [f"{part}.{match[1]}" for match in sorted(found, key=lambda match: int(match[1]))]


def facts(
    task: Task,
    spaces: tuple[SpaceFacts, SpaceFacts],
    *,
    algorithm: str,
    activation: str,
    timesteps: int,
) -> dict[str, Any]:
    """What an agent's file says beside the tensors: see dllab_rl.policy.Policy."""
    observations, actions = spaces
    head = "q-values" if algorithm == "dqn" else "categorical" if actions.kind == "discrete" else "gaussian"
    return {
        "algorithm": algorithm,
        "environment": task.env_id,
        "environment_args": task.args,
        "observation": task.observation,
        "observation_space": observations.to_json(),
        "action_space": actions.to_json(),
        "activation": activation,
        "head": head,
        "strides": list(STRIDES) if observations.is_picture else [],
        "timesteps": timesteps,
    }
