"""Portraits of biscuit people, drawn by code: 32 x 32 colour pictures with captions and attributes.

Everything is drawn at four times the size with Pillow and then averaged down, so that edges are soft.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dllab_images.attributes import ATTRIBUTES, drawn_attributes
from dllab_images.captions import caption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import ImageDraw

SIZE = 32  # px of a portrait
FINE = 4  # times as large while it is drawn

BISCUIT = (214, 158, 92)
ICINGS = {
    "pink": (247, 158, 184),
    "chocolate": (138, 84, 54),
    "mint": (150, 221, 184),
    "white": (252, 246, 234),
}
HATS = {"red": (214, 48, 49), "blue": (45, 98, 214), "green": (38, 150, 74), "yellow": (248, 200, 40)}
BACKGROUNDS = {
    "blue": (140, 196, 244),
    "lilac": (196, 168, 236),
    "cream": (250, 232, 192),
    "grey": (166, 170, 176),
    "night": (42, 46, 84),
}
SPRINKLES = ((236, 60, 80), (60, 120, 230), (250, 205, 60), (70, 180, 90), (255, 255, 255))
INK, CHIP, CHEEK = (44, 28, 24), (50, 26, 16), (240, 120, 120)
FACE_OF_SHAPE = {
    "round": 1.0,
    "square": 0.9,
    "heart": 1.12,
    "star": 1.26,
    "flower": 1.04,
}  # size beside a disc


@dataclass(frozen=True)
class Portraits:
    """Pictures with what is known of them.

    images: uint8 (N, 32, 32, 3). attributes: name to int64 (N,), places in ATTRIBUTES; the colour of a hat is
    drawn for those without one too. captions: N texts; korean says which are Korean.
    """

    images: np.ndarray
    attributes: dict[str, np.ndarray]
    captions: tuple[str, ...]
    korean: np.ndarray


def portraits(count: int, seed: int, korean: float = 0.4, first: int = 0) -> Portraits:
    """`count` portraits of the endless row that the seed gives, from place `first` on.

    Each depends on the seed and its place alone. korean: share of the captions that are Korean.
    """
    images = np.empty((count, SIZE, SIZE, 3), dtype=np.uint8)
    labels = {name: np.empty(count, dtype=np.int64) for name in ATTRIBUTES}
    captions, is_korean = [], np.empty(count, dtype=bool)
    for k in range(count):
        rng = np.random.default_rng([seed, first + k])
        chosen = drawn_attributes(rng)
        images[k] = portrait(chosen, rng)
        for name, place in chosen.items():
            labels[name][k] = place
        is_korean[k] = rng.random() < korean
        captions.append(caption(chosen, rng, "ko" if is_korean[k] else "en"))
    return Portraits(images, labels, tuple(captions), is_korean)


def portrait(chosen: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    """One portrait uint8 (32, 32, 3) with these attributes; all else (place, size, tints) by chance."""
    from PIL import Image, ImageDraw

    named = {name: ATTRIBUTES[name][place] for name, place in chosen.items()}
    ground = _tinted(BACKGROUNDS[named["background"]], rng, 8)
    picture = Image.new("RGB", (SIZE * FINE, SIZE * FINE), ground)
    brush = ImageDraw.Draw(picture)
    glow = tuple(min(255, value + 14) for value in ground)
    _disc(brush, 16, 18, rng.uniform(12.5, 15.5), glow)

    x, y = 16 + rng.uniform(-0.8, 0.8), 19 + rng.uniform(-0.6, 0.6)
    r = 10.2 * rng.uniform(0.94, 1.05)
    _biscuit(brush, named, x, y, r, rng)
    _toppings(brush, named["topping"], x, y, r, rng)
    _face(brush, named, x, y, r, rng)
    _glasses(brush, named["glasses"], x, y, r)
    _hat(brush, named["hat"], _tinted(HATS[named["hat_colour"]], rng, 10), x, y, r)
    return np.asarray(picture.reduce(FINE))


def _tinted(colour: Sequence[int], rng: np.random.Generator, spread: int) -> tuple[int, ...]:
    """The colour with each channel moved by at most `spread`."""
    return tuple(int(np.clip(value + rng.integers(-spread, spread + 1), 0, 255)) for value in colour)


def _darker(colour: Sequence[int], share: float = 0.75) -> tuple[int, ...]:
    return tuple(int(value * share) for value in colour)


def _box(x: float, y: float, rx: float, ry: float | None = None) -> list[float]:
    """A box around (x, y), in px of the finished portrait, as Pillow wants it."""
    ry = rx if ry is None else ry
    return [(x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE - 1, (y + ry) * FINE - 1]


def _disc(brush: ImageDraw.ImageDraw, x: float, y: float, r: float, colour: Sequence[int]) -> None:
    brush.ellipse(_box(x, y, r), fill=tuple(colour))


def _line(
    brush: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: Sequence[int], width: float
) -> None:
    places = [(x * FINE, y * FINE) for x, y in points]
    brush.line(places, fill=tuple(colour), width=max(1, round(width * FINE)), joint="curve")


def _filled(brush: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: Sequence[int]) -> None:
    brush.polygon([(x * FINE, y * FINE) for x, y in points], fill=tuple(colour))


# Outlines of radius 1 as (n, 2): the biscuit and, smaller, its icing.


def _outline(shape: str) -> np.ndarray:
    t = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    circle = np.stack([np.cos(t), np.sin(t)], axis=1)
    if shape == "square":
        reach = (np.abs(circle) ** 6).sum(axis=1, keepdims=True) ** (-1 / 6)
        return circle * reach
    if shape == "heart":
        x = 16 * np.sin(t) ** 3
        y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
        return np.stack([x / 16, (y - 2.5) / 15.5], axis=1)
    if shape == "star":
        return circle * (0.82 + 0.2 * np.cos(5 * (t + math.pi / 2)))[:, None]
    if shape == "flower":
        return circle * (0.82 + 0.22 * np.abs(np.sin(3 * t)))[:, None]
    return circle


OUTLINES = {shape: _outline(shape) for shape in ATTRIBUTES["shape"]}


def _biscuit(
    brush: ImageDraw.ImageDraw, named: dict[str, str], x: float, y: float, r: float, rng: np.random.Generator
) -> None:
    """The biscuit with its baked edge, and its icing."""
    outline = OUTLINES[named["shape"]] * (r * FACE_OF_SHAPE[named["shape"]])
    crust = _tinted(BISCUIT, rng, 10)
    for size, colour in ((1.0, _darker(crust, 0.72)), (0.92, crust)):
        _filled(brush, [(x + size * dx, y + size * dy) for dx, dy in outline], colour)
    if named["icing"] == "plain":
        for angle in rng.uniform(0, 2 * math.pi, size=5):  # pricks, as in shortbread
            reach = 0.62 * r
            _disc(brush, x + reach * math.cos(angle), y + reach * math.sin(angle), 0.35, _darker(crust, 0.8))
        return
    icing = _tinted(ICINGS[named["icing"]], rng, 8)
    _filled(brush, [(x + 0.82 * dx, y + 0.82 * dy) for dx, dy in outline], icing)


def _toppings(
    brush: ImageDraw.ImageDraw, topping: str, x: float, y: float, r: float, rng: np.random.Generator
) -> None:
    """Sprinkles or chips around the face, where neither eyes nor mouth are."""
    if topping == "none":
        return
    count = 12 if topping == "sprinkles" else 8
    turn = rng.uniform(0, 2 * math.pi)
    for k in range(count):
        angle = turn + 2 * math.pi * (k + rng.uniform(-0.25, 0.25)) / count
        reach = r * rng.uniform(0.66, 0.78)
        px, py = x + reach * math.cos(angle), y + reach * math.sin(angle)
        if topping == "chips":
            _disc(brush, px, py, rng.uniform(0.85, 1.1), CHIP)
            continue
        lean = rng.uniform(0, math.pi)
        dx, dy = 0.9 * math.cos(lean), 0.9 * math.sin(lean)
        colour = SPRINKLES[int(rng.integers(len(SPRINKLES)))]
        _line(brush, [(px - dx, py - dy), (px + dx, py + dy)], colour, 0.95)


def _face(
    brush: ImageDraw.ImageDraw, named: dict[str, str], x: float, y: float, r: float, rng: np.random.Generator
) -> None:
    """Cheeks, eyes and mouth; light lines on chocolate."""
    ink = (255, 240, 224) if named["icing"] == "chocolate" else INK
    apart, eye_y, mouth_y = 0.36 * r, y - 0.1 * r, y + 0.34 * r
    for side in (-1, 1):
        _disc(brush, x + side * 0.58 * r, y + 0.24 * r, 1.25, CHEEK)
        ex = x + side * apart
        if named["eyes"] == "open":
            _disc(brush, ex, eye_y, 1.55, ink)
            shine = INK if ink != INK else (255, 255, 255)
            _disc(brush, ex + 0.45, eye_y - 0.5, 0.55, shine)
        else:
            start, end, drop = (180, 360, 0.7) if named["eyes"] == "happy" else (0, 180, -0.7)
            brush.arc(_box(ex, eye_y + drop, 1.7, 1.6), start, end, fill=ink, width=round(0.95 * FINE))
    wide = rng.uniform(2.2, 2.9)
    if named["mouth"] == "smile":
        brush.arc(_box(x, mouth_y - 0.9, wide, 2.0), 10, 170, fill=ink, width=FINE)
    elif named["mouth"] == "sad":
        brush.arc(_box(x, mouth_y + 1.9, wide, 2.0), 190, 350, fill=ink, width=FINE)
    else:
        brush.ellipse(_box(x, mouth_y + 0.5, 1.7, 1.9), fill=ink)
        brush.ellipse(_box(x, mouth_y + 1.2, 1.0, 0.9), fill=(226, 92, 96))


def _glasses(brush: ImageDraw.ImageDraw, glasses: str, x: float, y: float, r: float) -> None:
    """Round rims, or dark panes over the eyes."""
    if glasses == "none":
        return
    eye_y = y - 0.1 * r
    for side in (-1, 1):
        ex = x + side * 0.36 * r
        if glasses == "sunglasses":
            brush.rounded_rectangle(_box(ex, eye_y, 2.9, 2.2), radius=1.1 * FINE, fill=(18, 18, 26))
            _line(brush, [(ex - 1.4, eye_y + 0.6), (ex + 0.2, eye_y - 1.1)], (120, 130, 160), 0.7)
        else:
            brush.ellipse(_box(ex, eye_y, 3.2), outline=(255, 255, 255), width=round(0.5 * FINE))
            brush.ellipse(_box(ex, eye_y, 2.9), outline=(170, 30, 120), width=round(0.8 * FINE))
        _line(brush, [(x + side * 0.62 * r, eye_y), (x + side * 0.86 * r, eye_y - 0.6)], (40, 20, 40), 0.7)
    _line(brush, [(x - 0.9, eye_y), (x + 0.9, eye_y)], (40, 20, 40), 0.9)


def _hat(brush: ImageDraw.ImageDraw, hat: str, colour: tuple[int, ...], x: float, y: float, r: float) -> None:
    """What it wears on its head."""
    brim = y - 0.62 * r
    dark = _darker(colour, 0.7)
    if hat == "hat":
        _filled(
            brush, [(x - 4.6, brim), (x - 5.0, brim - 7.4), (x + 5.0, brim - 7.4), (x + 4.6, brim)], colour
        )
        _filled(brush, [(x - 4.7, brim), (x - 4.8, brim - 2), (x + 4.8, brim - 2), (x + 4.7, brim)], dark)
        brush.rounded_rectangle(_box(x, brim + 0.3, 8.4, 1.0), radius=FINE, fill=colour)
    elif hat == "cap":
        brush.pieslice(_box(x, brim + 0.6, 7.4, 6.4), 180, 360, fill=colour)
        _disc(brush, x, brim - 5.6, 0.9, dark)
        brush.rounded_rectangle(_box(x + 5.2, brim + 0.5, 6.4, 0.95), radius=FINE, fill=dark)
    elif hat == "crown":
        top = brim - 6.4
        teeth = [(-6.2, top), (-3.2, top + 3.2), (0, top - 0.8), (3.2, top + 3.2), (6.2, top)]
        _filled(
            brush, [(x - 5.4, brim + 1), *((x + dx, py) for dx, py in teeth), (x + 5.4, brim + 1)], colour
        )
        for dx, py in teeth[::2]:
            _disc(brush, x + dx, py, 1.0, colour)
        for dx in (-2.8, 0, 2.8):
            _disc(brush, x + dx, brim - 0.6, 0.8, (255, 255, 255))
    elif hat == "bow":
        for side in (-1, 1):
            wing = [(x, brim - 1), (x + side * 6.2, brim - 4.4), (x + side * 6.2, brim + 2.4)]
            _filled(brush, wing, colour)
            _disc(brush, x + side * 5.2, brim - 1, 2.6, colour)
        _disc(brush, x, brim - 1, 1.7, dark)
