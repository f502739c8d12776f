"""The parts of the dream, each against a figure known by hand or a slower way."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

import dllab_vision.net
from dllab_dream import dream, targets
from dllab_dream.dream import Ascent
from dllab_dream.targets import LayerTarget
from dllab_vision.backbone import load_backbone

HOW = Ascent()
TARGET = LayerTarget(("c4_2",))


@pytest.fixture(scope="module")
def net() -> dllab_vision.net.Backbone:
    return load_backbone()


@pytest.fixture
def picture() -> torch.Tensor:
    """Smooth blobs of colour, (1, 3, 72, 96), in model units."""
    coarse = torch.rand(1, 3, 9, 12, generator=torch.Generator().manual_seed(0))
    return 2 * dream.resize(coarse, (72, 96)).clamp(0.1, 0.9) - 1


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


@pytest.mark.parametrize(
    ("length", "before", "after", "expected"),
    [
        (3, 2, 1, [2, 1, 0, 1, 2, 1]),
        (4, 1, 1, [1, 0, 1, 2, 3, 2]),
        (2, 3, 2, [1, 0, 1, 0, 1, 0, 1]),
        (1, 2, 2, [0, 0, 0, 0, 0]),
        (3, 0, 0, [0, 1, 2]),
    ],
)
def test_mirroring_reflects_at_both_ends_however_far(
    length: int, before: int, after: int, expected: list[int]
) -> None:
    assert dream.mirror(length, before, after).tolist() == expected


def test_octaves_grow_to_the_given_size_and_leave_out_what_is_too_small() -> None:
    assert dream.octave_sizes((300, 451), 3, 1.5) == [(133, 200), (200, 301), (300, 451)]
    assert dream.octave_sizes((40, 640), 4, 1.4) == [(40, 640)]
    assert dream.octave_sizes((1, 1), 4, 1.4) == [(1, 1)]


def test_a_picture_is_fitted_into_the_longest_side_but_never_enlarged() -> None:
    assert dream.fit((3000, 4000), 1024) == (768, 1024)
    assert dream.fit((300, 451), 1024) == (300, 451)
    assert dream.fit((3000, 4000), 0) == (3000, 4000)
    assert dream.fit((1, 4000), 1000) == (1, 1000)


def test_a_box_mean_counts_only_what_lies_inside() -> None:
    plane = torch.rand(1, 1, 7, 9, generator=generator())
    means = dream.box_mean(plane, 2)
    for y, x in ((0, 0), (3, 4), (6, 8), (1, 7)):
        window = plane[0, 0, max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
        assert float(means[0, 0, y, x]) == pytest.approx(float(window.mean()), rel=1e-5)


@pytest.mark.parametrize(("size", "radius"), [((40, 57), 24), ((5, 90), 12), ((1, 1), 3)])
def test_a_box_mean_is_that_of_two_poolings(size: tuple[int, int], radius: int) -> None:
    plane = torch.rand(1, 1, *size, generator=generator())
    pooled = plane
    for kernel, padding in (((2 * radius + 1, 1), (radius, 0)), ((1, 2 * radius + 1), (0, radius))):
        pooled = torch.nn.functional.avg_pool2d(pooled, kernel, 1, padding, count_include_pad=False)
    torch.testing.assert_close(dream.box_mean(plane, radius), pooled, rtol=1e-6, atol=0)


def test_smoothing_keeps_an_even_gradient_and_damps_a_checkerboard() -> None:
    even = torch.full((1, 3, 12, 10), 0.7)
    torch.testing.assert_close(dream.smooth(even, 0.8), even)
    y, x = torch.meshgrid(torch.arange(12), torch.arange(10), indexing="ij")
    checks = ((x + y) % 2 * 2.0 - 1).expand(1, 3, -1, -1)
    assert float(dream.smooth(checks, 1.0).abs().max()) < 0.3
    assert dream.smooth(checks, 0.0) is checks


def test_decorrelated_colours_turn_towards_grey_but_keep_their_sign() -> None:
    red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    step = dream.decorrelate(red).flatten()
    assert torch.all(step > 0)  # natural colours rise and fall together
    assert float(step @ red.flatten()) > 0  # a step that still climbs
    grey = dream.decorrelate(torch.ones(1, 3, 1, 1)).flatten()
    assert float(grey.std() / grey.mean()) < 0.15


def test_normalised_locally_a_tenfold_quieter_half_is_stepped_half_as_far() -> None:
    grad = torch.randn(1, 3, 60, 200, generator=generator())
    grad[:, :, :, :100] *= 0.1
    evened = dream.normalise_locally(grad)
    quiet, loud = evened[:, :, :, :60].std(), evened[:, :, :, 140:].std()
    assert 0.4 < float(quiet / loud) < 0.7


def test_the_objective_of_equalised_channels_does_not_care_for_their_scale() -> None:
    """With no floor each channel adds e / e = 1; its gradient is 1 / e, so that all grow by equal shares."""
    energy = torch.tensor([4.0, 1.0, 0.25], requires_grad=True)
    (grad,) = torch.autograd.grad(targets.objective([energy], equalise=True), energy)
    floor = 0.1 * 5.25 / 3
    torch.testing.assert_close(grad, 1 / (energy.detach() + floor) / 3)
    (grad,) = torch.autograd.grad(targets.objective([energy], equalise=False), energy)
    torch.testing.assert_close(grad, torch.full((3,), 1 / 5.25))


def test_the_gradient_agrees_with_a_difference_quotient(net: dllab_vision.net.Backbone) -> None:
    x = torch.randn(1, 3, 32, 32, generator=generator())
    target = LayerTarget(("c2_2",), equalise=False)
    grad, response = dream.gradient(net, x, target, Ascent(jitter=0), generator())
    assert response == pytest.approx(dream.activation(net, x, target), rel=1e-5)
    direction = grad / grad.norm()
    length = 1e-2

    def objective(at: torch.Tensor) -> float:
        return float(target.value(net, at)[0])

    quotient = (objective(x + length * direction) - objective(x - length * direction)) / (2 * length)
    assert quotient == pytest.approx(float(grad.norm()), rel=2e-2)


def test_the_gradient_in_bfloat16_points_where_that_in_float32_does(
    net: dllab_vision.net.Backbone, picture: torch.Tensor
) -> None:
    exact, _ = dream.gradient(net, picture, TARGET, HOW, generator())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough, _ = dream.gradient(net, picture, TARGET, HOW, generator())
    cosine = torch.nn.functional.cosine_similarity(exact.flatten(), rough.flatten(), dim=0)
    assert float(cosine) > 0.95


@pytest.mark.parametrize("jitter", [0, 7, 200])
def test_the_gradient_has_the_size_of_the_picture_whatever_the_jitter(
    net: dllab_vision.net.Backbone, picture: torch.Tensor, jitter: int
) -> None:
    grad, _ = dream.gradient(net, picture, TARGET, replace(HOW, jitter=jitter), generator())
    assert grad.shape == picture.shape
    assert torch.isfinite(grad).all()


def test_chosen_channels_alone_are_climbed(net: dllab_vision.net.Backbone, picture: torch.Tensor) -> None:
    (before,) = targets.energies(net, picture, ("c4_2",), ())  # mean squares: (160,)
    chosen = before.argsort(descending=True)[40:42]  # two that respond, though not strongly
    target, how = LayerTarget(("c4_2",), tuple(chosen.tolist())), replace(HOW, jitter=0)
    climbed = picture
    for _ in range(8):
        grad, _ = dream.gradient(net, climbed, target, how, generator())
        climbed = dream.step(net, climbed, grad, how)
    (after,) = targets.energies(net, climbed, ("c4_2",), ())
    gain = after - before
    assert float(gain[chosen].min()) > 10 * float(gain.median())


def test_a_step_never_drives_a_colour_out_of_range_and_leaves_the_photos_own_ends(
    net: dllab_vision.net.Backbone,
) -> None:
    pixels = torch.tensor([0.0, 0.01, 0.5, 0.97, 1.0]).view(1, 1, 1, 5).expand(1, 3, 1, 5)
    photo = net.normalise(pixels)
    for push in (5.0, -5.0, 0.001):
        after = net.denormalise(dream.step_within(photo, torch.full_like(photo, push), net))
        assert float(after.min()) >= -1e-5
        assert float(after.max()) <= 1 + 1e-5
    gentle = net.denormalise(dream.step_within(photo, torch.full_like(photo, 0.001), net))
    torch.testing.assert_close(gentle[..., 2], pixels[..., 2] + 0.001 * torch.tensor(net.std).view(1, 3, 1))


def test_what_is_slow_in_a_dream_goes_and_what_is_quick_stays(net: dllab_vision.net.Backbone) -> None:
    x = torch.arange(160.0)
    slow = 0.2 * torch.sin(2 * torch.pi * x / 160).expand(1, 3, 160, 160)
    quick = 0.2 * torch.sin(2 * torch.pi * x / 8).expand(1, 3, 160, 160)
    view = net.normalise(torch.full((1, 3, 160, 160), 0.5))
    inner = (..., slice(40, 120), slice(40, 120))  # at the edges there is less to average over
    kept = dream.with_tones(net, view, view + slow + quick, 1.0) - view
    assert float((kept - quick)[inner].square().mean() / slow[inner].square().mean()) < 0.02
    assert torch.equal(dream.with_tones(net, view, view + slow, 0.0), view + slow)
    dark = net.normalise(torch.zeros(1, 3, 160, 160))
    assert float(net.denormalise(dream.with_tones(net, dark, dark + slow.abs(), 1.0)).min()) >= -1e-5


def test_only_places_that_were_not_at_an_end_before_count_as_clipped() -> None:
    before = torch.tensor([[0.0, 0.5, 0.5, 1.0]]).expand(3, 1, 4)
    after = torch.tensor([[0.0, 1.0, 0.5, 1.0]]).expand(3, 1, 4)
    assert dream.newly_clipped(before, after) == 0.25


def test_total_variation_pulls_a_lone_point_to_its_neighbours() -> None:
    picture = torch.zeros(1, 3, 5, 5)
    picture[..., 2, 2] = 1
    pull = dream.total_variation_step(picture)
    assert float(pull[0, 0, 2, 2]) == -1
    assert float(pull[0, 0, 2, 3]) == 0.25
    assert not dream.total_variation_step(torch.ones(1, 3, 4, 4)).any()


def test_blank_white_and_black_places_take_a_tenth_of_a_step_and_all_others_the_whole(
    net: dllab_vision.net.Backbone,
) -> None:
    pixels = torch.full((1, 3, 40, 120), 0.5)
    pixels[..., :40], pixels[..., 80:] = 1.0, 0.0
    share = dream.calm_share(net, net.normalise(pixels))
    assert float(share[..., :20].max()) == pytest.approx(dream.BLANK_SHARE, abs=1e-3)
    assert float(share[..., 100:].max()) == pytest.approx(dream.BLANK_SHARE, abs=1e-3)
    assert float(share[..., 41:79].min()) == 1


def test_a_step_in_strips_is_that_of_the_whole(
    net: dllab_vision.net.Backbone, picture: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = replace(HOW, tv_weight=0.1)
    grad = torch.randn(1, 3, 72, 96, generator=generator())
    whole = dream.step(net, picture, grad.clone(), how)
    monkeypatch.setattr(dream, "STRIP", 11)
    torch.testing.assert_close(dream.step(net, picture, grad, how), whole, rtol=1e-4, atol=1e-5)
