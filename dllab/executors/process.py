"""Runs in processes of their own: forked from a server that has torch loaded, spawned on Windows.

The child writes and hashes files and tells of them through a pipe; the parent alone writes the
store. A child that dies is told as a failed run. Children of the run are ended with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any, NoReturn

from dllab.cancel import GRACE_S, CancelFlag, cancel_on_signals
from dllab.errors import printable_line
from dllab.events import Emit, Event
from dllab.executors.limits import apply_memory_limit, memory_limit
from dllab.spec import RunSpec
from dllab.texts import language, text

PRELOADED = ("dllab.executors.preload",)
KILL_AFTER_S = GRACE_S + 0.8
OUTPUT_LIMIT = 64_000
METRICS_AT_ONCE = 500
FLUSH_INTERVAL_S = 0.1


class ProcessExecutor:
    """One process for each run."""

    def __init__(self) -> None:
        memory_limit()  # a wrong one is told before anything runs
        method = "forkserver" if sys.platform != "win32" else "spawn"
        self._context: Any = get_context(method)
        if method == "forkserver":
            self._context.set_forkserver_preload(list(PRELOADED))

    def submit(self, spec: RunSpec, emit: Emit) -> ProcessHandle:
        receiver, sender = self._context.Pipe(duplex=False)
        output_receiver, output_sender = self._context.Pipe(duplex=False)
        environment = {**os.environ, "DLLAB_LANG": language()}
        process = self._context.Process(
            target=_child,
            args=(spec.to_json(), sender, output_sender, environment),
            name=f"dllab-{spec.run_id}",
        )
        with _START_LOCK, _main_module_hidden():
            process.start()
        sender.close()
        output_sender.close()
        return ProcessHandle(spec, emit, process, receiver, output_receiver)

    def close(self) -> None:
        return


class ProcessHandle:
    """A run in a child process; a thread of ours passes its events on."""

    def __init__(
        self, spec: RunSpec, emit: Emit, process: Any, receiver: Connection, output: Connection
    ) -> None:
        self._spec, self._emit, self._process = spec, emit, process
        self._receiver, self._output = receiver, output
        self._tail = bytearray()
        self._failure: Exception | None = None
        self._was_cancelled = False
        self._reader = threading.Thread(target=self._pass_events, name=f"events-{spec.run_id}", daemon=True)
        self._drain = threading.Thread(target=self._drain_output, name=f"output-{spec.run_id}", daemon=True)
        self._drain.start()
        self._reader.start()

    @property
    def output(self) -> str:
        """The end of what the run printed."""
        return self._tail.decode(errors="replace")

    def wait(self) -> None:
        """Return when the run has ended. Raises what emit raised, when the store could not take an event."""
        while self._reader.is_alive():
            self._reader.join(timeout=0.1)
        if self._failure is not None:
            raise self._failure

    def cancel(self) -> None:
        """SIGTERM first, so that the run can save what it has; soon after its process group is killed."""
        self._was_cancelled = True
        if not self._process.is_alive():
            return
        with contextlib.suppress(OSError):
            os.kill(self._process.pid, signal.SIGTERM)
        timer = threading.Timer(KILL_AFTER_S, self._kill_group)
        timer.daemon = True
        timer.start()

    def _kill_group(self) -> None:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _pass_events(self) -> None:
        """Pass events on to the end. An event that the store cannot take ends the run."""
        try:
            finished = self._pass_until_finished()
            self._process.join(timeout=KILL_AFTER_S)
            self._kill_group()
            self._process.join()
            self._drain.join(timeout=1)
            if finished is None:
                finished = self._without_word()
            if self.output.strip():
                finished["output"] = self.output
            self._emit(finished)
        except Exception as error:  # noqa: BLE001 raised again by wait, in the thread that asked for the run
            self._failure = error
            self._kill_group()
            self._process.join()

    def _without_word(self) -> Event:
        """The last event of a child that ended without one: it was made to stop, or died."""
        if self._was_cancelled:
            return {"kind": "finished", "status": "cancelled", "error": None}
        last = next((line for line in reversed(self.output.splitlines()) if line.strip()), "")
        error = text(
            "run.process_ended",
            experiment=self._spec.experiment,
            code=self._process.exitcode,
            last=printable_line(last, 200) or "-",
        )
        return {"kind": "finished", "status": "failed", "error": error, "exit_status": 1}

    def _pass_until_finished(self) -> Event | None:
        """Pass every event on but the last, which is returned; None when the child ended without it."""
        while True:
            try:
                lines = self._receiver.recv_bytes().split(b"\n")
            except (EOFError, OSError):
                return None
            for line in lines:
                event: Event = json.loads(line)
                if event["kind"] == "finished":
                    return event
                self._emit(event)

    def _drain_output(self) -> None:
        """Read what the run prints as fast as it prints, keeping the end only."""
        with contextlib.suppress(OSError, EOFError):
            while chunk := os.read(self._output.fileno(), 65536):
                self._tail += chunk
                del self._tail[:-OUTPUT_LIMIT]


_START_LOCK = threading.Lock()


@contextlib.contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep multiprocessing from importing the caller's script again in the child: the spec says it all."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _child(spec_json: str, sender: Connection, output: Connection, environment: dict[str, str]) -> None:
    """The child's main: a process group of its own, output into the pipe, events into the other."""
    if hasattr(os, "setpgid"):
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor in (1, 2):
        os.dup2(output.fileno(), descriptor)
    output.close()
    apply_memory_limit()
    from dllab.execution import execute

    emit = _Emitter(sender)
    _watch_parent(emit)
    leave = os._exit
    flag = CancelFlag()
    with cancel_on_signals(flag), _flushed_before_exit(emit):
        execute(RunSpec.from_json(spec_json), emit, flag)
    sys.stdout.flush()
    sys.stderr.flush()
    leave(0)  # nothing of this process is needed any more, threads that the experiment left behind included


class _Emitter:
    """Sends events to the parent. Metrics wait for a tenth of a second, and go together."""

    def __init__(self, sender: Connection) -> None:
        self._sender = sender
        self._lock = threading.RLock()
        self._waiting: list[str] = []

    def __call__(self, event: Event) -> None:
        with self._lock:
            self._waiting.append(json.dumps(event))
            if event["kind"] != "metric" or len(self._waiting) >= METRICS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        with self._lock:
            lines, self._waiting = self._waiting, []
            if lines:
                try:
                    self._sender.send_bytes("\n".join(lines).encode())
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
