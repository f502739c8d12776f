"""Cells that answer to bars of one slant, as in the cat's visual cortex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class VisualCortexParams(dllab.Params):
    cells: int = dllab.param(8, ge=2, le=12, help="cells, of slants evenly from 0° to 180°")
    size: int = dllab.param(41, ge=15, le=101, unit="px", help="side of the field that a cell sees")
    wavelength: float = dllab.param(10.0, ge=3, le=40, unit="px", help="from bright stripe to bright stripe")
    bar: float = dllab.param(4.0, ge=1, le=20, unit="px", help="width of the bar of light")
    frames: int = dllab.param(18, ge=2, le=60, help="frames of the film")


@dllab.experiment(
    "visual-cortex",
    topic="course/neural",
    lectures=(
        "1@3180:고양이 시각 피질 반응 연구",
        "1@3190:다양한 패턴에 따라 뉴런이 반응하는 정도가 서로 다르다",
    ),
    about=ABOUT["visual-cortex"],
    tiny={"frames": 2, "cells": 4},
    ko={
        "cells": "세포 수 (기울기는 0°~180°를 고르게 나눔)",
        "size": "세포가 보는 자리의 한 변",
        "wavelength": "밝은 줄 사이의 거리",
        "bar": "빛 막대의 너비",
        "frames": "영화의 장면 수",
    },
)
def visual_cortex(run: dllab.Run, params: VisualCortexParams) -> None:
    """A cell is a Gabor filter; its answer to a bar is the dot product, cut off at 0."""
    import numpy as np

    slants = np.arange(params.cells) * 180 / params.cells
    fields = np.stack([gabor(params.size, slant, params.wavelength) for slant in slants])
    angles = np.arange(0, 180, 1.5)
    bars = np.stack([light_bar(params.size, angle, params.bar) for angle in angles])
    answers = np.maximum(np.einsum("cij,aij->ca", fields, bars), 0)  # (cells, angles)
    best = angles[answers.argmax(axis=1)]
    for i, angle in enumerate(best):
        run.log(i, slant=float(slants[i]), best=float(angle))
    _draw(run, params, slants, fields, angles, answers)
    run.save_table(
        "tuning.csv",
        {"angle": angles, **{f"cell {slant:g}": one for slant, one in zip(slants, answers, strict=True)}},
    )
    apart = np.abs((best - slants + 90) % 180 - 90)
    run.check(
        "largest distance of a cell's best angle from its own",
        got=float(apart.max()),
        at_most=1.5,
        source="Hubel and Wiesel 1959: a cell answers most to a bar of its own slant",
        ko="세포의 최적 각도와 제 각도의 최대 차이",
    )
    sums = np.abs(fields.sum(axis=(1, 2))) / np.abs(fields).sum(axis=(1, 2))
    run.check(
        "answer to even light",
        got=float(sums.max()),
        at_most=1e-9,
        source="by construction: bright and dark parts weigh the same",
        ko="고른 빛에 대한 반응",
    )
    turned = gabor(params.size, 90.0, params.wavelength)
    run.check(
        "a cell of 90° against one of 0° turned round",
        got=float(np.abs(turned - np.rot90(gabor(params.size, 0.0, params.wavelength))).max()),
        at_most=1e-9,
        source="by symmetry: the same filter on its side",
        ko="90° 세포와 돌린 0° 세포의 차이",
    )
    at_own, across = answers[0, 0], answers[0, np.abs(angles - 90).argmin()]
    run.check(
        "answer to a bar across over that to a bar along",
        got=float(across / at_own),
        at_most=0.5,
        source="Hubel and Wiesel 1959: hardly any answer at right angles",
        ko="막대에 대한 반응: 나란할 때 대비 직각일 때",
    )
    direct = sum(fields[0, i, j] * bars[0, i, j] for i in range(params.size) for j in range(params.size))
    run.check(
        "first answer against plain loops",
        got=float(answers[0, 0]),
        expected=float(max(direct, 0)),
        abs=1e-9,
        source="number by number",
        ko="첫 반응과 단순 반복문",
    )


def gabor(size: int, slant_deg: float, wavelength: float) -> np.ndarray:
    """A field (size, size) of stripes along the slant (0: upright), under a bell, that sums to zero.

    Source: Daugman 1985, here with a round bell and the bright stripe in the middle.
    """
    import numpy as np

    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    turn = np.deg2rad(slant_deg)
    across = x * np.cos(turn) + y * np.sin(turn)
    bell = np.exp(-(x**2 + y**2) / (2 * (0.45 * wavelength) ** 2))
    waves = np.cos(2 * np.pi * across / wavelength)
    field = bell * (waves - (bell * waves).sum() / bell.sum())
    return field / np.abs(field).sum()


def light_bar(size: int, angle_deg: float, width: float) -> np.ndarray:
    """A bar of light through the middle, (size, size) in [0, 1]; 0°: upright."""
    import numpy as np

    y, x = np.mgrid[:size, :size] - (size - 1) / 2
    turn = np.deg2rad(angle_deg)
    across = np.abs(x * np.cos(turn) + y * np.sin(turn))
    along = np.abs(-x * np.sin(turn) + y * np.cos(turn))
    soft = np.clip(width / 2 + 0.5 - across, 0, 1)
    return soft * np.clip(0.42 * size - along, 0, 1)


def _draw(
    run: dllab.Run,
    params: VisualCortexParams,
    slants: np.ndarray,
    fields: np.ndarray,
    angles: np.ndarray,
    answers: np.ndarray,
) -> None:
    """The bar turns, the cells light up; below, how each answers to every angle."""
    import numpy as np

    from dllab_neural.drawing import INK, frame, wipe

    count = len(slants)
    shades = [dllab.COLOURS[i % len(dllab.COLOURS)] for i in range(count)]
    figure, panels = dllab.new_figure(
        2, count + 1, size=(1.25 * (count + 1) + 0.6, 4.9), height_ratios=(1, 1.9)
    )
    tuning = figure.add_subplot(panels[0, 0].get_gridspec()[1, :])
    for axes in panels[1]:
        axes.remove()
    for axes in panels[0]:
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
    for side in ("top", "right"):
        tuning.spines[side].set_visible(False)
    for i in range(count):
        tuning.plot(angles, answers[i], color=shades[i], linewidth=2, gid="stays")
        panels[0, i + 1].imshow(fields[i], cmap="gray", gid="stays")
        panels[0, i + 1].set_title(f"{slants[i]:g}°", loc="left")
    tuning.set(
        xlim=(0, 180),
        ylim=(0, 1.12 * answers.max()),
        xlabel=run.words("angle of the bar (°)", "막대의 각도 (°)"),
        ylabel=run.words("answer", "반응"),
    )
    frames = []
    for angle in np.linspace(0, 180, params.frames, endpoint=False):
        wipe(*panels[0], tuning)
        at = int(np.abs(angles - angle).argmin())
        panels[0, 0].imshow(light_bar(params.size, angle, params.bar), cmap="gray")
        panels[0, 0].set_title(run.words("light", "빛"), loc="left")
        tuning.axvline(angle, color=INK, linewidth=1)
        tuning.scatter([angles[at]] * count, answers[:, at], s=46, color=shades, edgecolors="white", zorder=4)
        for i in range(count):
            share = answers[i, at] / answers.max()
            panels[0, i + 1].set_xlabel(
                f"{share:.0%}", color=shades[i], weight="bold" if share > 0.6 else "normal"
            )
            for edge in panels[0, i + 1].spines.values():
                edge.set(visible=True, color=shades[i], linewidth=0.5 + 5 * share)
        frames.append(frame(figure))
    run.save_figure("cells.png", figure)
    run.save_video("cells.gif", frames, fps=6)
