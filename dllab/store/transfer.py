"""Runs as one zip file: written so that a person can open it, read back as if a stranger had made it."""

from __future__ import annotations

import hashlib
import io
import secrets
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from dllab.errors import StoreError, UsageError
from dllab.pieces import PIECE
from dllab.store import folders
from dllab.store.records import ArtifactRecord, RunRecord, readable_json
from dllab.store.schema import translated_errors
from dllab.store.store import Store
from dllab.texts import text

FORMAT, FORMAT_VERSION = "dllab-runs", 1
MANIFEST = "manifest.json"
PACKED_TYPES = ("text/", "application/json", "image/svg+xml", "audio/midi")  # the others are packed already
TIME = (1980, 1, 1, 0, 0, 0)  # of every entry: the same runs give the same bytes


def export_zip(store: Store, runs: Sequence[RunRecord], destination: Path) -> Path:
    """Write runs, with all that is known of them and every file that was kept, as a zip file.

    The files that a run left lie in a folder with its name; inputs, checkpoints and previews below
    `blobs/` by digest. The manifest gives size and sha256 of every entry. Raises UsageError for a run
    that is not over, and for a destination that is taken.
    """
    for run in runs:
        if run.is_open:
            facts = {"run": run.id, "status": run.status, "pid": run.pid, "host": run.host}
            raise UsageError(text("store.alive", **facts))
    if destination.exists():
        raise UsageError(text("care.taken", path=destination))
    partial = destination.with_name(f".{destination.name}.{secrets.token_hex(4)}.part")
    try:
        with translated_errors(destination.parent), zipfile.ZipFile(partial, "w") as archive:
            _Writer(store, archive).write(runs)
        partial.replace(destination)
    finally:
        partial.unlink(missing_ok=True)
    return destination


class _Writer:
    """Entries into one archive, each file once, and the manifest over them last."""

    def __init__(self, store: Store, archive: zipfile.ZipFile) -> None:
        self._store, self._archive = store, archive
        self._entries: dict[str, dict[str, Any]] = {}  # by name
        self._names: dict[str, str] = {}  # entry by digest

    def write(self, runs: Sequence[RunRecord]) -> None:
        listed = []
        for run in runs:
            facts = describe(self._store, run)
            for artifact in self._store.artifacts(run.id):
                self._add_artifact(run, artifact)
            for _, digest in facts["members"]:
                path = self._store.blob_path(digest)
                if path is not None:
                    self._add_file(f"blobs/{digest}", digest, path, is_packed=True)
            name = f"{run.folder.name}/{folders.RECORD}"
            data = readable_json(facts).encode()
            self._add(name, io.BytesIO(data), hashlib.sha256(data).hexdigest(), len(data), is_packed=False)
            listed.append(name)
        manifest = {"format": FORMAT, "version": FORMAT_VERSION, "runs": listed, "entries": self._entries}
        with self._archive.open(_info(MANIFEST, is_packed=False), "w") as file:
            file.write(readable_json(manifest).encode())

    def _add_artifact(self, run: RunRecord, artifact: ArtifactRecord) -> None:
        if artifact.path is None:
            if artifact.role == "in":
                return  # of a large input only the digest is known
            raise StoreError(
                text("care.missing", path=f"blobs/{artifact.digest}", used=f"{run.id}:{artifact.name}")
            )
        is_packed = not artifact.media_type.startswith(PACKED_TYPES)
        name = f"{run.folder.name}/{artifact.name}" if artifact.role == "out" else f"blobs/{artifact.digest}"
        self._add_file(name, artifact.digest, artifact.path, is_packed=is_packed)

    def _add_file(self, name: str, digest: str, path: Path, *, is_packed: bool) -> None:
        if digest not in self._names:
            self._names[digest] = name
            with path.open("rb") as file:
                self._add(name, file, digest, path.stat().st_size, is_packed=is_packed)

    def _add(self, name: str, source: IO[bytes], digest: str, size: int, *, is_packed: bool) -> None:
        with self._archive.open(_info(name, is_packed=is_packed), "w", force_zip64=size > 2**31) as file:
            while chunk := source.read(PIECE):
                file.write(chunk)
        self._entries[name] = {"sha256": digest, "size": size}


def _info(name: str, *, is_packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, TIME)
    info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def describe(store: Store, run: RunRecord) -> dict[str, Any]:
    """All that the store knows of a run, as JSON that `transfer_in` reads."""
    artifacts = store.artifacts(run.id)
    with store._reading() as connection:
        members = connection.execute(
            "SELECT DISTINCT folder, member.digest FROM member JOIN artifact ON artifact.digest = folder"
            " WHERE run = ? ORDER BY 1, 2",
            (run.id,),
        ).fetchall()
    return {
        "run": {
            "id": run.id, "experiment": run.experiment, "plugin": run.plugin,
            "plugin_version": run.plugin_version, "params": run.params, "inputs": _without_paths(run.inputs),
            "seed": run.seed, "device": run.device, "dtype": run.dtype, "threads": run.threads,
            "executor": run.executor, "status": run.status, "created": run.created, "started": run.started,
            "ended": run.ended, "error": run.error, "parent": run.parent, "relation": run.relation,
            "facts": run.facts, "host": run.host, "pid": run.pid,
        },
        "tags": list(run.tags),
        "artifacts": [
            {
                "role": one.role, "field": one.field, "name": one.name, "digest": one.digest,
                "size": one.size, "media_type": one.media_type, "created": one.created,
            }
            for one in artifacts
        ],
        "members": [[row["folder"], row["digest"]] for row in members],
        "metrics": [[point.key, point.step, point.value, point.time] for point in store.metrics(run.id)],
        "events": [
            {"kind": event.pop("kind"), "time": event.pop("time"), "data": event}
            for event in store.events(run.id)
        ],
        "environment": store.environment(run.id),
    }  # fmt: skip


def _without_paths(inputs: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The inputs without the paths of this machine: the digest says what they were."""
    return {
        field: {
            **{key: str(part) for key, part in value.items()},
            "path": "",
            "reference": Path(str(value.get("reference", ""))).name,
        }
        for field, value in inputs.items()
    }
