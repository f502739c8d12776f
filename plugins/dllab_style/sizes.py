"""Sizes, margins and starts: from a photo to what is painted at each size, from coarse to fine."""

import torch
from torch import Tensor
from torch.nn import functional

COARSEST = 128  # px of the longer side: below it strokes are all there is
LEAST_SIDE = 16  # px of the shorter side
FACTOR = 1.6  # between neighbouring sizes
MARGIN = 24  # px around the full size that are painted too, and cut away with what the edge does to a net


def fit(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size (height, width) shrunk until its longer side is at most `longest`; 0 leaves it as it is."""
    if not longest or max(size) <= longest:
        return size[0], size[1]
    return max(1, round(size[0] * longest / max(size))), max(1, round(size[1] * longest / max(size)))


def level_sizes(size: tuple[int, int]) -> list[tuple[int, int]]:
    """Sizes (height, width) from coarse to fine, the last the given one, each FACTOR times the one before."""
    sizes = [size]
    while True:
        factor = FACTOR ** len(sizes)
        smaller = round(size[0] / factor), round(size[1] / factor)
        if max(smaller) < COARSEST or min(smaller) < LEAST_SIDE:
            return sizes[::-1]
        sizes.append(smaller)


def resize(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """Bicubic, with antialiasing when it shrinks."""
    if tuple(picture.shape[-2:]) == tuple(size):
        return picture
    return functional.interpolate(picture, size=size, mode="bicubic", align_corners=False, antialias=True)


def mirrored(length: int, margin: int) -> Tensor:
    """Indices that extend an axis by reflection by `margin` at both ends, however short it is."""
    period = max(1, 2 * (length - 1))
    index = torch.arange(-margin, length + margin) % period
    return torch.where(index >= length, period - index, index)


def with_margin(picture: Tensor, margin: int) -> Tensor:
    """The picture (1, C, H, W) extended by reflection on all sides."""
    if not margin:
        return picture
    rows, columns = (mirrored(length, margin).to(picture.device) for length in picture.shape[-2:])
    return picture[:, :, rows][:, :, :, columns]


def without_margin(picture: Tensor, margin: int) -> Tensor:
    """The picture without its margin."""
    height, width = picture.shape[-2:]
    return picture[:, :, margin : height - margin, margin : width - margin]


def cloudy_noise(size: tuple[int, int], generator: torch.Generator) -> Tensor:
    """Noise with as much in coarse as in fine structures, (1, 3, H, W), of deviation one."""
    noise = torch.zeros(1, 3, *size)
    for octave in range(8):
        coarse = max(1, size[0] >> octave), max(1, size[1] >> octave)
        drawn = torch.randn(1, 3, *coarse, generator=generator)
        noise += functional.interpolate(drawn, size=size, mode="bilinear", align_corners=False)
    return noise / noise.std().clamp_min(1e-6)
