"""Files that go into a run: found, checked before anything starts, and kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.errors import InputError, NotFoundError
from dllab.paths import RUN_ARTIFACT, expanded, find_path
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import Store


def resolve_input(store: Store, reference: str, kind: str) -> dict[str, str]:
    """Find an input, check that it is what it claims to be, and keep it in the store.

    reference: a path, `sample:NAME`, or `RUN:artifact`. Returns {"reference", "kind", "name", "path",
    "digest"}. Raises InputError or NotFoundError in one line, before any run exists.
    """
    if kind == "agent":
        return _resolve_agent(store, reference)
    path, name = locate(store, reference, kind)
    check_kind(path, name, kind)
    digest, kept = store.keep_input(path, kind=kind, name=name)
    return {"reference": reference, "kind": kind, "name": name, "path": str(kept), "digest": digest}


def _resolve_agent(store: Store, reference: str) -> dict[str, str]:
    """As resolve_input; of an agent that a plugin brings, its name is kept."""
    from dllab.agents import agent_file, read_agent

    with agent_file(store, reference) as (path, name):
        read_agent(path, name)
        digest, kept = store.keep_input(path, kind="agent", name=name)
    return {"reference": reference, "kind": "agent", "name": name, "path": str(kept), "digest": digest}


def locate(store: Store, reference: str, kind: str) -> tuple[Path, str]:
    """The path and the shown name of what a reference means; a file of that very name comes first."""
    try:
        path = find_path(reference)
    except OSError as error:
        raise InputError(
            text("inputs.unusable_path", reference=reference[:80], fault=error.strerror or error)
        ) from error
    if path is not None:
        path = path.absolute()
        return path, path.resolve().name if path.name in ("", ".", "..") else path.name
    if reference.startswith("sample:"):
        from dllab.plugins import load_value

        sample: Path = load_value("sample", reference.removeprefix("sample:"))
        return sample, sample.name
    match = RUN_ARTIFACT.fullmatch(reference)
    if match:
        try:
            record = store.run(match["run"])
        except NotFoundError:
            raise InputError(text("inputs.missing", reference=reference, near="")) from None
        artifact = store.artifact(record.id, match["artifact"])
        if artifact.path is None:
            raise InputError(text("inputs.not_kept", reference=reference))
        return artifact.path, artifact.name
    raise InputError(text("inputs.missing", reference=reference, near=_near(expanded(reference))))


def _near(path: Path) -> str:
    from dllab.texts import did_you_mean

    try:
        names = sorted(os.listdir(path.parent))  # noqa: PTH208 names alone are wanted
    except OSError:
        return " " + text("inputs.no_folder", folder=path.parent)
    return did_you_mean(path.name, [name for name in names if name != path.name])


def check_kind(path: Path, name: str, kind: str) -> None:
    """Raise InputError unless the file at path can be an input of that kind."""
    if kind == "folder":
        if not path.is_dir() and path.suffix.lower() != ".json":
            raise InputError(text("inputs.not_a_folder", file=name))
        return
    if path.is_dir():
        if kind == "file":
            return
        raise InputError(text("inputs.is_a_folder", file=name, kind=text(f"inputs.kind_{kind}")))
    if not path.is_file():
        raise InputError(text("inputs.not_a_file", file=name))
    if not os.access(path, os.R_OK):
        raise InputError(text("inputs.unreadable", file=name))
    checker = CHECKERS.get(kind)
    if checker is not None:
        checker(path, name)
    elif path.stat().st_size == 0:
        raise InputError(text("inputs.empty", file=name))


def _check_image(path: Path, name: str) -> None:
    from dllab.pictures import load_picture

    load_picture(path, name)


def _check_magic(kind: str, *magics: tuple[int, bytes]) -> Callable[[Path, str], None]:
    def check(path: Path, name: str) -> None:
        with path.open("rb") as file:
            head = file.read(16)
        if not head:
            raise InputError(text("inputs.empty", file=name))
        if not any(head[offset:].startswith(magic) for offset, magic in magics):
            raise InputError(text("inputs.another_kind", file=name, kind=text(f"inputs.kind_{kind}")))

    return check


def _check_text(path: Path, name: str) -> None:
    if path.stat().st_size == 0:
        raise InputError(text("inputs.empty", file=name))
    with path.open("rb") as file:
        head = file.read(65536)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            raise InputError(text("inputs.not_utf8", file=name, byte=error.start)) from None


def _check_table(path: Path, name: str) -> None:
    """As text, but in CP949 too, which a Korean spreadsheet writes."""
    try:
        _check_text(path, name)
    except InputError:
        with path.open("rb") as file:
            head = file.read(65536)
        try:
            head[: head.rfind(b"\n") + 1].decode("cp949")
        except UnicodeDecodeError:
            raise InputError(text("tables.not_text", file=name)) from None
        if not head:
            raise


CHECKERS: Mapping[str, Callable[[Path, str], Any]] = {
    "image": _check_image,
    "midi": _check_magic("midi", (0, b"MThd")),
    "audio": _check_magic("audio", (0, b"RIFF"), (0, b"fLaC"), (0, b"OggS"), (0, b"ID3"), (0, b"\xff\xfb")),
    "table": _check_table,
    "text": _check_text,
}
