"""Recurrent networks: their parts against numbers by hand, the user's prices, and ten seeds."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import dllab
from dllab.errors import RunFailedError
from dllab_neural.lstm_gates import held, notes
from dllab_neural.rnn_gradients import hidden_states, rotation, through_time
from dllab_neural.rnn_vs_lstm import adding
from dllab_neural.sequence_shapes import prices, windows
from dllab_neural.sequences import Reader, by_hand
from dllab_neural.stock_forecast import noisy_wave, random_walk, straight

SEEDED = ("rnn-vs-lstm", "lstm-gates", "rnn-gradients", "stock-forecast", "sequence-shapes")
DATA = Path(os.environ.get("DLLAB_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
STOCKS = DATA / "tabular"


def refused(name: str, match: str, **params: Any) -> None:
    with pytest.raises((dllab.UsageError, dllab.InputError), match=match) as caught:
        dllab.launch(name, params, is_tiny=True, threads=1)
    assert "\n" not in str(caught.value)


def failed(name: str, **params: Any) -> list[str]:
    """The checks that fail in a tiny run; [] when the run succeeds."""
    with dllab.Store() as store:
        try:
            dllab.launch(name, params, is_tiny=True, threads=1, store=store)
        except RunFailedError:
            (run,) = store.runs(limit=1)
            return [check["name"] for check in store.checks(run.id) if not check["passed"]]
    return []


def errors(params: dict[str, Any], **options: Any) -> dict[str, float]:
    """The error of each method that a run of stock-forecast leaves."""
    with dllab.Store() as store:
        run = dllab.launch("stock-forecast", params, threads=1, store=store, **options)
        (path,) = (one.path for one in store.artifacts(run.id, role="out") if one.name == "errors.json")
        rmse: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["rmse"]
        return rmse


def table(path: Path, days: int = 80, header: str = "Date,Close", newest_first: bool = False) -> Path:
    rows = [f"2020-{1 + i // 28:02d}-{1 + i % 28:02d},{100 + i + i % 3}" for i in range(days)]
    path.write_text("\n".join([header, *(reversed(rows) if newest_first else rows)]) + "\n", encoding="cp949")
    return path


def test_the_sum_is_of_the_two_marked_numbers_one_from_each_half() -> None:
    x, y = adding(200, 9, torch.Generator().manual_seed(1))
    assert x[:, :4, 1].sum(dim=1).tolist() == x[:, 4:, 1].sum(dim=1).tolist() == [1.0] * 200
    for row, wanted in zip(x, y, strict=True):
        assert sum(float(number) for number, mark in row if mark) == pytest.approx(float(wanted))


def test_what_is_said_at_a_question_is_the_number_of_the_latest_mark() -> None:
    x, y = notes(60, 15, torch.Generator().manual_seed(1))
    for row, wanted in zip(x.tolist(), y.tolist(), strict=True):
        note = 0.0
        for (number, mark, question), say in zip(row, wanted, strict=True):
            note = number if mark else note
            assert say == (note if question else 0)
            assert not (mark and question)


def test_one_step_of_an_lstm_by_hand() -> None:
    layer = torch.nn.LSTM(1, 1, batch_first=True)
    with torch.no_grad():
        for weights in layer.parameters():
            weights.zero_()
        layer.bias_ih_l0.copy_(torch.tensor([0.0, 0.0, 10.0, 0.0]))  # gates half open, and tanh 10 is 1
    steps = by_hand(layer, torch.zeros(1, 2, 1))
    assert steps.cell.flatten().tolist() == pytest.approx([0.5, 0.75])  # 0.5 · 1, and 0.5 · 0.5 + 0.5
    assert steps.hidden.flatten().tolist() == pytest.approx([0.5 * np.tanh(0.5), 0.5 * np.tanh(0.75)])


def test_a_reader_starts_with_its_forget_gate_open() -> None:
    net = Reader("LSTM", 2, 3, torch.Generator().manual_seed(1))
    bias = net.layer.bias_ih_l0 + net.layer.bias_hh_l0
    assert bias[3:6].tolist() == [2.0] * 3
    assert net(torch.zeros(5, 4, 2)).shape == (5,)


def test_a_memory_halves_or_stays() -> None:
    assert held(0.5, 3) == pytest.approx([1, 0.5, 0.25, 0.125])
    assert held(1.0, 50)[-1] == 1


def test_a_scaled_rotation_keeps_its_radius_and_a_state_is_what_the_loop_says() -> None:
    assert np.linalg.svd(rotation(5, 0.7), compute_uv=False) == pytest.approx([0.7] * 5)
    assert through_time(np.array([[0.5]]), np.ones((3, 1))) == pytest.approx([1, 0.5, 0.25, 0.125])
    states = hidden_states(np.array([[2.0]]), np.array([[1.0], [0.0]]), np.array([0.0]))
    assert states.ravel() == pytest.approx([np.tanh(1), np.tanh(2 * np.tanh(1))])


def test_windows_and_prices_of_a_made_up_market() -> None:
    market = prices(np.random.default_rng(0), 3, 10)
    cut = windows(market, 4)
    assert cut.shape == (3, 7, 4, 3)
    assert (cut[2, 6] == market[2, 6:10]).all()
    assert (market[:, 0, 1] == market[:, 0, 2]).all()  # in the first minute highest is lowest


def test_a_straight_line_continues_a_straight_line() -> None:
    X, y = np.array([[0.0, 1], [1, 2], [2, 3]]), np.array([2.0, 3, 4])
    assert straight(X, y, np.array([[10.0, 11.0]])) == pytest.approx([12])


def test_the_made_up_series_are_of_the_size_they_claim() -> None:
    walk, wave = random_walk(np.random.default_rng(0), 4000), noisy_wave(np.random.default_rng(0), 4000)
    assert np.diff(np.log(walk)).std() == pytest.approx(0.015, rel=0.05)
    assert wave.var() == pytest.approx(10**2 / 2 + 1, rel=0.05)


def test_a_date_and_a_price_are_enough_and_newest_first_is_turned_round(home: Path, tmp_path: Path) -> None:
    said = []
    for newest_first in (False, True):
        path = table(tmp_path / f"{newest_first}.csv", header="날짜,종가", newest_first=newest_first)
        said.append(errors({"data": str(path), "target": "종가"}, is_tiny=True, language="ko"))
    assert said[0] == said[1]


def test_tables_that_hold_no_series_are_refused(home: Path, tmp_path: Path) -> None:
    few = table(tmp_path / "few.csv", days=20)
    refused("stock-forecast", "'few.csv' has 20 prices", data=str(few))
    good = table(tmp_path / "good.csv")
    refused("stock-forecast", "--target 'Open' is no column of 'good.csv'", data=str(good), target="Open")
    refused("stock-forecast", "column 'Date': '2020-01-01' is no number", data=str(good), target="Date")
    flat = tmp_path / "flat.csv"
    flat.write_text("day,price\n" + "".join(f"{i},7\n" for i in range(90)))
    refused("stock-forecast", "column 'price' stays the same", data=str(flat))
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("day,price\n1,2\n2,3,4\n")
    refused("stock-forecast", "row 3: 3 cells, the header 2", data=str(ragged))
    endless = tmp_path / "endless.csv"
    endless.write_text("day,price\n1,2\n2,inf\n")
    refused("stock-forecast", "'inf' is no price", data=str(endless))


def test_values_that_make_no_sense_are_refused(home: Path) -> None:
    refused("rnn-gradients", "--radii 4", radii=[4.0])
    refused("lstm-gates", "--forget 1.5", forget=[1.5])
    refused("sequence-shapes", "--window 391 is longer than a day", window=391)


def test_a_gradient_that_forgets_a_step_turns_red(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        import_module("dllab_neural.rnn_gradients"),
        "through_time",
        lambda W, s: np.roll(through_time(W, s), 1),
    )
    assert "gradient at the last lag of a scaled rotation, radius 0.8" in failed("rnn-gradients")


def test_a_forecast_that_looks_into_the_future_turns_red(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that reach one day too far hold the price that is asked for."""
    view = np.lib.stride_tricks.sliding_window_view

    def early(series: np.ndarray, window: int) -> np.ndarray:
        return np.concatenate([view(series, window)[1:], view(series, window)[-1:]])

    monkeypatch.setattr(np.lib.stride_tricks, "sliding_window_view", early)
    assert {"error of 'as today'", "smallest error on the wave"} <= set(failed("stock-forecast"))


def test_a_cell_whose_memory_is_read_a_little_too_large_turns_red(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def larger(layer: torch.nn.LSTM, x: torch.Tensor) -> Any:
        steps = by_hand(layer, x)
        return steps._replace(hidden=steps.output_gate * (steps.cell * 1.01).tanh())

    monkeypatch.setattr("dllab_neural.sequences.by_hand", larger)
    assert failed("lstm-gates") == ["one LSTM cell against its formulas, largest difference"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", SEEDED)
def test_the_checks_hold_with_ten_seeds(home: Path, name: str, seed: int) -> None:
    assert dllab.launch(name, {}, seed=seed, threads=1).status == "succeeded"


@pytest.mark.slow
@pytest.mark.skipif(not STOCKS.is_dir(), reason="needs the tables of real prices")
@pytest.mark.parametrize(
    ("file", "target"), [("stock_google_2015_2017.csv", "Close"), ("stock_closes_2007_2016.csv", "")]
)
def test_real_prices_are_hardly_better_forecast_than_by_todays(home: Path, file: str, target: str) -> None:
    params = {"data": str(STOCKS / file), "target": target}
    rmse = errors(params)
    assert rmse["LSTM"] > 0.97 * rmse["as today"]
