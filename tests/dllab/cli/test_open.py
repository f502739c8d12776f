"""`dllab open`."""

import os
import sys

import pytest


@pytest.fixture(autouse=True)
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_display_the_path_is_printed(dllab, new_run):
    run = new_run(files={"a.png": b"x"})
    picture = f"{run.folder / 'a.png'}\n"
    assert dllab("open", "--print") == (0, f"{run.folder}\n", "")
    assert dllab("open", run.id, "a.png", "--print")[1] == picture
    assert dllab("open", f"{run.id}:a.png", "--print")[1] == picture
    assert dllab("open", "last:a.png", "--print")[1] == picture
    assert dllab("open", "last:plasma:a.png", "--print")[1] == picture


def test_a_file_that_the_person_deleted_is_opened_from_the_store(dllab, store, new_run):
    run = new_run(files={"a.png": b"x"})
    (run.folder / "a.png").unlink()
    assert dllab("open", run.id, "a.png", "--print")[1] == f"{store.artifact(run.id, 'a.png').path}\n"


def test_an_unknown_file_says_which_there_are(dllab, new_run):
    run = new_run(files={"dream.png": b"x"})
    for words in ((run.id, "draem.png"), (f"{run.id}:draem.png",)):
        status, _, err = dllab("open", *words)
        assert status == 2
        said = f"run {run.id} has no artifact 'draem.png'; it has: dream.png. Did you mean 'dream.png'?"
        assert err == f"dllab: {said}\n"
    assert "no run of experiment 'plasmo'" in dllab("open", "last:plasmo")[2]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other openers")
def test_with_a_display_the_systems_opener_gets_the_path(dllab, new_run, tmp_path, monkeypatch):
    run = new_run()
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{opener.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    assert dllab("open", run.id)[0] == 0
    assert (tmp_path / "opened").read_text() == f"{run.folder}\n"


def test_the_hint_names_what_the_run_left_and_not_its_inputs(dllab, store, new_run, tmp_path):
    source = tmp_path / "cat.jpg"
    source.write_bytes(b"cat")
    run = new_run(status="failed", files={})
    digest, _ = store.keep_input(source, kind="image", name="cat.jpg")
    store.link_input(run.id, "image", digest, name="cat.jpg", media_type="image/jpeg", size=3)
    status, _, err = dllab("open", "last", "dream.png")
    assert (status, err) == (2, f"dllab: run {run.id} has no artifact 'dream.png': it left no file.\n")
