"""XOR, learned: two hidden neurons bend the plane until one line is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
WANTED = (0.0, 1.0, 1.0, 0.0)
MOST_STARTS = 12
SOLVED = 0.1  # mean cross-entropy below which the four corners are learned; ln 2 = 0.69 is a guess


class XorMlpParams(dllab.Params):
    steps: int = dllab.param(600, ge=10, le=20_000, help="steps of gradient descent from one start")
    learning_rate: float = dllab.param(1.0, gt=0, le=10, help="the length of a step")
    frames: int = dllab.param(18, ge=2, le=100, help="frames of the film")


@dllab.experiment(
    "xor-mlp",
    topic="course/neural",
    lectures=("1@2690:XOR문제", "2@4300:다층 퍼셉트론", "2@4440:은닉층 : 좌표평면을 왜곡"),
    about=ABOUT["xor-mlp"],
    tiny={"frames": 2},
    ko={"steps": "한 출발점에서의 경사하강 횟수", "learning_rate": "학습률", "frames": "영화의 장면 수"},
)
def xor_mlp(run: dllab.Run, params: XorMlpParams) -> None:
    """Full batches, cross-entropy, tanh in the hidden layer; backpropagation written out."""
    import numpy as np

    X, y = np.array(CORNERS), np.array(WANTED)
    for start in range(1, MOST_STARTS + 1):
        path, losses = train(run.rng, X, y, params.steps, params.learning_rate)
        if losses[-1] < SOLVED:
            break
        run.message(
            run.words(f"start {start} is stuck in a hollow; once more", f"출발 {start}: 골짜기에 갇힘; 다시")
        )
    for step in range(0, len(losses), max(len(losses) // 50, 1)):
        run.log(step, loss=losses[step])
    last = path[-1]
    hidden, out = forward(last, X)
    _draw(run, path, losses, params.frames)
    run.save_table("learning.csv", {"step": range(len(losses)), "loss": losses})
    run.save_json("weights.json", {"hidden_and_output_weights": last, "starts": start})
    run.check(
        "largest difference between gradient and differences",
        got=_gradient_error(path[0], X, y),
        at_most=1e-7,
        source="central differences of step 1e-5, all nine weights",
        ko="기울기와 차분의 최대 차이",
    )
    run.check(
        "loss where all weights are zero",
        got=loss_and_gradient(np.zeros(9), X, y)[0],
        expected=0.6931471805599453,
        abs=1e-12,
        source="closed form: every output is 1/2, and -ln 1/2 = ln 2",
        ko="가중치가 모두 0일 때의 손실",
    )
    solvable = params.steps >= 600 and params.learning_rate == 1
    run.check(
        "corners on their side",
        got=int(((out > 0.5) == y).sum()),
        at_least=4 if solvable else 2,
        source="the slide's truth table; a single line has 3 of 4 at best",
        ko="바르게 나뉜 꼭짓점 수",
    )
    run.check(
        "output by a line over the hidden values",
        got=float(np.abs(out - 1 / (1 + np.exp(-(hidden @ last[6:8] + last[8])))).max()),
        expected=0,
        abs=1e-12,
        source="by construction: on the bent plane the border is straight",
        ko="은닉층의 값 위의 직선으로 구한 출력의 차이",
    )


def forward(weights: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nine weights and x (n, 2) to the hidden values (n, 2) and the outputs (n,).

    weights: W1 by row (4), b1 (2), w2 (2), b2 (1).
    """
    import numpy as np

    hidden = np.tanh(x @ weights[:4].reshape(2, 2) + weights[4:6])
    return hidden, (1 + np.tanh((hidden @ weights[6:8] + weights[8]) / 2)) / 2


def loss_and_gradient(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """The mean cross-entropy, and its gradient (9,) by backpropagation."""
    import numpy as np

    hidden, out = forward(weights, x)
    z = hidden @ weights[6:8] + weights[8]
    loss = float((np.logaddexp(0, z) - y * z).mean())
    d_z = (out - y) / len(y)  # (n,)
    d_sum = np.outer(d_z, weights[6:8]) * (1 - hidden**2)  # (n, 2)
    return loss, np.concatenate([(x.T @ d_sum).ravel(), d_sum.sum(axis=0), hidden.T @ d_z, [d_z.sum()]])


def train(
    rng: np.random.Generator, x: np.ndarray, y: np.ndarray, steps: int, learning_rate: float
) -> tuple[list[np.ndarray], list[float]]:
    """The weights and the loss before each step and after the last."""
    weights = rng.normal(size=9)
    path, losses = [], []
    for _ in range(steps + 1):
        loss, gradient = loss_and_gradient(weights, x, y)
        path.append(weights)
        losses.append(loss)
        weights = weights - learning_rate * gradient
    return path, losses


def _gradient_error(weights: np.ndarray, x: np.ndarray, y: np.ndarray, step: float = 1e-5) -> float:
    import numpy as np

    nudges = step * np.eye(9)
    slopes = [
        (loss_and_gradient(weights + n, x, y)[0] - loss_and_gradient(weights - n, x, y)[0]) / (2 * step)
        for n in nudges
    ]
    return float(np.abs(loss_and_gradient(weights, x, y)[1] - slopes).max())


def _draw(run: dllab.Run, path: list[np.ndarray], losses: list[float], most: int) -> None:
    """Left the plane, right what the hidden layer makes of its grid; frames by equal falls of the loss."""
    import numpy as np

    from dllab_neural.drawing import INK, dots, field, frame, pale, wipe

    drop = np.linspace(losses[0], losses[-1], most)
    shown = sorted({0, len(losses) - 1, *(int(np.argmax(np.array(losses) <= one)) for one in drop)})
    X, y = np.array(CORNERS), np.array(WANTED)
    fine = np.append(np.linspace(-0.25, 1.25, 60), np.nan)  # the gap ends a line
    upright = np.concatenate(
        [np.column_stack([np.full(61, at), fine]) for at in np.linspace(-0.25, 1.25, 13)]
    )
    mesh = np.concatenate([upright, upright[:, ::-1]])
    figure, (left, right) = dllab.new_figure(1, 2, size=(9.4, 4.7))
    frames = []
    for step in shown:
        w = path[step]
        wipe(left, right)
        field(left, lambda at, w=w: forward(w, at)[1], (-0.25, 1.25), (-0.25, 1.25), steps=70)
        on_sheet = lambda at, w=w: (1 + np.tanh((at @ w[6:8] + w[8]) / 2)) / 2  # noqa: E731
        field(right, on_sheet, (-1.15, 1.15), (-1.15, 1.15), steps=70)
        left.plot(*mesh.T, color=pale(INK, 0.45), linewidth=0.7)
        right.plot(*forward(w, mesh)[0].T, color=pale(INK, 0.45), linewidth=0.7)
        dots(left, X, y, 190)
        dots(right, forward(w, X)[0], y, 190)
        left.set(xlabel="x1", ylabel="x2", xlim=(-0.25, 1.25), ylim=(-0.25, 1.25))
        right.set(xlabel="n1", ylabel="n2")
        left.set_title(run.words(f"The plane, step {step}", f"평면, {step}번째 걸음"), loc="left")
        right.set_title(
            run.words(
                f"Bent by the hidden layer; loss {losses[step]:.3f}",
                f"은닉층이 왜곡한 평면; 손실 {losses[step]:.3f}",
            ),
            loc="left",
        )
        frames.append(frame(figure))
    run.save_figure("bent.png", figure)
    run.save_video("bent.gif", [*frames, *[frames[-1]] * 6], fps=5)
