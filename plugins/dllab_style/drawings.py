"""Pictures of the lab's own drawing: styles that are there from the first minute, free of anybody's rights.

Each is drawn once, when somebody asks for it, and kept in the lab's cache.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import dllab

SIZE = 640  # px, both ways
VERSION = 1  # part of the files' names; raise it with any change of what is drawn

# Name, what it is, Korean.
DRAWINGS = (
    (
        "swirls",
        "thick strokes of blue and gold that follow a whirling stream",
        "소용돌이를 따라 흐르는 파랑과 금빛 붓질",
    ),
    ("mosaic", "tiles of stone in bands of warm and cool colours", "따뜻하고 찬 색 띠를 이루는 돌 모자이크"),
    ("glass", "coloured glass between dark leads", "어두운 납 선 사이의 스테인드글라스"),
    ("woodcut", "lines cut in wood: ink on paper", "나무에 새긴 선: 종이 위의 먹"),
)


def cache_folder() -> Path:
    """Where the lab keeps what it can make again: DLLAB_CACHE, else the platform's place for that."""
    chosen = os.environ.get("DLLAB_CACHE")
    if chosen:
        return Path(chosen).absolute() / "drawings"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "dllab" / "drawings"


def drawing(name: str) -> Path:
    """The path of a drawing, drawn now if it never was. Raises dllab.InputError where it cannot be kept."""
    folder = cache_folder()
    path = folder / f"{name}-{VERSION}.png"
    if path.is_file():
        return path
    from dllab_style.brushes import DRAWN

    picture = DRAWN[name](SIZE)
    unfinished = folder / f"{path.name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        picture.save(unfinished, "PNG")
        unfinished.replace(path)
    except OSError as error:
        raise dllab.InputError(
            f"sample:{name} cannot be kept in {folder} ({error.strerror}); set DLLAB_CACHE to another folder"
        ) from error
    return path


def drawing_resources() -> list[dllab.Resource]:
    """One sample resource per drawing."""
    return [
        dllab.Resource(
            "sample",
            name,
            summary=f"a drawing of our own: {summary}, {SIZE} x {SIZE}",
            load=lambda name=name: drawing(name),
            media="image",
            licence="Apache-2.0, as the code that draws it",
            source="dllab_style.brushes",
            ko=f"직접 그린 그림: {ko}, {SIZE} x {SIZE}",
        )
        for name, summary, ko in DRAWINGS
    ]
