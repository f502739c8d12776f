"""The gradient of a picture seen by windows, the ways down, and the sizes painted at."""

from __future__ import annotations

import contextlib

import pytest
import torch

from dllab_style.descent import FIRST_STEP, LBFGS, AveragedAdam
from dllab_style.losses import by_layer
from dllab_style.painting import COLOURS, Eye, Manner, Region, Scene
from dllab_style.sizes import cloudy_noise, fit, level_sizes, resize, with_margin, without_margin
from dllab_vision.backbone import load_backbone

LAYERS = by_layer({"c1_1": 2.0, "c2_2": 1.0, "c3_1": 1.0})


@pytest.fixture(scope="module")
def eye() -> Eye:
    return Eye(load_backbone(), contextlib.nullcontext)


def blobs(height: int, width: int, seed: int) -> torch.Tensor:
    """Smooth colours and some noise, (1, 3, height, width) in model units."""
    generator = torch.Generator().manual_seed(seed)
    coarse = resize(torch.rand(1, 3, 9, 12, generator=generator), (height, width))
    return 3 * coarse - 1.5 + 0.2 * torch.randn(1, 3, height, width, generator=generator)


def scene_of(eye: Eye, loss: str, side: int, has_mask: bool = False, halo: int | None = None) -> Scene:
    manner = Manner(LAYERS, ("c3_1",), loss, 0.05, 0.1, 0.2)
    photo = blobs(144, 160, 1)
    goals = eye.goals(blobs(90, 100, 2), manner, 0.6)
    others = eye.goals(blobs(80, 100, 3), manner, 0.4)
    if has_mask:
        mask = torch.zeros(1, 1, 144, 160)
        mask[..., 30:110, 20:70] = 1
        regions = [
            Region(mask, {name: (goal,) for name, goal in goals.items()}),
            Region(1 - mask, {name: (goal,) for name, goal in others.items()}),
        ]
    else:
        regions = [Region(None, {name: (goals[name], others[name]) for name in goals})]
    windows = eye.net.windows(144, 160, manner.seen, side, halo)
    return Scene(eye, photo, regions, manner, windows)


@pytest.mark.parametrize(("loss", "has_mask"), [("gram", False), ("w2", False), ("w2", True)])
def test_by_windows_the_gradient_is_that_of_the_whole_picture(eye: Eye, loss: str, has_mask: bool) -> None:
    picture = blobs(144, 160, 4)
    whole, tiled = scene_of(eye, loss, 1000, has_mask), scene_of(eye, loss, 128, has_mask)
    assert len(whole.windows) == 1
    assert len(tiled.windows) >= 4
    expected, figures = whole.gradient(picture)
    grad, found = tiled.gradient(picture)
    torch.testing.assert_close(grad, expected, rtol=1e-3, atol=float(2e-3 * expected.abs().max()))
    assert found.style == pytest.approx(figures.style, rel=1e-4)
    assert found.content == pytest.approx(figures.content, rel=1e-4)
    assert whole.style_loss(picture) == pytest.approx(figures.style, rel=1e-5)


def test_without_a_halo_the_gradient_is_wrong_at_the_seams(eye: Eye) -> None:
    picture = blobs(144, 160, 4)
    expected, _ = scene_of(eye, "gram", 1000).gradient(picture)
    grad, _ = scene_of(eye, "gram", 80, halo=0).gradient(picture)
    assert float((grad - expected).abs().max() / expected.abs().max()) > 0.01


@pytest.mark.parametrize("loss", ["gram", "w2"])
def test_the_gradient_is_that_of_small_steps(eye: Eye, loss: str) -> None:
    scene = scene_of(eye, loss, 1000)
    picture, manner = blobs(144, 160, 4), scene.manner
    grad, _ = scene.gradient(picture)
    step = grad / grad.norm()  # where the loss changes most: its value is only good to about 1e-6

    def loss_at(shift: float) -> float:
        _, parts = scene.gradient(picture + shift * step)
        pixels = eye.net.denormalise(picture + shift * step)
        excess = (pixels - pixels.clamp(0, 1)).square().mean()
        return (
            parts.style + manner.content_weight * parts.content + manner.tv_weight * parts.smoothness
            + 10 * float(excess)
        )  # fmt: skip

    difference = (loss_at(0.1) - loss_at(-0.1)) / 0.2
    assert difference == pytest.approx(float(grad.norm()), rel=0.02)


def test_the_photo_itself_has_no_content_loss(eye: Eye) -> None:
    scene = scene_of(eye, "gram", 1000)
    _, figures = scene.gradient(scene.photo)
    assert figures.content == 0
    assert figures.style > 0
    assert COLOURS in scene.manner.style_layers


def valley(x: torch.Tensor) -> torch.Tensor:
    """Gradient of a long valley: sum of k (x - 1)² / 2 with k from 1 to 100."""
    return torch.linspace(1, 100, x.numel()).view_as(x) * (x - 1)


def test_lbfgs_finds_the_bottom_of_a_long_valley() -> None:
    picture = torch.zeros(1, 3, 2, 5)
    descent = LBFGS(picture)
    for _ in range(60):
        descent.step(valley)
    torch.testing.assert_close(descent.result(), torch.ones(1, 3, 2, 5), rtol=0, atol=1e-3)


@pytest.mark.parametrize("slope", [1e-6, 1e3])
def test_the_first_step_of_lbfgs_has_one_mean_length_whatever_the_slope_and_the_size(slope: float) -> None:
    picture = torch.ones(1, 3, 20, 50)
    picture[..., ::2] = 3.0
    before = picture.clone()
    LBFGS(picture).step(lambda x: slope * x)
    moved = before - picture
    torch.testing.assert_close(moved.mean(), torch.tensor(FIRST_STEP), rtol=1e-4, atol=0)
    torch.testing.assert_close(moved / before, (moved / before).mean().expand_as(moved), rtol=1e-3, atol=0)


def test_averaged_adam_comes_near_the_bottom() -> None:
    picture = torch.zeros(1, 3, 2, 5)
    descent = AveragedAdam(picture, 0.05)
    for _ in range(200):
        descent.step(valley)
    torch.testing.assert_close(descent.result(), torch.ones(1, 3, 2, 5), rtol=0, atol=0.05)


def test_the_first_step_of_adam_is_known_by_hand_and_its_average_is_where_it_led() -> None:
    """A first step has the length of the learning rate in every coordinate, against the gradient's sign."""
    picture = torch.tensor([[[[2.0, -3.0]]]])
    descent = AveragedAdam(picture, 0.1)
    descent.step(lambda x: x * 5)
    torch.testing.assert_close(picture, torch.tensor([[[[1.9, -2.9]]]]))
    torch.testing.assert_close(descent.result(), picture)


@pytest.mark.parametrize("way", ["lbfgs", "adam"])
def test_a_descent_goes_on_from_its_state_bit_by_bit(way: str) -> None:
    def new(picture: torch.Tensor, state: dict | None = None) -> LBFGS | AveragedAdam:
        return LBFGS(picture, state) if way == "lbfgs" else AveragedAdam(picture, 0.05, state)

    straight = torch.zeros(1, 3, 2, 5)
    descent = new(straight)
    for _ in range(8):
        descent.step(valley)
    parted = torch.zeros(1, 3, 2, 5)
    descent = new(parted)
    for _ in range(5):
        descent.step(valley)
    descent = new(parted, descent.state())
    for _ in range(3):
        descent.step(valley)
    assert torch.equal(parted, straight)


def test_sizes_grow_to_the_full_one_and_none_is_too_small_to_paint() -> None:
    assert level_sizes((300, 451)) == [(117, 176), (188, 282), (300, 451)]
    assert level_sizes((100, 100)) == [(100, 100)]
    assert level_sizes((1, 512)) == [(1, 512)]
    assert fit((3000, 4000), 512) == (384, 512)
    assert fit((30, 40), 512) == (30, 40)
    assert fit((30, 4000), 0) == (30, 4000)


@pytest.mark.parametrize("size", [(1, 1), (2, 5), (40, 30)])
def test_a_margin_is_put_on_and_taken_off_whatever_the_size(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size)
    wider = with_margin(picture, 7)
    assert wider.shape[-2:] == (size[0] + 14, size[1] + 14)
    assert torch.equal(without_margin(wider, 7), picture)


def test_clouds_have_unit_spread_and_coarse_structure() -> None:
    clouds = cloudy_noise((64, 96), torch.Generator().manual_seed(0))
    assert float(clouds.std()) == pytest.approx(1, rel=1e-4)
    assert float(resize(clouds, (8, 12)).std()) > 0.4  # white noise would keep an eighth
