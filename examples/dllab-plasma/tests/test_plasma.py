"""An experiment is tested by running it, in a lab of the test's own."""

from pathlib import Path

import pytest

import dllab


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DLLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "cache"))
    with dllab.Store() as store:
        yield store


def test_equal_seeds_give_equal_pictures(store: dllab.Store) -> None:
    runs = [dllab.launch("plasma", {"size": 32}, store=store, seed=seed) for seed in (1, 1, 2)]
    first, second, other = (store.artifact(run.id, "plasma.png").digest for run in runs)
    assert first == second
    assert first != other


@pytest.mark.parametrize("palette", ["colour", "grey"])
def test_its_check_holds(store: dllab.Store, palette: str) -> None:
    run = dllab.launch("plasma", {"size": 64, "waves": 2, "palette": palette}, store=store, seed=5)
    (check,) = store.checks(run.id)
    assert check["passed"]
    assert store.artifact(run.id, "plasma.png").media_type == "image/png"


def test_a_wrong_value_is_refused_before_anything_runs(store: dllab.Store) -> None:
    with pytest.raises(dllab.UsageError, match="waves"):
        dllab.launch("plasma", {"waves": 0}, store=store)
    assert store.runs() == []
