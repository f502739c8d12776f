"""What makes pictures look alike: statistics of a net's activations, and how far apart two of them are.

A layer's statistics are its channels' mean and second moment over the places, weighted by a mask where there
is one. Both are sums over places, so that a picture seen tile by tile has exactly the statistics of the
whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

ROOT_FLOOR = 1e-6  # of the greatest eigenvalue: below it the root's slope is held


@dataclass(frozen=True)
class Statistics:
    """Of one layer's activations: mean (C,) and second moment E[f fᵀ] (C, C), float32."""

    mean: Tensor
    second: Tensor

    @property
    def covariance(self) -> Tensor:
        return self.second - torch.outer(self.mean, self.mean)

    def to(self, device: torch.device) -> "Statistics":
        """The same on a device."""
        return Statistics(self.mean.to(device), self.second.to(device))


def moment_sums(activation: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Sums over the places of f and of f fᵀ, (C,) and (C, C) in float32, for an activation (1, C, h, w).

    mask: weight of each place, (1, 1, h, w), or None.
    """
    rows = activation[0].permute(1, 2, 0).flatten(0, 1)  # (n, C): as it lies in memory, channels last
    return MomentSums.apply(rows, None if mask is None else mask.reshape(-1, 1))


class MomentSums(torch.autograd.Function):
    """The sums in float32, since covariances are small differences of them; their slopes in the rows' format.

    The slope of a sum of f fᵀ is one product, f (G + Gᵀ), where autograd would take two.
    """

    @staticmethod
    def forward(context: Any, rows: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        context.save_for_backward(rows, mask)
        f = rows.float()
        weighted = f if mask is None else f * mask
        return weighted.sum(dim=0), weighted.T @ f

    @staticmethod
    def backward(context: Any, to_first: Tensor, to_second: Tensor) -> tuple[Tensor, None]:
        rows, mask = context.saved_tensors
        slope = torch.addmm(to_first.to(rows.dtype), rows, (to_second + to_second.T).to(rows.dtype))
        return slope if mask is None else slope * mask.to(rows.dtype), None


def statistics(activation: Tensor) -> Statistics:
    """The statistics of an activation (1, C, h, w)."""
    first, second = moment_sums(activation)
    places = activation[0, 0].numel()
    return Statistics(first / places, second / places)


def gram_loss(found: Statistics, wanted: Statistics) -> Tensor:
    """Squared distance of the Gram matrices over the squared size of the wanted one.

    Source: Gatys, Ecker, Bethge 2016, eq. 4; where they divide by the numbers of channels and places, we
    divide by what the style picture itself has, so that no layer drowns the others whatever its scale.
    """
    return (found.second - wanted.second).square().sum() / wanted.second.square().sum().clamp_min(1e-12)


def w2_loss(found: Statistics, wanted: Statistics, root: Tensor | None = None) -> Tensor:
    """Squared 2-Wasserstein distance of Gaussians of these moments, over the trace of the wanted second one.

    root: `covariance_root(wanted.covariance)` when it is at hand. tr (A^½ B A^½)^½ is the sum of the roots of
    the eigenvalues, so no matrix root is taken of what changes, and its gradient needs no gaps between
    eigenvalues.

    Source: Olkin & Pukelsheim 1982; as a style loss, after K. Crowson's style-transfer-pytorch, which takes
    the root by Newton-Schulz iterations.
    """
    root = covariance_root(wanted.covariance) if root is None else root
    covariance = found.covariance
    product = root @ covariance @ root
    values = decomposed(torch.linalg.eigvalsh, (product + product.T) / 2)  # (C,), ascending
    floor = ROOT_FLOOR * values[-1].detach().clamp_min(1e-12)
    overlap = values.clamp_min(floor).sqrt().sum()
    spread = covariance.trace() + wanted.covariance.trace() - 2 * overlap
    distance = (found.mean - wanted.mean).square().sum() + spread
    return distance / wanted.second.trace().clamp_min(1e-12)


def covariance_root(covariance: Tensor) -> Tensor:
    """The symmetric root of a covariance matrix (C, C), eigenvalues below zero taken for zero."""
    values, vectors = decomposed(torch.linalg.eigh, covariance)
    return (vectors * values.clamp_min(0).sqrt()) @ vectors.T


def decomposed(how: Callable[[Tensor], Any], matrix: Tensor) -> Any:
    """What torch.linalg's eigh or eigvalsh finds in a symmetric matrix.

    Where float32 does not converge, as for the covariance of far fewer places than channels, it is done in
    float64 on the CPU.
    """
    try:
        return how(matrix)
    except torch.linalg.LinAlgError:
        found = how(matrix.double().cpu())
    return found.to(matrix) if isinstance(found, Tensor) else tuple(part.to(matrix) for part in found)


@dataclass(frozen=True)
class Goal:
    """What one style asks for in a layer."""

    statistics: Statistics
    root: Tensor
    weight: float

    def loss(self, found: Statistics, kind: str) -> Tensor:
        """The weighted loss of the kind, a key of LOSSES."""
        return self.weight * LOSSES[kind](found, self)


LOSSES = {
    "gram": lambda found, goal: gram_loss(found, goal.statistics),
    "w2": lambda found, goal: w2_loss(found, goal.statistics, goal.root),
}


def goal(activation: Tensor, weight: float) -> Goal:
    """The goal that an activation (1, C, h, w) of a style picture sets."""
    wanted = statistics(activation)
    return Goal(wanted, covariance_root(wanted.covariance), weight)


def total_variation(picture: Tensor) -> Tensor:
    """Sum of the squared differences between neighbours, of (1, 3, H, W)."""
    down = picture[:, :, 1:] - picture[:, :, :-1]
    across = picture[:, :, :, 1:] - picture[:, :, :, :-1]
    return down.square().sum() + across.square().sum()


def outside(pixels: Tensor) -> Tensor:
    """Sum of the squares of how far colours lie outside [0, 1]."""
    return (pixels - pixels.clamp(0, 1)).square().sum()


def by_layer(weights: Mapping[str, float]) -> dict[str, float]:
    """The layers' weights brought to a sum of one."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
