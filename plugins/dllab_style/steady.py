"""Paint that stays where nothing moves: a film's frames are each painted anew, and would flicker."""

import torch
from torch import Tensor
from torch.nn import functional

STILL = 0.03  # change of a colour, of 1, at which a place counts as half moving
SPREAD = 9  # px: a place near something that moves counts as moving


class Steady:
    """Blend each painted frame with the one before, where the film itself hardly changes."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.frame: Tensor | None = None
        self.painted: Tensor | None = None
        self.flicker = 0.0  # mean change of still places, of 1, in the last frame

    def __call__(self, frame: Tensor, painted: Tensor) -> Tensor:
        """The frame to show, from the film's (1, 3, h, w) and its painting, both in [0, 1]."""
        if self.painted is not None and self.painted.shape == painted.shape:
            change = (frame - self.frame).abs().amax(dim=1, keepdim=True)  # (1, 1, h, w)
            change = functional.max_pool2d(change, SPREAD, 1, SPREAD // 2)
            still = torch.exp(-((change / STILL) ** 2))
            painted = painted + self.share * still * (self.painted - painted)
            self.flicker = float((still * (painted - self.painted).abs().mean(dim=1, keepdim=True)).mean())
        self.frame, self.painted = frame, painted
        return painted
