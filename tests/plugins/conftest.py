"""For experiments: is a check red when what it holds is wrong? Does a stopped run go on to the same end?"""

from __future__ import annotations

import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import dllab
from dllab.errors import RunFailedError
from dllab.events import Event
from dllab.runner import RunRequest, carry_out
from dllab.store import RunRecord


@pytest.fixture
def red(home: Path) -> Callable[..., list[str]]:
    """red(experiment, **params): the checks that fail in a tiny run, [] when the run succeeds."""

    def failing(name: str, **params: Any) -> list[str]:
        with dllab.Store() as store:
            try:
                dllab.launch(name, params, is_tiny=True, threads=1, store=store)
            except RunFailedError:
                (run,) = store.runs(limit=1)
                return [check["name"] for check in store.checks(run.id) if not check["passed"]]
        return []

    return failing


@pytest.fixture
def wrap(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[..., Any]], None]:
    """wrap(place, change): the function or class at a place becomes change(original, *arguments)."""

    def replace(place: str, change: Callable[..., Any]) -> None:
        module, _, name = place.rpartition(".")
        holder: Any = import_module(module)
        original = getattr(holder, name)
        monkeypatch.setattr(holder, name, lambda *given, **named: change(original, *given, **named))

    return replace


class WholeAndResumed(NamedTuple):
    """Three records: a run left alone; the same one, stopped on its way; what went on from there."""

    whole: RunRecord
    stopped: RunRecord
    resumed: RunRecord

    def digests(self, artifact: str) -> tuple[str, str]:
        """What the whole run left by that name, and what the resumed one did."""
        with dllab.Store() as store:
            one, other = (store.artifact(run.id, artifact).digest for run in (self.whole, self.resumed))
        return one, other


@pytest.fixture
def stop_and_resume(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., WholeAndResumed]:
    """stop_and_resume(experiment, params, module, at=2): stopped by Ctrl-C at its second checkpoint.

    module: where the experiment's CHECKPOINT_EVERY_S stands, which is set to 0, so that none is left out.
    """

    def carry(name: str, params: dict[str, Any], module: str, at: int) -> WholeAndResumed:
        monkeypatch.setattr(import_module(module), "CHECKPOINT_EVERY_S", 0.0)
        seen = 0

        def stop(event: Event) -> None:
            nonlocal seen
            if event.get("role") == "checkpoint":
                seen += 1
                if seen == at:
                    signal.raise_signal(signal.SIGINT)

        request = RunRequest(name, params, threads=1)
        with dllab.Store() as store:
            whole = carry_out(store, request).record
            stopped = carry_out(store, request, [stop]).record
            assert stopped.status == "cancelled"
            onward = RunRequest(name, params, threads=1, parent=stopped.id, relation="resume")
            resumed = carry_out(store, onward).record
        return WholeAndResumed(whole, stopped, resumed)

    return carry
