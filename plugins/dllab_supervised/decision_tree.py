"""A decision tree: questions about one feature at a time, each chosen to make its branches purer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen, folds_for, plane_of
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class DecisionTreeParams(OwnTable):
    max_depth: int = dllab.param(3, ge=1, le=8, help="questions on the longest way down")
    min_leaf: int = dllab.param(1, ge=1, le=1000, help="rows that a leaf has at least")
    plane: tuple[str, ...] = dllab.param(
        (), max_length=2, help="two features to draw; the best two where none are"
    )


@dllab.experiment(
    "decision-tree",
    topic="course/supervised",
    lectures=("0@3243:결정 트리(decision tree)", "3@1881:결정 트리(decision tree)"),
    about=ABOUT["decision-tree"],
    tiny={"max_depth": 2},
    ko={
        **OWN_TABLE_KO,
        "max_depth": "가장 긴 길의 질문 수",
        "min_leaf": "잎 하나에 남을 최소 행 수",
        "plane": "그릴 특성 두 개; 없으면 가장 잘 가르는 둘",
    },
)
def decision_tree(run: dllab.Run, params: DecisionTreeParams) -> None:
    """Source: Breiman, Friedman, Olshen, Stone 1984 (CART), with Gini impurity."""
    import numpy as np
    from sklearn.model_selection import cross_val_score
    from sklearn.tree import DecisionTreeClassifier, export_text

    table = chosen(run, params, "iris")
    plane = list(plane_of(table, params.plane))
    X, y = table.X, table.y

    def new_tree() -> Any:
        return DecisionTreeClassifier(
            max_depth=params.max_depth, min_samples_leaf=params.min_leaf, random_state=run.seed % 2**32
        )

    tree = new_tree().fit(X, y)
    folds = folds_for(y, 5, table.name)
    accuracy = float(cross_val_score(new_tree(), X, y, cv=folds).mean())
    run.log(params.max_depth, accuracy=accuracy, leaves=tree.get_n_leaves())
    rules = export_text(tree, feature_names=list(table.feature_names), class_names=list(table.class_names))
    with run.open_file("rules.txt", "w") as file:
        file.write(rules)
    model = as_json(tree, table)
    run.save_json("tree.json", model)
    _draw(run, params, table, plane, model["root"], lambda points, labels: new_tree().fit(points, labels))

    run.check(
        "impurity at the root",
        ko="뿌리의 불순도",
        got=float(tree.tree_.impurity[0]),
        expected=gini(y),
        abs=1e-12,
        source="by hand: 1 - the sum of the squared shares of the classes",
    )
    if tree.tree_.node_count > 1:
        left, right = tree.tree_.children_left[0], tree.tree_.children_right[0]
        rows = tree.tree_.weighted_n_node_samples
        after = (rows[left] * tree.tree_.impurity[left] + rows[right] * tree.tree_.impurity[right]) / rows[0]
        run.check(
            "impurity after the first question",
            ko="첫 질문 뒤의 불순도",
            got=float(after),
            abs=1e-12,
            expected=best_split(X, y, params.min_leaf)[0],
            source="brute force: every threshold of every feature",
        )
    walked = np.array([walk(model["root"], row) for row in X])
    run.check(
        "rows that the saved questions decide otherwise",
        ko="저장된 질문이 다르게 판정하는 행 수",
        got=int((walked != tree.predict(X)).sum()),
        expected=0,
        source="tree.json, walked question by question",
    )
    largest = float(np.bincount(y).max() / len(y))
    if params.data is None:
        run.check(
            "accuracy on held-out rows",
            ko="빼놓은 행의 정확도",
            got=accuracy,
            at_least=largest,
            source="the share of the largest class, which needs no question",
        )


def gini(y: np.ndarray) -> float:
    """The chance that two rows drawn with replacement are of different classes."""
    import numpy as np

    shares = np.bincount(y) / len(y)
    return float(1 - (shares**2).sum())


def best_split(X: np.ndarray, y: np.ndarray, min_leaf: int = 1) -> tuple[float, int, float]:
    """(impurity after it, feature, threshold) of the best question, found by asking all."""
    import numpy as np

    best = (gini(y), -1, 0.0)
    for feature in range(X.shape[1]):
        values = np.unique(X[:, feature])
        for threshold in (values[1:] + values[:-1]) / 2:
            is_left = X[:, feature] <= threshold
            n_left = int(is_left.sum())
            if min(n_left, len(y) - n_left) < min_leaf:
                continue
            after = (n_left * gini(y[is_left]) + (len(y) - n_left) * gini(y[~is_left])) / len(y)
            if after < best[0] - 1e-15:
                best = (after, feature, float(threshold))
    return best


def as_json(model: Any, table: dllab.Table) -> dict[str, Any]:
    """A fitted tree as nested questions; a leaf names its class and how many rows of each it holds."""
    tree = model.tree_

    def node(at: int) -> dict[str, Any]:
        shares = tree.value[at][0]
        counts = (shares / shares.sum() * tree.n_node_samples[at]).round().astype(int).tolist()
        if tree.children_left[at] < 0:
            return {
                "class": int(shares.argmax()),
                "name": table.class_names[int(shares.argmax())],
                "rows": counts,
            }
        return {
            "feature": int(tree.feature[at]),
            "name": table.feature_names[tree.feature[at]],
            "at_most": float(tree.threshold[at]),
            "rows": counts,
            "yes": node(tree.children_left[at]),
            "no": node(tree.children_right[at]),
        }

    return {"features": list(table.feature_names), "classes": list(table.class_names), "root": node(0)}


def walk(node: dict[str, Any], row: np.ndarray) -> int:
    """The class that the questions lead to; scikit-learn compares in single precision, and so do we."""
    import numpy as np

    while "at_most" in node:
        node = node["yes"] if np.float32(row[node["feature"]]) <= node["at_most"] else node["no"]
    return int(node["class"])


def _draw(
    run: dllab.Run,
    params: DecisionTreeParams,
    table: dllab.Table,
    plane: list[int],
    root: dict[str, Any],
    decide: Callable[[np.ndarray, np.ndarray], Any],
) -> None:
    """The questions as a flow chart, and the rectangles that two features are cut into."""
    from dllab_supervised.drawing import regions

    points = table.X[:, plane]
    figure, (left, right) = dllab.new_figure(1, 2, size=(13, 5.2), width_ratios=(1.45, 1))
    left.set_axis_off()
    left.grid(False)
    leaves = _place(root, 0, 0)
    _box(run, left, table, root)
    left.set(xlim=(-0.6, leaves - 0.4), ylim=(-params.max_depth - 0.45, 0.45))
    left.set_title(
        run.words("Each question makes its branches purer", "질문마다 가지가 더 순수해집니다"), loc="left"
    )
    regions(right, points, table.y, table.class_names, decide(points, table.y).predict, steps=300)
    right.set(xlabel=table.feature_names[plane[0]], ylabel=table.feature_names[plane[1]])
    right.set_title(
        run.words("Two features, cut into rectangles", "특성 둘을 직사각형으로 자르기"), loc="left"
    )
    run.save_figure("tree.png", figure)


def _place(node: dict[str, Any], depth: int, leaves: int) -> int:
    """Give a node and those below it a place, leaves side by side; returns how many leaves there are now."""
    node["y"] = -depth
    if "at_most" not in node:
        node["x"] = leaves
        return leaves + 1
    leaves = _place(node["yes"], depth + 1, leaves)
    leaves = _place(node["no"], depth + 1, leaves)
    node["x"] = (node["yes"]["x"] + node["no"]["x"]) / 2
    return leaves


def _box(run: dllab.Run, axes: Any, table: dllab.Table, node: dict[str, Any]) -> None:
    """Draw a node, its question or its class, and the branches below it."""
    import numpy as np

    from dllab_supervised.drawing import INK, MANY, pale

    rows = np.array(node["rows"])
    shares = rows / max(rows.sum(), 1)
    largest = int(rows.argmax())
    impurity = f"Gini {1 - (shares**2).sum():.2f}   {'/'.join(map(str, rows))}"
    if "at_most" in node:
        for branch, word in ((node["yes"], run.words("yes", "예")), (node["no"], run.words("no", "아니요"))):
            axes.plot(
                [node["x"], branch["x"]], [node["y"], branch["y"]], color="#b6bcc6", linewidth=1.2, zorder=1
            )
            middle = (node["x"] + branch["x"]) / 2, (node["y"] + branch["y"]) / 2
            axes.text(*middle, word, fontsize=7.5, color="#6b7280", ha="center", va="center", zorder=2,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
            _box(run, axes, table, branch)
        said = f"{node['name']}\n≤ {node['at_most']:.4g} ?"
    else:
        said = table.class_names[largest]
    axes.text(
        node["x"], node["y"], f"{said}\n{impurity}", ha="center", va="center", fontsize=8.5, color=INK,
        zorder=3,
        bbox={"boxstyle": "round,pad=0.45",
              "facecolor": pale(MANY[largest], 0.1 + 0.5 * float(shares[largest]) ** 2),
              "edgecolor": MANY[largest], "linewidth": 1.8 if "at_most" not in node else 0.6},
    )  # fmt: skip
