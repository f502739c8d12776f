"""Pictures into a file: a video, an animation, or the last picture alone."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pygame

import dllab
from dllab_play.words import Words

SUFFIXES = (".mp4", ".gif", ".png")
FPS = 30
GIF_EVERY, GIF_WIDTH, GIF_COLOURS = 2, 480, 128  # 15 pictures a second, smaller: an animation stays small


def checked_path(given: str, option: str, words: Words, suffixes: tuple[str, ...] = ()) -> Path:
    """The path of a file to write.

    Raises UsageError for a folder, another suffix, and a folder that is missing or takes no file.
    """
    path = Path(given)
    if path.is_dir():
        raise dllab.UsageError(words("is_folder", option=option, path=given))
    if suffixes and path.suffix.lower() not in suffixes:
        raise dllab.UsageError(words("bad_record", path=given))
    if not path.parent.is_dir():
        raise dllab.UsageError(words("no_folder", option=option, path=given, folder=path.parent))
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise dllab.UsageError(words("cannot_write", path=given, error=error.strerror or error)) from error
    return path


class Film:
    """Writes surfaces to a file that carries its name only when `close` has completed it."""

    def __init__(self, path: Path, words: Words, fps: float = FPS) -> None:
        self.path, self.words, self.fps, self.count = path, words, fps, 0
        self.partial = path.with_name(f".{path.name}.part")
        self._container: Any = None
        self._stream: Any = None
        self._frames: list[Any] = []
        self._last: pygame.Surface | None = None

    def add(self, picture: pygame.Surface) -> None:
        """Take in the next picture. Raises UsageError where the file cannot be written."""
        suffix = self.path.suffix.lower()
        if suffix == ".png":
            self._last = picture.copy()
        elif suffix == ".gif":
            if self.count % GIF_EVERY == 0:
                self._frames.append(_small(picture))
        else:
            self._encode(picture)
        self.count += 1

    def _encode(self, picture: pygame.Surface) -> None:
        import av

        width, height = (side // 2 * 2 for side in picture.get_size())
        try:
            if self._container is None:
                self._container = av.open(
                    str(self.partial), "w", format="mp4", options={"movflags": "faststart"}
                )
                self._stream = self._container.add_stream("libx264", rate=round(self.fps))
                self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
                self._stream.options = {"crf": "20", "preset": "veryfast"}
                self._stream.codec_context.thread_count = 1
            pixels = _pixels(picture)[:height, :width]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            self._container.mux(self._stream.encode(frame))
        except OSError as error:
            self._drop(error)

    def close(self) -> Path | None:
        """Complete the file; returns its path, None where there was no picture. Raises as `add`."""
        if self.count == 0:
            return None
        try:
            if self._container is not None:
                self._container.mux(self._stream.encode())
                self._container.close()
            elif self._frames:
                first, *rest = self._frames
                shown_ms = round(1000 * GIF_EVERY / self.fps)
                first.save(
                    self.partial, format="GIF", save_all=True, append_images=rest, duration=shown_ms, loop=0
                )
            elif self._last is not None:
                pygame.image.save(self._last, str(self.partial), "picture.png")
            self.partial.replace(self.path)
        except (OSError, pygame.error) as error:
            self._drop(error)
        return self.path

    def _drop(self, error: Exception) -> None:
        with suppress(OSError):
            self.partial.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise dllab.UsageError(self.words("cannot_write", path=self.path, error=reason)) from error


def _pixels(picture: pygame.Surface) -> np.ndarray:
    """uint8 (H, W, 3) of a surface."""
    width, height = picture.get_size()
    return np.frombuffer(pygame.image.tobytes(picture, "RGB"), np.uint8).reshape(height, width, 3)


def _small(picture: pygame.Surface) -> Any:
    """A Pillow picture with few colours, for an animation."""
    from PIL import Image

    width, height = picture.get_size()
    if width > GIF_WIDTH:
        picture = pygame.transform.smoothscale(picture, (GIF_WIDTH, round(height * GIF_WIDTH / width)))
    image = Image.fromarray(_pixels(picture))
    return image.quantize(GIF_COLOURS, dither=Image.Dither.NONE)
