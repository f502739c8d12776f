"""Sets of pictures: the lab's own, a user's folder, files that are broken."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab
from dllab_images import data
from dllab_images.data import read_idx, read_pictures
from dllab_images.folders import read_folder
from dllab_images.portraits import portraits


def bar(items, label=""):
    return items


def no_model(name: str):
    raise AssertionError(name)


def paint(folder: Path, count: int, colour: tuple[int, int, int]) -> None:
    folder.mkdir(parents=True)
    for i in range(count):
        Image.new("RGB", (20 + i, 30), colour).save(folder / f"{i:02}.png")


def test_the_digits_are_parted_without_overlap() -> None:
    digits = read_pictures("digits", None, 32, no_model, bar)
    assert digits.train.shape == (1437, 1, 8, 8)
    assert digits.held.shape == (360, 1, 8, 8)
    assert digits.train.min() == -1
    assert digits.train.max() == 1
    assert set(digits.held_labels) == set(range(10))


def test_portraits_are_drawn_piece_by_piece_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "PORTRAITS", (5, 3))
    monkeypatch.setattr(data, "DRAWN_AT_ONCE", 2)
    pieces = []

    def counting(items, label=""):
        pieces.extend(items)
        return items

    pictures = read_pictures("portraits", None, 32, no_model, counting)
    assert len(pieces) == 5
    whole = portraits(5, 1)
    np.testing.assert_array_equal(pictures.train, whole.images.transpose(0, 3, 1, 2) / np.float32(127.5) - 1)
    np.testing.assert_array_equal(pictures.train_labels, whole.attributes["shape"])
    assert len(pictures.held) == len(pictures.held_attributes["eyes"]) == 3


def test_folders_in_a_folder_are_classes_and_broken_pictures_are_named(tmp_path: Path) -> None:
    paint(tmp_path / "own" / "red", 7, (255, 0, 0))
    paint(tmp_path / "own" / "blue", 6, (0, 0, 255))
    (tmp_path / "own" / "red" / "broken.png").write_bytes(b"no picture")
    images, labels, names, notes = read_folder(tmp_path / "own", "own", 16, bar)
    assert images.shape == (13, 3, 16, 16)
    assert names == ("blue", "red")
    assert labels.tolist() == [0] * 6 + [1] * 7
    np.testing.assert_array_equal(images[-1, :, 8, 8], [1, -1, -1])
    assert len(notes) == 1
    assert notes[0] == (
        "left out, as it cannot be read: red/broken.png (no picture)",
        "읽을 수 없어 제외: red/broken.png (no picture)",
    )


def test_a_folder_with_too_few_pictures_is_refused_in_one_line(tmp_path: Path) -> None:
    paint(tmp_path / "few", 3, (1, 2, 3))
    with pytest.raises(
        dllab.InputError, match="few: 12 pictures are the fewest to learn from, and it holds 3"
    ):
        read_folder(tmp_path / "few", "few", 16, bar)


def own(path: Path) -> dllab.Input:
    return dllab.Input(str(path), path=path, name=path.name)


def test_an_npz_as_mnist_has_it_is_padded_to_32(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (24, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", x_train=pixels, y_train=np.arange(24) % 3)
    pictures = read_pictures("digits", own(tmp_path / "mine.npz"), 32, no_model, bar)
    assert pictures.shape == (1, 32, 32)
    assert len(pictures.train) + len(pictures.held) == 24
    assert pictures.class_names == ("0", "1", "2")
    assert (pictures.train[:, :, :2] == -1).all()


@pytest.mark.parametrize("parts", [{"x_train": np.zeros((20, 8, 8))}, {"x_train": np.zeros((20, 8), np.uint8),
                         "y_train": np.zeros(20, int)}])  # fmt: skip
def test_an_npz_of_something_else_is_refused(tmp_path: Path, parts: dict[str, np.ndarray]) -> None:
    np.savez(tmp_path / "odd.npz", **parts)
    with pytest.raises(dllab.InputError, match=r"odd\.npz"):
        read_pictures("digits", own(tmp_path / "odd.npz"), 32, no_model, bar)


def test_a_text_is_no_npz(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(dllab.InputError, match=r"neither a folder of pictures nor an \.npz"):
        read_pictures("digits", own(tmp_path / "text.npz"), 32, no_model, bar)


def test_an_idx_file_is_read_and_a_short_one_refused(tmp_path: Path) -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    head = b"".join(number.to_bytes(4, "big") for number in (2051, 2, 3, 4))
    (tmp_path / "whole.gz").write_bytes(gzip.compress(head + pixels.tobytes()))
    np.testing.assert_array_equal(read_idx(tmp_path / "whole.gz"), pixels)
    (tmp_path / "short.gz").write_bytes(gzip.compress(head + pixels.tobytes()[:-1]))
    with pytest.raises(dllab.InputError, match=r"short\.gz"):
        read_idx(tmp_path / "short.gz")
