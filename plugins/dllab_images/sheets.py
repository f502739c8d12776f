"""Sheets of many small pictures, enlarged without blur, and frames for films."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

PAPER = 0.93  # grey between the pictures
TARGET = 640  # px that a sheet is enlarged to about


def to_unit(images: np.ndarray) -> np.ndarray:
    """Pictures (N, C, H, W) in [-1, 1] as colour (N, 3, H, W) in [0, 1]."""
    images = np.clip((np.asarray(images, dtype=np.float32) + 1) / 2, 0, 1)
    return np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images


def enlarged(images: np.ndarray, times: int) -> np.ndarray:
    """Every pixel of (..., H, W) as a square of times x times pixels."""
    return images.repeat(times, axis=-2).repeat(times, axis=-1)


def sheet(images: np.ndarray, columns: int = 0, enlarge: int = 0) -> np.ndarray:
    """Pictures (N, C, H, W) in [-1, 1] side by side on light paper: float32 (3, height, width) in [0, 1].

    columns: of the sheet, 0 for as square as can be. enlarge: times that a pixel is repeated, 0 for what
    makes the sheet about TARGET px wide. Height and width are even, as films need them.
    """
    pictures = to_unit(images)
    count, _, height, width = pictures.shape
    columns = columns or max(1, int(np.ceil(np.sqrt(count))))
    rows = -(-count // columns)
    enlarge = enlarge or max(1, TARGET // (columns * width))
    gap = max(2, enlarge * width // 12 // 2 * 2)
    pictures = enlarged(pictures, enlarge)
    cell_h, cell_w = height * enlarge + gap, width * enlarge + gap
    paper = np.full((3, rows * cell_h + gap, columns * cell_w + gap), PAPER, dtype=np.float32)
    for i, picture in enumerate(pictures):
        top, left = gap + i // columns * cell_h, gap + i % columns * cell_w
        paper[:, top : top + cell_h - gap, left : left + cell_w - gap] = picture
    odd = [(0, 0), (0, paper.shape[1] % 2), (0, paper.shape[2] % 2)]
    return np.pad(paper, odd, constant_values=PAPER)


def to_bytes(images: np.ndarray) -> np.ndarray:
    """Pictures in [-1, 1] as uint8, as films keep them in a checkpoint."""
    return np.clip((np.asarray(images) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)


def from_bytes(images: np.ndarray) -> np.ndarray:
    """The other way round, float32 in [-1, 1]."""
    return np.asarray(images).astype(np.float32) / 127.5 - 1


def with_rest(frames: Sequence[np.ndarray], rest: int = 12) -> list[np.ndarray]:
    """Frames with the last one held for a while."""
    return [*frames, *([frames[-1]] * rest)] if frames else []
