"""A sheet of what each layer of a net dreams on a picture."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from dllab_dream.dream import Ascent

THUMBNAIL, COLUMNS, OCTAVES, STEPS = 224, 3, 2, 12
GAP, LETTERS = 10, 15  # px
PAPER, INK, SOFT_INK = (252, 251, 248), (30, 30, 34), (110, 108, 104)


def save_layer_sheet(run: dllab.Run, net: Any, pixels: Tensor, how: Ascent) -> None:
    """Dream briefly of each layer, on pixels (3, H, W); leave layers.png and layers.csv."""
    from dllab_dream import dream
    from dllab_dream.targets import LayerTarget

    size = dream.fit(tuple(pixels.shape[1:]), THUMBNAIL)
    photo = dream.resize(net.normalise(pixels[None]), size)
    tiles = [(dream.shown(net, photo), run.words("the picture", "입력 사진"), "")]
    rows = []
    for name in run.progress(net.layer_names, label=run.words("layers", "층")):
        channels, stride = net.channels[name], net.strides[name]
        rows.append({"layer": name, "channels": channels, "stride_px": stride})
        is_default = name == net.dream_layer
        run.message(
            run.words(
                f"{name}: {channels} channels, a place for every {stride} px"
                + ("; the default" if is_default else ""),
                f"{name}: 채널 {channels}개, {stride} px마다 한 자리" + ("; 기본값" if is_default else ""),
            )
        )
        if min(size) < max(dream.LEAST_SIDE, net.least_side((name,))):
            told = run.words(
                f"{name}: the picture is too small to dream of it",
                f"{name}: 그림이 너무 작아 이 층을 꿈꿀 수 없습니다",
            )
            run.message(told, level="warning")
            continue
        generator = run.torch_generator("jitter")
        dreamt = dream.dream_on(
            net, photo, LayerTarget((name,)), how, generator, OCTAVES, 1.4, STEPS, run.autocast
        )
        title = name + (run.words(" (default)", " (기본값)") if is_default else "")
        facts = run.words(
            f"{channels} channels, one per {stride} px", f"채널 {channels}개, {stride} px마다 한 자리"
        )
        tiles.append((dream.shown(net, dreamt), title, facts))
    run.save_table("layers.csv", rows)
    run.save_image("layers.png", _sheet(tiles))
    run.message(
        run.words(
            "layers.png shows what each would dream; choose by --layers NAME",
            "layers.png에서 층마다 무엇을 꿈꾸는지 보고, --layers 이름으로 고르세요",
        )
    )
    run.check("layers", ko="층 수", got=len(rows), expected=len(net.layer_names), source="the net's own list")


def _sheet(tiles: list[tuple[Tensor, str, str]]) -> np.ndarray:
    """Tiles (pixels (3, h, w), title, facts) in rows, as floats (3, H, W) in [0, 1]."""
    import numpy as np
    from PIL import Image, ImageDraw

    height, width = tiles[0][0].shape[1:]
    words = [dllab.picture_font(LETTERS).getlength(title) for _, title, _ in tiles]
    words += [dllab.picture_font(LETTERS - 3).getlength(facts) for _, _, facts in tiles]
    cell_width = max(width, *(ceil(length) for length in words))
    cell_height = height + 2 * LETTERS + 14
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (GAP + COLUMNS * (cell_width + GAP), GAP + rows * (cell_height + GAP)), PAPER)
    pen = ImageDraw.Draw(sheet)
    for i, (pixels, title, facts) in enumerate(tiles):
        row, column = divmod(i, COLUMNS)
        left, top = GAP + column * (cell_width + GAP), GAP + row * (cell_height + GAP)
        picture = (pixels.cpu().numpy().transpose(1, 2, 0) * 255).round().astype(np.uint8)
        sheet.paste(Image.fromarray(np.ascontiguousarray(picture)), (left, top))
        pen.text((left, top + height + 4), title, INK, dllab.picture_font(LETTERS))
        pen.text((left, top + height + LETTERS + 8), facts, SOFT_INK, dllab.picture_font(LETTERS - 3))
    return np.asarray(sheet).transpose(2, 0, 1).astype(np.float32) / 255
