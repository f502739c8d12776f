"""Piano rolls of long songs: parted into systems that a screen can show, every note in its place."""

from __future__ import annotations

import pytest

from dllab_music.interpolate import sheet
from dllab_music.piano_roll import (
    BAR,
    INK,
    MARGIN,
    SCALES,
    TALLEST,
    TOP,
    VOICES,
    WIDEST,
    Box,
    Layout,
    lay_out,
    systems_of,
)
from dllab_music.songs import Note, Song


def song(bars: int, metre: tuple[int, int] = (4, 4), is_drum: bool = False) -> Song:
    """A note a beat, a scale up and down."""
    beats = round(bars * metre[0] * 4 / metre[1])
    return Song(tuple(Note(float(i), 60 + i % 12, 1.0, 127, 0, is_drum) for i in range(beats)), metre=metre)


def drawn(layout: Layout) -> list[Box]:
    return [box for box in layout.boxes if box.fill == VOICES[0]]


@pytest.mark.parametrize("bars", [1, 8, 10, 20, 48, 128, 2000])
@pytest.mark.parametrize("metre", [(4, 4), (6, 8), (2, 4), (5, 4), (255, 4)])
def test_no_roll_is_wider_than_a_screen(bars: int, metre: tuple[int, int]) -> None:
    long = song(bars if metre[0] < 255 else min(bars, 20), metre)
    found = systems_of(long)
    assert MARGIN + found.beats * found.scale + 12 <= WIDEST + 1e-6
    if long.length <= 600:
        layout = lay_out(long)
        assert layout.width <= WIDEST
        assert layout.height <= TALLEST
        assert len(drawn(layout)) == len(long.notes)
        assert max(box.bottom for box in layout.boxes) < layout.height
        assert max(box.right for box in layout.boxes) <= layout.width


def test_systems_hold_a_multiple_of_four_bars_and_are_numbered_on() -> None:
    layout = lay_out(song(20))
    assert layout.num_systems == 3
    assert [one.word for one in layout.labels if one.word.isdigit()] == [str(one) for one in range(1, 21)]
    numbers = {one.word: one for one in layout.labels if one.word.isdigit()}
    assert numbers["1"].x == numbers["9"].x == numbers["17"].x
    assert numbers["1"].y < numbers["9"].y < numbers["17"].y


def test_a_song_that_is_a_little_too_long_is_drawn_a_little_narrower() -> None:
    found = systems_of(song(10))
    assert found.bars == 10
    assert SCALES[0][0] * 0.75 <= found.scale < SCALES[0][0]


def test_a_note_at_the_same_place_of_two_systems_lies_below_itself() -> None:
    notes = (Note(0.0, 60, 1.0, 127), Note(32.0, 60, 1.0, 127), Note(63.0, 62, 1.0, 127))
    first, second, _ = drawn(lay_out(Song(notes)))
    assert (first.left, first.right) == (second.left, second.right) == (MARGIN, MARGIN + 43)
    assert second.top > first.bottom


def test_a_note_held_over_a_system_s_end_goes_on_in_the_next() -> None:
    held = Song((Note(30.0, 60, 4.0, 127), Note(63.0, 62, 1.0, 127)))
    before, after, _ = drawn(lay_out(held))
    assert (before.left, before.right) == (MARGIN + 30 * 44, MARGIN + 32 * 44 - 1)
    assert (after.left, after.right) == (MARGIN, MARGIN + 2 * 44 - 1)


def test_a_stroke_a_little_before_a_system_begins_with_it() -> None:
    early = Song((Note(31.98, 36, 0.2, 127, 0, True), Note(63.0, 36, 0.2, 127, 0, True)))
    first, _ = drawn(lay_out(early))
    assert first.left == MARGIN


def test_the_line_before_what_is_new_stands_in_its_system() -> None:
    layout = lay_out(song(16), new_from=32.0)
    line = layout.boxes[-1]
    assert (line.left + line.right) / 2 == MARGIN
    assert line.top > TOP + 100  # of the second
    assert sum(box.outline == INK for box in drawn(layout)) == 32


def test_bars_that_are_no_whole_number_of_beats_have_their_lines() -> None:
    layout = lay_out(song(2, (7, 8)))
    lines = sorted({box.left for box in layout.boxes if box.fill == BAR})
    assert lines == [MARGIN, MARGIN + 3.5 * 44, MARGIN + 7 * 44]


def test_a_sheet_shows_each_song_on_one_line_where_it_can_be() -> None:
    short, long = song(12), song(16)
    page = sheet([short, long, long])
    roll = lay_out(long, systems=systems_of(long, SCALES[1:2]))
    assert roll.num_systems == 1
    assert page.shape == (3, 3 * roll.height, roll.width)
