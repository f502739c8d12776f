"""The two ends of a way between melodies or drum loops, made alike enough for each bar to meet a bar.

The ends themselves stay as they were given. On the way between them the shorter is begun again, bar by bar,
until it is as long as the longer; so no step falls silent where one of them is over. And where two melodies
lie octaves apart, the way is gone where the second lies, so that its steps do not leap between registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dllab_music.bar_paths import LinePath, line_distance, same_length
from dllab_music.bars import STEPS_PER_BAR, STEPS_PER_BEAT, Line, padded, read_line, tidy

if TYPE_CHECKING:
    from dllab_music.songs import Song

APART = 8  # semitones between the means of two melodies, from which they count as octaves apart
BEYOND = 2  # semitones by which steps may go beyond the lowest and the highest note of both


class MelodyPath(LinePath):
    """From a line to another, in the register of the two.

    Silent after `num_steps`, where both are over and a bar of the net is not.
    """

    num_steps: int | None = None

    def proposals(self, shares: list[float]) -> Iterator[tuple[Line, float]]:
        """As those of LinePath, with no note behind the end or out of the register."""
        sounding = np.concatenate([line.pitches[line.pitches >= 0] for line in (self.start, self.end)])
        low, high = int(sounding.min()) - BEYOND, int(sounding.max()) + BEYOND
        for line, mended in super().proposals(shares):
            kept = folded(shortened(line, self.num_steps or len(line)), low, high)
            yield padded(kept, len(line)), mended


def folded(line: Line, low: int, high: int) -> Line:
    """A line whose pitches out of a register are moved into it by octaves, where that can be."""
    pitches = line.pitches
    raised, lowered = low + (pitches - low) % 12, high - (high - pitches) % 12
    found = np.where(pitches < low, raised, np.where(pitches > high, lowered, pitches))
    is_moved = (pitches >= 0) & (found >= low) & (found <= high)
    return tidy(np.where(is_moved, found, pitches), line.is_struck)


def top_voice(song: Song) -> Song:
    """The notes of a song's highest voice, that the way is gone by."""
    top = min(note.voice for note in song.notes if not note.is_drum)
    kept = tuple(note for note in song.notes if note.voice == top and not note.is_drum)
    return type(song)(kept, song.tempi, song.metre)


@dataclass(frozen=True)
class Ends:
    """Two melodies as lines of the same whole bars.

    num_steps: after how many both are over. octaves: by how many the first was moved to the second's place.
    """

    start: Line
    end: Line
    num_steps: int
    octaves: int


def line_ends(one: Song, other: Song) -> Ends:
    """Two melodies made ready for the way between them."""
    songs = top_voice(one), top_voice(other)
    lines = [read_line(song, "the melody") for song in songs]
    lasts = [whole_length(len(line), song) for line, song in zip(lines, songs, strict=True)]
    size = max(lasts)
    found = [repeated(padded(line, last), size) for line, last in zip(lines, lasts, strict=True)]
    start, end = same_length(*found)
    octaves = octaves_to(start, end)
    return Ends(moved(start, octaves), end, size, octaves)


def whole_length(num_steps: int, song: Song) -> int:
    """Steps of so many, filled up to whole bars of the song's metre."""
    per_bar = song.beats_per_bar * STEPS_PER_BEAT
    return max(num_steps, round(per_bar * np.ceil(num_steps / per_bar - 1e-9)))


def repeated(line: Line, num_steps: int) -> Line:
    """A line, begun again and again until it lasts num_steps."""
    times = -(-num_steps // len(line))
    pitches, struck = np.tile(line.pitches, times), np.tile(line.is_struck, times)
    return shortened(tidy(pitches, struck), num_steps)


def shortened(line: Line, num_steps: int) -> Line:
    """Its first num_steps."""
    return Line(line.pitches[:num_steps], line.is_struck[:num_steps])


def octaves_to(start: Line, end: Line) -> int:
    """Octaves by which the first line is to be moved: to the second's place, if it is nearer to it there."""
    gap = float(end.pitches[end.pitches >= 0].mean() - start.pitches[start.pitches >= 0].mean())
    octaves = round(gap / 12) if abs(gap) >= APART else 0
    found = moved(start, octaves)
    sounding = found.pitches[start.pitches >= 0]
    is_playable = sounding.min() >= 0 and sounding.max() <= 127
    return octaves if is_playable and line_distance(found, end) <= line_distance(start, end) else 0


def moved(line: Line, octaves: int) -> Line:
    """A line so many octaves higher."""
    return Line(np.where(line.pitches < 0, -1, line.pitches + 12 * octaves), line.is_struck)


def grown(array: np.ndarray, num_steps: int) -> np.ndarray:
    """Strokes (T, 9), from their beginning again until num_steps; a loop ends with a bar of 16 steps."""
    times = -(-num_steps // len(array))
    return np.tile(array, (times, 1))[:num_steps]


def silent_share(song: Song) -> float:
    """Share of the sixteenths of a melody at which nothing sounds, to the end of its last bar."""
    line = read_line(song, "the melody")
    return 1 - float((line.pitches >= 0).sum()) / whole_length(len(line), song)


def bars_of(song: Song) -> int:
    """How many bars of its metre a melody or a loop fills."""
    steps = round(song.length * STEPS_PER_BEAT)
    per_bar = STEPS_PER_BAR if song.notes[0].is_drum else song.beats_per_bar * STEPS_PER_BEAT
    return max(1, int(np.ceil(steps / per_bar - 1e-9)))
