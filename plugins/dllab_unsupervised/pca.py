"""Principal components: the directions in which data spread most, and what is lost without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_unsupervised.tables import OWN_TABLE_KO, OwnTable, Points, chosen, iris
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

THUMBS = 60  # pictures of digits that lie on the map


class PcaParams(OwnTable):
    kept: int = dllab.param(2, ge=1, le=1000, help="components to keep when the data are rebuilt")


@dllab.experiment(
    "pca",
    topic="course/unsupervised",
    lectures=("0@3271:주성분 분석 (Principal Component Analysis, PCA)", "0@4702:주성분 분석(PCA)",
              "1@400:이 이미지들을 2차원 공간에 투영시켜서 시각화 할 수 있을까?"),
    about=ABOUT["pca"],
    tiny={"kept": 3},
    ko={**OWN_TABLE_KO, "kept": "데이터를 되살릴 때 남길 성분의 수"},
)  # fmt: skip
def pca(run: dllab.Run, params: PcaParams) -> None:
    """Source: Pearson 1901; Eckart and Young 1936. The components are scikit-learn's."""
    import numpy as np
    from sklearn.decomposition import PCA

    points = chosen(run, params, lambda: digits(run))
    most = min(points.X.shape)
    if params.kept > most:
        raise dllab.UsageError(f"--kept {params.kept}: '{points.name}' has {most} components; keep fewer")
    model = PCA(svd_solver="full").fit(points.X)
    scores = model.transform(points.X)  # (n, components)
    shares = model.explained_variance_ratio_
    for number, share in enumerate(shares, 1):
        run.log(number, share_of_variance=share)
    run.save_table(
        "scree.csv", {"component": np.arange(1, len(shares) + 1), "share": shares, "sum": shares.cumsum()}
    )
    run.save_table("scores.csv", {"first": scores[:, 0], "second": scores[:, 1]})
    run.save_json(
        "components.json", {"columns": points.names, "mean": model.mean_, "components": model.components_}
    )
    kept = model.components_[: params.kept]  # (kept, d)
    away = points.X - model.mean_
    rebuilt = away @ kept.T @ kept + model.mean_
    _picture(run, params, points, scores, shares, rebuilt)

    lost = float(((points.X - rebuilt) ** 2).sum())
    spread = np.linalg.eigvalsh(away.T @ away)[::-1]  # (d,), greatest first
    run.check(
        "squares lost by keeping few components, over all squares",
        ko="성분을 줄여 잃은 제곱합, 전체 제곱합에 대한 비",
        got=lost / float((away**2).sum()),
        expected=float(spread[params.kept :].sum() / spread.sum()),
        abs=1e-9,
        source="Eckart and Young 1936: the sum of the eigenvalues that are left out, here from X'X",
    )
    run.check(
        "largest inner product of two different components",
        ko="서로 다른 두 성분의 가장 큰 내적",
        got=float(np.abs(kept @ kept.T - np.eye(len(kept))).max()),
        at_most=1e-9,
        source="directions at right angles and of length 1",
    )
    flowers = iris()
    of_iris = PCA(svd_solver="full").fit(flowers).explained_variance_ratio_
    for number, known in enumerate((0.92462, 0.05307), 1):
        run.check(
            f"share of component {number} of the irises",
            ko=f"붓꽃의 제{number} 성분의 비율",
            got=float(of_iris[number - 1]),
            expected=known,
            abs=5e-6,
            source="R's summary(prcomp(iris[, 1:4])): proportions 0.92462, 0.05307, 0.01710, 0.00521",
        )


def digits(run: dllab.Run) -> Points:
    """1797 handwritten digits of 8 x 8 pixels, each in [0, 16]; they come with scikit-learn."""
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    names = tuple(f"p{i // 8}{i % 8}" for i in range(64))
    return Points(run.words("handwritten digits", "손글씨 숫자"), X, names, y, tuple("0123456789"))


def _picture(
    run: dllab.Run,
    params: PcaParams,
    points: Points,
    scores: np.ndarray,
    shares: np.ndarray,
    rebuilt: np.ndarray,
) -> None:
    import numpy as np

    from dllab_unsupervised.drawing import colour_of

    figure, (left, right) = dllab.new_figure(1, 2, size=(11.6, 5), width_ratios=(1.35, 1))
    groups = points.groups if points.groups is not None else np.zeros(len(scores), dtype=int)
    for group in np.unique(groups):
        own = scores[groups == group, :2]
        name = points.group_names[group] if points.group_names else None
        left.scatter(*own.T, s=9, color=colour_of(int(group)), alpha=0.55, linewidths=0, label=name,
                     marker="o" if group < 8 else "^")  # fmt: skip
    if points.group_names and len(points.group_names) <= 12:
        left.legend(ncols=2 if len(points.group_names) > 5 else 1, markerscale=2, fontsize=8)
    if params.data is None:
        _thumbs(left, points.X, scores)
    left.set(
        xlabel=run.words(f"first component: {shares[0]:.1%}", f"제1 성분: {shares[0]:.1%}"),
        ylabel=run.words(f"second component: {shares[1]:.1%}", f"제2 성분: {shares[1]:.1%}"),
    )
    left.set_title(run.words(f"{points.name}: {points.X.shape[1]} numbers on a plane",
                             f"{points.name}: {points.X.shape[1]}차원을 평면에"), loc="left")  # fmt: skip
    shown = min(len(shares), 30)
    at = np.arange(1, shown + 1)
    right.bar(
        at, shares[:shown], color=[dllab.COLOURS[0] if i < params.kept else "#c9ced6" for i in range(shown)]
    )
    right.plot(at, shares.cumsum()[:shown], color=dllab.COLOURS[1], marker="o", markersize=3,
               label=run.words("sum so far", "누적"))  # fmt: skip
    right.legend(loc="center right")
    kept = float(shares[: params.kept].sum())
    right.set_title(
        run.words(f"{params.kept} kept: {kept:.1%} of the variance", f"{params.kept}개로 분산의 {kept:.1%}"),
        loc="left",
    )
    right.set(
        xlabel=run.words("component", "성분"),
        ylabel=run.words("share of variance", "분산의 비율"),
        ylim=(0, 1.03),
    )
    run.save_figure("pca.png", figure)
    if params.data is None:
        pairs = np.concatenate([points.X[:10].reshape(10, 8, 8), rebuilt[:10].reshape(10, 8, 8)]) / 16
        if not params.standardise:
            rows = [
                np.hstack(list(np.pad(half, ((0, 0), (1, 1), (1, 1))))) for half in (pairs[:10], pairs[10:])
            ]
            sheet = np.vstack(rows).clip(0, 1).repeat(10, axis=0).repeat(10, axis=1)
            run.save_image("rebuilt.png", 1 - np.stack([sheet] * 3))


def _thumbs(axes: object, X: np.ndarray, scores: np.ndarray) -> None:
    """Small pictures of digits where they lie, no two on top of each other."""
    import numpy as np
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    size = np.ptp(scores[:, :2], axis=0)
    put: list[np.ndarray] = []
    for picture, place in zip(X, scores[:, :2] / size, strict=True):
        if len(put) < THUMBS and all(np.abs(place - other).max() > 0.075 for other in put):
            put.append(place)
            image = OffsetImage(picture.reshape(8, 8), cmap="gray_r", zoom=2.1)
            axes.add_artist(AnnotationBbox(image, place * size, frameon=True, pad=0.05,
                                           bboxprops={"edgecolor": "#c9ced6", "linewidth": 0.6}))  # fmt: skip
