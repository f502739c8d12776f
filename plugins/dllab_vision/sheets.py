"""Contact sheets: labelled tiles in groups, drawn as one picture."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

import dllab

GAP = 8  # px between tiles, and around them
TITLE_PX, LABEL_PX = 17, 13  # heights of the letters
LABEL_MOST = 260  # px: a column is as wide as its labels up to here; longer ones are cut
PAPER, INK, SOFT_INK = (252, 251, 248), (30, 30, 34), (110, 108, 104)


class Tile(NamedTuple):
    """A picture, uint8 (H, W, 3), and what is written below it."""

    pixels: np.ndarray
    label: str = ""


class Group(NamedTuple):
    """Tiles in rows of so many, under a title."""

    title: str
    tiles: Sequence[Tile]
    columns: int


def to_uint8(pixels: np.ndarray) -> np.ndarray:
    """Floats (3, H, W) in [0, 1] as uint8 (H, W, 3)."""
    return (np.clip(pixels, 0, 1).transpose(1, 2, 0) * 255 + 0.5).astype(np.uint8)


def resized(pixels: np.ndarray, height: int, width: int, *, is_blocky: bool = False) -> np.ndarray:
    """uint8 (H, W, 3) at another size; blocky leaves each place a square of one colour."""
    how = Image.Resampling.NEAREST if is_blocky else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(pixels).resize((width, height), how))


def heat(values: np.ndarray, low: float = 0.0, high: float | None = None) -> np.ndarray:
    """A map (H, W) in colours from black over red to yellow, uint8 (H, W, 3); low and high end the scale."""
    from matplotlib import colormaps

    top = float(values.max()) if high is None else high
    scaled = np.clip((values - low) / max(top - low, 1e-12), 0, 1)
    return (colormaps["inferno"](scaled)[..., :3] * 255 + 0.5).astype(np.uint8)


def lit(photo: np.ndarray, values: np.ndarray, glow: float = 0.5) -> np.ndarray:
    """The photo, uint8 (H, W, 3), in dim grey, with its colours and a glow where values are high.

    values: (H, W) in [0, 1]; glow: its share, the rest is the photo.
    """
    light = np.clip(values, 0, 1)[..., None]
    grey = 30 + 0.45 * photo.mean(axis=2, keepdims=True)
    bright = (1 - glow) * photo + glow * heat(0.45 + 0.55 * light[..., 0], high=1.0)
    return (grey + light * (bright - grey) + 0.5).clip(0, 255).astype(np.uint8)


def beside(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Two pictures of one height with a thin line between them."""
    line = np.full((left.shape[0], 2, 3), PAPER, np.uint8)
    return np.concatenate([left, line, right], axis=1)


def seen(values: np.ndarray) -> np.ndarray:
    """A map of responses (H, W), 0 or more, in colours, uint8 (H, W, 3).

    The highest hundredth shares one colour, so that a few high places don't leave the rest black.
    """
    return heat(values, high=float(np.quantile(values, 0.99)) or None)


def draw(groups: Sequence[Group]) -> np.ndarray:
    """The sheet as floats (3, H, W) in [0, 1]; each column is as wide as its group's widest tile or label."""
    boxes = [_box(group) for group in groups]
    width = GAP + max(group.columns * (box[1] + GAP) for group, box in zip(groups, boxes, strict=True))
    width = max(width, GAP + max(_width(group.title, TITLE_PX) for group in groups) + GAP)
    heights = []
    for group, (tile_height, _) in zip(groups, boxes, strict=True):
        rows = -(-len(group.tiles) // group.columns)
        label = LABEL_PX + 6 if any(tile.label for tile in group.tiles) else 0
        heights.append((TITLE_PX + 10 if group.title else 0) + rows * (tile_height + label + GAP))
    sheet = Image.new("RGB", (width, GAP + sum(heights)), PAPER)
    top = GAP
    for group, box, height in zip(groups, boxes, heights, strict=True):
        _draw_group(sheet, group, box, top)
        top += height
    return np.asarray(sheet).transpose(2, 0, 1).astype(np.float32) / 255


def _box(group: Group) -> tuple[int, int]:
    """Height of the group's highest tile, and the width that each column takes."""
    labels = max(_width(tile.label, LABEL_PX) for tile in group.tiles)
    height, width = (max(tile.pixels.shape[axis] for tile in group.tiles) for axis in (0, 1))
    return height, max(width, min(labels, LABEL_MOST))


def _draw_group(sheet: Image.Image, group: Group, box: tuple[int, int], top: int) -> None:
    pen = ImageDraw.Draw(sheet)
    if group.title:
        pen.text((GAP, top), group.title, INK, dllab.picture_font(TITLE_PX))
        top += TITLE_PX + 10
    label = LABEL_PX + 6 if any(tile.label for tile in group.tiles) else 0
    for i, tile in enumerate(group.tiles):
        row, column = divmod(i, group.columns)
        x, y = GAP + column * (box[1] + GAP), top + row * (box[0] + label + GAP)
        sheet.paste(Image.fromarray(np.ascontiguousarray(tile.pixels)), (x, y))
        words = _fitting(tile.label, box[1])
        pen.text((x, y + tile.pixels.shape[0] + 2), words, SOFT_INK, dllab.picture_font(LABEL_PX))


def _width(words: str, size: int) -> int:
    return int(dllab.picture_font(size).getlength(words)) + 1


def _fitting(words: str, width: int) -> str:
    """The words, cut to what fits below a tile."""
    while words and _width(words, LABEL_PX) > width:
        words = words[:-2].rstrip(" ,") + "…" if len(words) > 2 else ""
    return words
