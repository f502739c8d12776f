"""Files kept by their content: `blobs/ab/abcdef…`, named by sha256, read-only, never half-written."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path

from dllab.errors import InputError
from dllab.store.folders import make_private_folder
from dllab.texts import text

KEEP_LIMIT = 64 * 2**20  # bytes; an input above this is known by its digest alone
CHUNK = 2**20


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
        """Move a file that is already hashed to its place and wait until it is on the disk.

        Where the place is filled, the staged file is dropped. The name comes before the bytes are
        forced out, so that one wait does for both; a place whose size is wrong was left by a power
        cut in between, and is filled anew. The caller records the file afterwards.
        """
        place = self.place(digest)
        if place.is_file() and place.stat().st_size == staged.stat().st_size:
            staged.unlink()
            return place
        is_first = not place.parent.exists()
        make_private_folder(place.parent)
        staged.chmod(0o444)
        staged.replace(place)
        sync(place)
        sync(place.parent)
        if is_first:
            sync(self.folder)
        return place

    def stage_copy(self, source: Path) -> tuple[Path, str, int]:
        """Copy a file into the staging folder: the copy, and digest and size of what was read."""
        staged = self.staging / f"input.{os.getpid()}.{secrets.token_hex(6)}"
        hasher = hashlib.sha256()
        size = 0
        try:
            with source.open("rb") as reader, staged.open("xb") as writer:
                while chunk := reader.read(CHUNK):
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
        place = self.place(digest)
        if os.name == "nt" and place.exists():
            place.chmod(0o600)  # Windows does not unlink read-only files
        place.unlink(missing_ok=True)


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


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut.

    Windows has no such call for folders, and none for files that cannot be written.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
