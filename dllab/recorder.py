"""Events in, store out: the one place where a run's words become rows and files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.events import Event
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

FLUSH_INTERVAL_S = 0.5
HEARTBEAT_INTERVAL_S = 5.0

Listener = Callable[[Event], None]


class Recorder:
    """Records the events of one run and passes them on to listeners.

    Metrics are gathered and written every half second by a thread of the recorder's own, so that a
    killed run loses no more than that. A listener that fails is the listener's affair.
    """

    def __init__(self, store: Store, record: RunRecord, listeners: list[Listener]) -> None:
        self._store, self._listeners = store, list(listeners)
        self.run_id, self._folder = record.id, record.folder
        self._metrics: list[tuple[int, str, float, float]] = []
        self._checks: list[Event] = []
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._failure: BaseException | None = None
        self.finished: Event | None = None
        self._thread = threading.Thread(target=self._tick, name=f"recorder-{record.id}", daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Record one event. Raises StoreError or OSError when the store cannot take it."""
        handler = self._HANDLERS.get(event["kind"])
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if handler is not None:
                handler(self, event)
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 a display that breaks, say with its pipe, ends no run
                self._listeners = [other for other in self._listeners if other is not listener]

    def _started(self, event: Event) -> None:
        self._store.set_status(self.run_id, "running")

    def _metric(self, event: Event) -> None:
        step, moment = event["step"], event["time"]
        for key, value in event["values"].items():
            self._metrics.append((step, key, value, moment))

    def _check(self, event: Event) -> None:
        self._checks.append(event)
        self._store.add_event(self.run_id, "check", _without_kind(event))

    def _artifact(self, event: Event) -> None:
        self._flush()
        artifact = self._store.add_artifact(
            self.run_id,
            event["name"],
            Path(event["staged"]),
            digest=event["digest"],
            size=event["size"],
            media_type=event["media_type"],
            role=event["role"],
        )
        if event["role"] == "checkpoint":
            self._store.add_event(
                self.run_id, "checkpoint", {"step": event["step"], "digest": event["digest"]}
            )
        event["path"] = str(artifact.copy or artifact.path)

    def _preview(self, event: Event) -> None:
        shown = self._folder / "preview.png"
        Path(event["staged"]).replace(shown)
        event["path"] = str(shown)

    def _log(self, event: Event) -> None:
        self._store.add_event(self.run_id, "log", _without_kind(event))

    def _device(self, event: Event) -> None:
        self._store.set_device(self.run_id, event["device"], event["dtype"])

    def _status(self, event: Event) -> None:
        self._store.set_status(self.run_id, event["status"])

    def _finished(self, event: Event) -> None:
        """Close the run; a check that does not hold makes it failed."""
        self._stop_thread()
        self._flush()
        failed = [check["name"] for check in self._checks if not check["passed"]]
        if event["status"] == "succeeded" and failed:
            total = len(self._checks)
            message = text("run.checks_failed", failed=len(failed), total=total, names=", ".join(failed))
            event.update(status="failed", error=message, exit_status=1)
        if event.get("traceback"):
            self._store.add_event(self.run_id, "traceback", {"text": event["traceback"]})
        if event.get("output"):
            self._store.add_event(self.run_id, "output", {"text": event["output"]})
        (self._folder / "preview.png").unlink(missing_ok=True)
        self._store.set_status(self.run_id, event["status"], error=event.get("error"))
        self.finished = event

    _HANDLERS: dict[str, Callable[[Recorder, Event], None]] = {  # noqa: RUF012 a table, never changed
        "started": _started,
        "metric": _metric,
        "check": _check,
        "artifact": _artifact,
        "preview": _preview,
        "log": _log,
        "device": _device,
        "status": _status,
        "finished": _finished,
    }

    def _flush(self) -> None:
        if self._metrics:
            self._store.add_metrics(self.run_id, self._metrics)
            self._metrics = []

    def _tick(self) -> None:
        last_beat = time.monotonic()
        while not self._stopped.wait(FLUSH_INTERVAL_S):
            with self._lock:
                if self._stopped.is_set():
                    return
                try:
                    self._flush()
                    if time.monotonic() - last_beat >= HEARTBEAT_INTERVAL_S:
                        last_beat = time.monotonic()
                        self._store.heartbeat(self.run_id)
                except Exception as error:  # noqa: BLE001 told by the next event, in the run's own thread
                    self._failure = error

    def _stop_thread(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        """Stop the thread; whatever was gathered is written."""
        self._stop_thread()
        self._thread.join()
        with self._lock:
            self._flush()


def _without_kind(event: Event) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "kind"}
