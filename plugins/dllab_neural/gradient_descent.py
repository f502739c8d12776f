"""Gradient descent in a bowl, and the learning rate at which it flies out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

CURVATURE = (10.0, 1.0)  # of the bowl (10 x² + y²) / 2 along x and y
START = (1.0, 1.0)


class GradientDescentParams(dllab.Params):
    learning_rates: tuple[float, ...] = dllab.param(
        (0.05, 0.19, 0.2, 0.21), min_length=1, max_length=6, help="the rates that are compared"
    )
    steps: int = dllab.param(200, ge=1, le=5000, help="steps from each start")
    frames: int = dllab.param(18, ge=2, le=60, help="frames of the film, one for a step")


@dllab.experiment(
    "gradient-descent",
    topic="course/neural",
    lectures=(
        "1@1770:경사하강(Gradient Descent)",
        "1@1940:너무 많이 이동하면 튕겨나갈 수 있으므로",
        "1@1950:-7x0.01만큼 이동",
    ),
    about=ABOUT["gradient-descent"],
    tiny={"frames": 2},
    ko={
        "learning_rates": "견줄 학습률",
        "steps": "경사하강 횟수",
        "frames": "영화의 장면 수 (한 걸음에 하나)",
    },
)
def gradient_descent(run: dllab.Run, params: GradientDescentParams) -> None:
    """w ← w - rate · gradient on f = (10 x² + y²) / 2, which multiplies by 1 - rate · curvature."""
    import numpy as np

    for rate in params.learning_rates:
        if not 0 < rate <= 1:
            raise dllab.UsageError(f"--learning-rates {rate:g}: each must be above 0 and at most 1")
    paths = {rate: descend(rate, params.steps) for rate in params.learning_rates}  # each (steps + 1, 2)
    sizes = {rate: np.linalg.norm(path, axis=1) for rate, path in paths.items()}
    for step in range(params.steps + 1):
        run.log(step, **{f"distance_{i}": float(min(d[step], 1e300)) for i, d in enumerate(sizes.values())})
    _draw(run, paths, sizes, params.frames)
    run.save_table(
        "distance.csv", {"step": range(params.steps + 1), **{f"rate {r:g}": d for r, d in sizes.items()}}
    )
    for rate in paths:
        factors = 1 - rate * np.array(CURVATURE)
        expected = float(np.linalg.norm(np.array(START) * factors**params.steps))
        run.check(
            f"distance after {params.steps} steps of rate {rate:g}",
            got=float(sizes[rate][-1]),
            expected=expected,
            rel=1e-8,
            abs=1e-300,
            source="closed form: (1 - rate · curvature)^steps along each axis",
            ko=f"학습률 {rate:g}, {params.steps}걸음 뒤 최소점까지 거리",
        )
    below, above = (float(np.linalg.norm(descend(rate, 4000)[-1])) for rate in (0.2 - 1e-3, 0.2 + 1e-3))
    run.check(
        "distance with a rate just below 0.2",
        got=below,
        at_most=1e-9,
        source="|1 - 10 · 0.199| < 1: it converges",
        ko="학습률이 0.2보다 조금 작을 때의 거리",
    )
    run.check(
        "distance with a rate just above 0.2",
        got=above,
        at_least=1e9,
        source="|1 - 10 · 0.201| > 1: it diverges",
        ko="학습률이 0.2보다 조금 클 때의 거리",
    )
    moved = slide_step(5.5, 1.0, 2.0, 0.01)
    run.check(
        "the slide's step: how far W moves",
        got=moved - 5.5,
        expected=-7 * 0.01,
        abs=1e-12,
        source="by hand: (Wx - y)² at W = 5.5, x = 1, y = 2 has the slope 2 · 3.5 = 7, times 0.01",
        ko="슬라이드의 한 걸음: W가 움직인 양",
    )


def descend(rate: float, steps: int) -> np.ndarray:
    """The path (steps + 1, 2) down the bowl."""
    import numpy as np

    point = np.array(START)
    path = [point]
    for _ in range(steps):
        point = point - rate * np.array(CURVATURE) * point
        path.append(point)
    return np.array(path)


def slide_step(w: float, x: float, y: float, rate: float) -> float:
    """W after one step on the squared error (Wx - y)²."""
    return w - rate * 2 * x * (w * x - y)


def _draw(run: dllab.Run, paths: dict[float, np.ndarray], sizes: dict[float, np.ndarray], most: int) -> None:
    """A film of the balls in the bowl, one panel for a rate, and the distance by steps below."""
    import numpy as np

    from dllab_neural.drawing import INK, frame, wipe

    figure, panels = dllab.new_figure(2, len(paths), size=(max(2.7 * len(paths), 4.6), 5.4), squeeze=False)
    x, y = np.meshgrid(np.linspace(-2.2, 2.2, 61), np.linspace(-1.4, 1.4, 41))
    height = (CURVATURE[0] * x**2 + CURVATURE[1] * y**2) / 2
    below = figure.add_subplot(panels[1, 0].get_gridspec()[1, :])
    for axes in panels[1]:
        axes.remove()
    for i, (rate, distance) in enumerate(sizes.items()):
        seen = np.clip(distance, 1e-18, 1e18)
        below.semilogy(seen, color=dllab.COLOURS[i], linewidth=1.8, label=f"{rate:g}")
    below.set(
        xlabel=run.words("step", "걸음"), ylabel=run.words("distance to the minimum", "최소점까지 거리")
    )
    below.legend(loc="upper left", ncols=len(paths), title=run.words("learning rate", "학습률"))
    for axes in panels[0]:
        bowl = axes.contour(x, y, height, levels=np.arange(1, 8) ** 2 * 0.5, colors="#b8c4d6", linewidths=0.8)
        bowl.set_gid("stays")
    frames = []
    for step in range(min(most, len(next(iter(paths.values()))))):
        wipe(*panels[0])
        for i, (axes, (rate, path)) in enumerate(zip(panels[0], paths.items(), strict=True)):
            axes.plot(*path[: step + 1].T, "-", color=dllab.COLOURS[i], linewidth=1.1)
            axes.scatter(*path[step], s=60, color=dllab.COLOURS[i], edgecolors="white", zorder=4)
            axes.plot(0, 0, "+", color=INK, markersize=8)
            axes.set(xlim=(-2.2, 2.2), ylim=(-1.4, 1.4), xlabel="x", ylabel="y" if i == 0 else "")
            axes.set_title(
                run.words(f"rate {rate:g}, step {step}", f"학습률 {rate:g}, {step}걸음"), loc="left"
            )
        frames.append(frame(figure))
    run.save_figure("bowl.png", figure)
    run.save_video("bowl.gif", [*frames, *[frames[-1]] * 4], fps=4)
