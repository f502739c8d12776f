"""The scenery of a mood: sky, two ranges of hills and the ground, as strips that repeat without a seam."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import pygame

from jellyrun.drawing.brush import Brush, gradient, mix
from jellyrun.drawing.moods import Mood

GROUND = 1.5  # units of earth below the runner's feet
FRINGE = 0.42  # units of frosting that hang over the earth


@dataclass
class Layer:
    """A strip that repeats and moves `pace` times as fast as the ground; top: the row where it begins."""

    strip: pygame.Surface
    top: int
    pace: float

    def draw(self, target: pygame.Surface, camera: float) -> None:
        """Lay it on the target, whose left edge is `camera` pixels into the world."""
        period = self.strip.get_width()
        x = -(int(camera * self.pace) % period)
        while x < target.get_width():
            target.blit(self.strip, (x, self.top))
            x += period


@dataclass
class Scenery:
    """sky: opaque, stands still; layers: from far to near; ground: opaque, from the ground line down."""

    sky: pygame.Surface
    layers: tuple[Layer, ...]
    ground: Layer
    pit: pygame.Surface


def paint_scenery(mood: Mood, width: int, height: int, scale: float) -> Scenery:
    """All strips of a mood for a picture of width x height pixels with `scale` pixels in a unit."""
    rng = random.Random(mood.name)  # only looks; the game's random numbers are elsewhere
    line = height - round(GROUND * scale)  # of the ground, from the top
    sky = _sky(mood, width, line + 2, scale, rng)
    far = _hills(mood.far, width, scale, 2.6, ((2, 0.7), (3, 0.35), (7, 0.12)), rng, "none", mood)
    clouds = _clouds(mood, width, scale, rng)
    middle = _hills(mood.middle, width, scale, 1.3, ((1, 0.3), (3, 0.25), (5, 0.12)), rng, mood.trees, mood)
    layers = (
        Layer(clouds, round(0.06 * line), 0.06),
        Layer(far, line - far.get_height() - round(0.35 * scale), 0.16),
        Layer(middle, line - middle.get_height(), 0.4),
    )
    ground = Layer(_ground(mood, scale, height - line, rng), line, 1.0)
    under = gradient(
        (max(1, width), max(1, height - line)), (mix(mood.earth[1], (20, 8, 30), 0.55), (18, 8, 26))
    )
    return Scenery(sky, layers, ground, under)


def _sky(mood: Mood, width: int, height: int, scale: float, rng: random.Random) -> pygame.Surface:
    sky = gradient((width, height), mood.sky)
    brush = Brush(width / scale, height / scale, scale, fine=2)
    wide, tall = width / scale, height / scale
    for _ in range(mood.stars):
        size = rng.choice((0.02, 0.03, 0.045))
        brush.ellipse(
            (255, 255, 240, rng.randint(120, 255)),
            rng.uniform(0, wide),
            rng.uniform(0.35, 1) * tall,
            size,
            size,
        )
    x, y = wide * 0.77, tall * 0.72
    for radius, solid in ((1.9, 26), (1.45, 40), (1.1, 60)):
        brush.ellipse((*mood.light, solid), x, y, radius, radius)
    brush.ellipse((*mood.light, 255), x, y, 0.8, 0.8)
    if mood.stars:
        for dx, dy, r in ((-0.3, 0.2, 0.16), (0.2, -0.3, 0.22), (0.3, 0.3, 0.1)):
            brush.ellipse((*mix(mood.light, mood.sky[1], 0.25), 255), x + dx, y + dy, r, r)
    sky.blit(brush.finish(), (0, 0))
    return sky


def _clouds(mood: Mood, width: int, scale: float, rng: random.Random) -> pygame.Surface:
    """Puffs far apart, each with a lit top."""
    wide = math.ceil(width * 1.4 / scale)
    brush = Brush(wide, 3.2, scale, fine=2)
    count = max(2, wide // 5)
    for i in range(count):
        x, y = (i + 0.5) * wide / count + rng.uniform(-0.6, 0.6), rng.uniform(0.7, 2.3)
        size = rng.uniform(0.5, 0.9)
        x = min(max(x, 2.2 * size), wide - 2.2 * size)
        for shade, lift in ((mix(mood.cloud, mood.sky[0], 0.18), -0.1), (mood.cloud, 0.0)):
            for dx, dy, r in (
                (-1.2, -0.05, 0.4),
                (-0.55, 0.2, 0.62),
                (0.2, 0.34, 0.74),
                (0.95, 0.08, 0.5),
                (1.5, -0.08, 0.3),
            ):
                brush.ellipse(shade, x + dx * size, y + (dy + lift) * size, r * size, r * size * 0.72)
    cloud = brush.finish()
    pygame.surfarray.pixels_alpha(cloud)[:] = pygame.surfarray.array_alpha(cloud) // 10 * 8
    return cloud


def _hills(
    colours: tuple[tuple[int, int, int], tuple[int, int, int]],
    width: int,
    scale: float,
    base: float,
    waves: tuple[tuple[int, float], ...],
    rng: random.Random,
    trees: str,
    mood: Mood,
) -> pygame.Surface:
    """Rolling hills whose line is a sum of waves (number in a period, height), with trees on them or none."""
    wide = math.ceil(width * 1.25 / scale)
    rise = sum(height for _, height in waves)
    tall = base + 2 * rise + (1.9 if trees != "none" else 0.1)
    phases = [rng.uniform(0, 2 * math.pi) for _ in waves]

    def line(x: float) -> float:
        turns = [count * 2 * math.pi * x / wide for count, _ in waves]
        return base + sum(
            h * (1 + math.sin(t + p)) for (_, h), t, p in zip(waves, turns, phases, strict=True)
        )

    brush = Brush(wide, tall, scale, fine=2)
    if trees != "none":
        count = wide // 2
        for i in range(count):
            x = (i + rng.uniform(0.25, 0.75)) * wide / count
            size = rng.uniform(0.55, 1.0)
            x = min(max(x, 0.8), wide - 0.8)
            _tree(brush, trees, x, line(x) - 0.12, size, mood, rng)
    steps = wide * 4
    ridge = [(wide * i / steps, line(wide * i / steps)) for i in range(steps + 1)]
    hill = Brush(wide, tall, scale, fine=2)
    hill.polygon((255, 255, 255), [(0, 0), *ridge, (wide, 0)])
    hill.shade(mix(colours[0], (255, 255, 255), 0.08), colours[1], 0, base + rise * 1.6)
    hill.stroke((*mix(colours[0], (255, 255, 255), 0.35), 120), [(x, y - 0.03) for x, y in ridge], 0.06)
    brush.canvas.blit(hill.canvas, (0, 0))
    return brush.finish()


def _tree(brush: Brush, kind: str, x: float, y: float, size: float, mood: Mood, rng: random.Random) -> None:
    leaf = mix(mood.leaf, rng.choice(((255, 255, 255), (0, 0, 0), mood.leaf)), 0.14)
    light, deep = mix(leaf, (255, 255, 255), 0.3), mix(leaf, (0, 0, 0), 0.18)
    if kind == "lollies":
        brush.stroke(mood.trunk, [(x, y), (x, y + 0.95 * size)], 0.1 * size)
        brush.ellipse(deep, x, y + 1.2 * size, 0.5 * size, 0.5 * size)
        brush.ellipse(leaf, x, y + 1.23 * size, 0.45 * size, 0.45 * size)
        spiral = [
            (x + 0.036 * i * size * math.cos(i * 0.9), y + (1.23 + 0.036 * i * math.sin(i * 0.9)) * size)
            for i in range(12)
        ]
        brush.stroke(light, spiral, 0.07 * size)
    elif kind == "cones":
        for step in range(3):
            low = y + (0.15 + 0.42 * step) * size
            half = (0.52 - 0.12 * step) * size
            brush.polygon(
                deep if step % 2 else leaf, [(x - half, low), (x, low + 0.8 * size), (x + half, low)]
            )
        brush.stroke(mood.trunk, [(x, y - 0.05), (x, y + 0.16 * size)], 0.1 * size)
    elif kind == "palms":
        bend = rng.uniform(-0.25, 0.25)
        brush.stroke(
            mood.trunk, [(x, y), (x + bend * 0.4, y + 0.6 * size), (x + bend, y + 1.15 * size)], 0.11 * size
        )
        for angle in (-0.2, 0.6, 1.5, 2.5, 3.3):
            tip = x + bend + 0.62 * size * math.cos(angle), y + (1.12 + 0.32 * math.sin(angle) - 0.08) * size
            knee = x + bend + 0.34 * size * math.cos(angle), y + (1.3 + 0.22 * math.sin(angle)) * size
            brush.stroke(leaf, [(x + bend, y + 1.15 * size), knee, tip], 0.12 * size)
    else:
        brush.box(mood.trunk, x - 0.09 * size, y, x + 0.09 * size, y + 0.7 * size, 0.06)
        cap = [
            (x + 0.5 * size * math.cos(i * math.pi / 20), y + (0.6 + 0.5 * math.sin(i * math.pi / 20)) * size)
            for i in range(21)
        ]
        brush.polygon(leaf, cap)
        for dx, dy in ((-0.2, 0.76), (0.12, 0.86), (0.26, 0.7)):
            brush.ellipse(light, x + dx * size, y + dy * size, 0.07 * size, 0.06 * size)


def _ground(mood: Mood, scale: float, height: int, rng: random.Random) -> pygame.Surface:
    """Cake: a rim of frosting that drips, over sponge with crumbs; the strip is 24 units long."""
    wide, tall = 24, height / scale
    brush = Brush(wide, tall, scale, fine=2)
    brush.box((255, 255, 255), 0, 0, wide, tall)
    brush.shade(*mood.earth)
    brush.box((*mix(mood.crumb, mood.earth[0], 0.4), 255), 0, tall * 0.36, wide, tall * 0.43)
    for _ in range(70):
        x, y, r = rng.uniform(0.2, wide - 0.2), rng.uniform(0.05, tall - 0.5), rng.uniform(0.03, 0.09)
        brush.ellipse((*mood.crumb, 150), x, y, r * 1.3, r)
    shade = mix(mood.frosting, mood.earth[1], 0.42)
    for lift, colour in ((-0.07, shade), (0.0, mood.frosting)):
        brush.box(colour, -1, tall - 0.24 + lift, wide + 1, tall + 1)
        for i in range(wide):
            deep = (0.12, 0.3, 0.18, 0.08, 0.34, 0.2)[i % 6]
            brush.ellipse(colour, i + 0.5, tall - 0.24 + lift, 0.52, deep)
    brush.box(mix(mood.frosting, (255, 255, 255), 0.6), 0, tall - 0.07, wide, tall)
    sprinkles = ((255, 104, 140), (255, 200, 60), (90, 190, 255), (130, 220, 120), (190, 120, 255))
    for i in range(40):
        x, y = (i + rng.uniform(0.2, 0.8)) * wide / 40, tall - rng.uniform(0.12, 0.24)
        tilt = rng.uniform(-0.06, 0.06)
        brush.stroke(
            mix(rng.choice(sprinkles), mood.frosting, 0.25),
            [(x - 0.05, y - tilt), (x + 0.05, y + tilt)],
            0.045,
        )
    strip = pygame.Surface(brush.size, 0, 32)
    strip.blit(brush.finish(), (0, 0))
    return strip
