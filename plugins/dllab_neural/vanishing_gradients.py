"""How much of the gradient arrives at the first layer of a deep net."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

KINDS = ("sigmoid", "tanh", "ReLU")
GAIN = {"sigmoid": 1.0, "tanh": 1.0, "ReLU": 2.0}  # weights have the variance gain / width (Xavier, He)
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "ReLU": 1.0}  # the largest slope of each function


class VanishingGradientsParams(dllab.Params):
    depth: int = dllab.param(10, ge=2, le=60, help="hidden layers")
    width: int = dllab.param(64, ge=4, le=256, help="neurons in each")
    batch: int = dllab.param(128, ge=1, le=2000, help="random inputs over which is averaged")


@dllab.experiment(
    "vanishing-gradients",
    topic="course/neural",
    lectures=(
        "0@4410:기울기 소멸 문제",
        "1@2950:대표적인 문제점(Gradient vanishing)",
        "1@2990:gradient vanishing 문제를 효과적으로 해결",
        "4@1420:입력층에 가까워질수록 가중치가 잘 학습되지 않는 문제",
    ),
    about=ABOUT["vanishing-gradients"],
    tiny={"width": 16, "batch": 16},
    ko={"depth": "은닉층 수", "width": "층마다 뉴런 수", "batch": "평균 낼 무작위 입력 수"},
)
def vanishing_gradients(run: dllab.Run, params: VanishingGradientsParams) -> None:
    """Forward and backward through the same random layers, with three activations."""
    import numpy as np

    x = run.rng.normal(size=(params.batch, params.width))
    noise = run.rng.normal(size=(params.depth, params.width, params.width))
    end = run.rng.normal(size=(params.batch, params.width)) / params.batch  # the gradient at the last layer
    sizes, limits = {}, {}
    for kind in KINDS:
        weights = noise * (GAIN[kind] / params.width) ** 0.5
        deltas = backward(kind, weights, x, end)
        sizes[kind] = np.array([float(np.linalg.norm(delta)) for delta in deltas])
        norms = np.array([np.linalg.norm(w, 2) for w in weights])
        limits[kind] = float(np.prod(norms[1:] * STEEPEST[kind]))
        run.check(
            f"gradient at the first layer over that at the last, {kind}",
            got=float(sizes[kind][0] / sizes[kind][-1]),
            at_most=limits[kind],
            source="product of the largest slope times the spectral norm of each weight matrix",
            ko=f"마지막 층 대비 첫 층의 기울기, {kind}",
        )
        run.log(KINDS.index(kind), first_over_last=float(sizes[kind][0] / sizes[kind][-1]))
    _draw(run, params, sizes)
    run.save_table("gradients.csv", {"layer": range(1, params.depth + 1), **sizes})
    kept = {kind: size[0] / size[-1] for kind, size in sizes.items()}
    run.check(
        "what ReLU keeps over what the sigmoid keeps",
        got=float(kept["ReLU"] / kept["sigmoid"]),
        at_least=2.0 ** (params.depth - 1),
        source="a sigmoid layer passes at most 1/4 of what it gets, ReLU about all: well over 2 a layer",
        ko="남는 기울기: 시그모이드 대비 ReLU",
    )
    nudge = 1e-5
    for kind in KINDS:
        run.check(
            f"one weight's slope against differences, {kind}",
            got=_difference_error(kind, noise, params.width, x, end, nudge),
            at_most=1e-6,
            source="central differences of step 1e-5, relative to the slope's size",
            ko=f"가중치 하나의 기울기와 차분의 차이, {kind}",
        )
    run.check(
        "slope through a chain of ten single sigmoids",
        got=chain(10),
        expected=0.25**10,
        rel=1e-12,
        source="by hand: weights 1 and biases that hold every sum at 0 leave (1/4)^10 = 9.54e-7",
        ko="시그모이드 열 개를 지난 기울기",
    )


def forward(kind: str, weights: np.ndarray, x: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The sums of each layer, a list of (batch, width), and the last activation."""
    import numpy as np

    sums, a = [], x
    for w in weights:
        z = a @ w.T
        sums.append(z)
        a = {
            "sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2,
            "tanh": np.tanh,
            "ReLU": lambda z: np.maximum(z, 0),
        }[kind](z)
    return sums, a


def backward(kind: str, weights: np.ndarray, x: np.ndarray, end: np.ndarray) -> list[np.ndarray]:
    """The gradient by the sums of each layer, first to last, (batch, width); end: by the last output."""
    sums, _ = forward(kind, weights, x)
    deltas, arriving = [], end
    for z, w in zip(reversed(sums), weights[::-1], strict=True):
        delta = arriving * slope(kind, z)
        deltas.append(delta)
        arriving = delta @ w
    return deltas[::-1]


def slope(kind: str, z: np.ndarray) -> np.ndarray:
    """The derivative of the activation."""
    import numpy as np

    if kind == "ReLU":
        return (z > 0) * 1.0
    t = np.tanh(z / 2 if kind == "sigmoid" else z)
    return (1 - t * t) / (4 if kind == "sigmoid" else 1)


def chain(length: int) -> float:
    """dy/dx of single sigmoids in a row, each with the weight 1 and the bias that makes its sum 0."""
    import numpy as np

    a, product = 0.0, 1.0
    for _ in range(length):
        z = np.array(a - a)  # weight 1, bias -a
        product *= float(slope("sigmoid", z))
        a = float((1 + np.tanh(z / 2)) / 2)
    return product


def _difference_error(
    kind: str, noise: np.ndarray, width: int, x: np.ndarray, end: np.ndarray, nudge: float
) -> float:
    """The steepest weight of the last layer: its slope backpropagated, and by differences of Σ end · out."""
    import numpy as np

    weights = noise * (GAIN[kind] / width) ** 0.5
    sums, _ = forward(kind, weights[:-1], x)
    z = sums[-1]
    a = {"sigmoid": (1 + np.tanh(z / 2)) / 2, "tanh": np.tanh(z), "ReLU": np.maximum(z, 0)}[kind]
    got = backward(kind, weights, x, end)[-1].T @ a  # (width, width), by the weights of the last layer
    place = np.unravel_index(
        np.abs(got).argmax(), got.shape
    )  # a neuron of ReLU may be silent for every input
    values = []
    for sign in (1, -1):
        moved = weights.copy()
        moved[-1][place] += sign * nudge
        values.append(float((end * forward(kind, moved, x)[1]).sum()))
    return abs((values[0] - values[1]) / (2 * nudge) - float(got[place])) / float(np.abs(got).max())


def _draw(run: dllab.Run, params: VanishingGradientsParams, sizes: dict[str, np.ndarray]) -> None:
    import numpy as np

    figure, (left, right) = dllab.new_figure(1, 2, size=(10.6, 4.2), width_ratios=(1.2, 1))
    layers = np.arange(1, params.depth + 1)
    for i, (kind, size) in enumerate(sizes.items()):
        left.semilogy(
            layers, size / size[-1], "o-", color=dllab.COLOURS[i], linewidth=2, markersize=5, label=kind
        )
    left.set(
        xlabel=run.words("layer (the input is on the left)", "층 (왼쪽이 입력)"),
        ylabel=run.words("gradient, last layer = 1", "기울기 (마지막 층 = 1)"),
    )
    left.set_title(run.words("What arrives on the way back", "거꾸로 가며 남는 기울기"), loc="left")
    left.legend(loc="lower right")
    z = np.linspace(-5, 5, 300)
    for i, kind in enumerate(KINDS):
        right.plot(z, slope(kind, z), color=dllab.COLOURS[i], linewidth=2, label=kind)
    right.axhline(0.25, color="#6b7280", linestyle=":", linewidth=1)
    right.set(xlabel="z", ylabel=run.words("slope of the activation", "활성 함수의 기울기"))
    right.set_title(
        run.words("Why: a sigmoid passes 1/4 at most", "까닭: 시그모이드는 최대 1/4만 전달"), loc="left"
    )
    right.legend(loc="upper left")
    run.save_figure("gradients.png", figure)
