"""Texts in the window, in Korean and English, each painted once."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pygame

MOST_KEPT = 400
Colour = tuple[int, int, int]
WHITE, INK = (255, 255, 255), (36, 24, 54)


class Lettering:
    """Writes texts; sizes are in pixels. Without koreanize-matplotlib it has pygame's own font, no Korean."""

    def __init__(self) -> None:
        spec = find_spec("koreanize_matplotlib")
        folder = Path(spec.origin).parent / "fonts" if spec is not None and spec.origin else Path()
        self._files = {
            bold: folder / f"NanumGothic{'ExtraBold' if bold else 'Bold'}.ttf" for bold in (True, False)
        }
        self._kept: dict[tuple[object, ...], pygame.Surface] = {}

    def _open_font(self, size: float, bold: bool) -> pygame.font.Font:
        """Opened anew, in 0.1 ms: one kept over a pygame.quit(), as Gymnasium's CartPole ends, crashes."""
        pygame.font.init()
        file = self._files[bold]
        return pygame.font.Font(str(file) if file.exists() else None, max(7, round(size)))

    def write(
        self, words: str, size: float, colour: Colour = WHITE, bold: bool = True, outline: bool = False
    ) -> pygame.Surface:
        """One line on nothing. Do not change what it returns."""
        key = (words, round(size), colour, bold, outline)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        font = self._open_font(size, bold)
        front = font.render(words, True, colour)
        edge = max(1, round(size / 14)) if outline else 0
        picture = pygame.Surface(
            (front.get_width() + 2 * edge, front.get_height() + 2 * edge), pygame.SRCALPHA, 32
        )
        if outline:
            back = font.render(words, True, INK)
            reach = range(-edge, edge + 1)
            picture.blits([(back, (edge + dx, edge + dy)) for dx in reach for dy in reach], doreturn=False)
        picture.blit(front, (edge, edge))
        self._kept[key] = picture
        return picture
