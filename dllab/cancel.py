"""Asking a run to stop: at its next word first, and by force if it keeps silent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dllab.errors import Cancelled

GRACE_S = 1.0


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
def cancel_on_signals(flag: CancelFlag, grace_s: float = GRACE_S) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a request to stop, for the time of a block in the main thread.

    The first signal asks; a run that reports progress or metrics stops there. After grace_s it is
    stopped wherever its Python code is. A second signal stops it at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timers: list[threading.Timer] = []
    wake = getattr(signal, "SIGUSR1", None)

    def ask(number: int, frame: FrameType | None) -> None:
        if flag.requested:
            flag.stop_now()
            return
        flag.request()
        if wake is not None:
            timer = threading.Timer(grace_s, os.kill, (os.getpid(), wake))
            timer.daemon = True
            timers.append(timer)
            timer.start()

    def insist(number: int, frame: FrameType | None) -> None:
        flag.check()

    handlers = {signal.SIGINT: ask, signal.SIGTERM: ask}
    if wake is not None:
        handlers[wake] = insist
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
