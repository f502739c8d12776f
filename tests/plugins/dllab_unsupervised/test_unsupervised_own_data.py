"""Tables of the user's own: Korean, with gaps and words, and those that do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dllab

OF_TABLES = ("k-means", "dbscan", "gaussian-mixture", "pca", "hierarchical-clustering")


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Sixty customers of two kinds: visits, money, age, town, kind; two gaps."""
    rng = np.random.default_rng(3)
    rows = []
    for i in range(60):
        visits, money = rng.normal((5, 10) if i % 2 else (15, 30), 2).round(1)
        age = "" if i in (5, 20) else rng.integers(18, 70)
        rows.append(f"{visits},{money},{age},{('한강', '남산')[i % 3 == 0]},{('가끔', '단골')[i % 2]}")
    path = tmp_path / "손님.csv"
    path.write_text("방문,지출,나이,동네,종류\n" + "\n".join(rows) + "\n", encoding="cp949")
    return path


def messages(run: dllab.RunRecord) -> str:
    with dllab.Store() as store:
        return "\n".join(event["text"] for event in store.events(run.id, "log"))


@pytest.mark.parametrize("name", OF_TABLES)
def test_a_korean_table_with_gaps_and_words_is_grouped(home: Path, customers: Path, name: str) -> None:
    given: dict[str, Any] = {"data": str(customers), "standardise": True}
    if name == "dbscan":
        given["eps"] = 1.5
    said = messages(dllab.launch(name, given, is_tiny=True, threads=1, language="ko"))
    assert "2 of 60 rows are left out, for a cell is missing; the first is row 7, column '나이'" in said
    assert "'종류' 열은 빼 두고, 마지막에 찾은 집단과 비교합니다" in said


def test_a_table_of_numbers_keeps_its_last_column_unless_it_is_the_label(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,kind\n" + "1,2,0\n2,1,0\n8,9,1\n9,8.5,1\n" * 4, encoding="utf-8")
    for label, columns in (("", ["a", "b", "kind"]), ("kind", ["a", "b"])):
        run = dllab.launch(
            "k-means", {"data": str(path), "label": label, "groups": 2}, is_tiny=True, threads=1
        )
        with dllab.Store() as store:
            lines = store.artifact(run.id, "points.csv").path.read_text(encoding="utf-8").splitlines()
        assert lines[0].split(",") == [*columns, "group"]
        assert ("compared with it at the end" in messages(run)) is (len(columns) == 2)


@pytest.mark.parametrize("name", ["dbscan", "hierarchical-clustering"])
def test_equal_rows_and_equal_distances_are_no_fault(home: Path, tmp_path: Path, name: str) -> None:
    """A grid of whole numbers, each row twice: every neighbour lies exactly eps away."""
    rows = [f"{x / 10},{y / 10}" for x in range(6) for y in range(6)] * 2
    (tmp_path / "t.csv").write_text("a,b\n" + "\n".join(rows) + "\n", encoding="utf-8")
    given: dict[str, Any] = {"data": str(tmp_path / "t.csv")} | ({"eps": 0.1} if name == "dbscan" else {})
    assert dllab.launch(name, given, is_tiny=True, threads=1).status == "succeeded"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("k-means", "a,b\n" + "1,2\n2,1\n" * 6, "--groups 3: 't.csv' has 2 different points; take fewer"),
        ("gaussian-mixture", "a,b\n" + "1,2\n2,1\n" * 6, "--groups 3: 't.csv' has 2 different points"),
        ("k-means", "a,b\n" + "1,2\n" * 12, "'t.csv' has equal rows only"),
        ("dbscan", "a,k\n" + "1,x\n2,y\n" * 6, "'t.csv' has one column of numbers, and two are needed"),
        ("pca", "a,b\n" + "1,2\n2,1\n" * 6, "--kept 3: 't.csv' has 2 components; keep fewer"),
        ("pca", "a,b\n" + "1,2\n2,1e200\n" * 6, "'t.csv' holds a number beyond 1e+100"),
        ("k-means", "a,b\n" + "1,2\n2,x\n3,4\n4,5\n5,6\n6,7\n7,8\n8,9\n9,1\n1,3\n2,6\n", "'x'"),
        ("k-means", "a,b\n1,2\n1\n", "row 3"),
        ("hierarchical-clustering", "a,b\n" + "".join(f"{i},{i * i}\n" for i in range(201)), "201 rows"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_in_one_line(
    home: Path, tmp_path: Path, name: str, content: str, told: str
) -> None:
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    with pytest.raises(dllab.DllabError) as error:
        dllab.launch(name, {"data": str(tmp_path / "t.csv")}, is_tiny=True, threads=1)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OF_TABLES, "som", "autoencoder"])
@pytest.mark.parametrize("seed", range(10))
def test_the_checks_hold_over_ten_seeds(home: Path, name: str, seed: int) -> None:
    assert dllab.launch(name, seed=seed, threads=1).status == "succeeded"
