"""The user's picture as the experiment `features` shows it to a net."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dllab_vision import sheets
from dllab_vision.seeing import SeeingNet

if TYPE_CHECKING:
    import dllab

PATCHES = 32  # of the photo, for ideal pictures to start from


@dataclass(frozen=True)
class Subject:
    """The user's picture, for looking at (photo, model units (1, 3, H, W)) and for naming (view, smaller)."""

    photo: Tensor
    view: Tensor
    shown: np.ndarray  # uint8 (H, W, 3), of the photo's size

    @staticmethod
    def of(run: dllab.Run, net: SeeingNet, pixels: np.ndarray, max_size: int) -> Subject:
        """From pixels (3, H, W) in [0, 1]: photo within max_size px, view as large as the net knows."""
        whole = torch.from_numpy(pixels)[None].to(run.device)
        height, width = whole.shape[-2:]
        photo = shrunk(whole, min(1.0, max_size / max(height, width)), net)
        view = shrunk(whole, net.view_size / math.sqrt(height * width), net)
        return Subject(net.normalise(photo), net.normalise(view), sheets.to_uint8(photo[0].cpu().numpy()))

    def patches(self, net: SeeingNet, size: int, generator: torch.Generator) -> Tensor:
        """Pixels (PATCHES, 3, size, size) from random places of the photo, mirrored where it is too small."""
        height, width = self.photo.shape[-2:]
        rows = [mirrored(height, size, generator).to(self.photo.device) for _ in range(PATCHES)]
        columns = [mirrored(width, size, generator).to(self.photo.device) for _ in range(PATCHES)]
        cut = [self.photo[0][:, row][:, :, column] for row, column in zip(rows, columns, strict=True)]
        return net.denormalise(torch.stack(cut))

    def tile(self, height: int) -> np.ndarray:
        """The picture at a height (px), not wider than three times that."""
        return sheets.resized(self.shown, *self.box(height))

    def box(self, height: int) -> tuple[int, int]:
        tall, wide = self.shown.shape[:2]
        return height, max(1, min(3 * height, round(height * wide / tall)))


def shrunk(pixels: Tensor, factor: float, net: SeeingNet) -> Tensor:
    """Pixels (1, 3, H, W) times a factor, no side below what the net's last layer can look at."""
    least = max(4, net.least_side(net.layer_names[-1:]))
    size = tuple(max(least, round(side * factor)) for side in pixels.shape[-2:])
    if size == tuple(pixels.shape[-2:]):
        return pixels
    return functional.interpolate(
        pixels, size=size, mode="bicubic", antialias=True, align_corners=False
    ).clamp(0, 1)


def mirrored(length: int, size: int, generator: torch.Generator) -> Tensor:
    """Where `size` px from a random start lie on an axis that is mirrored at its ends."""
    start = int(torch.randint(max(1, length - size + 1), (), generator=generator))
    period = max(1, 2 * (length - 1))
    place = torch.arange(start, start + size) % period
    return torch.where(place >= length, period - place, place)
