"""Which bars of an input are used, what is said of it, and flags that shut each other out."""

from __future__ import annotations

from pathlib import Path

import pytest

import dllab
from dllab_music.excerpts import MOST_BARS, Excerpt, chosen_bars, excerpt
from dllab_music.primers import read_primer
from dllab_music.songs import Note, Song, read_song, to_midi
from dllab_music.variations import midi_bytes

SCALE = read_primer("C4 D4 E4 F4 G4 A4 B4 C5 D5 E5 F5 G5")  # three bars, a note a beat


def onsets(song: Song) -> list[tuple[float, int, float]]:
    return [(one.onset, one.pitch, one.duration) for one in song.notes]


def bars_of(length: float, first: int = 1, last: int | None = None, metre: tuple[int, int] = (4, 4)) -> tuple:
    song = Song((Note(0.0, 60, 1.0),), metre=metre, length=length)
    return chosen_bars(song, "a.mid", Excerpt(first_bar=first, last_bar=last))


def test_bars_are_those_of_the_metre_and_no_more_than_can_be_worked_on() -> None:
    assert bars_of(12.0) == (1, 3, 3)
    assert bars_of(12.0, 2, 2) == (2, 2, 3)
    assert bars_of(12.0, 2, 99) == (2, 3, 3)  # to its end
    assert bars_of(12.0, metre=(6, 8)) == (1, 4, 4)
    assert bars_of(523.2) == (1, MOST_BARS, 131)
    assert bars_of(523.2, 4) == (4, 131, 131)
    assert bars_of(600.0, metre=(8, 4)) == (1, 64, 75)  # 512 beats


def test_bars_that_are_not_there_are_refused_in_one_line() -> None:
    with pytest.raises(dllab.InputError, match=r"^a.mid: it has 3 bars, and --first-bar is 4; give one from"):
        bars_of(12.0, 4)
    with pytest.raises(dllab.UsageError, match=r"^--last-bar 2 comes before --first-bar 3"):
        bars_of(12.0, 3, 2)


def test_an_excerpt_begins_at_nought_and_keeps_what_sounds_in_it() -> None:
    assert onsets(excerpt(SCALE, 4.0, 8.0)) == [(0, 67, 1), (1, 69, 1), (2, 71, 1), (3, 72, 1)]
    assert excerpt(SCALE, 4.0, 8.0).length == 4
    held = Song((Note(0.0, 60, 6.0), Note(6.0, 62, 6.0)), ((0.0, 100.0), (5.0, 80.0)))
    part = excerpt(held, 4.0, 8.0)
    assert onsets(part) == [(0, 60, 2), (2, 62, 2)]
    assert part.tempi == ((0, 100), (1, 80))


def test_a_stroke_a_little_before_a_bar_line_belongs_to_the_bar_and_none_lasts_in() -> None:
    strokes = tuple(Note(at, 36, 0.5, 90, 0, True) for at in (0.0, 3.5, 3.95, 6.0, 7.96))
    found = onsets(excerpt(Song(strokes, length=12.0), 4.0, 8.0))
    assert found == [(0, 36, pytest.approx(0.45)), (2, 36, 0.5)]


def test_a_whole_song_is_its_own_excerpt_but_for_a_bar_that_is_too_long() -> None:
    assert excerpt(SCALE, 0.0, 12.0) == SCALE
    endless = Song(tuple(Note(float(i), 60, 1.0) for i in range(600)), metre=(255, 1))
    assert excerpt(endless, 0.0, endless.beats_per_bar).length == 512


@pytest.mark.parametrize(
    ("experiment", "name"),
    [
        ("music-groove", "loop"), ("music-drumify", "melody"),
        ("music-continue", "melody"), ("music-harmonize", "melody"),
    ],
)  # fmt: skip
def test_every_tool_takes_the_bars_that_are_asked_for_and_says_so(
    home: Path, tmp_path: Path, experiment: str, name: str
) -> None:
    bars = MOST_BARS + 3
    pitches = [36, 38] if name == "loop" else [72, 74]
    notes = [
        Note(float(2 * i), pitches[i % 2] + i // 2 % 2, 1.0, 80, 0, name == "loop") for i in range(2 * bars)
    ]
    path = tmp_path / "long.mid"
    path.write_bytes(midi_bytes(to_midi(Song(tuple(notes), length=4.0 * bars))))
    params = {name: str(path), "first_bar": 3, "last_bar": 4}
    if experiment == "music-continue":
        params["bars"] = 1
    with dllab.Store() as store:
        run = dllab.launch(experiment, params, threads=1, store=store)
        said = [one["text"] for one in store.events(run.id, "log")]
        files = [one for one in store.artifacts(run.id) if one.name.endswith("-01.mid")]
        assert files[0].path is not None
        length = read_song(files[0].path).length
    assert any(f"bars 3 to 4 of {bars} used" in text for text in said)
    assert length <= (12 if experiment == "music-continue" else 8) + 0.1


def test_bars_without_a_note_are_refused_and_leave_nothing(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "gap.mid"
    path.write_bytes(midi_bytes(to_midi(Song((Note(0.0, 60, 1.0), Note(12.0, 60, 1.0))))))
    with pytest.raises(dllab.UsageError, match=r"no note begins in bars 2 to 3 of its 4; choose others"):
        dllab.launch("music-continue", {"melody": str(path), "first_bar": 2, "last_bar": 3}, threads=1)
    with dllab.Store() as store:
        assert store.runs() == []


@pytest.mark.parametrize("experiment", ["music-continue", "music-harmonize"])
def test_a_melody_and_typed_notes_together_are_refused(home: Path, experiment: str) -> None:
    with pytest.raises(
        dllab.UsageError, match=r"^--melody sample:arirang and --notes are both given, .* drop one"
    ):
        dllab.launch(experiment, {"melody": "sample:arirang", "notes": "C5 D5"}, threads=1)
    with dllab.Store() as store:
        assert store.runs() == []


@pytest.mark.parametrize("experiment", ["music-continue", "music-harmonize", "music-drumify"])
def test_a_melody_that_is_given_is_read_at_the_tiny_size_too(
    home: Path, tmp_path: Path, experiment: str
) -> None:
    from dllab.runner import RunRequest, carry_out

    path = tmp_path / "broken.mid"
    path.write_bytes(b"MThd")
    with (
        dllab.Store() as store,
        pytest.raises(dllab.UsageError, match=r"^broken.mid: there is no track in it"),
    ):
        carry_out(store, RunRequest(experiment, {"melody": str(path)}, threads=1, is_tiny=True))
