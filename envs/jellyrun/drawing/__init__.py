"""How JellyRun looks: pictures drawn by code from a snapshot of the game.

Nothing here changes the game: a painter reads what `JellyRunEnv.snapshot()` says. Only `Window` needs a
display.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from jellyrun.drawing.human import DisplayError, Window
from jellyrun.drawing.painter import Painter, pixels_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["DisplayError", "Painter", "Window", "pixels_of", "render"]


def render(snapshot: Any, width: int = 512, height: int = 288) -> np.ndarray:
    """The picture of a snapshot as uint8 (height, width, 3). The same snapshot gives the same picture.

    Unlike a Painter that is told of each step, it shows no particles, which live longer than a step.
    """
    return pixels_of(_painter(int(width), int(height)).paint(snapshot))


@lru_cache(maxsize=4)
def _painter(width: int, height: int) -> Painter:
    return Painter(width, height)
