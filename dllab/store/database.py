"""A store's folder and its one connection, which the threads of a process take in turns."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from dllab.errors import StoreError
from dllab.store.blobs import BlobFolder
from dllab.store.folders import DATABASE, home_directory, make_home
from dllab.store.schema import open_empty, open_for_reading, open_for_writing, translated_errors
from dllab.texts import text


class Database:
    """Opened when it is first asked for something; made by the first write."""

    def __init__(self, home: Path | str | None = None, *, read_only: bool = False) -> None:
        self.home = home_directory(home)
        self.read_only = read_only
        self.blobs = BlobFolder(self.home)
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated_errors(self.home):
            if self._connection is not None or (self.home / DATABASE).is_file():
                yield self._open()
            else:
                connection = open_empty()
                try:
                    yield connection
                finally:
                    connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            database = self.home / DATABASE
            if database.exists() and not (os.access(database, os.W_OK) and os.access(self.home, os.W_OK)):
                self.read_only = True
            self._connection = open_for_reading(database) if self.read_only else open_for_writing(database)
        return self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, taken from the start; undone when anything inside raises."""
        with self._lock, translated_errors(self.home):
            if not self.read_only:
                if self._connection is None:
                    make_home(self.home)
                connection = self._open()
            if self.read_only:  # from the start, or because the file system is
                raise StoreError(text("store.read_only", home=self.home))
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
