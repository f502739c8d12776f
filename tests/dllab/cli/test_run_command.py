"""`dllab run`: flags in, files and an exit status out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

Lab = Callable[..., subprocess.CompletedProcess[str]]
Line = Callable[..., tuple[int, str, str]]


def test_a_run_names_what_it_made_and_its_checks(lab: Lab, plasma: Path, home: Path) -> None:
    result = lab("run", "plasma", "--size", "24", "--seed", "3")
    assert result.returncode == 0, result.stderr
    (picture,) = home.glob("runs/*/plasma.png")
    assert str(picture) in result.stdout
    assert "✓ picture is made: 1" in result.stdout
    assert result.stderr == ""
    with Image.open(picture) as image:
        assert image.size == (24, 24)


def test_json_is_one_object_on_standard_output(lab: Lab, plasma: Path) -> None:
    result = lab("run", "plasma", "--json", "--tag", "a", "--tag", "b")
    facts = json.loads(result.stdout)
    assert (facts["status"], facts["tags"], facts["seed"]) == ("succeeded", ["a", "b"], 0)
    assert facts["artifacts"][0]["name"] == "plasma.png"
    assert Path(facts["artifacts"][0]["path"]).is_file()
    assert facts["checks"][0]["passed"] is True


def test_quiet_prints_nothing(lab: Lab, plasma: Path) -> None:
    result = lab("run", "plasma", "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_wrong_values_are_one_line_and_status_two(lab: Lab, plasma: Path, home: Path) -> None:
    wrong = [("--size", "3"), ("--sise", "3"), ("--seed", "-1"), ("--threads", "0"), ("--device", "gpu7x")]
    wrong += [("--dtype", "int3"), ("--executor", "moon"), ("--size",), ("--params", "absent.json")]
    for words in wrong:
        result = lab("run", "plasma", *words)
        assert result.returncode == 2, (words, result.stderr)
        assert result.stderr.startswith("dllab: ") and result.stderr.count("\n") == 1, (words, result.stderr)
    assert not list(home.glob("runs/*"))


def test_parameters_come_from_a_file_and_flags_win(lab: Lab, plasma: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text('{"size": 20, "waves": 2}')
    facts = json.loads(lab("run", "plasma", "--params", str(file), "--waves", "3", "--json").stdout)
    assert (facts["params"]["size"], facts["params"]["waves"]) == (20, 3)
    file.write_text("[1]")
    assert "object" in lab("run", "plasma", "--params", str(file)).stderr


def test_out_copies_and_never_overwrites(lab: Lab, plasma: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for _ in range(2):
        assert lab("run", "plasma", "--out", str(folder)).returncode == 0
    assert {path.name for path in folder.iterdir()} == {"plasma.png", "plasma-2.png"}
    (tmp_path / "file").write_text("x")
    result = lab("run", "plasma", "--out", str(tmp_path / "file" / "x"))
    assert result.returncode == 2 and "--out" in result.stderr


def test_a_folder_that_takes_no_file_is_told_before_the_run(lab: Lab, plasma: Path, tmp_path: Path) -> None:
    """As on a disk that can only be read; /proc takes no new file from anybody, root included."""
    if not Path("/proc/self").is_dir():
        pytest.skip("this system has no folder that takes no file from anybody")
    done = lab("run", "plasma", "--out", "/proc/self")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--out '/proc/self' cannot be used" in done.stderr
    assert lab("runs", "--json").stdout.strip() in ("[]", "")


def test_a_copy_that_is_edited_leaves_the_stored_file_as_it_was(lab: Lab, plasma: Path, home: Path) -> None:
    facts = json.loads(lab("run", "plasma", "--json").stdout)
    copy = Path(facts["artifacts"][0]["path"])
    copy.chmod(0o600)
    with copy.open("r+b") as file:
        file.write(b"spoiled")
    digest = facts["artifacts"][0]["digest"]
    import hashlib

    (blob,) = [path for path in home.glob("blobs/*/*") if path.name == digest or digest.endswith(path.name)]
    assert hashlib.sha256(blob.read_bytes()).hexdigest() == digest


def test_the_recipe_can_be_left_out(lab: Lab, plasma: Path, home: Path) -> None:
    lab("run", "plasma", "--no-recipe")
    (picture,) = home.glob("runs/*/plasma.png")
    with Image.open(picture) as image:
        assert "dllab" not in image.info


def test_korean_is_chosen_by_flag_or_locale(lab: Lab, plasma: Path) -> None:
    for words, environment in ((("--lang", "ko"), {}), ((), {"DLLAB_LANG": "", "LC_ALL": "ko_KR.UTF-8"})):
        result = lab("run", "plasma", *words, **environment)
        assert "성공" in result.stdout, result.stderr
        assert "이상이어야" in lab("run", "plasma", "--size", "1", *words, **environment).stderr


def test_a_console_without_korean_does_not_crash(lab: Lab, plasma: Path) -> None:
    result = lab("run", "plasma", "--lang", "ko", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0, result.stderr


def test_progress_is_drawn_on_a_terminal_only(home: Path, plasma: Path) -> None:
    import pty

    main, worker = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", "run", "plasma"],
        stdout=subprocess.PIPE,
        stderr=worker,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(worker)
    output = process.communicate(timeout=60)[0]
    os.close(main)
    assert process.returncode == 0
    assert b"plasma.png" in output


def test_a_traceback_is_shown_with_debug_only(lab: Lab, plugin: Callable[..., Path]) -> None:
    plugin(
        "bad",
        """
        import dllab

        class P(dllab.Params):
            pass

        @dllab.experiment("bad", topic="test")
        def bad(run, params: P):
            "Raises."
            raise KeyError("cookie")

        @dllab.hookimpl
        def dllab_experiments():
            return [bad]
        """,
    )
    plain, debug = lab("run", "bad"), lab("run", "bad", "--debug")
    assert plain.returncode == debug.returncode == 1
    assert plain.stderr.count("\n") == 1 and "KeyError" in plain.stderr and "plugin bad" in plain.stderr
    assert "Traceback" in debug.stderr and 'raise KeyError("cookie")' in debug.stderr


def test_an_observer_that_raises_is_named_and_the_run_succeeds(
    lab: Lab, plasma: Path, plugin: Callable[..., Path]
) -> None:
    plugin(
        "watcher",
        """
        import dllab

        @dllab.hookimpl
        def dllab_run_event(record, event):
            raise RuntimeError("I looked away")
        """,
    )
    result = lab("run", "plasma")
    assert result.returncode == 0
    assert "watcher" in result.stderr and "I looked away" in result.stderr
    assert result.stderr.count("I looked away") == 1


def test_observers_see_the_run_from_start_to_end(
    lab: Lab, plasma: Path, plugin: Callable[..., Path], tmp_path: Path
) -> None:
    log = tmp_path / "seen.txt"
    plugin(
        "watcher",
        f"""
        import dllab

        def note(line):
            with open({str(log)!r}, "a") as file:
                file.write(line + "\\n")

        @dllab.hookimpl
        def dllab_run_started(record):
            note(f"started {{record.experiment}} {{record.status}}")

        @dllab.hookimpl
        def dllab_run_event(record, event):
            note(event["kind"])

        @dllab.hookimpl
        def dllab_run_finished(record):
            note(f"finished {{record.status}}")
        """,
    )
    assert lab("run", "plasma").returncode == 0
    seen = log.read_text().split("\n")
    assert seen[0] == "started plasma running" and seen[-2] == "finished succeeded"
    assert {"metric", "artifact", "check", "finished"} <= set(seen)


def test_doctor_finds_the_lab_well(lab: Lab, plasma: Path) -> None:
    result = lab("doctor")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "torch" in result.stdout and "H.264" in result.stdout


@pytest.mark.parametrize("words", [("doctor", "--json"), ("doctor", "--lang", "ko")])
def test_doctor_tells_it_in_json_and_in_korean(dllab: Line, plasma: Path, words: tuple[str, ...]) -> None:
    status, told, _ = dllab(*words)
    assert status == 0, told
    assert "torch" in told and "H.264" in told
    if "--json" in words:
        assert {finding["state"] for finding in json.loads(told)} <= {"good", "note"}
    else:
        assert "메모리" in told


def test_doctor_names_a_broken_plugin(dllab: Line, plugin: Callable[..., Path]) -> None:
    plugin("broken", "raise ImportError('no cookies')")
    status, told, _ = dllab("doctor")
    assert status == 1
    assert "broken" in told and "no cookies" in told


def test_doctor_looks_at_the_store(dllab: Line, lab: Lab, plasma: Path, home: Path) -> None:
    assert "no run yet" in dllab("doctor")[1]
    assert not home.exists()
    assert lab("run", "plasma", "--quiet").returncode == 0
    assert "opens, format 1: 1 run(s), 1 file(s)" in dllab("doctor")[1]
    for left in home.glob("lab.sqlite3*"):
        left.unlink()
    (home / "lab.sqlite3").write_bytes(b"not a database, but long enough to look at" * 100)
    findings = json.loads(dllab("doctor", "--json")[1])
    (bad,) = [finding for finding in findings if finding["state"] == "bad"]
    assert "is damaged (file is not a database): put a backup in its place" in bad["found"]
    assert "--store FOLDER" in bad["remedy"]
    result = lab("runs")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "move it away and a new one is made" in result.stderr
