"""The command line when it is cut off: full disks, closed streams, signals, stores that are not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.cli import READING
from dllab.reserved import COMMANDS

Lab = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-m", "dllab"]
posix = pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX")

WAITS = """
import time
import dllab

def wait(args):
    print("ready", flush=True)
    time.sleep(60)

@dllab.hookimpl
def dllab_commands():
    return [dllab.Command("wait", "Wait.", run=wait)]
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_is_full_is_told_in_one_line(plasma: Path, unbuffered: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("dllab: cannot write the output: ")
    assert done.stderr.count("\n") == 1


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "status"), [("list", 0), ("runs", 0), ("lsit", 2), ("run plasma --tiny", 0)]
)
def test_standard_streams_may_be_closed(plasma: Path, closed: str, words: str, status: int) -> None:
    line = f'"{sys.executable}" -m dllab {words} {closed}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr


@posix
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_a_command_that_is_told_to_end_ends_as_if_interrupted(
    plugin: Callable[..., Path], number: str
) -> None:
    plugin("waits", WAITS)
    with subprocess.Popen(
        [*COMMAND, "wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(getattr(signal, number))
        assert process.wait() == 130
        assert process.stderr.read() == "dllab: interrupted\n"


@posix
def test_a_signal_that_is_ignored_stays_so(plugin: Callable[..., Path]) -> None:
    plugin("waits", WAITS.replace("time.sleep(60)", "import signal; print(signal.getsignal(1))"))
    line = f"trap '' HUP; \"{sys.executable}\" -m dllab wait"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] in ("1", "Handlers.SIG_IGN")


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_a_store_makes_none(tmp_path: Path, lab: Lab, command: str) -> None:
    assert command in COMMANDS
    nowhere = tmp_path / "nowhere"
    done = lab(command, "--store", str(nowhere))
    assert done.returncode == 2
    assert done.stderr == f"dllab: there is no store at {nowhere}\n"
    assert not nowhere.exists()
    assert lab(command, "--help", "--store", str(nowhere)).returncode == 0


@pytest.mark.parametrize("words", [("runs",), ("run", "plasma", "--tiny"), ("gc",)])
def test_a_file_is_no_store(plasma: Path, lab: Lab, words: tuple[str, ...]) -> None:
    done = lab(*words, "--store", str(plasma))
    assert done.returncode == 2
    assert done.stderr == f"dllab: --store {plasma} is a file; give the folder of a store\n"


@pytest.mark.parametrize("word", ["version", "lang", "plugins-dir"])
def test_an_option_without_its_dashes_is_recognized(lab: Lab, word: str) -> None:
    done = lab(word)
    assert done.returncode == 2
    assert f"there is no command '{word}'. It is an option: --{word}" in done.stderr
