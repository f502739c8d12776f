"""The questions that the store answers, as SQL over one connection."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from dllab.errors import NotFoundError, UsageError
from dllab.store.blobs import BlobFolder
from dllab.store.folders import copy_place
from dllab.store.records import LATE_NAMES, LISTED_NAMES, STATUSES, ArtifactRecord, MetricPoint
from dllab.texts import did_you_mean, text

SORTS = {
    "created": "run.created",
    "started": "run.started",
    "ended": "run.ended",
    "duration": "run.ended - run.started",
    "experiment": "run.experiment",
    "status": "run.status",
    "seed": "run.seed",
    "device": "run.device",
    "id": "run.id",
}
COMPARISONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=", "==": "=", "!=": "!="}
NAMES_TO_GUESS_FROM = 1000
POINTS_AT_ONCE = (1000, 100)
TAGS = (  # asking first whether there are any costs less than gathering none
    "CASE WHEN EXISTS (SELECT 1 FROM tag WHERE tag.run = run.id)"
    " THEN (SELECT json_group_array(tag) FROM tag WHERE tag.run = run.id) ELSE '[]' END"
)


def _columns(names: Sequence[str]) -> str:
    return ", ".join(
        f"{TAGS} AS tags" if name == "tags_text" else f"run.{name.removesuffix('_text')}" for name in names
    )


LISTED = _columns(LISTED_NAMES)
COLUMNS = _columns(LISTED_NAMES + LATE_NAMES)
# When a run was last heard of, whatever it did: unix seconds.
LAST_SIGN = (
    "max(run.heartbeat, coalesce((SELECT max(time) FROM metric WHERE metric.run = run.id), 0),"
    " coalesce((SELECT max(time) FROM event WHERE event.run = run.id), 0))"
)
IS_MEMBER = (
    "(run.relation IN ('sweep','vary') AND EXISTS (SELECT 1 FROM run AS whole WHERE whole.id = run.parent))"
)
ARTIFACTS = "SELECT artifact.*, run.folder FROM artifact JOIN run ON run.id = artifact.run"


def artifact_record(row: sqlite3.Row, folder: Path, blobs: BlobFolder) -> ArtifactRecord:
    """A row as a record; folder: that of its run."""
    facts = ("run", "name", "role", "field", "digest", "size", "media_type", "created")
    return ArtifactRecord(
        **{key: row[key] for key in facts},
        path=blobs.find(row["digest"]),
        copy=copy_place(folder, row["role"], row["name"]),
    )


def find_id(connection: sqlite3.Connection, reference: str, home: Path) -> str:
    """The run that a reference means: see Store.run. Raises NotFoundError."""
    if reference == "last" or reference.startswith("last:"):
        return _last_id(connection, reference.partition(":")[2], home)
    name = Path(reference.strip()).name.encode(errors="replace").decode()
    row = connection.execute("SELECT id FROM run WHERE id = ? OR folder = ?", (name, name)).fetchone()
    if row:
        return row["id"]
    begun = [
        each["id"]
        for each in connection.execute(
            "SELECT id FROM run WHERE id >= ? AND id < ? ORDER BY created DESC", (name, name + "\x7f")
        )
    ]
    if len(begun) == 1 and name:
        return begun[0]
    if begun and name:
        matches = ", ".join(begun[:5]) + (" …" if len(begun) > 5 else "")
        raise NotFoundError(text("store.ambiguous", reference=reference, count=len(begun), matches=matches))
    newest = connection.execute("SELECT id FROM run ORDER BY created DESC LIMIT ?", (NAMES_TO_GUESS_FROM,))
    hint = did_you_mean(name, [each["id"] for each in newest])
    raise NotFoundError(text("store.no_run", reference=reference, hint=hint))


def _last_id(connection: sqlite3.Connection, experiment: str, home: Path) -> str:
    where, values = ("WHERE experiment = ?", [experiment]) if experiment else ("", [])
    whole = f"{where} {'AND' if where else 'WHERE'} NOT {IS_MEMBER}"
    for condition in (whole, where):  # of an experiment that was only swept, a member
        sql = f"SELECT id FROM run {condition} ORDER BY created DESC, rowid DESC LIMIT 1"
        row = connection.execute(sql, values).fetchone()
        if row:
            return row["id"]
    known = [each[0] for each in connection.execute("SELECT DISTINCT experiment FROM run")]
    if not known:
        raise NotFoundError(text("store.no_runs", home=home))
    raise NotFoundError(text("store.no_run_of", experiment=experiment, hint=did_you_mean(experiment, known)))


def find_runs(
    connection: sqlite3.Connection,
    *,
    experiment: str | None,
    statuses: Sequence[str],
    tags: Sequence[str],
    since: float | None,
    until: float | None,
    metrics: Sequence[tuple[str, str, float]],
    sort: str,
    descending: bool,
    limit: int | None,
    parent: str | None,
    members: bool | None,
    lost: Collection[str],
) -> list[sqlite3.Row]:
    """The rows of Store.runs, of the columns LISTED.

    lost: runs to be taken as lost although their row does not say so yet.
    """
    where: list[str] = []
    values: list[Any] = []
    source, order = "run", SORTS.get(sort, "")
    if sort.startswith("metric:"):
        source = "latest_metric AS sorted JOIN run ON run.id = sorted.run"
        where.append("sorted.key = ?")
        values.append(sort.partition(":")[2])
        order = "sorted.value"
    elif not order:
        hint = did_you_mean(sort, list(SORTS))
        raise UsageError(text("store.no_such_sort", sort=sort, choices=", ".join(SORTS), hint=hint))
    if experiment is not None:
        where.append("run.experiment = ?")
        values.append(experiment)
    if statuses:
        status = f"CASE WHEN run.id IN ({_marks(lost)}) THEN 'lost' ELSE run.status END"
        where.append(f"{status} IN ({_marks(statuses)})")
        values += [*lost, *(_checked_status(each) for each in statuses)]
    for tag in tags:
        where.append("EXISTS (SELECT 1 FROM tag WHERE tag.run = run.id AND tag.tag = ?)")
        values.append(tag)
    for bound, comparison in ((since, ">="), (until, "<=")):
        if bound is not None:
            where.append(f"run.created {comparison} ?")
            values.append(bound)
    if parent is not None:
        where.append("run.parent = ?")
        values.append(parent)
    if members is not None:
        where.append(IS_MEMBER if members else f"NOT {IS_MEMBER}")
    for key, operator, threshold in metrics:
        where.append(_comparison(operator))
        values += [key, threshold]
    direction = "DESC" if descending else "ASC"
    sql = f"SELECT {LISTED} FROM {source} {'WHERE ' if where else ''}{' AND '.join(where)}"
    sql += f" ORDER BY {order} {direction} NULLS LAST, run.rowid {direction} LIMIT ?"
    return connection.execute(sql, [*values, -1 if limit is None else limit]).fetchall()


def _comparison(operator: str) -> str:
    """The condition that the latest value of a metric (?) compares so to a number (?)."""
    if operator not in COMPARISONS:
        choices = " ".join(COMPARISONS)
        raise UsageError(text("store.no_such_comparison", operator=operator, choices=choices))
    return (
        "EXISTS (SELECT 1 FROM latest_metric AS compared WHERE compared.run = run.id"
        f" AND compared.key = ? AND compared.value {COMPARISONS[operator]} ?)"
    )


def _marks(values: Collection[Any]) -> str:
    return ",".join("?" * len(values))


def _checked_status(status: str) -> str:
    if status not in STATUSES:
        hint = did_you_mean(status, STATUSES)
        raise UsageError(text("store.no_such_status", status=status, choices=", ".join(STATUSES), hint=hint))
    return status


def metric_points(connection: sqlite3.Connection, run_id: str, key: str | None) -> list[MetricPoint]:
    """The points of a run by key and step, all or those of one key."""
    where, values = ("AND key = ?", [run_id, key]) if key is not None else ("", [run_id])
    rows = connection.execute(
        f"SELECT step, key, value, time FROM metric WHERE run = ? {where} ORDER BY key, step", values
    )
    return [MetricPoint(row["step"], row["key"], _number(row["value"]), row["time"]) for row in rows]


def latest_metrics(connection: sqlite3.Connection, run_id: str) -> dict[str, float]:
    """The value of each metric at its last step."""
    rows = connection.execute("SELECT key, value FROM latest_metric WHERE run = ? ORDER BY key", (run_id,))
    return {row["key"]: _number(row["value"]) for row in rows}


def _number(value: float | None) -> float:
    return math.nan if value is None else value  # SQLite knows no nan and keeps NULL in its place


@lru_cache(maxsize=4)  # those of full statements, and the last rests
def _insert_points(count: int) -> str:
    """The statement that writes so many points: faster than as many statements, and other threads go on."""
    return (
        "INSERT OR REPLACE INTO metric (run, step, key, value, time)"
        f" VALUES {', '.join(['(?, ?, ?, ?, ?)'] * count)}"
    )


def add_metrics(
    connection: sqlite3.Connection, run_id: str, points: Sequence[tuple[int, str, float | None, float]]
) -> None:
    """Write points (step, key, value, unix time). A step that is logged again takes the later value."""
    done = 0
    while done < len(points):
        count = next((size for size in POINTS_AT_ONCE if size <= len(points) - done), len(points) - done)
        part = points[done : done + count]
        values = [word for step, key, value, at in part for word in (run_id, step, key, value, at)]
        connection.execute(_insert_points(count), values)
        done += count
    last = {key: (run_id, step, key, value) for step, key, value, _ in sorted(points, key=itemgetter(0))}
    connection.executemany(
        "INSERT INTO latest_metric (run, step, key, value) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, value = excluded.value"
        " WHERE excluded.step >= latest_metric.step",
        list(last.values()),
    )


def unneeded_blobs(connection: sqlite3.Connection, pending_since: float) -> list[str]:
    """Digests that no run names, not even within a folder, and that were not handed to a coming run after
    pending_since (unix time)."""
    rows = connection.execute(
        "SELECT digest FROM blob"
        " WHERE NOT EXISTS (SELECT 1 FROM artifact WHERE artifact.digest = blob.digest)"
        " AND NOT EXISTS (SELECT 1 FROM member WHERE member.digest = blob.digest AND ("
        "  EXISTS (SELECT 1 FROM artifact WHERE artifact.digest = member.folder)"
        "  OR EXISTS (SELECT 1 FROM blob AS manifest WHERE manifest.digest = member.folder"
        "             AND manifest.pending > :since)))"
        " AND (pending IS NULL OR pending <= :since) ORDER BY digest",
        {"since": pending_since},
    )
    return [row["digest"] for row in rows]


def unnamed_blobs(connection: sqlite3.Connection, pending_since: float) -> list[str]:
    """As unneeded_blobs, and forgets the contents of folders that are unneeded themselves."""
    unneeded = unneeded_blobs(connection, pending_since)
    connection.execute(
        "DELETE FROM member WHERE NOT EXISTS (SELECT 1 FROM artifact WHERE artifact.digest = member.folder)"
        " AND NOT EXISTS (SELECT 1 FROM blob WHERE blob.digest = member.folder AND blob.pending > ?)",
        (pending_since,),
    )
    return unneeded
