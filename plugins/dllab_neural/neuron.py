"""A neuron of the brain and a neuron of a network, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class NeuronParams(dllab.Params):
    inputs: tuple[float, ...] = dllab.param(
        (1.0, 0.5, -1.0), min_length=1, max_length=5, help="signals that arrive"
    )
    weights: tuple[float, ...] = dllab.param(
        (0.8, 1.2, 0.4), min_length=1, max_length=5, help="strength of each synapse"
    )
    bias: float = dllab.param(-0.3, ge=-100, le=100, help="above zero it fires easily, below it holds back")
    activation: Literal["sigmoid", "step", "relu"] = dllab.param("sigmoid", help="what is made of the sum")


@dllab.experiment(
    "neuron",
    topic="course/neural",
    lectures=(
        "0@3340:인간의 뇌가 엄청난 수의 뉴런(neuron)과 시냅스(synapse)로 구성",
        "0@3430:수상돌기",
        "0@3470:축삭돌기",
        "1@2630:딥러닝 개요 : 뉴런 (Neuron)",
        "4@1020:특정 임계치(Threshold)를 넘어야 신경이 전달",
    ),
    about=ABOUT["neuron"],
    tiny={},
    ko={
        "inputs": "들어오는 신호",
        "weights": "시냅스의 세기",
        "bias": "편향: 크면 잘 켜지고 작으면 참음",
        "activation": "합을 출력으로 바꾸는 함수",
    },
)
def neuron(run: dllab.Run, params: NeuronParams) -> None:
    """y = f(Σ w x + b): dendrites bring x, synapses weigh, the body sums, the axon carries y on."""
    if len(params.inputs) != len(params.weights):
        raise dllab.UsageError(
            f"--inputs has {len(params.inputs)} numbers and --weights {len(params.weights)}; give as many"
        )
    total = weighted_sum(params.inputs, params.weights, params.bias)
    out = fire(total, params.activation)
    run.log(0, sum=total, out=out)
    _draw(run, params, total, out)
    run.save_json("neuron.json", {"sum": total, "out": out})
    run.check(
        "sum of the drawn neuron",
        got=weighted_sum((1.0, 0.5, -1.0), (0.8, 1.2, 0.4), -0.3),
        expected=0.7,
        abs=1e-12,
        source="by hand: 0.8 + 0.6 - 0.4 - 0.3",
        ko="그려진 뉴런의 가중합",
    )
    run.check(
        "σ of ln 3",
        got=fire(math.log(3), "sigmoid"),
        expected=0.75,
        abs=1e-12,
        source="by hand: 1 / (1 + 1/3)",
        ko="ln 3에서의 σ",
    )
    run.check(
        "output just below the threshold, with a step",
        got=fire(-1e-9, "step"),
        expected=0,
        source="the slide: 임계치를 넘어야",
        ko="임계치 바로 아래에서의 출력, 계단 함수",
    )
    run.check(
        "output just above it",
        got=fire(1e-9, "step"),
        expected=1,
        source="the slide: 임계치를 넘어야",
        ko="임계치 바로 위에서의 출력",
    )
    twice = weighted_sum([2 * x for x in params.inputs], params.weights, params.bias)
    run.check(
        "what doubling all signals adds",
        got=twice - total,
        expected=total - params.bias,
        abs=1e-9,
        source="the sum is linear: Σ w x once more",
        ko="모든 신호를 두 배로 할 때 늘어나는 합",
    )


def weighted_sum(inputs: Sequence[float], weights: Sequence[float], bias: float) -> float:
    """Σ w x + b."""
    return float(sum(w * x for w, x in zip(weights, inputs, strict=True)) + bias)


def fire(total: float, activation: str) -> float:
    """The output."""
    if activation == "step":
        return float(total > 0)
    return max(total, 0.0) if activation == "relu" else (1 + math.tanh(total / 2)) / 2


def _draw(run: dllab.Run, params: NeuronParams, total: float, out: float) -> None:
    import numpy as np

    from dllab_neural.drawing import HIGH, INK, LOW, MUTED, disc, edges, empty, pale

    figure, (cell, net) = dllab.new_figure(2, 1, size=(9.4, 7.0))
    _cell(cell, run, len(params.inputs))
    empty(net, (-0.9, 4.2), (-1.5, 1.6))
    count = len(params.inputs)
    stand = np.column_stack([np.zeros(count), np.linspace(1.1, -1.1, count) if count > 1 else np.zeros(1)])
    middle = np.array([[1.8, 0.0]])
    edges(net, stand, middle, np.array([params.weights]), most=1.5)
    for i, (x, w) in enumerate(zip(params.inputs, params.weights, strict=True)):
        disc(net, stand[i], f"{x:g}", pale(HIGH if x >= 0 else LOW, 0.3))
        place = stand[i] + 0.45 * (middle[0] - stand[i])
        net.text(
            *place,
            f"× {w:g}",
            ha="center",
            va="center",
            fontsize=9,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    net.annotate(
        "",
        (2.75, 0),
        (1.8, 0),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6, "shrinkA": 24},
    )
    net.annotate("", (3.85, 0), (3.0, 0), arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6})
    disc(net, middle[0], f"Σ\n{total:.2f}", pale(HIGH if total >= 0 else LOW, 0.35), 2300)
    disc(net, (2.95, 0), {"sigmoid": "σ", "step": "step", "relu": "ReLU"}[params.activation], "white", 1500)
    net.text(3.95, 0, f"{out:.3f}", fontsize=13, weight="bold", va="center", color=INK)
    net.text(
        1.8,
        -0.72,
        run.words(f"bias {params.bias:+g}", f"편향 {params.bias:+g}"),
        ha="center",
        fontsize=9,
        color=MUTED,
    )
    net.set_title(run.words("In a network: y = f(Σ w·x + b)", "신경망의 뉴런: y = f(Σ w·x + b)"), loc="left")
    run.save_figure("neuron.png", figure)


def _cell(axes: Axes, run: dllab.Run, count: int) -> None:
    """A nerve cell: branching dendrites, the body, the axon and its ends."""
    import numpy as np

    from dllab_neural.drawing import COLOURS, INK, empty, pale

    empty(axes, (-0.9, 4.2), (-1.5, 1.6))
    flesh = COLOURS[2]
    for height in np.linspace(1.1, -1.1, count) if count > 1 else (0.0,):
        t = np.linspace(0, 1, 40)
        x, y = 1.5 * t, height * (1 - t) ** 1.5
        axes.plot(x, y, color=flesh, linewidth=3.5, solid_capstyle="round")
        for fork in (0.12, 0.3):
            axes.plot(
                [1.5 * fork, 1.5 * fork - 0.28],
                [height * (1 - fork) ** 1.5, height * (1 - fork) ** 1.5 + 0.17],
                color=flesh,
                linewidth=2,
            )
        axes.scatter(-0.06, height, s=46, color=COLOURS[1], zorder=4)
    turn = np.linspace(0, 2 * np.pi, 200)
    radius = 0.42 + 0.035 * np.sin(5 * turn)
    axes.fill(
        1.8 + 0.95 * radius * np.cos(turn),
        radius * 1.25 * np.sin(turn),
        facecolor=pale(flesh, 0.4),
        edgecolor=flesh,
        linewidth=2,
        zorder=3,
    )
    axes.scatter(1.8, 0, s=230, color=flesh, zorder=4)
    axes.plot([2.2, 3.4], [0, 0], color=flesh, linewidth=4)
    for k in range(3):
        axes.plot(
            [2.4 + 0.32 * k, 2.62 + 0.32 * k],
            [0, 0],
            color=pale(COLOURS[4], 0.6),
            linewidth=11,
            solid_capstyle="round",
        )
    for end in (-0.55, 0.0, 0.55):
        axes.plot([3.4, 3.8], [0, end], color=flesh, linewidth=2.5)
        axes.scatter(3.82, end, s=60, color=COLOURS[1], zorder=4)
    for at, words in (
        ((0.35, 1.4), run.words("dendrites: x", "수상돌기: x")),
        ((-0.5, -1.4), run.words("synapses: w", "시냅스: w")),
        ((1.8, -0.85), run.words("cell body: Σ", "세포체: Σ")),
        ((2.85, 0.35), run.words("axon: f", "축삭돌기: f")),
        ((3.75, -0.95), run.words("terminals: y", "축삭말단: y")),
    ):
        axes.text(*at, words, ha="center", fontsize=10, color=INK)
    axes.set_title(run.words("In the brain", "뇌의 뉴런"), loc="left")
