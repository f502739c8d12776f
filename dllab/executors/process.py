"""Runs in processes of their own: forked from a server, spawned on Windows.

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
import weakref
from pathlib import Path
from typing import Any

from dllab.cancel import GRACE_S
from dllab.errors import printable_line
from dllab.events import Emit, Event
from dllab.executors.child import wait_for_orders
from dllab.executors.limits import memory_limit
from dllab.executors.servers import process_context, start
from dllab.plugins import index_in_force
from dllab.spec import RunSpec
from dllab.texts import language, text

KILL_AFTER_S = GRACE_S + 0.8
DISMISSED_S = 0.2  # for a process that waits to end by itself
OUTPUT_LIMIT = 64_000

_brings_torch: dict[str, bool] = {}  # whether an experiment has imported torch in a process of its own


class ProcessExecutor:
    """One process for each run."""

    def __init__(self) -> None:
        memory_limit()  # a wrong one is told before anything runs
        self._context = process_context()
        self._lock = threading.Lock()
        self._last = ""  # the experiment that was submitted last
        self._spares: dict[bool, _Child] = {}  # by whether torch is in them
        self._close = weakref.finalize(self, _dismiss, self._spares)  # at the latest when Python ends

    def submit(self, spec: RunSpec, emit: Emit) -> ProcessHandle:
        index_file = index_in_force().file
        surroundings = _surroundings(spec, index_file)
        with self._lock:
            # one that is new here is taken for one like those before: torch that nobody needs costs little
            has_torch = _brings_torch.get(spec.experiment, any(_brings_torch.values()))
            child = self._spares.pop(has_torch, None)
            # none there, one that is ready for something else, or one that somebody has killed
            if child is None or not child.fits(surroundings) or not child.send(surroundings, spec):
                child = _Child(self._context, has_torch)
                child.send(surroundings, spec)
            handle = ProcessHandle(spec, emit, child)
            if self._last:  # there will be a third
                self._spares[has_torch] = spare = _Child(self._context, has_torch)
                if self._last == spec.experiment and index_file is not None:  # which an edit would change
                    spare.prepare(surroundings)
            self._last = spec.experiment
        return handle

    def close(self) -> None:
        """Dismiss the processes that wait for runs that never came."""
        with self._lock:
            _dismiss(self._spares)


def _surroundings(spec: RunSpec, index_file: list[Any] | None) -> bytes:
    """What a run finds around it at this moment, its experiment's plugin included."""
    found = {
        "environment": {**os.environ, "DLLAB_LANG": language()},
        "folder": str(Path.cwd()),
        "path": sys.path,
        "index": index_file,
        "experiment": spec.experiment,
    }
    return json.dumps(found).encode()


class _Child:
    """A process that waits for the order to carry out one run.

    The next one is made while a run is under way: making it costs as long as a short run takes. After
    two runs of one experiment it also makes ready for a third, and has imported its plugin by then.
    """

    def __init__(self, context: Any, has_torch: bool) -> None:
        self.has_torch = has_torch
        self._ready_for = b""
        order_receiver, self._orders = context.Pipe(duplex=False)
        self.events, sender = context.Pipe(duplex=False)
        self.output, output_sender = context.Pipe(duplex=False)
        self.process = context.Process(
            target=wait_for_orders, args=(order_receiver, sender, output_sender), name="dllab-run"
        )
        start(self.process, has_torch)
        for end in (order_receiver, sender, output_sender):
            end.close()

    def prepare(self, surroundings: bytes) -> None:
        """Have it make ready for a run in these surroundings."""
        self._ready_for = surroundings
        with contextlib.suppress(OSError):  # it is gone, as `send` will see
            self._orders.send_bytes(surroundings)

    def fits(self, surroundings: bytes) -> bool:
        """Whether a run can be carried out here; dismissed if it is ready for one in other surroundings."""
        if self._ready_for in (b"", surroundings):
            return True
        self.dismiss()
        return False

    def send(self, surroundings: bytes, spec: RunSpec) -> bool:
        """Have it carry out a run; False when the process is gone."""
        try:
            if not self._ready_for:
                self._orders.send_bytes(surroundings)
            self._orders.send_bytes(spec.to_json().encode())
        except OSError:
            self.dismiss()
            return False
        finally:
            self._orders.close()
        return True

    def dismiss(self) -> None:
        """Let it end without a run; at once where it is still importing a plugin."""
        for end in (self._orders, self.events, self.output):
            end.close()
        self.process.join(timeout=DISMISSED_S)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _dismiss(spares: dict[bool, _Child]) -> None:
    while spares:
        spares.popitem()[1].dismiss()


class ProcessHandle:
    """A run in a child process; a thread of ours passes its events on."""

    def __init__(self, spec: RunSpec, emit: Emit, child: _Child) -> None:
        self._spec, self._emit, self._process = spec, emit, child.process
        self._had_torch = child.has_torch
        self._receiver, self._output = child.events, child.output
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
            if finished is None:
                self._process.join(timeout=KILL_AFTER_S)
            self._kill_group()  # whatever the run has started ends with it
            self._drain.join(timeout=1)
            if finished is None:
                self._process.join()
                finished = self._without_word()
            if self.output.strip():
                finished["output"] = self.output
            self._emit(finished)
            self._process.join()
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
                events: list[Event] = json.loads(self._receiver.recv_bytes())
            except (EOFError, OSError):
                return None
            for event in events:
                if event["kind"] == "finished":
                    has_torch = bool(event.pop("has_torch", False))
                    if not self._had_torch:
                        _brings_torch[self._spec.experiment] = has_torch
                    return event
                self._emit(event)

    def _drain_output(self) -> None:
        """Read what the run prints as fast as it prints, keeping the end only."""
        with contextlib.suppress(OSError, EOFError):
            while chunk := os.read(self._output.fileno(), 65536):
                self._tail += chunk
                del self._tail[:-OUTPUT_LIMIT]
