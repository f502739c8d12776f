"""For experiments of the course: is a check red when the thing that it holds is wrong?"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import dllab
from dllab.errors import RunFailedError


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
