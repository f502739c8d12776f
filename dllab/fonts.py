"""The font that has Korean: NanumGothic, read from the package that carries it.

That package itself is not imported: it changes Matplotlib's settings for everyone.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

PACKAGE, FAMILY = "koreanize_matplotlib", "NanumGothic"


@cache
def font_files() -> tuple[Path, ...]:
    """Its files, of every weight; none where the package is not installed."""
    found = find_spec(PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    return tuple(file for folder in folders for file in sorted(Path(folder, "fonts").glob(f"{FAMILY}*.ttf")))


@cache
def picture_font(size: int, bold: bool = False) -> FreeTypeFont | ImageFont:
    """The font for words that Pillow draws, size in px; Pillow's own, without Korean, where there is none."""
    from PIL import ImageFont

    wanted = f"{FAMILY}{'Bold' if bold else ''}.ttf"
    for file in font_files():
        if file.name == wanted:
            return ImageFont.truetype(str(file), size)
    return ImageFont.load_default(size)
