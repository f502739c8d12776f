"""Colours given from one picture to another."""

from __future__ import annotations

import torch

from dllab_style.colours import LUMA, colour_statistics, match_colours, match_histogram, with_colours_of


def picture(seed: int, low: float = 0.3, high: float = 0.7) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mixed = torch.rand(3, 3, generator=generator) / 3
    flat = mixed @ torch.rand(3, 1200, generator=generator)
    flat = (flat - flat.min()) / (flat.max() - flat.min())
    return (low + (high - low) * flat).view(1, 3, 30, 40)


def test_matched_colours_have_the_mean_and_spread_of_the_other() -> None:
    one, other = picture(0), picture(1)
    mean, covariance = colour_statistics(match_colours(one, other))
    wanted_mean, wanted = colour_statistics(other)
    torch.testing.assert_close(mean, wanted_mean, rtol=1e-2, atol=2e-3)
    torch.testing.assert_close(covariance, wanted, rtol=0.05, atol=1e-3)


def test_colours_matched_to_themselves_stay() -> None:
    one = picture(2)
    torch.testing.assert_close(match_colours(one, one), one, rtol=0, atol=1e-3)
    torch.testing.assert_close(match_histogram(one, one), one, rtol=0, atol=1e-3)


def test_a_grey_picture_takes_colours_without_an_error() -> None:
    grey = torch.rand(1, 1, 20, 20).expand(1, 3, -1, -1)
    assert torch.isfinite(match_colours(grey, picture(3))).all()
    assert torch.isfinite(match_histogram(grey, picture(3))).all()
    flat = torch.full((1, 3, 4, 4), 0.5)
    assert torch.isfinite(match_histogram(flat, flat)).all()


def test_a_matched_histogram_is_that_of_the_other_along_its_axes() -> None:
    one, other = picture(4), picture(5)
    matched = match_histogram(one, other)
    _, axes = torch.linalg.eigh(colour_statistics(other)[1])
    for axis in axes.T:
        found, wanted = ((axis @ each[0].flatten(1)).sort().values for each in (matched, other))
        torch.testing.assert_close(found, wanted, rtol=0, atol=5e-3)


def test_the_photos_colours_keep_its_differences_and_take_the_painted_brightness() -> None:
    photo, painted = picture(6, 0.4, 0.6), picture(7, 0.4, 0.6)
    result = with_colours_of(painted, photo)
    luma = torch.tensor(LUMA).view(1, 3, 1, 1)
    torch.testing.assert_close((result * luma).sum(1), (painted * luma).sum(1))
    torch.testing.assert_close(result[:, 0] - result[:, 2], photo[:, 0] - photo[:, 2])
