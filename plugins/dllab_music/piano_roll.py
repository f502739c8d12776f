"""The piano roll: a song as a picture, time to the right and pitch upwards, as PNG and as SVG.

Both are laid out by one function, so that they show the same. What was given is told apart from what was
made: given notes are outlined, and a line marks where the new begins.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dllab_music.songs import Song

NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
BLACK = frozenset((1, 3, 6, 8, 10))
DRUM_NAMES = {
    35: "kick 2", 36: "kick", 37: "stick", 38: "snare", 39: "clap", 40: "snare 2", 41: "low tom", 42: "hat",
    22: "hat edge", 26: "half-open hat",
    43: "floor tom", 44: "hat pedal", 45: "mid tom", 46: "open hat", 47: "mid tom 2", 48: "high tom",
    49: "crash",
    50: "high tom 2", 51: "ride", 53: "ride bell", 54: "tambourine", 56: "cowbell", 57: "crash 2",
    59: "ride 2",
}  # fmt: skip
PAPER, SHADE, LINE, BAR, INK = (
    (250, 248, 244),
    (240, 237, 231),
    (228, 224, 216),
    (176, 170, 160),
    (70, 66, 60),
)
VOICES = ((222, 92, 74), (230, 160, 52), (72, 152, 118), (66, 110, 176), (138, 96, 168), (120, 120, 128))
ROW, MARGIN, TOP = 10, 62, 26  # px
WIDEST = 8000  # px


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, right, bottom in px; fill and outline as RGB, or None."""

    left: float
    top: float
    right: float
    bottom: float
    fill: tuple[int, int, int] | None
    outline: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Label:
    """A word at (x, y), its left end and its middle line, in px."""

    x: float
    y: float
    word: str
    size: int = 9


@dataclass(frozen=True)
class Layout:
    """A piano roll laid out: its size in px, and what is drawn, in order."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]


def lay_out(song: Song, new_from: float | None = None) -> Layout:
    """Lay a song out; new_from: the beat from which on a model made it, None where nothing was given."""
    pitches = sorted({note.pitch for note in song.notes}) or [60]
    is_drums = all(note.is_drum for note in song.notes) and bool(song.notes)
    rows = pitches[::-1] if is_drums else list(range(max(pitches) + 2, min(pitches) - 3, -1))
    place = {pitch: row for row, pitch in enumerate(rows)}
    scale = min(44.0, max(2.0, (WIDEST - 2 * MARGIN) / max(song.length, 1.0)))  # px a beat
    row_height = ROW * 2 if is_drums else ROW
    bars = max(1, math.ceil(song.length / song.beats_per_bar - 1e-9))
    right = MARGIN + bars * song.beats_per_bar * scale
    bottom = TOP + len(rows) * row_height
    boxes = list(_ground(rows, is_drums, row_height, right))
    boxes += _bars(song, bars, scale, bottom)
    labels = [
        Label(8, TOP + (row + 0.5) * row_height, _row_name(pitch, is_drums))
        for row, pitch in enumerate(rows)
        if is_drums or pitch % 12 == 0
    ]
    step = max(1, math.ceil(28 / (song.beats_per_bar * scale)))
    labels += [
        Label(MARGIN + bar * song.beats_per_bar * scale + 3, TOP - 9, str(bar + 1))
        for bar in range(0, bars, step)
    ]
    for note in song.notes:
        left, top = MARGIN + note.onset * scale, TOP + place[note.pitch] * row_height
        colour = VOICES[0 if is_drums else note.voice % len(VOICES)]
        light = tuple(round(255 - (255 - part) * (0.45 + 0.55 * note.velocity / 127)) for part in colour)
        width = min(note.duration * scale, row_height * 0.8) if is_drums else note.duration * scale
        is_given = new_from is not None and note.onset < new_from
        ends = (left + max(2.0, width - 1.0), top + row_height - 1)
        boxes.append(Box(left, top + 1, *ends, light, INK if is_given else None))
    if new_from:
        at = MARGIN + new_from * scale
        boxes.append(Box(at - 1, TOP - 4, at + 1, bottom, (200, 60, 60)))
    return Layout(math.ceil(right) + 12, bottom + 12, tuple(boxes), tuple(labels))


def _ground(rows: list[int], is_drums: bool, row_height: int, right: float) -> Iterator[Box]:
    for row, pitch in enumerate(rows):
        top = TOP + row * row_height
        is_shaded = row % 2 == 1 if is_drums else pitch % 12 in BLACK
        yield Box(MARGIN, top, right, top + row_height, SHADE if is_shaded else PAPER)
        if not is_drums and pitch % 12 in (0, 5):  # below every C and F, as between the keys
            yield Box(MARGIN, top + row_height - 1, right, top + row_height, LINE)


def _bars(song: Song, bars: int, scale: float, bottom: float) -> Iterator[Box]:
    beats = round(bars * song.beats_per_bar)
    for beat in range(beats + 1):
        is_bar = beat % song.beats_per_bar == 0
        if is_bar or scale >= 8:
            x = MARGIN + beat * scale
            yield Box(x, TOP, x + 1, bottom, BAR if is_bar else LINE)


def _row_name(pitch: int, is_drums: bool) -> str:
    return DRUM_NAMES.get(pitch, f"drum {pitch}") if is_drums else f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def picture(layout: Layout) -> np.ndarray:
    """The roll as pixels, float32 (3, H, W) in [0, 1]."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (layout.width, layout.height), PAPER)
    draw = ImageDraw.Draw(image)
    for box in layout.boxes:
        corners = (round(box.left), round(box.top), round(box.right) - 1, round(box.bottom) - 1)
        draw.rectangle(
            (*corners[:2], max(corners[2], corners[0]), max(corners[3], corners[1])), box.fill, box.outline
        )
    for label in layout.labels:
        draw.text((label.x, label.y), label.word, INK, ImageFont.load_default(label.size + 1), anchor="lm")
    return np.asarray(image, dtype=np.float32).transpose(2, 0, 1) / 255


def svg(layout: Layout) -> str:
    """The roll as SVG; the same layout is always the same text."""
    size = f'width="{layout.width}" height="{layout.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {layout.width} {layout.height}">',
        f'<rect {size} fill="{_hex(PAPER)}"/>',
    ]
    for box in layout.boxes:
        shape = f'x="{box.left:.2f}" y="{box.top:.2f}" width="{box.right - box.left:.2f}"'
        stroke = f' stroke="{_hex(box.outline)}"' if box.outline else ""
        lines.append(f'<rect {shape} height="{box.bottom - box.top:.2f}" fill="{_hex(box.fill)}"{stroke}/>')
    for label in layout.labels:
        lines.append(
            f'<text x="{label.x:.2f}" y="{label.y + label.size * 0.35:.2f}" font-family="sans-serif" '
            f'font-size="{label.size}" fill="{_hex(INK)}">{label.word}</text>'
        )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _hex(colour: tuple[int, int, int] | None) -> str:
    return "none" if colour is None else "#{:02x}{:02x}{:02x}".format(*colour)
