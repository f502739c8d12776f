"""Naive Bayes: Bayes' rule, with features taken for independent of each other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen, folds_for, plane_of
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# Manning, Raghavan, Schütze, Introduction to Information Retrieval, table 13.1: is a text about China?
TEXTS = ("Chinese Beijing Chinese", "Chinese Chinese Shanghai", "Chinese Macao", "Tokyo Japan Chinese")
IS_CHINA = (True, True, True, False)
ASKED = "Chinese Chinese Chinese Tokyo Japan"
BOOK = Fraction(3, 4) * Fraction(3, 7) ** 3 * Fraction(1, 14) ** 2  # about 0.0003, example 13.1
BOOK_OTHER = Fraction(1, 4) * Fraction(2, 9) ** 5  # about 0.0001


class NaiveBayesParams(OwnTable):
    plane: tuple[str, ...] = dllab.param(
        (), max_length=2, help="two features to draw; the best two where none are"
    )


@dllab.experiment(
    "naive-bayes",
    topic="course/supervised",
    lectures=("3@1661:확률적 모델링", "3@1681:나이브 베이즈(Naive Bayes) 알고리즘"),
    about=ABOUT["naive-bayes"],
    tiny={},
    ko={**OWN_TABLE_KO, "plane": "그릴 특성 두 개; 없으면 가장 잘 가르는 둘"},
)
def naive_bayes(run: dllab.Run, params: NaiveBayesParams) -> None:
    """Bell curves for numbers; counts of words for texts: Manning, Raghavan, Schütze 2008, chapter 13."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.naive_bayes import GaussianNB, MultinomialNB

    table = chosen(run, params, "wine")
    plane = list(plane_of(table, params.plane))
    X, y = table.X, table.y
    model = GaussianNB().fit(X, y)
    folds = folds_for(y, 5, table.name)
    accuracy = float((cross_val_predict(GaussianNB(), X, y, cv=folds) == y).mean())
    run.log(0, accuracy=accuracy)
    means, variances, priors = model.theta_, model.var_, model.class_prior_
    _draw(run, table, plane, means, variances, priors)
    run.save_json(
        "bells.json",
        {
            "features": table.feature_names,
            "classes": table.class_names,
            "prior": priors,
            "mean": means,
            "variance": variances,
        },
    )
    counter = CountVectorizer()
    words = MultinomialNB().fit(counter.fit_transform(TEXTS), IS_CHINA)
    got = float(words.predict_proba(counter.transform([ASKED]))[0, 1])
    vocabulary = counter.get_feature_names_out()
    run.save_table(
        "words.csv",
        {
            "word": vocabulary,
            "given china": np.exp(words.feature_log_prob_[1]),
            "given other": np.exp(words.feature_log_prob_[0]),
        },
    )

    run.check(
        "chance that the book's text is about China",
        ko="교과서의 글이 중국에 관한 것일 확률",
        got=got,
        abs=1e-9,
        expected=float(BOOK / (BOOK + BOOK_OTHER)),
        source="Manning, Raghavan, Schütze, example 13.1: 0.0003 against 0.0001, as exact fractions",
    )
    by_hand = posterior(X, y, X, len(table.class_names))
    run.check(
        "largest difference from Bayes' rule by hand",
        ko="직접 계산한 베이즈 규칙과의 가장 큰 차이",
        got=float(np.abs(by_hand - model.predict_proba(X)).max()),
        at_most=1e-6,
        source="prior times the product of the bells, divided by the sum over the classes",
    )
    right = sum(
        int((posterior(X[train], y[train], X[held], len(table.class_names)).argmax(axis=1) == y[held]).sum())
        for train, held in StratifiedKFold(folds).split(X, y)
    )
    run.check(
        "rows told rightly when held out",
        ko="빼놓았을 때 맞힌 행 수",
        got=round(accuracy * len(y)),
        expected=right,
        source="the same rule written out, fold by fold",
    )


def posterior(X: np.ndarray, y: np.ndarray, asked: np.ndarray, classes: int) -> np.ndarray:
    """Chances of the classes (m, classes) for rows asked (m, d), from mean, variance and share of each class.

    As scikit-learn does, a billionth of the largest variance is added to each.
    """
    import numpy as np

    floor = 1e-9 * X.var(axis=0).max()
    logs = []
    for one in range(classes):
        rows = X[y == one]
        mean, variance = rows.mean(axis=0), rows.var(axis=0) + floor
        bells = -0.5 * (np.log(2 * np.pi * variance) + (asked - mean) ** 2 / variance)
        logs.append(np.log(len(rows) / len(X)) + bells.sum(axis=1))
    values = np.stack(logs, axis=1)
    shares = np.exp(values - values.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def _draw(
    run: dllab.Run,
    table: dllab.Table,
    plane: list[int],
    means: np.ndarray,
    variances: np.ndarray,
    priors: Sequence[float],
) -> None:
    """The map of two features in the middle, the bells that it is made of along its edges."""
    import numpy as np

    from dllab_supervised.drawing import MANY, bounds, pale, regions

    points = table.X[:, plane]
    figure, axes = dllab.new_figure(2, 2, size=(7.6, 7), width_ratios=(3, 1), height_ratios=(1, 3))
    top, corner, middle, side = axes.ravel()
    corner.set_axis_off()

    def decide(places: np.ndarray) -> np.ndarray:
        return posterior(points, table.y, places, len(table.class_names)).argmax(axis=1)

    regions(middle, points, table.y, table.class_names, decide, steps=320)
    for axis, (bells, is_up) in enumerate(((top, True), (side, False))):
        values = np.linspace(*bounds(points[:, axis]), 300)
        for i in range(len(table.class_names)):
            mean, variance = means[i, plane[axis]], variances[i, plane[axis]]
            height = (
                priors[i] * np.exp(-((values - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
            )
            fill = bells.fill_between if is_up else bells.fill_betweenx
            fill(values, height, color=pale(MANY[i], 0.3))
            bells.plot(*((values, height) if is_up else (height, values)), color=MANY[i], linewidth=1.6)
        bells.grid(False)
        bells.tick_params(labelbottom=False, labelleft=False)
        (bells.set_xlim if is_up else bells.set_ylim)(values[0], values[-1])
    middle.set(xlabel=table.feature_names[plane[0]], ylabel=table.feature_names[plane[1]])
    top.set_title(
        run.words("A bell for each class and feature, multiplied", "클래스와 특성마다 종 모양 하나, 그 곱"),
        loc="left",
    )
    run.save_figure("naive_bayes.png", figure)
