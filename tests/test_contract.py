"""Every experiment of the lab keeps the contract, and made again at its tiny size gives the same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dllab.index import read_index
from dllab.testing import RULES, faults_of
from dllab.testing.workshop import Workshop

REPOSITORY = Path(__file__).parents[1]
SLOW = {"train-backbone"}  # their tiny runs take more than a few seconds
# What most experiments import: not once for each, but once.
PRELOADED = ("torch._dynamo", "matplotlib.backends.backend_agg", "sklearn.cluster", "sklearn.linear_model")
INDEX = read_index(plugins_dirs=())
EXPERIMENTS = sorted(
    name for name, one in INDEX.experiments.items() if INDEX.plugins[one["plugin"]]["distribution"] == "dllab"
)
PARAMETERS = [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in EXPERIMENTS]


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(preloaded=PRELOADED) as workshop:
        yield workshop


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_experiment_keeps_the_contract(name: str, workshop: Workshop, home: Path) -> None:
    assert [str(fault) for fault in faults_of(name, workshop=workshop)] == []


@pytest.mark.parametrize("name", ["darts", "plasma"])
def test_an_example_keeps_the_contract(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = (REPOSITORY / "examples", REPOSITORY / "examples" / "dllab-plasma")
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", os.pathsep.join(map(str, folders)))
    assert [str(fault) for fault in faults_of(name)] == []


@pytest.mark.parametrize("name", sorted(SLOW))
def test_a_slow_experiment_declares_itself_as_the_contract_wants(name: str, home: Path) -> None:
    """Its runs are left to the slow tests; these rules cost nothing."""
    rules = ("help", "bounds", "defaults", "korean", "imports")
    assert set(rules) < set(RULES)
    assert [str(fault) for fault in faults_of(name, rules)] == []


def test_every_experiment_of_the_lab_is_held() -> None:
    plugins = {path.parent.name for path in (REPOSITORY / "plugins").glob("*/__init__.py")}
    held = {INDEX.plugins[INDEX.experiments[name]["plugin"]]["source"] for name in EXPERIMENTS}
    assert held <= plugins
    assert EXPERIMENTS
    assert set(EXPERIMENTS) >= SLOW
