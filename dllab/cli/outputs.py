"""`--out FOLDER`: a run's files, copied to where the user wants them."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dllab.errors import UsageError
from dllab.paths import expanded
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import Store


def out_folder(path: str | None) -> Path | None:
    """The folder of --out, made and tried now, so that a wrong one is told before anything runs."""
    if path is None:
        return None
    folder = expanded(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UsageError(text("show.out_unusable", folder=path, fault=error.strerror or error)) from error
    return folder


def copy_out(store: Store, run_id: str, folder: Path | None) -> dict[str, str]:
    """Copy what a run made into a folder, under names that overwrite nothing; returns name to place."""
    copies = {}
    if folder is None:
        return {}
    for artifact in store.artifacts(run_id, role="out"):
        if artifact.path is None:
            continue
        place = _free_name(folder, artifact.name)
        part = place.with_name(place.name + ".part")
        try:
            shutil.copyfile(artifact.path, part)
            part.replace(place)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise UsageError(
                text("show.out_unusable", folder=folder, fault=error.strerror or error)
            ) from error
        copies[artifact.name] = str(place)
    return copies


def _free_name(folder: Path, name: str) -> Path:
    """folder/name, or folder/name-2 and so on where that is taken."""
    place = folder / name
    number = 2
    while place.exists():
        place = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return place
