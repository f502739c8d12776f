"""Letters with an outline, in Korean and English, each text painted once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pygame

MOST_KEPT = 300  # texts; beyond it the cache begins anew
Colour = tuple[int, int, int]


def font_path(bold: bool = True) -> str | None:
    """NanumGothic as koreanize-matplotlib brings it; None where it is missing: pygame then has its own."""
    spec = importlib.util.find_spec("koreanize_matplotlib")
    if spec is None or spec.origin is None:
        return None
    path = (
        Path(spec.origin).parent / "fonts" / ("NanumGothicExtraBold.ttf" if bold else "NanumGothicBold.ttf")
    )
    return str(path) if path.exists() else None


def open_font(size: float, bold: bool) -> pygame.font.Font:
    """The font anew, in 0.1 ms: one kept over somebody's pygame.quit(), as Gymnasium's CartPole ends, crashes."""
    pygame.font.init()
    return pygame.font.Font(font_path(bold), max(6, round(size)))


class Lettering:
    """Writes texts; sizes are in pixels. Needs no display."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], pygame.Surface] = {}

    def write(
        self, words: str, size: float, colour: Colour = (255, 255, 255),
        outline: Colour | None = (44, 28, 62), bold: bool = True,
    ) -> pygame.Surface:  # fmt: skip
        """One line of text on nothing, outlined unless outline is None. Do not change what it returns."""
        key = (words, round(size), colour, outline, bold)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        font = open_font(size, bold)
        front = font.render(words, True, colour)
        edge = max(1, round(size / 11)) if outline is not None else 0
        picture = pygame.Surface(
            (front.get_width() + 2 * edge, front.get_height() + 2 * edge), pygame.SRCALPHA, 32
        )
        if outline is not None:
            back = font.render(words, True, outline)
            reach = range(-edge, edge + 1)
            places = [(dx, dy) for dx in reach for dy in reach if dx * dx + dy * dy <= edge * edge + 1]
            picture.blits([(back, (edge + dx, edge + dy)) for dx, dy in places], doreturn=False)
        picture.blit(front, (edge, edge))
        self._kept[key] = picture
        return picture

    def number(self, value: int, size: float, colour: Colour = (255, 255, 255)) -> list[pygame.Surface]:
        """A number as one picture for each digit: quicker than a text that changes at each step."""
        return [self.write(digit, size, colour) for digit in f"{value:,}"]
