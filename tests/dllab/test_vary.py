"""Variations: the original first, every other within its bounds, and on from the one that was picked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dllab.cli.vary import _caption
from dllab.errors import UsageError
from dllab.fonts import picture_font
from dllab.plugins import load_experiment
from dllab.runner import RunRequest, carry_out
from dllab.savers import write_video
from dllab.store import Store
from dllab.texts import set_language
from dllab.vary import Variation, move, variations
from dllab.vary_sheet import CAPTION_PX, MOST_LINES, TILE_PX, _lines, contact_sheet, shown_picture

FILMS = """
import dllab


def declare(name, has_film, has_picture):
    def function(run, params: dllab.Params):
        import numpy as np

        if has_film:
            run.save_video("way.gif", [np.full((3, 8, 8), level) for level in (0.0, 1.0)], fps=2)
        if has_picture:
            run.save_image("end.png", np.zeros((3, 8, 8)))
        run.save_json("facts.json", {})

    function.__doc__ = "Pictures."
    return dllab.experiment(name, topic="films")(function)


@dllab.hookimpl
def dllab_experiments():
    return [declare("both", True, True), declare("moving", True, False), declare("neither", False, False)]
"""


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
    assert 2 * TILE_PX < sheet.width < 2.3 * TILE_PX


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_of_a_film_the_sheet_shows_the_last_frame(tmp_path: Path, suffix: str) -> None:
    colours = ((1.0, 0, 0), (0, 1.0, 0), (0, 0, 1.0))
    frames = [np.broadcast_to(np.array(colour)[:, None, None], (3, 64, 64)) for colour in colours]
    path = tmp_path / f"film{suffix}"
    with path.open("wb") as file:
        write_video(file, suffix, frames, fps=2)
    sheet = np.asarray(contact_sheet([path], [("one",)])).astype(int)  # (H, W, 3)
    assert ((sheet[..., 2] > 200) & (sheet[..., :2].max(axis=2) < 60)).sum() == 384 * 384  # blue, the last
    assert ((sheet[..., 0] > 200) & (sheet[..., 1:].max(axis=2) < 60)).sum() == 0


def test_a_still_picture_stands_for_a_run_that_also_left_a_film(
    plugin: Callable[..., Path], home: Path
) -> None:
    plugin("films", FILMS)
    with Store() as store:
        for experiment, shown in (("both", "end.png"), ("moving", "way.gif"), ("neither", None)):
            record = carry_out(store, RunRequest(experiment, threads=1)).record
            path = shown_picture(store, record.id)
            found = [one.name for one in store.artifacts(record.id, role="out") if one.path == path]
            assert found == ([shown] if shown else [])


def test_a_caption_is_set_in_lines_that_fit_and_counts_what_is_left() -> None:
    font = picture_font(CAPTION_PX)
    parts = [f"parameter_of_number_{number} 0.25" for number in range(12)]
    lines = _lines(("seed …123456", "steps 6902", "folds 6"), font)
    assert lines == ["seed …123456  ·  steps 6902  ·  folds 6"]
    lines = _lines(parts, font)
    assert len(lines) == MOST_LINES and all(font.getlength(line) < TILE_PX for line in lines)
    shown = sum(line.count("parameter") for line in lines)
    assert lines[-1] == f"+ {len(parts) - shown}"


def test_the_sheet_speaks_the_language_in_force() -> None:
    origin = RunRequest("plasma", {"waves": 4}, seed=9)
    other = replace(origin, seed=7_000_042)
    set_language("ko")
    try:
        assert _caption(Variation(origin, ()), origin) == ("원본",)
        assert _caption(Variation(other, ("waves 5",)), origin) == ("시드 …000042", "waves 5")
    finally:
        set_language(None)
    assert (
        picture_font(CAPTION_PX).getmask("가").getbbox() != picture_font(CAPTION_PX).getmask("나").getbbox()
    )  # no boxes


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
    result = lab("vary", sheet["id"], "--pick", "3", "--n", "2", "--threads", "3", "--json")
    assert result.returncode == 0, result.stderr
    with Store() as store:
        again = store.run(json.loads(result.stdout)["runs"][0])
    assert (again.params, again.seed, again.threads) == (third.params, third.seed, 3)
    for words in (
        (sheet["id"], "--pick", "9"),
        (first["id"], "--pick", "1"),
        (first["id"], "--n", "1"),
        (first["id"], "--threads", "0"),
        ("absent",),
    ):
        refused = lab("vary", *words)
        assert refused.returncode == 2 and refused.stderr.count("\n") == 1


def test_a_file_is_varied_by_its_recipe(lab: Callable[..., object], plasma: Path) -> None:
    first = json.loads(lab("run", "plasma", "--json").stdout)
    result = lab("vary", first["artifacts"][0]["path"], "--n", "2", "--move", "0")
    assert result.returncode == 0, result.stderr
