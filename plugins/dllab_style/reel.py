"""A film in the making: saved as far as it came when somebody stops it, and gone on with later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
import torch
from PIL import Image
from torch import Tensor

import dllab

CHECKPOINT_EVERY_S = 5.0
QUALITY = 95  # of the JPEGs that a checkpoint keeps
MOST_BYTES = 256_000_000  # of them; what comes after is painted anew when the film is gone on with


class Reel:
    """The frames so far, as JPEGs of high quality, which a checkpoint keeps for going on."""

    def __init__(self, kept: Sequence[Tensor] = ()) -> None:
        """kept: the `codes` of a checkpoint."""
        self.codes = list(kept)  # each uint8 (bytes,)
        self.size = sum(map(len, self.codes))

    @property
    def is_full(self) -> bool:
        return self.size >= MOST_BYTES

    def add(self, frame: Tensor) -> None:
        """Take a frame (3, H, W) in [0, 1]."""
        pixels = (frame.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY, subsampling=0)
        self.codes.append(torch.frombuffer(bytearray(file.getvalue()), dtype=torch.uint8))
        self.size += len(self.codes[-1])

    def frames(self) -> Iterator[Tensor]:
        """The frames that a checkpoint kept, (3, H, W) in [0, 1]."""
        for code in list(self.codes):
            with Image.open(BytesIO(code.numpy().tobytes())) as picture:
                pixels = torch.from_numpy(np.array(picture.convert("RGB")))
            yield pixels.permute(2, 0, 1).float() / 255

    @property
    def checkpoint_every_s(self) -> float:
        """Seconds between checkpoints, the longer the more there is to write."""
        return CHECKPOINT_EVERY_S * max(1.0, self.size / 5e6)


def film_until_stopped(run: dllab.Run, name: str, frames: Iterator[Tensor], fps: float) -> None:
    """Save frames (3, H, W) as a film; when cancelled, save what there is, and raise dllab.Cancelled."""
    stopped: list[dllab.Cancelled] = []

    def until_stopped() -> Iterator[Tensor]:
        has_begun = False
        try:
            for frame in frames:
                has_begun = True
                yield frame
        except dllab.Cancelled as error:
            if not has_begun:
                raise
            stopped.append(error)

    run.save_video(name, until_stopped(), fps=fps)
    if stopped:
        raise stopped[0]
