"""Events in, store out: the one place where a run's words become rows and files."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.checks import shown_name
from dllab.environment import environment_facts
from dllab.errors import DllabError
from dllab.events import Event
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

FLUSH_INTERVAL_S = 0.5
HEARTBEAT_INTERVAL_S = 5.0

Listener = Callable[[Event], None]


class Recorder:
    """Records the events of one run and passes them on to listeners.

    Metrics are gathered, and written after each file, which in a process of its own costs the run nothing,
    and every half second by a thread of the recorder's own, so that a killed run loses no more than that.
    The first time machine and versions are recorded too. A listener that fails is the listener's affair.
    """

    def __init__(self, store: Store, record: RunRecord, listeners: list[Listener]) -> None:
        self._store, self._listeners = store, list(listeners)
        self.run_id, self._folder = record.id, record.folder
        self._metrics: deque[tuple[int, str, float, float]] = deque()
        self._checks: list[Event] = []
        self._lock = threading.RLock()
        self._flushing = threading.Lock()  # taken after _lock, where both are
        self._stop = threading.Event()
        self._has_started = self._is_environment_known = False
        self._failure: BaseException | None = None
        self.finished: Event | None = None
        self._thread = threading.Thread(target=self._tick, name=f"recorder-{record.id}", daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Record one event. Raises StoreError or OSError when the store cannot take it."""
        if self._failure is not None:
            raise self._failure
        if event["kind"] == "metric":  # by far the most frequent one; a deque needs no lock
            step, moment = event["step"], event["time"]
            for key, value in event["values"].items():
                self._metrics.append((step, key, value, moment))
        elif event["kind"] in self._HANDLERS:
            with self._lock:
                self._HANDLERS[event["kind"]](self, event)
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001 a display that breaks, say with its pipe, ends no run
                self._listeners = [other for other in self._listeners if other is not listener]

    def _started(self, event: Event) -> None:
        self._store.set_status(self.run_id, "running", is_shown=False)
        self._has_started = True

    def _check(self, event: Event) -> None:
        self._checks.append(event)
        self._store.add_event(self.run_id, "check", _without_kind(event))

    def _artifact(self, event: Event) -> None:
        is_checkpoint = event["role"] == "checkpoint"
        if is_checkpoint:  # a run that goes on from it has all points up to there
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
        if is_checkpoint:
            self._store.add_event(
                self.run_id, "checkpoint", {"step": event["step"], "digest": event["digest"]}
            )
        event["path"] = str(artifact.copy or artifact.path)
        self._catch_up()

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
        self.close()
        failed = [shown_name(check) for check in self._checks if not check["passed"]]
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
        "check": _check,
        "artifact": _artifact,
        "preview": _preview,
        "log": _log,
        "device": _device,
        "status": _status,
        "finished": _finished,
    }

    def _flush(self) -> None:
        """Write the points that wait; those that come meanwhile wait for the next time."""
        with self._flushing:
            points = [self._metrics.popleft() for _ in range(len(self._metrics))]
            if not points:
                return
            try:
                self._store.add_metrics(self.run_id, points)
            except BaseException:
                self._metrics.extendleft(reversed(points))
                raise

    def _tick(self) -> None:
        last_beat = time.monotonic()
        is_shown = False
        while not self._stop.wait(FLUSH_INTERVAL_S):
            try:
                self._catch_up()
                if self._has_started and not is_shown:
                    is_shown = True  # of a shorter run there is only the last `run.json`
                    self._store.write_record(self.run_id)
                if time.monotonic() - last_beat >= HEARTBEAT_INTERVAL_S:
                    last_beat = time.monotonic()
                    self._store.heartbeat(self.run_id)
            except Exception as error:  # noqa: BLE001 told by the next event, in the run's own thread
                self._failure = error

    def _catch_up(self) -> None:
        """Write the points that wait, and once machine and versions.

        A store that cannot take the latter fails the run by its own events.
        """
        self._flush()
        if self._has_started and not self._is_environment_known:
            self._is_environment_known = True
            with suppress(DllabError, OSError):
                self._store.set_environment(self.run_id, environment_facts())

    def close(self) -> None:
        """Let the thread end; whatever was gathered is written."""
        self._stop.set()
        self._thread.join()
        self._catch_up()


def _without_kind(event: Event) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "kind"}
