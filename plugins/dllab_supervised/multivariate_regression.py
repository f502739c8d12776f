"""Regression with many inputs at once, H(x) = XW, as one matrix formula and step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# NIST Statistical Reference Datasets, "Longley": employed people; prices, national product, unemployed,
# armed forces, population, year. Its columns are nearly dependent, on which sloppy code loses all digits.
LONGLEY = (
    (60323, 83.0, 234289, 2356, 1590, 107608, 1947), (61122, 88.5, 259426, 2325, 1456, 108632, 1948),
    (60171, 88.2, 258054, 3682, 1616, 109773, 1949), (61187, 89.5, 284599, 3351, 1650, 110929, 1950),
    (63221, 96.2, 328975, 2099, 3099, 112075, 1951), (63639, 98.1, 346999, 1932, 3594, 113270, 1952),
    (64989, 99.0, 365385, 1870, 3547, 115094, 1953), (63761, 100.0, 363112, 3578, 3350, 116219, 1954),
    (66019, 101.2, 397469, 2904, 3048, 117388, 1955), (67857, 104.6, 419180, 2822, 2857, 118734, 1956),
    (68169, 108.4, 442769, 2936, 2798, 120445, 1957), (66513, 110.8, 444546, 4681, 2637, 121950, 1958),
    (68655, 112.6, 482704, 3813, 2552, 123366, 1959), (69564, 114.2, 502601, 3931, 2514, 125368, 1960),
    (69331, 115.7, 518173, 4806, 2572, 127852, 1961), (70551, 116.9, 554894, 4007, 2827, 130081, 1962),
)  # fmt: skip
LONGLEY_WEIGHTS = (-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683,
                   -1.03322686717359, -0.0511041056535807, 1829.15146461355)  # fmt: skip


class MultivariateRegressionParams(OwnTable):
    learning_rate: float = dllab.param(
        0.02, gt=0, le=1, help="step of gradient descent, on standardised columns"
    )
    steps: int = dllab.param(400, ge=1, le=20_000, help="steps of gradient descent")


@dllab.experiment(
    "multivariate-regression",
    topic="course/supervised",
    lectures=("1@2011:다변수 선형 회귀", "1@2051:pytorch 를 이용한 다변수 선형 회귀"),
    about=ABOUT["multivariate-regression"],
    tiny={"steps": 20},
    ko={**OWN_TABLE_KO, "learning_rate": "경사하강의 걸음 (표준화한 열에서)", "steps": "경사하강 횟수"},
)
def multivariate_regression(run: dllab.Run, params: MultivariateRegressionParams) -> None:
    """Closed form by QR, gradient descent in torch from W = 0; both on standardised columns."""
    import numpy as np

    table = chosen(run, params, "diabetes", "number")
    X, y = table.X, table.y
    if len(y) <= X.shape[1] + 1:
        raise dllab.InputError(f"'{table.name}': {len(y)} rows for {X.shape[1]} columns; add rows")
    deviation = X.std(axis=0)
    if not deviation.all() or not y.std():
        names = [*table.feature_names, table.target_name]
        still = names[int(np.argmin([*deviation, y.std()]))]
        raise dllab.InputError(f"'{table.name}': column '{still}' has one value only; take it out")
    Z, t = (X - X.mean(axis=0)) / deviation, (y - y.mean()) / y.std()
    exact = closed_form(Z, t)
    walked, losses = _descend(run, Z, t, params.learning_rate, params.steps)
    predicted = y.mean() + y.std() * (Z @ exact)
    fit_share = 1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    run.log(params.steps, r_squared=float(fit_share))
    _draw(run, table, predicted, exact, walked, losses)
    weights = exact * y.std() / deviation
    run.save_table(
        "weights.csv",
        {
            "feature": table.feature_names,
            "weight": weights,
            "standardised": exact,
            "gradient descent": walked,
        },
    )
    run.save_json(
        "model.json",
        {
            "features": table.feature_names,
            "target": table.target_name,
            "weights": weights,
            "bias": float(y.mean() - X.mean(axis=0) @ weights),
        },
    )

    left = float(np.abs(Z.T @ (t - Z @ exact)).max() / len(t))
    run.check(
        "residuals along the columns",
        ko="열 방향의 잔차",
        got=left,
        at_most=1e-10,
        source="the normal equations: X'(y - XW) = 0",
    )
    curvature = np.linalg.eigvalsh(Z.T @ Z / len(t))
    if 2 * params.learning_rate * curvature[-1] < 2:
        gap, expected = (
            float(np.linalg.norm(walked - exact)),
            still_to_go(Z, exact, params.learning_rate, params.steps),
        )
        run.check(
            "rest of the way to the closed form",
            ko="공식의 해까지 남은 거리",
            got=gap,
            expected=expected,
            rel=1e-6,
            abs=1e-9,
            source="closed form: along each eigenvector of X'X/n a step leaves 1 - 2 · rate · eigenvalue",
        )
    else:
        given, below = f"--learning-rate {params.learning_rate:g}", f"{1 / curvature[-1]:.3g}"
        said = run.words(
            f"{given} diverges; below {below} it converges", f"{given}: 발산합니다. {below}보다 작게 하세요"
        )
        run.message(said, level="warning")
    data = np.array(LONGLEY)
    certified = closed_form(np.column_stack([np.ones(len(data)), data[:, 1:]]), data[:, 0])
    run.check(
        "largest relative error on NIST's Longley data",
        ko="NIST Longley 데이터의 가장 큰 상대 오차",
        at_most=1e-7,
        got=float(np.abs(certified / LONGLEY_WEIGHTS - 1).max()),
        source="NIST Statistical Reference Datasets, seven certified coefficients",
    )
    run.check(
        "share of the variance explained",
        ko="설명된 분산의 비율",
        got=float(fit_share),
        abs=1e-9,
        expected=float(np.corrcoef(y, predicted)[0, 1]) ** 2,
        source="for least squares with a constant it is the squared correlation of true and predicted",
    )


def closed_form(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """W (n_features,) of least squares by QR, X = QR and RW = Q'y: half the digits of X'X are not lost.

    Columns are scaled first. X: (n, n_features), y: (n,).
    """
    import numpy as np

    size = np.linalg.norm(X, axis=0)
    q, r = np.linalg.qr(X / size)
    return np.linalg.lstsq(r, q.T @ y, rcond=None)[0] / size


def still_to_go(Z: np.ndarray, exact: np.ndarray, learning_rate: float, steps: int) -> float:
    """How far from the solution gradient descent from 0 is after so many steps, by the eigenvalues."""
    import numpy as np

    values, vectors = np.linalg.eigh(Z.T @ Z / len(Z))
    return float(np.linalg.norm((1 - 2 * learning_rate * values) ** steps * (vectors.T @ exact)))


def _descend(
    run: dllab.Run, Z: np.ndarray, t: np.ndarray, learning_rate: float, steps: int
) -> tuple[np.ndarray, list[float]]:
    """W after gradient descent on the mean square, by torch's own gradient, and the loss at each step."""
    import torch

    X, y = torch.from_numpy(Z), torch.from_numpy(t)
    W = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
    losses = []
    for step in run.progress(range(steps)):
        loss = ((X @ W - y) ** 2).mean()
        (gradient,) = torch.autograd.grad(loss, W)
        with torch.no_grad():
            W -= learning_rate * gradient
        losses.append(float(loss.detach()))
        if step % max(1, steps // 100) == 0:
            run.log(step, mse=losses[-1])
    return W.detach().numpy(), losses


def _draw(
    run: dllab.Run,
    table: dllab.Table,
    predicted: np.ndarray,
    exact: np.ndarray,
    walked: np.ndarray,
    losses: list[float],
) -> None:
    """Predicted against true, the weights by both ways, and the loss on its way down."""
    import numpy as np

    from dllab_supervised.drawing import INK, bounds

    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(14, 4.4), width_ratios=(1, 1.25, 1))
    both = bounds(np.concatenate([table.y, predicted]))
    left.plot(both, both, color=INK, linestyle=":", linewidth=1)
    left.scatter(table.y, predicted, s=13, alpha=0.7, edgecolors="none")
    left.set(
        xlabel=run.words("true", "실제값"), ylabel=run.words("predicted", "예측값"), xlim=both, ylim=both
    )
    left.set_title(table.target_name, loc="left")
    order = np.argsort(np.abs(exact))[-15:]
    places = np.arange(len(order))
    middle.barh(
        places + 0.2, exact[order], 0.38, color=dllab.COLOURS[0], label=run.words("closed form", "공식의 해")
    )
    middle.barh(
        places - 0.2,
        walked[order],
        0.38,
        color=dllab.COLOURS[1],
        label=run.words(f"{len(losses)} steps of descent", f"경사하강 {len(losses)}걸음"),
    )
    middle.set_yticks(places, [table.feature_names[i] for i in order])
    middle.axvline(0, color=INK, linewidth=0.8)
    middle.set_title(run.words("Weights W, columns standardised", "가중치 W (열을 표준화)"), loc="left")
    middle.legend(loc="lower right")
    right.plot(losses, color=dllab.COLOURS[1])
    right.set_xscale("symlog", linthresh=1)
    right.set(xlabel=run.words("step", "걸음"), ylabel=run.words("mean square", "평균 제곱 오차"))
    right.set_title(run.words("The cost goes down", "비용이 줄어듭니다"), loc="left")
    run.save_figure("regression.png", figure)
