"""What the trainings of this plugin share: averaged weights, batches, and states to go on from."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

import dllab

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from dllab_images.data import Pictures

CHECKPOINT_EVERY_S = 20.0
CHECKPOINT_STEPS = 50  # between two looks at the clock


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


class Training:
    """All that a training keeps from step to step, in a checkpoint and out of it.

    nets: by name; each with an Adam of its own, the first also with averaged weights, `ema`. curves: a list
    for each name, with a value for each step done. film: frames of the experiment's own. Made last before the
    loop, since a restored checkpoint also sets the generators.
    """

    def __init__(
        self, run: dllab.Run, pictures: Pictures, params: Any, nets: dict[str, nn.Module],
        betas: tuple[float, float], curves: Sequence[str],
    ) -> None:  # fmt: skip
        self.run, self.steps, self.peak = run, params.steps, params.learning_rate
        self.nets = {name: net.to(run.device).train() for name, net in nets.items()}
        self.ema = Ema(next(iter(self.nets.values())), params.ema)
        self.adams = {name: torch.optim.Adam(net.parameters(), lr=params.learning_rate, betas=betas)
                      for name, net in self.nets.items()}  # fmt: skip
        self.random = run.torch_generator("train")
        self.batches = Batches(
            pictures.train, pictures.train_labels, params.batch_size, self.random, run.device
        )
        self.curves: dict[str, list[float]] = {name: [] for name in curves}
        self.film: list[np.ndarray] = []
        if run.restored is not None:
            self._restore(run.restored)

    def _restore(self, saved: dict[str, Any]) -> None:
        for name, net in self.nets.items():
            net.load_state_dict(saved["nets"][name])
            restore_adam(self.adams[name], saved["adams"][name])
        self.ema.net.load_state_dict(saved["ema"])
        self.batches.order, self.film = saved["order"], list(saved["film"])
        self.curves = {name: list(values) for name, values in saved["curves"].items()}

    @property
    def done(self) -> int:
        """Steps that have been taken."""
        return len(next(iter(self.curves.values())))

    def loop(self, label: str) -> Iterable[int]:
        """The steps that are left, with a bar."""
        return self.run.progress(range(self.done, self.steps), label=label)

    def descend(self, name: str, loss: Tensor, rate: float, clip: float = 0.0) -> None:
        """One step of a net's Adam down the loss, at the share `rate` of the peak; clip: longest gradient."""
        set_rate(self.adams[name], self.peak * rate)
        self.adams[name].zero_grad()
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(self.nets[name].parameters(), clip)
        self.adams[name].step()

    def finish(self, step: int, **losses: Tensor) -> None:
        """Average the weights, tell and keep the losses; raises dllab.DllabError when one is not a number."""
        self.ema.update(next(iter(self.nets.values())), step)
        values = {name: loss.item() for name, loss in losses.items()}
        for name, value in values.items():
            self.curves[name].append(value)
        if any(value != value for value in values.values()):
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        self.run.log(step, **values)

    def keep(self, step: int) -> None:
        """Leave a checkpoint, now and then."""
        if step % CHECKPOINT_STEPS != CHECKPOINT_STEPS - 1 and step + 1 < self.steps:
            return
        state = {
            "nets": {name: net.state_dict() for name, net in self.nets.items()},
            "adams": {name: adam_state(adam) for name, adam in self.adams.items()},
            "ema": self.ema.net.state_dict(),
            "order": self.batches.order,
            "film": self.film,
            "curves": self.curves,
        }
        self.run.checkpoint(state, every_s=CHECKPOINT_EVERY_S)


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
