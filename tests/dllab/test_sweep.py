"""Sweeps: every combination and seed once, intervals by Student's t, and only what is missing again."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.errors import UsageError
from dllab.runner import RunRequest, carry_out
from dllab.store import Store
from dllab.sweep import SweepPlan, interval, parse_grid, parse_seeds, summary_rows

NOISE = '''
import time

import dllab


class NoiseParams(dllab.Params):
    scale: float = dllab.param(1.0, gt=0, help="factor")
    kind: str = dllab.param("plain", help="any word")
    layers: tuple[str, ...] = dllab.param(("a",), min_length=1, help="a list of words")
    delay_s: float = dllab.param(0.0, ge=0, help="pause")
    fail_at: int = dllab.param(-1, help="the seed that fails")


@dllab.experiment("noise", topic="test")
def noise(run, params: NoiseParams):
    """A number that depends on the seed."""
    for _ in run.progress(range(10)):
        time.sleep(params.delay_s)
    if run.seed == params.fail_at:
        raise ValueError("bad seed")
    run.log(0, value=params.scale * (1 + run.seed), spent_s=time.perf_counter())


@dllab.hookimpl
def dllab_experiments():
    return [noise]
'''


@pytest.fixture
def noise(plugin: Callable[..., Path]) -> Path:
    return plugin("noise", NOISE)


def test_grids_and_seeds_are_read() -> None:
    assert parse_grid(["lr=0.1, 0.01", "--batch-size=3"]) == {"lr": ["0.1", "0.01"], "batch_size": ["3"]}
    assert parse_seeds("0..3,7") == [0, 1, 2, 3, 7]
    for words, told in (
        *((words, "as 0..4 or 1,5,9") for words in ("x", "3..1", "-1", "", "0..")),
        ("1,2,1", "1 is given twice"),
        ("0..99999999", "at most 10000 runs"),
        ("0..9999,20000", "at most 10000 runs"),
        (f"0..{10**30}", "at most 2**63 - 1"),
        (str(2**63), "at most 2**63 - 1"),
        ("x" * 5000, "x…: give"),
    ):
        with pytest.raises(UsageError) as caught:
            parse_seeds(words)
        assert told in str(caught.value) and len(str(caught.value)) < 150
    for word in ("lr", "=1", "lr="):
        with pytest.raises(UsageError):
            parse_grid([word])


def test_the_interval_is_students() -> None:
    # Gosset's sleep data, first drug: mean 0.75, deviation 1.789, n = 10, t(0.975, 9) = 2.262.
    sleep = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    mean, half_width = interval(sleep)
    assert mean == pytest.approx(0.75)
    assert half_width == pytest.approx(2.262 * 1.789 / 10**0.5, rel=1e-3)
    assert interval([2.0]) == (2.0, None)
    assert interval([]) == (None, None)


def test_every_combination_meets_every_seed_once() -> None:
    plan = SweepPlan("noise", {"scale": ["1", "2"], "kind": ["a", "b", "c"]}, [0, 5])
    requests = plan.requests("parent")
    assert len(requests) == 12
    assert {(r.params["scale"], r.params["kind"], r.seed) for r in requests} == {
        (scale, kind, seed) for scale in "12" for kind in "abc" for seed in (0, 5)
    }
    with pytest.raises(UsageError, match="10000"):
        SweepPlan("noise", {"scale": [str(i) for i in range(200)]}, range(100)).requests("parent")


def test_failed_runs_and_clock_figures_are_left_out_of_the_summary() -> None:
    plan = SweepPlan("noise", {"scale": ["1"]}, [0, 1, 2])
    rows = [
        {"run": "a", "scale": 1.0, "seed": 0, "status": "succeeded", "value": 1.0, "spent_s": 5.0},
        {"run": "b", "scale": 1.0, "seed": 1, "status": "succeeded", "value": 3.0, "spent_s": 5.0},
        {"run": "c", "scale": 1.0, "seed": 2, "status": "failed", "value": 99.0, "spent_s": 5.0},
    ]
    (row,) = summary_rows(plan, rows)
    assert (row["scale"], row["runs"], row["value"]) == (1.0, 2, 2.0)
    assert "spent_s" not in row


def test_a_sweep_leaves_a_table_a_figure_and_its_children(lab, noise: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    result = lab("sweep", "noise", "--grid", "scale=1,10", "--seeds", "0..2", "--jobs", "2", "--json")
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout)
    assert [(row["scale"], row["runs"], row["value"]) for row in facts["summary"]] == [
        (1.0, 3, 2.0),
        (10.0, 3, 20.0),
    ]
    assert facts["summary"][0]["value ±"] == pytest.approx(4.303 / 3**0.5, rel=1e-3)  # t(0.975, 2) = 4.303
    with Path(facts["artifacts"]["runs.csv"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 and {row["status"] for row in rows} == {"succeeded"}
    assert Path(facts["artifacts"]["sweep.png"]).stat().st_size > 5000
    with Store() as store:
        children = store.children(facts["id"])
    assert len(children) == 6 and {child.relation for child in children} == {"sweep"}


def test_a_list_can_be_swept_entry_by_entry(lab, noise: Path) -> None:  # type: ignore[no-untyped-def]
    result = lab("sweep", "noise", "--grid", "layers=a,b", "--json")
    assert result.returncode == 0, result.stderr
    with Store() as store:
        children = store.children(json.loads(result.stdout)["id"])
    assert sorted(child.params["layers"] for child in children) == [["a"], ["b"]]
    assert [row["layers"] for row in json.loads(result.stdout)["summary"]] == ["a", "b"]


def test_wrong_values_are_told_before_anything_runs(lab, noise: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    for words in (
        ("--grid", "scale=1,-1"),
        ("--grid", "nothing=1"),
        ("--jobs", "0"),
        ("--seeds", "a"),
        ("--threads", "0"),
        ("--set", "kind"),
    ):
        result = lab("sweep", "noise", *words)
        assert result.returncode == 2 and result.stderr.count("\n") == 1, (words, result.stderr)
    assert lab("sweep").returncode == 2
    with Store() as store:
        assert store.runs() == []


def test_a_failing_child_fails_the_sweep_and_resume_runs_it_alone(lab, noise: Path) -> None:  # type: ignore[no-untyped-def]
    result = lab("sweep", "noise", "--seeds", "0..2", "--set", "fail_at=1", "--json")
    assert result.returncode == 1
    parent = json.loads(result.stdout)["id"]
    assert "--resume" in result.stderr and "1 of 3" in result.stderr
    again = lab("sweep", "--resume", parent, "--json")
    assert again.returncode == 1
    with Store() as store:
        seeds = sorted(child.seed for child in store.children(parent))
    assert seeds == [0, 1, 1, 2]


def test_a_cancelled_sweep_stops_its_children_and_resumes(lab, noise: Path, home: Path) -> None:  # type: ignore[no-untyped-def]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dllab",
            "sweep",
            "noise",
            "--seeds",
            "0..3",
            "--set",
            "delay_s=0.2",
            "--jobs",
            "2",
        ],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    running = False
    while not running and time.monotonic() < deadline:
        time.sleep(0.1)
        if (home / "lab.sqlite3").exists():
            with Store(home, read_only=True) as store:
                running = any(run.status == "running" for run in store.runs(experiment="noise"))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    with Store() as store:
        (parent,) = store.runs(experiment="sweep")
        assert parent.status == "cancelled"
        assert {child.status for child in store.children(parent.id)} <= {"cancelled", "succeeded"}
    result = lab("sweep", "--resume", parent.id, "--jobs", "2")
    assert result.returncode == 0, result.stderr
    with Store() as store:
        assert store.run(parent.id).status == "succeeded"
        done = [child.seed for child in store.children(parent.id) if child.status == "succeeded"]
    assert sorted(done) == [0, 1, 2, 3]


def test_resume_of_another_run_is_refused(home: Path, lab, plasma: Path) -> None:  # type: ignore[no-untyped-def]
    with Store() as store:
        record = carry_out(store, RunRequest("plasma")).record
    result = lab("sweep", "--resume", record.id)
    assert result.returncode == 2 and "no sweep" in result.stderr


def test_a_name_given_twice_is_refused(lab, noise: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=r"^'lr' is given twice; write its values once, as lr=1,2$"):
        parse_grid(["lr=1", "--lr=2"])
    result = lab("sweep", "noise", "--grid", "scale=1,2", "--set", "scale=3")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "'scale' is given twice" in result.stderr


def test_a_sweep_of_one_says_that_it_is_a_single_run(lab, noise: Path) -> None:  # type: ignore[no-untyped-def]
    result = lab("sweep", "noise")
    assert result.returncode == 0
    assert "no --grid and one seed: a single run, which `dllab run noise` does, too" in result.stderr
    assert json.loads(lab("show", "--json").stdout)["experiment"] == "sweep"
