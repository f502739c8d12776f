"""`dllab open`: a run's folder, or a file that it left, in the system's own viewer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from dllab.cli.layout import print_json
from dllab.errors import InputError, NotFoundError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import Store


def add_arguments(parser: ArgumentParser) -> None:
    """A run, and a file of it."""
    parser.add_argument("run", nargs="?", default="last", metavar="RUN", help=text("runs.help_run"))
    parser.add_argument("file", nargs="?", metavar=text("runs.word_file"), help=text("runs.help_file"))
    parser.add_argument("--print", action="store_true", help=text("runs.help_print"))
    parser.add_argument("--json", action="store_true", help=text("runs.help_print_json"))


def main(args: Namespace) -> int:
    """Print the path, and open it where there is a display. Raises NotFoundError."""
    from dllab.store import Store

    with Store(args.store) as store:
        path = find_path(store, args.run, args.file)
    if args.json:
        print_json({"path": str(path)})
        return 0
    print(path)
    if not args.print:
        open_path(path)
    return 0


def find_path(store: Store, reference: str, name: str | None) -> Path:
    """The folder of a run, or the readable file of this name (also as `RUN:NAME`).

    Raises NotFoundError for an unknown run or name, InputError for a file that is there no more.
    """
    try:
        run = store.run(reference)
    except NotFoundError as unknown:
        head, colon, tail = reference.rpartition(":")
        if name is not None or not colon:
            raise
        try:
            return find_path(store, head, tail)
        except NotFoundError:
            if head == "last":  # more likely an experiment than a file was meant
                raise unknown from None
            raise
    if name is None:
        return run.folder
    artifact = store.artifact(run.id, name)
    path = artifact.copy if artifact.copy is not None and artifact.copy.exists() else artifact.path
    if path is None:
        raise InputError(text("store.blob_missing", name=name, digest=artifact.digest))
    return path


def open_path(path: Path) -> bool:
    """Hand a path to the system's opener; False where there is no display or no opener."""
    if sys.platform == "win32":
        os.startfile(path)
        return True
    has_display = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if not has_display or opener is None:
        return False
    quiet = subprocess.DEVNULL
    return (
        subprocess.run([opener, path], stdin=quiet, stdout=quiet, stderr=quiet, check=False).returncode == 0
    )
