"""The nets of bars: what they see, what they tell with points and without, and how they learn."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dllab_music.bar_context import (
    ABOVE,
    DEEPEST,
    NUM_BESIDE,
    PAST,
    SILENT,
    UNKNOWN,
    Told,
    joined,
    moved,
    of_line,
    of_piece,
    so_far,
    sounds,
)
from dllab_music.bar_data import EDGES, drum_bars, piece_bars
from dllab_music.bar_ngrams import drum_table, melody_table
from dllab_music.bar_training import BETTER, COUNTED_IN
from dllab_music.bar_vae import (
    FARTHEST,
    DrumBars,
    MelodyBars,
    drawn,
    gap,
    initialise,
    load_bars,
    nats_a_bar,
    next_above,
    told,
)
from dllab_music.bars import NUM_VALUES, tidy
from dllab_music.drum_grammar import NUM_LEVELS

TINY = {"model": "bars", "steps": 3, "batch_size": 4, "width": 24}


def a_piece(num_steps: int = 48, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    scale = np.array([60, 62, 64, 65, 67, 69, 71, 72])
    notes = scale[rng.integers(8, size=(-(-num_steps // 2), 4))] + np.array([7, 0, -7, -12]) // 12 * 12
    return np.repeat(notes, 2, axis=0)[:num_steps]


def a_net(kind: type) -> Any:
    net = kind(24, 4)
    initialise(net, torch.Generator().manual_seed(0))
    return net.eval()


def fields(bars: Told) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return bars.cells, bars.beside, bars.voices


def test_a_bar_is_told_in_sight_of_the_voices_above_and_the_bar_before_alone() -> None:
    bars = of_piece(a_piece(48))
    assert bars is not None
    assert bars.voices.tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    for number, voice in enumerate(bars.voices):
        beside = bars.beside[number]
        assert (beside[:, PAST : PAST + voice] != UNKNOWN).all()
        assert (beside[:, PAST + voice :] == UNKNOWN).all()
        assert (beside[:, :PAST] == UNKNOWN).all() == (number % 3 == 0)
    assert bars.beside.shape[2] == NUM_BESIDE == PAST + ABOVE


def test_what_comes_later_changes_nothing_of_what_is_known_before() -> None:
    piece = a_piece(48)
    changed = piece.copy()
    changed[20:, 2] = np.where(changed[20:, 2] == 60, 64, 60)  # the tenor, from bar 2 on
    parts = [of_piece(one) for one in (piece, changed)]
    assert parts[0] is not None and parts[1] is not None
    for number in (0, 1, 3, 4):  # soprano and alto, bars 1 and 2
        assert (parts[0].beside[number] == parts[1].beside[number]).all()


def test_sounds_are_pitches_moved_and_folded_by_octaves() -> None:
    assert sounds(np.array([-1, 60, 10, 127]), 0).tolist() == [
        SILENT, 60 - DEEPEST + 2, 22 + 12 - DEEPEST + 2, 115 - DEEPEST + 2,
    ]  # fmt: skip
    assert sounds(np.array([60]), 12)[0] - sounds(np.array([60]), 0)[0] == 12


def test_bars_moved_to_another_key_are_those_of_the_piece_in_that_key() -> None:
    piece = a_piece(48)
    bars = of_piece(piece)
    assert bars is not None
    for semitones in (-5, -1, 5):
        other = of_piece(piece, semitones=semitones)
        found = moved(bars, np.full(len(bars), semitones))
        assert other is not None
        assert all(np.array_equal(*pair) for pair in zip(fields(found), fields(other), strict=True))


def test_a_rest_a_held_note_and_what_lies_beyond_the_end_stay_when_a_bar_is_moved() -> None:
    bars = of_piece(np.vstack([a_piece(40), np.full((4, 4), -1)]))
    assert bars is not None
    found = moved(bars, np.full(len(bars), 3))
    assert np.array_equal(found.cells[bars.cells < 2], bars.cells[bars.cells < 2])
    assert np.array_equal(found.beside[bars.beside < 2], bars.beside[bars.beside < 2])


def test_gaps_are_semitones_and_none_where_nothing_sounds() -> None:
    of = torch.tensor([SILENT, UNKNOWN, 40, 40, 90, 2])
    to = torch.tensor([40, 40, UNKNOWN, 38, 2, 90])
    assert gap(of, to).tolist() == [0, 0, 0, FARTHEST + 3, 2 * FARTHEST + 1, 1]


def test_the_next_voice_above_is_of_each_voice_the_one_over_it() -> None:
    beside = torch.arange(7).expand(5, 2, 7) + 10
    found = next_above(beside, torch.arange(5))
    assert found.tolist() == [[UNKNOWN] * 2, [14] * 2, [15] * 2, [16] * 2, [UNKNOWN] * 2]


def test_bars_after_those_with_points_are_told_as_if_there_were_no_points() -> None:
    bars = of_piece(a_piece(48))
    assert bars is not None
    net, pairs, drums = a_net(MelodyBars), drum_bars(np.random.default_rng(0), 2), a_net(DrumBars)
    at = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))
    for one, parts in ((net, fields(bars)), (drums, (pairs[:, 1], pairs[:, 0]))):
        some = tuple(each[:6] for each in parts)
        both, none = told(one, some, at)[0], told(one, some)[0]
        assert torch.allclose(both[3:], none[3:], atol=1e-6)
        assert not torch.allclose(both[:3], none[:3], atol=1e-2)


def test_a_net_sees_only_the_cells_before() -> None:
    bars = of_piece(a_piece(32))
    assert bars is not None
    changed = replace(bars, cells=bars.cells.copy())
    changed.cells[:, 9:] = 1
    net = a_net(MelodyBars)
    one, other = (told(net, fields(each))[0] for each in (bars, changed))
    assert torch.equal(one[:, :10], other[:, :10])
    assert not torch.equal(one[:, 10:], other[:, 10:])


def test_a_melody_told_cell_by_cell_is_what_the_net_tells_of_the_whole() -> None:
    net, line = a_net(MelodyBars), a_piece(64)[:, 0]
    bars = of_line(tidy(line, np.zeros(64, bool)))
    at = torch.randn(4, 4, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        step_by_step = net.greedy(at, bars.beside, bars.voices)
        same = replace(bars, cells=step_by_step.argmax(-1).numpy())
        whole = told(net, fields(same), at)[0].log_softmax(-1)
    assert torch.allclose(step_by_step, whole, atol=1e-5)


def test_drums_told_stroke_by_stroke_are_what_the_net_tells_of_the_whole() -> None:
    net, pairs = a_net(DrumBars), drum_bars(np.random.default_rng(0), 2)
    at = torch.randn(len(pairs), 4, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        step_by_step = net.greedy(at, pairs[:, 0])
        same = step_by_step.argmax(-1).numpy()
        whole = told(net, (same, pairs[:, 0]), at)[0].log_softmax(-1)
    assert torch.allclose(step_by_step, whole, atol=1e-5)


def test_what_is_known_so_far_is_the_cell_before_what_sounds_and_for_how_long() -> None:
    bars = of_piece(np.repeat(np.array([[67] * 4, [69] * 4, [69] * 4, [67] * 4]), 8, axis=0))
    assert bars is not None
    known = so_far(bars)
    assert (known[:, 0, 0] == NUM_VALUES).all()
    second = known[1]  # the soprano's second bar: A goes on for half of it, then G
    assert second[0, 1] == second[7, 1] == second[8, 1] == second[9, 1] + 2
    assert second[[0, 7, 8, 9], 2].tolist() == [8, 15, 16, 1]


def test_the_divergence_is_what_the_book_says() -> None:
    mean, log_variance = torch.randn(2, 5, 4, generator=torch.Generator().manual_seed(0))
    _, known = drawn(mean, log_variance, torch.Generator())
    normal = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    oracle = torch.distributions.kl_divergence(normal, torch.distributions.Normal(0.0, 1.0)).sum(1).mean()
    assert float(known) == pytest.approx(float(oracle), rel=1e-5)


def test_a_net_that_knows_nothing_needs_the_logarithm_of_the_number_of_values() -> None:
    bars = of_piece(a_piece(40))
    assert bars is not None
    net = a_net(MelodyBars)
    for layer in (net.out, net.from_own, net.from_above):
        torch.nn.init.zeros_(layer.weight)
    nats, count = nats_a_bar(net, fields(bars))
    assert count == 4 * 40  # what lies beyond the end is no cell
    assert nats / count == pytest.approx(np.log(NUM_VALUES), rel=1e-5)


def test_ngrams_of_what_was_seen_often_need_next_to_nothing() -> None:
    bars = of_piece(a_piece(48))
    assert bars is not None
    many = joined([bars] * 50)
    found = melody_table(many, bars)
    assert min(found.values()) < 0.2 < found["voice"]
    pairs = drum_bars(np.random.default_rng(0), 4)
    table = drum_table(np.concatenate([pairs] * 50), pairs)
    assert min(table.values()) < 0.1 < table["the drum alone"] < 9 * np.log(NUM_LEVELS)


@pytest.mark.slow
def test_the_shipped_nets_tell_bars_better_than_the_best_ngrams(shared_data: Path) -> None:
    splits = json.loads((shared_data / "music" / "jsb_chorales_16th_satb.json").read_text())
    pieces = {name: [np.array(piece) for piece in splits[name]] for name in ("train", "valid")}
    valid, nets = piece_bars(pieces["valid"], (0,)), load_bars()
    nats, count = nats_a_bar(nets["melody"], fields(valid))
    assert count == sum(piece.size for piece in pieces["valid"])  # every note, once
    table = melody_table(piece_bars(pieces["train"], EDGES, COUNTED_IN), valid)
    assert nats / count <= BETTER * min(table.values())
    loops, others = (drum_bars(np.random.default_rng(seed), size) for seed, size in ((1, 5400), (2, 360)))
    known = {pair.tobytes() for pair in loops}
    others = others[[pair.tobytes() not in known for pair in others]]
    nats, count = nats_a_bar(nets["drums"], (others[:, 1], others[:, 0]))
    assert 9 * nats / count <= BETTER * min(drum_table(loops, others).values())


@pytest.mark.slow
def test_a_stopped_training_of_bars_resumes_to_the_same_bytes(stop_and_resume: Callable) -> None:
    runs = stop_and_resume("music-train", TINY, "dllab_music.bar_training", at=2)
    one, other = runs.digests("bars.safetensors")
    assert one == other
