"""Drums: the grammar, the n-grams, the nets that write and play loops, and how they are trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import dllab
from dllab_music.drum_generate import drum_song, style_number
from dllab_music.drum_grammar import DRUMS, FILLS, HAT, KICK, SIGNS, SNARE, STYLES, loop, loops, played
from dllab_music.drum_net import ONSET, REST, DrumNet, level_loss, sample
from dllab_music.drum_ngrams import NGRAMS, nats_per_step
from dllab_music.drum_samples import DRUM_SONGS
from dllab_music.drum_training import of_folder, of_grammar, tapped
from dllab_music.drum_weights import load_drums
from dllab_music.drums import CLASSES, apart, to_song, to_strokes
from dllab_music.songs import Note, Song, parse_song, read_song, to_midi
from dllab_music.variations import midi_bytes
from dllab_music.weight_files import DRUMS_FILE

TINY = {"model": "drums", "steps": 4, "batch_size": 2, "width": 16, "num_layers": 1}


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def tiny_net() -> DrumNet:
    net = DrumNet(16, 1, 8)
    net.initialise(torch.Generator().manual_seed(1))
    torch.nn.init.normal_(net.out, generator=torch.Generator().manual_seed(2))
    return net.eval()


@pytest.mark.parametrize("style", STYLES)
def test_every_pattern_has_sixteen_signs_that_mean_something(style: str) -> None:
    for patterns in STYLES[style].patterns.values():
        assert all(len(pattern) == 16 and set(pattern) <= set(SIGNS) for pattern in patterns)
    assert all(len(pattern) == 16 for pattern, _ in FILLS)


def test_the_same_seed_writes_the_same_loops_and_another_seed_others() -> None:
    one, again, other = (np.stack([x.velocities for x in loops(generator(s), 18)]) for s in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_rock_has_its_backbeat_on_two_and_four() -> None:
    for seed in range(20):
        made = loop(generator(seed), "rock", bars=1)
        assert (made.levels[[4, 12], SNARE] > 0).all()
        assert made.levels[0, KICK] > 0


def test_the_ride_of_swing_comes_as_the_last_of_three() -> None:
    levels = np.zeros((16_000, len(DRUMS)), np.int64)
    levels[2::4, HAT] = 2
    _, offsets = played(generator(), levels, STYLES["swing"])
    # an eighth off the beat by 0.9 * 2/3 of a sixteenth, less what drummers' hats lie ahead
    assert offsets[2::4, HAT].mean() == pytest.approx(0.6 - 0.02, abs=0.02)


def test_a_stroke_is_louder_than_a_ghost_and_an_accent_than_a_stroke() -> None:
    levels = np.tile(np.array([1, 2, 3, 0])[:, None], (100, len(DRUMS)))
    loud = played(generator(), levels, STYLES["rock"])[0]
    ghost, stroke, accent = (loud[levels == level].mean() for level in (1, 2, 3))
    assert ghost + 25 < stroke < accent - 15
    assert (loud[levels == 0] == 0).all()


def test_every_general_midi_drum_belongs_to_one_class() -> None:
    pitches = [pitch for mine in CLASSES.values() for pitch in mine]
    assert len(pitches) == len(set(pitches))
    assert len(CLASSES) == len(DRUMS)


def test_a_loop_survives_the_way_to_a_file_and_back() -> None:
    made = loop(generator(5), "funk")
    song = to_song(made.velocities, made.offsets, 100)
    strokes = to_strokes(parse_song(midi_bytes(to_midi(song)), "loop.mid"))
    is_hit = made.velocities > 0
    assert np.array_equal(strokes.velocities > 0, is_hit)
    assert np.abs(strokes.velocities - made.velocities).max() <= 0.5
    late = np.abs(strokes.offsets - made.offsets)
    late[0] = 0  # before the beginning there is nothing
    assert late.max() < 4 / 480 * 1.01  # a tick of a quarter is 4 of a sixteenth


def test_strokes_that_meet_are_set_apart_and_none_lasts_into_the_next() -> None:
    notes = [
        Note(0.5, 36, 1.0, is_drum=True),
        Note(0.4, 36, 1.0, is_drum=True),
        Note(2.0, 38, 0.1, is_drum=True),
    ]
    made = [note for note in apart(notes, 0.1) if note.pitch == 36]
    assert [note.onset for note in made] == pytest.approx([0.5, 0.6], abs=1 / 480)
    assert made[0].end <= made[1].onset


def test_ngrams_of_a_coin_and_of_a_pulse_are_what_they_must_be() -> None:
    levels = np.zeros((200, 64, 9), np.int64)
    levels[:, ::2, HAT] = 2
    coin = generator().integers(0, 2, (200, 64)) * 2
    levels[:, :, KICK] = coin
    data = levels, np.zeros(200, np.int64)
    alone = nats_per_step(data, data, ())
    placed = nats_per_step(data, data, ("place", "last"))
    assert alone == pytest.approx(2 * np.log(2), abs=0.01)  # one coin, and one pulse that looks like one
    assert placed == pytest.approx(np.log(2), abs=0.02)  # the coin alone is left


def test_the_net_does_not_see_what_it_is_to_tell() -> None:
    net, rng = tiny_net(), torch.Generator().manual_seed(0)
    levels = torch.randint(0, 4, (1, 40, 9), generator=rng)
    style, rhythm = torch.tensor([2]), torch.zeros(1, 40, dtype=torch.long)
    before = net(levels, style, rhythm)
    levels[0, 20, 5] = (levels[0, 20, 5] + 1) % 4
    after = net(levels, style, rhythm)
    assert torch.equal(before[0, :20], after[0, :20])
    assert torch.equal(before[0, 20, :6], after[0, 20, :6])
    assert not torch.equal(before[0, 20, 6:], after[0, 20, 6:])
    assert not torch.equal(before[0, 21], after[0, 21])


@pytest.mark.parametrize("length", [1, 16, 70])
def test_a_loop_written_step_by_step_is_what_the_net_tells_of_the_whole(length: int) -> None:
    net = tiny_net()
    rhythm = generator().integers(1, 4, length)
    levels = sample(net, 3, length, torch.Generator(), temperature=0, rhythm=rhythm)
    with torch.no_grad():
        logits = net(torch.from_numpy(levels)[None], torch.tensor([3]), torch.from_numpy(rhythm)[None])
    assert np.array_equal(logits[0].argmax(-1).numpy(), levels)


def test_a_rhythm_is_tapped_from_what_the_loop_strikes() -> None:
    levels = loop(generator(1), "funk").levels
    rhythm = tapped(levels, generator(2))
    assert set(np.unique(rhythm)) <= {REST, ONSET, ONSET + 1}
    assert not (rhythm[levels.max(1) == 0] >= ONSET).any()


def test_the_shipped_net_knows_loops_that_it_has_not_seen() -> None:
    net, _ = load_drums()
    fresh = of_grammar(generator(987), 27)
    levels = torch.from_numpy(fresh.levels)
    with torch.no_grad():
        logits = net(levels, torch.from_numpy(fresh.styles), torch.zeros(27, 64, dtype=torch.long))
    assert float(level_loss(logits, levels)) < 0.25  # 0.211 in the model card; the best n-gram 0.329


@pytest.mark.slow
def test_the_shipped_net_is_better_than_the_best_ngram_by_a_quarter() -> None:
    train, fresh = of_grammar(generator(1), 5400), of_grammar(generator(2), 360)
    known = {one.tobytes() for one in train.levels}
    fresh = fresh.part(np.array([one.tobytes() not in known for one in fresh.levels]))
    best = min(
        nats_per_step((train.levels, train.styles), (fresh.levels, fresh.styles), x) for x in NGRAMS.values()
    )
    net, _ = load_drums()
    levels = torch.from_numpy(fresh.levels)
    with torch.no_grad():
        rhythm = torch.zeros(levels.shape[:2], dtype=torch.long)
        found = float(level_loss(net(levels, torch.from_numpy(fresh.styles), rhythm), levels))
    assert found <= 0.75 * best


def test_the_shipped_file_is_small() -> None:
    assert DRUMS_FILE.stat().st_size < 1_000_000


def test_the_same_seed_writes_the_same_bytes_and_another_another_loop() -> None:
    one, again, other = (
        midi_bytes(to_midi(drum_song(generator(seed), 2, 1.0, 0.98, None, "rock"))) for seed in (0, 0, 1)
    )
    assert one == again
    assert one != other


def test_a_style_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(dllab.UsageError, match=r"--style polka: take one of rock, funk, .*march"):
        style_number("polka")


def test_weights_of_another_kind_are_refused_by_name(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"weight": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(
        dllab.InputError, match=r"other.safetensors: it holds no model of drums; give the drums"
    ):
        load_drums(tmp_path / "other.safetensors")
    save_file(
        {"a": torch.zeros(2)}, tmp_path / "half.safetensors", {"format": "dllab-drums-1", "sizes": "{}"}
    )
    with pytest.raises(dllab.InputError, match=r"half.safetensors: its weights do not fit together"):
        load_drums(tmp_path / "half.safetensors")


@pytest.mark.slow
def test_a_stopped_training_of_drums_resumes_to_the_same_bytes(stop_and_resume: Callable) -> None:
    runs = stop_and_resume("music-train", TINY, "dllab_music.drum_training", at=2)
    one, other = runs.digests("drums.safetensors")
    assert one == other


def test_a_folder_of_melodies_holds_no_drums_to_learn(tmp_path: Path) -> None:
    notes = tuple(Note(float(i), 60 + i % 5, 1.0) for i in range(32))
    (tmp_path / "tune.mid").write_bytes(midi_bytes(to_midi(Song(notes))))
    with pytest.raises(dllab.InputError, match=r"tunes: 0 stretches of four bars with drums"):
        of_folder(dllab.Input("tunes", path=tmp_path, name="tunes"))


def test_the_named_loops_are_stiff_and_four_bars_long(tmp_path: Path) -> None:
    for name, _, _, make in DRUM_SONGS:
        song = make()
        (tmp_path / f"{name}.mid").write_bytes(midi_bytes(to_midi(song)))
        strokes = to_strokes(read_song(tmp_path / f"{name}.mid"))
        assert strokes.velocities.shape == (64, 9)
        assert np.abs(strokes.offsets).max() < 1e-9
        assert len({note.velocity for note in song.notes}) == 1
