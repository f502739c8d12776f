"""DBSCAN: a group is a place where points lie close; what lies alone is noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_unsupervised.tables import (
    OWN_TABLE_KO,
    OwnTable,
    Points,
    adjusted_rand,
    axis_names,
    chosen,
    plane,
)
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

MOST_POINTS = 4000  # all pairs of distances are compared


class DbscanParams(OwnTable):
    eps: float = dllab.param(0.2, gt=0, le=1e9, help="how near is near, in the units of the columns")
    min_points: int = dllab.param(
        5, ge=1, le=1000, help="points that must be near, itself counted, in a core"
    )
    points: int = dllab.param(300, ge=40, le=2000, help="points of the two moons")
    noise: float = dllab.param(0.06, ge=0, le=0.5, help="how far the moons' points stray")
    strays: int = dllab.param(12, ge=0, le=200, help="points anywhere, which belong to no moon")


@dllab.experiment(
    "dbscan",
    topic="course/unsupervised",
    lectures=("0@3262:밀도 기반 군집 분석(DBSCAN)",),
    about=ABOUT["dbscan"],
    tiny={"strays": 6},
    ko={
        **OWN_TABLE_KO,
        "eps": "이웃으로 치는 거리 (열의 단위)",
        "min_points": "핵심점이 되는 데 필요한 이웃 수 (자신 포함)",
        "points": "두 반달의 점 수",
        "noise": "반달의 점이 흩어지는 정도",
        "strays": "아무 데나 놓인, 어느 반달에도 속하지 않는 점의 수",
    },
)
def dbscan(run: dllab.Run, params: DbscanParams) -> None:
    """Source: Ester et al. 1996. The groups are scikit-learn's; the check joins them by hand."""
    import numpy as np
    from sklearn.cluster import DBSCAN, KMeans

    points = chosen(run, params, lambda: moons(run, params))
    if len(points.X) > MOST_POINTS:
        raise dllab.UsageError(
            f"'{points.name}' has {len(points.X)} rows, and {MOST_POINTS} are the most; take a part"
        )
    eps = params.eps * (1 + 1e-9)  # pairs that are eps apart but for rounding count as near
    model = DBSCAN(eps=eps, min_samples=params.min_points).fit(points.X)
    labels, is_core = model.labels_, np.isin(np.arange(len(points.X)), model.core_sample_indices_)
    groups = int(labels.max()) + 1
    seed = int(run.rng.integers(2**31))
    rival = KMeans(max(min(groups, 12), 2), n_init=10, random_state=seed).fit(points.X).labels_
    distances = np.sqrt(((points.X[:, None] - points.X[None]) ** 2).sum(axis=2))  # (n, n)
    _picture(run, params, points, labels, is_core, rival, distances)
    kind = np.where(is_core, "core", np.where(labels < 0, "noise", "border"))
    run.save_table(
        "points.csv", {**dict(zip(points.names, points.X.T, strict=True)), "group": labels, "kind": kind}
    )
    run.log(0, groups=groups, noise=int((labels < 0).sum()))
    if groups == 0:
        run.message(
            run.words(
                f"--eps {params.eps:g}: all points are noise; the curve on the right shows a better one",
                f"--eps {params.eps:g}: 모든 점이 잡음입니다. 오른쪽 곡선에서 더 나은 값을 찾아보세요",
            ),
            level="warning",
        )

    by_hand, core_by_hand = joined(distances, eps, params.min_points)
    run.check(
        "core points by counting neighbours",
        ko="이웃을 직접 세면 달라지는 핵심점의 수",
        got=int((is_core != core_by_hand).sum()),
        expected=0,
        source="Ester et al. 1996, definition 2: at least min_points within eps; all pairs counted",
    )
    run.check(
        "pairs of core points joined otherwise than by walking from neighbour to neighbour",
        ko="이웃을 따라가며 묶을 때와 다르게 묶인 핵심점 쌍의 수",
        got=int(
            (
                np.equal.outer(labels[is_core], labels[is_core])
                != np.equal.outer(by_hand[is_core], by_hand[is_core])
            ).sum()
        ),
        expected=0,
        source="Ester et al. 1996, definition 5: a group is all that can be reached through core points",
    )
    near_core = (distances <= eps)[:, core_by_hand].any(axis=1)
    run.check(
        "points that are noise and near a core point, or neither",
        ko="잡음인데 핵심점 곁에 있거나, 둘 다 아닌 점의 수",
        got=int(((labels < 0) == near_core).sum()),
        expected=0,
        source="Ester et al. 1996, definition 6: noise is what no core point has within eps",
    )
    if points.groups is None:
        return
    known = points.groups >= 0
    agreed = {
        "dbscan": adjusted_rand(points.groups[known], labels[known]),
        "k_means": adjusted_rand(points.groups[known], rival[known]),
    }
    run.log(0, **{f"adjusted_rand_{name}": value for name, value in agreed.items()})
    if params.data is None and is_default(params):
        source = (
            "two half circles 0.2 apart are two dense bands; no straight line between two centres parts them"
        )
        run.check(
            "agreement of DBSCAN with the moons",
            ko="DBSCAN과 두 반달의 일치도",
            got=agreed["dbscan"],
            at_least=0.9,
            source=source,
        )
        run.check(
            "agreement of k-means with the moons",
            ko="K-평균과 두 반달의 일치도",
            got=agreed["k_means"],
            at_most=0.7,
            source=source,
        )


def is_default(params: DbscanParams) -> bool:
    """Whether the moons are such that the groups are known."""
    is_dense = params.points >= 300 and params.noise <= 0.06 and params.strays <= 12
    return is_dense and not params.standardise and params.eps == 0.2 and params.min_points == 5


def moons(run: dllab.Run, params: DbscanParams) -> Points:
    """Two half circles of radius 1 that reach into each other, and strays (group -1) all around."""
    import numpy as np

    moon = np.arange(params.points) % 2
    each = (params.points + 1) // 2
    angle = (np.arange(params.points) // 2 + run.rng.random(params.points)) * np.pi / each  # one in each slot
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.where(moon[:, None] == 0, upper, np.array([1, 0.5]) - upper)
    X += params.noise * run.rng.normal(size=X.shape)
    anywhere = run.rng.uniform((-1.6, -1.1), (2.6, 1.6), (params.strays, 2))
    X, moon = np.concatenate([X, anywhere]), np.append(moon, np.full(params.strays, -1))
    return Points(run.words("two moons", "두 반달"), X, ("x", "y"), moon)


def joined(distances: np.ndarray, eps: float, min_points: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups of core points by walking from each to its neighbours (n,), -1 elsewhere; and the cores (n,)."""
    import numpy as np

    near = distances <= eps
    is_core = near.sum(axis=1) >= min_points
    groups, group = np.full(len(near), -1), 0
    for first in np.flatnonzero(is_core):
        if groups[first] >= 0:
            continue
        edge = np.array([first])
        while len(edge):
            groups[edge] = group
            edge = np.flatnonzero(near[edge].any(axis=0) & is_core & (groups < 0))
        group += 1
    return groups, is_core


def _picture(
    run: dllab.Run, params: DbscanParams, points: Points, labels: np.ndarray, is_core: np.ndarray,
    rival: np.ndarray, distances: np.ndarray,
) -> None:  # fmt: skip
    import numpy as np

    from dllab_unsupervised.drawing import INK, colour_of, dots

    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(13.6, 4.4))
    centre, axes_of = plane(points.X)
    flat = (points.X - centre) @ axes_of
    dots(left, flat[is_core], labels[is_core], size=26)
    is_border = ~is_core & (labels >= 0)
    left.scatter(*flat[is_border].T, s=30, facecolors="white", linewidths=1.3, zorder=3,
                 edgecolors=[colour_of(int(one)) for one in labels[is_border]])  # fmt: skip
    left.scatter(*flat[labels < 0].T, s=32, marker="x", color=INK, linewidths=1.3, zorder=3)
    left.set_title(
        run.words(
            f"DBSCAN: {labels.max() + 1} groups\nfilled: core, ring: border, cross: noise",
            f"DBSCAN: {labels.max() + 1}개 집단\n채움: 핵심점, 고리: 경계점, 가위표: 잡음",
        ),
        loc="left",
    )
    dots(middle, flat, rival)
    middle.set_title(
        run.words(f"k-means with {rival.max() + 1} centres", f"K-평균, 중심 {rival.max() + 1}개"), loc="left"
    )
    for axes in (left, middle):
        axes.set(**dict(zip(("xlabel", "ylabel"), axis_names(run, points), strict=True)))
        axes.set_aspect("equal", adjustable="datalim")
    rank = min(params.min_points, len(distances)) - 1
    reach = np.sort(np.sort(distances, axis=1)[:, rank])
    right.plot(reach, color=dllab.COLOURS[0], linewidth=2)
    right.axhline(params.eps, color=dllab.COLOURS[1], linewidth=1.5, label=f"eps = {params.eps:g}")
    right.legend()
    right.set_title(run.words("A good eps lies at the bend", "좋은 eps는 꺾이는 곳"), loc="left")
    right.set(
        xlabel=run.words("points, sorted", "점 (정렬)"),
        ylabel=run.words(f"reach of {params.min_points} points", f"점 {params.min_points}개까지의 거리"),
        ylim=(0, None),
    )
    run.save_figure("dbscan.png", figure)
