"""Saliency, Grad-CAM and ideal pictures, held against what is known by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from dllab_vision.backbone import load_backbone
from dllab_vision.explain import class_activation_map, grad_cam, over_shifts, saliency
from dllab_vision.ideals import Torus, paint, shaken
from dllab_vision.net import Backbone
from dllab_vision.published import random_net
from dllab_vision.seeing import SeeingNet, Step, step


@pytest.fixture(scope="module")
def net() -> Backbone:
    return load_backbone()


@pytest.fixture
def photo() -> Tensor:
    return torch.randn(1, 3, 64, 80, generator=torch.Generator().manual_seed(0))


class Red(SeeingNet):
    """A net of one layer that sees redness above 0.5, and a head that doubles its mean."""

    def __init__(self) -> None:
        super().__init__()
        self.see = nn.Conv2d(3, 2, 1)
        self.see.weight.data = torch.tensor([[1.0, 0, 0], [0, 0, 1.0]]).view(2, 3, 1, 1)
        self.see.bias.data = torch.tensor([-0.5, -0.5])
        self.head = nn.Linear(2, 2)
        self.head.weight.data = torch.tensor([[2.0, 0], [0, 3.0]])
        self.describe()

    def steps(self) -> list[Step]:
        return [step("seen", 2, self.see, nn.ReLU())]


def test_saliency_by_hand() -> None:
    """The logit is twice the mean of the redness above 0.5: its slope there is 2 / 4, and 0 elsewhere."""
    x = torch.zeros(1, 3, 2, 2)
    x[0, 0, 0] = torch.tensor([0.9, 0.2])
    expected = torch.zeros(1, 3, 2, 2)
    expected[0, 0, 0, 0] = 0.5
    torch.testing.assert_close(saliency(Red(), x, 0), expected)


def test_grad_cam_by_hand() -> None:
    """The weight of a channel is the mean slope, 2 / 4; its map is 0.4 where the redness is 0.9."""
    x = torch.zeros(1, 3, 2, 2)
    x[0, 0, 0] = torch.tensor([0.9, 0.2])
    torch.testing.assert_close(grad_cam(Red(), x, 0), torch.tensor([[0.2, 0.0], [0.0, 0.0]]))
    torch.testing.assert_close(class_activation_map(Red(), x, 0), torch.tensor([[0.8, 0.0], [0.0, 0.0]]))


@pytest.mark.parametrize("label", [0, 33, 199])
def test_grad_cam_is_the_class_activation_map_over_the_number_of_places(
    net: Backbone, photo: Tensor, label: int
) -> None:
    expected = class_activation_map(net, photo, label)
    assert expected.shape == (4, 5)
    torch.testing.assert_close(grad_cam(net, photo, label) * 20, expected, rtol=1e-4, atol=1e-5)


def test_the_class_activation_map_adds_up_to_the_logit(net: Backbone, photo: Tensor) -> None:
    logit = net(photo)[0, 7]
    torch.testing.assert_close(class_activation_map(net, photo, 7).mean() + net.head.bias[7], logit)


def test_a_net_with_a_perceptron_has_no_closed_form(photo: Tensor) -> None:
    net = random_net("squeezenet1_1", num_classes=3)
    assert class_activation_map(net, photo, 0) is None
    assert grad_cam(net, photo, 0).shape == net.last_maps(photo).shape[2:]


def test_a_mean_over_shifts_puts_each_view_back_in_its_place() -> None:
    x = torch.zeros(1, 3, 40, 50)
    x[0, :, 20, 30] = 1
    found = over_shifts(lambda view: view[0, 0], x)
    assert found.shape == (40, 50)
    torch.testing.assert_close(found, x[0, 0])


@pytest.mark.parametrize("size", [(40, 50), (5, 60), (4, 4)])
def test_pictures_smaller_than_the_shifts_are_answered_too(net: Backbone, size: tuple[int, int]) -> None:
    x = torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(1))
    found = over_shifts(lambda view: grad_cam(net, view, 3), x)
    assert found.shape == size
    assert bool(found.isfinite().all())


def test_a_torus_gives_back_the_picture_that_its_spectrum_was_made_of() -> None:
    torus = Torus.of(32, torch.device("cpu"))
    pixels = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 0.8 + 0.1
    torch.testing.assert_close(torus.pixels(torus.spectra(pixels)), pixels, rtol=1e-3, atol=1e-3)


def test_noise_is_as_rough_as_it_is_meant_to_be() -> None:
    """Amplitudes fall with the frequency to the power 1.25, the energy with its square."""
    torus = Torus.of(64, torch.device("cpu"))
    spectra = torus.noise(8, torch.full((8,), 0.1), torch.Generator().manual_seed(0))
    planes = torch.logit(torus.pixels(spectra).double())
    energy = torch.fft.fft2(planes).abs().square().mean(dim=(0, 1))
    slow, fast = (energy[f - 1 : f + 2, 0].mean() + energy[0, f - 1 : f + 2].mean() for f in (4, 16))
    assert float(slow / fast) == pytest.approx(4 ** (2 * 1.25), rel=0.5)


def test_shaking_keeps_the_colours_and_is_the_same_for_all_pictures() -> None:
    pixels = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)).expand(2, -1, -1, -1)
    found = shaken(pixels, torch.Generator().manual_seed(3))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found, pixels)
    torch.testing.assert_close(found.mean(dim=(2, 3)), pixels.mean(dim=(2, 3)), rtol=0.05, atol=0.02)


def test_an_ideal_picture_excites_its_channel_more_than_any_noise(net: Backbone) -> None:
    chosen = [3, 20, 40]

    def respond(x: Tensor) -> Tensor:
        return net.activations(x, ("c3_1",))["c3_1"][:, chosen].mean(dim=(2, 3))

    generator = torch.Generator().manual_seed(0)
    pictures = paint(net, respond, size=32, steps=24, generator=generator, device=torch.device("cpu"))
    assert pictures.shape == (3, 3, 32, 32)
    assert float(pictures.min()) >= 0 and float(pictures.max()) <= 1
    noise = torch.rand(64, 3, 32, 32, generator=generator)
    best_noise = respond(net.normalise(noise)).amax(dim=0)
    assert bool((respond(net.normalise(pictures)).diagonal() > 1.5 * best_noise).all())


def test_a_target_that_no_noise_moves_starts_from_a_patch_that_does(net: Backbone) -> None:
    """It sees only green above 0.9 in every place."""
    patch = torch.full((1, 3, 32, 32), 0.2)
    patch[:, 1] = 0.94

    def respond(x: Tensor) -> Tensor:
        green = net.denormalise(x)[:, 1].clamp(0, 1)
        return (green - 0.9).clamp_min(0).amin(dim=(1, 2))[:, None] * 10

    def painted(patches: Tensor | None) -> float:
        generator = torch.Generator().manual_seed(0)
        found = paint(
            net, respond, size=32, steps=4, patches=patches, generator=generator, device=torch.device("cpu")
        )
        return float(respond(net.normalise(found)))

    assert painted(None) == 0
    assert painted(patch) > 0.1
