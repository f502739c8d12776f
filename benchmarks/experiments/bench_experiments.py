"""The experiments that the benchmarks run."""

import math
import os
import time

import dllab

KEYS = [f"metric_{number}" for number in range(5)]


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
    for step in range(200):
        run.log(step, **{key: math.sin(step + len(key) + int(key[-1])) for key in KEYS})
    for number in range(3):
        with run.open_file(f"file_{number}.bin") as file:
            file.write(os.urandom(2**20))


class LoopParams(dllab.Params):
    steps: int = dllab.param(1000, ge=1, help="steps of the loop")
    step_ms: float = dllab.param(10.0, gt=0, unit="ms", help="work in each step")


@dllab.experiment("bench-loop", topic="benchmarks", tiny={"steps": 2})
def loop(run: dllab.Run, params: LoopParams) -> None:
    """A training loop that computes for a given time in each step and logs two figures."""
    begun = time.perf_counter()
    for step in run.progress(range(params.steps)):
        loss = work(params.step_ms / 1000)
        run.log(step, loss=loss, accuracy=1 - loss)
    run.message(f"loop_s={time.perf_counter() - begun!r}")


def work(seconds: float) -> float:
    """Wait as a device would let us wait, for so many seconds since the call."""
    time.sleep(seconds)
    return 0.5


@dllab.hookimpl
def dllab_experiments() -> list[dllab.Experiment]:
    return [tracking, loop]
