"""Activation functions and their slopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class ActivationsParams(dllab.Params):
    reach: float = dllab.param(5.0, gt=0.5, le=30, help="the functions are drawn from -reach to reach")
    scores: tuple[float, ...] = dllab.param(
        (2.0, 1.0, 0.1), min_length=2, max_length=10, help="what softmax turns into probabilities"
    )


@dllab.experiment(
    "activations",
    topic="course/neural",
    lectures=(
        "1@2210:sigmoid 함수",
        "1@2910:대표적인 활성 함수",
        "1@2980:f(x) = max(0,x)",
        "4@1510:Sigmoid 함수로 값이 0에 수렴하는 오류는 ReLu 함수로 개선",
    ),
    about=ABOUT["activations"],
    tiny={},
    ko={"reach": "그래프를 그릴 범위 (-reach부터 reach까지)", "scores": "소프트맥스에 넣을 점수"},
)
def activations(run: dllab.Run, params: ActivationsParams) -> None:
    """Five functions with their derivatives, and softmax on a few scores."""
    import numpy as np

    z = np.linspace(-params.reach, params.reach, 401)
    rules = functions()
    columns = {"z": z}
    for name, (f, slope) in rules.items():
        columns |= {name: f(z), f"{name} slope": slope(z)}
    run.save_table("activations.csv", columns)
    probabilities = softmax(np.array(params.scores))
    run.save_json("softmax.json", {"scores": params.scores, "probabilities": probabilities})
    _draw(run, params, z, rules, probabilities)
    sigmoid, tanh, relu = (rules[name] for name in ("sigmoid", "tanh", "ReLU"))
    h = 1e-5
    for name, (f, slope) in rules.items():
        away = z[np.abs(z) > 2 * h]  # ReLU has a corner at 0
        error = np.abs((f(away + h) - f(away - h)) / (2 * h) - slope(away)).max()
        run.check(
            f"slope of {name}, largest error",
            got=float(error),
            at_most=1e-8,
            source="central differences, h = 1e-5",
            ko=f"{name} 기울기의 최대 오차",
        )
    run.check(
        "steepest slope of the sigmoid",
        got=float(sigmoid[1](np.array(0.0))),
        expected=0.25,
        abs=1e-15,
        source="by hand: σ' = σ (1 - σ), and σ(0) = 1/2",
        ko="시그모이드의 최대 기울기",
    )
    run.check(
        "σ at ln 3",
        got=float(sigmoid[0](np.log(3.0))),
        expected=0.75,
        abs=1e-15,
        source="by hand: 1 / (1 + 1/3)",
        ko="ln 3에서의 σ",
    )
    run.check(
        "tanh against a stretched sigmoid",
        got=float(np.abs(tanh[0](z) - 2 * sigmoid[0](2 * z) + 1).max()),
        at_most=1e-14,
        source="identity: tanh z = 2 σ(2z) - 1",
        ko="tanh와 늘인 시그모이드의 최대 차이",
    )
    run.check(
        "ReLU of -3, 0 and 3, summed",
        got=float(relu[0](np.array([-3.0, 0.0, 3.0])).sum()),
        expected=3.0,
        source="the slide: f(x) = max(0, x)",
        ko="-3, 0, 3의 ReLU의 합",
    )
    run.check(
        "sum of the softmax",
        got=float(probabilities.sum()),
        expected=1,
        abs=1e-12,
        source="the slide: it is 1",
        ko="소프트맥스의 합",
    )
    known = np.array([0.65900114, 0.24243297, 0.09856589])
    run.check(
        "softmax of 2, 1, 0.1, largest error",
        got=float(np.abs(softmax(np.array([2.0, 1.0, 0.1])) - known).max()),
        at_most=1e-8,
        source="by hand: e² = 7.38906, e = 2.71828, e^0.1 = 1.10517; sum 11.21251",
        ko="2, 1, 0.1의 소프트맥스, 최대 오차",
    )


def functions() -> dict[str, tuple[Callable, Callable]]:
    """Of each name, the function and its derivative."""
    import numpy as np

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return (1 + np.tanh(z / 2)) / 2

    return {
        "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
        "ReLU": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
        "leaky ReLU": (lambda z: np.where(z > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
        "softplus": (lambda z: np.logaddexp(0, z), sigmoid),
    }


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities (n,) of scores (n,)."""
    import numpy as np

    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def _draw(
    run: dllab.Run, params: ActivationsParams, z: np.ndarray, rules: dict, probabilities: np.ndarray
) -> None:
    from dllab_neural.drawing import INK

    figure, panels = dllab.new_figure(2, 3, size=(11.0, 6.4))
    for i, (axes, (name, (f, slope))) in enumerate(zip(panels.flat, rules.items(), strict=False)):
        axes.axhline(0, color=INK, linewidth=0.6)
        axes.axvline(0, color=INK, linewidth=0.6)
        axes.plot(z, f(z), color=dllab.COLOURS[i], linewidth=2.4, label=name)
        axes.plot(
            z, slope(z), "--", color=dllab.COLOURS[i], linewidth=1.4, label=run.words("its slope", "기울기")
        )
        if name in ("ReLU", "leaky ReLU", "softplus"):
            axes.set_ylim(-0.8, min(3.0, params.reach))
        axes.set_title(name, loc="left")
        axes.legend(loc="upper left")
    bars = panels.flat[-1]
    bars.bar(range(len(probabilities)), probabilities, color=dllab.COLOURS[5], width=0.6)
    for i, share in enumerate(probabilities):
        bars.text(i, share + 0.015, f"{share:.3f}", ha="center", fontsize=9, color=INK)
    bars.set_xticks(range(len(probabilities)), [f"{score:g}" for score in params.scores])
    bars.set(ylim=(0, 1.08), xlabel=run.words("score", "점수"), ylabel=run.words("probability", "확률"))
    bars.set_title("softmax", loc="left")
    run.save_figure("activations.png", figure)
