"""The chorale side of the music room: the net and its cache, the writer, the scorer, and the tools on it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
import torch
from safetensors import safe_open

import dllab
from dllab_music.chorale_net import WINDOW, ChoraleNet
from dllab_music.chorale_score import nats
from dllab_music.chorale_writing import FREE, Writer, write_chorale
from dllab_music.chorales import NUM_TOKENS, features, row, to_pitches, to_tokens
from dllab_music.corpus import from_song, read_json
from dllab_music.generate import opening
from dllab_music.keys import Key, heard, pitch_classes, read_key
from dllab_music.ngrams import CHAINS, scores
from dllab_music.pretrained import load_chorale_net
from dllab_music.primers import read_primer
from dllab_music.sampling import draw
from dllab_music.songs import read_song
from dllab_music.voice_leading import counts, parallels
from dllab_music.weight_files import CHORALES_FILE


def a_net(width: int = 32, num_layers: int = 2) -> ChoraleNet:
    net = ChoraleNet(width, num_layers, 2)
    net.initialise(torch.Generator().manual_seed(0))
    return net.eval()


def parallels_in(piece: np.ndarray) -> int:
    found = counts(piece)
    return int(found["parallel_fifths"] + found["parallel_octaves"])


def a_piece(num_steps: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.repeat(rng.integers(50, 75, (-(-num_steps // 2), 4)), 2, axis=0)[:num_steps]


def test_what_the_net_reads_tells_nothing_of_what_it_is_to_predict() -> None:
    tokens = to_tokens(a_piece(40))
    before = features(tokens)
    for step, voice in ((0, 0), (3, 2), (20, 1), (39, 3)):
        changed = tokens.copy()
        changed[step, voice] += 1
        index = 4 * step + voice
        assert (features(changed)[: index + 1] == before[: index + 1]).all()


def test_a_row_by_itself_is_the_row_of_the_whole() -> None:
    tokens = to_tokens(a_piece(48))
    whole = features(tokens).reshape(48, 4, -1)
    held = np.zeros((1, 4), np.int64)
    for step in range(48):
        for voice in range(4):
            assert (row(tokens[None], step, voice, held)[0] == whole[step, voice]).all()
        is_new = tokens[step] != tokens[step - 1] if step else np.ones(4, bool)
        held = np.where(is_new, 1, held + 1)


def test_a_cache_remembers_what_the_net_would_read_again_beyond_its_window() -> None:
    net = a_net()
    columns = torch.from_numpy(features(to_tokens(a_piece(WINDOW // 4 + 40))))[None]
    with torch.no_grad():
        whole = net(columns)
        cache = net.new_cache()
        parts = [net(part, cache) for part in (columns[:, :100], *columns[:, 100:].split(1, dim=1))]
    assert torch.allclose(torch.cat(parts, dim=1), whole, atol=1e-5)


def test_written_with_a_cache_and_without_it_is_the_same_note_for_note() -> None:
    net, given = a_net(), np.full((32, 4), FREE)
    given[:, 0] = a_piece(32)[:, 0]
    written = []
    for use_cache in (True, False):
        writer = Writer(net, given, np.random.default_rng(3), use_cache=use_cache)
        writer.write(0, 32, readings=3)
        written.append(writer.tokens)
    assert (written[0] == written[1]).all()


def test_what_is_given_stays_and_what_is_written_keeps_to_the_scale() -> None:
    given = np.full((32, 4), FREE)
    given[:, 0] = a_piece(32)[:, 0]
    scale = read_key("G")
    piece = write_chorale(a_net(), given, np.random.default_rng(0), scale=scale.scale if scale else None)
    assert (piece[:, 0] == given[:, 0]).all()
    assert {int(pitch) % 12 for pitch in piece[:, 1:].reshape(-1)} <= {7, 9, 11, 0, 2, 4, 6}


def test_what_may_not_follow_is_what_would_be_counted() -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        before, now = rng.integers(40, 80, (2, 1, 4))
        for voice in (1, 2, 3):
            refused = parallels(before, now, voice)[0]
            piece = np.concatenate([before, now])
            piece[:, voice + 1 :] = -1
            piece[1, voice] = piece[0, voice]  # a voice that stays is in no parallel
            still = parallels_in(piece)
            for pitch in range(40, 80):
                piece[1, voice] = pitch
                assert refused[pitch] == (parallels_in(piece) > still)


def test_a_net_that_knows_no_rule_writes_parallels_unless_they_are_refused() -> None:
    given = np.full((64, 4), FREE)
    pieces = []
    for refused in (False, True):
        writer = Writer(a_net(), given, np.random.default_rng(1), avoid_parallels=refused)
        writer.write(0, 64)
        pieces.append(to_pitches(writer.tokens[0]))
    assert parallels_in(pieces[0]) > 0 == parallels_in(pieces[1])
    assert counts(pieces[1])["moves_together"] > 100


def test_a_draw_takes_the_likeliest_at_temperature_0_and_else_as_often_as_it_is_likely() -> None:
    logits = np.log(np.array([[0.5, 0.3, 0.2]]))
    rng = np.random.default_rng(0)
    assert draw(logits, 0, 1, rng)[0] == 0
    drawn = draw(np.repeat(logits, 20_000, 0), 1.0, 1.0, rng)
    assert np.bincount(drawn) / 20_000 == pytest.approx([0.5, 0.3, 0.2], abs=0.015)
    cut = draw(np.repeat(logits, 2000, 0), 1.0, 0.6, rng)
    assert set(cut.tolist()) == {0, 1}
    assert (draw(np.repeat(logits, 50, 0), 2.0, 0.1, rng) == 0).all()


def test_a_net_that_knows_nothing_needs_the_logarithm_of_the_number_of_tokens() -> None:
    net = a_net()
    torch.nn.init.zeros_(net.head.weight)
    assert nats(net, [a_piece(20), a_piece(33)]) == pytest.approx(math.log(NUM_TOKENS), abs=1e-5)


def test_a_chain_learns_what_follows_and_its_chances_add_up_to_one() -> None:
    piece = np.tile(np.array([[72, 67, 60, 48], [74, 65, 59, 43]]), (60, 1))
    found = scores([piece] * 3, [piece])
    assert set(found) == set(CHAINS)
    assert found["with beat"] < 0.5 * found["unigram"]
    every = [np.full((1, 4), pitch) for pitch in [-1, *range(30, 91)]]
    total = sum(math.exp(-_of_soprano(piece, one)) for one in every)
    assert total == pytest.approx(1, abs=1e-6)


def _of_soprano(train: np.ndarray, asked: np.ndarray) -> float:
    """Nats of the first soprano note alone: those of the step, less those of the lower voices under it."""
    alone = asked.copy()
    from dllab_music.ngrams import NUM_TOKENS, _all, chain

    learned, answers = _all([train])
    key, notes = _all([alone])
    probs = np.full(1, 1 / NUM_TOKENS)
    return float(-np.log(chain(learned[:, 0], answers, key[:1, 0], notes[:1], probs))[0])


def test_parallels_leaps_ranges_and_crossings_are_counted_as_by_hand() -> None:
    piece = np.array([[72, 65, 60, 53], [74, 67, 59, 55], [74, 67, 67, 43], [74, 66, 68, 30]])
    found = counts(piece)  # alto and bass: F, F to G, G, and at the end G, G down to F#, F#
    assert found["parallel_octaves"] == 2
    assert found["parallel_fifths"] == 2  # soprano with alto and with bass, a fifth apart, both up
    assert found["crossings"] == 1
    assert found["out_of_range"] == 1


@pytest.mark.parametrize(("text", "name"), [("C", "C major"), ("f# minor", "F♯ minor"), ("Bb", "B♭ major"),
                                            ("Am", "A minor")])  # fmt: skip
def test_a_key_is_read_as_musicians_type_it(text: str, name: str) -> None:
    key = read_key(text)
    assert key is not None
    assert key.name == name


def test_the_key_of_a_scale_is_heard_and_its_first_chord_is_voiced_in_range() -> None:
    tune = read_primer("D4 E4 F#4 G4 A4 B4 C#5 D5 A4 F#4 D4:4")
    assert heard(pitch_classes(np.array([one.pitch for one in tune.notes]))) == Key(2, False)
    for tonic in range(12):
        for is_minor in (False, True):
            chord = opening(Key(tonic, is_minor), np.random.default_rng(0))
            assert {pitch % 12 for pitch in chord} == set(Key(tonic, is_minor).triad)
            assert list(chord) == sorted(chord, reverse=True)


def test_a_song_of_one_voice_is_a_soprano_over_silence() -> None:
    piece = from_song(read_primer("C5 D5:.5 r:.5 E5"))
    assert piece[:, 0].tolist() == [72] * 4 + [74] * 2 + [-1] * 2 + [76] * 4
    assert (piece[:, 1:] == -1).all()


def test_the_net_that_comes_with_the_lab_is_small_and_named_in_its_model_card() -> None:
    assert CHORALES_FILE.stat().st_size < 4_000_000
    card = (CHORALES_FILE.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"`{CHORALES_FILE.name}`" in card
    with safe_open(CHORALES_FILE, framework="pt") as file:
        recipe = json.loads(file.metadata()["dllab"])
    assert recipe["experiment"] == "music-train"
    assert f"--steps {recipe['params']['steps']}" in card


@pytest.mark.slow
def test_the_net_keeps_the_figure_of_its_model_card(shared_data: Path) -> None:
    splits = read_json(shared_data / "music" / "jsb_chorales_16th_satb.json", "jsb")
    found = nats(load_chorale_net(), splits["valid"])
    assert found <= 0.40
    assert found <= 0.75 * min(scores(splits["train"], splits["valid"]).values())


@pytest.mark.parametrize(
    "content", ["{", "[]", "[[[1, 2, 3]]]", '[[["a", 1, 2, 3]]]', "[[[20, 60, 60, 60]]]"]
)
def test_a_file_that_holds_no_chorales_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pieces.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(dllab.InputError) as caught:
        read_json(path, "pieces.json")
    assert str(caught.value).startswith("pieces.json")
    assert "\n" not in str(caught.value)


def test_a_melody_goes_on_from_its_own_notes_and_a_seed_is_a_piece(home: Path, tmp_path: Path) -> None:
    params = {"notes": "D5 E5:.5 F#5:.5 G5", "bars": 1}
    with dllab.Store() as store:
        runs = [
            dllab.launch("music-continue", params, seed=seed, threads=1, store=store) for seed in (1, 1, 2)
        ]
        found = [
            {one.name: one.digest for one in store.artifacts(run.id) if one.role == "out"} for run in runs
        ]
        read = read_song(store.artifact(runs[0].id, "continuation-01.mid").path)
    assert found[0] == found[1]
    assert found[0]["continuation-01.mid"] != found[2]["continuation-01.mid"]
    first = sorted((one.onset, one.pitch, one.duration) for one in read.notes)[:4]
    assert first == [(0, 74, 1), (1, 76, 0.5), (1.5, 78, 0.5), (2, 79, 1)]


def test_a_soprano_is_harmonized_unchanged_and_strikes_again_with_all_voices(home: Path) -> None:
    with dllab.Store() as store:
        run = dllab.launch("music-harmonize", {"notes": "C5 C5 D5:2"}, threads=1, store=store)
        path = store.artifact(run.id, "harmony-01.mid").path
        assert path is not None
        tracks = mido.MidiFile(path).tracks
        read = read_song(path)
    assert len(tracks) == 5
    assert [(one.onset, one.pitch, one.duration) for one in read.notes if one.voice == 0] == [
        (0, 72, 1), (1, 72, 1), (2, 74, 2),
    ]  # fmt: skip
    for voice in (1, 2, 3):
        assert any(one.onset == 1 for one in read.notes if one.voice == voice)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("music-harmonize", "--melody", "sample:rock-beat"), "drums alone"),
        (("music-continue", "--notes", "C5 X"), "is no note"),
        (("music-generate", "--key", "H sharp"), "is no key"),
        (("music-generate", "--key", "C", "--kind", "drums"), "--key C: drums have no key"),
        (("music-generate", "--style", "funk"), "--style funk is one of drums; add --kind drums"),
        (("music-score",), "nothing to score"),
        (("music-train", "--steps", "1", "--width", "33"), "multiple"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_left(
    home: Path, lab: Callable, words: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(dllab.UsageError, match=fault):
        flags = dict(zip(words[1::2], words[2::2], strict=True))
        params = {
            key.removeprefix("--"): int(value) if value.isdigit() else value for key, value in flags.items()
        }
        dllab.launch(words[0], params, threads=1)
    with dllab.Store() as store:
        assert store.runs() == []


@pytest.mark.slow
def test_training_goes_on_to_the_very_weights_it_would_have_had(home: Path, tmp_path: Path) -> None:
    from dllab.runner import RunRequest, carry_out

    params = {"steps": 3, "batch_size": 1, "width": 32, "num_layers": 1}
    with dllab.Store() as store:
        whole = dllab.launch("music-train", params, threads=1, store=store)
        request = RunRequest("music-train", params, threads=1, parent=whole.id, relation="resume")
        again = carry_out(store, request).record
        assert again.status == "succeeded"
        digests = [store.artifact(one.id, "chorale.safetensors").digest for one in (whole, again)]
        path = store.artifact(again.id, "chorale.safetensors").path
    assert digests[0] == digests[1]
    assert path is not None
    assert load_chorale_net(path).sizes == {"width": 32, "num_layers": 1, "heads": 1}
