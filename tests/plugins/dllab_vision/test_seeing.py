"""What every seeing net offers: layers, strides, reach, and windows that answer as the whole picture does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from dllab_vision.backbone import load_backbone, load_second
from dllab_vision.imagenet import NETS
from dllab_vision.published import random_net
from dllab_vision.seeing import SeeingNet
from dllab_vision.tiles import Box, Window, spans, windows

ALL = ("backbone", "second", *sorted(NETS))
# A layer deep enough to be hard, and a picture of several windows small enough to be quick.
DEEP = {
    "backbone": ("c4_2", 200), "second": ("r2", 200), "alexnet": ("relu3", 420),
    "googlenet": ("inception3b", 280),
    "resnet50": ("layer2", 330), "squeezenet1_1": ("fire6", 300), "vgg16": ("relu3_3", 150),
    "vgg19": ("relu3_4", 170),
}  # fmt: skip


@pytest.fixture(scope="module")
def net_of() -> Callable[[str], SeeingNet]:
    nets: dict[str, SeeingNet] = {}
    shipped = {"backbone": load_backbone, "second": load_second}

    def make(name: str) -> SeeingNet:
        if name not in nets:
            nets[name] = shipped[name]() if name in shipped else random_net(name, is_headless=True)
        return nets[name]

    return make


def picture(height: int, width: int, seed: int = 0) -> Tensor:
    return torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def gradient(net: SeeingNet, x: Tensor, name: str) -> Tensor:
    x = x.clone().requires_grad_(True)
    return torch.autograd.grad(net.activations(x, (name,))[name].square().sum(), x)[0]


@pytest.mark.parametrize("name", ALL)
def test_layers_have_the_channels_and_strides_that_the_net_states(name: str, net_of) -> None:
    net = net_of(name)
    found = net.activations(picture(64, 96), net.layer_names)
    assert tuple(found) == net.layer_names
    for layer, value in found.items():
        assert value.shape[1] == net.channels[layer]
        assert abs(value.shape[2] - 64 / net.strides[layer]) <= 1.01
        assert abs(value.shape[3] - 96 / net.strides[layer]) <= 1.01
        assert float(value.min()) >= 0


@pytest.mark.parametrize("name", ALL)
def test_every_net_names_a_layer_to_dream_at_and_one_for_each_stride(name: str, net_of) -> None:
    net = net_of(name)
    assert net.dream_layer in net.layer_names
    strides = [net.strides[layer] for layer in net.style_layers]
    assert strides == sorted(set(net.strides.values()))
    assert net_of("vgg19").style_layers == ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")


@pytest.mark.parametrize("name", ALL)
def test_a_layer_sees_exactly_as_far_as_the_net_states(name: str, net_of) -> None:
    """What a place in the middle responds to, by the gradient, against `reaches`."""
    net = net_of(name)
    layer = DEEP[name][0]
    reach = net.reaches[layer]
    x = picture(8, 4 * (reach.last - reach.first) + 64).expand(1, 3, 8, -1)
    x = x.repeat(1, 1, -(-net.least_side((layer,)) // 8), 1).requires_grad_(True)
    response = net.activations(x, (layer,))[layer]
    place = response.shape[3] // 2
    seen = torch.autograd.grad(response[:, :, :, place].sum(), x)[0].abs().sum(dim=(0, 1, 2)).nonzero()
    low, high = place * reach.stride + reach.first, place * reach.stride + reach.last
    assert low <= int(seen.min()) and int(seen.max()) <= high
    assert int(seen.max()) - int(seen.min()) >= 0.8 * (reach.last - reach.first)


@pytest.mark.parametrize("name", ALL)
def test_gradients_of_windows_are_those_of_the_whole_picture(name: str, net_of) -> None:
    net = net_of(name)
    layer, side = DEEP[name]
    height, width = side + 45, side + 70
    x = picture(height, width)
    whole = gradient(net, x, layer)
    parts = net.windows(height, width, (layer,), side)
    assert len(parts) >= 4
    joined = torch.full_like(whole, torch.nan)
    for window in parts:
        assert max(window.outer.bottom - window.outer.top, window.outer.right - window.outer.left) <= side
        part = gradient(net, x[..., *window.outer.slices], layer)
        joined[..., *window.inner.slices] = part[..., *window.within]
    torch.testing.assert_close(joined, whole, rtol=1e-3, atol=1e-4 * float(whole.abs().max()))


@pytest.mark.parametrize("name", ["backbone", "squeezenet1_1", "vgg19", "resnet50"])
def test_places_of_windows_are_those_of_the_whole_picture_each_once(name: str, net_of) -> None:
    net = net_of(name)
    layer, side = DEEP[name]
    layers = (net.layer_names[0], layer)
    height, width = side + 45, side + 70
    x = picture(height, width)
    whole = net.activations(x, layers)
    halo = net.halo(layers, is_gradient=False)
    sums = dict.fromkeys(layers, 0.0)
    counts = dict.fromkeys(layers, 0)
    for window in net.windows(height, width, layers, side, halo):
        found = net.activations(x[..., *window.outer.slices], layers)
        for one in layers:
            part = found[one][..., *window.places(net.strides[one])]
            sums[one] += part.double().square().sum(dim=(0, 2, 3))
            counts[one] += part[0, 0].numel()
    for one in layers:
        assert counts[one] == whole[one][0, 0].numel()
        torch.testing.assert_close(
            sums[one], whole[one].double().square().sum(dim=(0, 2, 3)), rtol=1e-5, atol=1e-6
        )


def test_half_the_halo_is_not_enough_for_gradients(net_of) -> None:
    """The exact halo is not just a generous one."""
    net = net_of("backbone")
    x = picture(240, 240)
    whole = gradient(net, x, "c4_2")
    exact = net.halo(("c4_2",))
    assert exact == 72
    errors = []
    for halo in (exact, 32, 0):
        window = Window(Box(96 - halo, 96 - halo, 144 + halo, 144 + halo), Box(96, 96, 144, 144))
        part = gradient(net, x[..., *window.outer.slices], "c4_2")[..., *window.within]
        wanted = whole[..., *window.inner.slices]
        errors.append(float((part - wanted).norm() / wanted.norm()))
    assert errors[0] < 1e-5 < errors[1] < errors[2]


@pytest.mark.parametrize("name", ALL)
def test_a_picture_of_the_least_side_is_seen_and_a_smaller_one_is_told(name: str, net_of) -> None:
    net = net_of(name)
    deepest = net.layer_names[-1]
    least = net.least_side((deepest,))
    net.activations(picture(least, least + 3), (deepest,))
    if least > 1:
        with pytest.raises(ValueError, match=f"{least} px are needed"):
            net.activations(picture(least - 1, 90), (deepest,))
    else:
        assert name in ("backbone", "second", "vgg16", "vgg19", "resnet50")


def test_an_unknown_layer_and_none_at_all_are_told(net_of) -> None:
    net = net_of("backbone")
    with pytest.raises(KeyError, match=r"no layer 'relu9'.*c1_1, c2_1"):
        net.halo(("relu9",))
    with pytest.raises(ValueError, match="at least one layer"):
        net.windows(100, 100, (), 64)


def test_a_picture_that_fits_is_one_window(net_of) -> None:
    assert net_of("backbone").windows(90, 120, ("c4_2",), 128) == [
        Window(Box(0, 0, 90, 120), Box(0, 0, 90, 120))
    ]


def test_spans_are_of_nearly_equal_length_aligned_and_cover_all() -> None:
    for length in (257, 1000, 4096, 4097):
        found = spans(length, 256, 24, 8)
        assert [inner for *_, inner, _ in found] == [0, *(end for *_, end in found[:-1])]
        assert found[-1][3] == length
        assert all(end - start <= 256 for start, end, *_ in found)
        assert all(start % 8 == inner % 8 == 0 for start, _, inner, _ in found)
        sizes = [end - start for *_, start, end in found]
        assert max(sizes[:-1]) == min(sizes[:-1]) >= sizes[-1]
        assert len(found) <= -(-length // (256 - 48 - 7))


def test_two_windows_need_a_halo_on_one_side_only() -> None:
    assert spans(300, 200, 40, 8) == [(0, 192, 0, 152), (112, 300, 152, 300)]


def test_windows_with_no_room_inside_the_halo_are_told() -> None:
    with pytest.raises(
        ValueError, match="windows of 100 px leave nothing inside a halo of 48 px; give 104 px"
    ):
        windows(200, 200, 100, 48, 8)
