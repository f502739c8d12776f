"""Runs in a store, made without running anything, and the command line in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dllab.cli import main
from dllab.store import RunRecord, Store


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store that the command line reads, too."""
    with Store(home) as opened:
        yield opened


@pytest.fixture
def new_run(store: Store) -> Callable[..., RunRecord]:
    """Record a run: facts replace those below, metrics {key: values by step}, files {name: bytes}."""

    def make(
        *, status: str = "succeeded", error: str | None = None, tags: tuple[str, ...] = (),
        metrics: dict[str, list[float]] | None = None, files: dict[str, bytes] | None = None,
        checks: tuple[dict[str, Any], ...] = (), environment: dict[str, Any] | None = None, **facts: Any,
    ) -> RunRecord:  # fmt: skip
        given = {
            "experiment": "plasma", "plugin": "generative", "plugin_version": "1.0", "params": {"size": 32},
            "inputs": {}, "seed": 7, "device": "cpu", "dtype": "float32", "threads": 2, "executor": "inline",
            "facts": {},
        }  # fmt: skip
        run = store.create_run(**(given | facts))
        store.set_status(run.id, "running")
        for key, values in (metrics or {}).items():
            store.add_metrics(run.id, [(step, key, value, 0.0) for step, value in enumerate(values)])
        for name, content in (files or {}).items():
            staged = store.staging(run.id) / "staged"
            staged.write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            store.add_artifact(run.id, name, staged, digest=digest, size=len(content), media_type="x/y")
        for check in checks:
            store.add_event(run.id, "check", check)
        if environment:
            store.set_environment(run.id, environment)
        store.add_tags(run.id, tags)
        if status != "running":
            store.set_status(run.id, status, error=error)
        return store.run(run.id)

    return make


@pytest.fixture
def dllab(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process: status, standard output, standard error."""

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(words))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call
