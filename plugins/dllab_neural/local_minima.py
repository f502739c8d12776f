"""Where a ball ends depends on where it starts: basins of four minima."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# Himmelblau 1972, f = (x² + y - 11)² + (x + y² - 7)²: four minima, all of height 0.
MINIMA = ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126))
SPAN = 5.5


class LocalMinimaParams(dllab.Params):
    starts: int = dllab.param(24, ge=1, le=200, help="balls, at random places")
    learning_rate: float = dllab.param(0.008, gt=0, le=0.012, help="the length of a step")
    steps: int = dllab.param(400, ge=50, le=5000, help="steps of each ball")
    tilt: float = dllab.param(
        4.0, ge=0, le=10, help="slope laid under it, which makes one minimum the deepest"
    )
    frames: int = dllab.param(18, ge=2, le=60, help="frames of the film")


@dllab.experiment(
    "local-minima",
    topic="course/neural",
    lectures=(
        "1@1840:여러 극소점(local minimum)이 존재",
        "1@1860:최소점(global minimum)",
        "4@1270:Local Minima 문제",
    ),
    about=ABOUT["local-minima"],
    tiny={"frames": 2},
    ko={
        "starts": "아무 데서나 시작하는 공의 수",
        "learning_rate": "학습률",
        "steps": "공마다 걸음 수",
        "tilt": "바닥의 기울기: 극소점 하나를 가장 깊게 만듦",
        "frames": "영화의 장면 수",
    },
)
def local_minima(run: dllab.Run, params: LocalMinimaParams) -> None:
    """Gradient descent from everywhere at once on Himmelblau's function plus tilt · (x + y)."""
    import numpy as np

    side = np.linspace(-SPAN, SPAN, 110)
    everywhere = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    deepest, flat = _floors(params.tilt), _floors(0.0)
    ends = descend(everywhere, params.learning_rate, params.steps, params.tilt)[-1]
    basin = np.linalg.norm(ends[:, None] - deepest, axis=2).argmin(axis=1)
    starts = run.rng.uniform(-SPAN, SPAN, size=(params.starts, 2))
    paths = descend(starts, params.learning_rate, params.steps, params.tilt)  # (steps + 1, starts, 2)
    heights = value(deepest, params.tilt)
    best = int(heights.argmin())
    reached = np.linalg.norm(paths[-1][:, None] - deepest, axis=2).argmin(axis=1)
    run.log(params.steps, share_of_the_plane_that_ends_lowest=float((basin == best).mean()))
    _draw(run, params, side, basin, deepest, best, paths)
    run.save_table(
        "ends.csv",
        {
            "x0": starts[:, 0],
            "y0": starts[:, 1],
            "x": paths[-1][:, 0],
            "y": paths[-1][:, 1],
            "f": value(paths[-1], params.tilt),
            "minimum": reached,
        },
    )
    run.check(
        "largest distance from the four published minima",
        got=float(np.abs(flat - np.array(MINIMA)).max()),
        at_most=1e-6,
        source="Himmelblau 1972: (3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), "
        "(3.584428, -1.848126), without the tilt",
        ko="알려진 네 극소점까지의 최대 거리",
    )
    run.check(
        "height of the four",
        got=float(value(flat, 0.0).max()),
        at_most=1e-20,
        source="all four have f = 0",
        ko="네 극소점의 높이",
    )
    run.check(
        "steepest slope at an end",
        got=float(np.abs(slope(deepest, params.tilt)).max()),
        at_most=1e-8,
        source="a minimum is flat",
        ko="도착점의 최대 기울기",
    )
    run.check(
        "smallest curvature at an end",
        got=min(_curvature(at) for at in deepest),
        at_least=1.0,
        source="a minimum bends upwards in every direction: both eigenvalues of the Hessian",
        ko="도착점의 최소 곡률",
    )
    if params.steps >= 400 and params.learning_rate >= 0.005:
        lost = float((np.linalg.norm(ends - deepest[basin], axis=1) > 0.1).mean())
        run.check(
            "share of starts that end at none of the four",
            got=lost,
            at_most=0.01,
            source="only the ridges between the basins, which have no area, lead nowhere",
            ko="네 극소점에 닿지 못한 출발점의 비율",
        )


def value(at: np.ndarray, tilt: float) -> np.ndarray:
    """The height at places (..., 2)."""
    x, y = at[..., 0], at[..., 1]
    return (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2 + tilt * (x + y)


def slope(at: np.ndarray, tilt: float) -> np.ndarray:
    """The gradient (..., 2)."""
    import numpy as np

    x, y = at[..., 0], at[..., 1]
    a, b = x * x + y - 11, x + y * y - 7
    return np.stack([4 * x * a + 2 * b + tilt, 2 * a + 4 * y * b + tilt], axis=-1)


def descend(at: np.ndarray, rate: float, steps: int, tilt: float) -> np.ndarray:
    """The path (steps + 1, n, 2) of n balls."""
    import numpy as np

    path = [at]
    for _ in range(steps):
        at = at - rate * slope(at, tilt)
        path.append(at)
    return np.array(path)


def _floors(tilt: float) -> np.ndarray:
    """The four minima (4, 2) with that tilt, by Newton's method from where they are without it."""
    import numpy as np

    found = []
    for at in np.array(MINIMA).round():
        for _ in range(60):
            at = at - np.linalg.solve(_hessian(at), slope(at, tilt))
        found.append(at)
    return np.array(found)


def _hessian(at: np.ndarray) -> np.ndarray:
    import numpy as np

    x, y = at
    return np.array([[12 * x * x + 4 * y - 42, 4 * x + 4 * y], [4 * x + 4 * y, 4 * x + 12 * y * y - 26]])


def _curvature(at: np.ndarray) -> float:
    import numpy as np

    return float(np.linalg.eigvalsh(_hessian(at))[0])


def _draw(
    run: dllab.Run,
    params: LocalMinimaParams,
    side: np.ndarray,
    basin: np.ndarray,
    floors: np.ndarray,
    best: int,
    paths: np.ndarray,
) -> None:
    """The map of basins with the balls on their way; the last frame is the picture."""
    import numpy as np
    from matplotlib.colors import ListedColormap

    from dllab_neural.drawing import INK, frame, pale, wipe, worth_seeing

    x, y = np.meshgrid(side, side)
    height = value(np.stack([x, y], axis=-1), params.tilt)
    height = height - height.min()
    colours = ListedColormap([pale(dllab.COLOURS[i], 0.3) for i in range(4)])
    figure, axes = dllab.new_figure(size=(6.4, 5.8))
    axes.imshow(
        basin.reshape(110, 110),
        cmap=colours,
        vmin=0,
        vmax=3,
        origin="lower",
        extent=(-SPAN, SPAN, -SPAN, SPAN),
        interpolation="nearest",
    ).set_gid("stays")
    axes.contour(
        x, y, height, levels=np.array([3, 10, 25, 60, 120, 220, 400]), colors=[pale(INK, 0.4)], linewidths=0.7
    ).set_gid("stays")
    frames = []
    for step in worth_seeing(min(params.steps, 120) + 1, params.frames):
        wipe(axes)
        axes.plot(*paths[: step + 1].transpose(2, 0, 1), color=INK, linewidth=0.7, alpha=0.7)
        axes.scatter(*paths[step].T, s=34, color=INK, edgecolors="white", zorder=4)
        for i, at in enumerate(floors):
            axes.scatter(
                *at,
                marker="*",
                s=330 if i == best else 130,
                color=dllab.COLOURS[i],
                edgecolors="white",
                zorder=5,
            )
        axes.set(xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN), xlabel="x", ylabel="y")
        axes.grid(False)
        axes.set_title(
            run.words(
                f"Step {step}: each colour rolls to its own star", f"{step}걸음: 색마다 다른 별로 굴러갑니다"
            ),
            loc="left",
        )
        frames.append(frame(figure))
    run.save_figure("basins.png", figure)
    run.save_video("basins.gif", [*frames, *[frames[-1]] * 6], fps=6)
