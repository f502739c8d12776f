"""A random forest: many trees, each grown on a sample of the rows, vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen, folds_for, plane_of
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class RandomForestParams(OwnTable):
    trees: int = dllab.param(100, ge=10, le=1000, help="trees in the forest")
    max_depth: int | None = dllab.param(
        None, ge=1, le=64, help="questions on the longest way down a tree; none is any"
    )
    plane: tuple[str, ...] = dllab.param(
        (), max_length=2, help="two features to draw; the best two where none are"
    )


@dllab.experiment(
    "random-forest",
    topic="course/supervised",
    lectures=("3@1882:랜덤 포레스트(Random Forest)",),
    about=ABOUT["random-forest"],
    tiny={"trees": 20},
    ko={
        **OWN_TABLE_KO,
        "trees": "숲의 나무 수",
        "max_depth": "나무의 가장 긴 길의 질문 수; none은 제한 없음",
        "plane": "그릴 특성 두 개; 없으면 가장 잘 가르는 둘",
    },
)
def random_forest(run: dllab.Run, params: RandomForestParams) -> None:
    """Source: Breiman 2001. Rows that a tree never saw (out of bag) are its test."""
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import cross_val_score

    table = chosen(run, params, "breast_cancer")
    plane = list(plane_of(table, params.plane))
    X, y = table.X, table.y
    seed = int(run.rng.integers(2**31))

    def new_forest(trees: int = params.trees, **options: Any) -> Any:
        return RandomForestClassifier(trees, max_depth=params.max_depth, random_state=seed, **options)

    forest = new_forest().fit(X, y)
    unseen = unseen_rows(forest, len(y))  # (trees, n)
    curve = out_of_bag(forest, X, y, unseen, len(table.class_names))  # accuracy after each tree
    for number, accuracy in enumerate(curve, 1):
        run.log(number, out_of_bag=accuracy)
    folds = folds_for(y, 5, table.name)
    held_out = float(cross_val_score(new_forest(), X, y, cv=folds).mean())
    run.log(params.trees, cross_validated=held_out)
    _draw(run, params, table, plane, curve, held_out, new_forest)
    run.save_table("out_of_bag.csv", {"trees": range(1, len(curve) + 1), "accuracy": curve})
    order = np.argsort(-forest.feature_importances_, kind="stable")
    run.save_table(
        "importance.csv",
        {
            "feature": [table.feature_names[i] for i in order],
            "importance": forest.feature_importances_[order],
        },
    )

    by_hand = np.mean([tree.predict_proba(X) for tree in forest.estimators_], axis=0)
    run.check(
        "forest against the mean of its trees",
        ko="랜덤 포레스트와 나무 평균의 차이",
        got=float(np.abs(by_hand - forest.predict_proba(X)).max()),
        at_most=1e-12,
        source="by definition: the forest's probability is the mean of its trees'",
    )
    expected = (1 - 1 / len(y)) ** len(y)
    spread = (expected * (1 - expected) / len(y) / params.trees) ** 0.5
    run.check(
        "share of rows that a tree never saw",
        ko="나무가 한 번도 못 본 행의 비율",
        got=float(unseen.mean()),
        expected=expected,
        abs=5 * spread,
        source=f"(1 - 1/n)^n = {expected:.4f}, near 1/e; within five standard deviations of independent rows",
    )
    spread = (max(held_out * (1 - held_out), 0.01) / len(y)) ** 0.5
    run.check(
        "out-of-bag accuracy against cross-validation",
        ko="교차 검증과 견준 OOB 정확도",
        got=curve[-1],
        expected=held_out,
        abs=max(0.03, 4 * spread),
        source="Breiman 2001, section 3.1: out-of-bag is an honest test; four standard errors, or 0.03",
    )


def unseen_rows(forest: Any, n: int) -> np.ndarray:
    """(trees, n): whether a tree's sample lacks a row."""
    import numpy as np

    unseen = np.ones((len(forest.estimators_), n), dtype=bool)
    for number, drawn in enumerate(forest.estimators_samples_):
        unseen[number, drawn] = False
    return unseen


def out_of_bag(forest: Any, X: np.ndarray, y: np.ndarray, unseen: np.ndarray, classes: int) -> list[float]:
    """Accuracy on rows by those trees alone that never saw them, after the first tree, the second ..."""
    import numpy as np

    votes = np.zeros((len(y), classes))
    accuracy = []
    for tree, rows in zip(forest.estimators_, unseen, strict=True):
        votes[np.ix_(rows, tree.classes_.astype(int))] += tree.predict_proba(X[rows])
        asked = votes.sum(axis=1) > 0
        accuracy.append(float((votes[asked].argmax(axis=1) == y[asked]).mean()) if asked.any() else 0.0)
    return accuracy


def _draw(
    run: dllab.Run,
    params: RandomForestParams,
    table: dllab.Table,
    plane: list[int],
    curve: list[float],
    held_out: float,
    new_forest: Any,
) -> None:
    """The border of one tree, of five, of all; and the accuracy as trees come in."""
    from dllab_supervised.drawing import INK, regions

    points = table.X[:, plane]
    figure, axes = dllab.new_figure(1, 4, size=(15.5, 4.1))
    for one, trees in zip(axes[:3], (1, 5, params.trees), strict=True):
        forest = new_forest(trees).fit(points, table.y)
        regions(one, points, table.y, table.class_names, forest.predict, legend=trees == 1)
        one.set_title(
            run.words("1 tree" if trees == 1 else f"{trees} trees", f"나무 {trees}그루"), loc="left"
        )
        one.set_xlabel(table.feature_names[plane[0]])
    axes[0].set_ylabel(table.feature_names[plane[1]])
    axes[3].plot(range(1, len(curve) + 1), curve, label=run.words("rows a tree never saw", "나무가 못 본 행"))
    axes[3].axhline(
        held_out, color=INK, linestyle=":", linewidth=1, label=run.words("cross-validation", "교차 검증")
    )
    axes[3].set(xlabel=run.words("trees", "나무 수"), ylabel=run.words("accuracy", "정확도"))
    axes[3].set_title(run.words("The vote settles", "투표가 안정됩니다"), loc="left")
    axes[3].legend(loc="lower right")
    run.save_figure("forest.png", figure)
