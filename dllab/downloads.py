"""Models that are downloaded on request: where they lie, and getting them whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

from dllab import __version__
from dllab.errors import DllabError, InputError
from dllab.index import cache_directory
from dllab.texts import text

CHUNK = 2**20  # bytes
TIMEOUT_S = 30.0  # without a byte
ATTEMPTS = 3  # connections in a row that may break off without having brought anything
Report = Callable[[int, "int | None"], None]  # bytes that are here, and of how many (None: not known)


@dataclass(frozen=True)
class Download:
    """A file on the net: its address, and the beginning of its sha256 in hex, by which it is known.

    name: what the user calls it; size_bytes: how large it is said to be, 0 for unknown.
    """

    name: str
    url: str
    sha256: str
    size_bytes: int = 0

    @property
    def path(self) -> Path:
        """Where it lies, or will lie: the folder of models, under a name with its digest in it."""
        name = PurePosixPath(unquote(urlsplit(self.url).path)).name
        return models_directory() / (name if self.sha256[:8] in name else f"{self.sha256[:8]}-{name}")

    def local(self) -> Path:
        """The path of the downloaded file. Raises InputError, with the remedy, when it is not here."""
        if self.path.is_file():
            return self.path
        raise InputError(text("models.not_here", name=self.name, size=megabytes(self.size_bytes)))


def models_directory() -> Path:
    """The folder of downloaded models: DLLAB_MODELS, else `models` in the cache."""
    chosen = os.environ.get("DLLAB_MODELS")
    return Path(chosen).absolute() if chosen else Path(cache_directory()) / "models"


def megabytes(size: int) -> str:
    """The size as it is said: "548 MB", "4.7 MB"; "?" for 0."""
    return "?" if not size else f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"


def fetch(download: Download, report: Report = lambda done, total: None) -> Path:
    """Get the file, unless it is here, and return its path.

    What a broken connection left is gone on with, here or in a later call; the file gets its name when its
    digest is right. Two processes that want the same file wait for each other. Raises DllabError when there
    is no connection, the server refuses, the digest is another, or there is no room.
    """
    from filelock import FileLock

    path = download.path
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(path.name + ".lock")):
            if not path.is_file():
                _receive(download, part, report)
                _check_digest(download, part)
                part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DllabError(text("models.cannot_write", folder=path.parent, reason=reason)) from error
    return path


def _receive(download: Download, part: Path, report: Report) -> None:
    """Fill the part file to its end, connecting again where a connection breaks off."""
    without_progress = 0
    while without_progress < ATTEMPTS:
        before = part.stat().st_size if part.is_file() else 0
        reason = text("models.broke_off")
        try:
            if _receive_once(download, part, before, report):
                return
        except urllib.error.HTTPError as error:
            if error.code == 416 and before:  # all of it is here; the digest will tell
                return
            raise _unreachable(download, f"HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise _unreachable(download, str(error.reason)) from error
        except (HTTPException, TimeoutError, ConnectionError) as error:
            reason = str(error) or reason
        after = part.stat().st_size if part.is_file() else 0
        without_progress = 0 if after > before else without_progress + 1
    raise _unreachable(download, reason)


def _unreachable(download: Download, reason: str) -> DllabError:
    return DllabError(text("models.no_connection", name=download.name, url=download.url, reason=reason))


def _receive_once(download: Download, part: Path, start: int, report: Report) -> bool:
    """Add what one connection brings; returns whether the file is complete."""
    headers = {"User-Agent": f"dllab/{__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(download.url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        if answer.status != 206:  # the server sends all of it
            start = 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length and length.isdecimal() else None
        _check_room(part.parent, (total or download.size_bytes) - start)
        with part.open("ab" if start else "wb") as file:
            done = _copy(answer, file, start, total, report)
    return total is None or done >= total


def _copy(answer: HTTPResponse, file: IO[bytes], done: int, total: int | None, report: Report) -> int:
    report(done, total)
    while chunk := answer.read(CHUNK):
        done += file.write(chunk)
        report(done, total)
    return done


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DllabError(
            text("models.no_room", folder=folder, needed=megabytes(needed), free=megabytes(free))
        )


def _check_digest(download: Download, part: Path) -> None:
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    if not digest.startswith(download.sha256):
        part.unlink()
        wanted = download.sha256
        raise DllabError(
            text("models.another_digest", name=download.name, got=digest[: len(wanted)], wanted=wanted)
        )
