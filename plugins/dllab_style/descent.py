"""The two ways down: L-BFGS, and Adam with averaged iterates for pictures whose history would not fit.

Both take one gradient a step, hold all they know in `state()`, and go on from it bit by bit.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

HISTORY = 20  # pairs; a hundred brought no lower loss
CURVATURE = 1e-10  # of s·y below which a pair tells nothing
FIRST_STEP = 0.01  # mean length of L-BFGS's first step: far enough for the slope to change by more than noise
BLOCK = 1 << 20  # values that Adam works on at a time, so that it needs no copies of the picture
DECAY = 0.96  # of Adam's average of iterates


class LBFGS:
    """Limited-memory BFGS of step length one, without a line search; its first step is scaled.

    Source: Nocedal & Wright 2006, algorithm 7.4. Where other codes begin with a step of length one in the sum
    of absolute values, ours has the same mean at any size: from theirs, of 1e-5 a pixel, a bfloat16 gradient
    learns nothing, or something wrong.
    """

    def __init__(self, picture: Tensor, state: dict[str, Any] | None = None) -> None:
        state = state or {"steps": [], "changes": [], "before": None, "step": None}
        self.picture = picture
        self.steps = [one.to(picture.device) for one in state["steps"]]
        self.changes = [one.to(picture.device) for one in state["changes"]]
        self.before, self.last = (
            None if state[name] is None else state[name].to(picture.device) for name in ("before", "step")
        )

    def state(self) -> dict[str, Any]:
        return {"steps": self.steps, "changes": self.changes, "before": self.before, "step": self.last}

    def step(self, gradient: Callable[[Tensor], Tensor]) -> None:
        """Move the picture in place, along the gradient there."""
        grad = gradient(self.picture).flatten()
        if self.before is not None:
            change = grad - self.before
            if float(torch.dot(change, self.last)) > CURVATURE:
                self.steps.append(self.last)
                self.changes.append(change)
                del self.steps[:-HISTORY], self.changes[:-HISTORY]
        direction = self._direction(grad)
        if not self.steps:
            direction *= FIRST_STEP / max(float(grad.abs().mean()), 1e-12)
        self.picture += direction.view_as(self.picture)
        self.before, self.last = grad, direction

    def _direction(self, grad: Tensor) -> Tensor:
        """Minus the inverse Hessian, as far as the history tells, times the gradient."""
        direction = -grad
        pairs = list(zip(self.steps, self.changes, strict=True))
        factors = []
        for step, change in reversed(pairs):
            factor = torch.dot(step, direction) / torch.dot(change, step)
            direction -= factor * change
            factors.append(factor)
        if pairs:
            step, change = pairs[-1]
            direction *= torch.dot(step, change) / torch.dot(change, change)
        for (step, change), factor in zip(pairs, reversed(factors), strict=True):
            direction += (factor - torch.dot(change, direction) / torch.dot(change, step)) * step
        return direction

    def result(self) -> Tensor:
        return self.picture


class AveragedAdam:
    """Adam (Kingma & Ba 2015, betas 0.9, 0.99), and an exponential average of its iterates as the result."""

    def __init__(self, picture: Tensor, learning_rate: float, state: dict[str, Any] | None = None) -> None:
        self.picture, self.learning_rate = picture, learning_rate
        self.count = state["count"] if state else 0
        names = ("mean", "square", "average")
        self.mean, self.square, self.average = (
            state[name].to(picture.device) if state else torch.zeros_like(picture) for name in names
        )

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "mean": self.mean, "square": self.square, "average": self.average}

    def step(self, gradient: Callable[[Tensor], Tensor]) -> None:
        """Move the picture in place, along the gradient there."""
        grad = gradient(self.picture)
        self.count += 1
        everything = (self.picture, grad, self.mean, self.square, self.average)
        for x, g, mean, square, average in zip(
            *(each.view(-1).split(BLOCK) for each in everything), strict=True
        ):
            mean.lerp_(g, 0.1)
            square.lerp_(g * g, 0.01)
            scale = (square / (1 - 0.99**self.count)).sqrt_().add_(1e-12)
            x.addcdiv_(mean, scale, value=-self.learning_rate / (1 - 0.9**self.count))
            average.lerp_(x, 1 - DECAY)

    def result(self) -> Tensor:
        """The average, each iterate of which has been given its due weight; writes over it."""
        return self.average.div_(1 - DECAY**self.count) if self.count else self.picture
