"""Writing the store."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import string
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from dllab.errors import NotFoundError, StoreError, UsageError
from dllab.store import folders, queries
from dllab.store.blobs import sync_files, sync_soon
from dllab.store.inputs import InputKeeper
from dllab.store.liveness import process_mark
from dllab.store.records import FINAL_STATUSES, STATUSES, ArtifactRecord, RunRecord, canonical_json
from dllab.store.schema import translated_errors
from dllab.texts import did_you_mean, text

PENDING_S = 3600.0  # how long an input that was kept waits for its run to be recorded


class Store(InputKeeper):
    """Every run of this lab: a SQLite database and a folder of files known by their content.

    home: see home_directory. Nothing is made on disk before the first write. read_only: nothing is
    ever written, and a run whose process has died is shown as lost without being recorded so; a store
    on a read-only file system becomes read-only by itself. One Store may be used by many threads, one
    home by many processes. Every method may raise StoreError.
    """

    def __init__(self, home: Path | str | None = None, *, read_only: bool = False) -> None:
        super().__init__(home, read_only=read_only)
        self._syncing: dict[str, list[Future[None]]] = {}  # by run: files that the disk may not have yet

    def create_run(
        self,
        *,
        experiment: str,
        plugin: str,
        plugin_version: str,
        params: dict[str, Any],
        inputs: dict[str, dict[str, Any]],
        seed: int,
        device: str,
        dtype: str,
        threads: int,
        executor: str,
        facts: dict[str, Any],
        parent: str | None = None,
        relation: str | None = None,
    ) -> RunRecord:
        """Record a new run, "queued", kept alive by the calling process, and make its folder.

        relation: how it comes from its parent, one of records.RELATIONS.
        """
        now = time.time()
        mark = process_mark()
        row = {
            "experiment": experiment, "plugin": plugin, "plugin_version": plugin_version,
            "params": canonical_json(params), "inputs": canonical_json(inputs), "seed": seed,
            "device": device, "dtype": dtype, "threads": threads, "executor": executor, "status": "queued",
            "created": now, "facts": canonical_json(facts), "parent": parent, "relation": relation,
            "host": mark.host, "pid": mark.pid, "pid_started": mark.started, "boot": mark.boot,
            "heartbeat": now,
        }  # fmt: skip
        with self._writing() as connection:
            row["id"] = run_id = new_id(connection)
            row["folder"] = folders.run_folder_name(experiment, run_id, now)
            columns = ", ".join(row)
            connection.execute(f"INSERT INTO run ({columns}) VALUES (:{', :'.join(row)})", row)
            record = self._record(connection, run_id)
        with translated_errors(self.home):
            folders.make_private_folder(record.folder)
        return record

    def set_status(
        self, run_id: str, status: str, *, error: str | None = None, is_shown: bool = True
    ) -> None:
        """Move a run on: "running" sets its start; a final status its end, and clears its staging folder.

        Before a run ends, the store waits until its files would survive a power cut. is_shown: whether
        `run.json` is to say so at once.
        """
        if status not in STATUSES:
            hint = did_you_mean(status, STATUSES)
            choices = ", ".join(STATUSES)
            raise UsageError(text("store.no_such_status", status=status, choices=choices, hint=hint))
        if status in FINAL_STATUSES:
            with translated_errors(self.home):
                folders.clean_staging(self.home / "staging", run_id)
                for file in self._syncing.pop(run_id, ()):
                    file.result()
        now = time.time()
        started = now if status == "running" else None
        ended = now if status in FINAL_STATUSES else None
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE run SET status = ?, error = ?, started = coalesce(started, ?), ended = ?,"
                " heartbeat = ? WHERE id = ?",
                (status, error, started, ended, now, run_id),
            ).rowcount
            _must_exist(run_id, changed)
        if is_shown:
            self.write_record(run_id)

    def set_process(self, run_id: str, pid: int | None = None) -> None:
        """Say which process of this machine keeps the run alive: the calling one by default."""
        mark = process_mark(pid)
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE run SET host = ?, pid = ?, pid_started = ?, boot = ?, heartbeat = ? WHERE id = ?",
                (mark.host, mark.pid, mark.started, mark.boot, time.time(), run_id),
            ).rowcount
            _must_exist(run_id, changed)

    def set_device(self, run_id: str, device: str, dtype: str) -> None:
        """Record what the run really computes on, where it was created with "auto"."""
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE run SET device = ?, dtype = ? WHERE id = ?", (device, dtype, run_id)
            ).rowcount
            _must_exist(run_id, changed)

    def heartbeat(self, run_id: str) -> None:
        """Say that the run lives; other machines take it as lost a minute after the last time.

        One that was taken as lost (a laptop slept) and beats again is open again.
        """
        with self._writing() as connection:
            connection.execute("UPDATE run SET heartbeat = ? WHERE id = ?", (time.time(), run_id))
            connection.execute(
                "UPDATE run SET ended = NULL, status = iif(started IS NULL, 'queued', 'running')"
                " WHERE id = ? AND status = 'lost'",
                (run_id,),
            )

    def set_environment(self, run_id: str, environment: dict[str, Any]) -> None:
        """Record versions and machine; runs with the same environment share one row."""
        data = canonical_json(environment)
        digest = hashlib.sha256(data.encode()).hexdigest()
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO env (hash, data) VALUES (?, ?)", (digest, data))
            changed = connection.execute("UPDATE run SET env = ? WHERE id = ?", (digest, run_id)).rowcount
            _must_exist(run_id, changed)

    def add_metrics(self, run_id: str, rows: Iterable[tuple[int, str, float, float]]) -> None:
        """Record points (step, key, value, unix time) in one transaction; nan and inf stay what they are."""
        points = [(int(step), key, float(value), at) for step, key, value, at in rows]
        if points:
            with self._writing() as connection:
                queries.add_metrics(connection, run_id, points)

    def copy_metrics(self, source_run: str, run_id: str, up_to_step: int) -> None:
        """Give a run the points that another has logged up to a step, that one included."""
        points = [point for point in self.metrics(source_run) if point.step <= up_to_step]
        self.add_metrics(run_id, points)

    def add_event(self, run_id: str, kind: str, data: dict[str, Any]) -> None:
        """Record what a run says; of the kind "progress" only the last is kept."""
        with self._writing() as connection:
            if kind == "progress":
                connection.execute("DELETE FROM event WHERE run = ? AND kind = 'progress'", (run_id,))
            connection.execute(
                "INSERT INTO event (run, time, kind, data) VALUES (?, ?, ?, ?)",
                (run_id, time.time(), kind, canonical_json(data)),
            )

    def add_artifact(
        self,
        run_id: str,
        name: str,
        staged: Path,
        *,
        digest: str,
        size: int,
        media_type: str,
        role: str = "out",
    ) -> ArtifactRecord:
        """Take a file that the run has staged and hashed (sha256).

        It moves to its place by digest, is recorded, and a copy goes into the run's folder (of role
        "checkpoint" none, and a new checkpoint replaces the older one, once it is safely on the disk;
        the other files go to the disk meanwhile, and are waited for when the run ends). A name given again
        replaces. Raises UsageError for a name that would leave the run's folder.
        """
        folders.check_relative_path(name)
        same = "run = :run AND role = :role" + (" AND name = :name" if role != "checkpoint" else "")
        values = {"run": run_id, "role": role, "name": name, "digest": digest, "size": size}
        place = self._take(staged, digest, size)
        if role == "checkpoint":
            with translated_errors(self.home):
                sync_files([place])
        else:
            self._syncing.setdefault(run_id, []).append(sync_soon(place))
        with self._writing() as connection:
            replaced = connection.execute(f"DELETE FROM artifact WHERE {same}", values).rowcount
            _insert_artifact(connection, values | {"field": "", "media_type": media_type})
            connection.execute("UPDATE blob SET pending = NULL WHERE digest = ?", (digest,))
            sql = f"{queries.ARTIFACTS} WHERE run = :run AND role = :role AND name = :name"
            row = connection.execute(sql, values).fetchone()
        if replaced:
            self._sweep()
        artifact = self._artifact(row)
        with translated_errors(self.home):
            folders.put_copy(self.home / "staging", artifact)
        return artifact

    def link_input(
        self, run_id: str, field: str, digest: str, *, name: str, media_type: str, size: int
    ) -> None:
        """Record that a run takes in a file, as the value of its parameter `field`."""
        plain_name = name.encode(errors="replace").decode()
        values = {"run": run_id, "role": "in", "field": field, "name": plain_name, "digest": digest}
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM artifact WHERE run = ? AND role = 'in' AND field = ?", (run_id, field)
            )
            _insert_artifact(connection, values | {"size": size, "media_type": media_type})
            connection.execute("UPDATE blob SET pending = NULL WHERE digest = ?", (digest,))

    def staging(self, run_id: str) -> Path:
        """The folder in which a run writes its files before they are finished."""
        with translated_errors(self.home):
            return folders.make_private_folder(self.home / "staging" / run_id)

    def add_tags(self, run_id: str, tags: Sequence[str]) -> None:
        """Put tags on a run. Raises UsageError for a word that can be none: see is_tag."""
        for tag in tags:
            if not is_tag(tag):
                raise UsageError(text("store.bad_tag", tag=tag))
        with self._writing() as connection:
            connection.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", [(run_id, tag) for tag in tags])
        self.write_record(run_id)

    def remove_tags(self, run_id: str, tags: Sequence[str]) -> None:
        """Take tags off a run; those that it has not are passed over."""
        with self._writing() as connection:
            pairs = [(run_id, tag) for tag in tags]
            connection.executemany("DELETE FROM tag WHERE run = ? AND tag = ?", pairs)
        self.write_record(run_id)

    def write_record(self, run_id: str) -> None:
        """Write `run.json` into the run's folder, which tells what the database holds."""
        record = self._get(run_id)
        with translated_errors(self.home):
            folders.write_record(
                self.home / "staging",
                record,
                checks=self.checks(run_id),
                metrics=self.latest_metrics(run_id),
                artifacts=self.artifacts(run_id),
                environment=self.environment(run_id),
            )

    def remove(self, run_id: str) -> None:
        """Remove a finished run: what is recorded of it, its folder, and the files that no other run names.

        Of a sweep or a contact sheet its members go too; other runs that came from it forget that they
        did. Raises UsageError for a run that is alive.
        """
        record = self.run(run_id)
        gone = [record, *self.members(record.id)]
        for each in gone:
            if each.is_open:
                raise UsageError(
                    text("store.alive", run=each.id, status=each.status, pid=each.pid, host=each.host)
                )
        ids = [(each.id,) for each in gone]
        orphans = [child.id for each in gone for child in self.children(each.id) if (child.id,) not in ids]
        with self._writing() as connection:
            connection.executemany("DELETE FROM run WHERE id = ?", ids)
            connection.executemany("UPDATE run SET parent = NULL, relation = NULL WHERE parent = ?", ids)
            connection.execute("DELETE FROM env WHERE hash NOT IN (SELECT env FROM run WHERE env NOT NULL)")
        with translated_errors(self.home):
            for each in gone:
                folders.remove_folder(each.folder)
                folders.clean_staging(self.home / "staging", each.id)
            folders.clean_abandoned_inputs(self.home / "staging")
        for orphan in orphans:
            self.write_record(orphan)
        self._sweep()

    def _get(self, run_id: str) -> RunRecord:
        with self._reading() as connection:
            return self._record(connection, run_id)

    def _mark_lost(self, run_id: str) -> None:
        with self._writing() as connection:
            changed = connection.execute(
                f"UPDATE run SET status = 'lost', ended = {queries.LAST_SIGN}"
                " WHERE id = ? AND status IN ('queued','running')",
                (run_id,),
            ).rowcount
        if not changed:
            return  # another process was first
        with suppress(StoreError):  # what a person sees in its folder is a copy: nothing hangs on it
            self._forget_torn_files(run_id)
        with suppress(StoreError), translated_errors(self.home):
            for artifact in self.artifacts(run_id):
                if artifact.copy is not None and not artifact.copy.exists():
                    folders.put_copy(self.home / "staging", artifact)
        with suppress(StoreError), translated_errors(self.home):
            if self._get(run_id).host == process_mark().host:  # elsewhere it may only sleep
                folders.clean_staging(self.home / "staging", run_id)
        with suppress(StoreError):
            self.write_record(run_id)

    def _forget_torn_files(self, run_id: str) -> None:
        """Take back what a power cut took: files of a lost run whose bytes never reached the disk."""
        torn = [
            (run_id, artifact.role, artifact.name)
            for artifact in self.artifacts(run_id)
            if artifact.role != "in"
            and (artifact.path is None or artifact.path.stat().st_size != artifact.size)
        ]
        if torn:
            with self._writing() as connection:
                connection.executemany("DELETE FROM artifact WHERE run = ? AND role = ? AND name = ?", torn)
            self._sweep()

    def _sweep(self) -> None:
        """Drop the files that no run names; the lock on the database keeps others from naming them."""
        with self._writing() as connection:
            digests = queries.unnamed_blobs(connection, time.time() - PENDING_S)
            connection.executemany("DELETE FROM blob WHERE digest = ?", [(digest,) for digest in digests])
            for digest in digests:
                self.blobs.drop(digest)


def new_id(connection: sqlite3.Connection) -> str:
    """Eight random letters and digits, a letter first; from the system, so that no seed is touched."""
    while True:
        letters = string.ascii_lowercase
        run_id = secrets.choice(letters) + "".join(secrets.choice(letters + string.digits) for _ in range(7))
        if connection.execute("SELECT 1 FROM run WHERE id = ?", (run_id,)).fetchone() is None:
            return run_id


def is_tag(tag: str) -> bool:
    """Whether a word can be a tag: printable, without spaces and commas, and no + or - in front."""
    return tag.isprintable() and not (set(tag) & {" ", ","}) and tag[:1] not in ("", "+", "-")


def _must_exist(run_id: str, changed: int) -> None:
    if not changed:
        raise NotFoundError(text("store.no_run", reference=run_id, hint=""))


def _insert_artifact(connection: sqlite3.Connection, values: dict[str, Any]) -> None:
    connection.execute(
        "INSERT INTO artifact (run, role, field, name, digest, size, media_type, created)"
        " VALUES (:run, :role, :field, :name, :digest, :size, :media_type, :created)",
        values | {"created": time.time()},
    )
