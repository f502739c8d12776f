"""K nearest neighbours: a point gets the class that most of its neighbours have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen, folds_for, plane_of
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class KnnParams(OwnTable):
    k: int = dllab.param(5, ge=1, le=99, help="neighbours that vote")
    folds: int = dllab.param(5, ge=2, le=20, help="parts that are held out in turn")
    plane: tuple[str, ...] = dllab.param(
        (), max_length=2, help="two features to draw; the best two where none are"
    )


@dllab.experiment(
    "knn",
    topic="course/supervised",
    lectures=("0@3241:K-최근접 이웃(K-Nearest Neighbor, KNN)",),
    about=ABOUT["knn"],
    tiny={"folds": 3},
    ko={
        **OWN_TABLE_KO,
        "k": "투표할 이웃의 수",
        "folds": "차례로 빼놓을 묶음의 수",
        "plane": "그릴 특성 두 개; 없으면 가장 잘 가르는 둘",
    },
)
def knn(run: dllab.Run, params: KnnParams) -> None:
    """Source: Cover and Hart 1967. Distances are Euclidean, on the columns as they are."""
    from sklearn.model_selection import LeaveOneOut, StratifiedKFold, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    table = chosen(run, params, "iris")
    plane = list(plane_of(table, params.plane))
    X, y = table.X, table.y
    folds = folds_for(y, params.folds, table.name)
    most = len(y) - -(-len(y) // folds) - 1  # rows of the smallest training part, less one
    if params.k > most:
        raise dllab.UsageError(
            f"--k {params.k}: '{table.name}' in {folds} folds has {most} neighbours; take fewer"
        )
    tried = sorted({*(k for k in (1, 3, 5, 7, 9, 11, 15, 21, 31, 45, 61) if k <= most), params.k})
    accuracy = {k: float(cross_val_score(KNeighborsClassifier(k), X, y, cv=folds).mean()) for k in tried}
    run.log(params.k, accuracy=accuracy[params.k])  # of the asked k alone: a sweep over --k compares these
    _draw(run, params, table, plane, accuracy)
    run.save_table("accuracy.csv", {"k": tried, "accuracy": [accuracy[k] for k in tried]})

    wrong, undecided = 0, 0
    for train, held in StratifiedKFold(folds).split(X, y):
        model = KNeighborsClassifier(params.k).fit(X[train], y[train])
        by_hand, is_clear = vote(X[train], y[train], X[held], params.k, len(table.class_names))
        wrong += int((model.predict(X[held]) != by_hand)[is_clear].sum())
        undecided += int((~is_clear).sum())
    run.log(params.k, ties=undecided)
    run.check(
        "held-out points that a count by hand decides otherwise",
        ko="직접 세면 판정이 달라지는 빼놓은 점의 수",
        got=wrong,
        expected=0,
        source="all pairs of distances, sorted and counted; points at equal distance are left out",
    )
    alone = KNeighborsClassifier(1).fit(X, y).score(X, y)
    run.check(
        "training accuracy of one neighbour",
        ko="이웃 하나일 때의 훈련 정확도",
        got=alone,
        at_least=1 - _twins(X, y) / len(y),
        source="every point is its own nearest neighbour, but for twins of another class",
    )
    if params.data is None:
        again = cross_val_score(KNeighborsClassifier(1), X, y, cv=LeaveOneOut()).sum()
        run.check(
            "irises that one neighbour gets wrong, each left out in turn",
            ko="하나씩 빼놓을 때 이웃 하나가 틀리는 붓꽃의 수",
            got=len(y) - float(again),
            expected=6,
            source="Weiss and Kapouleas 1989: an error of 0.040 by leaving one out, 6 of 150",
        )


def vote(
    X: np.ndarray, y: np.ndarray, asked: np.ndarray, k: int, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """The class by counting all distances (m,), and whether it hangs on no tie (m,).

    X: (n, d), y: (n,), asked: (m, d).
    """
    import numpy as np

    squared = ((asked[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)  # (m, n)
    order = np.argsort(squared, axis=1, kind="stable")
    votes = np.stack([np.bincount(y[row[:k]], minlength=classes) for row in order])  # (m, classes)
    ranked = np.take_along_axis(squared, order, axis=1)
    is_clear = (ranked[:, k] - ranked[:, k - 1] > 1e-9) if ranked.shape[1] > k else np.ones(len(asked), bool)
    ranked_votes = np.sort(votes, axis=1)
    return votes.argmax(axis=1), is_clear & (ranked_votes[:, -1] > ranked_votes[:, -2])


def _twins(X: np.ndarray, y: np.ndarray) -> int:
    """Rows that have the same features as a row of another class."""
    import numpy as np

    _, group = np.unique(X, axis=0, return_inverse=True)
    group = group.ravel()
    return sum(len(set(y[group == group[i]])) > 1 for i in range(len(y)))


def _in_doubt(model: Any, places: np.ndarray, points: np.ndarray) -> np.ndarray:
    """A place (2,) worth looking at: a close vote, and neighbours far enough apart to be seen."""
    import numpy as np

    size = np.ptp(points, axis=0)
    winner = model.predict_proba(places).max(axis=1)
    near = points[model.kneighbors(places, return_distance=False)]  # (m, k, 2)
    spread = np.abs((near - places[:, None]) / np.where(size > 0, size, 1)).max(axis=(1, 2))
    return places[int(np.argmax(np.where(spread < 0.14, spread, 0) - 2 * (winner - winner.min())))]


def _draw(
    run: dllab.Run, params: KnnParams, table: dllab.Table, plane: list[int], accuracy: dict[int, float]
) -> None:
    """The regions with one point's neighbours lit, and the accuracy over k."""
    from sklearn.neighbors import KNeighborsClassifier

    from dllab_supervised.drawing import INK, grid, regions

    points = table.X[:, plane]
    model = KNeighborsClassifier(params.k).fit(points, table.y)
    figure, (left, right) = dllab.new_figure(1, 2, size=(10, 4.4), width_ratios=(1.25, 1))
    regions(left, points, table.y, table.class_names, model.predict)
    asked = _in_doubt(model, grid(points, 60)[2], points)
    near = model.kneighbors(asked[None], return_distance=False)[0]
    for one in near:
        left.plot(*zip(asked, points[one], strict=True), color=INK, linewidth=0.9, zorder=4)
    left.scatter(*points[near].T, s=80, facecolors="none", edgecolors=INK, linewidths=1.2, zorder=5)
    left.scatter(
        *asked,
        marker="*",
        s=190,
        color="#ffd23f",
        edgecolors=INK,
        zorder=6,
        label=run.words("a new point", "새 점"),
    )
    left.legend(loc="best")
    left.set(xlabel=table.feature_names[plane[0]], ylabel=table.feature_names[plane[1]])
    left.set_title(run.words(f"{params.k} neighbours vote", f"이웃 {params.k}개의 투표"), loc="left")
    right.plot(list(accuracy), list(accuracy.values()), "o-")
    right.axvline(params.k, color=INK, linewidth=1, linestyle=":")
    right.set(xlabel=run.words("neighbours k", "이웃 수 k"), ylabel=run.words("accuracy", "정확도"))
    right.set_title(run.words("On points held out", "빼놓은 점에서의 정확도"), loc="left")
    run.save_figure("knn.png", figure)
