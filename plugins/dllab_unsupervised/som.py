"""A self-organising map: colours that find their own places on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_unsupervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

PIXELS = 16  # of a cell's side in the film
FRAMES = 30


class SomParams(dllab.Params):
    side: int = dllab.param(20, ge=4, le=50, help="cells along a side of the sheet")
    steps: int = dllab.param(6000, ge=100, le=100_000, help="colours shown to it, one at a time")
    learning_rate: float = dllab.param(
        0.5, gt=0, le=1, help="share of the way that the winner moves at first"
    )


@dllab.experiment(
    "som",
    topic="course/unsupervised",
    lectures=("0@4692:자기 조직화 지도(Self-Organizing Map, SOM)",),
    about=ABOUT["som"],
    tiny={"side": 10, "steps": 2000},
    ko={
        "side": "지도 한 변의 칸 수",
        "steps": "하나씩 보여 줄 색의 수",
        "learning_rate": "처음에 이긴 칸이 다가가는 비율",
    },
)
def som(run: dllab.Run, params: SomParams) -> None:
    """Source: Kohonen 1982, 1990; both the rate and the width of the neighbourhood fall exponentially."""
    weights = run.rng.random((params.side, params.side, 3))  # colours in [0, 1]
    before = weights.copy()
    asked = run.rng.random((1000, 3))  # held out: never shown to the map
    errors: list[tuple[int, float, float]] = [
        (0, topographic_error(weights, asked), quantisation_error(weights, asked))
    ]
    every = max(params.steps // FRAMES, 1)
    frames = [enlarged(weights)]
    for step in run.progress(range(params.steps)):
        share = step / params.steps
        width = params.side / 2 * (1.6 / params.side) ** share  # from half the sheet to 0.8 of a cell
        rate = params.learning_rate * 0.04**share
        learn(weights, run.rng.random(3), rate, width)
        if (step + 1) % every == 0:
            frames.append(enlarged(weights))
            errors.append((step + 1, topographic_error(weights, asked), quantisation_error(weights, asked)))
            run.log(step + 1, topographic_error=errors[-1][1], quantisation_error=errors[-1][2])
    run.save_video("som.gif", [*frames, *[frames[-1]] * 8], fps=8)
    columns = dict(
        zip(("step", "topographic_error", "quantisation_error"), zip(*errors, strict=True), strict=True)
    )
    run.save_table("errors.csv", columns)
    run.save_json("map.json", {"colours": weights})
    _picture(run, before, weights, columns)

    run.check(
        "topographic error of the sheet at random",
        ko="아무렇게나 채운 지도의 위상 오차",
        got=errors[0][1],
        expected=1 - likely_neighbours(params.side),
        abs=0.04,
        source="the chance that two cells touch: 2 n (n - 1) + 2 (n - 1)² of n² (n² - 1) / 2 pairs",
    )
    run.check(
        "topographic error of the sheet in order",
        ko="학습 뒤 지도의 위상 오차",
        got=topographic_error(weights, asked),
        at_most=0.25,
        source="Kiviluoto 1996 defines it; a quarter of the disorder at random is our bound",
    )
    run.check(
        "mean distance of touching cells, over that of any two",
        ko="맞닿은 칸의 평균 거리, 아무 두 칸에 대한 비",
        got=roughness(weights),
        at_most=0.4,
        source="1 at random; 1 / (0.52 n) on a flat sheet, where 0.52 is the mean distance in a unit square",
    )
    run.check(
        "colours outside the cube",
        ko="정육면체를 벗어난 색의 수",
        got=int(((weights < 0) | (weights > 1)).sum()),
        expected=0,
        source="each step goes a part of the way to a colour, and the cube is convex",
    )


def learn(weights: np.ndarray, colour: np.ndarray, rate: float, width: float) -> None:
    """Move the best cell and those around it towards a colour (3,), in place; width in cells."""
    import numpy as np

    side = len(weights)
    row, column = np.unravel_index(((weights - colour) ** 2).sum(axis=2).argmin(), (side, side))
    cells = np.arange(side)
    down, across = (np.exp(-((cells - at) ** 2) / (2 * width**2)) for at in (row, column))
    weights += rate * np.outer(down, across)[:, :, None] * (colour - weights)


def _two_best(weights: np.ndarray, colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two nearest cells of each colour (m, 2), and their squared distances (m, cells)."""
    import numpy as np

    flat = weights.reshape(-1, 3)
    squared = (colours**2).sum(axis=1)[:, None] - 2 * colours @ flat.T + (flat**2).sum(axis=1)
    return np.argsort(squared, axis=1, kind="stable")[:, :2], squared


def topographic_error(weights: np.ndarray, colours: np.ndarray) -> float:
    """The share of colours (m, 3) whose two best cells do not touch, corners counted as touching."""
    import numpy as np

    best, _ = _two_best(weights, colours)
    rows, columns = np.divmod(best, len(weights))
    away = np.maximum(np.abs(np.diff(rows, axis=1)), np.abs(np.diff(columns, axis=1)))
    return float((away > 1).mean())


def quantisation_error(weights: np.ndarray, colours: np.ndarray) -> float:
    """The mean distance of colours (m, 3) to their best cells."""
    import numpy as np

    return float(np.sqrt(np.maximum(_two_best(weights, colours)[1].min(axis=1), 0)).mean())


def likely_neighbours(side: int) -> float:
    """The chance that two different cells, drawn at random, touch."""
    pairs = 2 * side * (side - 1) + 2 * (side - 1) ** 2
    return pairs / (side**2 * (side**2 - 1) / 2)


def roughness(weights: np.ndarray) -> float:
    """How far cells that share a side are apart in colour, over how far any two are."""
    import numpy as np

    steps = [np.linalg.norm(np.diff(weights, axis=axis), axis=2).mean() for axis in (0, 1)]
    flat = weights.reshape(-1, 3)
    some = flat[:: max(len(flat) // 400, 1)]
    any_two = np.linalg.norm(some[:, None] - some[None], axis=2)
    return float(np.mean(steps) / any_two[~np.eye(len(some), dtype=bool)].mean())


def enlarged(weights: np.ndarray) -> np.ndarray:
    """The sheet as a picture (3, side * PIXELS, side * PIXELS)."""
    return weights.repeat(PIXELS, axis=0).repeat(PIXELS, axis=1).transpose(2, 0, 1)


def _picture(run: dllab.Run, before: np.ndarray, after: np.ndarray, columns: dict[str, tuple]) -> None:
    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(12.6, 4.3))
    for axes, sheet, title in (
        (left, before, run.words("At random", "처음: 아무렇게나")),
        (middle, after, run.words("After learning", "학습 뒤: 비슷한 색끼리 이웃")),
    ):
        axes.imshow(sheet.clip(0, 1), interpolation="nearest")
        axes.set_title(title, loc="left")
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
    right.plot(
        columns["step"], columns["topographic_error"], label=run.words("topographic error", "위상 오차")
    )
    right.plot(
        columns["step"], columns["quantisation_error"], label=run.words("quantisation error", "양자화 오차")
    )
    right.legend()
    right.set_title(run.words("Order, and how near", "질서와 가까움"), loc="left")
    right.set(xlabel=run.words("colours shown", "보여 준 색의 수"), ylim=(0, 1.02))
    run.save_figure("som.png", figure)
