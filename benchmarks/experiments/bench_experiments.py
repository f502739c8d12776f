"""The experiments that the benchmarks run."""

import math
import os
import time

import dllab

KEYS = ["metric_0"]
BLOCK = os.urandom(2**20 - 16)


class TrackingParams(dllab.Params):
    parameter_0: float = dllab.param(0.0, help="a number")
    parameter_1: float = dllab.param(0.0, help="a number")
    parameter_2: float = dllab.param(0.0, help="a number")
    parameter_3: float = dllab.param(0.0, help="a number")
    parameter_4: float = dllab.param(0.0, help="a number")
    parameter_5: float = dllab.param(0.0, help="a number")
    parameter_6: float = dllab.param(0.0, help="a number")
    parameter_7: float = dllab.param(0.0, help="a number")
    parameter_8: float = dllab.param(0.0, help="a number")
    parameter_9: float = dllab.param(0.0, help="a number")


@dllab.experiment("bench-tracking", topic="benchmarks")
def tracking(run: dllab.Run, params: TrackingParams) -> None:
    """1,000 metric points and three files of 1 MB."""
    for step in range(1000):
        run.log(step, **{key: math.sin(step + len(key) + int(key[-1])) for key in KEYS})
    for number in range(3):
        with run.open_file(f"file_{number}.bin") as file:
            file.write(os.urandom(16) + BLOCK)


class LoopParams(dllab.Params):
    steps: int = dllab.param(1000, ge=1, help="steps of the loop")
    step_ms: float = dllab.param(10.0, gt=0, unit="ms", help="work in each step")


@dllab.experiment("bench-loop", topic="benchmarks", tiny={"steps": 2})
def loop(run: dllab.Run, params: LoopParams) -> None:
    """A training loop that computes for a given time in each step and logs two figures."""
    for step in run.progress(range(params.steps)):
        loss = work(params.step_ms / 1000)
        run.log(step, loss=loss, accuracy=1 - loss)


def work(seconds: float) -> float:
    """Compute for so many seconds of this thread's CPU time; returns some number."""
    until, total = time.thread_time() + seconds, 0.0
    while time.thread_time() < until:
        for number in range(200):
            total += math.sqrt(number)
    return 0.5


@dllab.hookimpl
def dllab_experiments() -> list[dllab.Experiment]:
    return [tracking, loop]
