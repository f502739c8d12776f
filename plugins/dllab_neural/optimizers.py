"""Six optimisers, written out, in a race down one valley."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

NAMES = ("GD", "SGD", "Momentum", "Adagrad", "RMSProp", "Adam")
STEADY = 1e-8  # added to the root, so that nothing is divided by 0; Adagrad's is torch's 1e-10


@dataclass(frozen=True)
class Surface:
    """A valley: its start, its minimum, what is shown of it, and a learning rate for each optimiser."""

    start: tuple[float, float]
    minimum: tuple[float, float]
    across: tuple[float, float]
    up: tuple[float, float]
    rates: dict[str, float]


SURFACES = {
    "beale": Surface(
        (0.8, 1.6),
        (3.0, 0.5),
        (-0.3, 4.3),
        (-1.2, 1.9),
        {"GD": 0.01, "SGD": 0.004, "Momentum": 0.0015, "Adagrad": 0.4, "RMSProp": 0.02, "Adam": 0.1},
    ),
    "rosenbrock": Surface(
        (-1.4, 1.6),
        (1.0, 1.0),
        (-2.0, 2.0),
        (-0.7, 2.8),
        {"GD": 0.0012, "SGD": 0.0006, "Momentum": 0.0006, "Adagrad": 0.4, "RMSProp": 0.02, "Adam": 0.1},
    ),
}


class OptimizersParams(dllab.Params):
    surface: Literal["beale", "rosenbrock"] = dllab.param("beale", help="the valley of the race")
    steps: int = dllab.param(300, ge=10, le=20_000, help="steps of each optimiser")
    rate_scale: float = dllab.param(1.0, gt=0, le=10, help="all learning rates times this")
    frames: int = dllab.param(12, ge=2, le=100, help="frames of the film")


@dllab.experiment(
    "optimizers",
    topic="course/neural",
    lectures=(
        "1@3010:최적화(Optimizer)",
        "1@3050:SGD",
        "1@3070:Momentum",
        "1@3080:Adagrad",
        "1@3090:RMSProp",
        "1@3100:Adam",
    ),
    about=ABOUT["optimizers"],
    tiny={"steps": 30, "frames": 2},
    ko={
        "surface": "경주할 골짜기",
        "steps": "걸음 수",
        "rate_scale": "모든 학습률에 곱하는 수",
        "frames": "영화의 장면 수",
    },
)
def optimizers(run: dllab.Run, params: OptimizersParams) -> None:
    """Both valleys are sums of squares; SGD sees one of the squares at a time, as a mini-batch."""
    import numpy as np

    surface = SURFACES[params.surface]
    rates = {name: rate * params.rate_scale for name, rate in surface.rates.items()}
    batches = run.rng.integers(len(residuals(params.surface, np.array(surface.start))[0]), size=params.steps)
    paths = {}
    for name in NAMES:
        only = batches if name == "SGD" else None
        paths[name] = race(
            name,
            rates[name],
            surface.start,
            params.steps,
            lambda at, b: gradient(params.surface, at, b),
            only,
        )
    losses = {name: np.array([value(params.surface, at) for at in path]) for name, path in paths.items()}
    for step in range(0, params.steps + 1, max(params.steps // 50, 1)):
        run.log(step, **{name.lower(): float(min(one[step], 1e300)) for name, one in losses.items()})
    _draw(run, params, surface, paths, losses)
    run.save_table("race.csv", {"step": range(params.steps + 1), **losses})
    _check(run, params, rates, surface, paths)


def _check(run: dllab.Run, params: OptimizersParams, rates: dict, surface: Surface, paths: dict) -> None:
    import numpy as np

    run.check(
        "height of the valley's floor",
        got=value(params.surface, np.array(surface.minimum)),
        expected=0,
        abs=1e-24,
        source=f"{params.surface}'s published minimum {surface.minimum}: f = 0",
        ko="골짜기 바닥의 높이",
    )
    start = np.array(surface.start)
    parts = [gradient(params.surface, start, i) for i in range(len(residuals(params.surface, start)[0]))]
    run.check(
        "mean of the mini-batches' gradients, against the whole",
        expected=0,
        abs=1e-10,
        got=float(np.abs(np.mean(parts, axis=0) - gradient(params.surface, start)).max()),
        source="the gradient of a sum is the sum of the gradients",
        ko="미니 배치 기울기의 평균과 전체 기울기의 차이",
    )
    for name in NAMES:
        if name != "SGD":
            run.check(
                f"{name} against torch.optim",
                got=_torch_distance(params, name, rates[name], paths[name]),
                at_most=1e-10,
                source="torch.optim in double precision, the same gradients; largest difference of 100 steps",
                ko=f"{name}: torch.optim과의 차이",
            )
    # Ten steps of a rate of 0.1 under a gradient that is always (1, 2): closed forms of the way that is made.
    t = np.arange(1, 11)
    closed = {
        "SGD": np.full(10, 0.1),
        "Momentum": 0.1 * (1 - 0.9**t) / (1 - 0.9),
        "Adagrad": 0.1 / np.sqrt(t),
        "RMSProp": 0.1 / np.sqrt(1 - 0.99**t),
        "Adam": np.full(10, 0.1),
    }
    for name, steps in closed.items():
        path = race(name, 0.1, (0.0, 0.0), 10, lambda at, b: np.array([1.0, 2.0]), None)
        scale = np.array([1.0, 2.0]) if name in ("SGD", "Momentum") else np.ones(2)
        run.check(
            f"way of {name} under a steady gradient",
            got=float(np.abs(path[-1] + steps.sum() * scale).max()),
            at_most=1e-6,
            source="closed form of ten steps, summed by hand: "
            + {
                "SGD": "10 · rate · g",
                "Momentum": "rate · g · Σ (1 - 0.9^t) / 0.1",
                "Adagrad": "rate · Σ 1/√t",
                "RMSProp": "rate · Σ 1/√(1 - 0.99^t)",
                "Adam": "10 · rate, whatever g",
            }[name],
            ko=f"기울기가 일정할 때 {name}의 이동 거리의 오차",
        )


def residuals(surface: str, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is squared and summed, (k,), and its slopes (k, 2). Sources: Beale 1958; Rosenbrock 1960."""
    import numpy as np

    x, y = at
    if surface == "rosenbrock":
        return np.array([1 - x, 10 * (y - x * x)]), np.array([[-1.0, 0.0], [-20 * x, 10.0]])
    powers = y ** np.arange(1, 4)
    slopes = np.column_stack([powers - 1, x * np.arange(1, 4) * y ** np.arange(3)])
    return np.array([1.5, 2.25, 2.625]) - x + x * powers, slopes


def value(surface: str, at: np.ndarray) -> float:
    """The height of the valley."""
    return float((residuals(surface, at)[0] ** 2).sum())


def gradient(surface: str, at: np.ndarray, batch: int | None = None) -> np.ndarray:
    """The gradient (2,) of the sum of squares, or of one square times their number."""
    r, slopes = residuals(surface, at)
    if batch is None:
        return 2 * r @ slopes
    return 2 * len(r) * r[batch] * slopes[batch]


def update(name: str, g: np.ndarray, state: dict[str, np.ndarray], rate: float, t: int) -> np.ndarray:
    """What is added to the point in step t = 1, 2, ...; state is carried from step to step.

    Sources: Polyak 1964; Duchi et al. 2011; Tieleman and Hinton 2012; Kingma and Ba 2015, algorithm 1.
    """
    import numpy as np

    zero = np.zeros_like(g)
    if name == "Momentum":
        state["v"] = 0.9 * state.get("v", zero) + g
        return -rate * state["v"]
    if name == "Adagrad":
        state["s"] = state.get("s", zero) + g * g
        return -rate * g / (np.sqrt(state["s"]) + 1e-10)
    if name == "RMSProp":
        state["s"] = 0.99 * state.get("s", zero) + 0.01 * g * g
        return -rate * g / (np.sqrt(state["s"]) + STEADY)
    if name == "Adam":
        state["m"] = 0.9 * state.get("m", zero) + 0.1 * g
        state["s"] = 0.999 * state.get("s", zero) + 0.001 * g * g
        mean, square = state["m"] / (1 - 0.9**t), state["s"] / (1 - 0.999**t)
        return -rate * mean / (np.sqrt(square) + STEADY)
    return -rate * g  # GD and SGD: the same rule, with another gradient


def race(
    name: str,
    rate: float,
    start: tuple[float, ...],
    steps: int,
    slope: Callable[[np.ndarray, int | None], np.ndarray],
    batches: np.ndarray | None,
) -> np.ndarray:
    """The path (steps + 1, 2) of one optimiser; slope(at, batch) gives the gradient."""
    import numpy as np

    at, state = np.array(start), {}
    path = [at]
    for t in range(1, steps + 1):
        at = at + update(name, slope(at, None if batches is None else int(batches[t - 1])), state, rate, t)
        at = np.clip(at, -1e6, 1e6)
        path.append(at)
    return np.array(path)


def _torch_distance(params: OptimizersParams, name: str, rate: float, path: np.ndarray) -> float:
    """How far torch's optimiser, on the same gradients, is from the path at most, in up to 100 steps."""
    import numpy as np
    import torch

    point = torch.tensor(path[0], dtype=torch.float64, requires_grad=True)
    make = {
        "GD": lambda: torch.optim.SGD([point], rate),
        "Momentum": lambda: torch.optim.SGD([point], rate, momentum=0.9),
        "Adagrad": lambda: torch.optim.Adagrad([point], rate),
        "RMSProp": lambda: torch.optim.RMSprop([point], rate),
        "Adam": lambda: torch.optim.Adam([point], rate),
    }
    optimiser, worst = make[name](), 0.0
    for at in path[1:101]:
        point.grad = torch.from_numpy(gradient(params.surface, point.detach().numpy()))
        optimiser.step()
        worst = max(worst, float(np.abs(point.detach().numpy() - at).max()))
    return worst


def _draw(run: dllab.Run, params: OptimizersParams, surface: Surface, paths: dict, losses: dict) -> None:
    """The film of the race: the valley with six balls, and their heights."""
    import numpy as np

    from dllab_neural.drawing import INK, frame, wipe, worth_seeing

    x, y = np.meshgrid(np.linspace(*surface.across, 90), np.linspace(*surface.up, 90))
    height = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    if params.surface == "beale":
        height = sum((c - x + x * y**k) ** 2 for c, k in ((1.5, 1), (2.25, 2), (2.625, 3)))
    figure, (left, right) = dllab.new_figure(1, 2, size=(10.4, 4.8), width_ratios=(1.35, 1))
    left.contourf(x, y, np.log10(height + 1e-3), levels=16, cmap="Blues_r", alpha=0.55).set_gid("stays")
    frames = []
    for step in worth_seeing(params.steps + 1, params.frames, bend=2.4):
        wipe(left, right)
        left.plot(*surface.minimum, "*", color=INK, markersize=13, zorder=5)
        for i, (name, path) in enumerate(paths.items()):
            left.plot(*path[: step + 1].T, color=dllab.COLOURS[i], linewidth=1.6, label=name)
            left.scatter(*path[step], s=48, color=dllab.COLOURS[i], edgecolors="white", zorder=6)
            right.semilogy(
                np.clip(losses[name][: step + 1], 1e-12, 1e6), color=dllab.COLOURS[i], linewidth=1.6
            )
        left.set(xlim=surface.across, ylim=surface.up, xlabel="x", ylabel="y")
        left.legend(loc="lower left", ncols=2)
        right.set(xlim=(0, params.steps), ylim=(1e-6, 1e3), xlabel=run.words("step", "걸음"), ylabel="f")
        left.set_title(
            run.words(f"Six optimisers after {step} steps", f"여섯 옵티마이저, {step}걸음 뒤"), loc="left"
        )
        right.set_title(run.words("Height above the minimum", "최솟값보다 얼마나 높은가"), loc="left")
        frames.append(frame(figure))
    run.save_figure("race.png", figure)
    run.save_video("race.gif", [*frames, *[frames[-1]] * 6], fps=6)
