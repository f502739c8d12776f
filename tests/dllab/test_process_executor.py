"""The processes that runs happen in: one is kept ahead, and what it finds is that of its run's moment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plugin_sources import WILD

from dllab.executors.process import ProcessExecutor
from dllab.runner import RunRequest, carry_out
from dllab.store import Store

TELLING = '''
import os
from pathlib import Path

import dllab

SEEN_AT_IMPORT = os.environ.get("SURROUNDINGS", "none")


class Nothing(dllab.Params):
    pass


@dllab.experiment("telling", topic="tests")
def telling(run, params: Nothing):
    """Tell what is around it."""
    run.message(f"old {SEEN_AT_IMPORT} {os.environ.get('SURROUNDINGS', 'none')} {Path.cwd().name}")


@dllab.hookimpl
def dllab_experiments():
    return [telling]
'''


@pytest.fixture
def store(home: Path, plugin: Callable[..., Path]) -> Iterator[Store]:
    """A store, and the experiment `wild`."""
    plugin("wild", WILD)
    with Store() as opened:
        yield opened


def test_a_process_is_kept_ahead_from_the_second_run_on_and_dismissed_at_the_end(store: Store) -> None:
    executor = ProcessExecutor()
    ahead = []
    for _ in range(3):
        outcome = carry_out(store, RunRequest("wild", threads=1, executor="process"), executor=executor)
        assert outcome.record.status == "succeeded"
        ahead.append([child.process.pid for child in executor._spares.values()])
    assert [len(pids) for pids in ahead] == [0, 1, 1]
    assert ahead[1] != ahead[2]
    (spare,) = executor._spares.values()
    executor.close()
    assert not spare.process.is_alive()


def test_a_process_that_was_killed_while_it_waited_is_replaced(store: Store) -> None:
    executor = ProcessExecutor()
    for _ in range(3):
        for child in executor._spares.values():
            child.process.kill()
            child.process.join()
        outcome = carry_out(store, RunRequest("wild", threads=1, executor="process"), executor=executor)
        assert outcome.record.status == "succeeded"
    executor.close()


def test_a_process_that_was_made_ready_meets_the_code_and_the_surroundings_of_its_run(
    store: Store, plugin: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin("telling", TELLING)
    executor = ProcessExecutor()
    told = []

    def tell() -> bool:
        """Run it; whether a process was ready, with the plugin imported, before."""
        ready = [child for child in executor._spares.values() if child._ready_for]
        request = RunRequest("telling", threads=1, executor="process")
        outcome = carry_out(store, request, executor=executor)
        assert outcome.record.status == "succeeded", outcome.record.error
        told.extend(event["text"] for event in store.events(outcome.record.id, "log"))
        return bool(ready)

    monkeypatch.chdir(tmp_path)
    assert [tell() for _ in range(3)] == [False, False, True]
    plugin("telling", TELLING.replace('"old ', '"new '))
    tell()
    monkeypatch.setenv("SURROUNDINGS", "some")
    tell()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    tell()
    executor.close()
    here = tmp_path.name
    assert told == [
        *[f"old none none {here}"] * 3,
        f"new none none {here}",
        f"new some some {here}",
        "new some some elsewhere",
    ]


@pytest.mark.skipif(os.name == "nt", reason="every process is new on Windows")
def test_an_experiment_that_imports_torch_finds_it_there_the_next_time_and_so_does_a_new_one(
    store: Store, plugin: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin("new", WILD.replace('"wild"', '"new"'))
    monkeypatch.setattr("dllab.executors.process._brings_torch", {})
    executor = ProcessExecutor()
    told = []
    for name, how in (("wild", "files"), ("wild", "torch"), ("wild", "torch"), ("new", "torch")):
        request = RunRequest(name, {"how": how}, threads=1, executor="process")
        outcome = carry_out(store, request, executor=executor)
        assert outcome.record.status == "succeeded"
        told += [event["text"] for event in store.events(outcome.record.id, "log")]
    executor.close()
    assert told == ["torch was not there", "torch was there", "torch was there"]
