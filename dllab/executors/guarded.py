"""An executor that a plugin brings, held to its promise: every run that it is given ends, and says how."""

from __future__ import annotations

from typing import Any

from dllab.declare import ExecutorFactory
from dllab.errors import Cancelled, DeclarationError, DllabError, PluginError
from dllab.events import Emit, Event
from dllab.plugins import LoadedPlugin, failed, guarded
from dllab.spec import RunSpec


class _Told:
    """The run's `emit`, which remembers whether the last event came, and what the store refused."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.is_finished = False
        self.refusal: BaseException | None = None

    def __call__(self, event: Event) -> None:
        try:
            self._emit(event)
        except BaseException as error:
            self.refusal = error
            raise
        self.is_finished = self.is_finished or event.get("kind") == "finished"

    def end(self, status: str, error: DllabError | None) -> None:
        """Emit the last event in the executor's place; raise what the store refused instead, if anything."""
        if self.refusal is not None:
            raise self.refusal
        if not self.is_finished:
            code = 130 if error is None else error.exit_status
            told = None if error is None else str(error)
            self({"kind": "finished", "status": status, "error": told, "exit_status": code})


class GuardedHandle:
    """A run that a plugin's executor has taken. Without a handle of the plugin's, it is over."""

    def __init__(self, handle: Any, told: _Told, plugin: LoadedPlugin) -> None:
        self._handle, self._told, self._plugin = handle, told, plugin

    def wait(self) -> None:
        if self._handle is None:
            return
        try:
            with guarded(self._plugin):
                self._handle.wait()
            if not self._told.is_finished:
                raise failure(self._plugin, "its executor says that the run has ended, and not how")
        except DllabError as error:
            self._told.end("failed", error)

    def cancel(self) -> None:
        if self._handle is not None:
            with guarded(self._plugin):
                self._handle.cancel()


class GuardedExecutor:
    """The executor that a plugin's factory makes. Raises PluginError when it makes none."""

    def __init__(self, factory: ExecutorFactory, plugin: LoadedPlugin) -> None:
        self._plugin = plugin
        with guarded(plugin):
            self._executor = factory.make()
        _hold(plugin, self._executor, f"executor {factory.name!r}: make", ("submit", "close"))

    def submit(self, spec: RunSpec, emit: Emit) -> GuardedHandle:
        told = _Told(emit)
        handle = None
        try:
            with guarded(self._plugin):
                handle = self._executor.submit(spec, told)
            _hold(self._plugin, handle, "its executor's submit", ("wait", "cancel"))
        except DllabError as error:
            told.end("failed", error)
            handle = None
        except (KeyboardInterrupt, Cancelled):
            told.end("cancelled", None)
            handle = None
        return GuardedHandle(handle, told, self._plugin)

    def close(self) -> None:
        with guarded(self._plugin):
            self._executor.close()


def _hold(plugin: LoadedPlugin, thing: Any, giver: str, methods: tuple[str, ...]) -> None:
    """Raise PluginError unless what the plugin gave has these methods."""
    lacking = [name for name in methods if not callable(getattr(thing, name, None))]
    if lacking:
        raise failure(plugin, f"{giver} returned {type(thing).__name__}, which has no {lacking[0]}")


def failure(plugin: LoadedPlugin, fault: str) -> PluginError:
    """The PluginError for an executor that does not keep to the contract."""
    return failed(plugin.name, vars(plugin), DeclarationError(fault))
