"""The runner: a jelly out of its mould with cream and a cherry, in all its poses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pygame

from jellyrun.drawing.brush import Brush, mix

STRIDES = 8  # pictures of one cycle of the legs
WIDE, TALL = 1.9, 2.0  # the canvas around a body that is about 0.8 wide and 1.3 high, in units
FOOT = 0.2  # height of the ground line above the canvas's lower edge, in units

Colour = tuple[int, int, int]
JELLY = (240, 62, 112)
GHOST = (134, 164, 214)
OUTLINE = (104, 18, 62)
CREAM = (255, 247, 230)
SHOE = (44, 190, 190)
WHITE = (255, 255, 255)
INK = (52, 12, 40)


@dataclass(frozen=True)
class Pose:
    """How the body stands: its half-width and height in units, and what face and limbs do.

    lean: how far the top leans forward; lift: of the body over the ground; feet: two (x, y) from the
    body's middle; hands: two (x, y); eyes: "open", "closed", "cross" or "wide"; mouth: "smile", "open" or
    "wavy".
    """

    half: float
    height: float
    lean: float
    lift: float
    feet: tuple[tuple[float, float], ...]
    hands: tuple[tuple[float, float], ...]
    eyes: str = "open"
    mouth: str = "smile"


STILL = {
    "jump": Pose(
        0.36, 1.16, 0.05, 0.1, ((-0.17, -0.02), (0.14, 0.12)), ((-0.42, 0.7), (0.44, 0.78)), "wide", "open"
    ),
    "fall": Pose(
        0.39, 1.06, 0.0, 0.12, ((-0.2, 0.02), (0.2, 0.08)), ((-0.46, 0.8), (0.47, 0.84)), "wide", "smile"
    ),
    "double": Pose(
        0.38, 1.1, 0.1, 0.14, ((-0.28, 0.14), (0.04, 0.0)), ((-0.46, 0.3), (0.52, 0.8)), "closed", "open"
    ),
    "slide": Pose(
        0.6, 0.5, -0.14, 0.03, ((0.46, 0.04), (0.58, 0.17)), ((-0.5, 0.3), (-0.36, 0.14)), "closed", "smile"
    ),
    "hurt": Pose(
        0.44, 0.92, -0.14, 0.12, ((-0.22, 0.0), (0.26, 0.12)), ((-0.48, 0.6), (0.46, 0.64)), "cross", "wavy"
    ),
    "happy": Pose(
        0.41, 1.02, 0.0, 0.16, ((-0.17, 0.0), (0.17, 0.0)), ((-0.46, 0.8), (0.46, 0.8)), "closed", "open"
    ),
}


def pose(name: str, stride: int = 0) -> Pose:
    """The pose of a name: run, jump, fall, double, slide, hurt or happy; stride is 0 .. STRIDES - 1.

    Raises ValueError for another name.
    """
    if name == "run":
        turn = 2 * math.pi * stride / STRIDES
        bob = 0.06 * abs(math.sin(turn))
        feet = tuple((0.27 * math.cos(turn + s), max(0.0, 0.2 * math.sin(turn + s))) for s in (0, math.pi))
        hands = tuple((0.44 * side, 0.4 + 0.13 * math.sin(turn + s)) for side, s in ((-1, 0), (1, math.pi)))
        return Pose(0.41 + bob / 4, 1.0 - bob, 0.08, 0.15 + bob, feet, hands)
    if name not in STILL:
        raise ValueError(f"a runner has no pose {name!r}; it has run, {', '.join(STILL)}")
    return STILL[name]


def paint_runner(scale: float, shape: Pose, colour: Colour = JELLY) -> pygame.Surface:
    """A picture of a pose, WIDE x TALL units, its feet FOOT above the lower edge, its middle in the middle.

    scale: pixels in a unit, which is as wide as a runner is.
    """
    brush = Brush(WIDE, TALL, scale)
    middle, ground = WIDE / 2, FOOT
    dark = mix(OUTLINE, colour, 0.2)
    _shoes(brush, shape, middle, ground, dark)
    brush.polygon(dark, _outline(shape, middle, ground, 0.05))
    _inside(brush, shape, middle, ground, colour)
    _cream(brush, shape, middle, ground, dark)
    for x, y in shape.hands:
        place = middle + x, ground + shape.lift + y * shape.height
        brush.ellipse(dark, *place, 0.12, 0.12)
        brush.ellipse(mix(colour, (255, 255, 255), 0.12), *place, 0.08, 0.08)
    _face(brush, shape, middle, ground)
    return brush.finish()


def _outline(shape: Pose, middle: float, ground: float, grow: float) -> list[tuple[float, float]]:
    """A pudding from its mould: round above, wider and flat below, its top leaning forward."""
    points = []
    for i in range(96):
        turn = 2 * math.pi * i / 96
        across, up = math.cos(turn), math.sin(turn)
        height = (1 + up**0.9) / 2 if up > 0 else (1 - abs(up) ** 0.5 * 0.86) / 2  # flattened below
        wide = shape.half * (1.12 - 0.3 * height) + grow
        x = middle + math.copysign(abs(across) ** 0.72, across) * wide + shape.lean * (height - 0.3)
        y = ground + shape.lift + (height - 0.07) * (shape.height + 2 * grow) / 0.93 - grow
        points.append((x, y))
    return points


def _inside(brush: Brush, shape: Pose, middle: float, ground: float, colour: Colour) -> None:
    """The jelly itself: darker at the rim, lighter at the heart, with flutes, a gloss and bubbles."""
    base = ground + shape.lift
    rims = ((0.0, mix(colour, (70, 0, 60), 0.2)), (-0.04, colour), (-0.12, mix(colour, WHITE, 0.14)))
    for number, (grow, shade) in enumerate(rims):
        outline = _outline(shape, middle, ground, grow)
        brush.polygon(shade, [(x + 0.012 * number, y + 0.015 * number) for x, y in outline])
    for share in (-0.62, -0.2, 0.22, 0.64):
        foot = middle + share * shape.half
        top = middle + share * shape.half * 0.84 + 0.3 * shape.lean
        brush.stroke((*WHITE, 46), [(foot, base + 0.08), (top, base + 0.36 * shape.height)], 0.07)
    brush.ellipse(
        (*WHITE, 120), middle - 0.62 * shape.half, base + 0.5 * shape.height, 0.04, 0.14 * shape.height
    )
    brush.ellipse((*WHITE, 110), middle - 0.3 * shape.half, base + 0.16 * shape.height, 0.04, 0.04)


def _cream(brush: Brush, shape: Pose, middle: float, ground: float, dark: Colour) -> None:
    """Whipped cream that runs down from the top, and a cherry on it."""
    base, top = ground + shape.lift, ground + shape.lift + shape.height
    edge = base + 0.76 * shape.height
    crown = [point for point in _outline(shape, middle, ground, 0.015) if point[1] >= edge]
    left, right = min(x for x, _ in crown), max(x for x, _ in crown)
    crown.sort(key=lambda point: -math.atan2(point[1] - edge, point[0] - (left + right) / 2))
    drops = 4
    for rim, shade in ((0.045, dark), (0.0, CREAM)):
        brush.polygon(shade, crown)
        for i in range(drops):
            wide = (right - left) / drops / 2
            x, deep = left + wide * (2 * i + 1), (0.07, 0.13, 0.06, 0.11)[i] * min(1, shape.height)
            brush.ellipse(shade, x, edge, wide * (1.0 if rim else 0.99) + rim * 0.6, deep + rim)
        if not rim:
            brush.polygon(shade, crown)
    tip = middle + 0.72 * shape.lean
    squat = min(1.0, 0.35 + 0.65 * shape.height)
    for rim, shade in ((0.045, dark), (0.0, CREAM)):
        brush.ellipse(shade, tip, top + 0.01, 0.2 + rim, 0.1 * squat + rim)
    brush.ellipse(mix(CREAM, (214, 150, 170), 0.35), tip, top - 0.04, 0.15, 0.025)
    cherry = tip + 0.02, top + 0.13 * squat + 0.02
    brush.stroke(
        (64, 130, 60),
        [cherry, (cherry[0] - 0.03, cherry[1] + 0.14), (cherry[0] - 0.1, cherry[1] + 0.2)],
        0.04,
    )
    brush.ellipse(dark, *cherry, 0.125, 0.12)
    brush.ellipse((214, 24, 54), *cherry, 0.09, 0.085)
    brush.ellipse((*WHITE, 220), cherry[0] - 0.03, cherry[1] + 0.03, 0.03, 0.025)


def _shoes(brush: Brush, shape: Pose, middle: float, ground: float, dark: Colour) -> None:
    for number, (x, y) in enumerate(shape.feet):
        hip = middle + (0.13 if number else -0.13) + x * 0.2
        shade = SHOE if number else mix(SHOE, (0, 30, 60), 0.3)
        foot, sole = middle + x + 0.05, ground + y
        brush.stroke(dark, [(hip, ground + shape.lift + 0.12), (middle + x, sole + 0.1)], 0.13)
        brush.box(dark, foot - 0.19, sole - 0.02, foot + 0.22, sole + 0.2, 0.1)
        brush.box(shade, foot - 0.15, sole + 0.03, foot + 0.18, sole + 0.165, 0.07)
        brush.box(WHITE, foot - 0.15, sole + 0.015, foot + 0.18, sole + 0.06, 0.02)


def _face(brush: Brush, shape: Pose, middle: float, ground: float) -> None:
    """Eyes, cheeks and mouth, looking to the right."""
    centre = middle + 0.11 + 0.4 * shape.lean + (0.22 if shape.height < 0.7 else 0)
    level = ground + shape.lift + (0.5 if shape.height > 0.7 else 0.44) * shape.height
    for side in (-1, 1):
        x = centre + 0.15 * side
        if shape.eyes in ("open", "wide"):
            tall = 0.155 if shape.eyes == "wide" else 0.135
            brush.ellipse(WHITE, x, level, 0.1, tall)
            brush.ellipse(INK, x + 0.03, level, 0.064, tall * 0.72)
            brush.ellipse(WHITE, x + 0.052, level + 0.045, 0.026, 0.03)
        elif shape.eyes == "closed":
            arc = [(x + 0.09 * math.cos(a), level - 0.03 + 0.08 * math.sin(a)) for a in _angles(0.15, 2.99)]
            brush.stroke(INK, arc, 0.045)
        else:
            for tilt in (-1, 1):
                brush.stroke(INK, [(x - 0.07, level - 0.07 * tilt), (x + 0.07, level + 0.07 * tilt)], 0.045)
        brush.ellipse((255, 176, 150, 170), x + 0.1 * side, level - 0.16, 0.065, 0.04)
    mouth = level - 0.17
    if shape.mouth == "open":
        brush.ellipse(INK, centre, mouth - 0.01, 0.07, 0.075)
        brush.ellipse((255, 120, 130), centre, mouth - 0.045, 0.042, 0.032)
    elif shape.mouth == "wavy":
        brush.stroke(INK, [(centre - 0.12 + 0.06 * i, mouth + 0.025 * (-1) ** i) for i in range(5)], 0.04)
    else:
        arc = [(centre + 0.07 * math.cos(a), mouth + 0.02 + 0.06 * math.sin(a)) for a in _angles(-2.9, -0.24)]
        brush.stroke(INK, arc, 0.04)


def _angles(start: float, end: float) -> list[float]:
    return [start + (end - start) * i / 10 for i in range(11)]
