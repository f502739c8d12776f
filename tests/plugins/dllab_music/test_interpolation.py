"""From one melody or drum loop to another: bars as points, distances, and the ways between."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import dllab
from dllab.store import Store
from dllab_music.bar_context import of_line
from dllab_music.bar_paths import cells_of, line_distance, line_of, spans_of, stroke_distance
from dllab_music.bar_vae import between, load_bars, log_probs, points
from dllab_music.bars import (
    FIRST,
    HOLD,
    LOWEST,
    NUM_VALUES,
    REST,
    Line,
    key_of,
    read_line,
    share_in_key,
    shift_to_c,
    tidy,
    to_bars,
    to_line,
)  # fmt: skip
from dllab_music.drum_samples import DRUM_SONGS
from dllab_music.interpolate import interpolate, one_after_another
from dllab_music.samples import songs
from dllab_music.songs import Note, Song, parse_song, to_midi
from dllab_music.variations import midi_bytes
from dllab_music.way_ends import folded, line_ends, octaves_to, silent_share
from dllab_music.weight_files import BARS_FILE

NETS = load_bars()
TUNES = ("ode-to-joy", "ah-vous-dirai-je", "frere-jacques", "greensleeves", "arirang", "old-hundredth")
LOOPS = {name: make for name, _, _, make in DRUM_SONGS}


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def tune(name: str) -> Song:
    return songs()[name][2]().melody()


def line(*cells: int) -> Line:
    return line_of(np.array(cells))


def test_a_tune_survives_the_way_to_the_grid() -> None:
    found = read_line(tune("ode-to-joy"), "ode")
    assert found.pitches[:16].tolist() == [66] * 8 + [67] * 4 + [69] * 4
    assert np.flatnonzero(found.is_struck[:16]).tolist() == [0, 4, 8, 12]


def test_cells_tell_a_line_wholly() -> None:
    found = read_line(tune("frere-jacques"), "frere")
    again = line_of(cells_of(found))
    assert np.array_equal(again.codes, found.codes)
    spans = spans_of(cells_of(found))
    assert [one[1] for one in spans[:-1]] == [one[0] for one in spans[1:]]
    assert (spans[0][0], spans[-1][1]) == (0, len(found))


def test_what_goes_on_after_silence_is_silent_and_a_new_pitch_is_struck() -> None:
    assert line(-1, -2, 60, -2).pitches.tolist() == [-1, -1, 60, 60]
    assert tidy(np.array([60, 62, 62]), np.zeros(3, bool)).is_struck.tolist() == [True, True, False]


@pytest.mark.parametrize("name", TUNES)
def test_bars_of_a_tune_are_in_c_and_lead_back_to_it(name: str) -> None:
    found = read_line(tune(name), name)
    bars, moves = to_bars(found, shift_to_c(key_of(found)))
    struck = bars[bars >= FIRST] - FIRST + LOWEST
    assert np.mean([pitch % 12 in (0, 2, 4, 5, 7, 9, 11, 8, 6) for pitch in struck]) > 0.95
    back = to_line(bars, moves)
    assert np.array_equal(back.pitches[: len(found)], found.pitches)
    assert (back.pitches[len(found) :] == -1).all()


def test_cells_are_what_the_docstring_says() -> None:
    bars, _ = to_bars(Line(np.array([60, 60, -1, 64]), np.array([True, False, False, True])), 0)
    assert bars[0, :5].tolist() == [60 - LOWEST + FIRST, HOLD, REST, 64 - LOWEST + FIRST, REST]
    assert bars.max() < NUM_VALUES


def test_distances_known_by_hand() -> None:
    assert line_distance(line(60, -2, 62, -2), line(60, -2, 62, -2)) == 0
    assert line_distance(line(60, -2, 62, -2), line(60, 60, 62, -2)) == 1  # struck again
    assert line_distance(line(60, -2, 62, -2), line(60, -2, 64, -2)) == 2  # another pitch, two steps long
    one, other = np.zeros((2, 9), int), np.zeros((2, 9), int)
    one[0, 0], other[0, 0], other[1, 3] = 3, 1, 2
    assert stroke_distance(one, other) == 1  # loudness does not count


def test_halfway_on_a_circle_lies_at_both_ends_angles() -> None:
    half = between(np.array([[2.0, 0.0]]), np.array([[0.0, 4.0]]), 0.5)
    assert half == pytest.approx(np.array([[3.0, 3.0]]) / np.sqrt(2))
    assert between(np.array([[1.0, 0.0]]), np.array([[0.0, 2.0]]), 1.0) == pytest.approx(
        np.array([[0.0, 2.0]])
    )
    assert between(np.array([[1.0, 1.0]]), np.array([[1.0, 1.0]]), 0.3) == pytest.approx(
        np.array([[1.0, 1.0]])
    )


@pytest.mark.parametrize("steps", [1, 4, pytest.param(16, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pair", [("ode-to-joy", "ah-vous-dirai-je"), ("arirang", "greensleeves")])
def test_each_step_between_tunes_is_nearer_to_the_end(pair: tuple[str, str], steps: int) -> None:
    one, other = (tune(name) for name in pair)
    made, distances = interpolate(one, other, NETS["melody"], steps, generator())
    assert len(made) == len(distances) == steps + 2
    assert all(after < before for before, after in pairwise(distances))
    assert (made[0], made[-1]) == (one, other)
    end = line_ends(one, other).end
    for song, distance in zip(
        made[1:-1], distances[1:-1], strict=True
    ):  # counted once more, from what is written
        found = read_line(parse_song(midi_bytes(to_midi(song)), "step.mid"), "step")
        codes = [np.pad(x.codes, (0, len(end) - len(x)), constant_values=-2) for x in (found, end)]
        assert np.count_nonzero(codes[0] != codes[1]) == distance


@pytest.mark.parametrize("steps", [1, pytest.param(16, marks=pytest.mark.slow)])
@pytest.mark.parametrize("pair", [("rock-beat", "bossa-beat"), ("house-beat", "funk-beat")])
def test_each_step_between_loops_is_nearer_to_the_end(pair: tuple[str, str], steps: int) -> None:
    one, other = (LOOPS[name]() for name in pair)
    made, distances = interpolate(one, other, NETS["drums"], steps, generator())
    assert all(after < before for before, after in pairwise(distances))
    assert (made[0], made[-1]) == (one, other)
    assert distances[-1] == 0


def test_the_steps_fall_about_evenly() -> None:
    _, distances = interpolate(tune("ode-to-joy"), tune("arirang"), NETS["melody"], 4, generator())
    even = np.linspace(distances[0], 0, 6)
    assert np.abs(np.array(distances) - even).max() < 0.15 * distances[0]


def test_notes_between_tunes_are_in_key_as_the_tunes_are() -> None:
    made, given = np.zeros(2), np.zeros(2)
    for one, other in pairwise(TUNES):
        steps, _ = interpolate(tune(one), tune(other), NETS["melody"], 4, generator(5))
        for number, song in enumerate(steps):
            found = read_line(song, "step")
            count = int(found.is_struck.sum())
            total = given if number in (0, 5) else made
            total += (share_in_key(found) * count, count)
    assert made[0] / made[1] == pytest.approx(given[0] / given[1], abs=0.02)


def test_the_shipped_file_is_small() -> None:
    assert BARS_FILE.stat().st_size < 4_000_000


def test_the_nets_copy_what_is_there_from_the_first_minute() -> None:
    shares = []
    for name in TUNES:
        found = read_line(tune(name), name)
        bars = of_line(found)
        at = points(NETS["melody"], bars.cells)
        told = log_probs(NETS["melody"], at, bars.beside, bars.voices).argmax(-1)
        shares.append((told == bars.cells).mean())
    assert np.mean(shares) > 0.85


def test_the_same_seed_goes_the_same_way_and_another_another() -> None:
    pair = tune("arirang"), tune("old-hundredth")

    def way(seed: int) -> bytes:
        made, _ = interpolate(*pair, NETS["melody"], 3, generator(seed))
        return midi_bytes(to_midi(one_after_another(made)))

    assert way(0) == way(0) != way(1)


def test_the_straightest_way_is_the_same_for_every_seed() -> None:
    pair = tune("arirang"), tune("old-hundredth")
    ways = [interpolate(*pair, NETS["melody"], 2, generator(seed), temperature=0)[0] for seed in (0, 1)]
    assert ways[0] == ways[1]


def test_two_that_are_alike_have_nothing_between() -> None:
    one = tune("arirang")
    with pytest.raises(dllab.UsageError, match=r"differ in 0 sixteenths only; give others"):
        interpolate(one, one, NETS["melody"], 1, generator())
    other = Song((*one.notes[:-1], Note(one.notes[-1].onset, 60, one.notes[-1].duration)))
    with pytest.raises(
        dllab.UsageError, match=r"--steps 16: the two differ in 12 sixteenths only; take 11 steps"
    ):
        interpolate(one, other, NETS["melody"], 16, generator())


def test_a_melody_and_a_loop_do_not_go_together(home: object) -> None:
    with pytest.raises(dllab.UsageError, match=r"ode-to-joy.* is a melody and rock-beat.* a drum loop"):
        dllab.launch("music-interpolate", {"a": "sample:rock-beat", "b": "sample:ode-to-joy"}, threads=1)
    with Store() as store:
        assert not list(store.runs())


def test_songs_after_one_another_begin_at_bars_and_keep_their_tempi() -> None:
    made = one_after_another([tune("arirang"), tune("ode-to-joy")])  # 24 beats and 64, no gap between
    assert made.length == 24 + 64
    assert made.tempi == ((0, 92), (24, 108))
    assert made.metre == (4, 4)
    assert one_after_another([tune("arirang"), tune("greensleeves")]).metre == (3, 4)


def test_the_shorter_of_two_tunes_is_begun_again_until_it_is_as_long() -> None:
    ends = line_ends(tune("ode-to-joy"), tune("ah-vous-dirai-je"))  # sixteen bars and twelve
    assert (len(ends.start), len(ends.end), ends.num_steps) == (256, 256, 256)
    assert np.array_equal(ends.end.codes[192:], ends.end.codes[:64])
    assert ends.octaves == 1  # a tune in D4 to A4, and one in C5 to A5
    first = read_line(tune("ode-to-joy"), "ode")
    assert np.array_equal(ends.start.pitches, first.pitches + 12)


def test_in_three_four_the_shorter_ends_with_the_bars_of_the_longer() -> None:
    ends = line_ends(tune("arirang"), tune("greensleeves"))  # eight bars of three beats and seventeen
    assert (len(ends.start), ends.num_steps) == (208, 204)
    assert np.array_equal(ends.start.codes[96:192], ends.start.codes[:96])
    assert (ends.start.pitches[204:] == -1).all()
    made, _ = interpolate(tune("arirang"), tune("greensleeves"), NETS["melody"], 2, generator())
    assert [song.length for song in made] == [24, 51, 51, 51]


def test_octaves_are_moved_only_where_two_tunes_lie_that_far_apart() -> None:
    low = line(60, -2, 64, -2)
    assert octaves_to(low, line(67, -2, 71, -2)) == 0
    assert octaves_to(low, line(84, -2, 90, -2)) == 2
    assert octaves_to(line(84, -2, 90, -2), low) == -2


def test_a_note_out_of_the_register_is_folded_into_it() -> None:
    found = folded(line(40, 60, 90, -1), 58, 76)
    assert found.pitches.tolist() == [64, 60, 66, -1]
    assert folded(line(65), 60, 63).pitches.tolist() == [65]  # a register that has no such note


@pytest.mark.parametrize("pair", [("ode-to-joy", "ah-vous-dirai-je"), ("frere-jacques", "greensleeves")])
def test_steps_between_tunes_of_different_length_neither_fall_silent_nor_leap(pair: tuple[str, str]) -> None:
    songs = tuple(tune(name) for name in pair)
    made, _ = interpolate(*songs, NETS["melody"], 4, generator())
    most = max(silent_share(song) for song in songs)
    for song in made[1:-1]:
        assert silent_share(song) <= most + 0.05
        pitches = [note.pitch for note in song.notes]
        assert np.mean(np.abs(np.diff(pitches)) > 12) <= 0.05


def test_the_shorter_of_two_loops_is_begun_again_until_it_is_as_long() -> None:
    one = LOOPS["rock-beat"]()
    short = Song(tuple(note for note in one.notes if note.onset < 4), one.tempi, length=4.0)
    made, distances = interpolate(short, LOOPS["funk-beat"](), NETS["drums"], 2, generator())
    assert [song.length for song in made] == [4, 16, 16, 16]
    assert all(after < before for before, after in pairwise(distances))
    for song in made[1:-1]:
        assert {int(note.onset // 4) for note in song.notes} == {0, 1, 2, 3}


def test_an_accompaniment_does_not_lead_the_way() -> None:
    tune_only = tune("arirang")
    chords = tuple(Note(beat, 45, 3.0, 70, 1) for beat in range(0, 24, 3))
    with_chords = Song((*tune_only.notes, *chords), tune_only.tempi, tune_only.metre)
    ends = [line_ends(one, tune("ode-to-joy")).start.codes for one in (tune_only, with_chords)]
    assert np.array_equal(*ends)
