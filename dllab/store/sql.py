"""Questions in SQL from whoever has them: they can read this store, and nothing else."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

from dllab.errors import UsageError
from dllab.store.folders import DATABASE
from dllab.store.schema import open_empty, open_for_reading, translated_errors
from dllab.texts import text

MAX_VALUE_BYTES = 2**25  # of one value: a text or blob that SQL builds
MAX_PATTERN = 200  # characters of a LIKE pattern; a long one can take for ever
STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine, between two looks at the clock
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
PRAGMAS = {
    "table_info",
    "table_xinfo",
    "table_list",
    "index_list",
    "index_info",
    "foreign_key_list",
    "user_version",
}
FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}


class Answer(NamedTuple):
    """Columns and rows of an answer; is_cut: there were more rows than were asked for."""

    columns: list[str]
    rows: list[tuple[object, ...]]
    is_cut: bool


def ask(home: Path, statement: str, *, limit: int | None = None, seconds: float = 30.0) -> Answer:
    """The answer to one SELECT over the tables and views of the store in home.

    The database is opened for reading only; an authorizer lets nothing pass but reading: no writing, no
    ATTACH, no extension, no PRAGMA that sets anything. Raises UsageError for what is refused, wrong, or
    takes longer than so many seconds.
    """
    with translated_errors(home):
        connection = open_for_reading(home / DATABASE) if (home / DATABASE).is_file() else open_empty()
    until = time.monotonic() + seconds
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MAX_PATTERN)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_authorizer(_only_reading)
        connection.set_progress_handler(lambda: time.monotonic() > until, STEPS_BETWEEN_LOOKS)
        connection.row_factory = None
        cursor = connection.execute(statement)
        if cursor.description is None:
            raise UsageError(text("care.sql_refused", reason=text("care.sql_no_answer")))
        rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
        is_cut = limit is not None and len(rows) > limit
        return Answer([column[0] for column in cursor.description], rows[:limit], is_cut)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        if time.monotonic() > until:
            raise UsageError(text("care.sql_slow", seconds=f"{seconds:g}")) from error
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(text("care.sql_refused", reason=reason)) from error
    finally:
        connection.close()


def _only_reading(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and str(second).lower() not in FORBIDDEN_FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and str(first).lower() in PRAGMAS:
        is_setting = str(first).lower() == "user_version" and second is not None
        return sqlite3.SQLITE_DENY if is_setting else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
