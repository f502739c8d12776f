"""Pictures: whatever people hand in becomes upright sRGB, or one line says why not."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dllab.errors import InputError, ShapeError, UsageError
from dllab.pictures import as_uint8, load_picture, to_image, write_picture


def save(tmp_path: Path, image: Image.Image, name: str, **options: object) -> Path:
    path = tmp_path / name
    image.save(path, **options)
    return path


def gradient(width: int = 6, height: int = 4) -> Image.Image:
    values = np.zeros((height, width, 3), dtype=np.uint8)
    values[..., 0] = np.arange(width)[None] * 40
    values[..., 1] = np.arange(height)[:, None] * 60
    return Image.fromarray(values)


def test_pixels_are_channels_first_in_zero_to_one(tmp_path: Path) -> None:
    picture = load_picture(save(tmp_path, gradient(), "a.png"))
    assert picture.pixels.shape == (3, 4, 6)
    assert picture.pixels.dtype == np.float32
    assert picture.pixels[0, 0, 5] == pytest.approx(200 / 255)
    assert picture.alpha is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_comes_out_upright(tmp_path: Path, orientation: int) -> None:
    upright = gradient()
    # The transposition that stores the picture so that the tag turns it back.
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = load_picture(save(tmp_path, stored, "turned.png", exif=exif))
    expected = np.asarray(upright, dtype=np.float32).transpose(2, 0, 1) / 255
    np.testing.assert_array_equal(picture.pixels, expected)


def test_alpha_is_kept_apart_and_opaque_alpha_is_none(tmp_path: Path) -> None:
    half = gradient().convert("RGBA")
    half.putalpha(128)
    assert load_picture(save(tmp_path, half, "half.png")).alpha == pytest.approx(np.full((4, 6), 128 / 255))
    assert load_picture(save(tmp_path, gradient().convert("RGBA"), "opaque.png")).alpha is None


def test_sixteen_bit_grey_keeps_its_range(tmp_path: Path) -> None:
    values = np.array([[0, 32768], [65535, 16384]], dtype=np.uint16)
    picture = load_picture(save(tmp_path, Image.fromarray(values), "deep.png"))
    np.testing.assert_allclose(picture.pixels[1], values / 65535, atol=1e-4)


def test_dark_sixteen_bit_grey_stays_dark_and_its_clear_colour_is_clear(tmp_path: Path) -> None:
    values = np.array([[0, 200], [255, 30]], dtype=np.uint16)
    dark = load_picture(save(tmp_path, Image.fromarray(values), "dark.png"))
    np.testing.assert_allclose(dark.pixels[0], values / 65535, atol=1e-6)
    middle = np.array([[32768, 1000]], dtype=np.uint16)
    partly = load_picture(save(tmp_path, Image.fromarray(middle), "clear.png", transparency=1000))
    assert partly.alpha is not None and partly.alpha.tolist() == [[1.0, 0.0]]
    np.testing.assert_allclose(partly.pixels[0, 0, 0], 0.5, atol=1e-3)


def test_a_file_of_several_pages_gives_its_first(tmp_path: Path) -> None:
    pages = save(tmp_path, gradient(), "pages.tiff", save_all=True, append_images=[gradient()])
    assert load_picture(pages).notes == ("'pages.tiff' has 2 pages: the first is used",)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "YCbCr", "RGBA", "I", "F"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    suffix = "tiff" if mode in ("CMYK", "YCbCr", "F", "I") else "png"
    picture = load_picture(save(tmp_path, gradient().convert(mode), f"a.{suffix}"))
    assert picture.pixels.shape == (3, 4, 6)
    assert picture.pixels.min() >= 0 and picture.pixels.max() <= 1


def test_a_palette_with_transparency_gives_alpha(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putdata([0, 1])
    picture = load_picture(save(tmp_path, image, "p.png", transparency=0))
    assert picture.alpha is not None
    assert picture.alpha.tolist() == [[0.0, 1.0]]


def test_a_foreign_colour_profile_is_brought_to_srgb(tmp_path: Path) -> None:
    from PIL import ImageCms

    lab_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = load_picture(save(tmp_path, gradient(), "icc.png", icc_profile=lab_profile))
    expected = np.asarray(gradient(), dtype=np.float32).transpose(2, 0, 1) / 255
    np.testing.assert_allclose(picture.pixels, expected, atol=2 / 255)
    broken = load_picture(save(tmp_path, gradient(), "broken.png", icc_profile=b"no profile"))
    np.testing.assert_array_equal(broken.pixels, expected)


def test_an_animation_gives_its_first_frame_and_says_so(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (3, 3), colour) for colour in ("red", "blue", "green")]
    picture = load_picture(save(tmp_path, frames[0], "a.gif", save_all=True, append_images=frames[1:]))
    assert picture.pixels[:, 0, 0].tolist() == [1, 0, 0]
    assert "3" in picture.notes[0]


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (8_000, 8_000), (12_000, 10_000)])
def test_a_bomb_is_refused_from_its_header(tmp_path: Path, width: int, height: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_claiming(width, height))
    with pytest.raises(InputError, match=r"bomb\.png.*megapixels"):
        load_picture(path)


def test_the_limit_can_be_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, gradient(100, 100), "a.png")
    monkeypatch.setenv("DLLAB_MAX_MEGAPIXELS", "0.001")
    with pytest.raises(InputError):
        load_picture(path)
    monkeypatch.setenv("DLLAB_MAX_MEGAPIXELS", "0.02")
    assert load_picture(path).width == 100


def test_every_bad_file_is_a_picture_or_one_line(shared_data: Path) -> None:
    good = {"jpeg_named.png", "animated.gif", "one_pixel.png", "extreme_aspect_4000x1.png"}
    for path in sorted((shared_data / "bad").iterdir()):
        if path.name in good:
            load_picture(path)
            continue
        with pytest.raises(InputError) as caught:
            load_picture(path)
        message = str(caught.value)
        assert path.name in message and "\n" not in message and ";" in message


def test_every_photo_opens_upright_at_its_own_size(shared_data: Path) -> None:
    turned = {"n02951585_can_opener.jpg"}
    for path in sorted((shared_data / "photos").rglob("*.*")):
        with Image.open(path) as image:
            size = image.size[::-1] if path.name in turned else image.size
        picture = load_picture(path)
        assert (picture.width, picture.height) == size, path.name
    cat = load_picture(shared_data / "photos" / "cat.png").pixels
    turned_cat = load_picture(shared_data / "photos" / "exif_orientation3_cat.jpg").pixels
    assert np.abs(cat - turned_cat).mean() < 0.03


def test_rounding_is_to_the_nearest_step() -> None:
    values = np.full((3, 1, 1), 0.5, dtype=np.float32)
    assert as_uint8(values, "x").ravel().tolist() == [128, 128, 128]
    assert as_uint8(np.full((1, 1, 1), 1.7), "x").item() == 255


@pytest.mark.parametrize(
    ("shape", "hint"),
    [((1, 3, 4, 4), r"image\[0\]"), ((5, 5, 3), "transpose"), ((2, 4, 4), "got"), ((3, 0, 4), "got")],
)
def test_a_wrong_shape_is_told_with_a_hint(shape: tuple[int, ...], hint: str) -> None:
    with pytest.raises(ShapeError, match=hint):
        to_image(np.zeros(shape), caller="save_image")


def test_nan_is_refused() -> None:
    with pytest.raises(ShapeError, match="finite"):
        to_image(np.full((3, 2, 2), np.nan))


def test_the_same_picture_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_picture(first, ".png", gradient(), "{}")
    write_picture(second, ".png", gradient(), "{}")
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize("limit", ["nan", "inf", "-inf", "-1", "0", "many"])
def test_a_limit_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    path = save(tmp_path, gradient(10, 10), "a.png")
    monkeypatch.setenv("DLLAB_MAX_MEGAPIXELS", limit)
    with pytest.raises(UsageError, match=rf"^DLLAB_MAX_MEGAPIXELS={limit}: must be a number above 0"):
        load_picture(path)
