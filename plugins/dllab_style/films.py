"""Films, read frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import torch
from torch import Tensor

import dllab
from dllab_style.sizes import fit

USUAL_FPS = 25.0


@dataclass(frozen=True)
class Film:
    """A film that can be read; count: its number of frames as the file says, 0 for unknown."""

    path: Path
    name: str
    fps: float
    count: int
    has_sound: bool

    def frames(self, most: int, longest: int, first: int = 0) -> Iterator[Tensor]:
        """Frames (3, h, w) in [0, 1], upright, even sizes, no side above `longest`; from number `first` on,
        and none from number `most` on.

        Raises dllab.InputError where the file breaks off before its first frame.
        """
        done = 0
        with av.open(str(self.path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            try:
                for frame in container.decode(stream):
                    if done == most:
                        return
                    if done >= first:
                        yield upright(frame, longest)
                    done += 1
            except av.FFmpegError as error:
                if done == 0:
                    raise dllab.InputError(
                        f"{self.name}: its first frame cannot be read ({error.strerror})"
                    ) from error


def upright(frame: av.VideoFrame, longest: int) -> Tensor:
    """A frame as floats (3, h, w), turned as the film asks for, both sizes even."""
    height, width = (max(2, side // 2 * 2) for side in fit((frame.height, frame.width), longest))
    pixels = frame.to_ndarray(format="rgb24", width=width, height=height)  # (h, w, 3) uint8
    turned = torch.from_numpy(pixels).rot90(round(frame.rotation / 90) % 4)
    return turned.permute(2, 0, 1).float() / 255


def open_film(path: Path, name: str) -> Film:
    """Look at a film's head. Raises dllab.InputError for a file that is no film."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise dllab.InputError(f"{name} holds no moving pictures")
            stream = container.streams.video[0]
            fps = float(stream.average_rate or USUAL_FPS)
            return Film(path, name, fps, stream.frames, bool(container.streams.audio))
    except av.FFmpegError as error:
        raise dllab.InputError(
            f"{name} is no film that can be read ({error.strerror}); give MP4, WebM, MOV or GIF"
        ) from error
