"""The fixture that plugins' tests get: a lab of the test's own, and nothing of the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import dllab
from dllab.selection import write_disabled
from dllab.testing.fixtures import lab_cache, lab_store

__all__ = ["lab_cache", "lab_store"]  # fixtures, found by their names


@pytest.fixture(scope="module")
def made() -> list[Path]:
    return []


@pytest.mark.parametrize("round", [1, 2])
def test_each_test_has_an_empty_store_that_launch_uses_too(
    round: int, lab_store: dllab.Store, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lab_store.runs() == []
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", str(Path(__file__).parents[3] / "examples"))
    run = dllab.launch("darts", is_tiny=True)
    assert [one.id for one in lab_store.runs()] == [run.id]
    assert lab_store.home not in made
    made.append(lab_store.home)


def test_what_the_user_has_disabled_and_his_language_have_no_say(lab_store: dllab.Store) -> None:
    assert Path(write_disabled(["dream"])).is_relative_to(lab_store.home.parent)
    assert os.environ["DLLAB_LANG"] == "en"
