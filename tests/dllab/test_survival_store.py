"""The store survives what happens to the processes and disks that use it; runs that misbehave are ended."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin_sources import WILD

from dllab.executors.process import ProcessExecutor
from dllab.runner import Outcome, RunRequest, carry_out
from dllab.store import Store
from dllab.store.care import clear, find_waste, verify

Lab = Callable[..., "subprocess.CompletedProcess[str]"]

FOREVER = """
import sys
from dllab.runner import RunRequest, carry_out
from dllab.store import Store

with Store() as store:
    while True:
        carry_out(store, RunRequest("wild", {"size_mb": 1}, threads=1))
        print("one", flush=True)
"""

SOME = """
import sys
from concurrent.futures import ThreadPoolExecutor
from dllab.executors.process import ProcessExecutor
from dllab.runner import RunRequest, carry_out
from dllab.store import Store

if __name__ == "__main__":
    executor = ProcessExecutor()
    with Store() as store, ThreadPoolExecutor(5) as pool:
        request = RunRequest("wild", threads=1, executor="process")
        list(pool.map(lambda _: carry_out(store, request, executor=executor), range(int(sys.argv[1]))))
"""


@pytest.fixture
def wild(plugin: Callable[..., Path]) -> Path:
    return plugin("wild", WILD)


@pytest.fixture
def store(home: Path, wild: Path) -> Iterator[Store]:
    with Store() as opened:
        yield opened


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_at_random_moments_the_store_is_sound_each_time(store: Store, kills: int) -> None:
    moments = random.Random(kills)
    for number in range(kills):
        process = subprocess.Popen([sys.executable, "-c", FOREVER], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(moments.randint(1, 3)):
            assert process.stdout.readline() == "one\n"
        time.sleep(moments.uniform(0, 0.1))
        process.kill()
        process.communicate()
        assert {run.status for run in store.runs(limit=None)} <= {"succeeded", "lost"}, number
        assert list(verify(store)) == [], number
        for run in store.runs(statuses=["succeeded"], limit=None):
            assert len(store.metrics(run.id)) == 50
            assert store.artifact(run.id, "large.bin").copy.stat().st_size == 2**20
    waste = find_waste(store)
    assert {each.kind for each in waste} <= {"blob", "staging"}, "what was not recorded or not yet cleaned up"
    clear(store, waste)
    assert find_waste(store) == [] and list(verify(store)) == []


@pytest.mark.parametrize("size_mb", [0, 60])
def test_a_full_disk_fails_the_run_in_one_line_and_keeps_the_store_sound(
    home: Path, wild: Path, size_mb: int
) -> None:
    """A disk of 40 MB in memory, filled up before the run or by it."""
    home.mkdir()
    mount = f"mount -t tmpfs -o size=40m,mode=700 tmpfs '{home}'"
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "sh", "-c", mount]).returncode:
        pytest.skip("this system does not let us mount a small disk")
    dllab = f"'{sys.executable}' -m dllab"
    script = f"""{mount}
        {dllab} run wild --quiet || exit 90
        if [ {size_mb} = 0 ]; then dd if=/dev/zero of='{home}/filler' bs=1k count=1000000 2>/dev/null; fi
        {dllab} run wild --size-mb {size_mb}; echo "run ended with $?"
        rm -f '{home}/filler'
        {dllab} runs --json > '{home}-runs.json'
        {dllab} verify; echo "verify ended with $?"
        {dllab} run wild --quiet; echo "the next run ended with $?"
    """
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert "run ended with 1" in ended.stdout, ended
    assert "verify ended with 0" in ended.stdout and "the next run ended with 0" in ended.stdout, ended
    assert "Traceback" not in ended.stderr
    told = [line for line in ended.stderr.splitlines() if "no space left" in line.lower()]
    assert len(told) == 1, ended.stderr
    assert size_mb or "of plugin" not in told[0]  # which is not to blame for the store's own files
    runs = json.loads(Path(f"{home}-runs.json").read_text())
    assert sorted({run["status"] for run in runs}) in (
        ["failed", "succeeded"],
        ["lost", "succeeded"],
        ["succeeded"],
    )


@pytest.mark.parametrize("count", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_many_runs_at_once_in_one_store_all_succeed(store: Store, count: int) -> None:
    parents = [subprocess.Popen([sys.executable, "-c", SOME, str(count // 2)]) for _ in range(2)]
    assert [parent.wait() for parent in parents] == [0, 0]
    runs = store.runs(limit=None)
    assert [run.status for run in runs] == ["succeeded"] * count
    assert all(len(store.metrics(run.id)) == 50 for run in runs)
    assert list(verify(store)) == []


class Background:
    """A run in the process executor, carried out by a thread; cancelled once it has said what it does."""

    def __init__(self, store: Store, how: str) -> None:
        self.outcome: Outcome | None = None
        self.events: list[dict[str, Any]] = []
        self.has_spoken = threading.Event()
        self._handle: Any = None
        request = RunRequest("wild", {"how": how}, threads=1, executor="process")

        def run() -> None:
            self.outcome = carry_out(
                store, request, [self.listen], executor=ProcessExecutor(), on_submit=self.take
            )

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def take(self, handle: Any) -> None:
        self._handle = handle

    def listen(self, event: dict[str, Any]) -> None:
        self.events.append(dict(event))
        if event["kind"] == "log" or (event["kind"] == "metric" and event["step"] == 49):
            self.has_spoken.set()

    def cancel(self) -> Outcome:
        assert self.has_spoken.wait(timeout=60)
        self._handle.cancel()
        self._thread.join(timeout=60)
        assert self.outcome is not None
        return self.outcome


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.skipif(os.name == "nt", reason="process groups")
@pytest.mark.parametrize("how", ["prints", "children", "deaf"])
def test_a_run_that_misbehaves_is_cancelled_and_its_children_are_gone(store: Store, how: str) -> None:
    background = Background(store, how)
    outcome = background.cancel()
    assert outcome.record.status in ("cancelled", "failed")
    said = [event["text"].split()[1:] for event in background.events if event["kind"] == "log"]
    pids = [int(pid) for words in said for pid in words]
    assert len(pids) == (3 if how == "children" else 0)
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_alive, pids))
    output = store.events(outcome.record.id, "output")
    assert sum(len(event["text"]) for event in output) <= 64_000
    assert list(verify(store)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's RLIMIT_DATA")
def test_a_run_that_leaks_memory_ends_at_its_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLLAB_MEMORY_GB", "2")
    outcome = carry_out(store, RunRequest("wild", {"how": "leaks"}, threads=1, executor="process"))
    assert outcome.record.status == "failed"
    assert "MemoryError" in str(outcome.record.error) and "\n" not in str(outcome.record.error)
    assert carry_out(store, RunRequest("wild", threads=1, executor="process")).record.status == "succeeded"


@pytest.mark.parametrize("given", ["much", "-1", "0", "nan"])
def test_a_memory_limit_that_is_none_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, given: str, lab: Lab
) -> None:
    ended = lab("run", "wild", "--executor", "process", DLLAB_MEMORY_GB=given)
    assert ended.returncode == 2
    assert "DLLAB_MEMORY_GB" in ended.stderr and ended.stderr.count("\n") == 1


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_run_out_of_memory_backs_off_and_says_so(store: Store, executor: str) -> None:
    record = carry_out(store, RunRequest("wild", {"how": "memory"}, executor=executor)).record
    assert record.status == "succeeded"
    assert store.latest_metrics(record.id)["fitted"] == 3
    said = [(event["level"], event["text"]) for event in store.events(record.id, "log")]
    assert said == [
        ("warning", "out of memory: going on with 6 instead of 12"),
        ("warning", "out of memory: going on with 3 instead of 6"),
    ]


LEASED = '''
import dllab


class LeasedParams(dllab.Params):
    name: str = dllab.param("a", help="which of them")


@dllab.experiment("leased", topic="test")
def leased(run, params: LeasedParams):
    """Takes the accelerator and holds it until the other waits."""
    import time
    from pathlib import Path

    run.log(0, has=float(run.device.index or 0))
    gate = Path(__file__).with_name("gate")
    while params.name == "a" and not gate.exists():
        time.sleep(0.01)


@dllab.hookimpl
def dllab_experiments():
    return [leased]
'''


def test_the_second_run_that_wants_the_accelerator_is_queued_and_then_runs(
    store: Store, plugin: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accelerator is torch's "meta" device: there is one of it, and it computes nothing."""
    gate = plugin("leased", LEASED).with_name("gate")
    monkeypatch.setattr("dllab.device.accelerators", lambda: ["meta:0"])
    seen: dict[str, list[str]] = {"a": [], "b": []}
    leased = threading.Event()

    def run(name: str) -> None:
        def listen(event: dict[str, Any]) -> None:
            if event["kind"] == "status":
                seen[name].append(event["status"])
                record = store.runs(experiment="leased", metrics=[])[0 if name == "b" else -1]
                seen[name].append(f"store: {record.status}")
                if event["status"] == "queued":
                    gate.touch()
            if event["kind"] == "metric" and name == "a":
                leased.set()

        carry_out(store, RunRequest("leased", {"name": name}, threads=1), [listen])

    first = threading.Thread(target=run, args=("a",))
    first.start()
    assert leased.wait(timeout=60)
    run("b")
    first.join(timeout=60)
    assert seen["a"] == ["running", "store: running"]
    assert seen["b"] == ["queued", "store: queued", "running", "store: running"]
    assert [record.status for record in store.runs(experiment="leased")] == ["succeeded"] * 2
    assert {record.device for record in store.runs(experiment="leased")} == {"meta:0"}


def test_signals_are_left_as_they_were() -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
