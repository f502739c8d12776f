"""The perceptron's rule: a line that moves only when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0)}
EPOCHS = {"AND": 6, "OR": 4, "NAND": 6}  # by hand from weights of zero: the last epoch makes no mistake


class PerceptronParams(dllab.Params):
    task: Literal["points", "AND", "OR", "NAND"] = dllab.param("points", help="made-up points, or a gate")
    data: dllab.Input | None = dllab.input(
        "table", default=None, help="CSV of your own with two columns of numbers and a class"
    )
    target: str = dllab.param("", help="column of that CSV to predict; the last one where none is named")
    points: int = dllab.param(40, ge=4, le=500, help="how many made-up points")
    learning_rate: float = dllab.param(0.5, gt=0, le=10, help="θ of the slide; it scales the weights only")
    max_epochs: int = dllab.param(100, ge=1, le=10_000, help="times that all points are seen, at most")


@dllab.experiment(
    "perceptron",
    topic="course/neural",
    lectures=(
        "2@3200:퍼셉트론 (Perceptron)",
        "2@3410:퍼셉트론의 학습",
        "2@3710:틀린 경우 선을 옮겨 다시 긋는다",
    ),
    about=ABOUT["perceptron"],
    tiny={"task": "OR"},
    ko={
        "task": "만든 점 또는 게이트",
        "data": "숫자 열 두 개와 클래스 열이 있는 내 CSV",
        "target": "예측할 열; 없으면 마지막 열",
        "points": "만들 점의 수",
        "learning_rate": "슬라이드의 학습률 θ; 가중치의 크기만 바꿈",
        "max_epochs": "모든 점을 보는 최대 횟수",
    },
)
def perceptron(run: dllab.Run, params: PerceptronParams) -> None:
    """W ← W + θ(y - ŷ)x with y, ŷ in {0, 1}, x_0 = 1 for the bias, from weights of zero."""
    import numpy as np

    X, y, names = _points(run, params)
    history, epochs, clean = learn(X, y, params.learning_rate, params.max_epochs)
    weights = history[-1][1]
    wrong = int(((with_bias(X) @ weights > 0) != y).sum())
    run.log(epochs, mistakes=len(history) - 1, wrong=wrong)
    _draw(run, X, y, names, history)
    columns = {"w0": 0, "w1": 1, "w2": 2}
    run.save_table(
        "updates.csv",
        {"row": [i for i, _ in history], **{k: [w[i] for _, w in history] for k, i in columns.items()}},
    )
    signed = with_bias(X) * np.where(y == 1, 1, -1)[:, None]
    gamma = widest_margin(signed)
    if gamma > 0:
        radius = float(np.linalg.norm(signed, axis=1).max())
        run.check(
            "mistakes",
            got=len(history) - 1,
            at_most=(radius / gamma) ** 2 if clean else float(len(y) * params.max_epochs),
            source="Novikoff 1962: at most (R / γ)² mistakes, whatever the order and θ",
            ko="틀린 횟수",
        )
        if clean:
            run.check(
                "points on the wrong side",
                got=wrong,
                expected=0,
                source="the last epoch was clean",
                ko="틀린 쪽에 있는 점 수",
            )
    else:
        run.message(run.words("no straight line parts these classes", "이 클래스들을 나누는 직선은 없습니다"))
        run.check(
            "points on the wrong side",
            got=wrong,
            at_least=1,
            source="the hulls of the classes meet",
            ko="틀린 쪽에 있는 점 수",
        )
    for gate, outputs in GATES.items():
        _, took, _ = learn(np.array(CORNERS, dtype=float), np.array(outputs), 0.5, 100)
        run.check(
            f"epochs for {gate}",
            got=took,
            expected=EPOCHS[gate],
            source="by hand from zero weights, θ = 0.5",
            ko=f"{gate}의 에포크 수",
        )


def with_bias(X: np.ndarray) -> np.ndarray:
    """(n, 2) to (n, 3): a first column of ones, whose weight is the bias."""
    import numpy as np

    return np.column_stack([np.ones(len(X)), X])


def learn(
    X: np.ndarray, y: np.ndarray, learning_rate: float, max_epochs: int
) -> tuple[list[tuple[int, np.ndarray]], int, bool]:
    """The rule, point after point, until an epoch is clean.

    X: (n, 2); y: (n,) of 0 and 1. Returns the history of (the point that was wrong, the weights after it),
    beginning with (-1, zeros); the number of epochs, and whether the last one was without a mistake.
    """
    import numpy as np

    rows, w = with_bias(X), np.zeros(3)
    history = [(-1, w)]
    for epoch in range(1, max_epochs + 1):
        before = len(history)
        for i, (x, label) in enumerate(zip(rows, y, strict=True)):
            predicted = int(x @ w > 0)
            if predicted != label:
                w = w + learning_rate * (label - predicted) * x
                history.append((i, w))
        if len(history) == before:
            return history, epoch, True
    return history, max_epochs, False


def widest_margin(signed: np.ndarray) -> float:
    """The largest γ with signed @ u >= γ for a unit vector u; 0 where no plane through zero parts them.

    signed: (n, 3), each row times +1 or -1 by its class. Source: Lawson and Hanson 1974, chapter 23 (LDP):
    the least |w| with signed @ w >= 1 comes from non-negative least squares.
    """
    import numpy as np
    from scipy.optimize import nnls

    goal = np.zeros(signed.shape[1] + 1)
    goal[-1] = 1
    system = np.vstack([signed.T, np.ones(len(signed))])
    share, rest = nnls(system, goal)
    if rest < 1e-9:
        return 0.0
    residual = system @ share - goal
    w = -residual[:-1] / residual[-1]
    return 1 / float(np.linalg.norm(w))


def _points(run: dllab.Run, params: PerceptronParams) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    """X (n, 2), y (n,) of 0 and 1, and the names of the two features."""
    import numpy as np

    if params.data is not None:
        table = dllab.read_table(params.data, params.target, fewest_rows=2)
        for note in table.notes:
            run.message(note)
        if len(table.class_names) != 2 or table.X.shape[1] != 2:
            raise dllab.InputError(
                f"'{table.name}' has {table.X.shape[1]} columns and {len(table.class_names)} classes; "
                "the perceptron draws two columns and two classes: leave the others out"
            )
        return (
            (table.X - table.X.mean(axis=0)) / np.maximum(table.X.std(axis=0), 1e-12),
            table.y,
            table.feature_names[:2],
        )
    if params.task != "points":
        return np.array(CORNERS, dtype=float), np.array(GATES[params.task]), ("x1", "x2")
    angle = run.rng.uniform(0, 2 * np.pi)
    normal = np.array([np.cos(angle), np.sin(angle)])
    X = run.rng.uniform(-1, 1, size=(40 * params.points, 2))
    distance = X @ normal - 0.2
    clear = np.abs(distance) > 0.08
    y = (distance[clear] > 0).astype(int)
    half = params.points // 2
    chosen = np.sort(
        np.concatenate([np.flatnonzero(y == 0)[: params.points - half], np.flatnonzero(y)[:half]])
    )
    return X[clear][chosen], y[chosen], ("x1", "x2")


def _draw(
    run: dllab.Run,
    X: np.ndarray,
    y: np.ndarray,
    names: tuple[str, str],
    history: list[tuple[int, np.ndarray]],
) -> None:
    """A film of the line, one frame for a mistake; the last frame is the picture."""
    import numpy as np

    from dllab_neural.drawing import INK, bounds, dots, field, frame, wipe, worth_seeing

    across, up = bounds(X[:, 0], 0.15), bounds(X[:, 1], 0.15)
    figure, axes = dllab.new_figure(size=(5.4, 4.9))
    frames = []
    for step in worth_seeing(len(history), 26):
        wrong, w = history[step]
        wipe(axes)
        field(axes, lambda at, w=w: (with_bias(at) @ w > 0) * 1.0, across, up, steps=160)
        if step and step < len(history) - 1:
            axes.scatter(*X[wrong], s=190, facecolors="none", edgecolors=INK, linewidths=1.8, zorder=4)
            before = history[step - 1][1]
            x, y2 = np.array(across), np.array(up)
            if abs(before[2]) > abs(before[1]):
                axes.plot(x, -(before[0] + before[1] * x) / before[2], ":", color=INK, linewidth=1.2)
            elif before[1]:
                axes.plot(-(before[0] + before[2] * y2) / before[1], y2, ":", color=INK, linewidth=1.2)
        dots(axes, X, y, 60 if len(X) < 20 else 30)
        axes.set(xlim=across, ylim=up, xlabel=names[0], ylabel=names[1])
        axes.set_title(
            run.words(f"After {step} mistakes: ", f"{step}번 틀린 뒤: ")
            + f"{w[0]:.2f} {w[1]:+.2f}·x1 {w[2]:+.2f}·x2 > 0",
            loc="left",
        )
        frames.append(frame(figure))
    run.save_figure("line.png", figure)
    run.save_video("line.gif", [*frames, *[frames[-1]] * 5], fps=3)
