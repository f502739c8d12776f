"""Folders of pictures of the user's own: learned, exported, read back, and refused where they do not fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import dllab

NAMES = ("transfer-learning", "teachable-machine", "predict")


def refused(name: str, match: str, **params: Any) -> None:
    with pytest.raises((dllab.UsageError, dllab.InputError), match=match) as caught:
        dllab.launch(name, params, is_tiny=True, threads=1)
    assert "\n" not in str(caught.value)


def left(run: dllab.RunRecord, name: str) -> Path:
    with dllab.Store() as store:
        path = store.artifact(run.id, name).path
    assert path is not None
    return path


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """Five cards of red and five of blue, each of its own shade, in folders with Korean names."""
    rng = np.random.default_rng(3)
    root = tmp_path / "색 카드"
    for name, colour in (("빨강", (200, 40, 40)), ("파랑", (40, 40, 200))):
        (root / name).mkdir(parents=True)
        for i in range(5):
            shade = np.clip(np.array(colour) + rng.integers(-30, 30, 3), 0, 255)
            pixels = np.broadcast_to(shade.astype(np.uint8), (40, 60, 3))
            Image.fromarray(np.ascontiguousarray(pixels)).save(root / name / f"카드 {i}.png")
    return root


def test_two_colours_of_cards_are_told_apart_without_a_fault(home: Path, cards: Path, tmp_path: Path) -> None:
    made = dllab.launch("teachable-machine", {"data": str(cards)}, threads=1, language="ko")
    assert json.loads(left(made, "classifier.json").read_text(encoding="utf-8"))["test_accuracy"] == 1.0
    exported = tmp_path / "mine.safetensors"
    shutil.copyfile(left(made, "classifier.safetensors"), exported)
    shown = {"classifier": str(exported), "pictures": str(cards)}
    said = dllab.launch("predict", shown, threads=1)
    rows = json.loads(left(said, "predictions.json").read_text(encoding="utf-8"))["pictures"]
    assert [row["said"] for row in rows] == [row["picture"].split("/")[0] for row in rows]
    assert len(rows) == 10


def test_what_cannot_be_read_is_left_out_by_name(home: Path, cards: Path, shared_data: Path) -> None:
    broken = ("truncated.jpg", "zero_bytes.png", "text_named.png", "bomb_60000x60000.png", "random_noise.jpg")
    for name in (*broken, "one_pixel.png", "animated.gif", "extreme_aspect_4000x1.png"):
        shutil.copyfile(shared_data / "bad" / name, cards / "빨강" / name)
    made = dllab.launch("transfer-learning", {"data": str(cards)}, threads=1)
    facts = json.loads(left(made, "classifier.json").read_text(encoding="utf-8"))
    assert set(facts["left_out"]) == {f"빨강/{name}" for name in broken}
    assert facts["learned"] + facts["tested"] == 10 + 3


def test_a_folder_that_does_not_fit_is_refused_in_one_line(home: Path, cards: Path, tmp_path: Path) -> None:
    refused("transfer-learning", "'빨강' has 0 folders|빨강 has 0 folders", data=str(cards / "빨강"))
    (cards / "green").mkdir()
    refused("teachable-machine", "class 'green' of 색 카드 has 0 pictures", data=str(cards))
    empty = tmp_path / "empty"
    empty.mkdir()
    refused("predict", "empty holds no picture", pictures=str(empty))


def test_a_file_that_is_no_classifier_is_refused(home: Path, cards: Path, shared_data: Path) -> None:
    for name in ("short_data.safetensors", "broken.json", "random_noise.jpg"):
        refused("predict", f"{name} is no classifier of pictures", classifier=str(shared_data / "bad" / name))
    refused("predict", "is no classifier of pictures", classifier=str(cards))


def test_the_head_of_two_points_has_the_weights_of_the_closed_form() -> None:
    """By symmetry W = (-w, w): ln(1 + e^(-2w)) + w² / 2 is least where w = 2 / (1 + e^(2w))."""
    from scipy.optimize import brentq

    from dllab_neural.picture_classifier import fit_head

    head = fit_head(np.array([[-1.0], [1.0]]), np.array([0, 1]), ("a", "b"), decay=1.0)
    w = brentq(lambda w: w - 2 / (1 + np.exp(2 * w)), 0, 2)
    assert np.allclose(head.weight.ravel(), [-w, w], atol=1e-6)
    assert np.allclose(head.bias, 0, atol=1e-7)


def test_the_parts_to_learn_and_to_test_share_no_picture_and_hold_every_class() -> None:
    from dllab_neural.own_pictures import parted

    labels = np.array([0] * 3 + [1] * 20 + [2] * 7)
    learn, test = parted(labels, 0.3, np.random.default_rng(0))
    assert sorted([*learn, *test]) == list(range(30))
    assert np.bincount(labels[test]).tolist() == [1, 6, 2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_checks_hold_over_ten_seeds(home: Path, seed: int) -> None:
    for name in NAMES:
        assert dllab.launch(name, {}, seed=seed, threads=1).status == "succeeded"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["transfer-learning", "teachable-machine"])
def test_real_weather_is_learned(home: Path, shared_data: Path, name: str) -> None:
    folder = home.parent / "weather"
    shutil.copytree(shared_data / "weather", folder)
    few = [each for each in folder.iterdir() if len(list(each.glob("*.jpg"))) < 3]
    for each in few:  # fog and night have two photographs each, too few to learn and to test
        shutil.rmtree(each)
    made = dllab.launch(name, {"data": str(folder)}, threads=1)
    assert made.status == "succeeded"
