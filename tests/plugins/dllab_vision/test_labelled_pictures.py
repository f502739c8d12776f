"""Labelled pictures: read, generated, shifted, batched and judged."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dllab_vision.pictures import (
    LabelledPictures,
    augment,
    generate_shapes,
    read_npz,
    to_tensor,
    top1,
    training_batches,
)

CPU = torch.device("cpu")


def write_npz(path: Path, pixels: np.ndarray, classes: list[int], **changes: object) -> Path:
    """An .npz of PNG bytes, as `read_npz` takes it; changes replace arrays, None leaves one out."""
    files = []
    for picture in pixels:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "PNG")
        files.append(buffer.getvalue())
    arrays: dict[str, object] = {
        "data": np.frombuffer(b"".join(files), np.uint8),
        "offsets": np.cumsum([0, *map(len, files)]),
        "labels": np.array(classes, np.uint8),
        "class_names": np.array(["cat", "dog"]),
    }
    arrays.update(changes)
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})
    return path


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)


def test_pictures_come_back_as_they_were_packed(tmp_path: Path, pixels: np.ndarray) -> None:
    pictures = read_npz(write_npz(tmp_path / "a.npz", pixels, [1, 0, 1]))
    np.testing.assert_array_equal(pictures.pixels, pixels)
    assert pictures.labels.tolist() == [1, 0, 1]
    assert pictures.class_names == ("cat", "dog")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"offsets": None}, r"a\.npz holds no array 'offsets'"),
        ({"labels": np.array([0, 1, 2], np.uint8)}, "disagrees with itself"),
        ({"offsets": np.array([0, 5])}, "disagrees with itself"),
    ],
)
def test_an_archive_of_another_kind_is_told(
    tmp_path: Path, pixels: np.ndarray, changes: dict[str, object], words: str
) -> None:
    path = write_npz(tmp_path / "a.npz", pixels, [1, 0, 1], **changes)
    with pytest.raises(ValueError, match=words):
        read_npz(path)


def test_pictures_of_another_size_and_other_files_are_told(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "small.npz", np.zeros((1, 32, 48, 3), np.uint8), [0])
    with pytest.raises(ValueError, match=r"picture 0 of small\.npz is 48x32; 64x64 is needed"):
        read_npz(path)
    other = tmp_path / "other.npz"
    other.write_text("no archive")
    with pytest.raises(ValueError, match=r"other\.npz is no \.npz file"):
        read_npz(other)


def test_generated_shapes_are_the_same_for_the_same_seed_and_show_every_class() -> None:
    first, second = (generate_shapes(200, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.pixels, second.pixels)
    assert set(first.labels) == set(range(len(first.class_names)))


def test_augmenting_without_a_shift_only_flips(pixels: np.ndarray) -> None:
    changed = augment(np.repeat(pixels[:1], 64, axis=0), 0, np.random.default_rng(0))
    kinds = [int(np.array_equal(picture, pixels[0])) for picture in changed]
    mirrored = [int(np.array_equal(picture, pixels[0][:, ::-1])) for picture in changed]
    assert sum(kinds) + sum(mirrored) == 64
    assert 16 < sum(kinds) < 48  # half of them, give or take four deviations


def test_a_shift_mirrors_at_the_edge() -> None:
    ramp = np.arange(64, dtype=np.uint8)[None, :, None, None] * np.ones((32, 1, 64, 3), np.uint8)
    rows = augment(ramp, 8, np.random.default_rng(0))[:, :, 0, 0]
    for row in rows.astype(int):
        shift = row[32] - 32
        expected = np.abs(np.arange(64) + shift)
        np.testing.assert_array_equal(row, np.where(expected > 63, 126 - expected, expected))


def test_a_smaller_size_is_the_mean_of_the_pixels(pixels: np.ndarray) -> None:
    small = to_tensor(pixels, 32, CPU)
    large = to_tensor(pixels, 64, CPU)
    torch.testing.assert_close(small[0, :, 0, 0], large[0, :, :2, :2].mean(dim=(1, 2)))


def test_an_epoch_shows_each_picture_at_most_once_in_whole_batches() -> None:
    values = np.arange(10, dtype=np.uint8)
    pictures = LabelledPictures(values[:, None, None, None] * np.ones((1, 64, 64, 3), np.uint8), values, ())
    batches = list(training_batches(pictures, 3, 16, np.random.default_rng(0), CPU))
    labels = torch.cat([labels for _, labels in batches]).tolist()
    assert [len(x) for x, _ in batches] == [3, 3, 3]
    assert len(set(labels)) == 9


def test_top1_is_the_share_of_right_first_guesses() -> None:
    class AlwaysTwo(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.one_hot(torch.full((len(x),), 2), 4).float()

    pictures = generate_shapes(40, np.random.default_rng(0))
    share = float((pictures.labels == 2).mean())
    assert top1(AlwaysTwo(), pictures, 32, CPU) == pytest.approx(share)
