"""Looking after a store: what may be cleared away, and whether what was recorded is there and whole."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dllab.errors import InputError
from dllab.store import folders, queries
from dllab.store.blobs import digest_of
from dllab.store.records import OPEN_STATUSES
from dllab.store.schema import translated_errors
from dllab.store.store import PENDING_S, Store
from dllab.texts import text

DIGEST = re.compile(r"[0-9a-f]{64}")
RUN_FOLDER = re.compile(r"\d{4}-\d\d-\d\d-.+-[a-z][a-z0-9]{7}")
SLEEP_S = 86_400.0  # a run of another machine that went silent may only sleep: for so long its files are kept


@dataclass(frozen=True)
class Waste:
    """Something in a store that nobody needs.

    kind: "blob" (recorded, but of no run), "stray" (a file among the blobs that is not recorded), "staging"
    (left by a process that died) or "folder" (of a run that is not recorded). size: bytes.
    """

    kind: str
    path: Path
    size: int

    def to_json(self) -> dict[str, Any]:
        """The facts as plain JSON values."""
        return {"kind": self.kind, "path": str(self.path), "size": self.size}


@dataclass(frozen=True)
class Fault:
    """Something that is not as the store recorded it: in one line, with the runs that it concerns."""

    kind: str
    message: str
    runs: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The facts as plain JSON values."""
        return {"kind": self.kind, "message": self.message, "runs": list(self.runs)}


def find_waste(store: Store) -> list[Waste]:
    """What `clear` would take away; nothing is changed.

    Whatever a run that is queued or running may need is none, nor what was handed in for a run that is
    about to be recorded.
    """
    now = time.time()
    store.runs(limit=1)  # runs whose process died are recorded as lost, and cleaned up after
    with store._reading() as connection:
        recorded = {row["digest"]: row["size"] for row in connection.execute("SELECT digest, size FROM blob")}
        unnamed = queries.unneeded_blobs(connection, now - PENDING_S)
        runs = {
            row["folder"]: row for row in connection.execute("SELECT id, folder, status, heartbeat FROM run")
        }
    found = [Waste("blob", store.blobs.place(digest), recorded[digest]) for digest in unnamed]
    with translated_errors(store.home):
        for path in _files(store.home / "blobs"):
            if path.name not in recorded:
                found.append(Waste("stray", path, path.stat().st_size))
        found += _staging_waste(store.home / "staging", {row["id"]: row for row in runs.values()}, now)
        for path in _entries(store.home / "runs"):
            is_ours = RUN_FOLDER.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
            if is_ours and path.name not in runs:
                found.append(Waste("folder", path, _size(path)))
    return found


def clear(store: Store, waste: list[Waste]) -> list[Waste]:
    """Take away what `find_waste` found and what is still waste now; returns what went.

    Blobs go under the lock on the database, so that nobody can begin to need one meanwhile.
    """
    gone = []
    with store._writing() as connection:
        unnamed = set(queries.unnamed_blobs(connection, time.time() - PENDING_S))
        for each in waste:
            digest = each.path.name
            row = connection.execute("SELECT 1 FROM blob WHERE digest = ?", (digest,)).fetchone()
            if (each.kind == "blob" and digest in unnamed) or (each.kind == "stray" and row is None):
                connection.execute("DELETE FROM blob WHERE digest = ?", (digest,))
                folders.remove_file(each.path)
                gone.append(each)
        connection.execute("DELETE FROM env WHERE hash NOT IN (SELECT env FROM run WHERE env NOT NULL)")
    still = {each.path for each in find_waste(store)}
    with translated_errors(store.home):
        for each in waste:
            if each.kind in ("staging", "folder") and each.path in still:
                folders.remove_folder(each.path) if each.path.is_dir() else folders.remove_file(each.path)
                gone.append(each)
    return gone


def verify(store: Store) -> Iterator[Fault]:
    """Every fault of the store: the database's own, missing and damaged files, files that nobody recorded.

    Reads every byte of every file. A run may go on meanwhile.
    """
    yield from _faults_of_database(store)
    with store._reading() as connection:
        blobs = connection.execute("SELECT digest, size FROM blob ORDER BY digest").fetchall()
        unrecorded = connection.execute(
            "SELECT run, name, digest FROM artifact WHERE role != 'in'"
            " AND NOT EXISTS (SELECT 1 FROM blob WHERE blob.digest = artifact.digest)"
        ).fetchall()
    for row in unrecorded:
        yield Fault("missing", text("care.unrecorded", **row), (row["run"],))
    for row in blobs:
        fault = _fault_of_blob(store, row["digest"], row["size"])
        if fault is not None and _is_recorded(store, row["digest"]):
            yield fault


def _faults_of_database(store: Store) -> list[Fault]:
    with store._reading() as connection:
        try:
            told = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as error:
            told = [str(error)]
        faults = [Fault("database", text("care.database", fault=line)) for line in told if line != "ok"]
        if not faults:
            for row in connection.execute("PRAGMA foreign_key_check"):
                line = text("care.orphan", table=row["table"], parent=row["parent"])
                faults.append(Fault("database", line))
        return faults


def verified(store: Store) -> dict[str, int]:
    """How much there is to verify: runs, files, bytes."""
    with store._reading() as connection:
        files, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM blob").fetchone()
        return {
            "runs": connection.execute("SELECT count(*) FROM run").fetchone()[0],
            "files": files,
            "bytes": size,
        }


def _fault_of_blob(store: Store, digest: str, size: int) -> Fault | None:
    place = store.blobs.place(digest)
    users = _users(store, digest)
    runs = tuple(dict.fromkeys(run for run, _ in users))
    named = ", ".join(f"{run}:{name}" for run, name in users[:5]) or "-"
    facts: dict[str, Any] = {"path": place.relative_to(store.home), "used": named}
    if not place.is_file():
        return Fault("missing", text("care.missing", **facts), runs)
    try:
        found = digest_of(place)
    except InputError as error:
        return Fault("unreadable", str(error), runs)
    if found != digest:
        return Fault(
            "damaged", text("care.damaged", **facts, found=found, size=place.stat().st_size, was=size), runs
        )
    return None


def _users(store: Store, digest: str) -> list[tuple[str, str]]:
    """(run, name) of those that left or took a file, also as part of a folder."""
    with store._reading() as connection:
        rows = connection.execute(
            "SELECT run, name FROM artifact WHERE digest = :digest"
            " OR digest IN (SELECT folder FROM member WHERE member.digest = :digest)"
            " ORDER BY role = 'in', created",
            {"digest": digest},
        ).fetchall()
        return [(row["run"], row["name"]) for row in rows]


def _is_recorded(store: Store, digest: str) -> bool:
    """Whether a blob is still recorded, and not only announced by a run that is about to put it there."""
    with store._reading() as connection:
        row = connection.execute("SELECT pending FROM blob WHERE digest = ?", (digest,)).fetchone()
    return row is not None and (row["pending"] is None or bool(_users(store, digest)))


def _staging_waste(staging: Path, runs: dict[str, Any], now: float) -> Iterator[Waste]:
    for path in _entries(staging):
        owner = runs.get(path.name.partition(".")[0])
        if owner is not None and owner["status"] in OPEN_STATUSES:
            continue
        if owner is not None and owner["status"] == "lost" and now - owner["heartbeat"] < SLEEP_S:
            continue
        try:
            is_old = now - path.stat().st_mtime > PENDING_S
            if is_old or (owner is not None and path.is_dir()):
                yield Waste("staging", path, _size(path))
        except FileNotFoundError:
            continue  # its owner was faster


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _files(folder: Path) -> list[Path]:
    """The files of the blob folder that carry a digest for a name: others are not the lab's."""
    return [path for path in sorted(folder.glob("??/*")) if DIGEST.fullmatch(path.name) and path.is_file()]


def _size(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    if not path.is_dir() or path.is_symlink():
        return path.lstat().st_size
    return sum(each.lstat().st_size for each in path.rglob("*") if not each.is_dir() or each.is_symlink())
