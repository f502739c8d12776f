"""The process that a run happens in: it waits for its orders, carries one run out, and ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from dllab.cancel import CancelFlag, cancel_on_signals
from dllab.events import Event
from dllab.executors.limits import apply_memory_limit
from dllab.plugins import load_experiment, same_index
from dllab.spec import RunSpec

METRICS_AT_ONCE = 500
FLUSH_INTERVAL_S = 0.1
_leave = os._exit  # as it is before an experiment, or the lab for it, puts something in its place


def wait_for_orders(orders: Connection, sender: Connection, output: Connection) -> None:
    """The process's main: a process group of its own, output into one pipe, events into another.

    The orders are JSON: first the surroundings of the run (environment, working folder, search path, the
    index's file, the experiment), in which this process makes ready, then its spec, perhaps much later.
    None come when it is not needed.
    """
    if hasattr(os, "setpgid"):
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
    for descriptor in (1, 2):
        os.dup2(output.fileno(), descriptor)
    output.close()
    warm_up()
    with cancel_on_signals(flag := CancelFlag()):
        found = json.loads(_received(orders))
        with _in_surroundings(found):
            if not orders.poll():  # there is time
                with contextlib.suppress(Exception):  # the run itself will meet it, and tell
                    load_experiment(found["experiment"])
            spec = RunSpec.from_json(_received(orders))
            orders.close()
            _carry_out(spec, sender, flag)
    os.closerange(1, 3)  # the reader of the output need not wait until this process's memory is given back
    os._exit(0)  # nothing of this process is needed any more, threads that the experiment left included


def _received(orders: Connection) -> str:
    try:
        return orders.recv_bytes().decode()
    except (EOFError, OSError):
        _leave(0)


@contextlib.contextmanager
def _in_surroundings(found: dict[str, Any]) -> Iterator[None]:
    """A block in the surroundings that an order tells."""
    os.environ.clear()
    os.environ.update(found["environment"])
    sys.path[:] = found["path"]
    os.chdir(found["folder"])
    apply_memory_limit()
    with same_index(found["index"]):
        yield


def warm_up() -> None:
    """Do once what every run does first, so that the memory that it writes to is this process's own by then.

    A forked process shares its memory until it writes; to come by a page of its own costs time at each.
    """
    import numpy.random

    from dllab.execution import limited_threads
    from dllab.params import Params, param
    from dllab.pieces import hashing_pool
    from dllab.seeds import seeded_globals, torch_in_order

    class _Rehearsal(Params):
        number: float = param(0.0, help="a number")

    _Rehearsal.model_validate({"number": 1.0})
    with limited_threads(1), seeded_globals(0), torch_in_order("cpu"):
        numpy.random.random()
    hashing_pool().submit(int).result()


def _carry_out(spec: RunSpec, sender: Connection, flag: CancelFlag) -> None:
    from dllab.execution import execute

    emit = _Emitter(sender)
    _watch_parent(emit)
    with _flushed_before_exit(emit):
        execute(spec, emit, flag)


class _Emitter:
    """Sends events to the parent, in lists. Metrics wait for a tenth of a second, and go together."""

    def __init__(self, sender: Connection) -> None:
        self._sender = sender
        self._lock = threading.RLock()
        self._metrics: list[Event] = []

    def __call__(self, event: Event) -> None:
        with self._lock:
            if event["kind"] == "metric":
                self._metrics.append(event)
                if len(self._metrics) >= METRICS_AT_ONCE:
                    self.flush()
                return
            if event["kind"] == "finished":
                event["has_torch"] = "torch" in sys.modules
            words = json.dumps([event])
            self.flush()
            if event["kind"] == "finished":  # the last word: after it this process may be killed
                for stream in (sys.stdout, sys.stderr):
                    with contextlib.suppress(Exception):  # an experiment may have put anything in its place
                        stream.flush()
            self._send(words)

    def flush(self) -> None:
        with self._lock:
            metrics, self._metrics = self._metrics, []
            if metrics:
                self._send(json.dumps(metrics))

    def _send(self, words: str) -> None:
        try:
            self._sender.send_bytes(words.encode())
        except (BrokenPipeError, OSError):
            _die_with_parent()


@contextlib.contextmanager
def _flushed_before_exit(emit: _Emitter) -> Iterator[None]:
    """An experiment that calls os._exit still loses nothing that it logged."""
    leave, pid = os._exit, os.getpid()

    def flush_and_leave(status: int) -> NoReturn:
        if os.getpid() == pid:
            emit.flush()
        leave(status)

    os._exit = flush_and_leave
    try:
        yield
    finally:
        os._exit = leave


def _watch_parent(emit: _Emitter) -> None:
    """Send what waits; end this process when the one that keeps the store is gone: nobody would record it."""
    from multiprocessing import parent_process

    parent = parent_process()

    def watch() -> None:
        while parent is None or parent.is_alive():
            time.sleep(FLUSH_INTERVAL_S)
            emit.flush()
        _die_with_parent()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _die_with_parent() -> None:
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)
