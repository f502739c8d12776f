"""What the store hands out: frozen records of runs, artifacts and metric points."""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, NamedTuple, Self

OPEN_STATUSES = ("queued", "running")
FINAL_STATUSES = ("succeeded", "failed", "cancelled", "lost")
STATUSES = OPEN_STATUSES + FINAL_STATUSES
RELATIONS = ("resume", "rerun", "sweep", "vary")
MEMBER_RELATIONS = ("sweep", "vary")  # of runs that are part of their parent: a sweep, a contact sheet
ROLES = ("in", "out", "checkpoint", "preview")


# A row of the table `run`: what a list of runs shows, as queries.LISTED asks for it, and the rest, which
# queries.COLUMNS asks for as well. RunRecord decodes a text when it is asked.
LISTED_NAMES = ("id", "experiment", "status", "created", "started", "ended", "folder_text", "tags_text")
LATE_NAMES = (
    "seed", "error", "parent", "relation", "plugin", "plugin_version", "device", "dtype", "threads",
    "executor", "host", "pid", "heartbeat", "params_text", "inputs_text", "facts_text",
)  # fmt: skip


class MetricPoint(NamedTuple):
    """One logged value: the step, the metric's name, its value (it may be nan or inf), unix time."""

    step: int
    key: str
    value: float
    time: float


class Extent(NamedTuple):
    """How much a store holds: the version of its format, runs, files, and the bytes of these."""

    version: int
    runs: int
    files: int
    size: int


@dataclass(frozen=True)
class ArtifactRecord:
    """A file that a run took in or left.

    role: one of ROLES; field: the parameter that took it in, "" for what the run left; digest:
    sha256 in hex; size: bytes; path: the bytes in the store, None where only the digest was kept;
    copy: the file in the run's own folder for a person to open, None where there is none.
    """

    run: str
    name: str
    role: str
    field: str
    digest: str
    size: int
    media_type: str
    created: float
    path: Path | None
    copy: Path | None

    def to_json(self) -> dict[str, Any]:
        """The facts of the file as plain JSON values, without the paths of this machine."""
        facts = {"name": self.name, "role": self.role, "digest": self.digest, "size": self.size}
        facts["media_type"] = self.media_type
        return facts | ({"field": self.field} if self.field else {})


@dataclass(frozen=True)
class RunRecord:
    """One run as the store knows it. Times are unix seconds; params, inputs and facts plain JSON values.

    The store makes it by `_whole` or `_listed`: a field is decoded, and of a list of runs most are read,
    when it is first asked for, so that a list of many costs little. Reading one of a run that was removed
    meanwhile raises NotFoundError.
    """

    id: str
    experiment: str
    plugin: str
    plugin_version: str
    params: dict[str, Any]
    inputs: dict[str, dict[str, Any]]
    seed: int
    device: str
    dtype: str
    threads: int
    executor: str
    status: str
    created: float
    started: float | None
    ended: float | None
    error: str | None
    parent: str | None
    relation: str | None
    facts: dict[str, Any]
    folder: Path
    host: str
    pid: int | None
    tags: tuple[str, ...]

    @classmethod
    def _whole(cls, row: sqlite3.Row, home: Path, lost: Mapping[str, float]) -> Self:
        """A row of queries.COLUMNS. lost: runs that are shown as lost, since which unix time."""
        record = cls.__new__(cls)
        record.__dict__.update(zip(LISTED_NAMES + LATE_NAMES, row, strict=True), _home=home, _late=None)
        if record.id in lost:
            record.__dict__.update(status="lost", ended=lost[record.id])
        return record

    @classmethod
    def _listed(
        cls,
        rows: Sequence[sqlite3.Row],
        home: Path,
        lost: Mapping[str, float],
        late: Callable[[str], sqlite3.Row],
    ) -> list[Self]:
        """Rows of queries.LISTED; late: reads a row whole by its id. A plain loop, for speed."""
        found = []
        for row in rows:
            record = cls.__new__(cls)
            values = record.__dict__
            values["id"], values["experiment"], values["status"], values["created"] = row[:4]
            values["started"], values["ended"], values["folder_text"], values["tags_text"] = row[4:]
            values["_home"], values["_late"] = home, late
            if values["tags_text"] == "[]":
                values["tags"] = ()
            if values["id"] in lost:
                values["status"], values["ended"] = "lost", lost[values["id"]]
            found.append(record)
        return found

    def __getattr__(self, name: str) -> Any:
        """Decode a field that the row holds as text, or read it; asked only for what is not there yet."""
        late = self.__dict__.get("_late")
        if late is not None and (name in LATE_NAMES or f"{name}_text" in LATE_NAMES):
            rest = tuple(late(self.id))[len(LISTED_NAMES) :]
            self.__dict__.update(zip(LATE_NAMES, rest, strict=True), _late=None)
            return getattr(self, name)
        raw = self.__dict__.get(f"{name}_text")
        if raw is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if name == "folder":
            value: Any = self._home / "runs" / raw
        else:
            value = tuple(sorted(json.loads(raw))) if name == "tags" else json.loads(raw)
        self.__dict__[name] = value
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, name) for name in self.__dataclass_fields__)

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.status in OPEN_STATUSES

    @property
    def duration(self) -> float | None:
        """Seconds from start to end, or to now while it runs; None before it started."""
        if self.started is None:
            return None
        end = self.ended if self.ended is not None else time.time()
        return max(0.0, end - self.started)

    def to_json(self) -> dict[str, Any]:
        """Everything above as plain JSON values, the times as ISO 8601 in UTC."""
        return {
            "id": self.id,
            "experiment": self.experiment,
            "status": self.status,
            "error": self.error,
            "params": self.params,
            "inputs": self.inputs,
            "seed": self.seed,
            "device": self.device,
            "dtype": self.dtype,
            "threads": self.threads,
            "executor": self.executor,
            "plugin": self.plugin,
            "plugin_version": self.plugin_version,
            "created": iso_time(self.created),
            "started": iso_time(self.started),
            "ended": iso_time(self.ended),
            "duration_s": None if self.duration is None else round(self.duration, 3),
            "parent": self.parent,
            "relation": self.relation,
            "tags": list(self.tags),
            "host": self.host,
            "pid": self.pid,
            "facts": self.facts,
            "folder": str(self.folder),
        }


def iso_time(seconds: float | None) -> str | None:
    """Unix seconds as ISO 8601 in UTC, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def canonical_json(value: Any) -> str:
    """JSON text with sorted keys and no spaces: equal values give equal text."""
    return _encodable(lambda ascii_only: json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only, default=_plain
    ))  # fmt: skip


def readable_json(value: Any) -> str:
    """Indented JSON text for people and other programs: nan and inf become "NaN", "Infinity", "-Infinity"."""
    return _encodable(lambda ascii_only: json.dumps(
        _finite(value), indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_plain
    )) + "\n"  # fmt: skip


def _encodable(dump: Callable[[bool], str]) -> str:
    """The text as it reads best; all in ASCII where a file's name holds bytes that are no UTF-8."""
    written = dump(False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return dump(True)
    return written


def _plain(value: Any) -> Any:
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "tolist"):  # NumPy scalars and arrays, torch tensors
        return value.tolist()
    raise TypeError(f"{value!r} ({type(value).__name__}) cannot be written as JSON")


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
