"""A policy net as an agent: read from safetensors, computed in NumPy, ready in milliseconds.

Nets are chains: `features` (convolutions and one dense layer, of pictures only), then `policy`, and beside
it `value`, where the algorithm has one. torch is not needed to watch an agent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import dllab
from dllab_rl.spaces import SpaceFacts, fits, spaces_of

FORMAT = "rl/policy"
CHAINS = ("features", "policy", "value")
HEADS = {"categorical": "policy", "gaussian": "policy", "q-values": "policy"}
ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "leaky-relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "silu": lambda x: x / (1 + np.exp(-x)),
}
Layers = list[tuple[np.ndarray, np.ndarray]]


class Policy:
    """A net that chooses actions: see dllab.load_agent for what an agent is.

    facts: algorithm, environment, environment_args, observation ("" where the environment has no kinds),
    observation_space, action_space, activation, head (one of HEADS), strides, timesteps.
    tensors: "CHAIN.N.weight" and "CHAIN.N.bias", float32; a dense weight is (out, in), one of a convolution
    (out, in, height, width).
    Raises ValueError when they do not fit each other.
    """

    def __init__(self, tensors: Mapping[str, np.ndarray], facts: Mapping[str, Any], name: str = "") -> None:
        self.name = name or str(facts["algorithm"])
        self.algorithm = str(facts["algorithm"])
        self.env_id = str(facts["environment"])
        self.env_args = dict(facts["environment_args"])
        self.observation = str(facts["observation"]) or None
        self.timesteps = int(facts["timesteps"])
        self.facts = dict(facts)
        self.observation_space = SpaceFacts.from_json(facts["observation_space"])
        self.action_space = SpaceFacts.from_json(facts["action_space"])
        self.head = _one_of(facts["head"], HEADS, "head")
        self._activation = ACTIVATIONS[_one_of(facts["activation"], ACTIVATIONS, "activation")]
        self._strides = [int(stride) for stride in facts["strides"]]
        self.tensors = dict(tensors)
        self._chains = {chain: _chain(tensors, chain) for chain in CHAINS}
        self._check_shapes()

    def _check_shapes(self) -> None:
        sizes: tuple[int, ...] = self.observation_space.net_shape
        dense = [layer for layer in self._chains["features"] if layer[0].ndim == 2]
        convolutions = len(self._chains["features"]) - len(dense)
        if convolutions != len(self._strides) or (convolutions and len(dense) != 1):
            raise ValueError("its layers are not those of a net for pictures")
        width = dense[0][0].shape[0] if convolutions else int(np.prod(sizes))
        for chain in ("policy", "value"):
            last = width
            for weight, bias in self._chains[chain]:
                if weight.ndim != 2 or weight.shape[1] != last or bias.shape != weight.shape[:1]:
                    raise ValueError(f"a layer of {chain} is {weight.shape}, its input has {last} numbers")
                last = weight.shape[0]
            if chain == "policy" and last != self.action_space.net_size:
                raise ValueError(f"{last} numbers come out for {self.action_space.net_size} actions")
        if not self._chains["policy"]:
            raise ValueError("it has no layers")

    # What an agent does

    def act(self, observation: Any) -> Any:
        """The best action for one observation: an int, or an array where actions are numbers."""
        return self.act_batch(np.asarray(observation)[None])[0]

    def act_batch(self, observations: np.ndarray) -> np.ndarray:
        """The best actions for observations (n, ...): int64 (n,), or float32 (n, ...)."""
        outputs = self.outputs(observations)
        if self.head == "gaussian":
            return self.action_space.clipped(outputs)
        return outputs.argmax(axis=1)

    def probabilities(self, observation: Any) -> np.ndarray | None:
        """How likely each action is, (n_actions,); of a Q-net the softmax of its values, to look at."""
        if self.head == "gaussian":
            return None
        logits = self.outputs(np.asarray(observation)[None])[0].astype(np.float64)
        if self.head == "q-values":  # in units of their spread, or a softmax of large returns is 0 and 1
            logits = 2 * (logits - logits.mean()) / (logits.std() + 1e-9)
        weights = np.exp(logits - logits.max())
        return weights / weights.sum()

    def value(self, observation: Any) -> float | None:
        """The return that the agent expects from here, discounted; None where it has no opinion."""
        if self.head == "q-values":
            return float(self.outputs(np.asarray(observation)[None])[0].max())
        if not self._chains["value"]:
            return None
        hidden = self._features(np.asarray(observation)[None])
        return float(self._dense("value", hidden)[0, 0])

    def reset(self, seed: int | None = None) -> None:
        """Nothing: it remembers nothing from one step to the next."""

    def attach(self, env: Any) -> None:
        """Raise dllab.InputError unless the environment's observations and actions are this agent's."""
        fault = fits(spaces_of(env), (self.observation_space, self.action_space))
        if fault:
            raise dllab.InputError(f"the agent {self.name} was made for {self.made_for}: {fault}")

    @property
    def made_for(self) -> str:
        """The environment and its observation, for messages."""
        kind = f" with observation={self.observation}" if self.observation else ""
        return f"{self.env_id}{kind}"

    # The net

    def outputs(self, observations: np.ndarray) -> np.ndarray:
        """Logits, values of actions or means of actions, float32 (n, number of actions)."""
        return self._dense("policy", self._features(observations))

    def _features(self, observations: np.ndarray) -> np.ndarray:
        """float32 (n, features): the observations as the net takes them, through the convolutions if any."""
        x = self.observation_space.as_numbers(observations)
        if not self._chains["features"]:
            return x.reshape(len(x), -1)
        *convolutions, (weight, bias) = self._chains["features"]
        for (kernel, shift), stride in zip(convolutions, self._strides, strict=True):
            x = np.maximum(_convolve(x, kernel, stride) + shift[:, None, None], 0)
        return np.maximum(x.reshape(len(x), -1) @ weight.T + bias, 0)

    def _dense(self, chain: str, x: np.ndarray) -> np.ndarray:
        *hidden, (weight, bias) = self._chains[chain]
        for inner, shift in hidden:
            x = self._activation(x @ inner.T + shift)
        return x @ weight.T + bias


def _one_of(value: Any, table: Mapping[str, Any], what: str) -> str:
    if value not in table:
        raise ValueError(f"its {what} is {value!r:.40}, not one of {', '.join(table)}")
    return str(value)


def _chain(tensors: Mapping[str, np.ndarray], chain: str) -> Layers:
    layers = []
    while f"{chain}.{len(layers)}.weight" in tensors:
        number = len(layers)
        weight, bias = (
            np.ascontiguousarray(tensors[f"{chain}.{number}.{part}"], dtype=np.float32)
            for part in ("weight", "bias")
        )
        if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
            raise ValueError(f"{chain}.{number} holds numbers that are not finite")
        layers.append((weight, bias))
    return layers


def _convolve(x: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """Convolution without padding: x (n, in, H, W), kernel (out, in, h, w) -> (n, out, H', W')."""
    height, width = kernel.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (n, in, H', W', h, w)
    return np.tensordot(windows, kernel, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)


def read_policy(path: Path) -> Policy:
    """The agent in a file that save_policy wrote. Raises dllab.InputError when it is none of the kind."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 not a mapping
        facts = json.loads(metadata["policy"])
        return Policy(tensors, facts)
    except (SafetensorError, KeyError, ValueError, TypeError, OSError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise dllab.InputError(
            f"'{path.name}' holds no policy that can be played ({reason}); save it again by dllab run ppo"
        ) from error


def save_policy(run: dllab.Run, name: str, policy: Policy) -> None:
    """Leave a policy as a file of the run that `dllab watch --agent` and evaluate-agent take."""
    import torch

    state = {key: torch.from_numpy(np.ascontiguousarray(value)) for key, value in policy.tensors.items()}
    run.save_model(name, state, {"agent": FORMAT, "policy": json.dumps(policy.facts, sort_keys=True)})
