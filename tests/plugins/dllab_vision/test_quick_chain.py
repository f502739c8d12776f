"""Chains of a large net's layers: as exact as they say, in bands as in one go."""

import pytest
import torch
from torch.nn import functional

from dllab_vision import quick_chain
from dllab_vision.published import random_net
from dllab_vision.quick_chain import transformed, winograd

NAMES = ("relu1_2", "relu3_1", "relu4_2")


@pytest.fixture(scope="module")
def vgg():
    return random_net("vgg16", is_headless=True)


def picture(height: int, width: int) -> torch.Tensor:
    coarse = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    smooth = functional.interpolate(coarse, size=(height, width), mode="bicubic")
    return (4 * smooth - 2).contiguous(memory_format=torch.channels_last)


def seen(net, x, names, is_bfloat16: bool):
    """The layers, and the gradient of their mean squares."""
    x = x.clone().requires_grad_(True)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_bfloat16):
        found, maps = {}, x
        for one in net.steps_for(x, names):
            maps = one.call(maps)
            found[one.name] = maps
            if one.name == names[-1]:
                break
        loss = sum(found[name].float().square().mean() for name in names)
    (grad,) = torch.autograd.grad(loss, x)
    return {name: maps.detach() for name, maps in found.items()}, grad


def cosine(one: torch.Tensor, other: torch.Tensor) -> float:
    return float(functional.cosine_similarity(one.flatten().float(), other.flatten().float(), dim=0))


@pytest.mark.parametrize(("height", "width"), [(8, 8), (13, 22)])
def test_winograd_is_the_convolution_at_any_size(height, width):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 5, height, width, generator=generator).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(7, 5, 3, 3, generator=generator)
    expected = functional.conv2d(x, weight, padding=1)
    torch.testing.assert_close(
        winograd(x, transformed(weight, torch.float32)), expected, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("size", [(64, 64), (45, 70)])
def test_in_bfloat16_vggs_gradient_is_that_of_float32(vgg, size):
    exact, exact_grad = seen(vgg, picture(*size), NAMES, is_bfloat16=False)
    quick, quick_grad = seen(vgg, picture(*size), NAMES, is_bfloat16=True)
    assert cosine(exact_grad, quick_grad) > 0.998
    for name in NAMES:
        assert quick[name].shape == exact[name].shape
        assert cosine(exact[name], quick[name]) > 0.998
    assert torch.equal(quick["relu1_2"], exact["relu1_2"]), "the first blocks are in float32"


def test_bands_change_nothing_but_the_memory(vgg, monkeypatch):
    """Odd sizes, so that the last band and the last pooling are cut short."""
    x = picture(75, 41)
    whole, whole_grad = seen(vgg, x, ("relu3_1",), is_bfloat16=True)
    monkeypatch.setattr(quick_chain, "BAND", 64 * 41 * 16)
    banded, banded_grad = seen(vgg, x, ("relu3_1",), is_bfloat16=True)
    torch.testing.assert_close(banded["relu3_1"], whole["relu3_1"], rtol=1e-4, atol=1e-5)
    assert cosine(banded_grad, whole_grad) > 0.9999


def test_a_chain_gives_the_same_bits_again(vgg):
    one, other = (seen(vgg, picture(48, 48), ("relu4_2",), is_bfloat16=True) for _ in range(2))
    assert torch.equal(one[1], other[1])


def test_new_weights_are_noticed():
    net = random_net("vgg16", is_headless=True)
    x = picture(32, 32)
    before, _ = seen(net, x, ("relu4_1",), is_bfloat16=True)
    with torch.no_grad():
        for weight in net.parameters():
            weight.mul_(0.5)
    after, _ = seen(net, x, ("relu4_1",), is_bfloat16=True)
    expected, _ = seen(net, x, ("relu4_1",), is_bfloat16=False)
    assert not torch.equal(before["relu4_1"], after["relu4_1"])
    assert cosine(expected["relu4_1"], after["relu4_1"]) > 0.998
