"""A filter slides over a picture: one dot product for each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

KERNELS = {
    "blur": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "edges": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "upright": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "level": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "slant": ((0, 1, 2), (-1, 0, 1), (-2, -1, 0)),
}
TITLES = {
    "blur": "흐림",
    "sharpen": "선명",
    "edges": "윤곽",
    "upright": "세로 윤곽",
    "level": "가로 윤곽",
    "slant": "사선 윤곽",
}
SMALL = (
    (0, 0, 0, 0, 0, 0),
    (0, 9, 9, 9, 0, 0),
    (0, 0, 0, 9, 0, 0),
    (0, 0, 9, 0, 0, 0),
    (0, 9, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0),
)


class FiltersParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture of your own")
    kernel: tuple[float, ...] = dllab.param((), help="a filter of your own, row by row: 9 or 25 numbers")
    film: Literal["edges", "upright", "level", "slant", "blur", "sharpen"] = dllab.param(
        "upright", help="filter that slides in the film"
    )
    size: int = dllab.param(320, ge=32, le=1024, unit="px", help="longest side that is worked on")
    frames: int = dllab.param(16, ge=1, le=16, help="places of the film, of the 16")
    stride: int = dllab.param(1, ge=1, le=8, help="places that the filter jumps")


@dllab.experiment(
    "filters",
    topic="course/neural",
    lectures=(
        "1@3280:하나의 필터는 이미지에 대하여 슬라이딩",
        "1@3350:CNN의 필터(Filter)",
        "1@3420:내적(dot product)을 계산",
        "1@3440:6개의 개별적인 필터",
        "4@3530:합성곱은 특정 패턴이 있는지 필터를 통과하며 확인함",
    ),
    about=ABOUT["filters"],
    tiny={"size": 48, "stride": 4, "frames": 1},
    ko={
        "image": "내 그림",
        "kernel": "내 필터: 수 9개 또는 25개 (줄 순서)",
        "film": "영화에서 미끄러질 필터",
        "size": "계산할 긴 변의 길이",
        "stride": "필터가 건너뛰는 칸 수",
        "frames": "영화에 나올 자리 수 (16 가운데)",
    },
)
def filters(run: dllab.Run, params: FiltersParams) -> None:
    """Grey picture, no padding; filters as networks apply them, without turning them round."""
    import numpy as np
    from scipy.ndimage import zoom
    from scipy.signal import correlate2d

    grey = run.load_image(params.image).pixels.mean(axis=0)
    scale = params.size / max(grey.shape)
    grey = zoom(grey, min(scale, 1.0), order=1) if scale < 1 else grey
    kernels = {name: np.array(kernel, dtype=float) for name, kernel in KERNELS.items()}
    kernels["blur"] /= 9
    if params.kernel:
        if len(params.kernel) not in (9, 25):
            raise dllab.UsageError(
                f"--kernel has {len(params.kernel)} numbers; a filter has 9 (3 x 3) or 25 (5 x 5)"
            )
        kernels["own"] = np.array(params.kernel).reshape(2 * [round(len(params.kernel) ** 0.5)])
    if min(grey.shape) < max(len(kernel) for kernel in kernels.values()):
        raise dllab.InputError(
            f"'{params.image.name}' is smaller than the filter at this size; take a larger one"
        )
    maps = {name: slide(grey, kernel, params.stride) for name, kernel in kernels.items()}
    run.log(0, **{name: float(np.abs(one).mean()) for name, one in maps.items()})
    _draw(run, grey, kernels, maps)
    _film(run, kernels[params.film], params.frames)
    run.save_json(
        "filters.json",
        {name: {"kernel": kernels[name], "mean_answer": float(one.mean())} for name, one in maps.items()},
    )
    for name, kernel in kernels.items():
        whole = correlate2d(grey, kernel, mode="valid")[:: params.stride, :: params.stride]
        run.check(
            f"{name} against scipy's correlation, largest difference",
            got=float(np.abs(whole - maps[name]).max()),
            at_most=1e-4,
            source="scipy.signal.correlate2d, an implementation of its own",
            ko=f"{TITLES.get(name, '내 필터')}: scipy 교차 상관과의 최대 차이",
        )
    small = np.array(SMALL, dtype=float)
    places = [(y, x) for y in range(4) for x in range(4)]
    by_hand = np.array(
        [
            sum(KERNELS["upright"][i][j] * small[y + i, x + j] for i in range(3) for j in range(3))
            for y, x in places
        ]
    )
    run.check(
        "the film's 16 dot products against plain loops",
        got=float(np.abs(slide(small, kernels["upright"], 1).ravel() - by_hand).max()),
        expected=0,
        abs=1e-12,
        source="the slide's dot product, number by number",
        ko="영화의 내적 16개와 단순 반복문의 최대 차이",
    )
    run.check(
        "first number of the film's map",
        got=float(slide(small, kernels["upright"], 1)[0, 0]),
        expected=18,
        source="by hand: 2 · 9 + 1 · 0 in the right column, 0 in the left, of the drawn 7",
        ko="영화에 나온 특징 맵의 첫 수",
    )
    high, wide = maps["edges"].shape
    run.check(
        "places of the filter",
        got=high * wide,
        source="the slide's formula: (n - 3) / stride + 1, rounded down, along each side",
        expected=((grey.shape[0] - 3) // params.stride + 1) * ((grey.shape[1] - 3) // params.stride + 1),
        ko="필터가 놓이는 자리 수",
    )
    run.check(
        "edges of an even grey",
        got=float(np.abs(slide(np.full((8, 8), 0.7), kernels["edges"], 1)).max()),
        at_most=1e-12,
        source="by hand: the weights sum to 0",
        ko="고른 회색의 윤곽",
    )


def slide(picture: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The dot product of a kernel (k, k) with each place of a picture (h, w), at every stride-th."""
    import numpy as np

    windows = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)[
        ::stride, ::stride
    ]  # (h', w', k, k)
    return np.einsum("hwij,ij->hw", windows, kernel)


def _draw(
    run: dllab.Run, grey: np.ndarray, kernels: dict[str, np.ndarray], maps: dict[str, np.ndarray]
) -> None:
    """The picture and its feature maps, each with its filter in the corner."""
    import numpy as np

    columns = 4
    figure, panels = dllab.new_figure(2, columns, size=(12.4, 4.9))
    for axes in panels.flat:
        axes.set_axis_off()
    panels[0, 0].imshow(grey, cmap="gray", vmin=0, vmax=1)
    panels[0, 0].set_title(run.words("the picture", "원본"), loc="left")
    for axes, (name, one) in zip(panels.flat[1:], maps.items(), strict=False):
        if kernels[name].sum() > 0.5:
            axes.imshow(one, cmap="gray", vmin=0, vmax=1)
        else:
            reach = float(np.quantile(np.abs(one), 0.99)) or 1.0
            axes.imshow(one, cmap="RdBu", vmin=-reach, vmax=reach)
        axes.set_title(run.words(name, TITLES.get(name, "내 필터")), loc="left")
        kernel = kernels[name]
        inset = axes.inset_axes((0.0, 0.0, 0.26, 0.3))
        inset.imshow(kernel, cmap="RdBu", vmin=-np.abs(kernel).max(), vmax=np.abs(kernel).max())
        inset.set(xticks=[], yticks=[])
        if len(kernel) == 3:
            for (y, x), weight in np.ndenumerate(kernel):
                inset.text(x, y, f"{weight:.2g}".replace("0.11", "1/9"), ha="center", va="center", fontsize=7)
    run.save_figure("filters.png", figure)


def _film(run: dllab.Run, kernel: np.ndarray, count: int) -> None:
    """The filter over a drawn 7 of 6 x 6, and the map that fills place by place."""
    import numpy as np
    from matplotlib.patches import Rectangle

    from dllab_neural.drawing import INK, frame, wipe

    small = np.array(SMALL, dtype=float)
    answers = slide(small, kernel, 1)
    reach = float(np.abs(answers).max())
    figure, (left, right) = dllab.new_figure(1, 2, size=(7.6, 4.2))
    for axes, side in ((left, 6), (right, 4)):
        axes.set(xticks=[], yticks=[], xlim=(-0.5, side - 0.5), ylim=(side - 0.5, -0.5))
        axes.grid(False)
    frames = []
    for k in range(count):
        y, x = divmod(k, 4)
        wipe(left, right)
        left.imshow(small, cmap="gray_r", vmin=0, vmax=36)
        left.add_patch(
            Rectangle((x - 0.5, y - 0.5), 3, 3, facecolor="none", edgecolor=dllab.COLOURS[1], linewidth=3)
        )
        for (i, j), weight in np.ndenumerate(kernel):
            left.text(
                x + j,
                y + i,
                f"{small[y + i, x + j]:.0f}·{weight:.2g}",
                ha="center",
                va="center",
                fontsize=9,
                color=dllab.COLOURS[1],
            )
        shown = np.where(np.arange(16).reshape(4, 4) <= k, answers, np.nan)
        right.imshow(shown, cmap="RdBu", vmin=-reach, vmax=reach)
        for (i, j), value in np.ndenumerate(shown):
            if not np.isnan(value):
                right.text(
                    j,
                    i,
                    f"{value:.3g}",
                    ha="center",
                    va="center",
                    color="white" if abs(value) > 0.7 * reach else INK,
                )
        right.set_title(run.words("feature map", "특징 맵"), loc="left")
        left.set_title(
            run.words(f"sum of nine products: {answers[y, x]:.3g}", f"아홉 곱의 합: {answers[y, x]:.3g}"),
            loc="left",
        )
        frames.append(frame(figure))
    run.save_video("sliding.gif", [*frames, *[frames[-1]] * 4], fps=2)
