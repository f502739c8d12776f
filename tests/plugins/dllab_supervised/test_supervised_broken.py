"""An algorithm that is wrong in a small way turns a check of its experiment red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Red = Callable[..., list[str]]
Wrap = Callable[[str, Callable[..., Any]], None]


def test_one_neighbour_too_many(red: Red, wrap: Wrap) -> None:
    wrap("sklearn.neighbors.KNeighborsClassifier", lambda make, k: make(k + 1))
    assert "held-out points that a count by hand decides otherwise" in red("knn")


def test_a_margin_that_is_soft(red: Red, wrap: Wrap) -> None:
    def soften(make: Any, **named: Any) -> Any:
        return make(**(named | {"C": min(named.get("C", 1), 0.1)}))

    wrap("sklearn.svm.SVC", soften)
    assert "width of the straight margin" in red("svm")


def test_a_tree_that_measures_impurity_otherwise(red: Red, wrap: Wrap) -> None:
    wrap(
        "sklearn.tree.DecisionTreeClassifier",
        lambda make, **named: make(criterion="entropy", **named),
    )
    assert "impurity at the root" in red("decision-tree")


def test_boosting_with_trees_of_two_questions(red: Red, wrap: Wrap) -> None:
    def deepen(make: Any, **named: Any) -> Any:
        return make(**(named | {"max_depth": 2}))

    wrap("sklearn.ensemble.GradientBoostingRegressor", deepen)
    assert red("gradient-boosting") == ["difference from the stumps found by brute force"]


@pytest.mark.slow
def test_a_forest_that_samples_half_the_rows(red: Red, wrap: Wrap) -> None:
    def shrink(make: Any, *given: Any, **named: Any) -> Any:
        return make(*given, **named, max_samples=0.5)

    wrap("sklearn.ensemble.RandomForestClassifier", shrink)
    assert red("random-forest") == ["share of rows that a tree never saw"]


@pytest.mark.slow
def test_bells_whose_variance_is_too_wide(red: Red, wrap: Wrap) -> None:
    wrap("sklearn.naive_bayes.GaussianNB", lambda make: make(var_smoothing=1e-3))
    assert "largest difference from Bayes' rule by hand" in red("naive-bayes")


def test_a_gradient_without_its_factor(red: Red, wrap: Wrap) -> None:
    def halve(walk: Any, x: Any, y: Any, learning_rate: float, *rest: Any) -> Any:
        return walk(x, y, learning_rate / 2, *rest)

    wrap("dllab_supervised.linear_regression.descend", halve)
    assert red("linear-regression") == ["rest of the way to the minimum"]


def test_a_line_fitted_without_taking_the_mean_off(red: Red, wrap: Wrap) -> None:
    def through_zero(_: Any, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
        return float(x @ y / (x @ x)), 0.0

    wrap("dllab_supervised.linear_regression.fit", through_zero)
    failed = red("linear-regression")
    assert "slope of NIST's Norris data" in failed
    assert "residuals, summed" in failed


def test_normal_equations_that_lose_half_the_digits(red: Red, wrap: Wrap) -> None:
    """inv(X'X) X'y in single precision: harmless on most data, hopeless on Longley's."""

    def sloppy(_: Any, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.linalg.pinv((X.T @ X).astype(np.float32)).astype(float) @ X.T @ y

    wrap("dllab_supervised.multivariate_regression.closed_form", sloppy)
    assert "largest relative error on NIST's Longley data" in red("multivariate-regression")


def test_logistic_regression_with_a_penalty(red: Red, wrap: Wrap) -> None:
    def penalise(make: Any, **named: Any) -> Any:
        return make(**(named | {"C": 1.0}))

    wrap("sklearn.linear_model.LogisticRegression", penalise)
    failed = red("logistic-regression")
    assert {"weights against Newton's method", "slope per hour", "intercept"} <= set(failed)


def test_softmax_without_its_sum(red: Red, wrap: Wrap) -> None:
    wrap("dllab_supervised.softmax.soft", lambda soft, *given: np.sqrt(soft(*given)))
    assert "largest distance of a sum from 1" in red("softmax")


@pytest.mark.slow
def test_dropout_that_is_not_scaled_up(red: Red, wrap: Wrap) -> None:
    wrap(
        "torch.nn.functional.dropout",
        lambda drop, x, p, *given, **named: drop(x, p, *given, **named) * (1 - p),
    )
    assert "mean of what dropout lets through" in red("overfitting-cures")


@pytest.mark.slow
def test_nothing_is_red_where_nothing_is_broken(red: Red) -> None:
    assert red("logistic-regression") == []
