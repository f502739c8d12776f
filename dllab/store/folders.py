"""The folders of a store and the files in them that a person sees."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path, PurePosixPath
from typing import Any

from dllab.errors import StoreError, UsageError
from dllab.pieces import copy_file
from dllab.store.records import ArtifactRecord, RunRecord, canonical_json, readable_json
from dllab.texts import text

DATABASE = "lab.sqlite3"
RECORD = "run.json"
SUBFOLDERS = ("blobs", "runs", "staging", "leases")
MAX_NAME_BYTES = 240
LINK_FROM = (
    2**18
)  # bytes; a readable copy from this size on is a read-only link where that protects the store


def home_directory(explicit: Path | str | None = None) -> Path:
    """Where the store lies: the explicit folder, else DLLAB_HOME, else ~/dllab. Made by the first write."""
    chosen = explicit or os.environ.get("DLLAB_HOME") or Path.home() / "dllab"
    home = Path(chosen).expanduser().absolute()
    if home.exists() and not home.is_dir():
        raise StoreError(text("store.not_a_folder", home=home))
    return home


def make_private_folder(folder: Path) -> Path:
    """The folder, made with its parents where it is missing, open to its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_home(home: Path) -> None:
    """Make the home of a store and its folders."""
    for folder in (home, *(home / name for name in SUBFOLDERS)):
        make_private_folder(folder)


def run_folder_name(experiment: str, run_id: str, created: float) -> str:
    """`2026-11-21-deepdream-k3x81b0q`: the local date, the experiment, the run."""
    date = time.strftime("%Y-%m-%d", time.localtime(created))
    return f"{date}-{experiment.replace('/', '-')}-{run_id}"


def check_relative_path(name: str) -> str:
    """The name, when it is a relative path that stays in the run's folder; UsageError when not."""
    parts = name.split("/")
    sound = all(
        part not in ("", ".", "..") and len(part.encode(errors="surrogateescape")) <= MAX_NAME_BYTES
        for part in parts
    )
    if not sound or "\\" in name or "\0" in name or PurePosixPath(name).drive or parts[0].lower() == RECORD:
        raise UsageError(text("store.bad_artifact_name", name=name))
    return name


def check_member_path(name: str) -> str:
    """The name, when it is a relative path that stays in the folder it is laid out in; UsageError when not.

    Any name that the system allows is a member of a folder: only a way out is refused.
    """
    path = Path(name)
    is_out = path.is_absolute() or bool(path.drive) or ".." in path.parts or "\0" in name
    if is_out or not path.parts:
        raise UsageError(text("store.bad_member_name", name=name))
    return name


def move_into_place(file: Path, place: Path) -> None:
    """Rename a file; the folder that it goes into is made where it is missing."""
    try:
        file.replace(place)
    except FileNotFoundError:
        make_private_folder(place.parent)
        file.replace(place)


def copy_place(folder: Path, role: str, name: str) -> Path | None:
    """Where the readable copy of an artifact lies in a run's folder; None for roles that have none."""
    if role == "out":
        return folder / name
    return folder / "previews" / name if role == "preview" else None


def permissions_bind() -> bool:
    """Whether a read-only file is safe from the one who runs this: root may write to any."""
    return hasattr(os, "geteuid") and os.geteuid() != 0


def put_copy(staging: Path, artifact: ArtifactRecord, *, may_link: bool | None = None) -> None:
    """Put the readable copy of an artifact into its run's folder: whole, or not at all.

    Above LINK_FROM it is a link to the store's own read-only file, which costs neither time nor disk; a
    true copy where may_link is false (by default: where permissions do not bind) or nothing can be linked.
    """
    if artifact.path is None or artifact.copy is None:
        return
    if may_link is None:
        may_link = permissions_bind()
    temporary = staging / f"{artifact.run}.{secrets.token_hex(6)}"
    try:
        if not (may_link and artifact.size >= LINK_FROM and _is_linked(artifact.path, temporary)):
            copy_file(artifact.path, temporary)
        move_into_place(temporary, artifact.copy)
    finally:
        temporary.unlink(missing_ok=True)


def _is_linked(path: Path, link: Path) -> bool:
    try:
        link.hardlink_to(path)
    except OSError:  # a file system without links, or one that has run out of them for this file
        return False
    return True


def write_record(
    staging: Path,
    record: RunRecord,
    *,
    checks: list[dict[str, Any]],
    metrics: dict[str, float],
    artifacts: list[ArtifactRecord],
    environment: dict[str, Any],
) -> None:
    """Write `run.json` into the run's folder: whole, or not at all.

    It repeats what the database holds, so it is not waited for until it is on the disk.
    """
    facts = record.to_json() | {
        "checks": checks,
        "latest_metrics": metrics,
        "artifacts": [artifact.to_json() for artifact in artifacts],
    }
    written = readable_json(facts).rstrip().removesuffix("}").rstrip()
    written += f',\n  "environment": {canonical_json(environment)}\n}}\n'  # in one line: it is long
    temporary = staging / f"{record.id}.{secrets.token_hex(6)}"
    try:
        temporary.write_bytes(written.encode())
        move_into_place(temporary, record.folder / RECORD)
    finally:
        temporary.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all in it, read-only files too; one that is not there is fine."""

    def make_writable(function, path, _):  # type: ignore[no-untyped-def]  # Windows keeps read-only files
        if not Path(path).exists():
            return
        Path(path).chmod(0o700)
        function(path)

    if folder.exists():
        shutil.rmtree(folder, onerror=make_writable)


def remove_file(path: Path) -> None:
    """Remove a file, a read-only one too; one that is not there is fine."""
    if os.name == "nt" and path.exists():
        path.chmod(0o600)  # Windows does not unlink read-only files
    path.unlink(missing_ok=True)


def clean_staging(staging: Path, run_id: str) -> None:
    """Remove what a run has left unfinished."""
    try:
        left = [Path(entry) for entry in os.scandir(staging) if entry.name.startswith(run_id)]
    except FileNotFoundError:
        return
    for path in left:
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


def clean_abandoned_inputs(staging: Path, older_than_s: float = 86_400.0) -> None:
    """Remove copies of inputs that nobody finished: their process was killed on the way."""
    for left in staging.glob("input.*"):
        if time.time() - left.stat().st_mtime > older_than_s:
            left.unlink(missing_ok=True)
