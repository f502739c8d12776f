"""What the player reads while running: energy, score, powers, progress, level and speed."""

from __future__ import annotations

import math
from typing import Any

import pygame

from jellyrun import rules
from jellyrun.drawing.brush import gradient
from jellyrun.drawing.lettering import Lettering
from jellyrun.drawing.sprites import Sprites

WORDS = {
    "en": {"easy": "easy", "normal": "normal", "hard": "hard", "ramp": "ramp", "level": "level {number}",
           "test": "test", "speed": "{speed:.1f} tiles/s", "own": "own level", "combo": "combo"},
    "ko": {"easy": "쉬움", "normal": "보통", "hard": "어려움", "ramp": "점점 어렵게",
           "level": "레벨 {number}", "test": "시험", "speed": "초속 {speed:.1f}칸",
           "own": "내 레벨", "combo": "콤보"},
}  # fmt: skip
LONGEST = {"giant": rules.GIANT_STEPS, "magnet": rules.MAGNET_STEPS, "dash": rules.DASH_STEPS}
INK = (44, 28, 62)
FULL, LOW = ((255, 214, 84), (255, 120, 60)), ((255, 120, 110), (226, 30, 70))


class Hud:
    """Draws on a picture of width x height pixels; zoom: how much larger it is than 512 x 288."""

    def __init__(
        self, width: int, height: int, zoom: float, sprites: Sprites, lettering: Lettering, language: str
    ) -> None:
        self.width, self.height, self.zoom = width, height, zoom
        self.sprites, self.lettering = sprites, lettering
        self.words = WORDS["ko" if language == "ko" else "en"]
        narrow = width < 420 * zoom
        self.bar = pygame.Rect(
            round(34 * zoom), round(12 * zoom), round((96 if narrow else 150) * zoom), round(13 * zoom)
        )
        self._frame, self._fills = self._paint_bar()
        self._is_narrow = narrow

    def _paint_bar(self) -> tuple[pygame.Surface, tuple[pygame.Surface, pygame.Surface]]:
        edge, bar = max(2, round(2.4 * self.zoom)), self.bar
        frame = pygame.Surface((bar.width + 2 * edge, bar.height + 2 * edge), pygame.SRCALPHA, 32)
        pygame.draw.rect(frame, (*INK, 255), frame.get_rect(), border_radius=frame.get_height() // 2)
        pygame.draw.rect(frame, (92, 74, 110, 255), (edge, edge, *bar.size), border_radius=bar.height // 2)
        fills = []
        for stops in (FULL, LOW):
            fill = gradient(bar.size, stops)
            pygame.draw.rect(
                fill,
                (255, 255, 255),
                (bar.height // 2, bar.height // 5, bar.width - bar.height, max(1, bar.height // 6)),
            )
            mask = pygame.Surface(bar.size, pygame.SRCALPHA, 32)
            pygame.draw.rect(mask, (255, 255, 255, 255), ((0, 0), bar.size), border_radius=bar.height // 2)
            mask.blit(fill, (0, 0), special_flags=pygame.BLEND_RGBA_MULT)
            fills.append(mask)
        return frame, (fills[0], fills[1])

    def draw(self, target: pygame.Surface, snapshot: Any) -> None:
        self._energy(target, snapshot)
        self._score(target, snapshot)
        self._powers(target, snapshot)
        self._progress(target, snapshot)

    def _energy(self, target: pygame.Surface, snapshot: Any) -> None:
        bar, edge = self.bar, (self._frame.get_width() - self.bar.width) // 2
        target.blit(self._frame, (bar.x - edge, bar.y - edge))
        share = min(max(float(snapshot.energy), 0.0), 1.0)
        is_low = share < 0.25 and snapshot.step % 10 < 5
        target.blit(
            self._fills[1 if is_low else 0], bar.topleft, (0, 0, round(bar.width * share), bar.height)
        )
        heart = self.sprites.power("potion", 0.62)
        target.blit(heart, (round(6 * self.zoom), bar.centery - heart.get_height() // 2))

    def _score(self, target: pygame.Surface, snapshot: Any) -> None:
        glyphs = self.lettering.number(int(snapshot.score), 22 * self.zoom)
        overlap = 2 * max(1, round(2 * self.zoom))
        x = self.width - round(10 * self.zoom)
        for glyph in reversed(glyphs):
            x -= glyph.get_width() - overlap
            target.blit(glyph, (x, round(5 * self.zoom)))
        if snapshot.combo >= 5:
            words = self.lettering.write(
                f"{self.words['combo']} {snapshot.combo}", 13 * self.zoom, (255, 226, 110)
            )
            target.blit(
                words, (self.width - words.get_width() - round(10 * self.zoom), round(33 * self.zoom))
            )

    def _powers(self, target: pygame.Surface, snapshot: Any) -> None:
        """An icon for each power in force, in a ring that runs out."""
        x, y, zoom = round(8 * self.zoom), round(34 * self.zoom), self.zoom
        for name in LONGEST:
            left = int(getattr(snapshot, name))
            if not left:
                continue
            icon = self.sprites.power(name, 0.75)
            target.blit(icon, (x, y))
            ring = pygame.Rect(x, y, icon.get_width(), icon.get_height()).inflate(2 * zoom, 2 * zoom)
            end = math.pi / 2 + 2 * math.pi * min(1.0, left / LONGEST[name])
            pygame.draw.arc(target, INK, ring, 0, 2 * math.pi, max(2, round(3.4 * zoom)))
            pygame.draw.arc(
                target,
                (130, 240, 150),
                ring.inflate(-zoom, -zoom),
                math.pi / 2,
                end,
                max(2, round(2.4 * zoom)),
            )
            x += icon.get_width() + round(8 * zoom)

    def _progress(self, target: pygame.Surface, snapshot: Any) -> None:
        zoom = self.zoom
        wide = round((80 if self._is_narrow else 130) * zoom)
        x0 = round(self.width / 2 - wide / 2 + (0 if self._is_narrow else 30 * zoom))
        y = self.height - round(14 * zoom) if self._is_narrow else round(13 * zoom)
        thick = max(2, round(5 * zoom))
        pygame.draw.rect(target, INK, (x0 - 2, y - 2, wide + 4, thick + 4), border_radius=thick)
        share = min(max(float(snapshot.progress), 0.0), 1.0)
        pygame.draw.rect(
            target, (255, 247, 230), (x0, y, round(wide * share), thick), border_radius=thick // 2
        )
        head = self.sprites.dot((240, 62, 112), 0.17)
        target.blit(head, (x0 + wide * share - head.get_width() / 2, y + thick / 2 - head.get_height() / 2))
        goal = x0 + wide
        pygame.draw.line(
            target, INK, (goal, y - 5 * zoom), (goal, y + thick + 2 * zoom), max(1, round(1.6 * zoom))
        )
        flag = [(goal, y - 6 * zoom), (goal + 7 * zoom, y - 3.4 * zoom), (goal, y - 0.8 * zoom)]
        pygame.draw.polygon(target, (255, 90, 90), flag)
        words = self.lettering.write(self.title(snapshot), 10.5 * zoom, (255, 255, 255))
        target.blit(
            words,
            (
                x0 + wide / 2 - words.get_width() / 2,
                y + (-22 * zoom if self._is_narrow else thick + 2 * zoom),
            ),
        )
        speed = float(snapshot.speed) * rules.STEPS_PER_SECOND / rules.TILE  # pixels a step -> tiles a second
        pace = self.lettering.write(self.words["speed"].format(speed=speed), 10.5 * zoom, (226, 240, 255))
        target.blit(
            pace,
            (
                self.width - pace.get_width() - round(8 * zoom),
                self.height - pace.get_height() - round(4 * zoom),
            ),
        )

    def title(self, snapshot: Any) -> str:
        """Such as "easy, level 17", with "test" for a level that nobody learns on."""
        if int(snapshot.level) < 0:
            return snapshot.seed_name[:24] or self.words["own"]
        parts = [
            self.words.get(snapshot.difficulty, snapshot.difficulty),
            self.words["level"].format(number=snapshot.level),
        ]
        if snapshot.split == "test":
            parts.append(self.words["test"])
        return " · ".join(parts)
