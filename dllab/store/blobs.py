"""Files kept by their content: `blobs/ab/abcdef…`, named by sha256, read-only, never half-written."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dllab.errors import InputError
from dllab.pieces import PIECE
from dllab.store.folders import move_into_place, remove_file
from dllab.texts import text

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

KEEP_LIMIT = 64 * 2**20  # bytes; an input above this is known by its digest alone
UNCACHED_FROM = 2**20  # bytes; a file of a run of this size leaves the cache once it is on the disk
SYNC_THREADS = 8


class BlobFolder:
    """The files of one store. Its callers record them in the database; this class knows only files."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "blobs"
        self.staging = home / "staging"

    def place(self, digest: str) -> Path:
        """Where the file with this digest lies or would lie."""
        return self.folder / digest[:2] / digest

    def find(self, digest: str) -> Path | None:
        """The file with this digest, or None."""
        place = self.place(digest)
        return place if len(digest) == 64 and place.is_file() else None

    def take(self, staged: Path, digest: str) -> Path:
        """Move a file that is already hashed to its place; the caller waits for the disk by `sync_files`.

        Where the place is filled, the staged file is dropped; a place whose size is wrong was left by a
        power cut, and is filled anew.
        """
        place = self.place(digest)
        if place.is_file() and place.stat().st_size == staged.stat().st_size:
            staged.unlink()
            return place
        staged.chmod(0o444)
        move_into_place(staged, place)
        return place

    def stage_copy(self, source: Path) -> tuple[Path, str, int]:
        """Copy a file into the staging folder: the copy, and digest and size of what was read."""
        staged = self.staging / f"input.{os.getpid()}.{secrets.token_hex(6)}"
        hasher = hashlib.sha256()
        size = 0
        try:
            with source.open("rb") as reader, staged.open("xb") as writer:
                while chunk := reader.read(PIECE):
                    hasher.update(chunk)
                    size += writer.write(chunk)
        except BaseException:
            staged.unlink(missing_ok=True)
            raise
        return staged, hasher.hexdigest(), size

    def stage_text(self, content: str) -> tuple[Path, str, int]:
        """Write a text (UTF-8) into the staging folder, as stage_copy does."""
        data = content.encode()
        staged = self.staging / f"input.{os.getpid()}.{secrets.token_hex(6)}"
        with staged.open("xb") as writer:
            writer.write(data)
        return staged, hashlib.sha256(data).hexdigest(), len(data)

    def drop(self, digest: str) -> None:
        """Remove the file with this digest, if it is there."""
        remove_file(self.place(digest))


def digest_of(path: Path) -> str:
    """sha256 of a file, in hex. Raises InputError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(text("store.input_unreadable", path=path, reason=error.strerror)) from error


def folder_files(folder: Path) -> dict[str, Path]:
    """The files below a folder: relative path (with /) to path, sorted. Links to folders are left out."""
    found = {}
    for parent, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(parent, name)
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))


def manifest_text(digests: dict[str, str]) -> str:
    """The manifest of a folder: sorted JSON of relative path to digest; its sha256 is the folder's digest."""
    return json.dumps(digests, sort_keys=True, separators=(",", ":"))


def sync_files(places: Collection[Path]) -> None:
    """Wait until files would survive a power cut, with their names; those that are gone are passed over.

    Several at once: a disk that is asked together answers sooner. On Linux (ext4, XFS, Btrfs) a file that
    was renamed before takes its name along; elsewhere its folders are waited for as well.
    """
    if os.name == "nt":  # no such call for files that cannot be written, and none for folders
        return
    if sys.platform != "linux":
        places = {*places, *(place.parent for place in places), *(place.parent.parent for place in places)}
    if len(places) < 2:
        for place in places:
            _sync(place)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(places), SYNC_THREADS)) as pool:
        list(pool.map(_sync, places))


@lru_cache(maxsize=1)
def _sync_pool() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(SYNC_THREADS, thread_name_prefix="sync")


if hasattr(os, "register_at_fork"):  # a child has the pool without its threads
    os.register_at_fork(after_in_child=_sync_pool.cache_clear)


def sync_soon(place: Path) -> Future[None]:
    """Begin to write a file to the disk; the future's result waits for it, as sync_files does.

    A run goes on computing meanwhile, which hides most of the wait. A large file then leaves the system's
    cache, which has better uses for the memory than what was written once; on a virtual machine the next
    file is written into the same memory, where fresh memory from the host costs several times as much.
    """
    return _sync_pool().submit(_put_away, place)


def _put_away(place: Path) -> None:
    sync_files([place])
    if hasattr(os, "posix_fadvise"):
        with _open_to_sync(place) as descriptor:
            if descriptor is not None and os.fstat(descriptor).st_size >= UNCACHED_FROM:
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _sync(path: Path) -> None:
    with _open_to_sync(path) as descriptor:
        if descriptor is not None:
            os.fsync(descriptor)


@contextmanager
def _open_to_sync(path: Path) -> Iterator[int | None]:
    """The descriptor of a file or folder; None where it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)
