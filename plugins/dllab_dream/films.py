"""Films: read frame by frame, written until somebody stops, and kept in brightness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

import dllab

CHECKPOINT_EVERY_S = 5.0
MAX_SIDE = 8192  # px: larger frames are refused before one is decoded


class Statistics(NamedTuple):
    """Mean and deviation of each colour, both (1, 3, 1, 1)."""

    mean: Tensor
    deviation: Tensor

    @classmethod
    def of(cls, pixels: Tensor) -> Statistics:
        """Those of pixels (1, 3, H, W)."""
        return cls(pixels.mean(dim=(2, 3), keepdim=True), pixels.std(dim=(2, 3), keepdim=True))

    def pin(self, pixels: Tensor) -> Tensor:
        """The pixels with these statistics instead of their own, but for what lies beyond black and white."""
        for _ in range(2):  # cutting off at the ends shifts the mean a little
            own = Statistics.of(pixels)
            pixels = ((pixels - own.mean) / (own.deviation + 1e-6) * self.deviation + self.mean).clamp(0, 1)
        return pixels


class Reel:
    """The frames of a film so far, as JPEGs of high quality, which a checkpoint keeps for going on."""

    def __init__(self, kept: Sequence[Tensor] = ()) -> None:
        """kept: the `codes` of a checkpoint."""
        self.codes = list(kept)  # each uint8 (bytes,)

    def add(self, frame: Tensor) -> None:
        """Take a frame (3, H, W) in [0, 1]."""
        from PIL import Image

        pixels = (frame.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=95, subsampling=0)
        self.codes.append(torch.frombuffer(bytearray(file.getvalue()), dtype=torch.uint8))

    def frames(self) -> Iterator[Tensor]:
        """The frames that a checkpoint kept, (3, H, W) in [0, 1]."""
        from PIL import Image

        for code in list(self.codes):
            with Image.open(BytesIO(code.numpy().tobytes())) as picture:
                pixels = torch.from_numpy(np.array(picture.convert("RGB")))
            yield pixels.permute(2, 0, 1).float() / 255

    @property
    def checkpoint_every_s(self) -> float:
        """Seconds between checkpoints, the longer the more there is to write."""
        return CHECKPOINT_EVERY_S * max(1.0, sum(map(len, self.codes)) / 5e6)


def film_until_stopped(run: dllab.Run, name: str, frames: Iterator[Tensor], fps: float) -> Tensor:
    """Save frames (3, H, W) as a film, and return the last; when cancelled, save what there is, and raise."""
    stopped: list[dllab.Cancelled] = []
    last: list[Tensor] = []

    def until_stopped() -> Iterator[Tensor]:
        try:
            for frame in frames:
                last[:] = [frame]
                yield frame
        except dllab.Cancelled as error:
            stopped.append(error)
            if not last:
                raise

    run.save_video(name, until_stopped(), fps=fps)
    if stopped:
        raise stopped[0]
    return last[-1]


class Clip(NamedTuple):
    """What a film is: frames a second, their number (0 where the file does not say), and height and width."""

    fps: float
    frames: int
    height: int
    width: int
    has_sound: bool


def open_clip(path: Path, name: str) -> Clip:
    """What a film holds. Raises dllab.InputError in one line when it is none, or none that can be decoded."""
    import av

    if path.stat().st_size == 0:
        raise dllab.InputError(f"{name} is empty; give a film such as an .mp4")
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise dllab.InputError(f"{name} holds no moving pictures; give a film such as an .mp4")
            stream = container.streams.video[0]
            fps = float(stream.average_rate or stream.guessed_rate or 25)
            clip = Clip(fps, stream.frames, stream.height, stream.width, bool(container.streams.audio))
    except av.FFmpegError as error:
        raise dllab.InputError(
            f"{name} cannot be read as a film ({fault(error)}); give an .mp4 or .webm"
        ) from error
    if not (0 < clip.height <= MAX_SIDE and 0 < clip.width <= MAX_SIDE):
        raise dllab.InputError(
            f"{name} has frames of {clip.width} x {clip.height} px; up to {MAX_SIDE} px each way can be read"
        )
    return clip


def fault(error: Exception) -> str:
    """What ffmpeg says, in a few words."""
    return str(getattr(error, "strerror", "") or type(error).__name__)


def read_frames(path: Path, name: str, first: int, count: int) -> Iterator[np.ndarray]:
    """Frames as uint8 (3, H, W), upright, from number `first` on, `count` at most (0: to the end).

    Raises dllab.InputError when the film breaks off with a fault before its first frame.
    """
    import av

    number = -1
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                number += 1
                if number < first:
                    continue
                if count and number >= first + count:
                    return
                quarter_turns = round(getattr(frame, "rotation", 0) / 90)
                pixels = np.rot90(frame.to_ndarray(format="rgb24"), quarter_turns)
                yield np.ascontiguousarray(pixels.transpose(2, 0, 1))
    except av.FFmpegError as error:
        if number < first:
            raise dllab.InputError(f"{name} cannot be decoded ({fault(error)}); give another film") from error


def camera_move(pixels: Tensor, frames: int, height: int, width: int) -> Iterator[np.ndarray]:
    """A slow move over a still picture (1, 3, H, W), for want of a film: uint8 (3, height, width)."""
    from torch.nn import functional

    for number in range(frames):
        at = number / max(1, frames - 1)  # 0 to 1
        zoom, shift = 0.8 - 0.1 * at, 0.3 * (at - 0.5)
        theta = pixels.new_tensor([[zoom, 0.0, 0.6 * shift], [0.0, zoom, 0.3 * shift]])[None]
        grid = functional.affine_grid(theta, [1, 3, height, width], align_corners=False)
        frame = functional.grid_sample(
            pixels, grid, mode="bicubic", padding_mode="reflection", align_corners=False
        )
        yield (frame[0].clamp(0, 1) * 255).round().byte().cpu().numpy()
