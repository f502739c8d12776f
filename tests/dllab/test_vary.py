"""Variations: the original first, every other within its bounds, and on from the one that was picked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dllab.errors import UsageError
from dllab.plugins import load_experiment
from dllab.runner import RunRequest
from dllab.store import Store
from dllab.vary import GAP_PX, TILE_PX, contact_sheet, move, variations


def test_the_original_is_first_and_the_others_differ(plasma: Path) -> None:
    experiment, _ = load_experiment("plasma")
    origin = RunRequest("plasma", {"size": 32, "waves": 4}, seed=9)
    found = variations(experiment, origin, 6, 0.5, sheet_seed=0)
    assert (found[0].request.seed, found[0].request.params) == (9, {"size": 32, "waves": 4})
    assert len({one.request.seed for one in found}) == 6
    assert {one.request.params["size"] for one in found} == {32}, "sizes in pixels stay"
    waves = {one.request.params["waves"] for one in found}
    assert len(waves) > 1 and all(1 <= value <= 64 and isinstance(value, int) for value in waves)
    assert found == variations(experiment, origin, 6, 0.5, sheet_seed=0)
    assert found[1:] != variations(experiment, origin, 6, 0.5, sheet_seed=1)[1:]


def test_without_moving_only_seeds_change(plasma: Path) -> None:
    experiment, _ = load_experiment("plasma")
    found = variations(experiment, RunRequest("plasma", {"size": 32, "waves": 4}), 4, 0.0, sheet_seed=0)
    assert all(one.request.params == {"size": 32, "waves": 4} and one.moved == () for one in found)


def test_moves_stay_within_limits() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        assert 0 < move(0.5, {"exclusiveMinimum": 0, "maximum": 1}, 2.0, rng) <= 1
        assert 2 <= move(3, {"exclusiveMinimum": 1, "exclusiveMaximum": 5}, 2.0, rng) <= 4
        assert 0 <= move(0.9, {"minimum": 0, "exclusiveMaximum": 1}, 2.0, rng) < 1
    assert move(0.0, {}, 1.0, rng) == 0


@pytest.mark.parametrize(("count", "amount"), [(1, 0.1), (101, 0.1), (4, -1.0), (4, 3.0)])
def test_odd_counts_and_amounts_are_refused(plasma: Path, count: int, amount: float) -> None:
    experiment, _ = load_experiment("plasma")
    with pytest.raises(UsageError):
        variations(experiment, RunRequest("plasma", {"waves": 4}), count, amount, sheet_seed=0)


def test_a_sheet_has_a_place_for_each_picture(tmp_path: Path) -> None:
    paths = []
    for number, size in enumerate([(400, 200), (30, 60), (5, 5)]):
        path = tmp_path / f"{number}.png"
        Image.new("RGBA", size, (200, 40 * number, 0, 255)).save(path)
        paths.append(path)
    sheet = contact_sheet([*paths, None], [("one",), ("two",), (), ("none",)])
    colours = {colour for _, colour in sheet.getcolors(100_000)}
    assert {(200, 0, 0), (200, 40, 0), (200, 80, 0)} <= colours
    assert sheet.width == 2 * TILE_PX + 3 * GAP_PX


def test_vary_makes_a_sheet_and_goes_on_from_a_pick(lab: Callable[..., object], plasma: Path) -> None:
    first = json.loads(lab("run", "plasma", "--waves", "6", "--json").stdout)
    result = lab("vary", first["id"], "--n", "4", "--jobs", "2", "--json")
    assert result.returncode == 0, result.stderr
    sheet = json.loads(result.stdout)
    assert Path(sheet["sheet"]).is_file() and len(sheet["runs"]) == 4
    with Store() as store:
        original = store.artifact(first["id"], "plasma.png").digest
        assert store.artifact(sheet["runs"][0], "plasma.png").digest == original
        third = store.run(sheet["runs"][2])
    result = lab("vary", sheet["id"], "--pick", "3", "--n", "2", "--json")
    assert result.returncode == 0, result.stderr
    with Store() as store:
        again = store.run(json.loads(result.stdout)["runs"][0])
    assert (again.params, again.seed) == (third.params, third.seed)
    for words in (
        (sheet["id"], "--pick", "9"),
        (first["id"], "--pick", "1"),
        (first["id"], "--n", "1"),
        ("absent",),
    ):
        refused = lab("vary", *words)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1


def test_a_file_is_varied_by_its_recipe(lab: Callable[..., object], plasma: Path) -> None:
    first = json.loads(lab("run", "plasma", "--json").stdout)
    result = lab("vary", first["artifacts"][0]["path"], "--n", "2", "--move", "0")
    assert result.returncode == 0, result.stderr
