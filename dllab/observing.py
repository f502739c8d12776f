"""The plugins that watch runs, called with a run's events; whatever they do, the run goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from dllab.events import Event
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store


@contextmanager
def _exit_refused() -> Iterator[None]:
    """Let os._exit raise SystemExit while an observer is called: it may fail, but not end the run."""

    def refuse(status: int) -> NoReturn:
        raise SystemExit(f"os._exit({status})")

    leave, os._exit = os._exit, refuse
    try:
        yield
    finally:
        os._exit = leave


class Observing:
    """Passes a run's events on to the plugins that watch runs. One that fails is left out and said so."""

    def __init__(self, store: Store, record: RunRecord) -> None:
        from dllab.plugins import observers

        self._store, self._record = store, record
        self._failures: list[str] = []
        self._observers = observers(self._failures.append)
        self._has_started = False

    def __bool__(self) -> bool:
        """Whether anybody watches."""
        return bool(self._observers) or bool(self._failures)

    def __call__(self, event: Event) -> None:
        if not self._has_started:
            self._has_started = True
            self._record = self._store.run(self._record.id)
            self._call("dllab_run_started", record=self._record)
        self._call("dllab_run_event", record=self._record, event=event)

    def finish(self, record: RunRecord) -> None:
        if self._observers:
            self._call("dllab_run_finished", record=record)

    def _call(self, hook: str, **values: Any) -> None:
        with _exit_refused():
            self._observers.call(hook, **values)
        while self._failures:
            line = text("run.observer_failed", error=self._failures.pop(0))
            print(f"dllab: {line}", file=sys.stderr)
