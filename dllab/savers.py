"""Write what a run leaves, each format to the same bytes for the same content."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dllab.errors import ShapeError
from dllab.pictures import as_uint8

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".wav": "audio/wav",
    ".mid": "audio/midi",
    ".csv": "text/csv",
    ".json": "application/json",
    ".txt": "text/plain",
    ".html": "text/html",
    ".safetensors": "application/x-safetensors",
    ".npz": "application/x-npz",
    ".md": "text/markdown",
}


def media_type(name: str) -> str:
    """The media type of a file by its suffix; application/octet-stream where it is unknown."""
    return MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def write_audio(file: IO[bytes], samples: Any, sample_rate_hz: int) -> None:
    """16-bit PCM WAV from floats in [-1, 1] of shape (n,) or (channels, n). Raises ShapeError otherwise."""
    import wave

    import numpy as np

    if hasattr(samples, "detach"):
        samples = samples.detach().float().cpu().numpy()
    values = np.asarray(samples, dtype=np.float64)
    if values.ndim == 1:
        values = values[None]
    if values.ndim != 2 or values.shape[0] > 8 or not np.isfinite(values).all():
        raise ShapeError(
            f"save_audio needs finite samples of shape (n,) or (channels, n), got {values.shape}"
        )
    pcm = np.round(np.clip(values, -1, 1) * 32767).astype("<i2")
    with wave.open(file, "wb") as writer:
        writer.setnchannels(values.shape[0])
        writer.setsampwidth(2)
        writer.setframerate(int(sample_rate_hz))
        writer.writeframes(np.ascontiguousarray(pcm.T).tobytes())


def write_table(file: IO[str], rows: Iterable[Mapping[str, Any]] | Mapping[str, Sequence[Any]]) -> None:
    """CSV from a sequence of rows or from a mapping of columns, all with the same keys or length.

    Floats are written so that they read back equal. Raises ShapeError when the rows disagree.
    """
    if isinstance(rows, Mapping):
        columns = {name: list(values) for name, values in rows.items()}
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ShapeError(f"save_table needs columns of one length, got {lengths}")
        records = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        names = list(columns)
    else:
        records = [dict(row) for row in rows]
        names = list(records[0]) if records else []
    for number, record in enumerate(records):
        if list(record) != names:
            raise ShapeError(f"save_table: row {number} has columns {list(record)}, the first has {names}")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(record[name]) for name in names] for record in records)


def _cell(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    return repr(plain) if isinstance(plain, float) else plain


def plain_json(value: Any) -> Any:
    """The value with NumPy and torch numbers and arrays turned into plain ones, for JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_json(entry) for entry in value]
    if hasattr(value, "tolist"):
        return plain_json(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Path):
        return value.name
    return value


def write_json(file: IO[str], value: Any) -> None:
    """Indented JSON; numbers that are not finite become null."""
    json.dump(plain_json(value), file, indent=2, ensure_ascii=False, allow_nan=False)
    file.write("\n")


def write_figure(file: IO[bytes], figure: Figure, suffix: str, recipe: str | None) -> None:
    """PNG or SVG of a Matplotlib figure without dates or versions. Raises ValueError for another suffix."""
    import matplotlib

    if suffix == ".png":
        metadata: dict[str, Any] = {"Software": None}
        if recipe is not None:
            metadata["dllab"] = recipe
        figure.savefig(file, format="png", metadata=metadata)
    elif suffix == ".svg":
        with matplotlib.rc_context({"svg.hashsalt": "dllab"}):
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": "dllab"})
    else:
        raise ValueError(f"save_figure writes .png and .svg, not '{suffix}'")


def write_model(file: IO[bytes], state: Mapping[str, Any], metadata: Mapping[str, str]) -> None:
    """Safetensors from a mapping of names to tensors, with string metadata; equal ones give equal bytes."""
    from safetensors.torch import save

    tensors = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in state.items()}
    content = save(tensors, metadata=dict(metadata))
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    if "__metadata__" in header:  # the library writes it in another order each time
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    ordered = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    ordered += b" " * (-len(ordered) % 8)  # as the format wants: the tensors begin at a multiple of 8
    file.write(len(ordered).to_bytes(8, "little") + ordered)
    file.write(memoryview(content)[8 + size :])


def write_video(file: IO[bytes], suffix: str, frames: Iterable[Any], fps: float) -> int:
    """MP4 (H.264), WebM (VP9) or GIF from frames of shape (3, H, W) in [0, 1]; returns their number.

    Frames are taken one by one and never kept. Odd sizes lose their last row or column in MP4 and
    WebM. One encoder thread and no dates: the same frames give the same bytes.
    """
    if suffix == ".gif":
        return _write_gif(file, frames, fps)
    # no-mbtree: x264's estimate of what later frames take up reads memory that it has not set, as valgrind
    # shows; equal frames would not always be equal bytes
    x264 = {"crf": "18", "preset": "medium", "x264-params": "no-mbtree=1"}
    codecs = {
        ".mp4": ("mp4", "libx264", x264),
        ".webm": ("webm", "vp9", {"crf": "30"}),
    }
    if suffix not in codecs:
        raise ValueError(f"save_video writes .mp4, .webm and .gif, not '{suffix}'")
    from fractions import Fraction

    import av

    container_format, codec, options = codecs[suffix]
    count = 0
    with av.open(file, "w", format=container_format, options={"fflags": "+bitexact"}) as container:
        stream: Any = None
        for frame in frames:
            values = as_uint8(frame, "save_video")[:, :, :3]
            height, width = values.shape[0] // 2 * 2, values.shape[1] // 2 * 2
            if stream is None:
                stream = container.add_stream(
                    codec, rate=Fraction(fps).limit_denominator(1001), options=options
                )
                stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
                stream.codec_context.thread_count = 1
                stream.codec_context.flags |= av.codec.context.Flags.bitexact
            _check_frame(values, stream, count)
            picture = av.VideoFrame.from_ndarray(_contiguous(values[:height, :width]), format="rgb24")
            container.mux(stream.encode(picture))
            count += 1
        if stream is None:
            raise ShapeError("save_video needs at least one frame")
        container.mux(stream.encode())
    return count


def _contiguous(values: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.ascontiguousarray(values)


def _check_frame(values: np.ndarray, stream: Any, count: int) -> None:
    if (values.shape[0] // 2 * 2, values.shape[1] // 2 * 2) != (stream.height, stream.width):
        raise ShapeError(
            f"save_video: frame {count} is {values.shape[1]} x {values.shape[0]}, "
            f"the first was {stream.width} x {stream.height}"
        )


def _write_gif(file: IO[bytes], frames: Iterable[Any], fps: float) -> int:
    from PIL import Image

    images = [Image.fromarray(as_uint8(frame, "save_video")[:, :, :3]) for frame in frames]
    if not images:
        raise ShapeError("save_video needs at least one frame")
    palettes = [image.quantize(colors=256, dither=Image.Dither.FLOYDSTEINBERG) for image in images]
    duration_ms = max(20, round(1000 / fps))
    palettes[0].save(file, "GIF", save_all=True, append_images=palettes[1:], duration=duration_ms, loop=0)
    return len(images)
