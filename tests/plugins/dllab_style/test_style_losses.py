"""The losses, each against a figure known by hand or another way to compute it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import scipy.linalg
import torch

from dllab_style.losses import (
    Statistics,
    by_layer,
    covariance_root,
    decomposed,
    goal,
    gram_loss,
    moment_sums,
    outside,
    statistics,
    total_variation,
    w2_loss,
)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def gaussian(channels: int, seed: int) -> Statistics:
    """Statistics of random activations, of full rank."""
    mixed = torch.randn(channels, channels, generator=generator(seed))
    spread = torch.randn(channels, 900, generator=generator(seed + 1))
    shift = torch.randn(channels, 1, generator=generator(seed + 2))
    return statistics((mixed @ spread + shift).view(1, channels, 30, 30))


def test_a_gram_matrix_known_by_hand() -> None:
    activation = torch.tensor([[[[1.0, 2.0]], [[3.0, -1.0]]]])  # two channels, two places
    found = statistics(activation)
    assert found.mean.tolist() == [1.5, 1.0]
    assert found.second.tolist() == [[2.5, 0.5], [0.5, 5.0]]  # (1+4)/2, (3-2)/2, (9+1)/2
    assert found.covariance.tolist() == [[0.25, -1.0], [-1.0, 4.0]]


def test_a_mask_counts_only_its_places() -> None:
    activation = torch.randn(1, 5, 6, 8, generator=generator())
    mask = torch.zeros(1, 1, 6, 8)
    mask[..., :3] = 1
    first, second = moment_sums(activation, mask)
    expected = moment_sums(activation[..., :3])
    torch.testing.assert_close(first, expected[0])
    torch.testing.assert_close(second, expected[1])


@pytest.mark.parametrize("has_mask", [False, True])
def test_the_slopes_of_the_sums_are_those_of_autograd(has_mask: bool) -> None:
    activation = torch.randn(1, 4, 5, 6, generator=generator(8), requires_grad=True)
    mask = torch.rand(1, 1, 5, 6, generator=generator(9)) if has_mask else None
    to_first, to_second = torch.randn(4, generator=generator(1)), torch.randn(4, 4, generator=generator(2))
    f = activation[0].flatten(1)
    weighted = f if mask is None else f * mask.flatten()
    plain = (weighted.sum(dim=1) * to_first).sum() + ((weighted @ f.T) * to_second).sum()
    first, second = moment_sums(activation, mask)
    ours = (first * to_first).sum() + (second * to_second).sum()
    torch.testing.assert_close(ours, plain)
    (expected,), (found,) = (torch.autograd.grad(each, activation) for each in (plain, ours))
    torch.testing.assert_close(found, expected)


def test_the_gram_loss_of_a_doubled_gram_matrix_is_one() -> None:
    wanted = gaussian(6, 3)
    assert float(gram_loss(wanted, wanted)) == 0
    doubled = Statistics(wanted.mean, 2 * wanted.second)
    assert float(gram_loss(doubled, wanted)) == pytest.approx(1, rel=1e-6)


def test_the_w2_loss_is_that_of_the_textbook() -> None:
    """Against SciPy's general root of a matrix, in double precision."""
    one, other = gaussian(12, 5), gaussian(12, 9)
    a, b = one.covariance.double().numpy(), other.covariance.double().numpy()
    root = scipy.linalg.sqrtm(b)
    overlap = scipy.linalg.sqrtm(root @ a @ root).real.trace()
    distance = float((one.mean - other.mean).square().sum()) + a.trace() + b.trace() - 2 * overlap
    assert float(w2_loss(one, other)) == pytest.approx(distance / float(other.second.trace()), rel=1e-4)


def test_the_w2_loss_of_numbers_is_known_by_hand() -> None:
    """One channel: (3 - 1)² + (2 - 5)² = 13, over the wanted second moment 1 + 25 = 26."""
    found = Statistics(torch.tensor([3.0]), torch.tensor([[13.0]]))  # mean 3, deviation 2
    wanted = Statistics(torch.tensor([1.0]), torch.tensor([[26.0]]))  # mean 1, deviation 5
    assert float(w2_loss(found, wanted)) == pytest.approx(13 / 26, rel=1e-6)


def test_the_slope_of_the_w2_loss_is_that_of_small_steps() -> None:
    wanted = gaussian(5, 20)
    found = gaussian(5, 30)
    second = found.second.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(w2_loss(Statistics(found.mean, second), wanted), second)
    step = torch.randn(5, 5, generator=generator(4))
    step = (step + step.T) / 2
    ahead, behind = (
        float(w2_loss(Statistics(found.mean, found.second + sign * 0.02 * step), wanted)) for sign in (1, -1)
    )
    assert (ahead - behind) / 0.04 == pytest.approx(float((slope * step).sum()), rel=1e-2)


@pytest.mark.parametrize("places", [1, 3])
def test_the_slope_stays_finite_where_channels_outnumber_places(places: int) -> None:
    """A flat picture has a covariance of rank zero, where a root's slope has no bound."""
    wanted = gaussian(24, 40)
    flat = torch.full((1, 24, 1, places), 0.5)
    flat[..., 0] += 0.1 if places > 1 else 0.0
    x = flat.requires_grad_(True)
    (slope,) = torch.autograd.grad(w2_loss(statistics(x), wanted), x)
    assert torch.isfinite(slope).all()
    other_way = w2_loss(wanted, statistics(flat.detach()))
    assert torch.isfinite(other_way)


def test_equal_eigenvalues_do_no_harm_to_the_slope() -> None:
    """Gradients through eigenvectors divide by gaps between eigenvalues; ours need none."""
    wanted = Statistics(torch.zeros(4), torch.eye(4))
    second = (2 * torch.eye(4)).requires_grad_(True)
    (slope,) = torch.autograd.grad(w2_loss(Statistics(torch.zeros(4), second), wanted), second)
    torch.testing.assert_close(
        slope, (1 - 0.5**0.5) / 4 * torch.eye(4)
    )  # d/ds (s + 1 - 2 sqrt s) at 2, over 4


def test_a_covariance_root_squared_is_the_covariance() -> None:
    covariance = gaussian(7, 50).covariance
    root = covariance_root(covariance)
    torch.testing.assert_close(root @ root, covariance, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("how", [torch.linalg.eigvalsh, torch.linalg.eigh])
def test_what_float32_cannot_decompose_is_decomposed_in_float64(how: Callable) -> None:
    def choosy(matrix: torch.Tensor) -> object:
        if matrix.dtype == torch.float32:
            raise torch.linalg.LinAlgError("the algorithm failed to converge")
        return how(matrix)

    covariance = gaussian(6, 3).covariance.requires_grad_(True)
    found, wanted = decomposed(choosy, covariance), how(covariance)
    values, usual = (found, wanted) if how is torch.linalg.eigvalsh else (found[0], wanted.eigenvalues)
    assert values.dtype == torch.float32
    torch.testing.assert_close(values, usual)
    slopes = [torch.autograd.grad(one.square().sum(), covariance)[0] for one in (values, usual)]
    torch.testing.assert_close(*slopes, rtol=1e-4, atol=1e-4)


def test_a_goal_is_reached_by_the_style_itself() -> None:
    activation = torch.rand(1, 8, 9, 9, generator=generator(7))
    set_by = goal(activation, 0.5)
    assert float(set_by.loss(statistics(activation), "gram")) == 0
    assert abs(float(set_by.loss(statistics(activation), "w2"))) < 1e-3


def test_total_variation_and_colours_outside_known_by_hand() -> None:
    picture = torch.tensor([[[[0.0, 1.0], [3.0, 3.0]]]])
    assert float(total_variation(picture)) == 9 + 4 + 1 + 0
    assert float(outside(torch.tensor([-1.0, 0.5, 1.5]))) == 1.25


def test_weights_of_layers_sum_to_one() -> None:
    assert by_layer({"a": 3.0, "b": 1.0}) == {"a": 0.75, "b": 0.25}
