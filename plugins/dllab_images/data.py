"""The sets of pictures that the nets of this plugin learn from."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import dllab
from dllab_images.folders import read_folder

if TYPE_CHECKING:
    from collections.abc import Callable

HELD_DIGITS = 360  # of scikit-learn's 1797
PORTRAITS = (20_000, 2_000)  # drawn to learn from, and to hold back
DRAWN_AT_ONCE = 500  # portraits between two looks at the bar
HELD_SHARE = 6  # of a set that says nothing, every sixth picture is held back
IDX = {2051: 3, 2049: 1}  # magic number of an IDX file: dimensions of what it holds
FASHION = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "boot")


@dataclass(frozen=True)
class Pictures:
    """A set of pictures in two parts, and what the user should be told of it.

    train, held: float32 (N, C, H, W) in [-1, 1], H = W = 8, 16, 32 or 64; the labels are int64 (N,), and
    class_names tells what they stand for. attributes, held_attributes: what else is known of each, by name,
    int64 (N,); -1 where it cannot be seen. Empty but for portraits.
    """

    name: str
    train: np.ndarray
    train_labels: np.ndarray
    held: np.ndarray
    held_labels: np.ndarray
    class_names: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = field(default=())
    attributes: dict[str, np.ndarray] = field(default_factory=dict)
    held_attributes: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of one picture: (C, H, W)."""
        channels, height, width = self.train.shape[1:]
        return channels, height, width


def _english(english: str, korean: str) -> str:
    return english


def read_pictures(
    name: str, own: dllab.Input | None, size: int, model: Callable, progress: Callable,
    words: Callable[[str, str], str] = _english,
) -> Pictures:  # fmt: skip
    """The set of that name, or the user's own folder or file.

    size: side that a user's pictures are cut and scaled to. model: Run.model, for what is downloaded;
    progress, words: Run.progress and Run.words, for the bar.
    Raises dllab.InputError for a folder or file without pictures, or one not downloaded yet.
    """
    if own is not None and own.path.is_dir():
        reading = partial(progress, label=words("reading pictures", "그림 읽기"))
        images, labels, names, notes = read_folder(own.path, own.name, size, reading)
        return _split(own.name, images, labels, names, notes)
    if own is not None:
        return _from_npz(own.path, own.name)
    if name == "portraits":
        return _portraits(partial(progress, label=words("drawing portraits", "초상 그리기")))
    return _digits() if name == "digits" else model(f"images/{name}")


def _digits() -> Pictures:
    """scikit-learn's 8 x 8 digits: 1437 to learn from, 360 held back; the same ones for every seed."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = (digits.data.reshape(-1, 1, 8, 8) / 8 - 1).astype(np.float32)
    order = np.random.default_rng(2026).permutation(len(images))  # the set's own; not the run's
    held, train = order[:HELD_DIGITS], order[HELD_DIGITS:]
    labels = digits.target.astype(np.int64)
    names = tuple(str(digit) for digit in range(10))
    return Pictures("digits", images[train], labels[train], images[held], labels[held], names)


def _portraits(progress: Callable) -> Pictures:
    """Biscuit people drawn by code; the classes are their shapes."""
    from dllab_images.attributes import ATTRIBUTES
    from dllab_images.portraits import portraits

    pieces = [(count, seed, first) for count, seed in zip(PORTRAITS, (1, 2), strict=True)
              for first in range(0, count, DRAWN_AT_ONCE)]  # fmt: skip
    drawn: dict[int, list] = {1: [], 2: []}
    for count, seed, first in progress(pieces):
        drawn[seed].append(portraits(min(DRAWN_AT_ONCE, count - first), seed, first=first))
    parts, known = [], []
    for some in drawn.values():
        images = np.concatenate([each.images for each in some]).astype(np.float32)
        each_known = {name: np.concatenate([each.attributes[name] for each in some]) for name in ATTRIBUTES}
        images = images.transpose(0, 3, 1, 2) / np.float32(127.5) - 1
        parts += [np.ascontiguousarray(images), each_known["shape"]]
        known.append(_seen(each_known))
    return Pictures("portraits", *parts, ATTRIBUTES["shape"], attributes=known[0], held_attributes=known[1])


def _seen(attributes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """With -1 for eyes behind sunglasses, and for the colour of a hat that is not there."""
    from dllab_images.attributes import ATTRIBUTES

    hidden = {
        "eyes": attributes["glasses"] == ATTRIBUTES["glasses"].index("sunglasses"),
        "hat_colour": attributes["hat"] == ATTRIBUTES["hat"].index("none"),
    }
    return {name: np.where(hidden[name], -1, each) if name in hidden else each
            for name, each in attributes.items()}  # fmt: skip


def mnist(path: Path) -> Pictures:
    """MNIST from an .npz with x_train, y_train, x_test and y_test."""
    return _from_npz(path, "mnist")


def fashion_mnist(path: Path) -> Pictures:
    """Fashion-MNIST from its gzipped IDX file of training pictures; the labels lie beside it.

    Raises dllab.InputError, with the remedy, where the labels have not been downloaded.
    """
    beside = sorted(path.parent.glob("*train-labels-idx1-ubyte.gz"))
    if not beside:
        raise dllab.InputError(
            "fashion-mnist is here without its labels; get them: dllab models get images/fashion-mnist-labels"
        )
    images, labels = read_idx(path), read_idx(beside[0])
    return _split("fashion-mnist", _padded(images[:, None]), labels.astype(np.int64), FASHION, ())


def read_idx(path: Path) -> np.ndarray:
    """A gzipped IDX file, uint8 (N, H, W) or (N,). Raises dllab.InputError when it is damaged."""
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise dllab.InputError(f"{path.name} cannot be unpacked: {error}") from error
    dimensions = IDX.get(int.from_bytes(content[:4], "big"), 0)
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    numbers = np.frombuffer(content, dtype=np.uint8, offset=min(len(content), 4 + 4 * dimensions))
    if not dimensions or len(numbers) != np.prod(shape):
        raise dllab.InputError(f"{path.name} is no IDX file of bytes, or its end is missing")
    return numbers.reshape(shape)


def _from_npz(path: Path, name: str) -> Pictures:
    """An .npz with x_train (N, H, W) or (N, H, W, 3) of bytes, y_train and, if it likes, x_test, y_test."""
    if not zipfile.is_zipfile(path):
        raise dllab.InputError(f"{name} is neither a folder of pictures nor an .npz of them")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = {key: arrays[key] for key in ("x_train", "y_train", "x_test", "y_test") if key in arrays}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise dllab.InputError(
            f"{name} cannot be read as an .npz: {' '.join(str(error).split())[:100]}"
        ) from error
    images, labels = parts.get("x_train"), parts.get("y_train")
    if images is None or labels is None or images.dtype != np.uint8 or len(images) != len(labels):
        raise dllab.InputError(
            f"{name} needs the arrays x_train (bytes; N, H, W) and y_train (N), as mnist.npz has"
        )
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3) or len(images) < 12:
        raise dllab.InputError(
            f"{name}: x_train must be (N, H, W) or (N, H, W, 3) of 12 or more, got {images.shape}"
        )
    values, numbers = np.unique(labels, return_inverse=True)
    names = tuple(str(value) for value in values)
    train = _padded(_channels_first(images))
    held, held_labels = parts.get("x_test"), parts.get("y_test")
    if held is None or held_labels is None or held.shape[1:] != images.shape[1:]:
        return _split(name, train, numbers.astype(np.int64), names, ())
    known = np.isin(held_labels, values)
    found = np.searchsorted(values, held_labels[known]).astype(np.int64)
    return Pictures(
        name, train, numbers.astype(np.int64), _padded(_channels_first(held[known])), found, names
    )


def _channels_first(images: np.ndarray) -> np.ndarray:
    return images[:, None] if images.ndim == 3 else images.transpose(0, 3, 1, 2)


def _padded(images: np.ndarray) -> np.ndarray:
    """Bytes (N, C, H, W) as float32 in [-1, 1], with a border of 0 up to the next of 8, 16, 32, 64."""
    height, width = images.shape[2:]
    side = next((each for each in (8, 16, 32, 64) if each >= max(height, width)), 0)
    if not side:
        raise dllab.InputError(
            f"pictures of {height} x {width} are too large for an .npz; 64 x 64 is the most"
        )
    top, left = (side - height) // 2, (side - width) // 2
    border = ((0, 0), (0, 0), (top, side - height - top), (left, side - width - left))
    return np.pad(images, border).astype(np.float32) / np.float32(127.5) - 1


def _split(
    name: str,
    images: np.ndarray,
    labels: np.ndarray,
    names: tuple[str, ...],
    notes: tuple[tuple[str, str], ...],
) -> Pictures:
    """Hold every sixth picture back."""
    order = np.random.default_rng(2026).permutation(len(images))
    held = np.zeros(len(images), dtype=bool)
    held[order[: len(images) // HELD_SHARE]] = True
    return Pictures(name, images[~held], labels[~held], images[held], labels[held], names, notes)
