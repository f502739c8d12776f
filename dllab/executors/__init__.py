"""Where runs happen. An executor takes a spec and tells of the run by events; code is never pickled."""

from __future__ import annotations

from typing import Protocol

from dllab.events import Emit
from dllab.spec import RunSpec


class Handle(Protocol):
    """A run that was submitted."""

    def wait(self) -> None:
        """Return when the run has ended and its last event was emitted."""

    def cancel(self) -> None:
        """Ask the run to stop; it is made to when it does not."""


class Executor(Protocol):
    """A place for runs. Every submitted run ends with a "finished" event, whatever becomes of it."""

    def submit(self, spec: RunSpec, emit: Emit) -> Handle:
        """Start a run, or queue it. emit is called from one thread at a time."""

    def close(self) -> None:
        """Give everything back; no run is under way any more."""


def make_executor(name: str) -> Executor:
    """The executor of that name: inline, process, or one that a plugin brings.

    Raises NotFoundError for an unknown name, and PluginError for a plugin that makes none.
    """
    if name == "inline":
        from dllab.executors.inline import InlineExecutor

        return InlineExecutor()
    if name == "process":
        from dllab.executors.process import ProcessExecutor

        return ProcessExecutor()
    from dllab.plugins import load_executor

    factory, plugin = load_executor(name)
    from dllab.executors.guarded import GuardedExecutor

    return GuardedExecutor(factory, plugin)
