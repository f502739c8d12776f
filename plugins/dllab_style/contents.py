"""Photos to practise on: crops of the sample photos, and of the user's own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

import dllab

SAMPLES = ("cat", "coffee", "astronaut", "rocket", "galaxies", "retina", "camera")
LONGEST = 512  # px of a photo's longer side
MOST = 20_000  # pictures of a folder or an .npz that are held
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")


def opened(file, name: str) -> np.ndarray:
    """A picture as uint8 (H, W, 3), upright, no side above LONGEST. Raises InputError if it is broken."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as picture:
            picture.draft("RGB", (2 * LONGEST, 2 * LONGEST))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise dllab.InputError(
            f"{name} cannot be read as a picture ({' '.join(str(error).split())[:100]})"
        ) from error
    upright.thumbnail((LONGEST, LONGEST))
    return np.asarray(upright)


def read_photos(
    data: dllab.Input | None, sample: Callable[[str], Path], progress: Callable
) -> tuple[list, list]:
    """The sample photos and the user's own, each uint8 (H, W, 3).

    data: a folder of pictures, or an .npz with the arrays data (files of pictures, one after another) and
    offsets. progress: wraps the iteration, as `run.progress` does. Raises dllab.InputError for anything else.
    """
    own = [opened(sample(name), name) for name in SAMPLES]
    if data is None:
        return own, []
    if data.path.is_dir():
        paths = sorted(path for path in data.path.rglob("*") if path.suffix.lower() in SUFFIXES)[:MOST]
        if not paths:
            raise dllab.InputError(f"{data.name} holds no pictures; they end in {', '.join(SUFFIXES)}")
        return own, [opened(path, path.name) for path in progress(paths)]
    if not zipfile.is_zipfile(data.path):
        raise dllab.InputError(f"{data.name} is neither a folder of pictures nor an .npz of them")
    try:
        with np.load(data.path, allow_pickle=False) as arrays:
            content, offsets = arrays["data"], arrays["offsets"]
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise dllab.InputError(
            f"{data.name} holds no arrays data and offsets of pictures ({error})"
        ) from error
    count = min(len(offsets) - 1, MOST)
    if count < 1 or offsets[-1] > len(content) or content.dtype != np.uint8:
        raise dllab.InputError(f"{data.name} disagrees with itself: data and offsets do not fit together")
    chosen = np.linspace(0, len(offsets) - 2, count).astype(int)
    files = (content[offsets[i] : offsets[i + 1]].tobytes() for i in chosen)
    read = progress(files, total=count)
    return own, [opened(io.BytesIO(each), f"picture {i} of {data.name}") for i, each in enumerate(read)]


def crop(photo: np.ndarray, size: int, rng: np.random.Generator) -> Tensor:
    """A square part (1, 3, size, size) in [0, 1], at a random place and scale, mirrored half of the time."""
    height, width = photo.shape[:2]
    least = min(height, width)
    side = least if least <= size else int(rng.uniform(size, min(least, 2.2 * size)))
    top, left = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
    part = photo[top : top + side, left : left + side]
    part = part[:, ::-1] if rng.random() < 0.5 else part
    pixels = torch.from_numpy(np.ascontiguousarray(part.transpose(2, 0, 1)))[None].float() / 255
    if side != size:
        pixels = functional.interpolate(
            pixels, size=(size, size), mode="bicubic", align_corners=False, antialias=side > size
        )
    gain, shift = rng.uniform(0.8, 1.15), rng.uniform(-0.08, 0.08)
    return ((pixels - 0.5) * gain + 0.5 + shift).clamp(0, 1)


def batch(own: list, given: list, count: int, size: int, rng: np.random.Generator) -> Tensor:
    """Crops (count, 3, size, size): every other one of the user's photos, where there are any."""
    crops = []
    for i in range(count):
        photos = given if given and i % 2 == 0 else own
        crops.append(crop(photos[rng.integers(len(photos))], size, rng))
    return torch.cat(crops).contiguous(memory_format=torch.channels_last)
