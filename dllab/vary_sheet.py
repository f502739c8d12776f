"""The contact sheet of `dllab vary`: which picture stands for a run, and all of them on one page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dllab.fonts import picture_font

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from dllab.store import Store

TILE_PX = 400
MARGIN_PX = 28
GAP_PX = 20
NUMBER_PX, CAPTION_PX = 21, 15  # sizes of the letters
LINE_PX = 20
INDENT_PX = 34  # of a caption, behind its number
MOST_LINES = 4  # of a caption
PAPER, INK, SOFT_INK = (250, 248, 244), (30, 30, 30), (95, 95, 95)
SEPARATOR = "  ·  "


def shown_picture(store: Store, run_id: str) -> Path | None:
    """The picture that stands for a run: the first still one, else its first film; None without either."""
    found = [one for one in store.artifacts(run_id, role="out") if one.path is not None]
    films = [one for one in found if one.media_type == "image/gif" or one.media_type.startswith("video/")]
    stills = [
        one
        for one in found
        if one.media_type.startswith("image/") and one.media_type != "image/svg+xml" and one not in films
    ]
    return next((one.path for one in [*stills, *films]), None)


def contact_sheet(pictures: Sequence[Path | None], captions: Sequence[Sequence[str]]) -> Image.Image:
    """The pictures in a grid, numbered from 1, with their captions; an empty place where there is none.

    pictures: of a film its last frame is shown, which is what it came to. captions: parts of each,
    which are set in lines of a tile's width.
    """
    from PIL import Image, ImageDraw

    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    tiles = [_tile(path) for path in pictures]
    font, bold = picture_font(CAPTION_PX), picture_font(NUMBER_PX, bold=True)
    lines = [_lines(parts, font) for parts in captions]
    tile_height = max((tile.height for tile in tiles if tile is not None), default=TILE_PX)
    caption_height = 8 + LINE_PX * max(2, *map(len, lines))
    cell_width, cell_height = TILE_PX + GAP_PX, tile_height + caption_height + GAP_PX
    size = (columns * cell_width - GAP_PX + 2 * MARGIN_PX, rows * cell_height - GAP_PX + 2 * MARGIN_PX)
    sheet = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    for index, (tile, words) in enumerate(zip(tiles, lines, strict=True)):
        left = MARGIN_PX + index % columns * cell_width
        top = MARGIN_PX + index // columns * cell_height
        if tile is not None:
            sheet.paste(tile, (left + (TILE_PX - tile.width) // 2, top + (tile_height - tile.height) // 2))
        _caption(pen, left, top + tile_height + 8, str(index + 1), bold, words, font)
    return sheet


def _caption(
    pen: ImageDraw.ImageDraw,
    left: int,
    top: int,
    number: str,
    bold: FreeTypeFont | ImageFont,
    lines: Sequence[str],
    font: FreeTypeFont | ImageFont,
) -> None:
    """A number, and the lines beside it."""
    pen.text((left, top - 3), number, INK, bold)
    for line, words in enumerate(lines):
        pen.text((left + INDENT_PX, top + LINE_PX * line), words, SOFT_INK, font)


def _lines(parts: Sequence[str], font: FreeTypeFont | ImageFont) -> list[str]:
    """The parts, as many in a line as a tile is wide; what MOST_LINES do not hold is counted at the end."""
    room = TILE_PX - INDENT_PX
    lines: list[list[str]] = []
    for part in parts:
        if lines and font.getlength(SEPARATOR.join([*lines[-1], part])) <= room:
            lines[-1].append(part)
        else:
            lines.append([part])
    left_over = lines[MOST_LINES:]
    if left_over:
        lines = lines[:MOST_LINES]
        lines[-1] = [f"+ {sum(map(len, left_over)) + len(lines[-1])}"]
    return [SEPARATOR.join(line) for line in lines]


def _tile(path: Path | None) -> Image.Image | None:
    """A picture on the sheet's paper, at most TILE_PX wide and high; a small one in larger squares."""
    from PIL import Image, ImageOps

    if path is None:
        return None
    tile = _still(path)
    times = TILE_PX // max(tile.size)
    if times > 1:
        tile = ImageOps.scale(tile, times, Image.Resampling.NEAREST)
    tile.thumbnail((TILE_PX, TILE_PX), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", tile.size, (*PAPER, 255))
    return Image.alpha_composite(paper, tile).convert("RGB")


def _still(path: Path) -> Image.Image:
    """A picture, or the last frame of a film."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.seek(getattr(image, "n_frames", 1) - 1)
            return image.convert("RGBA")
    except UnidentifiedImageError:  # MP4 and WebM
        return _last_frame(path)


def _last_frame(path: Path) -> Image.Image:
    import av

    with av.open(str(path)) as film:
        *_, last = film.decode(video=0)
        return last.to_image().convert("RGBA")
