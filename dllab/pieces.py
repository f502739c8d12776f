"""Files written in small pieces, and hashed on the way.

A large write can cost six times what its pieces do: Linux (6.18, ext4) looks for one large page of memory
to keep it in, and on a virtual machine such a page must often be fetched from the host first.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

PIECE = 2**15  # bytes; up to here the kernel has pages at hand
HASHED_BESIDE = 2**18  # bytes; from here on another thread hashes what is being written


@lru_cache(maxsize=1)
def hashing_pool() -> ThreadPoolExecutor:
    """The threads that hash large pieces while they are written."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(2, thread_name_prefix="hash")


if hasattr(os, "register_at_fork"):  # a child has the pool without its thread
    os.register_at_fork(after_in_child=hashing_pool.cache_clear)


class PieceFile(io.FileIO):
    """A new file; `digest` is its sha256 once it is closed, without reading it again where it can."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w")
        self._path, self._hasher, self._hashed = path, hashlib.sha256(), 0
        self._is_straight = True  # all of it came through `write`, in order

    def write(self, data: Any) -> int:
        """Write bytes, all of them."""
        with memoryview(data).cast("B") as whole:
            hashing = None
            if self._is_straight and len(whole) >= HASHED_BESIDE:
                hashing = hashing_pool().submit(self._hasher.update, whole)
            elif self._is_straight:
                self._hasher.update(whole)
            try:
                done = 0
                while done < len(whole):
                    with whole[done : done + PIECE] as piece:
                        done += super().write(piece) or 0
            except BaseException:
                self._is_straight = False  # what was hashed was not all written
                raise
            finally:
                if hashing is not None:
                    hashing.result()
        self._hashed += done
        return done

    def seek(self, offset: int, whence: int = 0) -> int:
        self._is_straight = False
        return super().seek(offset, whence)

    def truncate(self, size: int | None = None) -> int:
        self._is_straight = False
        return super().truncate(size)

    def fileno(self) -> int:
        """The descriptor, by which anybody may write past this object."""
        self._is_straight = False
        return super().fileno()

    def digest(self) -> tuple[str, int]:
        """sha256 in hex and size of the file as it lies there now."""
        size = self._path.stat().st_size
        if self._is_straight and size == self._hashed:
            return self._hasher.hexdigest(), size
        with self._path.open("rb") as written:
            return hashlib.file_digest(written, "sha256").hexdigest(), size


def new_file(path: Path, mode: str) -> tuple[IO[Any], PieceFile]:
    """A file open for writing, "wb" or "w" (UTF-8, lines ending in \\n), and the PieceFile beneath it."""
    raw = PieceFile(path)
    buffered = io.BufferedWriter(raw)
    if mode == "w":
        return io.TextIOWrapper(buffered, encoding="utf-8", newline="\n"), raw
    return buffered, raw


def copy_file(source: Path, target: Path) -> None:
    """Copy the bytes of a file, in pieces."""
    with source.open("rb", buffering=0) as reader, target.open("wb") as writer:  # which writes all of a piece
        shutil.copyfileobj(reader, writer, PIECE)
