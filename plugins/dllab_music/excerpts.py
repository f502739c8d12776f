"""Which bars of an input a tool works on: those that the user names, and never more than it can take.

Bars are those of the piano roll: as long as the file's first metre says, counted from its first beat.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from dllab_music.songs import Note, Song

MOST_BARS, MOST_BEATS = 128, 512.0  # that are worked on
EARLY = 0.125  # beats, half a sixteenth, by which a note may come before its bar line


class Excerpt(dllab.Params):
    """Which bars of the input are used."""

    first_bar: int = dllab.param(1, ge=1, le=100_000, help="first bar of the input that is used")
    last_bar: int | None = dllab.param(
        None, ge=1, le=100_000, help=f"last bar of it that is used; none: to the end, {MOST_BARS} at most"
    )


EXCERPT_KO = {
    "first_bar": "입력에서 쓸 첫 마디",
    "last_bar": f"입력에서 쓸 마지막 마디; none은 끝까지, 많아야 {MOST_BARS}마디",
}


def used_bars(run: dllab.Run, song: Song, name: str, params: Excerpt) -> Song:
    """The bars of a song that the parameters name; says which, where they are not all.

    Raises dllab.UsageError for bars that end before they begin, and dllab.InputError where the song has no
    such bar, or no note begins in them.
    """
    first, last, count = chosen_bars(song, name, params)
    if (first, last) == (1, count) and song.length <= MOST_BEATS:
        return song
    made = excerpt(song, (first - 1) * song.beats_per_bar, last * song.beats_per_bar)
    has_melody = any(not note.is_drum for note in song.notes)
    if all(note.is_drum for note in made.notes) if has_melody else not made.notes:
        raise dllab.InputError(
            f"{name}: no note begins in bars {first} to {last} of its {count}; "
            "choose others by --first-bar and --last-bar"
        )
    bars = f"bars {first} to {last}" if first < last else f"bar {first}"
    bars_ko = f"{first}–{last}마디를" if first < last else f"{first}번째 마디만"
    run.message(
        run.words(
            f"{name}: {bars} of {count} used; --first-bar and --last-bar choose others",
            f"{name}: {count}마디 가운데 {bars_ko} 씁니다. --first-bar와 --last-bar로 고릅니다",
        )
    )
    return made


def chosen_bars(song: Song, name: str, params: Excerpt) -> tuple[int, int, int]:
    """The first and the last bar that are used, from 1, and how many the song has."""
    count = max(1, math.ceil(song.length / song.beats_per_bar - 1e-9))
    first, last = params.first_bar, params.last_bar
    if last is not None and last < first:
        raise dllab.UsageError(f"--last-bar {last} comes before --first-bar {first}; give a later one")
    if first > count:
        raise dllab.InputError(
            f"{name}: it has {count} bars, and --first-bar is {first}; give one from 1 to {count}"
        )
    most = max(1, min(MOST_BARS, int(MOST_BEATS // song.beats_per_bar)))
    return first, min(count, first + most - 1, last or count), count


def excerpt(song: Song, begin: float, end: float) -> Song:
    """What sounds from one beat to another, MOST_BEATS at most, begun at 0 and cut at the end.

    A note a little before a line belongs to the bar that it leads into; of one that is held over the first
    line the rest sounds, unless it is a drum.
    """
    end = min(end, begin + MOST_BEATS, song.length)
    until = end if end < song.length else math.inf  # before which a note begins: the last bar keeps all
    notes = [note for one in song.notes if (note := _within(one, begin, end, until - EARLY)) is not None]
    before = [bpm for beat, bpm in song.tempi if beat <= begin]
    after = [(beat - begin, bpm) for beat, bpm in song.tempi if begin < beat < end]
    return replace(song, notes=tuple(notes), tempi=((0.0, before[-1]), *after), length=end - begin)


def _within(note: Note, begin: float, end: float, until: float) -> Note | None:
    """A note's part between two beats, counted from the first; None if it begins at `until` or later."""
    if note.onset >= until:
        return None
    is_held = note.onset < begin - EARLY
    if is_held and (note.is_drum or note.end <= begin + EARLY):
        return None
    onset = max(note.onset, begin)
    ends = max(min(note.end, end), onset + min(note.duration, EARLY))
    return note._replace(onset=onset - begin, duration=ends - onset)
