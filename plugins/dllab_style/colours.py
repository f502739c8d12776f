"""Colours of one picture given to another. Pictures are float32 (1, 3, H, W) in [0, 1]."""

import torch
from torch import Tensor

from dllab_style.losses import covariance_root

LUMA = (0.299, 0.587, 0.114)  # Rec. 601, as in Gatys et al.
FLOOR = 1e-5  # added to colour variances: a grey picture has colours too, all alike


def colour_statistics(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (3,) and covariance (3, 3) of a picture's colours."""
    flat = pixels[0].flatten(1)  # (3, n)
    mean = flat.mean(dim=1)
    centred = flat - mean[:, None]
    return mean, centred @ centred.T / flat.shape[1] + FLOOR * torch.eye(3, device=pixels.device)


def match_colours(pixels: Tensor, like: Tensor) -> Tensor:
    """The picture, its colours moved to the mean and spread of `like` by the linear map of least motion.

    Source: the optimal map between Gaussians; Gatys et al. 2016, "Preserving Color in Neural Artistic Style
    Transfer", take another root of the same covariance.
    """
    (mean, covariance), (wanted_mean, wanted) = colour_statistics(pixels), colour_statistics(like)
    root = covariance_root(covariance)
    inverse = torch.linalg.inv(root)
    linear = inverse @ covariance_root(root @ wanted @ root) @ inverse
    flat = linear @ (pixels[0].flatten(1) - mean[:, None]) + wanted_mean[:, None]
    return flat.view_as(pixels).clamp(0, 1)


def with_colours_of(painted: Tensor, photo: Tensor) -> Tensor:
    """The brightness of one picture with the colours of another of its size (Gatys et al. 2016, 3.2)."""
    luma = painted.new_tensor(LUMA).view(1, 3, 1, 1)
    change = ((painted - photo) * luma).sum(dim=1, keepdim=True)
    return (photo + change).clamp(0, 1)


def match_histogram(pixels: Tensor, like: Tensor) -> Tensor:
    """The picture with each principal colour's histogram made that of `like`, then brought back.

    Exact transport along each axis of the colours of `like`; ties keep their order. Not iterated: what the
    axes have in common beyond their spread stays the picture's own.
    """
    mean, covariance = colour_statistics(like)
    _, axes = torch.linalg.eigh(covariance)  # columns
    moved = match_colours(pixels, like)[0].flatten(1) - mean[:, None]
    moved, wanted = axes.T @ moved, axes.T @ (like[0].flatten(1) - mean[:, None])
    count, available = moved.shape[1], wanted.shape[1]
    at = (
        ((torch.arange(count, device=pixels.device) + 0.5) * available / count)
        .long()
        .clamp(max=available - 1)
    )
    for axis in range(3):
        order = moved[axis].argsort(stable=True)
        moved[axis, order] = wanted[axis].sort().values[at]
    return (axes @ moved + mean[:, None]).view_as(pixels).clamp(0, 1)
