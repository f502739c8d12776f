"""A Gaussian mixture: every group is an ellipse, every point belongs to each by a share; fitted by EM."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import dllab
from dllab_unsupervised.kmeans import lloyd, start
from dllab_unsupervised.tables import (
    OWN_TABLE_KO,
    OwnTable,
    Points,
    adjusted_rand,
    axis_names,
    check_groups,
    chosen,
    iris,
    plane,
)
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

FLOOR = 1e-6  # of the mean variance, added to every covariance: an ellipse cannot shrink to a point
MOST_FRAMES = 24


class Mixture(NamedTuple):
    """weights: (k,), means: (k, d), covariances: (k, d, d)."""

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray


class MixtureParams(OwnTable):
    groups: int = dllab.param(3, ge=1, le=12, help="ellipses to fit")
    steps: int = dllab.param(200, ge=2, le=2000, help="most steps of EM; it ends earlier when nothing moves")


@dllab.experiment(
    "gaussian-mixture",
    topic="course/unsupervised",
    lectures=("0@4691:가우시안 혼합 모델(Gaussian Mixture Model, GMM)",),
    about=ABOUT["gaussian-mixture"],
    tiny={"steps": 6},
    ko={**OWN_TABLE_KO, "groups": "맞출 타원의 수", "steps": "EM의 최대 단계 수; 변화가 없으면 일찍 끝남"},
)
def gaussian_mixture(run: dllab.Run, params: MixtureParams) -> None:
    """Source: Dempster, Laird and Rubin 1977. Differs in a small floor under the variances."""
    import numpy as np

    points = chosen(run, params, lambda: strips(run))
    check_groups(params.groups, points)
    ways = [fit(points.X, round_start(run.rng, points.X, params.groups), params.steps) for _ in range(3)]
    states, likelihoods = max(ways, key=lambda way: way[1][-1])
    for step, value in enumerate(likelihoods):
        run.log(step, log_likelihood=value)
    shares = expect(points.X, states[-1])[0]
    _film(run, points, states, likelihoods)
    _picture(run, points, states[-1], shares, likelihoods)
    run.save_json("mixture.json", {"columns": points.names, **states[-1]._asdict()})
    run.save_table("shares.csv", {f"group {i}": column for i, column in enumerate(shares.T)})
    if points.groups is not None:
        run.log(0, adjusted_rand=adjusted_rand(points.groups, shares.argmax(axis=1)))

    falls = [before - after for _, way in ways for before, after in pairwise(way)]
    run.check(
        "largest fall of the log-likelihood in a step",
        ko="한 단계에서 로그 우도가 줄어든 최댓값",
        got=max(falls),
        at_most=FLOOR * len(points.X),
        source="Dempster, Laird and Rubin 1977, theorem 1: EM never lowers it, but for the floor",
    )
    run.check(
        "distance of the mixture's mean from the data's, in standard deviations",
        ko="혼합의 평균과 데이터 평균의 거리(표준편차 단위)",
        got=float(
            (np.abs(states[-1].weights @ states[-1].means - points.X.mean(axis=0)) / points.X.std()).max()
        ),
        at_most=1e-9,
        source="the M-step's means, weighted by its shares, give the mean of all points",
    )
    flowers = iris()
    found = max(fit(flowers, round_start(run.rng, flowers, 2), 300)[1][-1] for _ in range(3))
    run.check(
        "BIC of two free ellipses on the irises",
        ko="붓꽃에 맞춘 자유로운 타원 두 개의 BIC",
        got=2 * found - 29 * float(np.log(150)),
        expected=-574.0178,
        abs=0.02,
        source="mclust (Scrucca et al. 2016), iris[, 1:4]: VVV, 2 groups; 2 (4 + 10) + 1 = 29 numbers",
    )


def strips(run: dllab.Run) -> Points:
    """Three made-up groups, long and slanted, which round cells cut in the wrong place."""
    import numpy as np

    kinds = np.repeat([0, 1, 2], (120, 120, 60))
    middles = np.array([[0, 0], [1.5, 2.6], [6.0, 0.3]])
    turns = np.array([[[1.9, 0.35], [0.9, -0.25]], [[1.8, -0.25], [0.8, 0.35]], [[0.5, 0.3], [-0.9, 0.4]]])
    X = middles[kinds] + np.einsum("nij,nj->ni", turns[kinds], run.rng.normal(size=(300, 2)))
    return Points(run.words("three slanted groups", "비스듬한 세 집단"), X, ("x", "y"), kinds)


def round_start(rng: np.random.Generator, X: np.ndarray, groups: int) -> Mixture:
    """Means where k-means ends, and equal round covariances with the data's mean variance."""
    import numpy as np

    means = lloyd(X, start(rng, X, groups))[-1][0]
    spread = X.var(axis=0).mean()
    return Mixture(
        np.full(groups, 1 / groups), means, np.repeat(spread * np.eye(X.shape[1])[None], groups, axis=0)
    )


def expect(X: np.ndarray, mixture: Mixture) -> tuple[np.ndarray, float]:
    """The E-step: each point's share in each group (n, k), and the log-likelihood of all points."""
    import numpy as np

    logs = []
    for weight, mean, covariance in zip(*mixture, strict=True):
        lower = np.linalg.cholesky(covariance)  # (d, d)
        scaled = np.linalg.solve(lower, (X - mean).T)  # (d, n)
        log_volume = np.log(np.diag(lower)).sum() + X.shape[1] / 2 * np.log(2 * np.pi)
        logs.append(np.log(max(weight, 1e-300)) - log_volume - (scaled**2).sum(axis=0) / 2)
    joint = np.stack(logs, axis=1)  # (n, k)
    top = joint.max(axis=1, keepdims=True)
    total = top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True))  # (n, 1)
    return np.exp(joint - total), float(total.sum())


def maximise(X: np.ndarray, shares: np.ndarray) -> Mixture:
    """The M-step: weights, means and covariances, every point counted by its share (n, k)."""
    import numpy as np

    counts = np.maximum(shares.sum(axis=0), 1e-12)  # (k,)
    means = shares.T @ X / counts[:, None]
    floor = FLOOR * X.var(axis=0).mean() * np.eye(X.shape[1])
    covariances = []
    for share, mean, count in zip(shares.T, means, counts, strict=True):
        away = X - mean
        covariances.append((share[:, None] * away).T @ away / count + floor)
    return Mixture(counts / len(X), means, np.stack(covariances))


def fit(X: np.ndarray, mixture: Mixture, steps: int) -> tuple[list[Mixture], list[float]]:
    """Every state on the way, and the log-likelihood of each, until it gains less than 1e-6."""
    states, likelihoods = [], []
    for _ in range(steps):
        shares, likelihood = expect(X, mixture)
        states.append(mixture)
        likelihoods.append(likelihood)
        if len(states) > 2 and likelihood - likelihoods[-2] < 1e-6:
            break
        mixture = maximise(X, shares)
    return states, likelihoods


def _film(run: dllab.Run, points: Points, states: list[Mixture], likelihoods: list[float]) -> None:
    import numpy as np

    chosen = np.unique(np.geomspace(1, len(states), MOST_FRAMES).round().astype(int)) - 1
    frames = []
    for number in chosen:
        figure, axes = dllab.new_figure(size=(5.8, 4.6))
        _draw(run, axes, points, states[number], expect(points.X, states[number])[0])
        axes.set_title(
            run.words(f"step {number}: ", f"{number}단계: ")
            + run.words(
                f"log-likelihood {likelihoods[number]:,.1f}", f"로그 우도 {likelihoods[number]:,.1f}"
            ),
            loc="left",
        )
        frames.append(dllab.figure_image(figure))
    run.save_video("em.gif", [*frames, *[frames[-1]] * 5], fps=5)


def _draw(run: dllab.Run, axes: object, points: Points, mixture: Mixture, shares: np.ndarray) -> None:
    """Points in the mixed colours of their groups, and ellipses of one and two standard deviations."""
    import numpy as np
    from matplotlib.colors import to_rgb

    from dllab_unsupervised.drawing import colour_of

    centre, axes_of = plane(points.X)
    flat = (points.X - centre) @ axes_of
    palette = np.array([to_rgb(colour_of(i)) for i in range(shares.shape[1])])
    axes.scatter(
        *flat.T, s=20, c=np.clip(shares @ palette, 0, 1), edgecolors="white", linewidths=0.4, zorder=3
    )
    circle = np.linspace(0, 2 * np.pi, 120)
    ring = np.stack([np.cos(circle), np.sin(circle)])  # (2, 120)
    for i, (_, mean, covariance) in enumerate(zip(*mixture, strict=True)):
        lower = np.linalg.cholesky(axes_of.T @ covariance @ axes_of)
        middle = (mean - centre) @ axes_of
        for reach in (1, 2):
            axes.plot(
                *(middle[:, None] + reach * lower @ ring), color=palette[i], linewidth=2.2 / reach, zorder=4
            )
        axes.scatter(
            *middle, s=90, marker="X", color=[palette[i]], edgecolors="white", linewidths=1.4, zorder=5
        )
    low, high = flat.min(axis=0), flat.max(axis=0)
    room = 0.14 * (high - low) + 1e-9
    axes.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
    axes.set(**dict(zip(("xlabel", "ylabel"), axis_names(run, points), strict=True)))


def _picture(
    run: dllab.Run, points: Points, mixture: Mixture, shares: np.ndarray, likelihoods: list[float]
) -> None:
    figure, (left, right) = dllab.new_figure(1, 2, size=(10.4, 4.6), width_ratios=(1.25, 1))
    _draw(run, left, points, mixture, shares)
    left.set_title(
        f"{points.name}: " + run.words("ellipses of 1 and 2 deviations", "표준편차 1배와 2배의 타원"),
        loc="left",
    )
    right.plot(likelihoods, color=dllab.COLOURS[0], marker="o", markersize=3)
    right.set_title(run.words("The log-likelihood never falls", "로그 우도는 결코 줄지 않는다"), loc="left")
    right.set(xlabel=run.words("step of EM", "EM 단계"), ylabel=run.words("log-likelihood", "로그 우도"))
    run.save_figure("gaussian-mixture.png", figure)
