"""The Inception-like score: figures known by hand, fair crops, and a judge that is not dreamt through."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

import dllab
from dllab.recipe import read_recipe
from dllab.store import Store
from dllab_dream.second_opinion import SIDES, crops, judge_of, score, score_of
from dllab_vision.backbone import load_second


def logs(rows: list[list[float]]) -> torch.Tensor:
    return torch.tensor(rows).clamp_min(1e-30).log()


def test_sure_and_different_answers_count_as_many_as_they_are() -> None:
    assert score_of(logs([[1, 0, 0], [0, 1, 0], [0, 0, 1]])) == pytest.approx(3)
    assert score_of(logs([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]])) == pytest.approx(2)


def test_equal_answers_count_as_one_however_unsure() -> None:
    assert score_of(logs([[0.5, 0.3, 0.2]] * 4)) == pytest.approx(1)
    assert score_of(logs([[0, 1, 0]] * 4)) == pytest.approx(1)


def test_two_answers_that_are_sure_to_nine_tenths() -> None:
    """2 exp(-H(0.9, 0.1)), by hand: H = 0.3251 nats."""
    entropy = -0.9 * math.log(0.9) - 0.1 * math.log(0.1)
    assert score_of(logs([[0.9, 0.1], [0.1, 0.9]])) == pytest.approx(2 * math.exp(-entropy))


@pytest.mark.parametrize("size", [(300, 451), (40, 33), (64, 2000)])
def test_crops_lie_inside_the_picture_and_are_the_same_again(size: tuple[int, int]) -> None:
    drawn = crops(*size, torch.Generator().manual_seed(3), count=50)
    for top, left, side in drawn:
        assert 0 <= top <= size[0] - side
        assert 0 <= left <= size[1] - side
        assert min(SIDES[0], *size) <= side <= SIDES[1]
    assert drawn == crops(*size, torch.Generator().manual_seed(3), count=50)


def test_a_grey_picture_scores_one_and_one_of_many_things_more() -> None:
    net, generator = load_second(), torch.Generator().manual_seed(0)
    places = crops(96, 128, generator, count=8)
    grey = torch.full((3, 96, 128), 0.5)
    assert score(net, grey, places) == pytest.approx(1, abs=1e-4)
    assert score(net, torch.rand(3, 96, 128, generator=generator).round(), places) > 1.001


@pytest.mark.parametrize("dreamer", ["backbone", "second", "vgg16"])
def test_the_net_that_judges_ships_with_the_lab_and_is_not_the_one_that_was_dreamt_through(
    dreamer: str,
) -> None:
    judge = judge_of(dreamer)
    assert judge in {"vision/backbone", "vision/second"} - {f"vision/{dreamer}"}


def test_a_dream_tells_its_score_beside_the_photos_and_its_recipe_only_its_own_net(home: Path) -> None:
    params = {"backbone": "second", "octaves": 1, "steps": 2, "max_size": 96}
    with Store() as store:
        run = dllab.launch("deepdream", params, store=store)
        picture = store.artifact(run.id, "dream.png").path
        assert picture is not None
        facts = read_recipe(picture)
        assert facts is not None
        assert set(facts["models"]) == {"vision/second"}  # what the picture depends on
        figures = {point.key: point.value for point in store.metrics(run.id)}
    assert figures["second_score_before"] >= 1
    assert figures["second_score"] >= 1
