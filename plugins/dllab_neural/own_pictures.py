"""Pictures of the user's own, a folder whose folders are classes; the unreadable are left out, by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    import numpy as np

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")
SIDE = 128  # px: what the backbone gets
MOST = 5000  # pictures that are read
FEWEST = 3  # pictures of a class: two to learn, one to test
NAMED = 5  # broken pictures that are told by name


@dataclass(frozen=True)
class OwnPictures:
    """pictures: uint8 (n, SIDE, SIDE, 3); labels: int (n,); names: (n,); left_out: (name, fault) each."""

    pictures: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read_classes(run: dllab.Run, folder: dllab.Input) -> OwnPictures:
    """The pictures of a folder of class folders; the names of the folders are the classes.

    Raises dllab.InputError for less than two classes, or a class with too few pictures that can be read.
    """
    import numpy as np

    root = _folder(folder)
    classes = tuple(
        sorted(each.name for each in root.iterdir() if each.is_dir() and not each.name.startswith("."))
    )
    if len(classes) < 2:
        raise dllab.InputError(
            f"{folder.name} has {len(classes)} folders in it; make one for each class, at least two, "
            "and put its pictures there"
        )
    found = [(path, name) for name in classes for path in picture_files(root / name)]
    pictures, kept, left_out = read_all(run, [path for path, _ in found], root)
    labels = np.array([classes.index(found[i][1]) for i in kept], dtype=np.int64)
    for number, name in enumerate(classes):
        count = int((labels == number).sum())
        if count < FEWEST:
            raise dllab.InputError(
                f"class {name!r} of {folder.name} has {count} pictures that can be read; "
                f"put {FEWEST} or more there"
            )
    shown = tuple(found[i][0].relative_to(root).as_posix() for i in kept)
    return OwnPictures(pictures, labels, classes, shown, left_out)


def read_any(run: dllab.Run, where: dllab.Input) -> OwnPictures:
    """One picture, or all of a folder; labels are -1 but where a picture's folder is named for a class later.

    Raises dllab.InputError when none can be read.
    """
    import numpy as np

    path = where.path
    if path is None or not (path.is_dir() or path.is_file()):
        raise dllab.InputError(
            f"{where.name or where.reference} is neither a picture nor a folder of pictures"
        )
    if path.is_file():
        picture = squared(run.load_image(where))
        return OwnPictures(picture[None], np.array([-1]), (), (where.name,))
    paths = picture_files(path)
    pictures, kept, left_out = read_all(run, paths, path)
    if not kept:
        why = "; ".join(f"{name}: {fault}" for name, fault in left_out[:2])
        raise dllab.InputError(
            f"{where.name} holds no picture that can be read ({why or 'they end in ' + ', '.join(SUFFIXES)})"
        )
    names = tuple(paths[i].relative_to(path).as_posix() for i in kept)
    return OwnPictures(pictures, np.full(len(kept), -1), (), names, left_out)


def _folder(folder: dllab.Input) -> Path:
    if folder.path is None or not folder.path.is_dir():
        raise dllab.InputError(
            f"{folder.name or folder.reference} is no folder; give one with a folder for each class"
        )
    return folder.path


def picture_files(root: Path) -> list[Path]:
    """The files below a folder that are named like pictures, in order, MOST at the most; no hidden ones."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )[:MOST]


def read_all(
    run: dllab.Run, paths: list[Path], root: Path
) -> tuple[np.ndarray, list[int], tuple[tuple[str, str], ...]]:
    """Pictures (n, SIDE, SIDE, 3), which of the paths they are, and (name, fault) of each left out.

    What is left out is told by run.message, the first few by name.
    """
    import numpy as np

    pictures, kept, left_out = [], [], []
    for i, path in enumerate(run.progress(paths, label=run.words("reading pictures", "그림 읽기"))):
        name = path.relative_to(root).as_posix()
        try:
            pictures.append(squared(run.load_image(dllab.Input(str(path), "image", path, "", name))))
            kept.append(i)
        except dllab.InputError as error:
            left_out.append((name, str(error)))
    if left_out:
        run.message(
            run.words(
                f"{len(left_out)} of {len(paths)} pictures are left out, as they cannot be read",
                f"그림 {len(paths)}장 가운데 {len(left_out)}장은 읽을 수 없어 뺍니다",
            )
        )
        for _, fault in left_out[:NAMED]:
            run.message(f"  {fault}")
    empty = np.zeros((0, SIDE, SIDE, 3), dtype=np.uint8)
    return np.stack(pictures) if pictures else empty, kept, tuple(left_out)


def squared(picture: object) -> np.ndarray:
    """The middle square of a picture of the lab's, on white where it is clear: uint8 (SIDE, SIDE, 3)."""
    import numpy as np
    from PIL import Image, ImageOps

    pixels, alpha = picture.pixels, picture.alpha  # type: ignore[attr-defined]
    if alpha is not None:
        pixels = pixels * alpha + (1 - alpha)
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).round().astype(np.uint8).transpose(1, 2, 0))
    return np.asarray(ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.LANCZOS))


def parted(labels: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Numbers to learn and to test: of every class that share is tested, one at least, two are learned."""
    import numpy as np

    learn, test = [], []
    for number in np.unique(labels):
        order = rng.permutation(np.flatnonzero(labels == number))
        many = int(np.clip(round(share * len(order)), 1, max(len(order) - 2, 1)))
        test.extend(order[:many])
        learn.extend(order[many:])
    return np.array(sorted(learn)), np.array(sorted(test))
