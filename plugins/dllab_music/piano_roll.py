"""The piano roll: a song as a picture, time to the right and pitch upwards, as PNG and as SVG.

Both are laid out by one function, so that they show the same. No roll is wider than a screen: a long song is
parted into systems, as a score is into lines. What was given is told apart from what was made: given notes
are outlined, and a line marks where the new begins.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from dllab_music.songs import Note, Song

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
WIDEST = 1600  # px
TALLEST = 3200  # px that a roll is to take, if it can
BEATS_FROM = 16.0  # px a beat, from which beats have lines
SLIVER = 0.1  # beats
SQUEEZED = 0.75  # of its scale to which a song is brought so that it fits into one system
SCALES = ((44.0, ROW), (22.0, ROW), (11.0, ROW), (11.0, 5), (4.0, 5), (2.0, 4))  # px a beat, px a pitch


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
    """A piano roll laid out: its size in px, what is drawn, in order, and in how many systems."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    num_systems: int = 1


@dataclass(frozen=True)
class Systems:
    """How a song is parted: bars of so many beats to a system, px a beat, px a pitch."""

    bars: int
    bar_beats: float
    scale: float
    row: int = ROW

    @property
    def beats(self) -> float:
        """Beats in a full system."""
        return self.bars * self.bar_beats


def lay_out(
    song: Song, new_from: float | None = None, systems: Systems | None = None, title: str = ""
) -> Layout:
    """Lay a song out; new_from: the beat from which on a model made it, None where nothing was given.

    A long song goes on in further systems, one below the other, all with the same rows. systems: how it is
    parted, by default as systems_of says. title: a short word above the names of the rows.
    """
    rows, is_drums = rows_of(song)
    systems = systems or systems_of(song)
    page = _Page(systems, rows, is_drums, new_from)
    bars = _bars_of(song)
    boxes: list[Box] = []
    labels = [Label(8, TOP - 9, title)] if title else []
    for system, first in enumerate(range(0, bars, systems.bars)):
        count = min(systems.bars, bars - first)
        boxes += page.ground(system, count * systems.bar_beats)
        boxes += page.bar_lines(system, count)
        labels += page.names(system)
        step = max(1, math.ceil(28 / (systems.bar_beats * systems.scale)))
        labels += [
            Label(page.x(bar * systems.bar_beats) + 3, page.top(system) - 9, str(first + bar + 1))
            for bar in range(0, count, step)
        ]
    for note in song.notes:
        boxes += page.note(note)
    if new_from:
        where, beat = divmod(min(new_from, bars * systems.bar_beats - 1e-6), systems.beats)
        boxes.append(page.mark(int(where), beat))
    widest = min(systems.bars, bars) * systems.bar_beats
    last = -(-bars // systems.bars) - 1
    height = page.top(last) + page.height + 12
    return Layout(math.ceil(page.x(widest)) + 12, height, tuple(boxes), tuple(labels), last + 1)


def systems_of(song: Song, scales: Sequence[tuple[float, int]] = SCALES) -> Systems:
    """The first of the scales at which the song is not taller than TALLEST px; the last where none is.

    A system is no wider than WIDEST px, and holds a multiple of four bars where four fit.
    """
    bars, beats = _bars_of(song), song.beats_per_bar
    rows, is_drums = rows_of(song)
    room = float(WIDEST - MARGIN - 12)
    for scale, row in scales:
        fit = max(1, int(room / (beats * scale)))
        if fit < bars * SQUEEZED:
            fit = fit if fit < 4 else fit - fit % 4
        elif fit < bars:  # a little narrower, and there is one system
            fit, scale = bars, room / (bars * beats)
        found = Systems(min(fit, bars), beats, min(scale, room / beats), row)
        if -(-bars // fit) * (TOP + 12 + len(rows) * row * (2 if is_drums else 1)) <= TALLEST:
            break
    return found


def rows_of(song: Song) -> tuple[list[int], bool]:
    """The pitches of a song's rows, from above, and whether they are drums."""
    pitches = sorted({note.pitch for note in song.notes}) or [60]
    is_drums = all(note.is_drum for note in song.notes) and bool(song.notes)
    return (pitches[::-1] if is_drums else list(range(max(pitches) + 2, min(pitches) - 3, -1))), is_drums


def _bars_of(song: Song) -> int:
    return max(1, math.ceil(song.length / song.beats_per_bar - 1e-9))


class _Page:
    """Where on the page a beat of a system, and a pitch, lie."""

    def __init__(self, systems: Systems, rows: list[int], is_drums: bool, new_from: float | None) -> None:
        self.systems, self.rows, self.is_drums, self.new_from = systems, rows, is_drums, new_from
        self.place = {pitch: row for row, pitch in enumerate(rows)}
        self.row = systems.row * (2 if is_drums else 1)
        self.height = len(rows) * self.row

    def x(self, beat: float) -> float:
        """Of a beat, counted from the beginning of its system."""
        return MARGIN + beat * self.systems.scale

    def top(self, system: int) -> int:
        """Of a system's highest row."""
        return TOP + system * (self.height + TOP + 12)

    def ground(self, system: int, beats: float) -> Iterator[Box]:
        """The rows, shaded as the keys are."""
        right = self.x(beats)
        for row, pitch in enumerate(self.rows):
            top = self.top(system) + row * self.row
            is_shaded = row % 2 == 1 if self.is_drums else pitch % 12 in BLACK
            yield Box(MARGIN, top, right, top + self.row, SHADE if is_shaded else PAPER)
            if not self.is_drums and pitch % 12 in (0, 5):  # below every C and F, as between the keys
                yield Box(MARGIN, top + self.row - 1, right, top + self.row, LINE)

    def bar_lines(self, system: int, bars: int) -> Iterator[Box]:
        """Lines at bars, and at beats where these lie far enough apart."""
        top, per_bar = self.top(system), self.systems.bar_beats
        for bar in range(bars + 1):
            beats = math.ceil(per_bar) if bar < bars and self.systems.scale >= BEATS_FROM else 1
            for beat in range(beats):
                x = self.x(bar * per_bar + beat)
                yield Box(x, top, x + 1, top + self.height, LINE if beat else BAR)

    def names(self, system: int) -> Iterator[Label]:
        """Every drum's name, or that of every C."""
        for row, pitch in enumerate(self.rows):
            if self.is_drums or pitch % 12 == 0:
                middle = self.top(system) + (row + 0.5) * self.row
                yield Label(8, middle, _row_name(pitch, self.is_drums))

    def note(self, note: Note) -> Iterator[Box]:
        """A note, in as many parts as the systems that it sounds in; darker the louder it is.

        Of less than SLIVER nothing is drawn: a note a little before a system begins with it.
        """
        colour = VOICES[0 if self.is_drums else note.voice % len(VOICES)]
        light = tuple(round(255 - (255 - part) * (0.45 + 0.55 * note.velocity / 127)) for part in colour)
        is_given = self.new_from is not None and note.onset < self.new_from
        system, begin = divmod(note.onset, self.systems.beats)
        end = begin + note.duration
        if self.is_drums:
            end = min(end, begin + self.row * 0.8 / self.systems.scale)
        if self.systems.beats - begin < min(SLIVER, note.duration):
            system, begin, end = system + 1, 0.0, end - self.systems.beats
        while True:
            left, top = self.x(begin), self.top(int(system)) + self.place[note.pitch] * self.row
            width = (min(end, self.systems.beats) - begin) * self.systems.scale
            right = left + max(2.0, width - 1.0)
            yield Box(left, top + 1, right, top + self.row - 1, light, INK if is_given else None)
            system, begin, end = system + 1, 0.0, end - self.systems.beats
            if end <= SLIVER or self.is_drums:
                return

    def mark(self, system: int, beat: float) -> Box:
        """The line from which on all is new."""
        at, top = self.x(beat), self.top(system)
        return Box(at - 1, top - 4, at + 1, top + self.height, (200, 60, 60))


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
