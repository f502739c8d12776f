"""`dllab compare`."""

import json
import math


def test_only_what_differs_is_shown(dllab, new_run):
    first = new_run(
        params={"size": 32, "waves": 4}, metrics={"loss": [0.5], "same": [math.nan]}, files={"a.png": b"x"}
    )
    second = new_run(
        params={"size": 64, "waves": 4}, metrics={"loss": [0.25], "same": [math.nan]}, files={"a.png": b"y"}
    )
    status, out, _ = dllab("compare", first.id, second.id)
    assert status == 0
    words = [line.split() for line in out.splitlines()]
    assert words[0] == [first.id, second.id]
    assert ["size", "32", "64"] in words
    assert ["loss", "0.5", "0.25"] in words
    assert ["a.png", "sha256", "2d711642b726", "sha256", "a1fce4363854"] in words
    assert not any(line[:1] in (["waves"], ["same"], ["seed"]) for line in words)


def test_all_shows_what_is_equal_too(dllab, new_run):
    out = dllab("compare", new_run().id, new_run().id, "--all")[1]
    assert ["seed", "7", "7"] in [line.split() for line in out.splitlines()]


def test_equal_runs_differ_in_nothing(dllab, new_run):
    assert dllab("compare", new_run().id, new_run().id)[1].endswith("\nnothing differs\n")


def test_more_than_two_runs_go_side_by_side_and_what_one_lacks_is_a_dash(dllab, new_run):
    runs = [new_run(metrics={"loss": [1.0]}), new_run(), new_run(seed=8)]
    words = [line.split() for line in dllab("compare", *(run.id for run in runs))[1].splitlines()]
    assert ["seed", "7", "7", "8"] in words
    assert ["loss", "1", "-", "-"] in words


def test_versions_and_checks_are_compared(dllab, new_run):
    check = {"name": "mean", "passed": True, "expected": "0.5", "source": "s"}
    first = new_run(checks=(check | {"got": 0.5},), environment={"packages": {"torch": "2.12"}})
    second = new_run(checks=(check | {"got": 0.6},), environment={"packages": {"torch": "2.13"}})
    facts = json.loads(dllab("compare", first.id, second.id, "--json")[1])
    assert facts["runs"] == [first.id, second.id]
    rows = {(row["section"], row["name"]): row["values"] for row in facts["rows"]}
    assert rows == {("checks", "mean"): [0.5, 0.6], ("environment", "torch"): ["2.12", "2.13"]}


def test_one_run_alone_cannot_be_compared(dllab, new_run):
    assert dllab("compare", new_run().id) == (2, "", "dllab: compare takes two runs or more\n")


def test_a_sweep_without_an_environment_does_not_list_every_package(dllab, new_run):
    packages = {f"package{i}": "1.0" for i in range(45)}
    sweep = new_run(experiment="sweep", device="", dtype="")
    runs = [new_run(environment={"python": "3.11", "packages": packages | {"torch": v}}) for v in "12"]
    out = dllab("compare", sweep.id, runs[0].id)[1]
    assert "package" not in out
    assert "python" not in out
    out = dllab("compare", sweep.id, *(run.id for run in runs))[1]
    assert ["torch", "-", "1", "2"] in [line.split() for line in out.splitlines()]
    assert "package" not in out
