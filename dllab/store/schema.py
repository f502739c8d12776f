"""The database: its tables, their migrations, and how it is opened."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dllab.errors import StoreError
from dllab.texts import text

BUSY_SECONDS = 60
FULL_BYTES = 2**18  # a disk with less left than this is full: SQLite asks for 32 kB and more at a time

# What other programs and `dllab sql` read: times as ISO 8601 in UTC, numbers by their names.
VIEWS = """
    CREATE VIEW runs AS SELECT
        id, experiment, status,
        strftime('%Y-%m-%dT%H:%M:%fZ', created, 'unixepoch') AS created,
        strftime('%Y-%m-%dT%H:%M:%fZ', started, 'unixepoch') AS started,
        strftime('%Y-%m-%dT%H:%M:%fZ', ended, 'unixepoch') AS ended,
        round(ended - started, 3) AS duration_s, seed, device, dtype, threads, executor,
        plugin, plugin_version, params, inputs, error, parent, relation, host,
        (SELECT group_concat(tag, ',') FROM tag WHERE tag.run = run.id) AS tags,
        'runs/' || folder AS folder
    FROM run;
    CREATE VIEW metrics AS SELECT
        metric.run, run.experiment, key, step, value,
        strftime('%Y-%m-%dT%H:%M:%fZ', metric.time, 'unixepoch') AS time
    FROM metric JOIN run ON run.id = metric.run;
    CREATE VIEW latest_metrics AS SELECT
        latest_metric.run, run.experiment, key, step, value
    FROM latest_metric JOIN run ON run.id = latest_metric.run;
    CREATE VIEW artifacts AS SELECT
        artifact.run, run.experiment, role, field, name, media_type, size, digest,
        strftime('%Y-%m-%dT%H:%M:%fZ', artifact.created, 'unixepoch') AS created,
        'blobs/' || substr(digest, 1, 2) || '/' || digest AS path
    FROM artifact JOIN run ON run.id = artifact.run;
    CREATE VIEW checks AS SELECT
        event.run, run.experiment, json_extract(data, '$.name') AS name,
        json_extract(data, '$.got') AS got, json_extract(data, '$.expected') AS expected,
        json_extract(data, '$.passed') AS passed, json_extract(data, '$.source') AS source
    FROM event JOIN run ON run.id = event.run WHERE event.kind = 'check';
"""

# One entry for each version of the format; entry i brings a database from version i to i + 1.
MIGRATIONS = (
    """
    CREATE TABLE env (hash TEXT PRIMARY KEY, data TEXT NOT NULL);
    CREATE TABLE run (
        id TEXT PRIMARY KEY,
        experiment TEXT NOT NULL, plugin TEXT NOT NULL, plugin_version TEXT NOT NULL,
        params TEXT NOT NULL, inputs TEXT NOT NULL, seed INTEGER NOT NULL,
        device TEXT NOT NULL, dtype TEXT NOT NULL, threads INTEGER NOT NULL, executor TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued','running','succeeded','failed','cancelled','lost')),
        created REAL NOT NULL, started REAL, ended REAL, error TEXT,
        parent TEXT, relation TEXT CHECK (relation IN ('resume','rerun','sweep','vary')),
        facts TEXT NOT NULL, folder TEXT NOT NULL UNIQUE,
        host TEXT NOT NULL, pid INTEGER, pid_started TEXT, boot TEXT, heartbeat REAL NOT NULL,
        env TEXT REFERENCES env (hash)
    );
    CREATE INDEX run_created ON run (created);
    CREATE INDEX run_experiment ON run (experiment, created);
    CREATE INDEX run_parent ON run (parent) WHERE parent IS NOT NULL;
    CREATE INDEX run_open ON run (status) WHERE status IN ('queued','running');
    CREATE TABLE metric (                           -- value NULL: not a number
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        key TEXT NOT NULL, step INTEGER NOT NULL, value REAL, time REAL NOT NULL,
        PRIMARY KEY (run, key, step)
    ) WITHOUT ROWID;
    CREATE TABLE latest_metric (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        key TEXT NOT NULL, step INTEGER NOT NULL, value REAL,
        PRIMARY KEY (run, key)
    ) WITHOUT ROWID;
    CREATE INDEX latest_metric_value ON latest_metric (key, value);
    CREATE TABLE blob (                             -- pending: handed to a run that is not recorded yet
        digest TEXT PRIMARY KEY, size INTEGER NOT NULL, created REAL NOT NULL, pending REAL
    );
    CREATE TABLE member (                           -- the files of a folder that was an input
        folder TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (folder, digest)
    ) WITHOUT ROWID;
    CREATE INDEX member_digest ON member (digest);
    CREATE TABLE artifact (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('in','out','checkpoint','preview')),
        field TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
        media_type TEXT NOT NULL, created REAL NOT NULL,
        PRIMARY KEY (run, role, field, name)
    );
    CREATE INDEX artifact_digest ON artifact (digest);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        time REAL NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL
    );
    CREATE INDEX event_run ON event (run, kind);
    CREATE TABLE tag (
        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (run, tag)
    ) WITHOUT ROWID;
    CREATE INDEX tag_tag ON tag (tag);
    """
    + VIEWS,
)
VERSION = len(MIGRATIONS)

# POSIX drops all locks that a process holds on a file as soon as it closes any descriptor of it, SQLite's
# too. So nothing here opens the database but SQLite, except to make it, and then nobody may have it open.
_creation = threading.Lock()


@contextmanager
def translated_errors(home: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise inside into a StoreError that names the store."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StoreError(text("store.busy", home=home, seconds=BUSY_SECONDS)) from error
        if _is_damage(error):
            raise StoreError(text("store.damaged", database=home / "lab.sqlite3", reason=error)) from error
        if "full" in str(error) or _is_disk_full(home):  # of files that it maps, SQLite only says "I/O error"
            raise StoreError(text("store.full", home=home)) from error
        raise StoreError(text("store.failed", home=home, reason=error)) from error
    except (sqlite3.Error, OSError) as error:
        if _is_damage(error):
            raise StoreError(text("store.damaged", database=home / "lab.sqlite3", reason=error)) from error
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(text("store.full", home=home)) from error
        if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise StoreError(text("store.read_only", home=home)) from error
        raise StoreError(text("store.failed", home=home, reason=error)) from error


def _is_damage(error: BaseException) -> bool:
    """Whether the file is no database, or one that is damaged."""
    code = getattr(error, "sqlite_errorcode", 0)
    return (code & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _is_disk_full(home: Path) -> bool:
    try:
        return shutil.disk_usage(home).free < FULL_BYTES
    except OSError:
        return False


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The database at path, made (readable by its owner alone) or migrated where that is due.

    Raises StoreError for one written by a newer dllab, sqlite3.Error for one that is broken.
    """
    with _creation:
        if not path.exists():
            with suppress(FileExistsError):  # another process was first
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = _connect(str(path))
    try:
        _retry_while_locked(lambda: _use_wal(connection))
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if _version(connection, path.parent) < VERSION:
            _migrate(connection, path.parent)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """The database at path, never written to; a file or file system that is read-only will do.

    SQLite needs a small file beside a WAL database even to read it. Where it cannot make one, nobody
    else can write either, and the database is read as it lies. Raises as open_for_writing does.
    """
    connection = _connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        connection = _open_as_it_lies(path)
    version = _version(connection, path.parent)
    if version == 0:  # made by a process that was killed before it wrote the tables
        connection.close()
        return open_empty()
    connection.execute("PRAGMA query_only = ON")
    connection.set_authorizer(_refuse_attach)  # ATTACH would make a file even so
    return connection


def open_empty() -> sqlite3.Connection:
    """A database in memory with the tables and nothing in them: what a store holds before its first run."""
    connection = _connect(":memory:")
    _migrate(connection, Path())
    return connection


def _connect(name: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        name, uri=uri, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    return connection


def _open_as_it_lies(path: Path) -> sqlite3.Connection:
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size == 0:
        return _connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    # The log holds what is newest, and SQLite cannot read it here: read a copy of both.
    with tempfile.TemporaryDirectory(prefix="dllab-") as folder:
        copy = Path(folder, path.name)
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        memory = _connect(":memory:")
        source = _connect(str(copy))
        source.backup(memory)
        source.close()
    return memory


def _refuse_attach(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK


def _use_wal(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _retry_while_locked(action: Callable[[], None]) -> None:
    """Call action until SQLite stops saying "locked": it does not wait when the journal mode changes."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _version(connection: sqlite3.Connection, home: Path) -> int:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        connection.close()
        raise StoreError(text("store.newer", home=home, found=version, known=VERSION))
    return version


def _migrate(connection: sqlite3.Connection, home: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(_version(connection, home), VERSION):
            for statement in MIGRATIONS[number].split(";"):
                if statement.strip():
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
