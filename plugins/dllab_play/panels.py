"""What the window lays over the game: menu, help, pause, the end, an agent's thoughts, a learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pygame

from dllab_play.lettering import WHITE, Lettering
from dllab_play.words import Words

Colour = tuple[int, int, int]
CREAM, PINK, GOLD, MINT, BLUE = (
    (255, 247, 230),
    (255, 112, 152),
    (255, 214, 84),
    (110, 226, 190),
    (120, 180, 255),
)
GREY, PLUM = (190, 180, 205), (38, 22, 56)
BARS = (BLUE, PINK, MINT, GOLD)


class Panels:
    """Draws on a surface of width x height pixels; unit: a five-hundredth of its height."""

    def __init__(self, width: int, height: int, words: Words) -> None:
        self.width, self.height, self.words = width, height, words
        self.unit = min(height / 540, width / 560)
        self.letters = Lettering()
        self._cards: dict[tuple[int, int, int], pygame.Surface] = {}

    def text(
        self, target: pygame.Surface, words: str, x: float, y: float, size: float, colour: Colour = WHITE,
        *, align: float = 0.0, bold: bool = True, outline: bool = False,
    ) -> int:  # fmt: skip
        """A line whose top is y; align: what share of it lies left of x. Returns its height in pixels."""
        picture = self.letters.write(words, size * self.unit, colour, bold, outline)
        target.blit(picture, (x - align * picture.get_width(), y))
        return picture.get_height()

    def card(self, target: pygame.Surface, area: pygame.Rect, solid: int = 205) -> None:
        """A rounded dark pane with a light rim."""
        key = area.width, area.height, solid
        if key not in self._cards:
            pane = pygame.Surface(area.size, pygame.SRCALPHA, 32)
            radius = round(16 * self.unit)
            pygame.draw.rect(pane, (*PLUM, solid), pane.get_rect(), border_radius=radius)
            pygame.draw.rect(
                pane, (255, 255, 255, 70), pane.get_rect(), max(1, round(2 * self.unit)), border_radius=radius
            )
            self._cards[key] = pane
        target.blit(self._cards[key], area.topleft)

    def middle(self, width: float, height: float) -> pygame.Rect:
        """An area in the middle of the picture, in units."""
        area = pygame.Rect(
            0, 0, min(round(width * self.unit), self.width), min(round(height * self.unit), self.height)
        )
        area.center = self.width // 2, self.height // 2
        return area

    def dim(self, target: pygame.Surface, share: float = 0.45) -> None:
        key = (self.width, self.height, round(-255 * share))
        if key not in self._cards:
            veil = pygame.Surface((self.width, self.height), pygame.SRCALPHA, 32)
            veil.fill((24, 10, 40, round(255 * share)))
            self._cards[key] = veil
        target.blit(self._cards[key], (0, 0))

    def menu(
        self, target: pygame.Surface, difficulty: str, level: int, scores: Sequence[tuple[str, int, int]]
    ) -> None:
        """scores: (player, score, level) of the best on this difficulty."""
        words, u = self.words, self.unit
        self.dim(target, 0.25)
        middle = self.width / 2
        self.text(target, words("title"), middle, 56 * u, 84, CREAM, align=0.5, outline=True)
        self.text(target, words("subtitle"), middle, 156 * u, 24, GOLD, align=0.5, outline=True)
        area = self.middle(420, 250)
        area.top = round(204 * u)
        self.card(target, area)
        y = area.top + 16 * u
        self.text(target, f"◀  {words(difficulty)}  ▶", middle, y, 30, PINK, align=0.5)
        self.text(target, words("level", number=level), middle, y + 42 * u, 22, WHITE, align=0.5)
        y += 82 * u
        self.text(target, words("best"), middle, y, 17, GREY, align=0.5, bold=False)
        if not scores:
            self.text(target, words("no_best"), middle, y + 28 * u, 18, CREAM, align=0.5, bold=False)
        for row, (player, score, where) in enumerate(scores[:4]):
            line, colour = y + (24 + 26 * row) * u, GOLD if row == 0 else WHITE
            self.text(target, f"{row + 1}. {player[:16]}", area.left + 50 * u, line, 19, colour)
            self.text(
                target,
                words("level", number=where),
                area.left + 250 * u,
                line,
                15,
                GREY,
                align=0.5,
                bold=False,
            )
            self.text(target, f"{score:,}", area.right - 50 * u, line, 19, colour, align=1)
        self.text(target, words("start"), middle, self.height - 76 * u, 28, CREAM, align=0.5, outline=True)
        self.text(target, words("choose"), middle, self.height - 42 * u, 17, WHITE, align=0.5, outline=True)
        self.text(
            target, words("menu_more"), middle, self.height - 20 * u, 14, WHITE, align=0.5, outline=True
        )

    def help(self, target: pygame.Surface) -> None:
        lines = self.words("help").split("\n")
        area = self.middle(460, 84 + 25 * len(lines))
        self.dim(target)
        self.card(target, area, 235)
        u = self.unit
        self.text(target, self.words("help_title"), area.centerx, area.top + 16 * u, 28, GOLD, align=0.5)
        for row, line in enumerate(lines):
            keys, _, meaning = line.partition("|")
            y = area.top + (64 + 25 * row) * u
            self.text(target, keys, area.left + 130 * u, y, 18, PINK, align=1)
            self.text(target, meaning, area.left + 152 * u, y, 18, WHITE, bold=False)

    def paused(self, target: pygame.Surface) -> None:
        self.dim(target, 0.35)
        middle = self.width / 2
        self.text(
            target, self.words("paused"), middle, self.height * 0.38, 54, CREAM, align=0.5, outline=True
        )
        hint = self.words("pause_hint")
        self.text(
            target, hint, middle, self.height * 0.38 + 76 * self.unit, 20, WHITE, align=0.5, outline=True
        )

    def over(
        self, target: pygame.Surface, ending: str, score: int, best: int | None, remarks: Sequence[str]
    ) -> None:
        """ending: one of the game's; best: the best before this game, None where there was none."""
        words, u = self.words, self.unit
        area = self.middle(440, 236 + 26 * len(remarks))
        self.dim(target, 0.35)
        self.card(target, area, 225)
        colour = GOLD if ending == "finished" else PINK
        self.text(target, words(ending), area.centerx, area.top + 20 * u, 38, colour, align=0.5)
        self.text(target, f"{score:,}", area.centerx, area.top + 72 * u, 60, WHITE, align=0.5)
        is_best = best is None or score > best
        note = words("new_best") if is_best else f"{words('best')} {best:,}"
        self.text(target, note, area.centerx, area.top + 146 * u, 21, MINT if is_best else GREY, align=0.5)
        for row, remark in enumerate(remarks):
            self.text(target, remark, area.centerx, area.top + (180 + 26 * row) * u, 18, CREAM, align=0.5)
        self.text(
            target, words("over_hint"), area.centerx, area.bottom - 36 * u, 16, GREY, align=0.5, bold=False
        )

    def ended(self, target: pygame.Surface, ending: str, score: int, remarks: Sequence[str]) -> None:
        """How an agent's game ended, for the moment before its next."""
        middle, top = self.width / 2, self.height * 0.36
        colour = GOLD if ending == "finished" else PINK
        self.text(target, self.words(f"ending_{ending}"), middle, top, 40, colour, align=0.5, outline=True)
        self.text(target, f"{score:,}", middle, top + 54 * self.unit, 52, WHITE, align=0.5, outline=True)
        for row, remark in enumerate(remarks):
            y = top + (122 + 28 * row) * self.unit
            self.text(target, remark, middle, y, 20, CREAM, align=0.5, outline=True)

    def agent(
        self, target: pygame.Surface, name: str, names: Sequence[str], thought: Any, chosen: int | None
    ) -> None:
        """Who drives, how likely each action is, and what is expected of the rest; beneath the runner."""
        u, rows = self.unit, 0 if thought.probs is None else min(len(thought.probs), 8)
        area = pygame.Rect(round(8 * u), 0, round(250 * u), round((28 + 18 * rows) * u))
        area.bottom = self.height - round(4 * u)
        self.card(target, area, 215)
        self.text(
            target, self.words("agent_drives", name=name[:18]), area.left + 10 * u, area.top + 5 * u, 15, GOLD
        )
        if thought.value is not None:
            line = self.words("value", value=round(thought.value, 1) + 0.0)  # no -0.0
            self.text(target, line, area.right - 10 * u, area.top + 6 * u, 13, MINT, align=1, bold=False)
        for row in range(rows):
            share = float(thought.probs[row])
            y = area.top + (25 + 18 * row) * u
            label = names[row] if row < len(names) else str(row)
            is_chosen = row == chosen
            self.text(target, label, area.left + 10 * u, y, 13, WHITE if is_chosen else GREY, bold=is_chosen)
            rail = pygame.Rect(
                round(area.left + 82 * u), round(y + 4 * u), round(118 * u), max(2, round(9 * u))
            )
            pygame.draw.rect(target, (70, 54, 92), rail, border_radius=rail.height // 2)
            if share > 0.01:
                bar = pygame.Rect(rail.topleft, (max(rail.height, round(rail.width * share)), rail.height))
                pygame.draw.rect(target, BARS[row % len(BARS)], bar, border_radius=rail.height // 2)
            self.text(target, f"{share:.0%}", area.right - 10 * u, y, 13, WHITE, align=1, bold=False)

    def learning(
        self,
        target: pygame.Surface,
        heading: str,
        lines: Sequence[str],
        points: Sequence[tuple[float, float]],
    ) -> None:
        """The curve of the score against the steps learnt for."""
        u = self.unit
        area = pygame.Rect(0, round(94 * u), round(270 * u), round((136 + 20 * len(lines)) * u))
        area.right = self.width - round(10 * u)
        self.card(target, area, 190)
        self.text(target, heading, area.left + 12 * u, area.top + 8 * u, 17, GOLD)
        for row, line in enumerate(lines):
            self.text(target, line, area.left + 12 * u, area.top + (31 + 19 * row) * u, 14, WHITE, bold=False)
        plot = pygame.Rect(
            round(area.left + 12 * u),
            round(area.top + (36 + 20 * len(lines)) * u),
            round(246 * u),
            round(84 * u),
        )
        pygame.draw.line(target, GREY, plot.bottomleft, plot.bottomright)
        if len(points) < 2:
            return
        steps, scores = np.asarray(points, float).T
        low, high = min(0.0, scores.min()), max(scores.max(), 1.0)
        x = plot.left + (steps - steps[0]) / max(steps[-1] - steps[0], 1) * plot.width
        y = plot.bottom - (scores - low) / (high - low) * plot.height
        curve = list(zip(x.tolist(), y.tolist(), strict=True))
        pygame.draw.lines(target, MINT, False, curve, max(2, round(2.5 * u)))
        pygame.draw.circle(target, WHITE, curve[-1], 4 * u)
        self.text(target, f"{high:,.0f}", plot.left, plot.top - 12 * u, 12, GREY, bold=False)

    def seen(self, target: pygame.Surface, observation: Any) -> None:
        """The observation itself: numbers as bars, pictures as pictures, an integer as one."""
        u, values = self.unit, np.asarray(observation)
        area = pygame.Rect(
            round(10 * u), round(96 * u), round(226 * u), round((150 if values.ndim else 64) * u)
        )
        self.card(target, area, 190)
        self.text(target, self.words("observation"), area.left + 12 * u, area.top + 7 * u, 15, GOLD)
        inner = pygame.Rect(
            round(area.left + 12 * u), round(area.top + 30 * u), round(202 * u), round(108 * u)
        )
        if values.ndim == 0:
            self.text(target, f"{values.item():,}", inner.left, inner.top, 19, WHITE)
        elif values.ndim == 1:
            _bars(target, inner, values)
        else:
            _picture(target, inner, values)

    def line(self, target: pygame.Surface, words: str, colour: Colour = WHITE, row: int = 0) -> None:
        """A short note at the middle of the lower edge; row 0 is the lowest."""
        y = self.height - (30 + 26 * row) * self.unit
        self.text(target, words, self.width / 2, y, 18, colour, align=0.5, outline=True)

    def heading(self, target: pygame.Surface, title: str, figures: str) -> None:
        """The figures of an environment that has none of its own in the picture."""
        area = pygame.Rect(
            round(10 * self.unit), round(10 * self.unit), round(300 * self.unit), round(62 * self.unit)
        )
        self.card(target, area, 190)
        self.text(target, title[:30], area.left + 14 * self.unit, area.top + 8 * self.unit, 19, GOLD)
        self.text(
            target, figures, area.left + 14 * self.unit, area.top + 34 * self.unit, 15, WHITE, bold=False
        )


def _bars(target: pygame.Surface, area: pygame.Rect, values: np.ndarray) -> None:
    """Each number a bar up or down from the middle, 1 as far as it goes."""
    shown = np.nan_to_num(values[:64].astype(float))
    shown = shown / max(1.0, float(np.abs(shown).max(initial=0)))
    step, middle = area.width / max(1, len(shown)), area.centery
    pygame.draw.line(target, GREY, (area.left, middle), (area.right, middle))
    for i, value in enumerate(shown.tolist()):
        tall = abs(value) * area.height / 2
        top = middle - tall if value > 0 else middle
        pygame.draw.rect(
            target, MINT if value > 0 else PINK, (area.left + i * step, top, max(1, step - 1), max(1, tall))
        )


def _picture(target: pygame.Surface, area: pygame.Rect, values: np.ndarray) -> None:
    """(H, W, 3) as it is; planes (C, H, W) or (H, W, C) side by side in one grey picture."""
    if values.ndim == 3 and values.shape[2] == 3:
        pixels = values.astype(np.uint8)
    else:
        planes = (
            values
            if values.ndim == 2
            else (values.max(0) if values.shape[0] < values.shape[2] else values.max(2))
        )
        bright = (planes.astype(float) / max(1.0, float(planes.max())) * 255).astype(np.uint8)
        pixels = np.repeat(bright[..., None], 3, axis=2)
    picture = pygame.image.frombuffer(
        np.ascontiguousarray(pixels).tobytes(), (pixels.shape[1], pixels.shape[0]), "RGB"
    )
    scale = min(area.width / picture.get_width(), area.height / picture.get_height())
    size = max(1, round(picture.get_width() * scale)), max(1, round(picture.get_height() * scale))
    target.blit(pygame.transform.scale(picture, size), area.topleft)
