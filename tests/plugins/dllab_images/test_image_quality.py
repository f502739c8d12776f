"""The figures by which made pictures are judged, against values known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dllab
from dllab_images import shelf
from dllab_images.data import Pictures
from dllab_images.eye import asked, kind_for
from dllab_images.quality import (
    covered,
    frechet,
    gaussian_per_class,
    nearest_training_share,
    precision_recall,
)


def test_the_distance_of_a_set_to_itself_is_nought() -> None:
    points = np.random.default_rng(0).normal(size=(200, 5))
    assert frechet(points, points) == pytest.approx(0, abs=1e-6)


def test_the_distance_of_a_moved_set_is_the_square_of_the_move() -> None:
    points = np.random.default_rng(0).normal(size=(200, 3))
    assert frechet(points, points + np.array([3.0, 0.0, 4.0])) == pytest.approx(25)


def test_the_distance_of_a_set_twice_as_wide_is_that_of_its_roots() -> None:
    points = np.random.default_rng(0).normal(size=(300, 4))
    points -= points.mean(axis=0)
    trace = np.trace(np.cov(points, rowvar=False))  # tr(C + 4 C - 2 (4 C C)^1/2) = tr C
    assert frechet(points, 2 * points) == pytest.approx(trace, rel=1e-4)


def test_a_model_that_draws_one_mode_of_two_is_right_but_covers_half() -> None:
    rng = np.random.default_rng(1)
    here, there = rng.normal(size=(100, 2)), rng.normal(size=(100, 2)) + 100
    precision, recall = precision_recall(np.concatenate([here, there]), rng.normal(size=(200, 2)))
    assert precision > 0.9
    assert 0.3 < recall <= 0.5


def test_a_ball_reaches_to_its_third_neighbour() -> None:
    centres = np.array([[0.0], [1.0], [2.0], [3.0]])
    assert covered(np.array([[5.9], [6.1]]), centres) == 0.5  # the ball round 3 has the radius 3


def test_copies_of_training_pictures_are_found_out() -> None:
    rng = np.random.default_rng(2)
    train, held = rng.normal(size=(300, 4)), rng.normal(size=(100, 4))
    assert nearest_training_share(train, held, train[:50] + 1e-6) == 1.0
    assert nearest_training_share(train, held, rng.normal(size=(2000, 4))) == pytest.approx(0.75, abs=0.06)


def test_a_gaussian_per_class_has_the_mean_and_spread_of_its_class() -> None:
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], 400)
    images = (
        rng.normal(size=(800, 1, 2, 2)) * 0.1 + np.where(labels, 0.3, -0.3)[:, None, None, None]
    ).astype(np.float32)
    wanted = np.repeat([1, 0], 2000)
    made = gaussian_per_class(images, labels, wanted, rng)
    assert made.shape == (4000, 1, 2, 2)
    for label in (0, 1):
        own, real = made[wanted == label].reshape(-1, 4), images[labels == label].reshape(-1, 4)
        np.testing.assert_allclose(own.mean(axis=0), real.mean(axis=0), atol=0.01)
        np.testing.assert_allclose(np.cov(own.T), np.cov(real.T), atol=0.0015)


def test_an_eye_for_portraits_is_asked_for_every_attribute_that_can_be_seen() -> None:
    known = {"shape": np.array([0, 1, 2]), "eyes": np.array([1, -1, 0])}
    held = {"shape": np.array([1]), "eyes": np.array([-1])}
    images = np.zeros((3, 3, 32, 32), dtype=np.float32)
    names = ("round", "square", "heart")
    pictures = Pictures(
        "portraits", images, known["shape"], images[:1], held["shape"], names, (), known, held
    )
    wanted, answers = asked(pictures)
    assert wanted.tolist() == [[0, 1], [1, -1], [2, 0]]
    assert answers == [3, 2]
    assert asked(pictures, held=True)[0].tolist() == [[1, -1]]
    assert kind_for(pictures).class_names == ("shape 0", "shape 1", "shape 2", "eyes 0", "eyes 1")
    plain = Pictures("digits", images, known["shape"], images[:1], held["shape"], names)
    assert asked(plain)[1] == [3]
    assert kind_for(plain).class_names == names


@pytest.mark.parametrize("name", ["sample", "image-quality"])
def test_a_classifier_that_is_given_to_draw_is_refused_by_its_name(name: str, home: Path) -> None:
    eye = shelf.FOLDER / "digits-eye.safetensors"
    with (
        dllab.Store() as store,
        pytest.raises(
            dllab.UsageError, match=r"digits-eye\.safetensors is a classifier; take weights that gan"
        ),
    ):
        dllab.launch(name, {"weights": str(eye), "count": 48}, store=store)


def test_weights_of_other_pictures_are_refused_before_anything_is_drawn(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dllab_images.data.PORTRAITS", (0, 0))  # nothing to compare with: it would fail
    gan = shelf.FOLDER / "digits-gan.safetensors"
    told = r"digits-gan\.safetensors draws digits, not portraits; give the --data it learned"
    with dllab.Store() as store, pytest.raises(dllab.UsageError, match=told):
        dllab.launch("image-quality", {"weights": str(gan), "data": "portraits"}, store=store)
