"""Groove and drumify: what a person's hands change and what they do not, and drums that follow a tune."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dllab
from dllab.store import Store
from dllab_music.drum_generate import write_drums
from dllab_music.drum_net import ONSET, ONSET_ACCENT, REST
from dllab_music.drum_samples import DRUM_SONGS
from dllab_music.drum_weights import load_drums
from dllab_music.drumify import MusicDrumifyParams, follow, meeting, performed, rhythm_of, together
from dllab_music.groove import feel, groove, strangers, swung_by
from dllab_music.samples import songs
from dllab_music.songs import Note, Song, parse_song, to_midi
from dllab_music.variations import midi_bytes

LOOPS = {name: make for name, _, _, make in DRUM_SONGS}
ROCK, FUNK = LOOPS["rock-beat"](), LOOPS["funk-beat"]()
NET, HANDS = load_drums()


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_an_amount_of_nothing_leaves_the_loop_unchanged() -> None:
    assert groove(ROCK, HANDS, generator(), amount=0, swing=1.0) == ROCK


@pytest.mark.parametrize("amount", [0.3, 1.0, 1.5])
@pytest.mark.parametrize("swing_of", [8, 16])
def test_the_strokes_stay_the_same_whatever_is_done_to_them(amount: float, swing_of: int) -> None:
    for seed in range(5):
        made = groove(FUNK, HANDS, generator(seed), amount, 1.0, swing_of, 2.0)
        assert strangers(FUNK, made) == 0
        again = parse_song(midi_bytes(to_midi(made)), "groove.mid")
        assert strangers(FUNK, again) == 0


def test_a_stroke_more_is_a_stranger() -> None:
    assert strangers(ROCK, replace(ROCK, notes=ROCK.notes[1:])) == 1


def test_more_of_the_groove_leads_further_from_the_grid() -> None:
    spreads = [feel(groove(ROCK, HANDS, generator(1), amount)) for amount in (0.25, 0.5, 1.0)]
    assert feel(ROCK) == (0.0, 0.0)
    assert spreads == sorted(spreads)
    assert [one[1] for one in spreads] == sorted(one[1] for one in spreads)
    # half of the way: half of the deviation, but for ticks of 1/120 of a sixteenth and whole velocities
    assert spreads[1][0] == pytest.approx(spreads[2][0] / 2, rel=0.05)
    assert spreads[1][1] == pytest.approx(spreads[2][1] / 2, rel=0.1)


def test_the_back_beat_is_louder_than_the_hats() -> None:
    made = groove(ROCK, HANDS, generator(2), temperature=0)
    snare, hat = (
        np.mean([note.velocity for note in made.notes if note.pitch == pitch]) for pitch in (38, 42)
    )
    assert snare > hat + 10


def test_full_swing_brings_the_second_eighth_to_the_last_of_three() -> None:
    even = groove(ROCK, HANDS, generator(), temperature=0)
    swung = groove(ROCK, HANDS, generator(), swing=1.0, swing_of=8, temperature=0)
    for one, other in zip(even.notes, swung.notes, strict=True):
        step = round(one.onset * 4)
        assert other.onset - one.onset == pytest.approx(
            (2 / 3 if step % 4 == 2 else swung_by(step, 1, 8)) / 4, abs=3e-3
        )


def test_the_same_seed_plays_the_same_and_another_seed_another_way() -> None:
    one, again, other = (midi_bytes(to_midi(groove(ROCK, HANDS, generator(seed)))) for seed in (0, 0, 1))
    assert one == again
    assert one != other


def test_a_cowbell_that_the_net_does_not_know_keeps_its_loudness() -> None:
    bells = tuple(Note(beat, 56, 0.2, 77, 0, True) for beat in (0.25, 1.25, 2.25))
    made = groove(replace(ROCK, notes=(*ROCK.notes, *bells)), HANDS, generator(), swing=1.0, temperature=0)
    found = [note for note in made.notes if note.pitch == 56]
    assert [note.velocity for note in found] == [77, 77, 77]
    assert found[0].onset == pytest.approx(0.25 + 1 / 12, abs=2e-3)


def test_a_rhythm_tells_loud_notes_from_others() -> None:
    notes = (Note(0.0, 60, 1.0, 110), Note(1.0, 62, 1.0, 70), Note(1.5, 64, 0.5, 70), Note(2.0, 65, 2.0, 70))
    rhythm = rhythm_of(Song(notes))
    assert rhythm.tolist() == [ONSET_ACCENT, *[REST] * 3, ONSET, REST, ONSET, REST, ONSET, *[REST] * 7]


def test_where_all_notes_are_equally_loud_the_long_ones_are_accents() -> None:
    rhythm = rhythm_of(Song((Note(0.0, 60, 0.5), Note(0.5, 62, 0.5), Note(1.0, 64, 2.0))))
    assert rhythm[[0, 2, 4]].tolist() == [ONSET, ONSET, ONSET_ACCENT]


def test_drums_follow_the_rhythm_that_they_are_given() -> None:
    rng = generator(7)
    rhythm = np.where(rng.random(64) < 0.4, ONSET, REST)
    told = write_drums(NET, "rock", 64, generator(1), 1.0, 0.98, rhythm, follow=2.0)
    untold = write_drums(NET, "rock", 64, generator(1), 1.0, 0.98)
    met, elsewhere = meeting(told, rhythm)
    met_by_chance, _ = meeting(untold, rhythm)
    assert met > met_by_chance + 0.2
    assert met > elsewhere + 0.3


def test_the_tune_stays_as_it_is_below_its_drums() -> None:
    tune = songs()["greensleeves"][2]()
    drums = performed(np.full((12 * 4, 9), 2), tune, "ballad", generator())
    made = together(tune, drums)
    assert set(tune.notes) <= set(made.notes)
    assert {note.voice for note in made.notes if note.is_drum} == {max(note.voice for note in tune.notes) + 1}
    assert made.metre == (3, 4)


def test_the_same_seed_drums_the_same_bytes_to_a_tune_and_another_seed_others() -> None:
    tune = songs()["frere-jacques"][2]()
    params = MusicDrumifyParams(style="house")

    def drummed(seed: int) -> bytes:
        rng = generator(seed)
        levels = follow(NET, tune, rhythm_of(tune), rng, params)
        made = together(tune, performed(levels, tune, "house", rng))
        assert tune.length <= made.length <= tune.length + 0.5
        return midi_bytes(to_midi(made))

    assert drummed(0) == drummed(0) != drummed(1)


def nothing_kept(home: Path) -> bool:
    with Store() as store:
        return not list(store.runs())


@pytest.mark.parametrize("name", ["music-groove", "music-drumify"])
@pytest.mark.parametrize(
    "file", ["zero_bytes", "truncated", "corrupt_bytes", "bad_header", "no_notes", "absurd_tempo_slow"]
)
def test_a_bad_file_is_refused_in_one_line_and_leaves_nothing(
    home: Path, shared_data: Path, name: str, file: str
) -> None:
    where = {"music-groove": "loop", "music-drumify": "melody"}[name]
    with pytest.raises(dllab.DllabError) as caught:
        dllab.launch(name, {where: str(shared_data / "bad" / f"{file}.mid")}, threads=1)
    assert f"{file}.mid" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert nothing_kept(home)


def test_a_melody_given_as_a_drum_loop_ends_with_status_2(lab: Callable[..., object], home: Path) -> None:
    result = lab("run", "music-groove", "--loop", "sample:ode-to-joy")
    assert result.returncode == 2
    assert "no drums in it" in result.stderr
    assert "music-drumify" in result.stderr
    assert nothing_kept(home)


def test_drums_that_were_given_as_a_rhythm_give_way_to_the_new_ones() -> None:
    drums = performed(np.full((64, 9), 2), ROCK, "rock", generator())
    assert together(ROCK.melody(), drums) == drums
