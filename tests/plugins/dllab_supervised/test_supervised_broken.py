"""An algorithm that is wrong in a small way turns a check of its experiment red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dllab
from dllab.errors import RunFailedError


def red(name: str, **params: Any) -> list[str]:
    """The checks that fail in a tiny run; [] when the run succeeds."""
    with dllab.Store() as store:
        try:
            dllab.launch(name, params, is_tiny=True, threads=1, store=store)
        except RunFailedError:
            (run,) = store.runs(limit=1)
            return [check["name"] for check in store.checks(run.id) if not check["passed"]]
    return []


def wrapped(monkeypatch: pytest.MonkeyPatch, place: str, change: Callable[..., Any]) -> None:
    """Replace the function or class at a place by change(original, *arguments)."""
    from importlib import import_module

    module, _, name = place.rpartition(".")
    holder: Any = import_module(module)
    original = getattr(holder, name)
    monkeypatch.setattr(holder, name, lambda *given, **named: change(original, *given, **named))


def test_one_neighbour_too_many(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped(monkeypatch, "sklearn.neighbors.KNeighborsClassifier", lambda make, k: make(k + 1))
    assert "held-out points that a count by hand decides otherwise" in red("knn")


def test_a_margin_that_is_soft(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def soften(make: Any, **named: Any) -> Any:
        return make(**(named | {"C": min(named.get("C", 1), 0.1)}))

    wrapped(monkeypatch, "sklearn.svm.SVC", soften)
    assert "width of the straight margin" in red("svm")


def test_a_tree_that_measures_impurity_otherwise(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped(
        monkeypatch,
        "sklearn.tree.DecisionTreeClassifier",
        lambda make, **named: make(criterion="entropy", **named),
    )
    assert "impurity at the root" in red("decision-tree")


def test_boosting_with_trees_of_two_questions(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def deepen(make: Any, **named: Any) -> Any:
        return make(**(named | {"max_depth": 2}))

    wrapped(monkeypatch, "sklearn.ensemble.GradientBoostingRegressor", deepen)
    assert red("gradient-boosting") == ["difference from the stumps found by brute force"]


@pytest.mark.slow
def test_a_forest_that_samples_half_the_rows(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def shrink(make: Any, *given: Any, **named: Any) -> Any:
        return make(*given, **named, max_samples=0.5)

    wrapped(monkeypatch, "sklearn.ensemble.RandomForestClassifier", shrink)
    assert red("random-forest") == ["share of rows that a tree never saw"]


@pytest.mark.slow
def test_bells_whose_variance_is_too_wide(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped(monkeypatch, "sklearn.naive_bayes.GaussianNB", lambda make: make(var_smoothing=1e-3))
    assert "largest difference from Bayes' rule by hand" in red("naive-bayes")


def test_a_gradient_without_its_factor(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def halve(walk: Any, x: Any, y: Any, learning_rate: float, *rest: Any) -> Any:
        return walk(x, y, learning_rate / 2, *rest)

    wrapped(monkeypatch, "dllab_supervised.linear_regression.descend", halve)
    assert red("linear-regression") == ["rest of the way to the minimum"]


def test_a_line_fitted_without_taking_the_mean_off(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def through_zero(_: Any, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
        return float(x @ y / (x @ x)), 0.0

    wrapped(monkeypatch, "dllab_supervised.linear_regression.fit", through_zero)
    failed = red("linear-regression")
    assert "slope of NIST's Norris data" in failed
    assert "residuals, summed" in failed


def test_normal_equations_that_lose_half_the_digits(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """inv(X'X) X'y in single precision: harmless on most data, hopeless on Longley's."""

    def sloppy(_: Any, X: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.linalg.pinv((X.T @ X).astype(np.float32)).astype(float) @ X.T @ y

    wrapped(monkeypatch, "dllab_supervised.multivariate_regression.closed_form", sloppy)
    assert "largest relative error on NIST's Longley data" in red("multivariate-regression")


def test_logistic_regression_with_a_penalty(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def penalise(make: Any, **named: Any) -> Any:
        return make(**(named | {"C": 1.0}))

    wrapped(monkeypatch, "sklearn.linear_model.LogisticRegression", penalise)
    failed = red("logistic-regression")
    assert {"weights against Newton's method", "slope per hour", "intercept"} <= set(failed)


def test_softmax_without_its_sum(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped(monkeypatch, "dllab_supervised.softmax.soft", lambda soft, *given: np.sqrt(soft(*given)))
    assert "largest distance of a sum from 1" in red("softmax")


@pytest.mark.slow
def test_dropout_that_is_not_scaled_up(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped(
        monkeypatch,
        "torch.nn.functional.dropout",
        lambda drop, x, p, *given, **named: drop(x, p, *given, **named) * (1 - p),
    )
    assert "mean of what dropout lets through" in red("overfitting-cures")


@pytest.mark.slow
def test_nothing_is_red_where_nothing_is_broken(home: Any) -> None:
    assert red("logistic-regression") == []
