"""K-means, step by step: give each point to the nearest centre, move each centre to its points' mean."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import dllab
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

MOST_FRAMES = 16


class KMeansParams(OwnTable):
    groups: int = dllab.param(3, ge=1, le=12, help="centres to look for")
    starts: int = dllab.param(10, ge=1, le=100, help="random starts; the best end is kept")


@dllab.experiment(
    "k-means",
    topic="course/unsupervised",
    lectures=("0@3261:K-평균 군집화(K-means clustering)", "1@350:사용자들을 3가지 집단으로 나누자"),
    about=ABOUT["k-means"],
    tiny={"starts": 6},
    ko={**OWN_TABLE_KO, "groups": "찾을 중심의 수", "starts": "무작위 출발 횟수; 가장 좋은 결과를 남김"},
)
def k_means(run: dllab.Run, params: KMeansParams) -> None:
    """Source: Lloyd 1982. Starts are different points drawn at random (Forgy 1965)."""

    points = chosen(run, params, lambda: users(run))
    check_groups(params.groups, points)
    walks = [lloyd(points.X, start(run.rng, points.X, params.groups)) for _ in range(params.starts)]
    shown = max(walks, key=len)  # the longest way makes the best film
    centres, labels, inertia = min(walks, key=lambda walk: walk[-1][2])[-1]
    for step, (_, _, value) in enumerate(shown):
        run.log(step, inertia_in_film=value)
    run.log(0, inertia=inertia)
    _film(run, points, shown)
    _picture(run, points, centres, labels, [[value for *_, value in walk] for walk in walks])
    run.save_table("points.csv", {**dict(zip(points.names, points.X.T, strict=True)), "group": labels})
    run.save_json("centres.json", {"columns": points.names, "centres": centres, "inertia": inertia})
    if points.groups is not None:
        run.log(0, adjusted_rand=adjusted_rand(points.groups, labels))

    rises = [
        after / before - 1 for walk in walks for (*_, before), (*_, after) in pairwise(walk) if before > 0
    ]
    run.check(
        "largest relative rise of the inertia in a step",
        ko="한 단계에서 관성이 늘어난 최대 비율",
        got=max(rises, default=0.0),
        at_most=1e-12,
        source="each half of a step minimises the sum of squares while the other half is held (Lloyd 1982)",
    )
    between = sum(
        (labels == i).sum() * ((c - points.X.mean(axis=0)) ** 2).sum() for i, c in enumerate(centres)
    )
    run.check(
        "squares within and between groups, over all squares",
        ko="집단 안과 집단 사이의 제곱합, 전체 제곱합에 대한 비",
        got=float((inertia + between) / ((points.X - points.X.mean(axis=0)) ** 2).sum()),
        expected=1,
        abs=1e-9,
        source="Huygens: they add up when every centre is the mean of its points",
    )
    ends = [lloyd(iris(), start(run.rng, iris(), 3))[-1][2] for _ in range(20)]
    run.check(
        "inertia of the irises in three groups",
        ko="붓꽃을 세 집단으로 나눈 관성",
        got=float(min(ends)),
        expected=78.8514,
        abs=1e-4,
        source="R's kmeans(iris[, 1:4], 3): 15.15100 + 39.82097 + 23.87947",
    )


def users(run: dllab.Run) -> Points:
    """150 made-up users of a shop in three kinds: visits in a month and money spent at each, in 1000 won."""
    import numpy as np

    kinds = np.repeat([0, 1, 2], 50)
    middles = np.array([[4, 12], [16, 9], [10, 25]], dtype=float)
    spreads = np.array([[1.7, 3.0], [2.4, 2.2], [2.0, 3.2]])
    X = middles[kinds] + spreads[kinds] * run.rng.normal(size=(150, 2))
    names = (
        run.words("visits in a month", "한 달 방문 수"),
        run.words("spent at a visit (1000 won)", "방문당 지출 (천 원)"),
    )
    return Points(run.words("made-up users", "지어낸 사용자"), X.clip(0.2), names, kinds)


def start(rng: np.random.Generator, X: np.ndarray, groups: int) -> np.ndarray:
    """Different points (groups, d), drawn at random."""
    import numpy as np

    return rng.permutation(np.unique(X, axis=0))[:groups]


def nearest(X: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each point (n,), and the squared distance to it (n,)."""
    squared = ((X[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)  # (n, groups)
    return squared.argmin(axis=1), squared.min(axis=1)


def lloyd(X: np.ndarray, centres: np.ndarray, most: int = 300) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Every step until nothing moves: centres (groups, d), labels (n,), and the sum of squared distances.

    A centre that lost all its points stays where it is.
    """
    import numpy as np

    steps = []
    for _ in range(most):
        labels, squared = nearest(X, centres)
        steps.append((centres, labels, float(squared.sum())))
        moved = np.array(
            [X[labels == i].mean(axis=0) if (labels == i).any() else c for i, c in enumerate(centres)]
        )
        if np.allclose(moved, centres, rtol=0, atol=1e-12 * max(1.0, np.abs(X).max())):
            break
        centres = moved
    return steps


def _film(run: dllab.Run, points: Points, walk: list[tuple[np.ndarray, np.ndarray, float]]) -> None:
    """Cells of the centres, and the way that each centre has come."""
    from dllab_unsupervised.drawing import cells, dots, trails

    centre, axes_of = plane(points.X)
    flat = (points.X - centre) @ axes_of
    kept = walk if len(walk) <= MOST_FRAMES else [*walk[: MOST_FRAMES - 1], walk[-1]]
    frames = []
    for number, (centres, labels, inertia) in enumerate(kept):
        figure, axes = dllab.new_figure(size=(5.6, 4.6))
        if points.X.shape[1] == 2:
            cells(axes, flat, lambda places, centres=centres: nearest(places, centres)[0], len(centres))
        dots(axes, flat, labels)
        trails(axes, [(one[0] - centre) @ axes_of for one in kept[: number + 1]])
        step = len(walk) - 1 if number == len(kept) - 1 else number
        axes.set_title(
            run.words(f"step {step}: inertia {inertia:,.1f}", f"{step}단계: 관성 {inertia:,.1f}"), loc="left"
        )
        axes.set(**dict(zip(("xlabel", "ylabel"), axis_names(run, points), strict=True)))
        frames.append(dllab.figure_image(figure))
    run.save_video("k-means.gif", [*frames, *[frames[-1]] * 3], fps=2)


def _picture(
    run: dllab.Run, points: Points, centres: np.ndarray, labels: np.ndarray, falls: list[list[float]]
) -> None:
    from dllab_unsupervised.drawing import MUTED, cells, dots, trails

    figure, (left, right) = dllab.new_figure(1, 2, size=(10.2, 4.6), width_ratios=(1.25, 1))
    centre, axes_of = plane(points.X)
    flat = (points.X - centre) @ axes_of
    if points.X.shape[1] == 2:
        cells(left, flat, lambda places: nearest(places, centres)[0], len(centres))
    dots(left, flat, labels)
    trails(left, [(centres - centre) @ axes_of])
    left.set(**dict(zip(("xlabel", "ylabel"), axis_names(run, points), strict=True)))
    left.set_title(
        f"{points.name}: " + run.words(f"{len(centres)} groups", f"{len(centres)}개 집단"), loc="left"
    )
    best = min(range(len(falls)), key=lambda i: falls[i][-1])
    for i, fall in enumerate(falls):
        is_best = i == best
        right.plot(fall, color=dllab.COLOURS[0] if is_best else MUTED, linewidth=2.4 if is_best else 1,
                   alpha=1 if is_best else 0.5, marker="o", markersize=3.5, zorder=3 if is_best else 2,
                   label=run.words("best start", "가장 좋은 출발") if is_best else None)  # fmt: skip
    right.legend()
    right.set_title(run.words("Inertia never rises", "관성은 결코 커지지 않는다"), loc="left")
    right.set(
        xlabel=run.words("step", "단계"), ylabel=run.words("sum of squared distances", "거리 제곱의 합")
    )
    right.xaxis.get_major_locator().set_params(integer=True)
    run.save_figure("k-means.png", figure)
