"""The straight line H(x) = Wx + b, in one formula and step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, bundled, column_of, own_table
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# NIST Statistical Reference Datasets, "Norris" (ozone monitors): a certified slope and intercept.
NORRIS_X = (
    0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5,
    666.9, 338.0, 447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2,
    999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5,
)  # fmt: skip
NORRIS_Y = (
    0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8,
    339.3, 448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5,
    778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2,
)  # fmt: skip
START = (0.0, -1.0)  # of W and b on standardised numbers: level, and one deviation too low
NORRIS_SLOPE, NORRIS_INTERCEPT = 1.00211681802045, -0.262323073774029


class LinearRegressionParams(OwnTable):
    feature: str = dllab.param(
        "", help="the column x; the one that goes best with the target where none is named"
    )
    learning_rate: float = dllab.param(0.3, gt=0, le=0.99, help="step of gradient descent, on standardised x")
    steps: int = dllab.param(30, ge=1, le=1000, help="steps of gradient descent")


@dllab.experiment(
    "linear-regression",
    topic="course/supervised",
    lectures=(
        "0@3251:선형 회귀(linear regression)",
        "1@1131:선형회귀(Linear regression)",
        "1@1451:y = 2x",
        "1@1881:선형 회귀(H(x) = Wx)",
    ),
    about=ABOUT["linear-regression"],
    tiny={"steps": 2},
    ko={
        **OWN_TABLE_KO,
        "feature": "x로 쓸 열; 없으면 목표와 가장 잘 맞는 열",
        "learning_rate": "경사하강의 걸음 (표준화한 x에서)",
        "steps": "경사하강 횟수",
    },
)
def linear_regression(run: dllab.Run, params: LinearRegressionParams) -> None:
    """Closed form: W = cov(x, y) / var(x). Gradient descent: the same, from START on standardised numbers."""
    import numpy as np

    table, column = _table(run, params)
    x, y = table.X[:, column], table.y
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise dllab.InputError(
            f"'{table.name}': x or the target has one value only; choose another column by --feature"
        )
    slope, intercept = fit(x, y)
    mean, deviation = x.mean(), x.std()
    z, target = (x - mean) / deviation, (y - y.mean()) / y.std()
    path = descend(z, target, params.learning_rate, params.steps, START)  # (steps + 1, 2), of W and b
    losses = [float(((w * z + b - target) ** 2).mean()) for w, b in path]
    for step, loss in enumerate(losses):
        run.log(step, mse=loss)
    best = np.array([float((z * target).mean()), 0.0])
    _draw(run, table, column, path, (slope, intercept))
    run.save_table("path.csv", {"step": range(len(path)), "w": path[:, 0], "b": path[:, 1], "mse": losses})
    run.save_json(
        "line.json", {"x": table.feature_names[column], "y": table.target_name, "w": slope, "b": intercept}
    )

    residual = y - slope * x - intercept
    scale = float(np.abs(y).sum())
    run.check(
        "residuals, summed",
        ko="잔차의 합",
        got=float(residual.sum()) / scale,
        expected=0,
        abs=1e-9,
        source="the normal equations: the line goes through the middle",
    )
    run.check(
        "residuals along x",
        ko="x 방향의 잔차",
        got=float(residual @ (x - mean)) / (scale * deviation),
        expected=0,
        abs=1e-9,
        source="the normal equations: nothing linear is left over",
    )
    run.check(
        "rest of the way to the minimum",
        ko="최솟값까지 남은 거리",
        got=float(np.linalg.norm(path[-1] - best)),
        rel=1e-6,
        expected=abs(1 - 2 * params.learning_rate) ** params.steps * float(np.linalg.norm(best - START)),
        abs=1e-12,
        source="closed form: each step on standardised numbers leaves the share 1 - 2 · rate",
    )
    if params.data is None and not params.feature:
        gallery = fit(x[:-20], y[:-20])
        run.check(
            "slope on all but the last 20 rows",
            ko="마지막 20행을 뺀 기울기",
            got=gallery[0],
            expected=938.24,
            abs=0.01,
            source="scikit-learn's gallery, Linear Regression Example: 938.24",
        )
    slide = fit(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    run.check(
        "W of the slide's y = 2x",
        ko="슬라이드의 y = 2x에서 W",
        got=slide[0],
        expected=2,
        abs=1e-12,
        source="by hand",
    )
    certified = fit(np.array(NORRIS_X), np.array(NORRIS_Y))
    for name, name_ko, got, expected in (
        ("slope", "기울기", certified[0], NORRIS_SLOPE),
        ("intercept", "절편", certified[1], NORRIS_INTERCEPT),
    ):
        run.check(
            f"{name} of NIST's Norris data",
            ko=f"NIST Norris 데이터의 {name_ko}",
            got=got,
            expected=expected,
            rel=1e-10,
            source="NIST Statistical Reference Datasets, certified to 15 digits",
        )


def fit(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The slope and the intercept of least squares: cov(x, y) / var(x), and the line through the means."""
    centred = x - x.mean()
    slope = float(centred @ (y - y.mean()) / (centred @ centred))
    return slope, float(y.mean() - slope * x.mean())


def descend(
    x: np.ndarray, y: np.ndarray, learning_rate: float, steps: int, start: tuple[float, float] = (0.0, 0.0)
) -> np.ndarray:
    """W and b after each step of gradient descent on the mean squared error, (steps + 1, 2)."""
    import numpy as np

    (w, b), path = start, [start]
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - learning_rate * 2 * float((error * x).mean()), b - learning_rate * 2 * float(error.mean())
        path.append((w, b))
    return np.array(path)


def _table(run: dllab.Run, params: LinearRegressionParams) -> tuple[dllab.Table, int]:
    """The table, and the number of the column that is x."""
    import numpy as np

    if params.data is None:
        table = bundled(run, "diabetes")
        default = 2  # the body mass index, as in scikit-learn's gallery
    else:
        table = own_table(run, params, "number")
        spread = table.X.std(axis=0) > 0
        like = [
            abs(float(np.corrcoef(x, table.y)[0, 1])) if ok and np.ptp(table.y) else 0.0
            for x, ok in zip(table.X.T, spread, strict=True)
        ]
        default = int(np.argmax(like))
    return table, column_of(table, params.feature) if params.feature else default


def _worth_seeing(steps: int, most: int = 16) -> list[int]:
    """Which steps become frames: all where they are few, else more of the early ones, where most happens."""
    import numpy as np

    chosen = np.linspace(0, 1, min(most, steps)) ** (1.0 if steps <= most else 1.8) * (steps - 1)
    return np.unique(chosen.round().astype(int)).tolist()


def _draw(
    run: dllab.Run, table: dllab.Table, column: int, path: np.ndarray, line: tuple[float, float]
) -> None:
    """A film: the line with its residuals, the ball in the bowl; the last frame is the picture."""
    import numpy as np

    from dllab_supervised.drawing import INK, bounds

    x, y = table.X[:, column], table.y
    z, target = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    reach = 1.3 * max(float(np.abs(path).max()), 0.4)
    w, b = np.meshgrid(np.linspace(-reach, reach, 81) + path[-1, 0], np.linspace(-reach, reach, 81))
    r = float((z * target).mean())
    cost = (w - r) ** 2 + b**2 + 1 - r**2  # the mean square on standardised numbers, written out
    ends = np.array(bounds(x))
    shown = _worth_seeing(len(path))
    frames = []
    for step in shown:
        figure, (left, right) = dllab.new_figure(1, 2, size=(9.6, 4.3), width_ratios=(1.3, 1))
        slope = path[step, 0] * y.std() / x.std()
        now = y.mean() + path[step, 1] * y.std() + slope * (ends - x.mean())
        fitted = y.mean() + path[step, 1] * y.std() + slope * (x - x.mean())
        left.vlines(x, np.minimum(y, fitted), np.maximum(y, fitted), color="#f2c9a8", linewidth=0.6)
        left.scatter(x, y, s=10, color=dllab.COLOURS[0], alpha=0.75, edgecolors="none")
        left.plot(
            ends,
            line[0] * ends + line[1],
            color=INK,
            linestyle=":",
            label=run.words("closed form", "공식의 해"),
        )
        left.plot(
            ends,
            now,
            color=dllab.COLOURS[1],
            linewidth=2,
            label=run.words(f"after {step} steps", f"{step}걸음 뒤"),
        )
        left.set(xlabel=table.feature_names[column], ylabel=table.target_name, xlim=ends, ylim=bounds(y))
        left.set_title("H(x) = Wx + b", loc="left")
        left.legend(loc="upper left")
        right.contour(w, b, cost, levels=14, cmap="Blues_r", linewidths=0.9)
        right.plot(*path[: step + 1].T, "o-", color=dllab.COLOURS[1], markersize=3.5, linewidth=1.2)
        right.plot(r, 0, "*", color=INK, markersize=11)
        right.set(xlabel="W", ylabel="b")
        right.grid(False)
        right.set_title(
            run.words("Downhill in the bowl of the cost", "비용 그릇을 따라 내려가기"), loc="left"
        )
        frames.append(dllab.figure_image(figure))
    run.save_figure("line.png", figure)
    run.save_video("descent.gif", [*frames, *[frames[-1]] * 5], fps=5)
