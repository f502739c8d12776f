"""An algorithm that is wrong in a small way turns a check of its experiment red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Red = Callable[..., list[str]]
Wrap = Callable[[str, Callable[..., Any]], None]


def test_points_that_go_to_the_nearest_centre_by_another_distance(red: Red, wrap: Wrap) -> None:
    def city_block(_: Any, X: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = np.abs(X[:, None, :] - centres[None, :, :])
        best = away.sum(axis=2).argmin(axis=1)
        return best, (away**2).sum(axis=2)[np.arange(len(X)), best]

    wrap("dllab_unsupervised.kmeans.nearest", city_block)
    assert "inertia of the irises in three groups" in red("k-means")


def test_a_core_that_does_not_count_itself(red: Red, wrap: Wrap) -> None:
    wrap(
        "sklearn.cluster.DBSCAN",
        lambda make, eps, min_samples: make(eps, min_samples=min_samples + 1),
    )
    assert "core points by counting neighbours" in red("dbscan", eps=0.12)


def test_covariances_that_are_too_wide(red: Red, wrap: Wrap) -> None:
    def widen(step: Any, *given: Any) -> Any:
        mixture = step(*given)
        return mixture._replace(covariances=mixture.covariances * 1.05)

    wrap("dllab_unsupervised.gaussian_mixture.maximise", widen)
    assert "BIC of two free ellipses on the irises" in red("gaussian-mixture")


def test_a_sheet_where_the_winner_learns_alone(red: Red, wrap: Wrap) -> None:
    wrap(
        "dllab_unsupervised.som.learn",
        lambda learn, sheet, colour, rate, width: learn(sheet, colour, rate, 0.1),
    )
    assert "topographic error of the sheet in order" in red("som")


def test_components_of_data_whose_mean_was_not_taken_off(red: Red, monkeypatch: pytest.MonkeyPatch) -> None:
    class Uncentred:
        def __init__(self, **_: Any) -> None: ...

        def fit(self, X: np.ndarray) -> Uncentred:
            _, sizes, self.components_ = np.linalg.svd(X, full_matrices=False)
            self.mean_ = X.mean(axis=0)
            self.explained_variance_ratio_ = sizes**2 / (sizes**2).sum()
            return self

        def transform(self, X: np.ndarray) -> np.ndarray:
            return X @ self.components_.T

    monkeypatch.setattr("sklearn.decomposition.PCA", Uncentred)
    failed = red("pca")
    assert "share of component 1 of the irises" in failed
    assert "squares lost by keeping few components, over all squares" in failed


def test_a_linear_net_with_a_wider_waist_than_it_says(red: Red, wrap: Wrap) -> None:
    wrap("dllab_unsupervised.autoencoder.linear", lambda make, run, codes: make(run, 32))
    assert red("autoencoder", epochs=25) == [
        "error of the linear net over that of PCA, on what both were fitted to"
    ]


def test_a_tree_that_joins_by_another_rule(red: Red, wrap: Wrap) -> None:
    wrap(
        "scipy.cluster.hierarchy.linkage",
        lambda link, X, rule: link(X, "weighted" if rule == "average" else rule),
    )
    assert red("hierarchical-clustering") == [
        "largest fault of a join: not the nearest two groups, or not at their distance"
    ]
