"""Asking a run to stop: at its next word first, and by force if it keeps silent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from dllab.errors import Cancelled

GRACE_S = 1.0
# The signals that ask a run to stop: Ctrl-C, `kill`, and a terminal that was closed.
STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class CancelFlag:
    """Whether a run is to stop. `check` raises Cancelled once, so that the run can still save what it has."""

    def __init__(self) -> None:
        self.requested = False
        self._is_armed = True
        self._raised = False

    def request(self) -> None:
        self.requested = True

    def check(self) -> None:
        """Raise Cancelled if the run is to stop and has not been told yet."""
        if self.requested and self._is_armed and not self._raised:
            self._raised = True
            raise Cancelled

    def stop_now(self) -> None:
        """Raise Cancelled although the run has been told before: it is not to finish what it is saving."""
        if self._is_armed:
            raise Cancelled

    def disarm(self) -> None:
        """The experiment is over: from here on nothing may break off the recording of how it ended."""
        self._is_armed = False


@contextmanager
def on_stop_signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle the signals that ask to stop, for the time of a block in the main thread.

    A signal that was ignored from outside, as SIGHUP is under nohup, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heard}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


@contextmanager
def cancel_on_signals(flag: CancelFlag, grace_s: float = GRACE_S) -> Iterator[None]:
    """Turn a signal to stop into a request, for the time of a block in the main thread.

    The first asks; a run that reports progress or metrics stops there. After grace_s it is stopped
    wherever its Python code is. A second breaks off what it is saving, a third ends the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timers: list[threading.Timer] = []
    wake = getattr(signal, "SIGUSR1", None)
    asked = 0

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked += 1
        if asked > 2:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        if flag.requested:
            flag.stop_now()
            return
        flag.request()
        if wake is not None:
            timer = threading.Timer(grace_s, os.kill, (os.getpid(), wake))
            timer.daemon = True
            timers.append(timer)
            timer.start()

    before = signal.signal(wake, lambda *_: flag.check()) if wake is not None else None
    try:
        with on_stop_signals(ask):
            yield
    finally:
        for timer in timers:
            timer.cancel()
        if wake is not None:
            signal.signal(wake, before)
