"""The 80/20 split: an error on rows that were learned says little about rows that were not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

REPEATS = 40  # other draws of the same size, over which the curves are averaged


class TrainTestSplitParams(dllab.Params):
    points: int = dllab.param(40, ge=15, le=1000, help="points of the noisy curve")
    noise: float = dllab.param(0.25, ge=0.01, le=2, help="standard deviation of what blurs it")
    train_share: float = dllab.param(
        0.8, ge=0.5, le=0.9, help="share of the points to learn from; the rest is the test"
    )
    max_degree: int = dllab.param(14, ge=2, le=25, help="highest degree of the polynomial")


@dllab.experiment(
    "train-test-split",
    topic="course/supervised",
    lectures=("0@2151:데이터의 80%는 훈련용으로, 20%는 테스트용", "0@2251:훈련 데이터셋에 과적합"),
    about=ABOUT["train-test-split"],
    tiny={"points": 20, "max_degree": 8},
    ko={
        "points": "잡음 섞인 곡선의 점 개수",
        "noise": "곡선을 흐리는 잡음의 표준편차",
        "train_share": "학습에 쓰는 비율; 나머지는 테스트",
        "max_degree": "다항식의 최고 차수",
    },
)
def train_test_split(run: dllab.Run, params: TrainTestSplitParams) -> None:
    """Polynomials by least squares on a sine; a quarter of the training part is the validation set."""
    import numpy as np

    x, y = noisy_curve(run.rng, params.points, params.noise)
    order = run.rng.permutation(params.points)
    n_train = round(params.train_share * params.points)
    learned, held = order[:n_train], order[n_train:]
    fitted, validation = learned[n_train // 4 :], learned[: n_train // 4]
    most = min(params.max_degree, len(fitted) - 1)
    degrees = list(range(most + 1))
    errors = {"train": [], "validation": [], "test": []}
    for degree in degrees:
        weights = fit(x[fitted], y[fitted], degree)
        for name, rows in (("train", fitted), ("validation", validation), ("test", held)):
            errors[name].append(mse(x[rows], y[rows], weights))
    chosen = int(np.argmin(errors["validation"]))
    run.log(chosen, degree=chosen, **{name: values[chosen] for name, values in errors.items()})
    mean_test = _mean_test_error(run.rng, params, len(fitted), degrees)
    _draw(run, (x, y, fitted, validation, held), errors, mean_test, chosen)
    run.save_table("errors.csv", {"degree": degrees, **errors, "test, mean of many draws": mean_test})
    run.save_json(
        "polynomial.json",
        {
            "degree": chosen,
            "basis": "Legendre on [0, 1] moved to [-1, 1]",
            "weights": fit(x[fitted], y[fitted], chosen),
        },
    )

    run.check(
        "rows for training",
        ko="훈련용 행 수",
        got=len(learned),
        expected=round(params.train_share * params.points),
        source=f"{params.train_share:g} of {params.points}",
    )
    run.check(
        "rows in two parts at once",
        ko="두 부분에 겹쳐 들어간 행 수",
        got=params.points - len({*fitted, *validation, *held}),
        expected=0,
        source="a split gives every row to one part",
    )
    run.check(
        "largest rise of the training error with the degree",
        ko="차수를 높일 때 훈련 오차가 늘어난 최댓값",
        got=float(np.diff(errors["train"]).max()),
        at_most=1e-9,
        source="each degree holds the one below it, so least squares cannot do worse",
    )
    few = fitted[:8]
    run.check(
        "training error of degree 7 on 8 points",
        ko="점 8개에 맞춘 7차식의 훈련 오차",
        got=mse(x[few], y[few], fit(x[few], y[few], 7)),
        at_most=1e-12,
        source="Lagrange: a polynomial of degree n - 1 goes through n points",
    )
    if most >= 10 and params.noise <= 0.5:
        run.check(
            "test error of the highest degree over the best",
            ko="최고 차수의 테스트 오차, 가장 좋은 차수에 대한 비",
            got=mean_test[-1] / min(mean_test),
            at_least=1.2,
            source=f"the mean of {REPEATS} draws: variance grows with the degree, bias falls",
        )
        run.check(
            "test error of a constant over the best",
            ko="상수의 테스트 오차, 가장 좋은 차수에 대한 비",
            got=mean_test[0] / min(mean_test),
            at_least=2,
            source="a constant leaves the sine's variance 1/2 beside the noise",
        )


def noisy_curve(rng: np.random.Generator, points: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A sine with noise: x in [0, 1] and y, each (points,)."""
    import numpy as np

    x = np.sort(rng.random(points))
    return x, np.sin(2 * np.pi * x) + noise * rng.normal(size=points)


def fit(x: np.ndarray, y: np.ndarray, degree: int) -> np.ndarray:
    """The weights (degree + 1,) of least squares, in Legendre polynomials, which keep their digits."""
    import numpy as np

    return np.linalg.lstsq(np.polynomial.legendre.legvander(2 * x - 1, degree), y, rcond=None)[0]


def mse(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """The mean squared error of a polynomial."""
    import numpy as np

    return float(((np.polynomial.legendre.legval(2 * x - 1, weights) - y) ** 2).mean())


def _mean_test_error(
    rng: np.random.Generator, params: TrainTestSplitParams, n_fitted: int, degrees: list[int]
) -> list[float]:
    """The median, over many draws of the same size, of the error against 300 new points."""
    import numpy as np

    table = np.empty((REPEATS, len(degrees)))
    for i in range(REPEATS):
        x, y = noisy_curve(rng, n_fitted, params.noise)
        new_x, new_y = noisy_curve(rng, 300, params.noise)
        table[i] = [mse(new_x, new_y, fit(x, y, degree)) for degree in degrees]
    return np.median(table, axis=0).tolist()


def _draw(
    run: dllab.Run,
    data: tuple[np.ndarray, ...],
    errors: dict[str, list[float]],
    mean_test: list[float],
    chosen: int,
) -> None:
    """Three polynomials through the training points, and the errors over the degree."""
    import numpy as np

    from dllab_supervised.drawing import INK

    x, y, fitted, validation, held = data
    across = np.linspace(0, 1, 400)
    most = len(mean_test) - 1
    figure, axes = dllab.new_figure(1, 4, size=(15, 4), width_ratios=(1, 1, 1, 1.35))
    names = (run.words("training", "훈련"), run.words("validation", "검증"), run.words("test", "테스트"))
    for one, degree in zip(axes[:3], (1, chosen, most), strict=True):
        curve = np.polynomial.legendre.legval(2 * across - 1, fit(x[fitted], y[fitted], degree))
        one.plot(across, np.sin(2 * np.pi * across), color=INK, linestyle=":", linewidth=1)
        one.plot(across, curve, color=dllab.COLOURS[3], linewidth=1.8)
        for name, rows, colour in zip(names, (fitted, validation, held), dllab.COLOURS, strict=False):
            one.scatter(
                x[rows], y[rows], s=22, color=colour, edgecolors="white", linewidths=0.5, zorder=3, label=name
            )
        one.set(ylim=(-2.1, 2.1), xlabel="x")
        word = {1: run.words("too stiff", "너무 뻣뻣함"), most: run.words("learned by heart", "통째로 외움")}
        title = run.words(f"degree {degree}", f"{degree}차")
        one.set_title(
            f"{title}: {word.get(degree, run.words('chosen by validation', '검증으로 고름'))}", loc="left"
        )
    axes[0].legend(loc="lower left")
    for name, key, colour in zip(names, ("train", "validation", "test"), dllab.COLOURS, strict=False):
        axes[3].plot(errors[key], "o-", color=colour, markersize=3.5, linewidth=1.2, label=name)
    axes[3].plot(
        mean_test,
        color=INK,
        linestyle="--",
        linewidth=1.4,
        label=run.words(f"test, median of {REPEATS} draws", f"테스트, {REPEATS}번의 중앙값"),
    )
    axes[3].axvline(chosen, color=dllab.COLOURS[1], linestyle=":", linewidth=1)
    low = max(min(min(values) for values in errors.values()) * 0.6, 1e-4)
    axes[3].set(
        yscale="log",
        xlabel=run.words("degree", "차수"),
        ylabel=run.words("mean square", "평균 제곱 오차"),
        ylim=(low, 10),
    )
    axes[3].set_title(
        run.words("Training falls, test turns round", "훈련 오차는 줄고 테스트 오차는 되돌아섭니다"),
        loc="left",
    )
    axes[3].legend(loc="upper left", bbox_to_anchor=(0.12, 1))
    run.save_figure("split.png", figure)
