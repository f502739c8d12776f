"""The store against trackio and MLflow: recording a run, searching 10,000 of them, two that write at once.

    python benchmarks/store.py --peers PYTHON

PYTHON is that of an environment with trackio and mlflow (`pip install 'dllab[bench]'`). Every tracker
works in a process of its own, warmed up; they take turns, so that whatever else the machine does
falls on all alike. The figures are medians of seconds by the clock; exit status 1 when a limit is passed.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROUNDS, WARM_UP = 15, 2
RUNS = 10_000
WRITER_RUNS = 40
LIMITS = {
    "one run, of trackio": 0.4,
    "one run, of MLflow": 0.3,
    "newest 100, of MLflow": 0.01,
    "top 20, of MLflow": 0.005,
    "one process, of two": 1.0,
}


class Worker:
    """A tracker in its process; ask("run") waits for it and returns what it measured."""

    def __init__(self, python: str, name: str, folder: Path) -> None:
        folder.mkdir()
        self._process = subprocess.Popen(
            [python, str(Path(__file__).with_name("peers.py")), name, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def ask(self, command: str) -> dict[str, float]:
        self.tell(command)
        return self.answer()

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        print(command, file=self._process.stdin, flush=True)

    def answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args} ended with {self._process.wait()}")
        return json.loads(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def workers(pythons: dict[str, str], folder: Path) -> Iterator[dict[str, Worker]]:
    """A worker for each name, ended with the block."""
    with ExitStack() as stack:
        found = {}
        for name, python in pythons.items():
            found[name] = Worker(python, name.partition("-")[0], folder / name)
            stack.callback(found[name].close)
        yield found


def in_turns(found: dict[str, Worker], command: str, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """The medians of a command for each worker, asked in turns, the first rounds not counted."""
    answers: dict[str, list[dict[str, float]]] = {name: [] for name in found}
    for _ in range(rounds + WARM_UP):
        for name, worker in found.items():
            answers[name].append(worker.ask(command))
    return {
        name: {key: statistics.median(one[key] for one in given[WARM_UP:]) for key in ("clock_s", "cpu_s")}
        for name, given in answers.items()
    }


def record_a_run(peers: str, folder: Path) -> dict[str, float]:
    """One run through the whole of dllab, and the same figures and files into the others."""
    with workers({"dllab": sys.executable, "trackio": peers, "mlflow": peers}, folder) as found:
        medians = in_turns(found, "run")
    for name, median in medians.items():
        print(
            f"  one run: {name:8} {median['clock_s'] * 1e3:8.1f} ms, {median['cpu_s'] * 1e3:6.1f} ms of CPU"
        )
    ours = medians["dllab"]["clock_s"]
    return {
        "one run, of trackio": ours / medians["trackio"]["clock_s"],
        "one run, of MLflow": ours / medians["mlflow"]["clock_s"],
    }


def search(peers: str, folder: Path) -> dict[str, float]:
    """The newest 100 of 10,000 runs, and the top 20 by a metric."""
    ratios = {}
    with workers({"dllab": sys.executable, "mlflow": peers}, folder) as found:
        for worker in found.values():
            worker.ask(f"fill {RUNS}")
        for command, label in (("newest", "newest 100"), ("top", "top 20")):
            medians = in_turns(found, command, rounds=9)
            for name, median in medians.items():
                print(f"  {label}: {name:8} {median['clock_s'] * 1e3:8.2f} ms")
            ratios[f"{label}, of MLflow"] = medians["dllab"]["clock_s"] / medians["mlflow"]["clock_s"]
    return ratios


def write_together(folder: Path) -> dict[str, float]:
    """Runs per second of one writer, of two that write into one store at once: the first over the second."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    (folder / "home").mkdir()
    with ExitStack() as stack:
        both = [Worker(sys.executable, "dllab", folder / str(number)) for number in range(2)]
        for worker in both:
            stack.callback(worker.close)
            worker.ask(f"share {folder / 'home'}")
            worker.ask("many 3")
        for _ in range(5):
            for writers in (1, 2):
                begun = time.perf_counter()
                for worker in both[:writers]:
                    worker.tell(f"many {WRITER_RUNS // writers}")
                for worker in both[:writers]:
                    worker.answer()
                rates[writers].append(WRITER_RUNS / (time.perf_counter() - begun))
    medians = {writers: statistics.median(rate) for writers, rate in rates.items()}
    for writers, rate in medians.items():
        print(f"  {writers} writing: {rate:.1f} runs a second")
    return {"one process, of two": medians[1] / medians[2]}


def main() -> int:
    """Measure all, print ratios and limits; 1 when one is passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", default=sys.executable, help="a Python that has trackio and mlflow")
    parser.add_argument("--folder", help="where to write; its disk is what is measured")
    args = parser.parse_args()
    ratios: dict[str, float] = {}
    for part in (lambda at: record_a_run(args.peers, at), lambda at: search(args.peers, at), write_together):
        with tempfile.TemporaryDirectory(prefix="dllab-bench-", dir=args.folder) as folder:
            ratios |= part(Path(folder))
    for label, limit in LIMITS.items():
        verdict = "ok" if ratios[label] <= limit else "TOO MUCH"
        print(f"{label:24} {ratios[label]:8.4f}  (at most {limit})  {verdict}")
    return int(any(ratios[label] > limit for label, limit in LIMITS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
