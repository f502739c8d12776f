"""What stands in the way, and what is to be had: cutlery and crystals, jellies, coins and powers."""

from __future__ import annotations

import math

import pygame

from jellyrun.drawing.brush import Brush, mix

UNIT = 32  # world pixels in a unit of the art
WHITE = (255, 255, 255)
INK = (44, 28, 62)
STEEL, STEEL_DARK, STEEL_LIGHT = (176, 190, 208), (112, 124, 150), (232, 240, 248)
RED = (232, 62, 72)
MARGIN = 0.2  # units around a thing's box, for outlines and glow
JELLIES = ((255, 126, 60), (126, 214, 66), (94, 170, 255), (206, 116, 255))
FLIPS = 6  # pictures of one turn of a coin


def paint_crystals(scale: float, width: float, height: float) -> pygame.Surface:
    """Sugar crystals on the ground: the low obstacle. width, height: its box, in units."""
    brush = Brush(width + 2 * MARGIN, height + 2 * MARGIN, scale)
    count = max(2, round(width / 0.34))
    step = width / count
    for i in [*range(0, count, 2), *range(1, count, 2)]:  # every second one stands in front
        middle = MARGIN + step * (i + 0.5)
        tall = height * (1.06 if i % 2 else 0.78) + MARGIN
        tip = middle + step * (0.14 if i % 2 else -0.2)
        left, right, low = middle - step * 0.72, middle + step * 0.72, MARGIN - 0.05
        waist = MARGIN + height * 0.3
        body = [(left + 0.06, low), (left, waist), (tip, tall), (right, waist), (right - 0.06, low)]
        grown = [(middle + (x - middle) * 1.3, y + (0.08 if y > waist else 0)) for x, y in body]
        brush.polygon(INK, grown)
        brush.polygon((150, 84, 214), body)
        brush.polygon(
            (206, 140, 255), [(left + 0.06, low), (left, waist), (tip, tall), (middle - step * 0.1, low)]
        )
        brush.polygon(
            (240, 208, 255), [(left + 0.03, waist), (tip, tall), (middle - step * 0.32, waist * 0.9)]
        )
    return brush.finish()


def paint_fork(scale: float, width: float, height: float) -> pygame.Surface:
    """Forks that stick in the ground, prongs up: the high obstacle. width, height: its box, in units."""
    brush = Brush(width + 2 * MARGIN, height + 2 * MARGIN, scale)
    count = max(1, round(width / 1.0))
    step = width / count
    for i in range(count):
        middle = MARGIN + step * (i + 0.5)
        half = min(0.42, step * 0.46)
        for rim in (0.07, 0.0):
            steel = INK if rim else STEEL
            neck = MARGIN + height * 0.5
            brush.box(INK if rim else RED, middle - 0.12 - rim, -0.2, middle + 0.12 + rim, neck, 0.05)
            if not rim:
                for stripe in range(4):
                    y = MARGIN + 0.12 + stripe * 0.34
                    brush.polygon(
                        WHITE,
                        [
                            (middle - 0.12, y),
                            (middle + 0.12, y + 0.1),
                            (middle + 0.12, y + 0.24),
                            (middle - 0.12, y + 0.14),
                        ],
                    )
            head = MARGIN + height * 0.66
            brush.box(steel, middle - 0.07 - rim, neck - 0.06 - rim, middle + 0.07 + rim, head, 0.02)
            brush.ellipse(steel, middle, head, half + rim, 0.26 + rim)
            for prong in range(3):
                x = middle + (prong - 1) * (half - 0.07)
                brush.box(
                    steel, x - 0.07 - rim, head, x + 0.07 + rim, MARGIN + height + rim * 0.6, 0.07 + rim
                )
        brush.ellipse(STEEL_LIGHT, middle - half * 0.45, head - 0.03, 0.06, 0.12)
        for prong in range(3):
            x = middle + (prong - 1) * (half - 0.07)
            brush.box(STEEL_LIGHT, x - 0.05, head + 0.1, x - 0.01, MARGIN + height - 0.06, 0.02)
    return brush.finish()


def paint_ladle(scale: float, width: float, height: float) -> pygame.Surface:
    """Spoons that hang from above, bowls down: the overhead obstacle. height: from its lower edge up."""
    brush = Brush(width + 2 * MARGIN, height + 2 * MARGIN, scale)
    count = max(1, round(width / 1.1))
    step = width / count
    for i in range(count):
        middle = MARGIN + step * (i + 0.5)
        half = min(0.56, step * 0.5)
        for rim in (0.07, 0.0):
            steel = INK if rim else STEEL
            brush.box(INK if rim else RED, middle - 0.11 - rim, MARGIN + 1.9, middle + 0.11 + rim, height + 1)
            brush.box(steel, middle - 0.08 - rim, MARGIN + 0.9, middle + 0.08 + rim, MARGIN + 2.0, 0.03)
            brush.ellipse(steel, middle, MARGIN + 0.68, half + rim, 0.68 + rim)
        y = MARGIN + 2.1
        while y < height + MARGIN:
            brush.polygon(
                WHITE,
                [
                    (middle - 0.11, y),
                    (middle + 0.11, y + 0.1),
                    (middle + 0.11, y + 0.24),
                    (middle - 0.11, y + 0.14),
                ],
            )
            y += 0.42
        brush.ellipse(STEEL_DARK, middle + 0.03, MARGIN + 0.66, half * 0.72, 0.5)
        brush.ellipse(mix(STEEL, STEEL_DARK, 0.35), middle + 0.06, MARGIN + 0.6, half * 0.62, 0.4)
        brush.ellipse(STEEL_LIGHT, middle - half * 0.5, MARGIN + 0.95, 0.07, 0.18)
    return brush.finish()


def paint_jelly(scale: float, colour: tuple[int, int, int]) -> pygame.Surface:
    """A little gumdrop of sugared jelly, a unit square."""
    brush = Brush(1, 1, scale)
    for rim, shade in ((0.06, mix(colour, INK, 0.62)), (0.0, mix(colour, INK, 0.14)), (-0.05, colour)):
        brush.box(shade, 0.25 - rim, 0.2 - rim, 0.75 + rim, 0.76 + rim, 0.24 + rim)
        brush.box(shade, 0.2 - rim, 0.2 - rim, 0.8 + rim, 0.46 + rim, 0.12 + rim)
    brush.ellipse(mix(colour, WHITE, 0.4), 0.5, 0.42, 0.2, 0.14)
    brush.ellipse((*WHITE, 235), 0.39, 0.64, 0.07, 0.06)
    for x, y in ((0.58, 0.6), (0.66, 0.42), (0.34, 0.34), (0.5, 0.28), (0.62, 0.28)):
        brush.ellipse((*WHITE, 180), x, y, 0.024, 0.024)
    return brush.finish()


def paint_coin(scale: float, flip: int) -> pygame.Surface:
    """A golden coin with a star, a unit square; flip 0 .. FLIPS - 1 is how far it has turned."""
    brush = Brush(1, 1, scale)
    turn = abs(math.cos(math.pi * flip / FLIPS))
    wide = max(0.08, turn)
    for radius, shade in ((0.4, (134, 76, 14)), (0.34, (255, 190, 40)), (0.27, (255, 222, 96))):
        brush.ellipse(shade, 0.5, 0.5, max(radius * wide, radius - 0.27), radius)
    points = []
    for i in range(10):
        reach = 0.2 if i % 2 == 0 else 0.09
        angle = math.pi / 2 + i * math.pi / 5
        points.append((0.5 + reach * math.cos(angle) * wide, 0.5 + reach * math.sin(angle)))
    if turn > 0.3:
        brush.polygon((232, 146, 22), points)
        brush.ellipse((*WHITE, 220), 0.5 - 0.18 * wide, 0.68, 0.05 * wide, 0.05)
    return brush.finish()


def paint_power(scale: float, name: str) -> pygame.Surface:
    """A power in its bubble, 1.4 units square: potion, giant, magnet or dash."""
    brush = Brush(1.4, 1.4, scale)
    rims = {
        "potion": (255, 110, 150),
        "giant": (255, 150, 50),
        "magnet": (96, 150, 255),
        "dash": (255, 214, 50),
    }
    colour = rims[name]
    brush.ellipse((*mix(colour, WHITE, 0.5), 90), 0.7, 0.7, 0.64, 0.64)
    brush.ellipse((*colour, 255), 0.7, 0.7, 0.56, 0.56)
    brush.ellipse((*mix(colour, WHITE, 0.8), 255), 0.7, 0.7, 0.49, 0.49)
    paint_symbol(brush, name, 0.7, 0.7, 1.0)
    brush.ellipse((*WHITE, 230), 0.46, 0.98, 0.09, 0.06)
    return brush.finish()


def paint_symbol(brush: Brush, name: str, x: float, y: float, size: float) -> None:
    """The sign of a power about (x, y): a flask, an arrow up, a magnet, a bolt."""

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x + a * size, y + b * size) for a, b in points]

    if name == "potion":
        brush.polygon(
            INK,
            at(
                [
                    (-0.12, 0.36),
                    (0.12, 0.36),
                    (0.12, 0.14),
                    (0.34, -0.3),
                    (0.26, -0.38),
                    (-0.26, -0.38),
                    (-0.34, -0.3),
                    (-0.12, 0.14),
                ]
            ),
        )
        brush.polygon(
            (240, 250, 255),
            at(
                [
                    (-0.06, 0.3),
                    (0.06, 0.3),
                    (0.06, 0.11),
                    (0.25, -0.26),
                    (0.2, -0.32),
                    (-0.2, -0.32),
                    (-0.25, -0.26),
                    (-0.06, 0.11),
                ]
            ),
        )
        brush.polygon(
            (255, 76, 130),
            at([(-0.12, 0.0), (0.12, 0.0), (0.25, -0.26), (0.2, -0.32), (-0.2, -0.32), (-0.25, -0.26)]),
        )
        brush.box((150, 96, 60), *at([(-0.1, 0.32)])[0], *at([(0.1, 0.42)])[0], 0.02)
    elif name == "giant":
        arrow = [
            (0, 0.4),
            (0.36, 0.02),
            (0.16, 0.02),
            (0.16, -0.36),
            (-0.16, -0.36),
            (-0.16, 0.02),
            (-0.36, 0.02),
        ]
        brush.polygon(INK, at([(a * 1.16, b * 1.14) for a, b in arrow]))
        brush.polygon((255, 132, 30), at([(a * 0.86, b * 0.86) for a, b in arrow]))
    elif name == "magnet":
        for rim, body, tips in ((0.05, INK, INK), (0.0, RED, (236, 240, 248))):
            arc = [
                (0.24 * math.cos(a), 0.06 - 0.24 * math.sin(a) - 0.08)
                for a in [i * math.pi / 16 for i in range(17)]
            ]
            brush.stroke(body, at([(0.24, 0.22), *arc, (-0.24, 0.22)]), (0.17 + 2 * rim) * size)
            for side in (-1, 1):
                a, b = at([(0.24 * side, 0.27)])[0]
                half = (0.085 + rim) * size
                brush.box(tips, a - half, b - (0.1 + rim) * size, a + half, b + (0.08 + rim) * size)
    else:
        bolt = [(0.12, 0.42), (-0.28, -0.06), (-0.04, -0.06), (-0.12, -0.42), (0.28, 0.08), (0.04, 0.08)]
        brush.polygon(INK, at([(a * 1.22, b * 1.12) for a, b in bolt]))
        brush.polygon((255, 190, 10), at([(a * 0.84, b * 0.86) for a, b in bolt]))
