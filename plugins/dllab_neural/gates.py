"""Logic gates as one neuron each, and why XOR is none of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    pass

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
TABLES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
BY_HAND = {"AND": (1.0, 1.0, -1.5), "OR": (1.0, 1.0, -0.5), "NAND": (-1.0, -1.0, 1.5)}  # w1, w2, b


class GatesParams(dllab.Params):
    w1: float = dllab.param(1.0, ge=-100, le=100, help="your own weight of x1, tried on XOR")
    w2: float = dllab.param(1.0, ge=-100, le=100, help="your own weight of x2")
    b: float = dllab.param(-0.5, ge=-100, le=100, help="your own bias")


@dllab.experiment(
    "gates",
    topic="course/neural",
    lectures=("2@3730:퍼셉트론의 한계", "2@3840:게이트(Gate)", "2@4040:XOR 진리표"),
    about=ABOUT["gates"],
    tiny={},
    ko={"w1": "XOR에 시험할 나의 x1 가중치", "w2": "나의 x2 가중치", "b": "나의 편향"},
)
def gates(run: dllab.Run, params: GatesParams) -> None:
    """One neuron with a step: 1 where b + w1 x1 + w2 x2 > 0."""
    own = (params.w1, params.w2, params.b)
    rows = [
        {"gate": gate, "x1": x1, "x2": x2, "wanted": wanted, "got": fires((x1, x2), BY_HAND.get(gate, own))}
        for gate, outputs in TABLES.items()
        for (x1, x2), wanted in zip(CORNERS, outputs, strict=True)
    ]
    run.save_table("truth.csv", rows)
    _draw(run, own)
    for gate in BY_HAND:
        run.check(
            f"wrong rows of {gate}",
            got=sum(row["wanted"] != row["got"] for row in rows if row["gate"] == gate),
            expected=0,
            source="the slide's truth table",
            ko=f"{gate}에서 틀린 행 수",
        )
    right = sum(row["wanted"] == row["got"] for row in rows if row["gate"] == "XOR")
    run.message(
        run.words(f"your weights have {right} of 4 of XOR", f"내 가중치는 XOR 4개 중 {right}개를 맞힙니다")
    )
    run.check(
        "right rows of XOR with your weights",
        got=right,
        at_most=3,
        source="b <= 0, b + w1 > 0, b + w2 > 0 give b + w1 + w2 > -b >= 0: the fourth row fails",
        ko="내 가중치로 맞힌 XOR의 행 수",
    )
    for inputs, known in ((2, 14), (3, 104)):
        run.check(
            f"functions of {inputs} inputs that one neuron computes",
            got=len(threshold_functions(inputs)),
            expected=known,
            source=f"OEIS A000609: {known} of {2**2**inputs}; counted here over all small whole weights",
            ko=f"뉴런 하나가 계산하는 입력 {inputs}개의 함수 수",
        )


def fires(x: tuple[int, ...], weights: tuple[float, ...]) -> int:
    """1 where the weighted sum is above zero; the last weight is the bias."""
    return int(sum(w * one for w, one in zip(weights, x, strict=False)) + weights[-1] > 0)


def threshold_functions(inputs: int) -> set[tuple[bool, ...]]:
    """The truth tables that one neuron has for weights -2 .. 2 and every threshold between whole numbers."""
    import numpy as np

    corners = np.array(list(product((0, 1), repeat=inputs)))
    found = set()
    for weights in product(range(-2, 3), repeat=inputs):
        sums = corners @ np.array(weights)
        found |= {tuple((sums + b > 0).tolist()) for b in np.arange(-2 * inputs - 0.5, 2 * inputs + 1)}
    return found


def _draw(run: dllab.Run, own: tuple[float, float, float]) -> None:
    import numpy as np

    from dllab_neural.drawing import HIGH, INK, LOW, field

    figure, panels = dllab.new_figure(1, 4, size=(12.4, 3.7), sharey=True)
    corners = np.array(CORNERS)
    span = (-0.55, 1.55)
    for axes, (gate, outputs) in zip(panels, TABLES.items(), strict=True):
        w1, w2, b = BY_HAND.get(gate, own)
        field(axes, lambda at, w=(w1, w2, b): (at @ w[:2] + w[2] > 0) * 1.0, span, span, steps=200)
        for corner, wanted in zip(corners, outputs, strict=True):
            got = fires(tuple(corner), (w1, w2, b))
            axes.scatter(
                *corner, s=420, color=HIGH if wanted else LOW, edgecolors="white", linewidths=2, zorder=3
            )
            axes.text(*corner, str(wanted), color="white", ha="center", va="center", weight="bold", zorder=4)
            if got != wanted:
                axes.scatter(*corner, s=900, facecolors="none", edgecolors=INK, linewidths=2, zorder=4)
                axes.annotate(
                    run.words("wrong", "틀림"),
                    corner,
                    (0, -27),
                    textcoords="offset points",
                    ha="center",
                    fontsize=9,
                    color=INK,
                )
        axes.set(xlabel=f"{w1:g}·x1 {w2:+g}·x2 {b:+g} > 0", xticks=[0, 1], yticks=[0, 1], aspect="equal")
        axes.set_title(
            gate if gate != "XOR" else run.words("XOR, by your line", "XOR: 나의 직선"), loc="left"
        )
    run.save_figure("gates.png", figure)
