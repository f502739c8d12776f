"""The experiment `style-transfer`, from the command line to the PNG."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab
from dllab.store import Store

SMALL = ("--steps", "4", "--max-size", "80", "--threads", "1")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Blue over green with a sun, 120 x 80, see-through at the left."""
    y, x = np.mgrid[0:80, 0:120]
    pixels = np.where((y < 45)[..., None], (90, 140, 220), (60, 150, 70)).astype(np.uint8)
    pixels[np.hypot(y - 25, x - 80) < 14] = (250, 230, 120)
    alpha = np.where(x < 40, 90, 255).astype(np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(np.dstack([pixels, alpha])).save(path)
    return path


@pytest.fixture
def style(tmp_path: Path) -> Path:
    """Red and black stripes, 96 x 96."""
    y, x = np.mgrid[0:96, 0:96]
    pixels = np.where(((x + y) % 12 < 6)[..., None], (210, 30, 30), (20, 20, 20)).astype(np.uint8)
    path = tmp_path / "stripes.png"
    Image.fromarray(pixels).save(path)
    return path


def painting(run: str, name: str = "painting.png") -> np.ndarray:
    with Store() as store, Image.open(store.artifact(run, name).path) as picture:
        return np.asarray(picture)


def falls(run: str) -> float:
    """The style loss at the last step over that at the first."""
    with Store() as store, store.artifact(run, "curves.csv").path.open(encoding="utf-8") as file:
        style = [float(row["style"]) for row in csv.DictReader(file)]
    return style[-1] / style[0]


def test_a_painting_keeps_size_and_alpha_and_takes_the_colours_of_the_style(
    home: Path, photo: Path, style: Path
) -> None:
    params = {"image": str(photo), "style": str(style), "steps": 40}
    run = dllab.launch("style-transfer", params, threads=1)
    painted, before = painting(run.id), np.asarray(Image.open(photo))
    assert painted.shape == (80, 120, 4)
    np.testing.assert_array_equal(painted[..., 3], before[..., 3])
    red, _, blue = painted[..., :3].reshape(-1, 3).mean(axis=0)
    assert red > 1.5 * blue  # the photo is blue and green
    with Store() as store:
        checks = {check["name"]: check["got"] for check in store.checks(run.id)}
    assert checks["style loss, of the photo's"] < 0.2


def test_a_mask_keeps_the_style_to_its_side(home: Path, photo: Path, style: Path, tmp_path: Path) -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[:, 15:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    params = {"image": str(photo), "style": str(style), "mask": str(tmp_path / "mask.png"), "steps": 12}
    run = dllab.launch("style-transfer", {**params, "max_size": 120, "tv_weight": 0}, threads=1)
    change = np.abs(painting(run.id)[..., :3].astype(float) - np.asarray(Image.open(photo))[..., :3])
    assert change[:, 80:].mean() > 4 * change[:, :40].mean()


def test_of_two_styles_the_heavier_one_shows_more(
    home: Path, photo: Path, style: Path, tmp_path: Path
) -> None:
    green = tmp_path / "green.png"
    Image.new("RGB", (64, 64), (10, 240, 30)).save(green)
    redness = []
    for weights in ((4, 1), (1, 4)):
        params = {"image": str(photo), "style": str(style), "style_2": str(green), "style_weights": weights}
        run = dllab.launch("style-transfer", {**params, "steps": 10, "max_size": 80}, threads=1)
        colours = painting(run.id)[..., :3].reshape(-1, 3).mean(axis=0)
        redness.append(colours[0] - colours[1])
    assert redness[0] > redness[1] + 10


def test_the_photos_colours_stay_where_they_are_asked_to(home: Path, photo: Path, style: Path) -> None:
    params = {"image": str(photo), "style": str(style), "steps": 8, "max_size": 80, "colours": "photo"}
    painted = painting(dllab.launch("style-transfer", params, threads=1).id)[..., :3].astype(float)
    before = np.asarray(Image.open(photo))[..., :3].astype(float)
    is_inside = ((painted > 2) & (painted < 253)).all(axis=-1)
    hues = painted[..., 0] - painted[..., 2] - before[..., 0] + before[..., 2]
    assert np.abs(hues[is_inside]).mean() < 2


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": "gram", "optimiser": "adam", "learning_rate": 0.2, "histogram": True},
        {"start": "noise", "layers": ("c1_1", "c2_1"), "layer_weights": (1.0, 2.0), "content_weight": 0},
        {"start": "style", "colours": "matched", "style_scale": 0.5, "content_layers": ("c4_1",)},
    ],
)
def test_every_way_to_paint_leads_towards_the_style(
    home: Path, photo: Path, style: Path, settings: dict
) -> None:
    params = {"image": str(photo), "style": str(style), "steps": 12, "max_size": 90, **settings}
    run = dllab.launch("style-transfer", params, threads=1)
    assert falls(run.id) < 0.6
    assert painting(run.id).shape == (80, 120, 4)


@pytest.mark.parametrize("size", [(1, 1), (13, 9), (400, 1)])
def test_a_picture_of_any_size_comes_back_in_that_size(
    home: Path, tmp_path: Path, style: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "odd.png"
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).save(path)
    params = {"image": str(path), "style": str(style), "steps": 2, "max_size": 200}
    run = dllab.launch("style-transfer", params, threads=1)
    assert painting(run.id).shape[:2] == (size[1], size[0])


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"layers": ("c9",)}, "--layers c9: the net has no such layer; it has c1_1, c2_1"),
        ({"content_layers": ("c1",)}, "--content-layers c1: the net has no such layer"),
        ({"style_weights": (1, 2)}, "--style-weights 1,2: give one number, or none: there is one style"),
        ({"style_weights": (0,)}, "--style-weights: none may be below 0, and one must be above it"),
        (
            {"layers": ("c1_1",), "layer_weights": (1, 2)},
            "--layer-weights 1,2: give one for each of the layers",
        ),
        ({"layer_weights": (-1,), "layers": ("c1_1",)}, "--layer-weights: none may be below 0"),
        ({"mask_2": "sample:cat"}, "there is no --style-2 for it to hold back"),
        ({"mask": "BLACK"}, "black.png is dark all over"),
        ({"style": "sample:swirl"}, "Did you mean 'swirls'"),
        ({"steps": 0}, "--steps 0"),
    ],
)
def test_what_cannot_be_painted_is_told_with_the_remedy(
    home: Path, tmp_path: Path, params: dict, words: str
) -> None:
    black = tmp_path / "black.png"
    Image.new("L", (8, 8)).save(black)
    given = {name: str(black) if value == "BLACK" else value for name, value in params.items()}
    with pytest.raises(dllab.UsageError) as caught:
        dllab.launch("style-transfer", {"max_size": 80, "style": "sample:brick", **given}, threads=1)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_wrong_layer_ends_in_one_line_and_leaves_nothing(lab: Callable, tmp_path: Path) -> None:
    words = ("run", "style-transfer", "--style", "sample:brick", "--layers", "c9", "--quiet", "--out", "out")
    done = lab(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list((tmp_path / "out").glob("*"))


def test_a_stopped_painting_leaves_its_part_and_resumes_to_the_same_bytes(
    stop_and_resume: Callable, photo: Path, style: Path
) -> None:
    params = {"image": str(photo), "style": str(style), "steps": 5, "max_size": 120}
    runs = stop_and_resume("style-transfer", params, "dllab_style.coarse_to_fine", at=4)
    assert painting(runs.stopped.id, "painting-partial.png").shape == (80, 120, 4)
    one, other = runs.digests("painting.png")
    assert one == other
