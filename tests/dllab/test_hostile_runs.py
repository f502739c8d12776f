"""Runs that misbehave, signals at bad moments, and consoles that go away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.store import Store

HOSTILE = '''
import signal
import sys
import time

import dllab


class BadText(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class HostileParams(dllab.Params):
    how: str = dllab.param("well", help="how it behaves")
    image: dllab.Input | None = dllab.input("image", default=None, help="a picture")


@dllab.experiment("hostile", topic="test")
def hostile(run, params: HostileParams):
    """Behaves badly."""
    how = params.how
    if how == "refuse":
        raise dllab.UsageError("--how refuse: choose another")
    run.log(0, loss=1.0)
    if how == "markup":
        list(run.progress(range(3), label="[/foo] [bold]x"))
    if how == "bad-text":
        raise BadText
    if how == "surrogate":
        raise ValueError("a" + chr(0xDCFF))
    if how == "log-surrogate":
        run.message("a" + chr(0xDCFF))
        run.log(1, **{"k" + chr(0xDCFF): 1.0})
    if how == "huge-step":
        run.log(2**70, loss=1.0)
    if how == "shape":
        run.save_image("a.png", [1, 2])
    if how == "preview":
        run.save_image("preview.png", [[[0.0]]] * 3)
    if how == "print":
        print("said aloud")
    if how == "messages":
        for number in range(20000):
            run.message(f"message {number}")
    if how == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with run.open_file("ready.txt", "w") as file:
            file.write("x")
        while True:
            try:
                time.sleep(60)
            except BaseException:
                pass
    if how == "slow":
        with run.open_file("ready.txt", "w") as file:
            file.write("x")
        for _ in run.progress(range(1000)):
            time.sleep(0.05)


@dllab.hookimpl
def dllab_experiments():
    return [hostile]
'''

Lab = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hostile(plugin: Callable[..., Path]) -> Path:
    return plugin("hostile", HOSTILE)


def last_run():  # type: ignore[no-untyped-def]
    with Store() as store:
        return store.run("last")


@pytest.mark.parametrize("executor", ["inline", "process"])
@pytest.mark.parametrize("how", ["bad-text", "surrogate", "huge-step", "shape", "preview"])
def test_a_failure_of_the_experiment_is_one_line_that_names_it(
    lab: Lab, hostile: Path, how: str, executor: str
) -> None:
    result = lab("run", "hostile", "--how", how, "--executor", executor)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1 and "experiment 'hostile' of plugin hostile failed" in result.stderr
    assert last_run().status == "failed"


def test_odd_characters_in_messages_and_metrics_are_recorded_escaped(lab: Lab, hostile: Path) -> None:
    assert lab("run", "hostile", "--how", "log-surrogate").returncode == 0
    with Store() as store:
        assert "k\\udcff" in store.latest_metrics("last") or "k\\udcff" in store.latest_metrics(last_run().id)


def test_a_value_that_the_experiment_refuses_leaves_no_run(lab: Lab, hostile: Path) -> None:
    result = lab("run", "hostile", "--how", "refuse")
    assert (result.returncode, result.stderr) == (2, "dllab: --how refuse: choose another\n")
    with Store() as store:
        assert store.runs() == []


def test_a_device_that_is_not_here_leaves_no_run(lab: Lab, hostile: Path) -> None:
    result = lab("run", "hostile", "--device", "xpu:9")
    assert result.returncode == 2 and "cpu" in result.stderr
    with Store() as store:
        assert store.runs() == []


def test_json_stays_whole_when_the_experiment_prints(lab: Lab, hostile: Path) -> None:
    result = lab("run", "hostile", "--how", "print", "--json")
    assert json.loads(result.stdout)["status"] == "succeeded"
    assert "said aloud" in result.stderr


def test_labels_are_no_markup_on_a_terminal(hostile: Path, home: Path) -> None:
    import pty

    main, worker = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", "run", "hostile", "--how", "markup"],
        stdout=subprocess.PIPE,
        stderr=worker,
        env=os.environ | {"TERM": "xterm"},
    )
    os.close(worker)
    process.communicate(timeout=60)
    os.close(main)
    assert process.returncode == 0 and last_run().status == "succeeded"


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_pipe_that_closes_ends_no_run(hostile: Path, home: Path, executor: str) -> None:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", "run", "hostile", "--how", "messages", "--executor", executor],
        stdout=writer,
        stderr=writer,
        env=dict(os.environ),
    )
    os.close(writer)
    os.read(reader, 10)
    os.close(reader)
    process.wait(timeout=120)
    assert last_run().status == "succeeded"


def begin(home: Path, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", "run", "hostile", *words],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not list(home.glob("runs/*/ready.txt")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    return process


def test_a_run_that_ignores_its_signals_is_killed_and_cancelled(hostile: Path, home: Path) -> None:
    process = begin(home, "--how", "deaf", "--executor", "process")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert (process.returncode, last_run().status) == (130, "cancelled")


def test_three_signals_leave_a_run_that_will_not_stop(hostile: Path, home: Path) -> None:
    process = begin(home, "--how", "deaf")
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    process.communicate(timeout=20)
    assert process.returncode != 0
    assert last_run().status == "lost"


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_closed_terminal_cancels_the_run(hostile: Path, home: Path, executor: str) -> None:
    process = begin(home, "--how", "slow", "--executor", executor)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=30)
    assert (process.returncode, last_run().status) == (130, "cancelled")


def hears_signals(process: subprocess.Popen[str]) -> bool:
    """Whether the command has its handlers by now: a signal before that ends any Python program."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():  # no Linux
        time.sleep(0.2)
        return True
    caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_early_moment_leaves_no_lost_run(hostile: Path, home: Path, number: int) -> None:
    for delay in (0.0, 0.15, 0.3, 0.45):
        process = subprocess.Popen(
            [sys.executable, "-m", "dllab", "run", "hostile", "--how", "slow", "--executor", "process"],
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while process.poll() is None and not hears_signals(process):
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 130, (delay, process.returncode, errors)
        assert "Traceback" not in errors
    with Store() as store:
        assert {run.status for run in store.runs()} <= {"cancelled"}


@pytest.mark.parametrize("executor", ["inline", "process"])
@pytest.mark.parametrize("deed", ["os._exit(0)", "sys.exit(0)", "raise KeyboardInterrupt", "raise BadText"])
def test_an_observer_cannot_end_a_run(
    lab: Lab, hostile: Path, plugin: Callable[..., Path], executor: str, deed: str
) -> None:
    plugin(
        "watcher",
        f"""
        import os
        import sys

        import dllab


        class BadText(Exception):
            def __str__(self):
                raise RuntimeError("no words")


        @dllab.hookimpl
        def dllab_run_event(record, event):
            {deed}
        """,
    )
    result = lab("run", "hostile", "--executor", executor)
    assert result.returncode == 0, result.stderr
    assert "watcher" in result.stderr and last_run().status == "succeeded"


def test_a_script_without_a_main_guard_can_use_processes(hostile: Path, home: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import dllab\nprint(dllab.launch('hostile', executor='process').status)\n")
    result = subprocess.run(
        [sys.executable, str(script)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout == "succeeded\n", result.stderr
    with Store() as store:
        assert len(store.runs()) == 1


def test_a_name_from_a_mac_is_found(lab: Lab, hostile: Path, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / unicodedata.normalize("NFD", "나비.png"))
    typed = tmp_path / unicodedata.normalize("NFC", "나비.png")
    assert lab("run", "hostile", "--image", str(typed)).returncode == 0
    assert lab("which", str(typed)).returncode == 2  # found, and known to be nobody's


@pytest.mark.parametrize("reference", ["~nobody-of-this-name/a.png", "~", ".", "..", "a\0b.png", "/dev/zero"])
def test_odd_references_are_one_line(lab: Lab, hostile: Path, reference: str) -> None:
    if "\0" in reference:
        from dllab.inputs import resolve_input

        with Store() as store, pytest.raises(Exception, match="path"):
            resolve_input(store, reference, "image")
        return
    result = lab("run", "hostile", "--image", reference)
    assert result.returncode == 2 and result.stderr.count("\n") == 1 and "bug" not in result.stderr
    assert "''" not in result.stderr


def test_parameters_from_a_pipe_or_a_deep_file_are_refused(lab: Lab, hostile: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.json"
    os.mkfifo(fifo)
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000)
    for path in (str(fifo), "/dev/zero", str(deep)):
        result = lab("run", "hostile", "--params", path)
        assert result.returncode == 2 and result.stderr.count("\n") == 1
    marked = tmp_path / "bom.json"
    marked.write_bytes(b'\xef\xbb\xbf{"how": "well"}')
    assert lab("run", "hostile", "--params", str(marked)).returncode == 0


def test_a_run_that_left_only_metrics_replays(lab: Lab, hostile: Path) -> None:
    assert lab("run", "hostile").returncode == 0
    result = lab("rerun", "last")
    assert result.returncode == 0 and "1 metrics" in result.stdout


def test_a_damaged_input_is_told_and_nothing_is_blamed(
    lab: Lab, hostile: Path, tmp_path: Path, home: Path
) -> None:
    from PIL import Image

    picture = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(picture)
    assert lab("run", "hostile", "--image", str(picture)).returncode == 0
    with Store() as store:
        blob = store.blob_path(store.run("last").inputs["image"]["digest"])
    assert blob is not None
    blob.chmod(0o600)
    blob.write_bytes(b"other")
    result = lab("rerun", "last")
    assert result.returncode == 1 and "damaged" in result.stderr and result.stderr.count("\n") == 1


def test_parents_say_how_to_go_on(lab: Lab, plasma: Path) -> None:
    assert lab("sweep", "plasma", "--seeds", "0,1").returncode == 0
    sweep = lab("rerun", "last:sweep")
    assert sweep.returncode == 2 and "--resume" in sweep.stderr
    assert lab("vary", "last:plasma", "--n", "2").returncode == 0
    sheet = lab("vary", "last:vary")
    assert sheet.returncode == 2 and "--pick" in sheet.stderr
