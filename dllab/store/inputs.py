"""Keeping what goes into a run: files as copies, large ones by digest, folders as manifests."""

from __future__ import annotations

import json
import sqlite3
import stat
import time
from pathlib import Path

from dllab.errors import InputError
from dllab.pieces import copy_file
from dllab.store import folders
from dllab.store.blobs import KEEP_LIMIT, digest_of, folder_files, manifest_text, sync_files
from dllab.store.reader import StoreReader
from dllab.store.schema import translated_errors
from dllab.texts import text


class InputKeeper(StoreReader):
    """The part of Store that keeps inputs. A blob is pending until link_input names it."""

    def keep_input(self, source: Path, *, kind: str, name: str) -> tuple[str, Path]:
        """Keep a file or a folder that goes into a run: its digest, and the path to read it from.

        A file of up to KEEP_LIMIT bytes is copied, and the path is the copy's; of a larger one only
        the digest is taken. A folder is kept as a manifest, and its files too where they are within
        the limit together; the path stays the source. Raises InputError for what is missing, special
        or unreadable, and for a folder where kind takes a file.
        """
        try:
            mode = source.stat().st_mode
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:
            raise InputError(text("store.input_missing", path=source)) from error
        except OSError as error:
            raise InputError(text("store.input_unreadable", path=source, reason=error.strerror)) from error
        if stat.S_ISDIR(mode):
            if kind not in ("folder", "model", "file"):
                raise InputError(text("store.input_folder", path=source, kind=kind))
            return self._keep_folder(source), source
        if not stat.S_ISREG(mode):
            raise InputError(text("store.input_special", path=source))
        digest = digest_of(source)
        if source.stat().st_size > KEEP_LIMIT:
            return digest, source
        digest = self._keep_file(source, digest)
        return digest, self.blobs.place(digest)

    def restore_folder(self, digest: str, destination: Path) -> Path:
        """Lay out a kept folder anew below destination. Raises InputError when a file of it was not kept."""
        manifest = self.blobs.find(digest)
        if manifest is None:
            raise InputError(text("store.blob_missing", name=destination.name, digest=digest))
        with translated_errors(self.home):
            folders.make_private_folder(destination)  # of an empty folder, all that there is
        for relative, member in json.loads(manifest.read_bytes()).items():
            blob = self.blobs.find(member)
            if blob is None:
                raise InputError(text("store.blob_missing", name=relative, digest=member))
            place = destination / folders.check_member_path(relative)
            folders.make_private_folder(place.parent)
            copy_file(blob, place)
        return destination

    def _keep_file(self, source: Path, digest: str) -> str:
        size = source.stat().st_size
        with self._writing() as connection:
            kept = self.blobs.find(digest)
            if kept is not None and kept.stat().st_size == size:
                insert_blob(connection, digest, size, pending=time.time())
                return digest
        with translated_errors(self.home):
            staged, digest, size = self.blobs.stage_copy(source)
        with translated_errors(self.home):
            sync_files([self._take(staged, digest, size)])
        return digest

    def _take(self, staged: Path, digest: str, size: int) -> Path:
        """Move a staged file to its place by digest.

        It is pending from before it lies there, so that nobody clears it away.
        """
        with self._writing() as connection:
            insert_blob(connection, digest, size, pending=time.time())
        with translated_errors(self.home):
            return self.blobs.take(staged, digest)

    def _keep_folder(self, source: Path) -> str:
        files = folder_files(source)
        digests = {relative: digest_of(path) for relative, path in files.items()}
        if sum(path.stat().st_size for path in files.values()) <= KEEP_LIMIT:
            digests = {relative: self._keep_file(files[relative], digests[relative]) for relative in files}
        with translated_errors(self.home):
            staged, digest, size = self.blobs.stage_text(manifest_text(digests))
            sync_files([self._take(staged, digest, size)])
        with self._writing() as connection:
            members = [(digest, member) for member in set(digests.values())]
            connection.executemany("INSERT OR IGNORE INTO member (folder, digest) VALUES (?, ?)", members)
            connection.executemany(
                "UPDATE blob SET pending = NULL WHERE digest = ?", [m[1:] for m in members]
            )
        return digest


def insert_blob(connection: sqlite3.Connection, digest: str, size: int, pending: float | None = None) -> None:
    """Record that a file lies in the store; pending: unix time at which it was handed to a coming run."""
    connection.execute(
        "INSERT INTO blob (digest, size, created, pending) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (digest) DO UPDATE SET pending = coalesce(excluded.pending, blob.pending)",
        (digest, size, time.time(), pending),
    )
