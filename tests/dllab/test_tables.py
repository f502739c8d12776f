"""A user's table: read whatever a spreadsheet left in it, or refused in one line with row and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dllab
from dllab import tables
from dllab.inputs import check_kind

ROWS = "\n".join(f"{i},{i % 3},{'ab'[i % 2]}" for i in range(12))


def table(folder: Path, content: str | bytes, name: str = "mine.csv") -> dllab.Input:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return dllab.Input(str(path), "table", path, "", name)


def bad(folder: Path, name: str) -> dllab.Input:
    return dllab.Input(name, "table", folder / "bad" / name, "", name)


def test_features_target_and_classes_are_told_apart(tmp_path: Path) -> None:
    found = dllab.read_table(table(tmp_path, f"length,width,kind\n{ROWS}\n"))
    assert (found.feature_names, found.target_name, found.class_names) == (
        ("length", "width"),
        "kind",
        ("a", "b"),
    )
    assert found.X.tolist()[:2] == [[0, 0], [1, 1]]
    assert found.y.tolist()[:4] == [0, 1, 0, 1]
    assert found.notes == ()


def test_the_target_may_be_any_column_and_a_number(tmp_path: Path) -> None:
    found = dllab.read_table(table(tmp_path, f"length,width,kind\n{ROWS}\n"), target="length", task="number")
    assert found.y.tolist() == list(range(12))
    assert found.feature_names == ("width", "kind=b")
    assert found.notes == ("text column 'kind' of 2 different words became columns of zeros and ones",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_tables_are_read_as_spreadsheets_write_them(tmp_path: Path, encoding: str) -> None:
    rows = "\n".join(f"{i},{('합격', '불합격')[i % 2]}" for i in range(12))
    data = table(tmp_path, f"공부 시간,결과\n{rows}\n".encode(encoding), "점수.csv")
    check_kind(tmp_path / "점수.csv", "점수.csv", "table")
    found = dllab.read_table(data)
    assert (found.feature_names, found.class_names) == (("공부 시간",), ("불합격", "합격"))
    assert bool(found.notes) == (encoding == "cp949")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_part_the_cells(tmp_path: Path, delimiter: str) -> None:
    found = dllab.read_table(table(tmp_path, f"x,y,kind\n{ROWS}\n".replace(",", delimiter)))
    assert found.X.shape == (12, 2)


def test_rows_with_gaps_are_left_out_and_the_first_is_named(tmp_path: Path) -> None:
    found = dllab.read_table(table(tmp_path, f"x,y,kind\n{ROWS}\n7,,a\nNA,1,b\n"))
    assert len(found.y) == 12
    assert found.notes == (
        "2 of 14 rows are left out, for a cell is missing; the first is row 14, column 'y'",
    )


def test_a_column_that_is_mostly_missing_does_not_cost_the_rows(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i if i < 3 else ''},{'ab'[i % 2]}" for i in range(12))
    found = dllab.read_table(table(tmp_path, f"x,cabin,kind\n{rows}\n"))
    assert (found.feature_names, len(found.y)) == (("x",), 12)
    assert found.notes == ("column 'cabin' is left out: 9 of 12 cells are missing",)


def test_names_of_people_are_left_out_and_few_words_become_columns(tmp_path: Path) -> None:
    rows = "\n".join(f"person {i},{('red', 'green', 'blue')[i % 3]},{i % 2}" for i in range(14))
    found = dllab.read_table(table(tmp_path, f"name,colour,kind\n{rows}\n"))
    assert found.feature_names == ("colour=blue", "colour=green", "colour=red")
    assert found.X.sum(axis=1).tolist() == [1] * 14
    assert "text column 'name' is left out: 14 different words" in found.notes[0]


def test_a_table_without_a_header_gets_one(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{i * i},{i % 2}" for i in range(12))
    found = dllab.read_table(table(tmp_path, rows))
    assert (found.feature_names, found.target_name, len(found.y)) == (("c1", "c2"), "c3", 12)
    assert "its columns are called c1 to c3" in found.notes[0]


def test_classes_that_are_numbers_keep_their_order(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},{(10, 9, 2)[i % 3]}" for i in range(12))
    assert dllab.read_table(table(tmp_path, f"x,stars\n{rows}")).class_names == ("2", "9", "10")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ragged_rows.csv", "'ragged_rows.csv', row 3: 2 cells, but the header has 3"),
        ("text_in_numbers.csv", "'text_in_numbers.csv', row 3, column 'x': 'two' is no number"),
        ("nan_values.csv", "'nan_values.csv', row 5, column 'a': 'inf' is not finite"),
        ("header_only.csv", "'header_only.csv' has a header but no rows"),
        ("formula_injection.csv", "'formula_injection.csv' has 2 rows, and 10 are needed"),
        ("zero_bytes.csv", "'zero_bytes.csv' is empty"),
    ],
)
def test_a_bad_table_is_refused_in_one_line(shared_data: Path, name: str, told: str) -> None:
    with pytest.raises(dllab.InputError) as error:
        dllab.read_table(bad(shared_data, name))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("x,x,kind\n" + ROWS, "has two columns called 'x'"),
        ("x,kind\n" + "\n".join(f"{i},a" for i in range(12)), "has 1 class, and two to 50 are needed"),
        (
            "x,kind\n" + "\n".join(f"{i},{i}" for i in range(60)),
            "has 60 different values, too many for classes",
        ),
        (
            "name,kind\n" + "\n".join(f"n{i},{i % 2}" for i in range(20)),
            "has no column of numbers or of few words",
        ),
        ('x,kind\n1,"a\n' + ROWS, "look for an unclosed quotation mark"),
        (b"x,kind\n\xff\xfe\x00\x01,a\n", "neither UTF-8 nor CP949"),
        (
            "x,kind\n" + "\n".join(f",{'ab'[i % 2]}\n{i},a" for i in range(6)),
            "row 2, column 'x' is the first",
        ),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(dllab.InputError, match=r"mine\.csv") as error:
        dllab.read_table(table(tmp_path, content))
    assert told in str(error.value)


def test_a_target_that_is_no_column_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(dllab.UsageError, match="Did you mean 'kind'"):
        dllab.read_table(table(tmp_path, f"x,y,kind\n{ROWS}"), target="kinds")


def test_a_table_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = table(tmp_path, f"x,y,kind\n{ROWS}")
    monkeypatch.setattr(tables, "MOST_CELLS", 30)
    with pytest.raises(dllab.InputError, match="12 rows and 3 columns"):
        dllab.read_table(data)
    monkeypatch.setattr(tables, "MOST_BYTES", 20)
    with pytest.raises(dllab.InputError, match="a table may have"):
        dllab.read_table(data)


def test_real_tables_are_read(shared_data: Path) -> None:
    def real(name: str) -> dllab.Input:
        return dllab.Input(name, "table", shared_data / "tabular" / name, "", name)

    iris = dllab.read_table(real("iris.csv"))
    assert (iris.X.shape, np.bincount(iris.y).tolist()) == ((150, 4), [50, 50, 50])
    pima = dllab.read_table(real("pima-indians-diabetes.csv"))
    assert (pima.X.shape, np.bincount(pima.y).tolist()) == ((768, 8), [500, 268])
    titanic = dllab.read_table(real("titanic.csv"), target="Survived")
    assert {"Age", "Sex=male", "Pclass"} <= set(titanic.feature_names)
