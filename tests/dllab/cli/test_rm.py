"""`dllab rm`."""

import json
import os
import subprocess
import sys

import pytest


def test_runs_go_with_their_folders(dllab, store, new_run):
    gone, kept = new_run(files={"a.png": b"x"}), new_run()
    assert dllab("rm", gone.id, gone.id, "--yes") == (0, f"removed {gone.id} (plasma)\n", "")
    assert not gone.folder.exists()
    assert [run.id for run in store.runs()] == [kept.id]


def test_where_nobody_can_be_asked_nothing_goes_without_yes(dllab, store, new_run, monkeypatch):
    run = new_run()
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        status, _, err = dllab("rm", run.id)
    assert (status, err) == (2, "dllab: there is no terminal to ask on: --yes removes without asking\n")
    assert store.run(run.id).id == run.id


def test_a_wrong_or_living_run_keeps_all_the_others(dllab, store, new_run):
    done, alive = new_run(), new_run(status="running")
    status, out, err = dllab("rm", done.id, alive.id, "--yes")
    assert (status, out) == (2, "")
    assert err.startswith(f"dllab: run {alive.id} is running (process {os.getpid()} on ")
    assert dllab("rm", done.id, "zzzzzzzzzz", "--yes")[0] == 2
    assert len(store.runs()) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "status", "left"), [("n", 1, 1), ("", 1, 1), ("y", 0, 0), ("예", 0, 0)])
def test_on_a_terminal_the_person_is_asked(store, new_run, answer, status, left):
    run = new_run(files={"a.png": b"x"})
    leader, follower = os.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "dllab", "rm", run.id],
        stdin=follower,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(follower)
    os.write(leader, f"{answer}\n".encode())
    out, _ = child.communicate()
    os.close(leader)
    assert child.returncode == status
    assert "1 file(s)" in out
    assert "Remove 1 run(s) for good? [y/N]" in out
    assert len(store.runs()) == left


def test_with_a_sweep_its_runs_go_and_others_forget_it(dllab, store, new_run):
    sweep = new_run(experiment="sweep")
    members = [new_run(parent=sweep.id, relation="sweep") for _ in range(2)]
    repeated = new_run(parent=members[0].id, relation="rerun")
    status, out, _ = dllab("rm", sweep.id, members[0].id, "--yes")
    assert (status, out) == (0, f"removed {sweep.id} (sweep) and its 2 run(s)\n")
    assert not any(run.folder.exists() for run in (sweep, *members))
    assert [run.id for run in store.runs()] == [repeated.id]
    assert (store.run(repeated.id).parent, store.run(repeated.id).relation) == (None, None)
    record = json.loads((repeated.folder / "run.json").read_text(encoding="utf-8"))
    assert record["parent"] is None


def test_a_sweep_with_a_living_run_stays_whole(dllab, store, new_run):
    sweep = new_run(experiment="sweep")
    member = new_run(parent=sweep.id, relation="sweep", status="running")
    status, _, err = dllab("rm", sweep.id, "--yes")
    assert status == 2
    assert f"run {member.id} is running" in err
    assert len(store.runs()) == 2
