"""Fixtures for the tests of a plugin: `pytest_plugins = ["dllab.testing.fixtures"]`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import dllab


@pytest.fixture(scope="session")
def lab_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests, so that the index of the plugins is made once."""
    return tmp_path_factory.mktemp("lab-cache")


@pytest.fixture
def lab_store(tmp_path: Path, lab_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dllab.Store]:
    """An empty store of the test's own, in force for this process and those that it starts; in English."""
    monkeypatch.setenv("DLLAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("DLLAB_CACHE", str(lab_cache))
    monkeypatch.setenv("DLLAB_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("DLLAB_LANG", "en")
    with dllab.Store() as store:
        yield store
