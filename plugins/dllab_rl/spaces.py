"""Observations and actions as an agent's file describes them, and what a net makes of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import dllab

LARGEST = 2**24  # numbers in an observation that a file may describe
SMALLEST_PICTURE = 36  # pixels; the convolutions leave nothing of a smaller one


@dataclass(frozen=True)
class SpaceFacts:
    """A space of Gymnasium in JSON: kind "box", "discrete" or "multi-binary".

    shape, dtype: of an array in it; n: of a discrete one; is_picture: bytes (height, width, channels), or
    planes (channels, height, width), that the net takes as planes in [0, 1]; low, high: bounds of actions
    that are numbers.
    """

    kind: str
    shape: tuple[int, ...] = ()
    dtype: str = ""
    n: int = 0
    is_picture: bool = False
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in vars(self).items()}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> SpaceFacts:
        """Raises ValueError and TypeError for what describes no space."""
        space = cls(
            str(facts["kind"]), tuple(int(size) for size in facts["shape"]), str(facts["dtype"]),
            int(facts["n"]), bool(facts["is_picture"]), tuple(map(float, facts["low"])),
            tuple(map(float, facts["high"])),
        )  # fmt: skip
        if space.kind not in ("box", "discrete", "multi-binary") or any(size < 1 for size in space.shape):
            raise ValueError(f"a space of the kind {space.kind!r:.40} and shape {space.shape}")
        if len(space.shape) != 3 and (space.is_picture or len(space.shape) > 4):
            raise ValueError(f"a space of shape {space.shape}")
        if math.prod(space.net_shape) > LARGEST:
            raise ValueError(f"a space of shape {space.shape} is over {LARGEST:,} numbers")
        return space

    @property
    def net_shape(self) -> tuple[int, ...]:
        """What the net takes of one observation."""
        if self.kind == "discrete":
            return (self.n,)
        if self.is_picture:
            return self.shape if self.has_planes else (self.shape[2], *self.shape[:2])
        return (math.prod(self.shape),)

    @property
    def has_planes(self) -> bool:
        """Of pictures: whether the channels come first, which is where the smallest size is."""
        return self.shape[0] == min(self.shape)

    @property
    def net_size(self) -> int:
        """How many numbers the net gives for an action."""
        return self.n if self.kind == "discrete" else math.prod(self.shape)

    def as_numbers(self, observations: np.ndarray) -> np.ndarray:
        """Observations (n, ...) as float32 (n, *net_shape). Raises dllab.ShapeError for another shape."""
        observations = np.asarray(observations)
        if observations.shape[1:] != self.shape:
            raise dllab.ShapeError(f"the agent takes observations {self.shape}, got {observations.shape[1:]}")
        if self.kind == "discrete":
            return np.eye(self.n, dtype=np.float32)[observations.astype(np.int64)]
        if self.is_picture:
            planes = observations if self.has_planes else observations.transpose(0, 3, 1, 2)
            return planes.astype(np.float32) / np.float32(255)
        return observations.astype(np.float32).reshape(len(observations), -1)

    def clipped(self, actions: np.ndarray) -> np.ndarray:
        """Actions that are numbers, within their bounds, in the space's shape."""
        low, high = np.array(self.low, np.float32), np.array(self.high, np.float32)
        return np.clip(actions, low, high).reshape(len(actions), *self.shape)

    def __str__(self) -> str:
        return f"{self.n} kinds" if self.kind == "discrete" else f"shape {self.shape}"


def space_facts(space: Any, env_id: str, role: str) -> SpaceFacts:
    """The facts of a Gymnasium space. Raises dllab.UsageError for a kind that the agents cannot take."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete) and space.start == 0:
        return SpaceFacts("discrete", (), str(space.dtype), int(space.n))
    if isinstance(space, spaces.MultiBinary) and role == "observations":
        return SpaceFacts("multi-binary", tuple(space.shape), str(space.dtype))
    if isinstance(space, spaces.Box):
        is_picture = role == "observations" and space.dtype == np.uint8 and len(space.shape) == 3
        is_picture = is_picture and bool((space.high == 255).all())
        if is_picture and sorted(space.shape)[1] < SMALLEST_PICTURE:
            raise dllab.UsageError(
                f"--env {env_id}: its observations are pictures {space.shape}; the net takes those from "
                f"{SMALLEST_PICTURE} x {SMALLEST_PICTURE} on"
            )
        bounds: dict[str, Any] = {}
        if role == "actions":
            bounds = {
                key: tuple(getattr(space, key).ravel().astype(float).tolist()) for key in ("low", "high")
            }
            if not np.isfinite([*bounds["low"], *bounds["high"]]).all():
                raise dllab.UsageError(
                    f"--env {env_id}: its actions have no bounds; choose one whose actions have"
                )
        return SpaceFacts("box", tuple(space.shape), str(space.dtype), 0, is_picture, **bounds)
    raise dllab.UsageError(
        f"--env {env_id}: its {role} are {type(space).__name__}; the agents take Box and Discrete "
        "(gymnasium.wrappers.FlattenObservation makes a Box of most)"
    )


def spaces_of(env: Any) -> tuple[SpaceFacts, SpaceFacts]:
    """Observations and actions of an environment. Raises dllab.UsageError as space_facts does."""
    name = env.spec.id if getattr(env, "spec", None) is not None else type(env).__name__
    return (
        space_facts(env.observation_space, name, "observations"),
        space_facts(env.action_space, name, "actions"),
    )


def fits(given: tuple[SpaceFacts, SpaceFacts], wanted: tuple[SpaceFacts, SpaceFacts]) -> str:
    """What of an environment's observations and actions is not as an agent takes them, or ""."""
    for role, one, other in zip(("observations", "actions"), given, wanted, strict=True):
        if (one.kind, one.shape, one.n, one.is_picture) != (
            other.kind,
            other.shape,
            other.n,
            other.is_picture,
        ):
            return f"it takes {role} of {other}, here they are of {one}"
    return ""
