"""A store in a temporary folder, and the two steps that most of its tests begin with."""

import hashlib

import pytest

from dllab.store import Store

RUN = {
    "experiment": "plasma", "plugin": "generative", "plugin_version": "1.0", "params": {"size": 32},
    "inputs": {}, "seed": 7, "device": "cpu", "dtype": "float32", "threads": 2,
    "executor": "inline", "facts": {},
}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def new_run(store):
    """Make a run; keyword arguments replace the facts of RUN, tags and status are set afterwards."""

    def make(*, status="succeeded", tags=(), metrics=None, **facts):
        record = store.create_run(**(RUN | facts))
        store.add_metrics(record.id, [(0, key, value, 0.0) for key, value in (metrics or {}).items()])
        store.add_tags(record.id, tags)
        if status != "queued":
            store.set_status(record.id, "running")
        if status not in ("queued", "running"):
            store.set_status(record.id, status)
        return store.run(record.id)

    return make


@pytest.fixture
def add_file(store):
    """Give a run a file with some bytes, the way the runner does."""

    def add(run, name, content, role="out"):
        staged = store.staging(run.id) / "staged"
        staged.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return store.add_artifact(
            run.id, name, staged, digest=digest, size=len(content), media_type="image/png", role=role
        )

    return add
