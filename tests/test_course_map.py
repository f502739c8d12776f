"""The page of the course is what the map and the sources say, and names only what there is."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from dllab.index import read_index

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def course_page() -> ModuleType:
    spec = util.spec_from_file_location("course_page", REPOSITORY / "docs" / "course_page.py")
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(course_page: ModuleType, home: Path) -> None:
    assert course_page.PAGE.read_text(encoding="utf-8") == course_page.page(), (
        "run: python docs/course_page.py"
    )


def test_every_row_is_there_once_and_names_experiments_that_exist(
    course_page: ModuleType, home: Path
) -> None:
    every = [row for _, members in course_page.rows() for row in members]
    assert len({row[0] for row in every}) == len(every) > 90
    known = read_index(plugins_dirs=()).experiments
    assert [name for row in every for name in row[5] if name not in known] == []
    assert all(row[4] in ("P0", "P1", "P2", "C") and set(row[3].split()) <= set("01234") for row in every)


def test_every_experiment_of_the_course_is_in_a_row(course_page: ModuleType, home: Path) -> None:
    shown = {name for _, members in course_page.rows() for row in members for name in row[5]}
    experiments = read_index(plugins_dirs=()).experiments
    assert [
        name for name, one in experiments.items() if one["topic"].startswith("course/") and name not in shown
    ] == []


def test_the_checks_of_an_experiment_are_read_from_its_source(course_page: ModuleType, home: Path) -> None:
    found = course_page.checks_of("linear-regression")
    assert "W of the slide's y = 2x" in found and "… of NIST's Norris data" in found
