"""What is left when a run is stopped, killed, or ends its own process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.store import RunRecord, Store

SLOW = '''
import time

import dllab


class SlowParams(dllab.Params):
    steps: int = dllab.param(8, ge=1, help="steps")
    delay_s: float = dllab.param(0.0, ge=0, unit="s", help="pause after each step")
    is_deaf: bool = dllab.param(False, help="never reports progress")
    exit_at: int = dllab.param(-1, help="ends its process at this step")


@dllab.experiment("slow", topic="test")
def slow(run, params: SlowParams):
    """A sum of random numbers, one a step, with a checkpoint at each."""
    import os

    total, start = 0.0, 0
    with run.open_file("finished.txt", "w") as file:
        file.write("whole")
    if params.is_deaf:
        while True:
            time.sleep(0.01)
    if run.restored is not None:
        total, start = run.restored["total"], run.restored["step"] + 1
    try:
        for step in run.progress(range(start, params.steps)):
            total += run.rng.random()
            run.log(step, total=total)
            run.checkpoint({"total": total, "step": step})
            if step == params.exit_at:
                os._exit(3)
            time.sleep(params.delay_s)
    except dllab.Cancelled:
        run.save_json("partial.json", {"total": total})
        raise
    run.save_json("total.json", {"total": total})


@dllab.hookimpl
def dllab_experiments():
    return [slow]
'''

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path, plugin: Callable[..., Path]) -> Start:
    """Start `dllab run slow …` and return the process once its first metric is in the store."""
    plugin("slow", SLOW)

    def begin(*words: str) -> subprocess.Popen[str]:
        before = len(list(home.glob("runs/*/finished.txt")))
        process = subprocess.Popen(
            [sys.executable, "-m", "dllab", "run", "slow", *words],
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        while len(list(home.glob("runs/*/finished.txt"))) == before:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return process

    return begin


def only_run() -> RunRecord:
    with Store() as store:
        (record,) = store.runs()
    return record


def wait_for_metrics(home: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with Store(home, read_only=True) as store:
            if len(store.metrics(store.run("last").id)) >= count:
                return
        time.sleep(0.05)
    raise AssertionError("no metrics came")


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_killed_run_is_lost_but_not_what_it_had_finished(start: Start, home: Path, executor: str) -> None:
    process = start("--steps", "100000", "--delay-s", "0.02", "--executor", executor)
    wait_for_metrics(home, 5)
    killed_at = time.time()
    process.kill()
    process.communicate(timeout=20)
    time.sleep(1)
    record = only_run()
    assert record.status == "lost"
    assert (record.folder / "finished.txt").read_text() == "whole"
    with Store() as store:
        points = store.metrics(record.id)
        names = {artifact.name for artifact in store.artifacts(record.id, role="out")}
    assert killed_at - max(point.time for point in points) <= 1.0
    assert names == {"finished.txt"}
    assert {path.name for path in record.folder.iterdir()} <= {"finished.txt", "run.json"}
    assert json.loads((record.folder / "run.json").read_text())["status"] == "lost"
    assert list(home.rglob("*.part")) == []


@pytest.mark.parametrize("executor", ["inline", "process"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_its_partial_work(start: Start, home: Path, executor: str, number: int) -> None:
    process = start("--steps", "100000", "--delay-s", "0.02", "--executor", executor)
    wait_for_metrics(home, 3)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    record = only_run()
    assert (process.returncode, record.status) == (130, "cancelled")
    assert json.loads((record.folder / "partial.json").read_text())["total"] > 0
    assert f"--resume {record.id}" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_run_that_reports_nothing_is_stopped_all_the_same(start: Start, home: Path, executor: str) -> None:
    process = start("--is-deaf", "--executor", executor)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert (process.returncode, only_run().status) == (130, "cancelled")


def test_a_resumed_run_ends_where_an_uninterrupted_one_does(
    start: Start, home: Path, lab: Callable[..., object]
) -> None:
    whole = lab("run", "slow", "--steps", "12", "--json", "--seed", "5")
    assert whole.returncode == 0, whole.stderr
    expected = json.loads(whole.stdout)
    process = start("--steps", "12", "--delay-s", "0.3", "--seed", "5")
    wait_for_metrics(home, 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    with Store() as store:
        stopped = store.runs(statuses=["cancelled"])[0]
    resumed = lab("run", "slow", "--resume", stopped.id, "--json")
    assert resumed.returncode == 0, resumed.stderr
    result = json.loads(resumed.stdout)
    digests = [
        {artifact["name"]: artifact["digest"] for artifact in run["artifacts"]}["total.json"]
        for run in (expected, result)
    ]
    assert digests[0] == digests[1]
    with Store() as store:
        curves = [
            [(p.step, p.value) for p in store.metrics(run["id"], "total")] for run in (expected, result)
        ]
    assert curves[0] == curves[1]
    assert (result["parent"], result["relation"]) == (stopped.id, "resume")


def test_what_cannot_be_resumed_is_told(start: Start, lab: Callable[..., object], plasma: Path) -> None:
    done = json.loads(lab("run", "slow", "--steps", "1", "--json").stdout)
    for words, told in (
        (("slow", "--resume", done["id"]), "succeeded"),
        (("slow", "--resume", "zzzzzzzz"), "zzzzzzzz"),
        (("plasma", "--resume", done["id"]), "slow"),
    ):
        result = lab("run", *words)
        assert result.returncode == 2
        assert told in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize(("executor", "told"), [("inline", "os._exit"), ("process", "exit code 3")])
def test_a_run_that_ends_its_own_process_is_told(
    lab: Callable[..., object], start: Start, executor: str, told: str
) -> None:
    result = lab("run", "slow", "--exit-at", "2", "--executor", executor)
    assert result.returncode == 1
    assert told in result.stderr and "slow" in result.stderr
    record = only_run()
    assert record.status == "failed" and record.error is not None and told in record.error
    with Store() as store:
        assert len(store.metrics(record.id)) == 3
