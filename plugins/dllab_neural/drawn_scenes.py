"""Small pictures of our own, drawn by code: skies in three kinds of weather, and hands that play a game."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIDE = 128  # px of a finished picture
FINE = 2 * SIDE  # px of the canvas, which is halved at the end: smooth edges
WEATHERS = {"sunny": "맑음", "cloudy": "흐림", "rainy": "비"}
HANDS = {"rock": "바위", "paper": "보", "scissors": "가위"}
LIGHTS = (
    ((70, 140, 220), (190, 220, 245)),  # noon
    ((120, 150, 190), (245, 205, 150)),  # morning
    ((150, 95, 120), (250, 160, 90)),  # evening
    ((90, 120, 150), (205, 215, 220)),  # haze
)
SKINS = ((250, 214, 185), (225, 172, 130), (172, 115, 78), (110, 70, 48))


def draw_sky(weather: str, rng: np.random.Generator) -> np.ndarray:
    """A sky over hills in any light of the day, uint8 (SIDE, SIDE, 3); weather is one of WEATHERS.

    Sun, clouds and rain make the weather; light and hills are the same for all, so colour alone tells little.
    """
    top, bottom = (np.array(colour, float) for colour in LIGHTS[int(rng.integers(len(LIGHTS)))])
    gloom = {"sunny": 1.0, "cloudy": rng.uniform(0.75, 1.0), "rainy": rng.uniform(0.6, 0.95)}[weather]
    down = np.linspace(0, 1, FINE)[:, None, None] ** 0.8
    sky = np.broadcast_to((top * (1 - down) + bottom * down) * gloom, (FINE, FINE, 3))
    canvas = Image.fromarray(np.clip(sky + rng.normal(0, 6, 3), 0, 255).astype(np.uint8))
    if weather == "sunny":
        canvas = _sun(canvas, rng)
    for _ in range({"sunny": int(rng.integers(0, 2)), "cloudy": 6, "rainy": 5}[weather]):
        canvas = _cloud(canvas, rng, small=weather == "sunny", shade=gloom)
    _hills(canvas, rng, gloom)
    if weather == "rainy":
        canvas = _rain(canvas, rng)
    return np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _sun(canvas: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A disc with a soft glow and, now and then, rays."""
    x, y, radius = rng.uniform(0.15, 0.85) * FINE, rng.uniform(0.12, 0.5) * FINE, rng.uniform(16, 30)
    glow = Image.new("L", canvas.size, 0)
    brush = ImageDraw.Draw(glow)
    brush.ellipse((x - 2.2 * radius, y - 2.2 * radius, x + 2.2 * radius, y + 2.2 * radius), fill=150)
    glow = glow.filter(ImageFilter.GaussianBlur(radius * 0.7))
    brush = ImageDraw.Draw(glow)
    if rng.random() < 0.5:
        for angle in np.linspace(0, 2 * math.pi, 12, endpoint=False) + rng.uniform(0, 0.5):
            step = np.array([math.cos(angle), math.sin(angle)])
            ends = np.concatenate([(x, y) + 1.35 * radius * step, (x, y) + 1.9 * radius * step])
            brush.line(tuple(ends.tolist()), fill=230, width=5)
    brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return Image.composite(Image.new("RGB", canvas.size, (255, 240, 170)), canvas, glow)


def _cloud(canvas: Image.Image, rng: np.random.Generator, *, small: bool, shade: float) -> Image.Image:
    """A heap of soft discs on a flat base."""
    wide = rng.uniform(50, 70) if small else rng.uniform(90, 150)
    x, y = rng.uniform(0, FINE), rng.uniform(0.08, 0.5) * FINE
    mask = Image.new("L", canvas.size, 0)
    brush = ImageDraw.Draw(mask)
    for _ in range(9):
        at, size = x + rng.normal(0, wide / 3), rng.uniform(0.12, 0.24) * wide
        brush.ellipse((at - 1.3 * size, y - size, at + 1.3 * size, y + 0.7 * size), fill=235)
    mask = mask.filter(ImageFilter.GaussianBlur(4))
    tone = int(np.clip(rng.normal(232, 8) * shade, 0, 255))
    return Image.composite(Image.new("RGB", canvas.size, (tone, tone, min(tone + 6, 255))), canvas, mask)


def _hills(canvas: Image.Image, rng: np.random.Generator, shade: float) -> None:
    """Two rows of hills at the bottom."""
    brush = ImageDraw.Draw(canvas)
    across = np.arange(0, FINE + 1, 4)
    for height, green in ((0.70, (96, 140, 96)), (0.82, (62, 108, 66))):
        wave = np.sin(across / rng.uniform(25, 60) + rng.uniform(0, 6)) * rng.uniform(5, 14)
        ground = (height + rng.uniform(-0.04, 0.04)) * FINE + wave
        colour = tuple(int(np.clip(part * shade + rng.normal(0, 6), 0, 255)) for part in green)
        outline = [*zip(across.tolist(), ground.tolist(), strict=True), (FINE, FINE), (0, FINE)]
        brush.polygon(outline, fill=colour)


def _rain(canvas: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Slanted streaks over everything."""
    mask = Image.new("L", canvas.size, 0)
    brush = ImageDraw.Draw(mask)
    slant = rng.uniform(-0.35, 0.35)
    for _ in range(int(rng.integers(90, 150))):
        x, y, long = rng.uniform(0, FINE), rng.uniform(0, FINE), rng.uniform(14, 30)
        brush.line((x, y, x + slant * long, y + long), fill=int(rng.integers(110, 220)), width=2)
    return Image.composite(Image.new("RGB", canvas.size, (225, 232, 242)), canvas, mask)


def draw_hand(shape: str, rng: np.random.Generator) -> np.ndarray:
    """A hand before a wall, turned, moved and scaled, uint8 (SIDE, SIDE, 3); shape is one of HANDS."""
    wall = tuple(int(part) for part in rng.uniform(90, 250, 3))
    skin = np.array(SKINS[int(rng.integers(len(SKINS)))]) + rng.normal(0, 4, 3)
    fill, line = (tuple(int(part) for part in np.clip(skin * dim, 0, 255)) for dim in (1.0, 0.55))
    hand = Image.new("RGBA", (FINE, FINE), (0, 0, 0, 0))
    brush = ImageDraw.Draw(hand)
    brush.rounded_rectangle((106, 180, 150, 275), 12, fill=fill, outline=line, width=3)
    fingers = {
        "rock": (),
        "scissors": ((-22, 88), (20, 92)),
        "paper": ((-38, 72), (-14, 88), (10, 90), (34, 76)),
    }[shape]
    for angle, long in fingers:
        turn = math.radians(angle + rng.normal(0, 3))
        start = np.array([128 + 0.85 * angle, 140.0])
        end = start + long * np.array([math.sin(turn), -math.cos(turn)])
        _finger(brush, start, end, fill, line)
    if shape == "paper":
        _finger(brush, np.array([168.0, 172.0]), np.array([222.0, 128.0]), fill, line)
    brush.ellipse((82, 122, 174, 214), fill=fill, outline=line, width=3)
    for place in (0, 1, 2, 3) if shape == "rock" else (2, 3) if shape == "scissors" else ():
        left = 84 + 23 * place
        brush.rounded_rectangle((left, 112, left + 22, 160), 10, fill=fill, outline=line, width=3)
    if shape != "paper":
        brush.rounded_rectangle((100, 162, 160, 184), 11, fill=fill, outline=line, width=3)
    size = int(FINE * rng.uniform(0.75, 1.0))
    hand = hand.resize((size, size), Image.Resampling.BICUBIC)
    hand = hand.rotate(float(rng.normal(0, 14)), Image.Resampling.BICUBIC)
    canvas = Image.new("RGB", (FINE, FINE), wall)
    room = FINE - size
    canvas.paste(hand, (int(rng.uniform(0, room + 1)), int(rng.uniform(room / 2, room + 1))), hand)
    return np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def _finger(
    brush: ImageDraw.ImageDraw, start: np.ndarray, end: np.ndarray, fill: tuple, line: tuple, width: int = 24
) -> None:
    """A thick line with round ends and an outline."""
    for colour, wide in ((line, width), (fill, width - 6)):
        brush.line((*start.tolist(), *end.tolist()), fill=colour, width=wide)
        for x, y in (start, end):
            brush.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), fill=colour)


def draw_set(
    draw: Callable[[str, np.random.Generator], np.ndarray],
    classes: Sequence[str],
    each: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """So many pictures of each class: uint8 (n, SIDE, SIDE, 3) and labels (n,)."""
    pictures = np.stack([draw(name, rng) for name in classes for _ in range(each)])
    return pictures, np.repeat(np.arange(len(classes)), each)
