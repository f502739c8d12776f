"""Tables without a target: the user's own, or one that is bundled or made up here and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    import numpy as np

LARGEST = 1e100  # of a cell: squares of differences stay finite


class OwnTable(dllab.Params):
    """The parameters of every experiment that takes a table of the user's own."""

    data: dllab.Input | None = dllab.input(
        "table", default=None, help="CSV of your own with a header; a built-in table where none is given"
    )
    label: str = dllab.param(
        "", help="column of that CSV with groups known already: left out, and compared with at the end"
    )
    standardise: bool = dllab.param(False, help="bring every column to mean 0 and standard deviation 1")


OWN_TABLE_KO = {
    "data": "머리행이 있는 내 CSV; 없으면 내장 데이터",
    "label": "이미 아는 집단이 적힌 열: 학습에서 빼고 끝에 비교만 함",
    "standardise": "모든 열을 평균 0, 표준편차 1로 맞추기",
}


@dataclass(frozen=True)
class Points:
    """X: (n, d) float64, what is learned from. groups: (n,) int64 of known groups, or None.

    raw: (n, d) as they were before the columns were brought to one scale, or None where they were not.
    """

    name: str
    X: np.ndarray
    names: tuple[str, ...]
    groups: np.ndarray | None = None
    group_names: tuple[str, ...] = ()
    raw: np.ndarray | None = None


def chosen(run: dllab.Run, params: Any, built_in: Callable[[], Points]) -> Points:
    """The user's table where one is given, else the built-in one; brought to one scale where asked."""
    points = built_in() if params.data is None else own_points(run, params.data, params.label)
    if params.standardise:
        return replace(points, X=standard(points.X), raw=points.X)
    spread = points.X.std(axis=0)
    if params.data is not None and spread.max() > 20 * max(spread.min(), 1e-300):
        run.message(
            run.words(
                "the columns differ much in spread; --standardise lets each count alike",
                "열마다 흩어진 정도가 크게 다릅니다. --standardise를 주면 모든 열이 똑같이 중요해집니다",
            )
        )
    return points


def own_points(run: dllab.Run, data: dllab.Input, label: str) -> Points:
    """The user's table. Without a label, a last column of words is taken for the known groups.

    Raises InputError and UsageError, as dllab.read_table does, and UsageError for fewer than two columns, for
    equal rows only, and for numbers whose squares no float can hold.
    """
    import numpy as np

    table = _read(data, label)
    for note in table.notes:
        run.message(note)
    X, names, groups = table.X, table.feature_names, None
    if table.class_names:
        groups = table.y
        run.message(
            run.words(
                f"column '{table.target_name}' is left out; the groups are compared with it at the end",
                f"'{table.target_name}' 열은 빼 두고, 마지막에 찾은 집단과 비교합니다",
            )
        )
    else:
        X, names = np.column_stack([X, table.y]), (*names, table.target_name)
    if X.shape[1] < 2:
        raise dllab.UsageError(f"'{table.name}' has one column of numbers, and two are needed; add a column")
    if np.abs(X).max() > LARGEST:
        raise dllab.UsageError(
            f"'{table.name}' holds a number beyond {LARGEST:.0e}; write it in a larger unit"
        )
    if not np.ptp(X, axis=0).any():
        raise dllab.UsageError(f"'{table.name}' has equal rows only; groups and directions need some spread")
    return Points(table.name, X, names, groups, table.class_names)


def _read(data: dllab.Input, label: str) -> dllab.Table:
    if label:
        return dllab.read_table(data, label, "class")
    try:
        return dllab.read_table(data, "", "number")
    except dllab.InputError as error:
        table = dllab.read_table(data, "", "class")  # raises again whatever is not about the last column
        if sum(_is_number(name) for name in table.class_names) * 2 > len(table.class_names):
            raise error from None
        return table


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def standard(X: np.ndarray) -> np.ndarray:
    """Columns (n, d) with mean 0 and standard deviation 1; a constant column becomes 0."""
    import numpy as np

    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1)


def check_groups(groups: int, points: Points) -> None:
    """Raise UsageError where there are fewer different points than groups."""
    import numpy as np

    different = len(np.unique(points.X, axis=0))
    if groups > different:
        raise dllab.UsageError(
            f"--groups {groups}: '{points.name}' has {different} different points; take fewer groups"
        )


def iris() -> np.ndarray:
    """Fisher's irises as R has them (150, 4), cm: the table for which most figures are known.

    scikit-learn's copy is used; it agrees with R's iris since its version 0.20.
    """
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)[0]


def adjusted_rand(first: np.ndarray, second: np.ndarray) -> float:
    """How well two groupings (n,) agree: 1 for the same, about 0 by chance. Hubert and Arabie 1985, eq. 5."""
    import numpy as np

    counts = np.zeros((first.max() - first.min() + 1, second.max() - second.min() + 1))
    np.add.at(counts, (first - first.min(), second - second.min()), 1)

    def pairs(n: np.ndarray) -> float:
        return float((n * (n - 1) / 2).sum())

    both, rows, columns = pairs(counts), pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    by_chance = rows * columns / max(pairs(np.array([len(first)])), 1)
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def plane(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean (d,) and the two directions (d, 2) in which X (n, d) spreads most; for d = 2, X as it is."""
    import numpy as np

    if X.shape[1] == 2:
        return np.zeros(2), np.eye(2)
    centre = X.mean(axis=0)
    return centre, np.linalg.svd(X - centre, full_matrices=False)[2][:2].T


def axis_names(run: dllab.Run, points: Points) -> tuple[str, str]:
    """What the two axes of the plane show."""
    if len(points.names) == 2:
        return points.names[0], points.names[1]
    return run.words("first principal axis", "제1 주성분"), run.words("second principal axis", "제2 주성분")
