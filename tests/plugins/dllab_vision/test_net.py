"""The net: what it is made of, and that the folded one is the trained one."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from dllab_vision.net import LAYER_NAMES, Backbone, TrainableBackbone, fold


@pytest.fixture(scope="module")
def trained() -> TrainableBackbone:
    """A net with random weights and random statistics, as if it had learned."""
    generator = torch.Generator().manual_seed(1)
    net = TrainableBackbone(10)
    net.initialise(generator)
    for norm in net.norms.values():
        norm.running_mean.normal_(0, 0.5, generator=generator)
        norm.running_var.uniform_(0.3, 3.0, generator=generator)
        norm.bias.data.normal_(0, 0.5, generator=generator)
    net.head.weight.data.normal_(0, 0.1, generator=generator)
    return net.eval()


def test_the_net_has_the_parameters_that_its_table_adds_up_to() -> None:
    net = TrainableBackbone(200)
    learned = sum(weight.numel() for weight in net.parameters() if weight.requires_grad)
    channels = (3, 24, 48, 48, 96, 96, 160, 160, 224)
    convolutions = sum(9 * a * b for a, b in pairwise(channels))  # 847,368
    assert learned == convolutions + sum(channels[1:]) + 224 * 200 + 200 == 893_224


def test_the_folded_net_answers_as_the_trained_one(trained: TrainableBackbone) -> None:
    x = torch.randn(3, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        torch.testing.assert_close(fold(trained)(x), trained(x), rtol=1e-4, atol=1e-4)


def test_the_folded_net_asks_for_no_gradient_and_stays_in_eval_mode(trained: TrainableBackbone) -> None:
    net = fold(trained)
    assert not net.training
    assert not any(weight.requires_grad for weight in net.parameters())


@pytest.mark.parametrize("size", [(64, 64), (37, 50), (1, 1), (1, 40)])
def test_activations_have_the_channels_and_strides_that_the_net_states(
    trained: TrainableBackbone, size: tuple[int, int]
) -> None:
    net = fold(trained)
    found = net.activations(torch.zeros(1, 3, *size), LAYER_NAMES)
    assert tuple(found) == LAYER_NAMES
    for name, value in found.items():
        rounded_up = tuple(-(-side // net.strides[name]) for side in size)
        assert tuple(value.shape) == (1, net.channels[name], *rounded_up)
        assert float(value.min()) >= 0


def test_nothing_beyond_the_deepest_layer_is_computed(trained: TrainableBackbone) -> None:
    net = fold(trained)
    called: list[str] = []
    for name, convolution in net.convolutions.items():
        convolution.register_forward_hook(lambda *_, name=name: called.append(name))
    found = net.activations(torch.zeros(1, 3, 32, 32), ("c3_1", "c2_1"))
    assert called == ["c1_1", "c2_1", "c2_2", "c3_1"]
    assert set(found) == {"c3_1", "c2_1"}


def test_an_unknown_layer_is_told_with_those_that_exist(trained: TrainableBackbone) -> None:
    with pytest.raises(KeyError, match=r"no layer 'c9_9'.*c1_1, c2_1"):
        fold(trained).activations(torch.zeros(1, 3, 32, 32), ("c9_9",))


def test_normalising_and_back_changes_nothing_and_the_mean_colour_becomes_zero() -> None:
    pixels = torch.rand(1, 3, 5, 4, generator=torch.Generator().manual_seed(3))
    torch.testing.assert_close(Backbone.denormalise(Backbone.normalise(pixels)), pixels)
    mean = torch.tensor([0.4805, 0.4486, 0.3981]).view(1, 3, 1, 1)
    torch.testing.assert_close(Backbone.normalise(mean), torch.zeros(1, 3, 1, 1))


def test_equal_generators_give_equal_weights_and_the_head_begins_without_an_opinion() -> None:
    nets = [TrainableBackbone(4) for _ in range(2)]
    for net in nets:
        net.initialise(torch.Generator().manual_seed(7))
    for first, second in zip(*(net.parameters() for net in nets), strict=True):
        assert torch.equal(first, second)
    assert not nets[0].head.weight.any()
