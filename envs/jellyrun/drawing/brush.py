"""A canvas measured in units, painted larger than it will be and shrunk: smooth edges without a display."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pygame

FINE = 4  # a canvas is painted so many times larger
Colour = tuple[int, ...]
Point = tuple[float, float]


class Brush:
    """Paints shapes on a transparent canvas of width x height units, y upwards from its lower edge.

    scale: pixels in a unit of the finished picture.
    """

    def __init__(self, width: float, height: float, scale: float, fine: int = FINE) -> None:
        self.size = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
        self.unit, self.fine, self.height = scale * fine, fine, height
        self.canvas = pygame.Surface((self.size[0] * fine, self.size[1] * fine), pygame.SRCALPHA, 32)

    def at(self, x: float, y: float) -> Point:
        """A point in units as one of the canvas."""
        return x * self.unit, self.canvas.get_height() - y * self.unit

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        self._laid(colour, lambda layer: pygame.draw.polygon(layer, colour, [self.at(*p) for p in points]))

    def ellipse(self, colour: Colour, x: float, y: float, rx: float, ry: float) -> None:
        """An ellipse about (x, y) with half-axes rx and ry."""
        left, top = self.at(x - rx, y + ry)
        box = pygame.Rect(round(left), round(top), round(2 * rx * self.unit), round(2 * ry * self.unit))
        self._laid(colour, lambda layer: pygame.draw.ellipse(layer, colour, box))

    def box(self, colour: Colour, x0: float, y0: float, x1: float, y1: float, radius: float = 0.0) -> None:
        """A rectangle, its corners rounded."""
        left, top = self.at(x0, y1)
        area = pygame.Rect(
            round(left), round(top), round((x1 - x0) * self.unit), round((y1 - y0) * self.unit)
        )
        corner = round(radius * self.unit)
        self._laid(colour, lambda layer: pygame.draw.rect(layer, colour, area, border_radius=corner))

    def stroke(self, colour: Colour, points: Sequence[Point], width: float) -> None:
        """A line with round ends and joints."""
        thick = max(1, round(width * self.unit))
        places = [self.at(*point) for point in points]

        def draw(layer: pygame.Surface) -> None:
            for start, end in pairwise(places):
                _thick_line(layer, colour, start, end, thick)
            for place in places:
                pygame.draw.circle(layer, colour, place, thick / 2)

        self._laid(colour, draw)

    def _laid(self, colour: Colour, draw: Callable[[pygame.Surface], None]) -> None:
        """Draw; a translucent colour on a layer of its own, since pygame.draw replaces and does not blend."""
        if len(colour) < 4 or colour[3] == 255:
            draw(self.canvas)
            return
        layer = pygame.Surface(self.canvas.get_size(), pygame.SRCALPHA, 32)
        draw(layer)
        self.canvas.blit(layer, (0, 0))

    def shade(self, top: Colour, bottom: Colour, y0: float = 0.0, y1: float | None = None) -> None:
        """Multiply what is painted by a colour that runs from y1 (top) down to y0 (bottom)."""
        y1 = self.height if y1 is None else y1
        rows = self.canvas.get_height()
        heights = (rows - np.arange(rows)) / self.unit  # in units
        share = np.clip((heights - y0) / max(y1 - y0, 1e-6), 0, 1)[:, None]
        colours = np.asarray(bottom[:3]) * (1 - share) + np.asarray(top[:3]) * share  # (rows, 3)
        pixels = pygame.surfarray.pixels3d(self.canvas)  # (W, rows, 3)
        pixels[:] = (pixels * (colours / 255)[None]).astype(np.uint8)

    def finish(self) -> pygame.Surface:
        """The picture at its own size, edges smooth: colours are averaged by how solid they are."""
        width, height = self.size
        colours = pygame.surfarray.pixels3d(self.canvas)  # (W, H, 3) of the canvas
        solid = pygame.surfarray.pixels_alpha(self.canvas)
        summed, weight = np.zeros((width, height, 3), np.float32), np.zeros((width, height), np.float32)
        for i in range(self.fine):
            for j in range(self.fine):
                share = solid[i :: self.fine, j :: self.fine].astype(np.float32)
                weight += share
                summed += colours[i :: self.fine, j :: self.fine] * share[..., None]
        del colours, solid  # they lock the canvas
        small = pygame.Surface(self.size, pygame.SRCALPHA, 32)
        pygame.surfarray.pixels3d(small)[:] = np.round(summed / np.maximum(weight, 1)[..., None])
        pygame.surfarray.pixels_alpha(small)[:] = np.round(weight / self.fine**2)
        return small


def _thick_line(layer: pygame.Surface, colour: Colour, start: Point, end: Point, thick: float) -> None:
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    if length == 0:
        return
    across = (start[1] - end[1]) / length * thick / 2, (end[0] - start[0]) / length * thick / 2
    corners = [
        (start[0] + across[0], start[1] + across[1]), (end[0] + across[0], end[1] + across[1]),
        (end[0] - across[0], end[1] - across[1]), (start[0] - across[0], start[1] - across[1]),
    ]  # fmt: skip
    pygame.draw.polygon(layer, colour, corners)


def mix(first: Colour, second: Colour, share: float) -> tuple[int, int, int]:
    """A colour between two: share 0 is the first, 1 the second."""
    mixed = [round(a + (b - a) * share) for a, b in zip(first[:3], second[:3], strict=True)]
    return mixed[0], mixed[1], mixed[2]


def gradient(size: tuple[int, int], stops: Sequence[Colour]) -> pygame.Surface:
    """An opaque surface whose colour runs through the stops from top to bottom."""
    height = size[1]
    places = np.linspace(0, 1, len(stops))
    rows = np.linspace(0, 1, height)
    table = np.stack([np.interp(rows, places, [stop[i] for stop in stops]) for i in range(3)], axis=1)
    surface = pygame.Surface(size, 0, 32)
    pygame.surfarray.pixels3d(surface)[:] = np.round(table).astype(np.uint8)[None]
    return surface
