"""What the trainings of this plugin share: averaged weights, batches, and states to go on from."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    import numpy as np

CHECKPOINT_EVERY_S = 20.0


class Ema:
    """A copy of a net whose weights are an exponential moving average of the net's.

    Early on the average is shorter, (1 + n) / (10 + n) for n updates, so that it forgets the random start.
    Source: Karras et al. 2018 for GANs, Ho et al. 2020 for diffusion; the ramp is TensorFlow's num_updates.
    """

    def __init__(self, net: nn.Module, decay: float = 0.999) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, net: nn.Module, step: int) -> None:
        """Move every weight, and every running statistic, a little towards the net's."""
        decay = min(self.decay, (1 + step) / (10 + step))
        theirs, own = list(net.state_dict().values()), list(self.net.state_dict().values())
        floats = [(mine, new) for mine, new in zip(own, theirs, strict=True) if mine.is_floating_point()]
        torch._foreach_lerp_([mine for mine, _ in floats], [new for _, new in floats], 1 - decay)
        for mine, new in zip(own, theirs, strict=True):
            if not mine.is_floating_point():
                mine.copy_(new)


class Batches:
    """Batches without end over pictures on the device: every epoch in a new order.

    images (N, C, H, W) float32; labels (N,). The order and the place in it are part of `state`.
    """

    def __init__(
        self, images: np.ndarray, labels: np.ndarray, size: int, generator: torch.Generator, device: Any
    ) -> None:
        self.images = torch.from_numpy(images).to(device)
        self.labels = torch.from_numpy(labels).to(device)
        self.size = min(size, len(images))
        self.generator = generator
        self.order = torch.empty(0, dtype=torch.long)

    def next(self) -> tuple[Tensor, Tensor]:
        """The next (size, C, H, W) and (size,)."""
        if len(self.order) < self.size:
            self.order = torch.randperm(len(self.images), generator=self.generator)
        chosen, self.order = self.order[: self.size], self.order[self.size :]
        chosen = chosen.to(self.images.device)
        return self.images[chosen], self.labels[chosen]


def warm_cosine(step: int, steps: int, warm_up: int = 100, end: float = 0.0) -> float:
    """Share of the peak learning rate: up in a line, then down along half a cosine to `end`."""
    warm_up = min(warm_up, max(1, steps // 10))
    if step < warm_up:
        return (step + 1) / warm_up
    return end + (1 - end) * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """The learning rate of all groups."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def adam_state(optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """Adam's moments as plain lists, for a checkpoint."""
    states = [optimiser.state[weight] for weight in optimiser.param_groups[0]["params"]]
    if not all(states):
        return {}
    return {
        "mean": [state["exp_avg"] for state in states],
        "square": [state["exp_avg_sq"] for state in states],
        "count": [float(state["step"]) for state in states],
    }


def restore_adam(optimiser: torch.optim.Optimizer, saved: dict[str, Any]) -> None:
    """Put what `adam_state` gave back into an optimiser over the same weights."""
    if not saved:
        return
    weights = optimiser.param_groups[0]["params"]
    parts = zip(weights, saved["mean"], saved["square"], saved["count"], strict=True)
    for weight, mean, square, count in parts:
        optimiser.state[weight] = {
            "step": torch.tensor(count),
            "exp_avg": mean.to(weight).contiguous(memory_format=torch.preserve_format),
            "exp_avg_sq": square.to(weight),
        }
