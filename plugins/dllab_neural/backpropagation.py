"""Backpropagation, with every number on the network's edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

# Mazur 2015, "A Step by Step Backpropagation Example": weights, inputs, targets and what comes out.
W1, B1 = ((0.15, 0.20), (0.25, 0.30)), 0.35  # w1 w2 into h1, w3 w4 into h2
W2, B2 = ((0.40, 0.45), (0.50, 0.55)), 0.60
INPUTS, TARGETS, RATE = (0.05, 0.10), (0.01, 0.99), 0.5
# The example prints 0.291027924 for the loss after one step: what updating w5 .. w8 first would give. Its own
# new weights, put through the network, give the figure here. Its 10,000th loss is before the 10,000th update.
LOSS, LOSS_AFTER_ONE, LOSS_10000 = 0.298371109, 0.291027774, 0.0000351085
NEW_W1 = ((0.149780716, 0.19956143), (0.24975114, 0.29950229))
NEW_W2 = ((0.35891648, 0.408666186), (0.511301270, 0.561370121))


class BackpropagationParams(dllab.Params):
    x1: float = dllab.param(INPUTS[0], ge=-5, le=5, help="first input")
    x2: float = dllab.param(INPUTS[1], ge=-5, le=5, help="second input")
    target1: float = dllab.param(TARGETS[0], ge=0, le=1, help="what the first output should be")
    target2: float = dllab.param(TARGETS[1], ge=0, le=1, help="what the second output should be")
    learning_rate: float = dllab.param(RATE, gt=0, le=10, help="the length of a step")
    steps: int = dllab.param(200, ge=1, le=20_000, help="steps of the learning curve")


@dllab.experiment(
    "backpropagation",
    topic="course/neural",
    lectures=(
        "0@4110:그림 1-14 역전파 계산",
        "0@4170:가중치 값을 업데이트하기 위한 역전파가 중요",
        "1@2770:역전파(Backward-propagation)",
        "2@1490:역전파",
        "3@1140:역전파(Backpropagation)",
    ),
    about=ABOUT["backpropagation"],
    tiny={"steps": 5},
    ko={
        "x1": "첫째 입력",
        "x2": "둘째 입력",
        "target1": "첫째 출력의 목표",
        "target2": "둘째 출력의 목표",
        "learning_rate": "학습률",
        "steps": "학습 곡선의 걸음 수",
    },
)
def backpropagation(run: dllab.Run, params: BackpropagationParams) -> None:
    """A 2-2-2 network of sigmoids and the half squared error, as in Mazur's example; biases stay."""
    import numpy as np

    x, target = np.array([params.x1, params.x2]), np.array([params.target1, params.target2])
    w1, w2 = np.array(W1), np.array(W2)
    state = passes(w1, w2, x, target)
    losses = learn(w1, w2, x, target, params.learning_rate, params.steps)[0]
    for step in range(0, params.steps + 1, max(params.steps // 50, 1)):
        run.log(step, loss=losses[step])
    _draw(run, params, state, losses)
    run.save_json("numbers.json", {"w1": w1, "w2": w2, **state})
    run.save_table("learning.csv", {"step": range(len(losses)), "loss": losses})
    _check_mazur(run)
    run.check(
        "largest difference from finite differences",
        got=_difference_error(w1, w2, x, target),
        at_most=1e-9,
        source="central differences of step 1e-5, all eight weights",
        ko="기울기와 차분의 최대 차이",
    )
    run.check(
        "largest difference from autograd",
        got=_autograd_error(state, w1, w2, x, target),
        at_most=1e-12,
        source="torch, which keeps the graph, in double precision",
        ko="기울기와 자동 미분의 최대 차이",
    )


def _check_mazur(run: dllab.Run) -> None:
    import numpy as np

    w1, w2, x, target = (np.array(one) for one in (W1, W2, INPUTS, TARGETS))
    state = passes(w1, w2, x, target)
    book = "Mazur 2015, A Step by Step Backpropagation Example"
    run.check(
        "loss of the book's network",
        got=state["loss"],
        expected=LOSS,
        abs=1e-9,
        source=book,
        ko="책에 나온 신경망의 손실",
    )
    for name, old, slope, new in (
        ("w5 .. w8", w2, state["d_w2"], NEW_W2),
        ("w1 .. w4", w1, state["d_w1"], NEW_W1),
    ):
        run.check(
            f"{name} after one step, largest difference",
            at_most=1e-8,
            source=book,
            got=float(np.abs(old - RATE * slope - np.array(new)).max()),
            ko=f"한 걸음 뒤 {name}의 최대 차이",
        )
    losses = learn(w1, w2, x, target, RATE, 9_999)[0]
    run.check(
        "loss after one step",
        got=losses[1],
        expected=LOSS_AFTER_ONE,
        abs=1e-9,
        source=f"{book}: its new weights, put through its network by hand",
        ko="한 걸음 뒤의 손실",
    )
    run.check(
        "the 10,000th loss", got=losses[-1], expected=LOSS_10000, abs=1e-10, source=book, ko="10,000번째 손실"
    )


def passes(w1: np.ndarray, w2: np.ndarray, x: np.ndarray, target: np.ndarray) -> dict:
    """Forward, then backward: values, deltas and the slopes of all weights, of the weights' shapes."""
    import numpy as np

    hidden = 1 / (1 + np.exp(-(w1 @ x + B1)))  # (2,)
    out = 1 / (1 + np.exp(-(w2 @ hidden + B2)))  # (2,)
    delta_out = (out - target) * out * (1 - out)  # the loss by the sum that enters an output
    delta_hidden = (w2.T @ delta_out) * hidden * (1 - hidden)  # the same, one layer back
    return {
        "hidden": hidden,
        "out": out,
        "loss": float(((target - out) ** 2).sum() / 2),
        "delta_out": delta_out,
        "delta_hidden": delta_hidden,
        "d_w2": np.outer(delta_out, hidden),
        "d_w1": np.outer(delta_hidden, x),
    }


def learn(
    w1: np.ndarray, w2: np.ndarray, x: np.ndarray, target: np.ndarray, rate: float, steps: int
) -> tuple[list[float], np.ndarray, np.ndarray]:
    """The loss before each step and after the last, and the weights then."""
    losses = []
    for _ in range(steps):
        state = passes(w1, w2, x, target)
        losses.append(state["loss"])
        w1, w2 = w1 - rate * state["d_w1"], w2 - rate * state["d_w2"]
    return [*losses, passes(w1, w2, x, target)["loss"]], w1, w2


def _difference_error(
    w1: np.ndarray, w2: np.ndarray, x: np.ndarray, target: np.ndarray, h: float = 1e-5
) -> float:
    import numpy as np

    state, worst = passes(w1, w2, x, target), 0.0
    for layer, key in ((0, "d_w1"), (1, "d_w2")):
        for j, i in np.ndindex(2, 2):
            losses = []
            for sign in (1, -1):
                nudged = [w1.copy(), w2.copy()]
                nudged[layer][j, i] += sign * h
                losses.append(passes(*nudged, x, target)["loss"])
            worst = max(worst, abs((losses[0] - losses[1]) / (2 * h) - state[key][j, i]))
    return float(worst)


def _autograd_error(state: dict, w1: np.ndarray, w2: np.ndarray, x: np.ndarray, target: np.ndarray) -> float:
    import numpy as np
    import torch

    first, second = (torch.tensor(w, requires_grad=True) for w in (w1, w2))
    hidden = torch.sigmoid(first @ torch.from_numpy(x) + B1)
    out = torch.sigmoid(second @ hidden + B2)
    (((torch.from_numpy(target) - out) ** 2).sum() / 2).backward()
    return float(
        max(
            np.abs(first.grad.numpy() - state["d_w1"]).max(),
            np.abs(second.grad.numpy() - state["d_w2"]).max(),
        )
    )


def _draw(run: dllab.Run, params: BackpropagationParams, state: dict, losses: list[float]) -> None:
    """Forward in blue, then backward in orange, one film; the last frame has all numbers."""
    from dllab_neural.drawing import frame, wipe

    figure, (axes, right) = dllab.new_figure(1, 2, size=(11.2, 5.0), width_ratios=(2.5, 1))
    right.plot(losses, color=dllab.COLOURS[0], linewidth=2)
    right.set(xlabel=run.words("step", "걸음"), ylabel=run.words("loss", "손실"), ylim=(0, None))
    right.set_title(run.words("And again, and again", "되풀이하면"), loc="left")
    titles = [
        run.words("Forward: the inputs", "순전파: 입력"),
        run.words("Forward: weighted sums, then σ", "순전파: 가중합, 그리고 σ"),
        run.words("Forward: the outputs and the loss", "순전파: 출력과 손실"),
        run.words(
            "Backward: δ of the outputs, slopes of the last weights", "역전파: 출력의 δ, 뒤쪽 가중치의 기울기"
        ),
        run.words(
            "Values forward (blue), slopes backward (orange)", "값은 앞으로(파랑), 기울기는 뒤로(주황)"
        ),
    ]
    frames = []
    for stage, title in enumerate(titles):
        wipe(axes)
        _network(axes, params, state, stage, run)
        axes.set_title(title, loc="left")
        frames.append(frame(figure))
    run.save_figure("network.png", figure)
    run.save_video("network.gif", [one for each in frames for one in [each] * 3] + [frames[-1]] * 3, fps=2)


def _network(axes: Axes, params: BackpropagationParams, state: dict, stage: int, run: dllab.Run) -> None:
    import numpy as np

    from dllab_neural.drawing import HIGH, INK, LOW, empty, pale

    empty(axes, (-0.35, 2.75), (-0.42, 1.35))
    columns = [[(i, 1 - j) for j in range(2)] for i in range(3)]
    values = ((params.x1, params.x2), state["hidden"], state["out"])
    deltas = (None, state["delta_hidden"], state["delta_out"])
    for layer, (weights, slopes) in enumerate(((W1, state["d_w1"]), (W2, state["d_w2"]))):
        for j, i in np.ndindex(2, 2):
            (x0, y0), (x1, y1) = columns[layer][i], columns[layer + 1][j]
            is_lit = stage >= layer + 1
            axes.plot((x0, x1), (y0, y1), color=HIGH if is_lit else "#d5d9e0", linewidth=1.6, zorder=1)
            at = 0.34 if i == j else 0.27
            place = np.array([x0 + at * (x1 - x0), y0 + at * (y1 - y0)])
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
            lines = [(f"{weights[j][i]:.2f}", INK, 0.035)]
            if stage >= (4 if layer == 0 else 3):
                lines.append((f"{slopes[j, i]:+.5f}", LOW, -0.055))
            for words, colour, lift in lines:
                axes.text(
                    place[0],
                    place[1] + lift,
                    words,
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    color=colour,
                    bbox=box,
                    zorder=2,
                )
    for layer, places in enumerate(columns):
        for j, place in enumerate(places):
            is_lit = stage >= layer
            axes.scatter(
                *place, s=1900, color=[pale(HIGH, 0.3) if is_lit else "white"], edgecolors=INK, zorder=3
            )
            if is_lit:
                axes.text(
                    *place,
                    f"{values[layer][j]:.4f}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    zorder=4,
                    color=INK,
                )
            if deltas[layer] is not None and stage >= 5 - layer:
                axes.text(
                    place[0], place[1] - 0.2, f"δ {deltas[layer][j]:+.5f}", ha="center", fontsize=9, color=LOW
                )
            if layer == 2:
                target = (params.target1, params.target2)[j]
                axes.text(
                    place[0] + 0.2,
                    place[1],
                    run.words(f"target {target:g}", f"목표 {target:g}"),
                    va="center",
                    fontsize=9,
                )
    if stage >= 2:
        axes.text(
            2.2,
            0.5,
            run.words(f"loss\n{state['loss']:.6f}", f"손실\n{state['loss']:.6f}"),
            va="center",
            fontsize=11,
            weight="bold",
            color=INK,
        )
