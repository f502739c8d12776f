"""Open anybody's picture safely, upright, and in sRGB; write ours."""

from __future__ import annotations

import io
import math
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dllab.errors import InputError, ShapeError, UsageError
from dllab.texts import text

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

# The formats that Pillow decodes itself, in process; EPS, for one, would call Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "TGA", "ICO")
MAX_MEGAPIXELS = 40.0
BOMB_MEGAPIXELS = 178  # above this Pillow itself opens nothing
WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


@dataclass(frozen=True)
class Picture:
    """pixels: float32 (3, H, W) in [0, 1], sRGB; alpha: float32 (H, W) in [0, 1] or None.

    notes: what had to be done to it that the user should know (first frame of many, …).
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    name: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def height(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[2])


def max_megapixels() -> float:
    """The largest picture that is opened, in megapixels: DLLAB_MAX_MEGAPIXELS, or 40."""
    raw = os.environ.get("DLLAB_MAX_MEGAPIXELS", "")
    try:
        limit = float(raw) if raw else MAX_MEGAPIXELS
    except ValueError:
        limit = math.nan
    if not (math.isfinite(limit) and limit > 0):
        raise UsageError(text("pictures.bad_limit", value=raw))
    return limit


def load_picture(path: Path, name: str = "") -> Picture:
    """Read a picture: first frame, turned upright by its EXIF tag, colours brought to sRGB.

    The size in the header is checked before anything is decoded. Greyscale, palette, 16-bit, CMYK
    and alpha are understood. Raises InputError with file, fault and remedy.
    """
    from PIL import Image, UnidentifiedImageError

    shown = name or path.name
    limit = max_megapixels()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if path.stat().st_size == 0:
                raise InputError(text("pictures.empty", file=shown))
            with Image.open(path, formats=FORMATS) as image:
                megapixels = image.width * image.height / 1e6
                if megapixels > limit:
                    size = f"{image.width} x {image.height}"
                    raise InputError(text("pictures.too_large", file=shown, size=size, limit=f"{limit:g}"))
                return _decode(image, shown)
        except Image.DecompressionBombError:
            raise InputError(text("pictures.bomb", file=shown, size=BOMB_MEGAPIXELS)) from None
        except UnidentifiedImageError:
            raise InputError(text("pictures.not_a_picture", file=shown)) from None
        except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
            raise InputError(text("pictures.broken", file=shown, fault=_one_line(error))) from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _decode(image: Image.Image, name: str) -> Picture:
    from PIL import ImageOps

    notes = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        key = "pictures.first_page" if image.format == "TIFF" else "pictures.first_frame"
        notes.append(text(key, file=name, frames=frames))
    profile = image.info.get("icc_profile")
    image.load()
    upright = ImageOps.exif_transpose(image)
    colours, alpha = _split_alpha(upright)
    pixels = _to_rgb(colours, profile)
    return Picture(pixels, alpha, name, tuple(notes))


def _split_alpha(image: Image.Image) -> tuple[Image.Image, np.ndarray | None]:
    import numpy as np

    if image.mode.startswith("I") and isinstance(clear := image.info.get("transparency"), int):
        alpha = (np.asarray(image) != clear).astype(np.float32)  # of 16 bits, which RGBA would cut off
        return image, (alpha if alpha.min() < 1 else None)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        alpha = np.asarray(rgba.getchannel("A"), dtype=np.float32) / 255
        return rgba.convert("RGB"), (alpha if alpha.min() < 1 else None)
    return image, None


def _to_rgb(image: Image.Image, profile: bytes | None) -> np.ndarray:
    """Float32 (3, H, W) in [0, 1] from an image of any mode."""
    import numpy as np

    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image).astype(np.float32)  # (H, W)
        if not np.isfinite(grey).all():
            raise ValueError("pixels that are not finite")
        if image.mode.startswith("I;16"):
            scale = 65535.0
        else:  # what white is stands in no file of these modes
            scale = 1.0 if grey.max() <= 1 and image.mode == "F" else 255.0 if grey.max() <= 255 else 65535.0
        grey = np.clip(grey / scale, 0, 1)
        return np.repeat(grey[None], 3, axis=0)
    if profile and image.mode in ("RGB", "L", "CMYK"):
        image = _to_srgb(image, profile)
    values = np.asarray(image.convert("RGB"), dtype=np.float32) / 255  # (H, W, 3)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken or foreign profile is ignored, as browsers do
    return converted if converted is not None else image


def same_pixels(first: Path, second: Path) -> bool:
    """Whether two picture files of ours hold the same pixels, whatever else is in them."""
    from PIL import Image

    with Image.open(first, formats=FORMATS) as one, Image.open(second, formats=FORMATS) as other:
        return (one.mode, one.size) == (other.mode, other.size) and one.tobytes() == other.tobytes()


def as_uint8(image: Any, caller: str) -> np.ndarray:
    """(H, W, C) uint8 with C in 1, 3, 4 from (C, H, W) floats in [0, 1], NumPy or torch.

    Raises ShapeError for another shape and for values that are not finite.
    """
    import numpy as np

    if hasattr(image, "detach"):
        image = image.detach().float().cpu().numpy()
    values = np.asarray(image)
    if values.ndim != 3 or values.shape[0] not in (1, 3, 4) or 0 in values.shape:
        hint = "; for one picture of a batch pass image[0]" if values.ndim == 4 else ""
        if values.ndim == 3 and values.shape[-1] in (1, 3, 4):
            hint = "; for (H, W, 3) pass image.transpose(2, 0, 1)"
        raise ShapeError(f"{caller} needs an image of shape (3, H, W), got {tuple(values.shape)}{hint}")
    if values.dtype == np.uint8:
        return np.ascontiguousarray(values.transpose(1, 2, 0))
    values = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise ShapeError(f"{caller} needs finite values in [0, 1], got NaN or infinity")
    return np.ascontiguousarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8).transpose(1, 2, 0))


def to_image(image: Any, alpha: Any = None, caller: str = "to_image") -> Image.Image:
    """A Pillow image from (C, H, W) floats in [0, 1] and, for RGB, an alpha of (H, W)."""
    import numpy as np
    from PIL import Image

    values = as_uint8(image, caller)
    if alpha is not None:
        opacity = as_uint8(np.asarray(alpha)[None], caller)
        if values.shape[2] != 3 or opacity.shape[:2] != values.shape[:2]:
            raise ShapeError(
                f"{caller} needs RGB and an alpha of its size, got {values.shape} and {opacity.shape}"
            )
        values = np.concatenate([values, opacity], axis=2)
    return Image.fromarray(values[:, :, 0] if values.shape[2] == 1 else values)


def write_picture(file: IO[bytes], suffix: str, image: Image.Image, recipe: str | None) -> None:
    """Write PNG (with the recipe as a text chunk), JPEG or WebP. Raises ValueError for another suffix."""
    from PIL import PngImagePlugin

    kind = WRITTEN.get(suffix.lower())
    if kind is None:
        raise ValueError(f"save_image writes {', '.join(WRITTEN)}, not '{suffix}'")
    if kind == "PNG":
        chunk = PngImagePlugin.PngInfo()
        if recipe is not None:
            chunk.add_text("dllab", recipe)
        image.save(file, "PNG", pnginfo=chunk, compress_level=6)
    elif kind == "JPEG":
        image.convert("RGB").save(file, "JPEG", quality=95, subsampling=0)
    else:
        image.save(file, "WEBP", lossless=True)
