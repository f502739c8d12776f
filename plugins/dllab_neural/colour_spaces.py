"""The same picture in RGB and in HSV: where red is easy to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class ColourSpacesParams(dllab.Params):
    image: dllab.Input = dllab.input(
        "image", default="sample:coffee", help="picture in which red is looked for"
    )
    size: int = dllab.param(400, ge=16, le=2000, unit="px", help="longest side that is worked on")
    hue: float = dllab.param(
        0.0, ge=0, le=360, unit="deg", help="the colour that is looked for: 0 is red, 120 green, 240 blue"
    )
    width: float = dllab.param(20.0, gt=0, le=180, unit="deg", help="how far from that hue still counts")
    shadow: float = dllab.param(0.5, gt=0.05, le=1, help="brightness in the shadow of the last row")


@dllab.experiment(
    "colour-spaces",
    topic="course/neural",
    lectures=("3@780:RGB 포맷으로 나타낼 수도 있고, HSV 포맷으로도 인코딩",),
    about=ABOUT["colour-spaces"],
    tiny={"size": 48},
    ko={
        "image": "빨강을 찾을 그림",
        "size": "계산할 긴 변의 길이",
        "hue": "찾을 색상: 0 빨강, 120 초록, 240 파랑",
        "width": "그 색상에서 벗어나도 되는 각도",
        "shadow": "아랫줄 그늘의 밝기",
    },
)
def colour_spaces(run: dllab.Run, params: ColourSpacesParams) -> None:
    """Red by RGB: above 0.5 and 1.6 times the others. By HSV: near the hue, saturation above 0.45."""
    import colorsys

    import numpy as np

    pixels = np.asarray(run.load_image(params.image).pixels, dtype=np.float64)
    jump = max(-(-max(pixels.shape[1:]) // params.size), 1)
    pixels = pixels[:, ::jump, ::jump]
    dark = pixels * params.shadow
    masks = {
        (name, light): find(one, params)
        for light, image in (("light", pixels), ("shadow", dark))
        for name, find, one in (("RGB", by_rgb, image), ("HSV", by_hsv, image))
    }
    shares = {f"{name} {light}": float(mask.mean()) for (name, light), mask in masks.items()}
    run.log(0, **{key.replace(" ", "_").lower(): value for key, value in shares.items()})
    _draw(run, pixels, dark, masks)
    run.save_json("shares.json", shares)
    some = pixels.reshape(3, -1)[:, :: max(pixels[0].size // 500, 1)]
    known = np.array([colorsys.rgb_to_hsv(*one) for one in some.T]).T
    apart = np.abs(to_hsv(some) - known)
    apart[0] = np.minimum(apart[0], 1 - apart[0])
    run.check(
        "HSV against Python's colorsys, largest difference",
        got=float(apart.max()),
        at_most=1e-9,
        source="colorsys.rgb_to_hsv, an implementation of its own, on 500 pixels",
        ko="HSV와 파이썬 colorsys의 최대 차이",
    )
    named = np.array([(1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 1)], dtype=float).T
    run.check(
        "hues of the six pure colours, largest error",
        got=float(np.abs(to_hsv(named)[0] * 360 - np.arange(0, 360, 60)).max()),
        at_most=1e-9,
        source="by definition: red 0°, yellow 60°, green 120°, cyan 180°, blue 240°, magenta 300°",
        ko="여섯 순색의 색상, 최대 오차",
    )
    clear = (pixels.max(axis=0) - pixels.min(axis=0)) > 1e-3
    bright, shade = to_hsv(pixels)[:, clear], to_hsv(dark)[:, clear]
    moved = np.abs(bright[:2] - shade[:2])
    moved[0] = np.minimum(moved[0], 1 - moved[0])
    run.check(
        "what shadow changes in hue and saturation",
        got=float(moved.max()) if clear.any() else 0.0,
        at_most=1e-6,
        source="closed form: both are ratios, and a factor on all three channels cancels",
        ko="그늘에서 변하는 색상과 채도",
    )
    changed = {name: float((masks[name, "light"] != masks[name, "shadow"]).mean()) for name in ("RGB", "HSV")}
    run.check(
        "pixels that HSV loses in the shadow, over those that RGB loses",
        got=changed["HSV"] - changed["RGB"],
        at_most=1e-12,
        source="the rule by HSV looks at ratios only; difference of the shares",
        ko="그늘에서 놓치는 픽셀: HSV와 RGB의 차이",
    )


def to_hsv(rgb: np.ndarray) -> np.ndarray:
    """Hue, saturation and value (3, ...) in [0, 1] of red, green and blue (3, ...). Source: Smith 1978."""
    import numpy as np

    red, green, blue = rgb
    value = rgb.max(axis=0)
    spread = value - rgb.min(axis=0)
    safe = np.where(spread > 0, spread, 1)
    hue = np.select(
        [spread == 0, value == red, value == green],
        [0, (green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    return np.stack([hue / 6, spread / np.where(value > 0, value, 1), value])


def by_rgb(pixels: np.ndarray, params: ColourSpacesParams) -> np.ndarray:
    """Whether the channel nearest to the hue is above a half and well above both others, (h, w)."""
    import numpy as np

    channel = round(params.hue / 120) % 3
    others = np.delete(pixels, channel, axis=0).max(axis=0)
    return (pixels[channel] > 0.5) & (pixels[channel] > 1.6 * others)


def by_hsv(pixels: np.ndarray, params: ColourSpacesParams) -> np.ndarray:
    """Whether the hue is near and the colour is strong, (h, w)."""
    import numpy as np

    hue, saturation, _ = to_hsv(pixels)
    distance = np.abs((hue * 360 - params.hue + 180) % 360 - 180)
    return (distance <= params.width) & (saturation > 0.45)


def _draw(run: dllab.Run, pixels: np.ndarray, dark: np.ndarray, masks: dict) -> None:
    """The picture, hue and saturation; then what each rule finds, in the light and in the shadow."""
    import numpy as np
    from matplotlib.colors import hsv_to_rgb

    figure, panels = dllab.new_figure(3, 3, size=(10.4, 7.6))
    for axes in panels.flat:
        axes.set_axis_off()
    hue, saturation, _ = to_hsv(pixels)
    wheel = hsv_to_rgb(np.stack([hue, np.where(saturation > 0.08, 1.0, 0.0), np.ones_like(hue)], axis=-1))
    titles = (
        run.words("the picture", "원본"),
        run.words("H: hue", "H: 색상"),
        run.words("S: saturation", "S: 채도"),
    )
    for axes, image, title in zip(
        panels[0], (pixels.transpose(1, 2, 0), wheel, saturation), titles, strict=True
    ):
        axes.imshow(image, cmap="gray", vmin=0, vmax=1)
        axes.set_title(title, loc="left")
    for row, light, image in ((1, "light", pixels), (2, "shadow", dark)):
        panels[row, 0].imshow(image.transpose(1, 2, 0))
        panels[row, 0].set_title(
            run.words("in the light", "밝은 곳") if row == 1 else run.words("in the shadow", "그늘"),
            loc="left",
        )
        for axes, name in zip(panels[row, 1:], ("RGB", "HSV"), strict=True):
            mask = masks[name, light]
            grey = 0.75 + 0.25 * np.repeat(image.mean(axis=0)[..., None], 3, axis=2)
            axes.imshow(np.where(mask[..., None], image.transpose(1, 2, 0), grey))
            axes.set_title(
                run.words(f"found by {name}: {mask.mean():.1%}", f"{name}로 찾음: {mask.mean():.1%}"),
                loc="left",
            )
    run.save_figure("red.png", figure)
