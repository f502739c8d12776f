"""`dllab show`, and the figures in its tables."""

import json
import math

import pytest

from dllab.cli.figures import duration, number, plain, sparkline

CHECK = {"name": "mean", "got": 0.51, "expected": "0.5 ± 0.1", "passed": True, "source": "by symmetry"}


def test_show_tells_all_that_is_known_of_a_run(dllab, store, new_run):
    parent = new_run()
    inputs = {"image": {"name": "고양이.png", "digest": "ab" * 32}}
    run = new_run(
        params={"size": 64, "layers": ["a", "b"], "data": None, "tile": True}, inputs=inputs,
        parent=parent.id, relation="rerun", tags=("best",),
        metrics={"loss": [4.0, 1.0, 2.0]}, files={"a.png": b"12345"},
        checks=(CHECK,), environment={"python": "3.11.7", "packages": {"torch": "2.13.0", "zebra": "1"}},
        status="failed", error="1 of 1 checks failed: mean",
    )  # fmt: skip
    store.add_event(run.id, "log", {"level": "warning", "text": "halved the tile"})
    status, out, _ = dllab("show", run.id)
    assert status == 0
    words = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        f"plasma {run.id} failed", "error 1 of 1 checks failed: mean", "seed 7", "on cpu, float32, threads 2",
        f"lineage repeats {parent.id}", "tags best", f"folder {run.folder}", "layers a, b", "data none",
        "tile true", "image 고양이.png sha256 abababababab…", "✓ mean 0.51 expected 0.5 ± 0.1 by symmetry",
        "points first last least most", "loss 3 4 2 1 4 █▁▃", f"a.png 5 B {run.folder / 'a.png'}",
        "halved the tile", "Python 3.11.7, torch 2.13.0",
    ):  # fmt: skip
        assert line in words, (line, words)
    assert f"lineage {run.id} (repeats this one)" in " ".join(dllab("show", parent.id)[1].split())


def test_show_without_a_name_shows_the_last_run(dllab, new_run):
    new_run()
    assert new_run().id in dllab("show")[1].splitlines()[0]


def test_show_as_json_has_every_point_and_every_file(dllab, new_run):
    run = new_run(metrics={"loss": [2.0, math.inf]}, files={"a.png": b"x"}, checks=(CHECK,))
    facts = json.loads(dllab("show", run.id, "--json")[1], parse_constant=pytest.fail)
    assert facts["metrics"]["loss"] == {
        "first": 2.0, "last": "Infinity", "min": 2.0, "max": "Infinity",
        "steps": [0, 1], "values": [2.0, "Infinity"],
    }  # fmt: skip
    assert facts["artifacts"][0]["path"] == str(run.folder / "a.png")
    assert facts["checks"][0]["got"] == 0.51


def test_an_unknown_run_is_told_in_one_line(dllab, new_run):
    new_run(experiment="deepdream")
    assert dllab("show", "last:deepdraem") == (
        2, "", "dllab: no run of experiment 'deepdraem' in the store. Did you mean 'deepdream'?\n",
    )  # fmt: skip


def test_a_traceback_is_shown_when_it_is_asked_for(dllab, store, new_run):
    run = new_run(status="failed")
    store.add_event(run.id, "traceback", {"text": "Traceback: line 3\n"})
    assert "Traceback" not in dllab("show", run.id)[1]
    assert dllab("show", run.id, "--debug")[1].endswith("Traceback: line 3\n")


def test_show_speaks_korean(dllab, new_run):
    out = dllab("show", new_run().id, "--lang", "ko")[1]
    assert "성공" in out
    assert "매개변수" in out


def test_a_sparkline_goes_from_the_least_to_the_most(capsys):
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline([1, 3, 2, 2, 5, 5], places=3) == "▁▁█"
    assert sparkline([2, 2]) == "▅▅"
    assert sparkline([0, math.nan, 1]) == "▁ █"
    assert sparkline([-1.7e308, 1.7e308]) == "▁█"
    assert sparkline([1]) == sparkline([]) == sparkline([math.nan, math.inf]) == ""
    assert len(sparkline(range(1000))) == 24


def test_figures_read_well():
    assert [duration(seconds) for seconds in (None, 0.5, 59.94, 60, 185.2, 7800)] == [
        "-", "0.50 s", "59.9 s", "1 min 00 s", "3 min 05 s", "2 h 10 min",
    ]  # fmt: skip
    assert [number(value) for value in (None, 1 / 3, 1e9, math.nan)] == ["-", "0.333333", "1e+09", "nan"]


def test_what_comes_out_of_files_cannot_steer_the_terminal():
    assert plain("a\x1b[2Jb\u202e\nc\udcff") == "a\\x1b[2Jb\\u202e\\nc\\udcff"
    assert plain([0.1, 1 / 3, "안녕"]) == "0.1, 0.3333333333333333, 안녕"


def test_a_picture_shows_the_run_that_left_it(dllab, new_run, tmp_path):
    run = new_run(files={"a.png": b"picture"})
    new_run()
    copy = tmp_path / "my copy.png"
    copy.write_bytes(b"picture")
    for path in (copy, run.folder / "a.png"):
        status, out, _ = dllab("show", str(path))
        assert status == 0
        assert run.id in out.splitlines()[0]
    copy.write_bytes(b"another")
    status, _, err = dllab("show", str(copy))
    assert status == 2
    assert err.startswith("dllab: no run of this store left 'my copy.png'; `dllab which ")


def test_a_sweep_reads_without_pythons_brackets_and_counts_its_runs(dllab, new_run):
    params = {"experiment": "plasma", "grid": {"size": ["16", "32"], "waves": ["4"]}, "fixed": {}}
    sweep = new_run(experiment="sweep", params=params, device="", dtype="")
    member, *_ = [new_run(parent=sweep.id, relation="sweep") for _ in range(3)]
    out = dllab("show")[1]  # the last is the sweep, not a part of it
    assert out.splitlines()[0] == f"sweep  {sweep.id}  succeeded"
    words = [" ".join(line.split()) for line in out.splitlines()]
    assert "grid size=16, 32; waves=4" in words
    assert "fixed -" in words
    assert "on threads 2" in words
    assert f"lineage 3 run(s) are part of it (dllab runs --parent {sweep.id})" in words
    assert not any(mark in out for mark in "{}[]'")
    assert member.id not in out
    assert f"is part of the sweep {sweep.id}" in " ".join(dllab("show", "last:plasma")[1].split())


def test_what_a_run_says_cannot_steer_the_terminal(dllab, store, new_run):
    evil = "a\x1b[2Jb"
    check = CHECK | {"name": evil, "source": evil}
    run = new_run(
        params={evil: evil}, inputs={"image": {"name": evil, "digest": "ab" * 32}}, metrics={evil: [1.0]},
        checks=(check,), status="failed", error=evil, device=evil, plugin=evil, plugin_version=evil,
        environment={"python": evil, "system": evil},
    )  # fmt: skip
    store.add_event(run.id, "log", {"level": "warning", "text": evil})
    store.add_event(run.id, "traceback", {"text": f"Traceback:\n  {evil}"})
    for words in (("show", run.id, "--debug"), ("runs",), ("compare", run.id, new_run().id, "--all")):
        out = dllab(*words)[1]
        assert "a\\x1b[2Jb" in out
        assert all(line.isprintable() for line in out.splitlines()), words
