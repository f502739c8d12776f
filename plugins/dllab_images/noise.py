"""Noise that belongs to a picture's number, so that picture k can be made again alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Generator, Tensor


def noise(seed: int, first: int, count: int, shape: tuple[int, ...], stream: int = 0) -> Tensor:
    """Standard normal noise float32 (count, *shape) for pictures first ... first + count - 1.

    Each picture has a generator of its own, made of (seed, stream, k): how many are drawn together changes
    nothing. stream: another number gives other noise for the same picture.
    """
    import torch

    drawn = [
        np.random.default_rng([seed, stream, k]).standard_normal(shape, dtype=np.float32)
        for k in range(first, first + count)
    ]
    return torch.from_numpy(np.stack(drawn)) if drawn else torch.zeros(0, *shape)


def generators(seed: int, first: int, count: int, stream: int = 1) -> list[Generator]:
    """A torch generator on the CPU for each of the pictures, for the noise that is added on the way."""
    import torch

    seeds = [
        int(np.random.default_rng([seed, stream, k]).integers(2**62)) for k in range(first, first + count)
    ]
    return [torch.Generator().manual_seed(each) for each in seeds]
