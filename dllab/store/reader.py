"""Reading the store."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dllab.errors import NotFoundError, StoreError
from dllab.store import queries
from dllab.store.database import Database
from dllab.store.folders import DATABASE
from dllab.store.liveness import ProcessMark, is_alive
from dllab.store.records import MEMBER_RELATIONS, ArtifactRecord, Extent, MetricPoint, RunRecord
from dllab.texts import did_you_mean, text


class StoreReader(Database):
    """The reading half of Store."""

    def run(self, reference: str) -> RunRecord:
        """The run with this id, unique beginning of an id or folder, or "last", or "last:EXPERIMENT".

        The last run of all is never a part of a sweep or of a contact sheet: it is the sweep itself.
        Raises NotFoundError that says what is near, or which runs begin so.
        """
        lost = self._settle()
        with self._reading() as connection:
            run_id = queries.find_id(connection, reference, self.home)
            return self._record(connection, run_id, lost)

    def runs(
        self,
        *,
        experiment: str | None = None,
        statuses: Sequence[str] = (),
        tags: Sequence[str] = (),
        since: float | None = None,
        until: float | None = None,
        metrics: Sequence[tuple[str, str, float]] = (),
        sort: str = "created",
        descending: bool = True,
        limit: int | None = 100,
        parent: str | None = None,
        members: bool | None = None,
    ) -> list[RunRecord]:
        """The runs that fit all that is asked.

        tags: all of them; since, until: created between, unix seconds; metrics: (key, operator, value)
        held against the latest value; sort: a name of queries.SORTS, or "metric:KEY", which leaves out the
        runs without that metric. What is not known comes last. parent: only runs made from this one.
        members: False without the runs that are part of a sweep or of a contact sheet, True those alone.
        Raises UsageError for an unknown name.
        """
        lost = self._settle()
        with self._reading() as connection:
            rows = queries.find_runs(
                connection, experiment=experiment, statuses=statuses, tags=tags, since=since, until=until,
                metrics=metrics, sort=sort, descending=descending, limit=limit, parent=parent,
                members=members, lost=lost,
            )  # fmt: skip
            return self._records(rows, lost)

    def children(self, run_id: str) -> list[RunRecord]:
        """The runs that were made from this one, oldest first."""
        return self._made_from(run_id)

    def members(self, run_id: str) -> list[RunRecord]:
        """The runs that are part of this one, a sweep or a contact sheet, oldest first."""
        return self._made_from(run_id, "AND relation IN (?, ?)", MEMBER_RELATIONS)

    def _made_from(self, run_id: str, where: str = "", values: Sequence[str] = ()) -> list[RunRecord]:
        lost = self._settle()
        sql = f"SELECT {queries.LISTED} FROM run WHERE parent = ? {where} ORDER BY created"
        with self._reading() as connection:
            return self._records(connection.execute(sql, (run_id, *values)).fetchall(), lost)

    def metrics(self, run_id: str, key: str | None = None) -> list[MetricPoint]:
        """The points of a run, by key and step; of one key where it is given."""
        with self._reading() as connection:
            return queries.metric_points(connection, run_id, key)

    def latest_metrics(self, run_id: str) -> dict[str, float]:
        """The value of each metric at its last step."""
        with self._reading() as connection:
            return queries.latest_metrics(connection, run_id)

    def metric_keys(self) -> list[str]:
        """The names of all metrics that any run has logged, sorted."""
        with self._reading() as connection:
            return [
                row["key"]
                for row in connection.execute("SELECT DISTINCT key FROM latest_metric ORDER BY key")
            ]

    def events(self, run_id: str, kind: str | None = None) -> list[dict[str, Any]]:
        """What the run said, in order: each {"kind", "time" (unix), and the event's own facts}."""
        where, values = ("AND kind = ?", [run_id, kind]) if kind else ("", [run_id])
        with self._reading() as connection:
            rows = connection.execute(f"SELECT * FROM event WHERE run = ? {where} ORDER BY id", values)
            return [json.loads(row["data"]) | {"kind": row["kind"], "time": row["time"]} for row in rows]

    def checks(self, run_id: str) -> list[dict[str, Any]]:
        """The known figures that the run held its own against, as it reported them."""
        return self.events(run_id, "check")

    def artifacts(self, run_id: str, role: str | None = None) -> list[ArtifactRecord]:
        """The files that the run took in or left, in the order they came; of one role where given."""
        where, values = ("AND role = ?", [run_id, role]) if role else ("", [run_id])
        with self._reading() as connection:
            rows = connection.execute(
                f"{queries.ARTIFACTS} WHERE run = ? {where} ORDER BY artifact.created, artifact.rowid", values
            )
            return [self._artifact(row) for row in rows]

    def artifact(self, run_id: str, name: str) -> ArtifactRecord:
        """The file of this name: one that the run left, or else one that it took in. Raises NotFoundError."""
        known = self.artifacts(run_id)
        for role in ("out", "preview", "checkpoint", "in"):
            for artifact in known:
                if artifact.role == role and artifact.name == name:
                    return artifact
        left = list(dict.fromkeys(artifact.name for artifact in known if artifact.role == "out"))
        hint = did_you_mean(name, left)
        key = "store.no_artifact" if left else "store.no_artifacts"
        raise NotFoundError(text(key, run=run_id, name=name, names=", ".join(left), hint=hint))

    def blob_path(self, digest: str) -> Path | None:
        """The file with this sha256, or None where the store does not hold it."""
        return self.blobs.find(digest)

    def find_digest(self, digest: str) -> list[tuple[RunRecord, ArtifactRecord]]:
        """The runs that left a file of these bytes, oldest first, then those that took it in."""
        lost = self._settle()
        with self._reading() as connection:
            rows = connection.execute(
                f"{queries.ARTIFACTS} WHERE digest = ? ORDER BY role = 'in', artifact.created",
                (digest,),
            ).fetchall()
            return [(self._record(connection, row["run"], lost), self._artifact(row)) for row in rows]

    def environment(self, run_id: str) -> dict[str, Any]:
        """The versions and the machine that the run had; {} where they were not recorded."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT data FROM env JOIN run ON run.env = env.hash WHERE run.id = ?", (run_id,)
            ).fetchone()
            return json.loads(row["data"]) if row else {}

    def extent(self) -> Extent | None:
        """How much the store holds; None where there is no database yet."""
        if not (self.home / DATABASE).is_file():
            return None
        with self._reading() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            sql = (
                "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM blob),"
                " (SELECT coalesce(sum(size), 0) FROM blob)"
            )
            return Extent(version, *connection.execute(sql).fetchone())

    def tags(self, run_id: str) -> list[str]:
        """The tags of a run, sorted."""
        with self._reading() as connection:
            rows = connection.execute("SELECT tag FROM tag WHERE run = ? ORDER BY tag", (run_id,))
            return [row["tag"] for row in rows]

    def _settle(self) -> dict[str, float]:
        """Record the runs that nobody works on any more as lost.

        Returns those that cannot be recorded so, as in a read-only store, each with the unix time of
        its last sign of life.
        """
        with self._reading() as connection:
            rows = connection.execute(
                f"SELECT id, host, pid, pid_started, boot, heartbeat, {queries.LAST_SIGN} AS last_sign"
                " FROM run WHERE status IN ('queued','running')"
            ).fetchall()
        now = time.time()
        dead = {
            row["id"]: row["last_sign"]
            for row in rows
            if row["pid"] is not None
            and not is_alive(
                ProcessMark(row["host"], row["pid"], row["pid_started"], row["boot"]), row["heartbeat"], now
            )
        }
        if self.read_only:
            return dead
        unrecorded = {}
        for run_id, last_sign in dead.items():
            try:
                self._mark_lost(run_id)
            except StoreError:  # a full disk, say: what can be read shall be
                unrecorded[run_id] = last_sign
        return unrecorded

    def _mark_lost(self, run_id: str) -> None:
        raise NotImplementedError

    def _record(
        self, connection: sqlite3.Connection, run_id: str, lost: Mapping[str, float] | None = None
    ) -> RunRecord:
        row = _row(connection, run_id)
        return RunRecord._whole(row, self.home, lost or {})

    def _records(self, rows: list[sqlite3.Row], lost: Mapping[str, float]) -> list[RunRecord]:
        """Rows of the columns LISTED as records."""

        def late(run_id: str) -> sqlite3.Row:
            with self._reading() as connection:
                return _row(connection, run_id)

        return RunRecord._listed(rows, self.home, lost, late)

    def _artifact(self, row: sqlite3.Row) -> ArtifactRecord:
        return queries.artifact_record(row, self.home / "runs" / row["folder"], self.blobs)


def _row(connection: sqlite3.Connection, run_id: str) -> sqlite3.Row:
    """A run's row of the columns COLUMNS. Raises NotFoundError."""
    row = connection.execute(f"SELECT {queries.COLUMNS} FROM run WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise NotFoundError(text("store.no_run", reference=run_id, hint=""))
    return row
