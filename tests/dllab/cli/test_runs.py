"""`dllab runs`."""

import json
import subprocess
import sys
import time
from datetime import datetime

import pytest

from dllab.cli.runs import parse_comparison, parse_time
from dllab.errors import UsageError


def ids(answer):
    status, out, _ = answer
    assert status == 0
    return [run["id"] for run in json.loads(out)]


def test_an_empty_store_says_so_and_is_not_made(dllab, home):
    assert dllab("runs") == (0, "no run fits\n", "")
    assert dllab("runs", "--json") == (0, "[]\n", "")
    assert not home.exists()


def test_the_table_names_each_run_newest_first(dllab, new_run):
    old, new = new_run(tags=("best", "cat"), metrics={"loss": [1.0, 0.25]}), new_run(status="failed")
    status, out, _ = dllab("runs")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].split() == ["run", "experiment", "status", "begun", "took", "tags", "metrics"]
    assert lines[1].startswith(f"{new.id}  plasma      failed     ")
    assert lines[2].startswith(f"{old.id}  plasma      succeeded  ")
    assert lines[2].endswith("best cat  loss 0.25")


def test_runs_can_be_filtered_from_the_line(dllab, new_run):
    good = new_run(experiment="dream", tags=("best",), metrics={"loss": [0.1]})
    bad = new_run(experiment="style", status="failed", metrics={"loss": [0.9]})
    assert ids(dllab("runs", "--json")) == [bad.id, good.id]
    for filters in (
        ("--experiment", "dream"),
        ("--status", "succeeded"),
        ("--status", "succeeded,lost"),
        ("--tag", "best"),
        ("--metric", "loss<0.5"),
        ("--metric", " loss <= 1e-1 "),
        ("--metric", "loss!=0.9"),
        ("--limit", "1", "--sort", "loss", "--ascending"),
    ):
        assert ids(dllab("runs", "--json", *filters)) == [good.id], filters
    assert ids(dllab("runs", "--json", "--since", "1h", "--until", "1h")) == []
    assert ids(dllab("runs", "--json", "--sort", "loss", "--limit", "0")) == [bad.id, good.id]


def test_more_runs_than_the_limit_are_mentioned(dllab, new_run):
    runs = [new_run() for _ in range(3)]
    status, out, err = dllab("runs", "--limit", "2")
    assert status == 0
    assert runs[0].id not in out
    assert err == "there are more than 2: --limit N shows more\n"
    assert dllab("runs", "--limit", "3")[2] == ""


def test_the_json_is_strict_even_where_a_metric_is_not_a_number(dllab, new_run):
    new_run(metrics={"loss": [float("nan")]})
    run = json.loads(dllab("runs", "--json")[1], parse_constant=pytest.fail)[0]
    assert run["metrics"] == {"loss": "NaN"}
    assert datetime.fromisoformat(run["created"]).tzinfo is not None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--status", "sucess"), "'sucess' is not a status"),
        (("--sort", "lost"), "cannot sort by 'lost'"),
        (("--metric", "loss"), "'loss' is no comparison"),
        (("--metric", "loss<small"), "'loss<small' is no comparison"),
        (("--since", "yesterday"), "'yesterday' is not a time"),
        (("--limit", "-1"), "--limit -1: must not be negative"),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_in_one_line(dllab, new_run, words, complaint):
    new_run(metrics={"loss": [1.0]})
    status, out, err = dllab("runs", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"dllab: {complaint}")
    assert err.count("\n") == 1


def test_times_are_ages_or_local_dates():
    now = time.time()
    assert parse_time("2h", now) == now - 7200
    assert parse_time("1.5d", now) == now - 129_600
    assert parse_time("2026-11-01", now) == datetime(2026, 11, 1).timestamp()
    assert parse_time("2026-11-01T12:30+00:00", now) == 1_793_536_200
    assert parse_time(None) is None
    with pytest.raises(UsageError):
        parse_time("2 hours")


def test_comparisons_are_taken_apart_at_the_sign():
    assert parse_comparison("val loss >= -1e-3") == ("val loss", ">=", -0.001)
    assert parse_comparison("top-1==inf") == ("top-1", "==", float("inf"))
    for wrong in ("<1", "loss<", "loss<<1", "", "loss=1=2"):
        with pytest.raises(UsageError):
            parse_comparison(wrong)


def test_reading_runs_imports_nothing_heavy(home, new_run):
    new_run()
    code = (
        "import sys; from dllab.cli import main; main(['runs']); main(['show']);"
        "print(sorted({'torch', 'pydantic', 'numpy', 'PIL', 'rich', 'pluggy'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


def a_sweep(new_run, members=3):
    """A sweep and its runs, the last of all among them."""
    sweep = new_run(
        experiment="sweep", params={"grid": {"size": ["16", "32"]}, "seeds": [0]}, device="", dtype=""
    )
    return sweep, [new_run(parent=sweep.id, relation="sweep") for _ in range(members)]


def test_the_runs_of_a_sweep_are_hidden_unless_they_are_asked_for(dllab, new_run):
    alone = new_run()
    sweep, members = a_sweep(new_run)
    rerun = new_run(parent=alone.id, relation="rerun")
    listed = [run["id"] for run in json.loads(dllab("runs", "--json")[1])]
    assert listed == [rerun.id, sweep.id, alone.id]
    err = dllab("runs")[2]
    assert err == "3 run(s) of sweeps and contact sheets are hidden: --all or --parent RUN shows them\n"
    assert len(json.loads(dllab("runs", "--all", "--json")[1])) == 6
    status, out, err = dllab("runs", "--parent", sweep.id)
    assert (status, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:]] == [run.id for run in reversed(members)]


def test_nothing_is_hidden_where_no_sweep_was(dllab, new_run):
    new_run()
    assert dllab("runs")[2] == ""


@pytest.mark.parametrize("tag", ["a\udcff", "a\x1b[2J", "a b", ""])
def test_a_tag_that_no_run_can_have_is_refused_in_one_line(dllab, new_run, tag):
    new_run()
    status, out, err = dllab("runs", "--tag", tag)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "cannot be a tag" in err
    assert "\x1b" not in err
