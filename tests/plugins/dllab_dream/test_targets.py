"""What a dream climbs, each against the whole picture or a figure known by hand."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import torch

import dllab
import dllab_vision.net
from dllab_dream import dream
from dllab_dream.dream import Ascent
from dllab_dream.looks import class_number
from dllab_dream.targets import ClassTarget, GuideTarget, LayerTarget
from dllab_vision.backbone import load_backbone

NAMES = ("goldfish, Carassius auratus", "tabby, tabby cat", "Egyptian cat", "cat", "plate")
TILE = 320  # px


@pytest.fixture(scope="module")
def net() -> dllab_vision.net.Backbone:
    return load_backbone()


@pytest.fixture(scope="module")
def picture() -> torch.Tensor:
    """Noise of several sizes, (1, 3, 360, 410), in model units: larger than a window both ways."""
    generator = torch.Generator().manual_seed(0)
    coarse, fine = (torch.randn(1, 3, 360 // k, 410 // k, generator=generator) for k in (10, 2))
    return dream.resize(coarse, (360, 410)) + 0.3 * dream.resize(fine, (360, 410))


def targets_of(net: dllab_vision.net.Backbone, picture: torch.Tensor) -> dict[str, object]:
    return {
        "layers": LayerTarget(("c3_2", "c4_2")),
        "channels, not equalised": LayerTarget(("c4_2",), (3, 7), equalise=False),
        "guide": GuideTarget.of(net, picture[..., :96, :128], ("c4_2",)),
    }


@pytest.mark.parametrize("name", ["layers", "channels, not equalised", "guide"])
def test_a_gradient_in_windows_is_that_of_the_whole_picture(
    net: dllab_vision.net.Backbone, picture: torch.Tensor, name: str
) -> None:
    target = targets_of(net, picture)[name]
    how = Ascent(jitter=8)
    found = [
        dream.gradient(net, picture, target, how, torch.Generator().manual_seed(1), tile)
        for tile in (1024, TILE)
    ]
    (whole, response), (tiled, response_tiled) = found
    error = (tiled - whole).abs().max() / whole.abs().max()
    assert float(error) < 1e-4  # of the largest; a missing margin errs by a third
    assert response_tiled == pytest.approx(response, rel=1e-4)


def test_a_class_in_windows_is_climbed_in_the_whole_pictures_direction(
    net: dllab_vision.net.Backbone, picture: torch.Tensor
) -> None:
    target, how = ClassTarget((net.layer_names[-1],), 5), Ascent(jitter=0)
    whole, _ = dream.gradient(net, picture, target, how, torch.Generator())
    tiled, _ = dream.gradient(net, picture, target, how, torch.Generator(), 384)
    cosine = torch.nn.functional.cosine_similarity(whole.flatten(), tiled.flatten(), dim=0)
    assert float(cosine) > 0.98


def test_climbing_a_class_makes_it_one_of_the_nets_first_guesses(
    net: dllab_vision.net.Backbone, picture: torch.Tensor
) -> None:
    photo, generator = 0.3 * picture[..., :96, :96], torch.Generator().manual_seed(0)
    target, how = ClassTarget((net.layer_names[-1],), 5), Ascent()

    dreamt = dream.dream_on(net, photo, target, how, generator, 2, 1.4, 12, nullcontext)
    before, after = (net(x)[0].argsort(descending=True).tolist().index(5) for x in (photo, dreamt))
    assert before > 10
    assert after <= 2  # on noise others may come along


def test_a_picture_matches_itself_better_than_noise_does(
    net: dllab_vision.net.Backbone, picture: torch.Tensor
) -> None:
    target = GuideTarget.of(net, picture[..., :128, :128], ("c4_2",))
    own = dream.activation(net, picture[..., :128, :128], target)
    other = dream.activation(net, 0.2 * torch.randn(1, 3, 128, 128, generator=torch.Generator()), target)
    assert own > 1.5 * other


@pytest.mark.parametrize(
    ("words", "number"), [("1", 1), ("goldfish", 0), ("Egyptian", 2), ("cat", 3), ("carassius", 0)]
)
def test_a_class_goes_by_number_name_or_part_of_it(words: str, number: int) -> None:
    assert class_number(NAMES, words) == number


def test_whole_words_of_a_name_come_before_parts_of_words() -> None:
    names = ("bullfrog, Rana catesbeiana", "tabby, tabby cat", "Egyptian cat", "hot dog")
    assert class_number(names[:2], "cat") == 1
    with pytest.raises(dllab.UsageError, match=r"give a number: 1 tabby; 2 Egyptian cat$"):
        class_number(names, "cat")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("5", "the net has the classes 0 to 4"),
        ("zebra", "no class is called so"),
        (" ", "no class is called so"),
        ("a", "several are called so; give a number: 0 goldfish; 1 tabby"),
    ],
)
def test_a_class_that_is_not_there_is_told(words: str, told: str) -> None:
    with pytest.raises(dllab.UsageError, match=told):
        class_number(NAMES, words)
