"""A folder of the user's own pictures; folders in it are classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

import dllab

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")
MOST = 50_000  # pictures that are read
FEWEST = 12
NAMED = 5  # broken pictures that are told by name
LARGEST = 64_000_000  # px of a picture that is opened at all


def read_folder(
    folder: Path, name: str, size: int, progress: Callable
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Pictures float32 (N, 3, size, size) in [-1, 1], labels int64 (N,), class names, and notes.

    The middle square of each picture is scaled to size. A broken picture is left out and named in the notes,
    which are pairs, English and Korean.
    Raises dllab.InputError when fewer than FEWEST can be read.
    """
    from PIL import UnidentifiedImageError
    from PIL.Image import DecompressionBombError

    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    )
    classes = [path.relative_to(folder).parts[0] if path.parent != folder else "" for path in paths]
    names = tuple(sorted(set(classes))) or ("",)
    images, labels, broken = [], [], []
    for path, label in progress(list(zip(paths, classes, strict=True))[:MOST]):
        try:
            images.append(square(path, size))
            labels.append(names.index(label))
        except (OSError, ValueError, SyntaxError, DecompressionBombError) as error:
            reason = "no picture" if isinstance(error, UnidentifiedImageError) else str(error)
            broken.append(f"{path.relative_to(folder)} ({' '.join(reason.split())[:60]})")
    if len(images) < FEWEST:
        left_out = f"; left out: {'; '.join(broken[:NAMED])}" if broken else ""
        raise dllab.InputError(
            f"{name}: {FEWEST} pictures are the fewest to learn from, and it holds {len(images)} that can be "
            f"read; they end in {', '.join(SUFFIXES)}{left_out}"
        )
    notes = [
        (f"left out, as it cannot be read: {each}", f"읽을 수 없어 제외: {each}") for each in broken[:NAMED]
    ]
    if more := len(broken[NAMED:]):
        notes.append((f"{more} more cannot be read", f"그 밖에 {more}장을 읽을 수 없음"))
    if len(paths) > MOST:
        taken = f"그림 {len(paths)}장 가운데 앞의 {MOST}장만 사용"
        notes.append((f"the first {MOST} of {len(paths)} pictures are taken", taken))
    stacked = np.stack(images).astype(np.float32).transpose(0, 3, 1, 2) / np.float32(127.5) - 1
    return np.ascontiguousarray(stacked), np.array(labels, dtype=np.int64), names, tuple(notes)


def square(path: Path, size: int) -> np.ndarray:
    """The middle square of a picture, upright, on white where it is clear: uint8 (size, size, 3).

    Raises OSError, ValueError, SyntaxError or DecompressionBombError, as Pillow does, for what is broken or
    absurdly large.
    """
    from PIL import Image, ImageOps

    with Image.open(path) as picture:
        if picture.width * picture.height > LARGEST:
            raise ValueError(f"{picture.width} x {picture.height} is too large")
        picture.draft("RGB", (2 * size, 2 * size))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    white.alpha_composite(upright)
    return np.asarray(ImageOps.fit(white.convert("RGB"), (size, size), Image.Resampling.LANCZOS))
