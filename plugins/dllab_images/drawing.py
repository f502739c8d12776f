"""Pictures out of a trained net: noise by number, so that each can be made again alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dllab_images.denoise import SCHEDULERS, scheduler, steps_of_drawing
from dllab_images.noise import generators, noise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK = 256  # pictures drawn together


def labels_of(first: int, count: int, classes: int, label: int | None) -> np.ndarray:
    """Which class pictures first ... are of: the classes in turn, or the one that was asked for."""
    turn = np.arange(first, first + count) % classes
    return turn.astype(np.int64) if label is None else np.full(count, label, dtype=np.int64)


def draw(
    kind: Any, net: Any, seed: int, first: int, labels: np.ndarray, steps: int = 0, by: str = "ddim",
    device: Any = "cpu", progress: Callable | None = None,
) -> np.ndarray:  # fmt: skip
    """Pictures first ... of the classes `labels` (N,): float32 (N, C, H, W) in [-1, 1].

    kind, net: of shelf.read_net. steps, by: of a diffusion model; 0 steps for what fits its scheduler.
    """
    starts = list(range(0, len(labels), CHUNK))
    drawn = []
    for start in starts if progress is None else progress(starts):
        part = labels[start : start + CHUNK]
        if kind.kind == "ddpm":
            *_, (last, _) = denoising(kind, net, seed, first + start, part, steps, by, device)
        else:
            codes = noise(seed, first + start, len(part), (kind.options["latent"],)).to(device)
            asked = torch.from_numpy(part).to(device)
            with torch.no_grad():
                if kind.kind == "gan":
                    last = net(codes, asked)
                else:
                    choice = noise(seed, first + start, len(part), (1,), stream=2)
                    last = net.decode(net.new_codes(codes, choice.to(device), asked), asked)
        drawn.append(last.float().cpu().clamp(-1, 1).numpy())
    return np.concatenate(drawn)


def denoising(
    kind: Any, net: Any, seed: int, first: int, labels: np.ndarray, steps: int = 0, by: str = "ddim",
    device: Any = "cpu",
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:  # fmt: skip
    """After each step of a diffusion model the pictures in work, and those it has in mind."""
    start = noise(seed, first, len(labels), (kind.channels, kind.size, kind.size)).to(device)

    def told(noisy: torch.Tensor, moments: torch.Tensor, asked: torch.Tensor) -> torch.Tensor:
        return net(noisy, moments, asked).sample

    asked = torch.from_numpy(labels).to(device)
    own = generators(seed, first, len(labels))
    return steps_of_drawing(told, scheduler(by), start, asked, steps or SCHEDULERS[by][3], own)
