"""Runs in this very process and thread: the shortest way, and the one that a debugger can follow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from dllab.cancel import CancelFlag, cancel_on_signals
from dllab.events import Emit
from dllab.execution import execute
from dllab.spec import RunSpec
from dllab.texts import text


class FinishedHandle:
    """The handle of a run that is over."""

    def wait(self) -> None:
        return

    def cancel(self) -> None:
        return


class InlineExecutor:
    """Executes a run inside submit."""

    def submit(self, spec: RunSpec, emit: Emit) -> FinishedHandle:
        flag = CancelFlag()
        with cancel_on_signals(flag), _told_exit(spec, emit):
            execute(spec, emit, flag)
        return FinishedHandle()

    def close(self) -> None:
        return


@contextmanager
def _told_exit(spec: RunSpec, emit: Emit) -> Iterator[None]:
    """Let os._exit, called by an experiment in this process, still tell who called it."""
    leave, pid = os._exit, os.getpid()

    def tell_and_leave(status: int) -> NoReturn:
        if os.getpid() == pid:
            error = text(
                "run.called_exit",
                experiment=spec.experiment,
                plugin=spec.plugin,
                function="os._exit",
                code=status,
            )
            os.write(2, f"dllab: {error}\n".encode(errors="replace"))
            emit({"kind": "finished", "status": "failed", "error": error, "exit_status": 1})
            leave(1)
        leave(status)

    os._exit = tell_and_leave
    try:
        yield
    finally:
        os._exit = leave
