"""What the trainings of chorales, drums and bars have alike, step by step and in a checkpoint."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

import dllab

LEAST_RATE = 0.02  # of the peak, at the end


def rate_share(step: int, steps: int, warm_up: int) -> float:
    """Share of the peak learning rate: up in a line, down along half a cosine.

    warm_up: steps of the way up, of a short training a fifth.
    """
    up = min(1.0, (step + 1) / max(1, min(warm_up, steps // 5)))
    return up * (LEAST_RATE + (1 - LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * step / steps)))


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, step: int, stays: float) -> None:
    """Move averaged weights a little towards the net's (Polyak, Juditsky 1992); more so in the beginning.

    stays: share of the averaged weights that stays at each step.
    """
    share = 1 - min(stays, (step + 1) / (step + 10))
    for mean, weight in zip(average.parameters(), net.parameters(), strict=True):
        mean.lerp_(weight, share)


def finite(loss: Tensor, step: int) -> float:
    """A loss as a number. Raises dllab.DllabError where it is none any more."""
    found = float(loss.detach())
    if not math.isfinite(found):
        raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
    return found


def moments(optimiser: torch.optim.AdamW) -> dict[str, Any]:
    """AdamW's state as plain lists, for a checkpoint."""
    states = [optimiser.state[weight] for group in optimiser.param_groups for weight in group["params"]]
    return {
        "mean": [state["exp_avg"] for state in states],
        "square": [state["exp_avg_sq"] for state in states],
        "count": [float(state["step"]) for state in states],
    }


def restore(optimiser: torch.optim.AdamW, saved: dict[str, Any]) -> None:
    """Put back what `moments` gave."""
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    each = zip(weights, saved["mean"], saved["square"], saved["count"], strict=True)
    for weight, mean, square, count in each:
        state = {"step": torch.tensor(count), "exp_avg": mean.to(weight), "exp_avg_sq": square.to(weight)}
        optimiser.state[weight] = state
