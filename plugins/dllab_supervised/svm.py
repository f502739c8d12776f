"""Support vector machines: the border with the widest margin, straight and through a kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, bundled, chosen, folds_for
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class SvmParams(OwnTable):
    kernel: Literal["rbf", "linear", "poly"] = dllab.param("rbf", help="kernel of the bent border")
    c: float = dllab.param(10.0, gt=0, le=1e6, help="price of a point on the wrong side; small is soft")
    gamma: float = dllab.param(1.0, gt=0, le=1000, help="reach of a point in the kernel; large is short")
    points: int = dllab.param(200, ge=20, le=2000, help="points of the two moons")
    noise: float = dllab.param(0.2, ge=0, le=1, help="blur of the two moons")


@dllab.experiment(
    "svm",
    topic="course/supervised",
    lectures=(
        "0@3242:서포트 벡터 머신(Support Vector Machine, SVM)",
        "2@691:SVM : 학습을 통해 분할 경계/초평면 학습",
        "3@1841:서포트 벡터 머신(Support Vector Machine, SVM)",
    ),
    about=ABOUT["svm"],
    tiny={"points": 60},
    ko={
        **OWN_TABLE_KO,
        "kernel": "굽은 경계의 커널",
        "c": "잘못 놓인 점의 벌점; 작으면 느슨한 마진",
        "gamma": "커널에서 한 점이 미치는 범위; 크면 좁음",
        "points": "두 초승달의 점 개수",
        "noise": "두 초승달의 흐림",
    },
)
def svm(run: dllab.Run, params: SvmParams) -> None:
    """Source: Cortes and Vapnik 1995. The straight border is held against the geometry of the points."""
    import numpy as np
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    X, y, names = _straight(run)
    hard = SVC(kernel="linear", C=1e6, tol=1e-7).fit(X, y)
    width = 2 / float(np.linalg.norm(hard.coef_))
    gap = distance_of_hulls(X[y == 0], X[y == 1])
    bent = SVC(kernel=params.kernel, C=params.c, gamma=params.gamma, tol=1e-6)
    moons, moon = two_moons(run.rng, params.points, params.noise)
    bent.fit(moons, moon)
    _draw(run, hard, (X, y, names), bent, (moons, moon))
    run.log(0, margin=width, support_vectors=len(bent.support_))
    run.save_json(
        "svm.json",
        {
            "straight": {"weights": hard.coef_[0], "bias": hard.intercept_[0], "margin": width},
            "bent": {
                "kernel": params.kernel,
                "c": params.c,
                "gamma": params.gamma,
                "bias": bent.intercept_[0],
                "support_vectors": bent.support_vectors_,
                "dual_coefficients": bent.dual_coef_[0],
            },
        },
    )
    run.save_table(
        "moons.csv",
        {"x": moons[:, 0], "y": moons[:, 1], "class": moon, "decision": bent.decision_function(moons)},
    )

    run.check(
        "width of the straight margin",
        ko="직선 경계의 마진 너비",
        got=width,
        expected=gap,
        rel=1e-4,
        source="the distance between the hulls of the two classes, by all pairs of edge and point",
    )
    run.check(
        "sum of the dual coefficients",
        ko="쌍대 계수의 합",
        got=float(bent.dual_coef_.sum()),
        expected=0,
        abs=1e-6 * params.c,
        source="the first Karush-Kuhn-Tucker condition: the classes pull equally",
    )
    run.check(
        "points inside the margin that are no support vectors",
        ko="서포트 벡터가 아니면서 마진 안에 있는 점의 수",
        got=_slack(bent, moons, moon),
        expected=0,
        source="complementary slackness: who bears no weight stands outside",
    )
    if params.data is None:
        _digits(run)
        return
    table = chosen(run, params, "iris")
    folds = folds_for(table.y, 5, table.name)
    model = make_pipeline(StandardScaler(), SVC(kernel=params.kernel, C=params.c, gamma="scale"))
    score = float(cross_val_score(model, table.X, table.y, cv=folds).mean())
    largest = float(np.bincount(table.y).max() / len(table.y))
    run.log(1, accuracy=score)
    run.message(
        run.words(
            f"'{table.name}': accuracy {score:.3f} in {folds} folds; always the largest class: {largest:.3f}",
            f"'{table.name}': {folds}겹 교차 검증 정확도 {score:.3f}; 늘 가장 큰 클래스: {largest:.3f}",
        )
    )


def _straight(run: dllab.Run) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Petals of setosa and versicolor, which a straight line separates."""
    table = bundled(run, "iris")
    rows = table.y < 2
    return table.X[rows][:, 2:], table.y[rows], table.class_names[:2]


def two_moons(rng: np.random.Generator, points: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: points (n, 2) and classes (n,)."""
    import numpy as np

    moon = np.arange(points) % 2
    angle = np.pi * rng.random(points)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(moon[:, None] == 0, upper, lower) + noise * rng.normal(size=(points, 2)), moon


def distance_of_hulls(first: np.ndarray, second: np.ndarray) -> float:
    """The distance between the convex hulls of two separable sets of points (n, 2).

    Every hull edge is among the pairs of its points, so the least distance of a point of one set to a
    segment between two of the other is it.
    """
    return min(_to_segments(first, second), _to_segments(second, first))


def _to_segments(points: np.ndarray, ends: np.ndarray) -> float:
    import numpy as np

    ends = np.unique(ends, axis=0)
    i, j = np.triu_indices(len(ends), 1)
    start, along = ends[i], ends[j] - ends[i]  # (m, 2)
    from_start = np.unique(points, axis=0)[:, None, :] - start[None]  # (n, m, 2)
    share = np.clip((from_start * along).sum(-1) / (along**2).sum(-1), 0, 1)
    return float(np.sqrt(((from_start - share[..., None] * along) ** 2).sum(-1).min()))


def _slack(model: Any, X: np.ndarray, y: np.ndarray) -> int:
    import numpy as np

    inside = (2 * y - 1) * model.decision_function(X) < 1 - 1e-3
    inside[model.support_] = False
    return int(np.count_nonzero(inside))


def _digits(run: dllab.Run) -> None:
    """The classic: half of the digits learned, the other half read."""
    from sklearn.datasets import load_digits
    from sklearn.svm import SVC

    pixels, digit = load_digits(return_X_y=True)
    half = len(digit) // 2
    accuracy = SVC(gamma=0.001).fit(pixels[:half], digit[:half]).score(pixels[half:], digit[half:])
    run.log(1, digits_accuracy=accuracy)
    run.check(
        "accuracy on the second half of the digits",
        ko="숫자 데이터 뒤쪽 절반의 정확도",
        got=accuracy,
        expected=0.97,
        abs=0.005,
        source="scikit-learn's gallery, Recognizing hand-written digits, gamma = 0.001",
    )


def _draw(run: dllab.Run, hard: Any, petals: tuple[Any, ...], bent: Any, moons: tuple[Any, ...]) -> None:
    """Both borders with their margins; support vectors are ringed."""
    from dllab_supervised.drawing import INK, dots, grid, pale

    figure, pair = dllab.new_figure(1, 2, size=(10.4, 4.6))
    sides = (
        (hard, *petals, run.words("The widest straight street", "가장 넓은 직선 도로")),
        (bent, *moons, ("A", "B"), run.words("The same idea through a kernel", "커널로 굽힌 같은 생각")),
    )
    for axes, (model, X, y, names, title) in zip(pair, sides, strict=True):
        across, up, places = grid(X)
        height = model.decision_function(places).reshape(len(up), len(across))
        shades = [
            pale(dllab.COLOURS[0], 0.3),
            pale(dllab.COLOURS[0], 0.12),
            pale(dllab.COLOURS[1], 0.12),
            pale(dllab.COLOURS[1], 0.3),
        ]
        axes.contourf(across, up, height, levels=[-1e9, -1, 0, 1, 1e9], colors=shades)
        axes.contour(
            across,
            up,
            height,
            levels=[-1, 0, 1],
            colors=INK,
            linestyles=["--", "-", "--"],
            linewidths=[0.9, 1.6, 0.9],
        )
        dots(axes, X, y, names)
        ringed = model.support_vectors_
        axes.scatter(
            *ringed.T,
            s=85,
            facecolors="none",
            edgecolors=INK,
            linewidths=1.1,
            zorder=4,
            label=run.words(f"support vectors: {len(ringed)}", f"서포트 벡터 {len(ringed)}개"),
        )
        axes.set_title(title, loc="left")
        axes.grid(False)
        axes.legend(loc="best")
    pair[0].set(
        xlabel=run.words("petal length (cm)", "꽃잎 길이 (cm)"),
        ylabel=run.words("petal width (cm)", "꽃잎 너비 (cm)"),
    )
    run.save_figure("svm.png", figure)
