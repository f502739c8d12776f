"""Taking in runs from a zip file that anybody may have made: checked first, then all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import stat
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from dllab.errors import DllabError, InputError, UsageError
from dllab.pieces import PIECE
from dllab.store import folders, queries
from dllab.store.arrival_facts import Arrival, ArtifactFacts, Manifest
from dllab.store.blobs import sync_files
from dllab.store.inputs import insert_blob
from dllab.store.records import RunRecord, canonical_json
from dllab.store.schema import translated_errors
from dllab.store.store import Store, new_id
from dllab.store.transfer import FORMAT_VERSION, MANIFEST
from dllab.texts import text

MAX_RATIO = 250  # of an entry's size to what it takes in the file, above SMALL; text packs to a tenth or so
SMALL = 2**20
MAX_JSON = 256 * 2**20  # bytes of a manifest, or of what is said of one run
MAX_ENTRIES = 200_000
MAX_GB = 32.0
SPARE = 2**28  # bytes that stay free on the disk

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Arrived:
    """A run that was taken in: its record here, the id it came with, whether it was here already."""

    record: RunRecord
    was: str
    is_known: bool = False


def import_zip(store: Store, file: Path, max_gb: float = MAX_GB) -> list[Arrived]:
    """Take in the runs of a zip file that `export_zip` wrote; returns them in the file's order.

    A run keeps its id unless another run here has it; the same run is not taken in twice. Raises
    InputError for a file that is no such zip, or is damaged, or holds anything that it should not (paths
    out of its folder, links, undeclared files, a bomb); then the store is as it was.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file, max_gb)
        arrivals = [_arrival(archive, file, name, manifest) for name in manifest.runs]
        sources = {entry.sha256: (name, entry.size) for name, entry in manifest.entries.items()}
        wanted = {digest for arrival in arrivals for digest in _digests(arrival)} & set(sources)
        with _staging(store) as staging, translated_errors(store.home):
            _check_space(file, store.home, 2 * sum(sources[digest][1] for digest in wanted))
            staged = {
                digest: _unpack(archive, file, *sources[digest], digest, staging) for digest in sorted(wanted)
            }
            recorded = _Arriving(store, staged, staging, file.name).record(arrivals)
    for run_id, _, is_known in recorded:
        if not is_known:
            store.write_record(run_id)
    return [Arrived(store.run(run_id), was, is_known) for run_id, was, is_known in recorded]


@contextmanager
def _staging(store: Store) -> Iterator[Path]:
    """A folder that goes when the block ends."""
    with store._writing():  # makes the store, where there is none yet
        pass
    folder = store.staging(f"import.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        yield folder
    finally:
        folders.remove_folder(folder)


def _check_space(file: Path, home: Path, needed: int) -> None:
    free = shutil.disk_usage(home).free - SPARE
    if needed > free:
        raise _refused(file, "no_space", needed=f"{needed / 1e9:.2f}", free=f"{max(free, 0) / 1e9:.2f}")


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError) as error:
        raise _refused(file, "not_a_zip", reason=error) from error
    except RuntimeError as error:  # what zipfile raises for an encrypted entry
        raise _refused(file, "not_a_zip", reason=error) from error
    except OSError as error:
        raise InputError(text("store.input_unreadable", path=file, reason=error.strerror or error)) from error


def _refused(file: Path, key: str, **values: object) -> InputError:
    fault = " ".join(text(f"care.{key}", **values).split())
    return InputError(text("care.refused", file=file.name, fault=fault[:400]))


def _manifest(archive: zipfile.ZipFile, file: Path, max_gb: float) -> Manifest:
    """The manifest, after every entry was held against it and against what an entry may be."""
    infos = {info.filename: info for info in archive.infolist()}
    if len(infos) != len(archive.infolist()) or len(infos) > MAX_ENTRIES:
        raise _refused(file, "too_many", limit=MAX_ENTRIES)
    for info in infos.values():
        _check_entry(file, info)
    if MANIFEST not in infos:
        raise _refused(file, "no_manifest", name=MANIFEST)
    manifest = _parsed(Manifest, archive, file, MANIFEST)
    if manifest.version > FORMAT_VERSION:
        raise _refused(file, "newer_format", found=manifest.version, known=FORMAT_VERSION)
    declared = {MANIFEST, *manifest.entries}
    for name in sorted(declared ^ set(infos)):
        raise _refused(file, "undeclared" if name in infos else "absent", name=name)
    for name in manifest.runs:
        if name not in manifest.entries:
            raise _refused(file, "absent", name=name)
    if len(set(manifest.runs)) != len(manifest.runs):
        raise _refused(file, "bad_facts", name=MANIFEST, fault="a run twice")
    for name, entry in manifest.entries.items():
        if infos[name].file_size != entry.size:
            raise _refused(file, "wrong_size", name=name)
    total = sum(info.file_size for info in infos.values())
    if total > max_gb * 1e9:
        raise _refused(file, "too_large", size=f"{total / 1e9:.1f}", limit=f"{max_gb:g}")
    if total > MAX_RATIO * max(file.stat().st_size, SMALL):
        raise _refused(file, "bomb", name=file.name, size=f"{total / 1e6:.0f}", limit=MAX_RATIO)
    return manifest


def _check_entry(file: Path, info: zipfile.ZipInfo) -> None:
    """Raise InputError for an entry that leads out of its folder, is a link, or would burst."""
    try:
        if info.filename != info.orig_filename or info.is_dir():
            raise UsageError(info.orig_filename)
        folders.check_relative_path(info.filename.replace(f"/{folders.RECORD}", "/record"))
    except DllabError as error:
        raise _refused(file, "bad_name", name=info.orig_filename[:200]) from error
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _refused(file, "not_a_file", name=info.filename)
    if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(file, "bad_packing", name=info.filename)
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise _refused(file, "bomb", name=info.filename, size=f"{info.file_size / 1e6:.0f}", limit=MAX_RATIO)


def _parsed(kind: type[Model], archive: zipfile.ZipFile, file: Path, name: str, digest: str = "") -> Model:
    """An entry's JSON, held against a model of what it may say, and against its digest."""
    if archive.getinfo(name).file_size > MAX_JSON:
        raise _refused(file, "too_large", size=f"> {MAX_JSON / 1e9:.2f}", limit=f"{MAX_JSON / 1e9:.2f}")
    data = archive.read(name)
    if digest and hashlib.sha256(data).hexdigest() != digest:
        raise _refused(file, "wrong_digest", name=name)
    try:
        return kind.model_validate(json.loads(data, parse_constant=_refuse_constant))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(file, "bad_facts", name=name, fault=f"{where}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise _refused(file, "bad_facts", name=name, fault=error) from error


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _arrival(archive: zipfile.ZipFile, file: Path, name: str, manifest: Manifest) -> Arrival:
    """What is said of one run; every file that the run left must be in the zip file."""
    arrival = _parsed(Arrival, archive, file, name, manifest.entries[name].sha256)
    held = {entry.sha256: entry.size for entry in manifest.entries.values()}
    seen = set()
    for artifact in arrival.artifacts:
        try:
            artifact.check_name()
        except DllabError as error:
            raise _refused(file, "bad_facts", name=name, fault=error) from error
        key = (artifact.role, artifact.field, artifact.name.casefold() if artifact.role != "in" else "")
        is_held = artifact.role == "in" or held.get(artifact.digest) == artifact.size
        if key in seen or not is_held:
            raise _refused(file, "bad_facts", name=name, fault=f"artifact {artifact.name!r}")
        seen.add(key)
    return arrival


def _digests(arrival: Arrival) -> Iterator[str]:
    """The files that belong to a run, and those of its input folders."""
    folders_of_run = {artifact.digest for artifact in arrival.artifacts}
    yield from sorted(folders_of_run)
    yield from (digest for folder, digest in arrival.members if folder in folders_of_run)


def _unpack(archive: zipfile.ZipFile, file: Path, name: str, size: int, digest: str, staging: Path) -> Path:
    """Write an entry into the staging folder under its digest, never more of it than was declared."""
    staged = staging / digest
    if staged.exists():
        return staged
    hasher, left = hashlib.sha256(), size
    with archive.open(name) as source, staged.open("xb") as target:
        while chunk := source.read(PIECE):
            left -= len(chunk)
            if left < 0:
                raise _refused(file, "wrong_size", name=name)
            hasher.update(chunk)
            target.write(chunk)
    if left or hasher.hexdigest() != digest:
        raise _refused(file, "wrong_digest", name=name)
    return staged


class _Arriving:
    """One transaction that records all runs and puts all files in place; takes them back when it fails."""

    def __init__(self, store: Store, staged: dict[str, Path], staging: Path, source: str) -> None:
        self._store, self._staged, self._staging, self._source = store, staged, staging, source
        self._placed: list[Path] = []

    def record(self, arrivals: list[Arrival]) -> list[tuple[str, str, bool]]:
        """(id here, id in the file, was it here already) of every run."""
        sync_files(list(self._staged.values()))
        try:
            with self._store._writing() as connection:
                ids = {arrival.run.id: self._id_here(connection, arrival) for arrival in arrivals}
                for arrival in arrivals:
                    run_id, is_known = ids[arrival.run.id]
                    if not is_known:
                        parent = ids.get(arrival.run.parent or "", (arrival.run.parent, False))[0]
                        self._insert(connection, arrival, run_id, parent)
        except BaseException:
            for place in self._placed:
                folders.remove_folder(place) if place.is_dir() else folders.remove_file(place)
            raise
        sync_files([place for place in self._placed if place.is_file()])
        return [(*ids[one.run.id][:1], one.run.id, ids[one.run.id][1]) for one in arrivals]

    def _id_here(self, connection: sqlite3.Connection, arrival: Arrival) -> tuple[str, bool]:
        run = arrival.run
        row = connection.execute("SELECT * FROM run WHERE id = ?", (run.id,)).fetchone()
        if row is None and not any(self._store.home.glob(f"runs/*-{run.id}")):
            return run.id, False
        facts = (run.experiment, run.created, run.seed, canonical_json(run.params))
        is_same = row is not None and facts == (row["experiment"], row["created"], row["seed"], row["params"])
        return (run.id, True) if is_same else (new_id(connection), False)

    def _insert(
        self, connection: sqlite3.Connection, arrival: Arrival, run_id: str, parent: str | None
    ) -> None:
        run = arrival.run.model_dump()
        environment = canonical_json(arrival.environment)
        digest = hashlib.sha256(environment.encode()).hexdigest() if arrival.environment else None
        if digest:
            connection.execute("INSERT OR IGNORE INTO env (hash, data) VALUES (?, ?)", (digest, environment))
        inputs = {name: {**value, "path": ""} for name, value in run["inputs"].items()}
        folder = folders.run_folder_name(run["experiment"], run_id, run["created"])
        row = run | {
            "id": run_id, "parent": parent, "folder": folder, "env": digest, "pid_started": "",
            "boot": "", "heartbeat": run["ended"] or run["created"], "inputs": canonical_json(inputs),
            "params": canonical_json(run["params"]), "facts": canonical_json(run["facts"]),
        }  # fmt: skip
        _insert_row(connection, "run", row)
        for artifact in arrival.artifacts:
            _insert_row(connection, "artifact", artifact.model_dump() | {"run": run_id})
        for digest in dict.fromkeys(_digests(arrival)):
            self._place_blob(connection, digest)
        named = {artifact.digest for artifact in arrival.artifacts}
        for member in dict.fromkeys(one for one in arrival.members if one[0] in named):
            connection.execute("INSERT OR IGNORE INTO member (folder, digest) VALUES (?, ?)", member)
        points = [(step, key, value, at) for key, step, value, at in arrival.metrics]
        queries.add_metrics(connection, run_id, points)
        for event in arrival.events:
            facts = {"kind": event.kind, "time": event.time, "data": canonical_json(event.data)}
            _insert_row(connection, "event", facts | {"run": run_id})
        told = {"kind": "imported", "data": canonical_json({"file": self._source, "id": run["id"]})}
        _insert_row(connection, "event", told | {"run": run_id, "time": time.time()})
        for tag in dict.fromkeys(arrival.tags):
            _insert_row(connection, "tag", {"run": run_id, "tag": tag})
        self._place_folder(arrival.artifacts, folder)

    def _place_blob(self, connection: sqlite3.Connection, digest: str) -> None:
        staged = self._staged.get(digest)
        if staged is None:
            return  # of a large input only the digest is known
        size = staged.stat().st_size if staged.exists() else self._store.blobs.place(digest).stat().st_size
        if staged.exists():
            is_new = self._store.blobs.find(digest) is None
            place = self._store.blobs.take(staged, digest)
            if is_new:
                self._placed.append(place)
        insert_blob(connection, digest, size)

    def _place_folder(self, artifacts: list[ArtifactFacts], name: str) -> None:
        """Lay out the copies that a person sees, and move them into place together."""
        built = folders.make_private_folder(self._staging / name)
        for artifact in artifacts:
            copy = folders.copy_place(built, artifact.role, artifact.name)
            if copy is not None:
                folders.make_private_folder(copy.parent)
                shutil.copyfile(self._store.blobs.place(artifact.digest), copy)
        place = self._store.home / "runs" / name
        built.replace(place)
        self._placed.append(place)


def _insert_row(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    values = {
        key: value.encode(errors="replace").decode() if isinstance(value, str) else value
        for key, value in row.items()
    }
    marks = ", ".join(f":{key}" for key in values)
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", values)
