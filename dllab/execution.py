"""Execute one run, in whichever process an executor chose, and tell of it by events alone."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.cancel import CancelFlag
from dllab.errors import Cancelled, StoreError, UsageError, one_line, printable_line
from dllab.events import Emit, Event
from dllab.params import Input
from dllab.run import Run
from dllab.seeds import seeded_globals, torch_in_order, when_imported
from dllab.spec import RunSpec
from dllab.texts import text
from dllab.validation import validate_params

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

BRINGING_POOLS = ("numpy", "scipy.linalg", "torch", "sklearn", "numba", "cv2", "faiss", "onnxruntime")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def execute(spec: RunSpec, emit: Emit, cancel: CancelFlag) -> None:
    """Run an experiment to its end and emit "finished", whatever happens in it.

    Every exception of the experiment ends here: this is the boundary to the plugins.
    """
    emit({"kind": "started", "pid": os.getpid()})
    try:
        with limited_threads(spec.threads), seeded_globals(spec.seed), torch_in_order(spec.device):
            _call(spec, emit, cancel)
    except (Cancelled, KeyboardInterrupt):
        emit({"kind": "finished", "status": "cancelled", "error": None})
    except UsageError as error:  # the experiment's own word to its user
        emit(_failure(printable_line(str(error), 2000), error.exit_status))
    except StoreError as error:  # the lab's own, raised in the experiment by what it told
        emit(_failure(printable_line(str(error), 2000), error.exit_status))
    except SystemExit as error:
        called = text(
            "run.called_exit",
            experiment=spec.experiment,
            plugin=spec.plugin,
            function="sys.exit",
            code=error.code,
        )
        emit(_failure(called, 1))
    except BaseException as error:  # noqa: BLE001 the plugin boundary
        crashed = text("run.crashed", experiment=spec.experiment, plugin=spec.plugin, error=one_line(error))
        emit(_failure(crashed, 1))
    else:
        emit({"kind": "finished", "status": "succeeded", "error": None})


def _call(spec: RunSpec, emit: Emit, cancel: CancelFlag) -> None:
    from dllab.plugins import load_experiment

    experiment, _ = load_experiment(spec.experiment)
    references = {field: value["reference"] for field, value in spec.inputs.items()}
    params = validate_params(experiment, {**spec.params, **references})
    inputs = {field: resolved(value) for field, value in spec.inputs.items()}
    run = Run(spec, emit, cancel)
    try:
        cancel.check()
        experiment.function(run, params.model_copy(update=inputs))
    finally:
        cancel.disarm()
        run.close()


def resolved(value: dict[str, str]) -> Input:
    """The input field as the experiment sees it."""
    return Input(value["reference"], value["kind"], Path(value["path"]), value["digest"], value["name"])


def _failure(error: str, exit_status: int) -> Event:
    return {
        "kind": "finished", "status": "failed", "error": error, "exit_status": exit_status,
        "traceback": _traceback(),
    }  # fmt: skip


def thread_pools() -> ThreadpoolController:
    """The pools of BLAS and OpenMP in this process; looked for anew once another package brings one."""
    return _find_thread_pools(tuple(name in sys.modules for name in BRINGING_POOLS))


@lru_cache(maxsize=1)
def _find_thread_pools(_: tuple[bool, ...]) -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _traceback() -> str:
    """The traceback of the exception in hand; nothing where the exception itself cannot be printed."""
    try:
        return traceback.format_exc().encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 an exception whose own __str__ raises
        return ""


@contextlib.contextmanager
def limited_threads(threads: int) -> Iterator[None]:
    """Hold NumPy's and torch's pools to a number of threads for the time of a block."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(threads)))
    torch_before: list[int] = []

    def limit_torch(torch: Any) -> None:
        torch_before.append(torch.get_num_threads())
        torch.set_num_threads(threads)

    forget = when_imported("torch", limit_torch)
    try:
        import numpy  # noqa: F401 its BLAS must be loaded to be limited

        with thread_pools().limit(limits=threads):
            yield
    finally:
        forget()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if torch_before:
            import torch

            torch.set_num_threads(torch_before[0])
