"""Every picture of one scale, painted when it is first needed and kept."""

from __future__ import annotations

import math
from collections.abc import Callable

import pygame

from jellyrun.drawing import runner, things
from jellyrun.drawing.brush import Brush
from jellyrun.drawing.moods import Mood
from jellyrun.drawing.scenery import Scenery, paint_scenery

MOST_KEPT = 400  # pictures; beyond it the cache begins anew


class Sprites:
    """The pictures for a view of width x height pixels with `scale` pixels in a unit of the art."""

    def __init__(self, width: int, height: int, scale: float) -> None:
        self.width, self.height, self.scale = width, height, scale
        self._kept: dict[tuple[object, ...], pygame.Surface] = {}
        self._sceneries: dict[str, Scenery] = {}

    def scenery(self, mood: Mood) -> Scenery:
        if mood.name not in self._sceneries:
            self._sceneries[mood.name] = paint_scenery(mood, self.width, self.height, self.scale)
        return self._sceneries[mood.name]

    def runner(self, pose: str, stride: int = 0, size: float = 1.0, kind: str = "runner") -> pygame.Surface:
        """kind: "runner", "ghost" (blue, translucent), "flash" (nearly white) or "trail" (a yellow shade)."""

        def paint() -> pygame.Surface:
            colour = runner.GHOST if kind == "ghost" else runner.JELLY
            picture = runner.paint_runner(self.scale * size, runner.pose(pose, stride), colour)
            if kind == "flash":
                picture.fill((120, 120, 120, 0), special_flags=pygame.BLEND_RGBA_ADD)
            elif kind == "trail":
                picture.fill((0, 0, 0, 255), special_flags=pygame.BLEND_RGBA_MULT)
                picture.fill((255, 210, 60, 0), special_flags=pygame.BLEND_RGBA_ADD)
            return fade(picture, {"ghost": 0.55, "trail": 0.28}.get(kind, 1.0))

        return self._keep(("runner", pose, stride, size, kind), paint)

    def obstacle(self, kind: str, width: float, height: float) -> pygame.Surface:
        """low, high or overhead; its box in units."""
        painters = {"low": things.paint_crystals, "high": things.paint_fork, "overhead": things.paint_ladle}
        return self._keep((kind, width, height), lambda: painters[kind](self.scale, width, height))

    def jelly(self, number: int) -> pygame.Surface:
        number %= len(things.JELLIES)
        return self._keep(("jelly", number), lambda: things.paint_jelly(self.scale, things.JELLIES[number]))

    def coin(self, flip: int) -> pygame.Surface:
        flip %= things.FLIPS
        return self._keep(("coin", flip), lambda: things.paint_coin(self.scale, flip))

    def power(self, name: str, size: float = 1.0) -> pygame.Surface:
        return self._keep((name, size), lambda: things.paint_power(self.scale * size, name))

    def dot(self, colour: tuple[int, int, int], radius: float, solid: int = 255) -> pygame.Surface:
        """A disc of a particle; radius in units."""

        def paint() -> pygame.Surface:
            brush = Brush(2 * radius + 0.04, 2 * radius + 0.04, self.scale)
            brush.ellipse((*colour, solid), radius + 0.02, radius + 0.02, radius, radius)
            return brush.finish()

        return self._keep(("dot", colour, round(radius, 3), solid), paint)

    def shadow(self, width: float) -> pygame.Surface:
        def paint() -> pygame.Surface:
            brush = Brush(width, 0.24, self.scale)
            brush.ellipse((20, 0, 30, 80), width / 2, 0.12, width / 2, 0.11)
            return brush.finish()

        return self._keep(("shadow", round(width, 1)), paint)

    def ring(self, radius: float, colour: tuple[int, int, int]) -> pygame.Surface:
        """A soft ring: the field of the magnet."""

        def paint() -> pygame.Surface:
            brush = Brush(2 * radius, 2 * radius, self.scale, fine=2)
            brush.ellipse((*colour, 40), radius, radius, radius, radius)
            edge = [turn * 2 * math.pi / 60 for turn in range(61)]
            for reach, solid in ((0.97, 150), (0.8, 70)):
                ring = [
                    (radius * (1 + reach * math.cos(a)), radius * (1 + reach * math.sin(a))) for a in edge
                ]
                brush.stroke((*colour, solid), ring, 0.05)
            return brush.finish()

        return self._keep(("ring", round(radius, 2), colour), paint)

    def _keep(self, key: tuple[object, ...], paint: Callable[[], pygame.Surface]) -> pygame.Surface:
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = paint()
        return kept


def fade(picture: pygame.Surface, share: float) -> pygame.Surface:
    """The picture, its opacity multiplied by share (0 .. 1); changed in place."""
    if share < 1:
        picture.fill((255, 255, 255, round(255 * share)), special_flags=pygame.BLEND_RGBA_MULT)
    return picture
