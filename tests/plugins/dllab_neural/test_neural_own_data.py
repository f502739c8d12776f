"""The user's own tables, pictures and digits, and values that do not fit together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import dllab

SEEDED = (
    "perceptron",
    "xor-mlp",
    "playground",
    "optimizers",
    "local-minima",
    "vanishing-gradients",
    "initial-weights",
    "clock-features",
    "dnn-digits",
    "cnn-digits",
    "residual-nets",
    "digit-recognition",
    "cppn",
)


def refused(name: str, match: str, **params: Any) -> None:
    with pytest.raises((dllab.UsageError, dllab.InputError), match=match) as caught:
        dllab.launch(name, params, is_tiny=True, threads=1)
    assert "\n" not in str(caught.value)


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """Thirty students: hours, sleep, and whether they passed, in Korean."""
    rng = np.random.default_rng(2)
    hours, sleep = rng.uniform(0, 10, 30).round(1), rng.uniform(4, 9, 30).round(1)
    rows = [f"{h},{s},{'합격' if h + s / 4 > 6.5 else '불합격'}" for h, s in zip(hours, sleep, strict=True)]
    path = tmp_path / "학생.csv"
    path.write_text("공부 시간,수면 시간,결과\n" + "\n".join(rows) + "\n", encoding="cp949")
    return path


@pytest.mark.parametrize("name", ["perceptron", pytest.param("playground", marks=pytest.mark.slow)])
def test_a_korean_table_of_two_columns_is_learned(home: Path, students: Path, name: str) -> None:
    params = {"data": str(students)} | ({"max_epochs": 3} if name == "perceptron" else {"steps": 3})
    assert dllab.launch(name, params, is_tiny=True, threads=1, language="ko").status == "succeeded"


@pytest.mark.parametrize("name", ["perceptron", "playground"])
def test_a_table_of_three_columns_is_refused(home: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "three.csv"
    path.write_text("a,b,c,y\n" + "".join(f"{i},{i % 3},{i % 5},{'uv'[i % 2]}\n" for i in range(12)))
    refused(name, "'three.csv' has 3 columns and 2 classes", data=str(path))


def test_values_that_do_not_fit_together_are_refused(home: Path) -> None:
    refused("tensors", r"shapes \(3,\) and \(4,\) do not meet", a=[3], b=[4])
    refused("neuron", "--inputs has 2 numbers and --weights 3", inputs=[1, 2])
    refused("filters", "--kernel has 4 numbers", kernel=[1, 2, 3, 4])
    refused("playground", "--features x3", features=["x3"])
    refused("gradient-descent", "--learning-rates 2", learning_rates=[2.0])
    refused("residual-nets", "--depth 13", depth=13)
    refused("dnn-digits", "--hidden 5000", hidden=[5000])


def test_a_picture_of_one_colour_holds_no_digit(home: Path, tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), "white").save(tmp_path / "blank.png")
    refused("digit-recognition", "'blank.png' is of one colour", image=str(tmp_path / "blank.png"))


def test_a_picture_smaller_than_a_filter_is_refused(home: Path, tmp_path: Path) -> None:
    Image.new("RGB", (9, 2), "red").save(tmp_path / "thin.png")
    refused("filters", "'thin.png' is smaller than the filter", image=str(tmp_path / "thin.png"))


def test_a_file_in_the_form_of_mnist_is_learned_and_others_are_refused(home: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 260)
    pictures = (rng.random((260, 12, 12)) * 40).astype(np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[label, 2:10] = 255
    good = {
        "x_train": pictures[:150],
        "y_train": labels[:150],
        "x_test": pictures[150:],
        "y_test": labels[150:],
    }
    np.savez(tmp_path / "good.npz", **good)
    run = dllab.launch("dnn-digits", {"data": str(tmp_path / "good.npz")}, is_tiny=True, threads=1)
    assert run.status == "succeeded"
    np.savez(tmp_path / "half.npz", x_train=pictures)
    refused("dnn-digits", "it has no array y_train, x_test, y_test", data=str(tmp_path / "half.npz"))
    np.savez(tmp_path / "wide.npz", **(good | {"y_train": labels[:150] + 5}))
    refused("dnn-digits", "y_train must hold whole numbers from 0 to 9", data=str(tmp_path / "wide.npz"))
    (tmp_path / "words.npz").write_text("not a zip")
    refused("dnn-digits", "'words.npz' is not in the form of mnist.npz", data=str(tmp_path / "words.npz"))
    np.save(tmp_path / "objects.npy", np.array([{}, None]), allow_pickle=True)
    refused("dnn-digits", "'objects.npy' is not in the form", data=str(tmp_path / "objects.npy"))


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDED)
@pytest.mark.parametrize("seed", range(10))
def test_the_checks_of_the_networks_hold_over_ten_seeds(home: Path, name: str, seed: int) -> None:
    frames = {"xor-mlp", "playground", "optimizers", "local-minima"}
    params = {"frames": 2} if name in frames else {}
    assert dllab.launch(name, params, seed=seed, threads=1).status == "succeeded"
