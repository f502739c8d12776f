"""What the runner costs: around a training loop, and in a process of its own.

    python benchmarks/runner_overhead.py

A loop of 1,000 steps that each compute for 10 ms of CPU, alone and as an experiment that logs two
figures and reports progress: CPU time of the whole process, its threads included. Then the tracking
run of store.py inline and in the process executor, the second and later runs: seconds by the clock,
medians. Both sides take turns; exit status 1 when a limit is passed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dllab.runner import Outcome

STEPS, STEP_MS = 1000, 10.0
LOOPS, ROUNDS = 3, 15
LIMITS = {"runner around a loop": 1.01, "process executor": 2.5}
EXPERIMENTS = Path(__file__).with_name("experiments")


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of CPU, all threads of this process."""
    clock, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - clock, time.process_time() - cpu


def main() -> int:
    """Measure both, print ratios and limits; 1 when one is passed."""
    with tempfile.TemporaryDirectory(prefix="dllab-bench-") as folder:
        os.environ.update(
            DLLAB_HOME=f"{folder}/home", DLLAB_CACHE=f"{folder}/cache", DLLAB_PLUGINS_DIR=str(EXPERIMENTS)
        )
        ratios = {"process executor": executors(), "runner around a loop": loops()}
    for label, limit in LIMITS.items():
        verdict = "ok" if ratios[label] <= limit else "TOO MUCH"
        print(f"{label:24} {ratios[label]:8.4f}  (at most {limit})  {verdict}")
    return int(any(ratios[label] > limit for label, limit in LIMITS.items()))


def succeed(outcome: Outcome) -> None:
    """Raise AssertionError for a run that ended otherwise: how soon it did is no figure."""
    assert outcome.record.status == "succeeded", outcome.record.error


def executors() -> float:
    """The tracking run in a process of its own, over the same run inline."""
    from dllab.executors import make_executor
    from dllab.runner import RunRequest, carry_out
    from dllab.store import Store

    seconds: dict[str, list[float]] = {"inline": [], "process": []}
    with Store() as store:
        made = {name: make_executor(name) for name in seconds}
        for _ in range(ROUNDS + 1):
            for name, executor in made.items():
                request = RunRequest("bench-tracking", threads=1, executor=name)
                clock, _ = timed(lambda: succeed(carry_out(store, request, executor=executor)))  # noqa: B023
                seconds[name].append(clock)
        for executor in made.values():
            executor.close()
    for name, clocks in seconds.items():
        later = statistics.median(clocks[1:])
        print(f"  {name:8} first {clocks[0] * 1e3:7.1f} ms, then {later * 1e3:6.1f} ms")
    return statistics.median(seconds["process"][1:]) / statistics.median(seconds["inline"][1:])


def loops() -> float:
    """The loop as an experiment, over the bare loop."""
    from dllab.runner import RunRequest, carry_out
    from dllab.store import Store

    sys.path.insert(0, str(EXPERIMENTS))
    from bench_experiments import work

    def bare() -> None:
        for _ in range(STEPS):
            work(STEP_MS / 1000)

    request = RunRequest("bench-loop", {"steps": STEPS, "step_ms": STEP_MS}, threads=1)
    ratios = []
    with Store() as store:
        carry_out(store, RunRequest("bench-loop", is_tiny=True, threads=1))
        for _ in range(LOOPS):
            alone, ours = timed(bare)[1], timed(lambda: succeed(carry_out(store, request)))[1]
            print(f"  loop alone {alone:.3f} s of CPU, as an experiment {ours:.3f} s")
            ratios.append(ours / alone)
    return statistics.median(ratios)


if __name__ == "__main__":
    raise SystemExit(main())
