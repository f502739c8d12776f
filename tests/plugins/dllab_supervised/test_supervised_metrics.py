"""What a run's metrics say last, as `runs` and `sweep` show them, is what the run itself came to."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import dllab
from dllab.store import Store


def made(store: Store, experiment: str, **params: Any) -> tuple[dict[str, float], Path]:
    record = dllab.launch(experiment, params, store=store, is_tiny=True, threads=1)
    return store.latest_metrics(record.id), record.folder


def table(path: Path) -> list[dict[str, float]]:
    with path.open(encoding="utf-8") as file:
        return [{key: float(value or "nan") for key, value in row.items()} for row in csv.DictReader(file)]


def test_the_accuracy_of_knn_is_that_of_the_k_that_was_asked_for(home: Path) -> None:
    told = {}
    with Store() as store:
        for k in (1, 40):
            metrics, folder = made(store, "knn", k=k)
            curve = {row["k"]: row["accuracy"] for row in table(folder / "accuracy.csv")}
            assert metrics["accuracy"] == pytest.approx(curve[k])
            told[k] = metrics["accuracy"]
    assert told[1] != told[40]


def test_the_errors_of_a_split_are_those_of_the_degree_that_validation_chose(home: Path) -> None:
    with Store() as store:
        metrics, folder = made(store, "train-test-split")
    chosen = json.loads((folder / "polynomial.json").read_text(encoding="utf-8"))["degree"]
    row = next(row for row in table(folder / "errors.csv") if row["degree"] == chosen)
    assert metrics == pytest.approx({name: row[name] for name in ("degree", "train", "validation", "test")})


@pytest.mark.slow
def test_the_net_without_a_cure_is_told_beside_those_with_one(home: Path) -> None:
    with Store() as store:
        metrics, _ = made(store, "overfitting-cures")
    assert set(metrics) >= {"none_test_loss", "dropout_test_loss", "l2_test_loss", "early_test_loss"}
