"""A network that is wrong in a small way turns a check of its experiment red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Red = Callable[..., list[str]]
Wrap = Callable[[str, Callable[..., Any]], None]


def test_a_perceptron_that_forgets_its_bias(red: Red, wrap: Wrap) -> None:
    def without(_: Any, X: np.ndarray) -> np.ndarray:
        return np.column_stack([np.zeros(len(X)), X])

    wrap("dllab_neural.perceptron.with_bias", without)
    assert {"epochs for AND", "epochs for NAND"} <= set(red("perceptron"))


def test_adam_whose_bias_correction_has_the_wrong_sign(red: Red, wrap: Wrap) -> None:
    def wrong(update: Any, name: str, g: np.ndarray, state: dict, rate: float, t: int) -> np.ndarray:
        if name != "Adam":
            return update(name, g, state, rate, t)
        state["m"] = 0.9 * state.get("m", 0 * g) + 0.1 * g
        state["s"] = 0.999 * state.get("s", 0 * g) + 0.001 * g * g
        mean, square = state["m"] / (1 + 0.9**t), state["s"] / (1 + 0.999**t)
        return -rate * mean / (np.sqrt(square) + 1e-8)

    wrap("dllab_neural.optimizers.update", wrong)
    assert red("optimizers") == ["Adam against torch.optim", "way of Adam under a steady gradient"]


@pytest.mark.slow
def test_momentum_that_rolls_too_far(red: Red, wrap: Wrap) -> None:
    def heavy(update: Any, name: str, g: np.ndarray, state: dict, rate: float, t: int) -> np.ndarray:
        moved = update(name, g, state, rate, t)
        if name == "Momentum":
            state["v"] = state["v"] * 1.01
        return moved

    wrap("dllab_neural.optimizers.update", heavy)
    assert red("optimizers") == ["Momentum against torch.optim", "way of Momentum under a steady gradient"]


def test_backpropagation_without_the_mask_of_relu(red: Red, wrap: Wrap) -> None:
    def unmasked(slope: Any, kind: str, z: np.ndarray) -> np.ndarray:
        return np.ones_like(z) if kind == "ReLU" else slope(kind, z)

    wrap("dllab_neural.vanishing_gradients.slope", unmasked)
    assert red("vanishing-gradients") == ["one weight's slope against differences, ReLU"]


@pytest.mark.slow
def test_backpropagation_that_updates_the_last_layer_first(red: Red, wrap: Wrap) -> None:
    """What the worked example warns of, and what its own printed loss after one step was made with."""

    def early(passes: Any, w1: np.ndarray, w2: np.ndarray, *rest: Any) -> dict:
        state = passes(w1, w2, *rest)
        hidden = state["hidden"]
        new = (w2 - 0.5 * state["d_w2"]).T @ state["delta_out"] * hidden * (1 - hidden)
        return state | {"d_w1": np.outer(new, rest[0])}

    wrap("dllab_neural.backpropagation.passes", early)
    failed = red("backpropagation")
    assert {"w1 .. w4 after one step, largest difference", "loss after one step"} <= set(failed)
    assert "largest difference from finite differences" in failed


def test_a_filter_that_is_turned_round(red: Red, wrap: Wrap) -> None:
    wrap(
        "dllab_neural.filters.slide",
        lambda slide, picture, kernel, stride: slide(picture, kernel[::-1, ::-1], stride),
    )
    assert "first number of the film's map" in red("filters")


def test_a_residual_net_whose_shortcut_is_halved(red: Red, wrap: Wrap) -> None:
    def halved(make: Any, *given: Any) -> Any:
        net = make(*given)
        through = net.through
        net.through = lambda h: through(h) - 0.5 * h
        return net

    wrap("dllab_neural.residual_nets.deep_net", halved)
    assert "what blocks of weight zero change" in red("residual-nets")


@pytest.mark.slow
def test_a_convolution_counted_without_its_biases(red: Red, monkeypatch: pytest.MonkeyPatch) -> None:
    from dllab_neural.architectures import BUILDERS, Layer, vgg16

    def short(size: int, classes: int) -> list[Layer]:
        return [
            Layer(
                one.kind, one.parameters - (one.channels if one.kind == "conv" else 0), one.channels, one.side
            )
            for one in vgg16(size, classes)
        ]

    monkeypatch.setitem(BUILDERS, "VGG-16", short)
    assert red("architectures") == ["parameters of VGG-16"]
