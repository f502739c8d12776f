"""Logistic regression: the chance of passing after so many hours, as a curve between 0 and 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, column_of, own_table
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# Twenty students: hours of study, and who passed. The example of Wikipedia's article on logistic regression.
HOURS = (0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5)
PASSED = (0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1)
SLOPE, INTERCEPT = 1.5046, -4.0777


class LogisticRegressionParams(OwnTable):
    feature: str = dllab.param("", help="the column x; the first where none is named")
    steps: int = dllab.param(400, ge=1, le=20_000, help="steps of gradient descent for the curve beside it")
    learning_rate: float = dllab.param(1.0, gt=0, le=4, help="its step, on standardised x")


@dllab.experiment(
    "logistic-regression",
    topic="course/supervised",
    lectures=(
        "0@3244:로지스틱 회귀(logistic regression)",
        "1@2161:공부시간에 따른 합격/불합격 분류기",
        "1@2381:Logistic Regresstion의 비용 함수",
        "3@1721:로지스틱 회귀(logistic regression)",
    ),
    about=ABOUT["logistic-regression"],
    tiny={"steps": 20},
    ko={
        **OWN_TABLE_KO,
        "feature": "x로 쓸 열; 없으면 첫 열",
        "steps": "옆 그림의 경사하강 횟수",
        "learning_rate": "그 걸음 (표준화한 x에서)",
    },
)
def logistic_regression(run: dllab.Run, params: LogisticRegressionParams) -> None:
    """Maximum likelihood without a penalty, against Newton's method written out and figures in print."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    table, column = _table(run, params)
    x, y = table.X[:, column], table.y
    if np.ptp(x) == 0:
        raise dllab.InputError(
            f"'{table.name}': '{table.feature_names[column]}' has one value only; choose another --feature"
        )
    mean, deviation = float(x.mean()), float(x.std())
    z = (x - mean) / deviation
    if max(z[y == 1].min() - z[y == 0].max(), z[y == 0].min() - z[y == 1].max()) >= 0:
        raise dllab.InputError(
            f"'{table.name}': '{table.feature_names[column]}' parts the classes at one value, so the "
            "steepest curve has no end; choose another --feature"
        )
    model = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(z[:, None], y)
    w, b = float(model.coef_[0, 0]), float(model.intercept_[0])
    slope, intercept = w / deviation, b - w * mean / deviation
    path, losses = descend(z, y, params.learning_rate, params.steps)
    for step in range(0, params.steps + 1, max(1, params.steps // 100)):
        run.log(step, cross_entropy=losses[step])
    _draw(run, table, column, (slope, intercept), path * [1 / deviation, 1], losses, (mean, deviation))
    chance = sigmoid(slope * x + intercept)
    run.save_table("chances.csv", {"x": x, "class": y, "chance": chance})
    run.save_table("descent.csv", {"step": range(len(losses)), "cross_entropy": losses})
    run.save_json(
        "curve.json",
        {
            "x": table.feature_names[column],
            "chance_of": table.class_names[1],
            "slope": slope,
            "intercept": intercept,
            "even_chance_at": -intercept / slope,
        },
    )

    by_hand = newton(z, y)
    run.check(
        "weights against Newton's method",
        ko="뉴턴 방법으로 구한 가중치와의 차이",
        got=float(np.abs(np.array([w, b]) - by_hand).max()),
        at_most=1e-5,
        source="Newton's method on the two derivatives, written out",
    )
    run.check(
        "mean of the chances",
        ko="확률의 평균",
        got=float(chance.mean()),
        expected=float(y.mean()),
        abs=1e-6,
        source="the derivative by b is zero at the best curve: as many are expected as there are",
    )
    run.check(
        "largest rise of the cost in a step",
        ko="한 단계에서 비용이 늘어난 최댓값",
        got=float(np.diff(losses).max()),
        at_most=1e-12,
        source="a convex cost of curvature at most 1/4, as on standardised x, falls at steps below 8",
    )
    if params.data is None:
        for name, name_ko, got, expected in (
            ("slope per hour", "한 시간당 기울기", slope, SLOPE),
            ("intercept", "절편", intercept, INTERCEPT),
        ):
            run.check(
                name,
                ko=name_ko,
                got=got,
                expected=expected,
                abs=1e-4,
                source="Wikipedia, Logistic regression, the example of hours and passing",
            )


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), without overflow."""
    import numpy as np

    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + small), small / (1 + small))


def cross_entropy(z: np.ndarray, y: np.ndarray) -> float:
    """The mean of -y log p - (1 - y) log(1 - p) with p = sigmoid(z)."""
    import numpy as np

    return float((np.logaddexp(0, z) - y * z).mean())


def newton(x: np.ndarray, y: np.ndarray, steps: int = 25) -> np.ndarray:
    """(W, b) at which both derivatives of the cost vanish."""
    import numpy as np

    design = np.column_stack([x, np.ones_like(x)])
    weights = np.zeros(2)
    for _ in range(steps):
        p = sigmoid(design @ weights)
        weights += np.linalg.solve((design.T * (p * (1 - p))) @ design, design.T @ (y - p))
    return weights


def descend(x: np.ndarray, y: np.ndarray, learning_rate: float, steps: int) -> tuple[np.ndarray, list[float]]:
    """(W, b) after each step of gradient descent from 0, (steps + 1, 2), and the cost there."""
    import numpy as np

    w = b = 0.0
    path, losses = [(w, b)], [cross_entropy(0 * x, y)]
    for _ in range(steps):
        error = sigmoid(w * x + b) - y
        w, b = w - learning_rate * float((error * x).mean()), b - learning_rate * float(error.mean())
        path.append((w, b))
        losses.append(cross_entropy(w * x + b, y))
    return np.array(path), losses


def _table(run: dllab.Run, params: LogisticRegressionParams) -> tuple[dllab.Table, int]:
    """The table, of two classes, and the number of the column that is x."""
    import numpy as np

    if params.data is None:
        hours = run.words("hours of study", "공부 시간")
        names = (run.words("failed", "불합격"), run.words("passed", "합격"))
        X, y = np.array(HOURS)[:, None], np.array(PASSED)
        table = dllab.Table("hours", X, y, (hours,), run.words("result", "결과"), names)
    else:
        table = own_table(run, params)
    if len(table.class_names) != 2:
        raise dllab.InputError(
            f"'{table.name}': '{table.target_name}' has {len(table.class_names)} classes, "
            "and two are needed; `dllab run softmax` takes more"
        )
    return table, column_of(table, params.feature) if params.feature else 0


def _draw(
    run: dllab.Run,
    table: dllab.Table,
    column: int,
    line: tuple[float, float],
    path: np.ndarray,
    losses: list[float],
    scale: tuple[float, float],
) -> None:
    """The curve over the data with where it began, and the cost on its way down."""
    import numpy as np

    from dllab_supervised.drawing import INK, MANY, bounds, pale

    slope, intercept = line
    x, y = table.X[:, column], table.y
    across = np.linspace(*bounds(x, 0.15), 300)
    figure, (left, right) = dllab.new_figure(1, 2, size=(10.6, 4.4), width_ratios=(1.45, 1))
    tries = [one for one in (1, 3, 10, 30) if one < len(path)]
    for one in tries:
        w, b = path[one, 0], path[one, 1]
        left.plot(
            across,
            sigmoid(w * (across - scale[0]) + b),
            color=pale(INK, 0.18 + 0.1 * tries.index(one)),
            linewidth=1,
            label=run.words("on the way: steps ", "가는 길: 걸음 ") + ", ".join(map(str, tries))
            if one == tries[0]
            else None,
        )
    left.plot(across, sigmoid(slope * across + intercept), color=INK, linewidth=2.2)
    half = -intercept / slope
    if across[0] < half < across[-1]:
        left.plot(
            [half, half, across[0]], [-0.08, 0.5, 0.5], color=dllab.COLOURS[2], linestyle=":", linewidth=1.4
        )
        said = run.words(f"even chance at {half:.2f}", f"{half:.2f}에서 반반")
        left.text(across[0], 0.515, "  " + said, color=dllab.COLOURS[2], fontsize=9.5)
    for i, name in enumerate(table.class_names):
        left.scatter(x[y == i], y[y == i], s=42, color=MANY[i], edgecolors="white", zorder=4, label=name)
    left.set(
        xlabel=table.feature_names[column],
        ylim=(-0.08, 1.08),
        xlim=across[[0, -1]],
        ylabel=run.words(f"chance of '{table.class_names[1]}'", f"'{table.class_names[1]}'일 확률"),
    )
    left.set_title(run.words("The curve between 0 and 1", "0과 1 사이의 곡선"), loc="left")
    left.legend(loc="lower right", bbox_to_anchor=(1, 0.12))
    right.plot(range(1, len(losses) + 1), losses)
    right.axhline(cross_entropy(slope * x + intercept, y), color=INK, linestyle=":", linewidth=1)
    right.set_xscale("log")
    right.set(xlabel=run.words("step", "걸음"), ylabel=run.words("cross-entropy", "교차 엔트로피"))
    right.set_title(
        run.words("Its cost falls to the least there is", "비용이 최솟값까지 내려갑니다"), loc="left"
    )
    run.save_figure("logistic.png", figure)
