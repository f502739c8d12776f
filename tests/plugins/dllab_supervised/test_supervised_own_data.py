"""Tables of the user's own: Korean, with gaps and words, and those that do not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dllab

CLASSIFIERS = ("knn", "decision-tree")


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """Forty students: hours, sleep, school, grade in points, and whether they passed; two gaps."""
    rng = np.random.default_rng(3)
    hours, sleep = rng.uniform(0, 10, 40).round(1), rng.uniform(4, 9, 40).round(1)
    points = (30 + 5 * hours + 2 * sleep + rng.normal(0, 6, 40)).round(1)
    rows = []
    for i in range(40):
        slept = "" if i in (5, 20) else sleep[i]
        passed = "합격" if points[i] > 66 else "불합격"
        rows.append(f"{hours[i]},{slept},{('한강', '남산')[i % 2]},{points[i]},{passed}")
    path = tmp_path / "학생.csv"
    path.write_text("공부 시간,수면 시간,학교,점수,결과\n" + "\n".join(rows) + "\n", encoding="cp949")
    return path


def messages(run: dllab.RunRecord) -> list[str]:
    with dllab.Store() as store:
        return [event["text"] for event in store.events(run.id, "log")]


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_korean_table_with_gaps_and_words_is_learned(home: Path, students: Path, name: str) -> None:
    run = dllab.launch(name, {"data": str(students)}, is_tiny=True, threads=1, language="ko")
    said = "\n".join(messages(run))
    assert "2 of 40 rows are left out, for a cell is missing; the first is row 7, column '수면 시간'" in said
    assert "text column '학교' of 2 different words" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", ["naive-bayes", "softmax", "svm", "random-forest", "gradient-boosting"])
def test_the_others_learn_a_korean_table_too(home: Path, students: Path, name: str) -> None:
    assert dllab.launch(name, {"data": str(students)}, is_tiny=True, threads=1).status == "succeeded"


@pytest.mark.parametrize("name", ["linear-regression", "multivariate-regression", "score-prediction"])
def test_the_same_table_gives_a_number(home: Path, students: Path, name: str) -> None:
    run = dllab.launch(
        name, {"data": str(students), "target": "점수"}, is_tiny=True, threads=1, language="ko"
    )
    with dllab.Store() as store:
        assert any(one.media_type == "image/png" for one in store.artifacts(run.id, role="out"))


def test_a_column_can_be_named_and_a_wrong_name_is_told(home: Path, students: Path) -> None:
    given = {"data": str(students), "feature": "수면 시간"}
    assert dllab.launch("logistic-regression", given, is_tiny=True, threads=1).status == "succeeded"
    with pytest.raises(
        dllab.UsageError, match=r"--feature 수면: '학생\.csv' has no such column; it has 공부 시간"
    ):
        dllab.launch(
            "logistic-regression", {"data": str(students), "feature": "수면"}, is_tiny=True, threads=1
        )
    with pytest.raises(dllab.UsageError, match=r"--plane 키: '학생\.csv' has no such feature"):
        dllab.launch("knn", {"data": str(students), "plane": ["키", "점수"]}, is_tiny=True, threads=1)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("knn", "x,y,k\n" + "1,2,a\n2,1,b\n" * 6, "--k 9: 't.csv' in 3 folds has 7 neighbours"),
        ("knn", "x,k\n" + "1,a\n2,b\n" * 12, "'t.csv' has one feature, and a map needs two"),
        ("naive-bayes", "x,y,k\n" + "1,2,a\n2,1,a\n" * 6 + "1,1,b\n", "a class with one row only"),
        ("logistic-regression", "x,k\n" + "1,a\n2,b\n3,c\n" * 6, "has 3 classes, and two are needed"),
        ("logistic-regression", "x,k\n" + "1,a\n2,b\n" * 6, "'x' parts the classes at one value"),
        ("linear-regression", "x,y\n" + "1,2\n" * 12, "x or the target has one value only"),
        ("multivariate-regression", "a,b,y\n" + "1,2,3\n2,2,5\n4,2,6\n" * 5, "column 'b' has one value only"),
        ("diabetes-network", "x,k\n" + "1,a\n2,b\n3,c\n" * 6, "has 3 classes, and two are needed"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_in_one_line(
    home: Path, tmp_path: Path, name: str, content: str, told: str
) -> None:
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    given: dict[str, Any] = {"data": str(tmp_path / "t.csv")} | ({"k": 9} if "--k" in told else {})
    with pytest.raises(dllab.UsageError) as error:
        dllab.launch(name, given, is_tiny=True, threads=1)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_the_slides_network_takes_the_real_table(home: Path, shared_data: Path) -> None:
    table = str(shared_data / "tabular" / "pima-indians-diabetes.csv")
    run = dllab.launch("diabetes-network", {"data": table, "epochs": 2, "batch_size": 100}, threads=1)
    with dllab.Store() as store:
        checks = {check["name"]: check["got"] for check in store.checks(run.id)}
    assert checks["weights and biases"] == 221
    assert checks["steps taken"] == 2 * 7  # 615 of 768 rows in hundreds


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["svm", "random-forest", "gradient-boosting", "score-prediction", "train-test-split", "overfitting-cures",
     "diabetes-network"],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(10))
def test_the_checks_hold_over_ten_seeds(home: Path, name: str, seed: int) -> None:
    assert dllab.launch(name, seed=seed, threads=1).status == "succeeded"
