"""The tables of these experiments: the user's own, or scikit-learn's, named in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    import numpy as np


class OwnTable(dllab.Params):
    """The two parameters of every experiment that takes a table of the user's own."""

    data: dllab.Input | None = dllab.input(
        "table", default=None, help="CSV of your own with a header; a built-in table where none is given"
    )
    target: str = dllab.param("", help="column of that CSV to predict; the last one where none is named")


OWN_TABLE_KO = {
    "data": "머리행이 있는 내 CSV; 없으면 내장 데이터",
    "target": "예측할 열; 없으면 마지막 열",
}

IRIS = (
    ("sepal length (cm)", "꽃받침 길이 (cm)"),
    ("sepal width (cm)", "꽃받침 너비 (cm)"),
    ("petal length (cm)", "꽃잎 길이 (cm)"),
    ("petal width (cm)", "꽃잎 너비 (cm)"),
)
WINE = (
    ("alcohol", "알코올"),
    ("malic acid", "사과산"),
    ("ash", "회분"),
    ("alcalinity of ash", "회분 알칼리도"),
    ("magnesium", "마그네슘"),
    ("total phenols", "총 페놀"),
    ("flavanoids", "플라보노이드"),
    ("other phenols", "기타 페놀"),
    ("proanthocyanins", "프로안토시아닌"),
    ("colour intensity", "색 농도"),
    ("hue", "색조"),
    ("OD280/OD315", "OD280/OD315"),
    ("proline", "프롤린"),
)
CELL = (
    ("radius", "반지름"),
    ("texture", "질감"),
    ("perimeter", "둘레"),
    ("area", "면적"),
    ("smoothness", "매끄러움"),
    ("compactness", "조밀도"),
    ("concavity", "오목함"),
    ("concave points", "오목점"),
    ("symmetry", "대칭성"),
    ("fractal dimension", "프랙털 차원"),
)
CANCER = tuple(
    (f"{statistic} {name}", f"{name_ko} {statistic_ko}")
    for statistic, statistic_ko in (("mean", "평균"), ("error", "오차"), ("worst", "최댓값"))
    for name, name_ko in CELL
)
DIABETES = (
    ("age", "나이"),
    ("sex", "성별"),
    ("body mass index", "체질량지수"),
    ("blood pressure", "혈압"),
    *((f"serum {number}", f"혈청 {number}") for number in range(1, 7)),
)
BUNDLED: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, str], tuple[tuple[str, str], ...]]] = {
    "iris": (
        IRIS,
        ("species", "품종"),
        (("setosa", "세토사"), ("versicolor", "버시컬러"), ("virginica", "버지니카")),
    ),
    "wine": (
        WINE,
        ("grower", "생산자"),
        (("grower 1", "생산자 1"), ("grower 2", "생산자 2"), ("grower 3", "생산자 3")),
    ),
    "breast_cancer": (CANCER, ("tumour", "종양"), (("malignant", "악성"), ("benign", "양성"))),
    "diabetes": (DIABETES, ("progression after a year", "1년 뒤 진행도"), ()),
}


def bundled(run: dllab.Run, name: str) -> dllab.Table:
    """A table that scikit-learn brings: "iris", "wine", "breast_cancer" or "diabetes"."""
    from sklearn import datasets

    features, target, classes = BUNDLED[name]
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    return dllab.Table(
        name,
        X,
        y,
        tuple(run.words(*one) for one in features),
        run.words(*target),
        tuple(run.words(*one) for one in classes),
    )


def chosen(run: dllab.Run, params: Any, name: str, task: str = "class") -> dllab.Table:
    """The user's table where one is given, else the bundled one of that name."""
    return bundled(run, name) if params.data is None else own_table(run, params, task)


def own_table(run: dllab.Run, params: Any, task: str = "class") -> dllab.Table:
    """The user's table. Tells the user its notes."""
    table = dllab.read_table(params.data, params.target, task)
    for note in table.notes:
        run.message(note)
    return table


def column_of(table: dllab.Table, feature: str) -> int:
    """The number of the column that --feature names. Raises UsageError for a name that no column has."""
    if feature not in table.feature_names:
        columns = ", ".join(table.feature_names[:20])
        raise dllab.UsageError(f"--feature {feature}: '{table.name}' has no such column; it has {columns}")
    return table.feature_names.index(feature)


def plane_of(table: dllab.Table, named: tuple[str, ...] = ()) -> tuple[int, int]:
    """The numbers of two features to draw: those named, or the two that tell the classes apart best.

    Raises UsageError for a name that no feature has, and for a table of one feature.
    """
    import numpy as np

    if table.X.shape[1] < 2:
        raise dllab.UsageError(
            f"'{table.name}' has one feature, and a map needs two; add a column of numbers"
        )
    for name in named:
        if name not in table.feature_names:
            features = ", ".join(table.feature_names[:20])
            raise dllab.UsageError(f"--plane {name}: '{table.name}' has no such feature; it has {features}")
    if len(set(named)) == 2:
        first, second = (table.feature_names.index(name) for name in named)
        return first, second
    ratio = separation(table.X, table.y)
    first, second = (int(one) for one in np.argsort(-ratio, kind="stable")[:2])
    return first, second


def separation(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of each feature (n_features,): variance of the class means over the mean variance in a class."""
    import numpy as np

    means = np.stack([X[y == one].mean(axis=0) for one in np.unique(y)])
    within = np.mean([X[y == one].var(axis=0) for one in np.unique(y)], axis=0)
    return means.var(axis=0) / np.maximum(within, 1e-12)


def folds_for(y: np.ndarray, folds: int, name: str) -> int:
    """`folds`, or fewer where a class has fewer rows. Raises InputError where one has a single row."""
    import numpy as np

    least = int(np.bincount(y).min())
    if least < 2:
        raise dllab.InputError(
            f"'{name}' has a class with one row only, and two are needed; add rows or leave it out"
        )
    return min(folds, least)
