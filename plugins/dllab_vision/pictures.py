"""Labelled pictures for the backbone: read from an .npz of compressed pictures or generated, in batches."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from dllab_vision.net import Backbone

SIZE = 64  # height and width of every picture, px
NEEDED = ("data", "offsets", "labels", "class_names")


@dataclass(frozen=True)
class LabelledPictures:
    """pixels: (N, 64, 64, 3) uint8; labels: (N,) int64; class_names: one per label value."""

    pixels: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]

    def part(self, chosen: np.ndarray) -> "LabelledPictures":
        """The pictures at the given places (or where a mask is true)."""
        return LabelledPictures(self.pixels[chosen], self.labels[chosen], self.class_names)


def read_npz(path: Path, name: str = "", progress=lambda items, **_: items) -> LabelledPictures:
    """Decode an .npz that holds pictures as compressed bytes.

    Arrays: data uint8 (all files one after another), offsets int64 (N + 1,), labels (N,), class_names.
    name: what to call the file in errors; progress: wraps the iteration, as `run.progress` does.
    Raises ValueError when the file is something else.
    """
    from PIL import Image

    name = name or path.name
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{name} is no .npz file; it must hold the arrays {', '.join(NEEDED)}")
    with np.load(path, allow_pickle=False) as arrays:
        missing = [array for array in NEEDED if array not in arrays]
        if missing:
            raise ValueError(f"{name} holds no array {missing[0]!r}; needed are {', '.join(NEEDED)}")
        data, offsets, labels = arrays["data"], arrays["offsets"], arrays["labels"].astype(np.int64)
        class_names = tuple(str(each) for each in arrays["class_names"])
    if (
        len(offsets) != len(labels) + 1
        or offsets[-1] > len(data)
        or labels.max(initial=0) >= len(class_names)
    ):
        raise ValueError(f"{name} disagrees with itself: offsets, labels and class_names do not fit together")

    pixels = np.empty((len(labels), SIZE, SIZE, 3), np.uint8)
    for i in progress(range(len(labels))):
        picture = Image.open(io.BytesIO(data[offsets[i] : offsets[i + 1]].tobytes())).convert("RGB")
        if picture.size != (SIZE, SIZE):
            raise ValueError(f"picture {i} of {name} is {picture.size[0]}x{picture.size[1]}; 64x64 is needed")
        pixels[i] = np.asarray(picture)
    return LabelledPictures(pixels, labels, class_names)


def generate_shapes(count: int, rng: np.random.Generator) -> LabelledPictures:
    """Discs, squares, stripes and checks, warm or cold, on noise: eight classes to see that it works."""
    names = tuple(
        f"{tone} {shape}" for tone in ("warm", "cold") for shape in ("disc", "square", "stripes", "checks")
    )
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    labels = rng.integers(0, len(names), count)
    pixels = np.empty((count, SIZE, SIZE, 3), np.uint8)
    for i, label in enumerate(labels):
        centre_y, centre_x = rng.uniform(20, 44, 2)
        radius, period = rng.uniform(12, 20), rng.integers(8, 14)
        masks = (
            np.hypot(y - centre_y, x - centre_x) < radius,
            np.maximum(abs(y - centre_y), abs(x - centre_x)) < radius,
            (x + y) // period % 2 == 0,
            (x // period + y // period) % 2 == 0,
        )
        colour = np.array((200, 120, 40) if label < 4 else (40, 120, 200)) + rng.normal(0, 20, 3)
        canvas = rng.normal(110, 25, (SIZE, SIZE, 3))
        canvas[masks[label % 4]] += 0.7 * (colour - 110)
        pixels[i] = canvas.clip(0, 255)
    return LabelledPictures(pixels, labels.astype(np.int64), names)


def _reflect(index: np.ndarray) -> np.ndarray:
    """Bring indices just outside [0, SIZE) back by mirroring at the edges."""
    index = np.abs(index)
    return np.where(index >= SIZE, 2 * (SIZE - 1) - index, index)


def augment(pixels: np.ndarray, max_shift: int, rng: np.random.Generator) -> np.ndarray:
    """Shift each picture (B, 64, 64, 3) by up to max_shift px (edges mirrored) and flip half of them."""
    count = len(pixels)
    shift = rng.integers(-max_shift, max_shift + 1, (2, count, 1))
    rows = _reflect(np.arange(SIZE) + shift[0])  # (B, 64)
    columns = _reflect(np.arange(SIZE) + shift[1])  # (B, 64)
    flipped = rng.random((count, 1)) < 0.5
    columns = np.where(flipped, columns[:, ::-1], columns)
    return pixels[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]


def to_tensor(pixels: np.ndarray, size: int, device: torch.device) -> torch.Tensor:
    """uint8 (B, 64, 64, 3) to model units (B, 3, size, size), channels last; a smaller size by averaging."""
    x = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float().div_(255)  # (B, 3, 64, 64)
    if size != SIZE:
        x = functional.adaptive_avg_pool2d(x, size)
    return Backbone.normalise(x).contiguous(memory_format=torch.channels_last)


def training_batches(
    pictures: LabelledPictures, batch_size: int, size: int, rng: np.random.Generator, device: torch.device
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One epoch in random order: model units (B, 3, size, size) and labels (B,), whole batches only."""
    order = rng.permutation(len(pictures.labels))
    for start in range(0, len(order) - batch_size + 1, batch_size):
        chosen = np.sort(order[start : start + batch_size])  # in the order of memory: faster
        pixels = augment(pictures.pixels[chosen], max_shift=8, rng=rng)
        yield to_tensor(pixels, size, device), torch.from_numpy(pictures.labels[chosen]).to(device)


def top1(net, pictures: LabelledPictures, size: int, device: torch.device) -> float:
    """Share of pictures whose first guess is right, shrunk to `size` px; the net is in eval mode then."""
    was_training = net.training
    net.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(pictures.labels), 250):
            x = to_tensor(pictures.pixels[start : start + 250], size, device)
            guesses = net(x).argmax(dim=1).cpu().numpy()
            right += int((guesses == pictures.labels[start : start + 250]).sum())
    net.train(was_training)
    return right / len(pictures.labels)
