"""The slope at a point, as the limit of secants; the slide's quotient stands upside down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class DerivativeParams(dllab.Params):
    function: Literal["square", "cube", "sine", "exponential"] = dllab.param("cube", help="the function f")
    x: float = dllab.param(1.0, ge=-3, le=3, help="where the slope is wanted")
    h: float = dllab.param(1e-4, ge=1e-12, le=1, help="the slide's small step")
    frames: int = dllab.param(14, ge=2, le=60, help="frames of the film")


@dllab.experiment(
    "derivative",
    topic="course/neural",
    lectures=(
        "1@1500:미분(Ordinary Derivative)",
        "1@1600:h / f(x+h) - f(x)",
        "1@1660:h를 0.0001 정도로 설정하여 근사",
    ),
    about=ABOUT["derivative"],
    tiny={"frames": 2},
    ko={
        "function": "함수 f",
        "x": "기울기를 구할 곳",
        "h": "슬라이드의 작은 걸음",
        "frames": "영화의 장면 수",
    },
)
def derivative(run: dllab.Run, params: DerivativeParams) -> None:
    """Forward (f(x+h) - f(x)) / h and central (f(x+h) - f(x-h)) / 2h differences against the known slope."""
    import numpy as np

    f, slope = functions()[params.function]
    exact = float(slope(params.x))
    steps = 10.0 ** np.arange(-12, 0.01, 0.5)
    ahead = np.array([abs(forward(f, params.x, h) - exact) for h in steps])
    both = np.array([abs(central(f, params.x, h) - exact) for h in steps])
    _draw(run, params, f, exact, steps, ahead, both)
    run.save_table("errors.csv", {"h": steps, "forward": ahead, "central": both})
    got = forward(f, params.x, params.h)
    run.log(0, slope=exact, forward=got)
    run.check(
        "x² at 3 with h = 0.0001",
        got=forward(np.square, 3.0, 1e-4),
        expected=6.0001,
        abs=1e-8,
        source="by hand: ((3 + h)² - 9) / h = 6 + h",
        ko="3에서 x²의 기울기, h = 0.0001",
    )
    run.check(
        "x³ at 1 with h = 0.01, from both sides",
        got=central(lambda x: x**3, 1.0, 0.01),
        expected=3.0001,
        abs=1e-10,
        source="by hand: ((1 + h)³ - (1 - h)³) / 2h = 3 + h²",
        ko="1에서 x³의 기울기, h = 0.01, 중앙 차분",
    )
    run.check(
        "the slide's quotient for x² at 3",
        got=upside_down(np.square, 3.0, 1e-4),
        expected=1 / 6.0001,
        abs=1e-9,
        source="by hand: h / (f(x+h) - f(x)) is 1/6, and the slope is 6: the fraction stands upside down",
        ko="3에서 x²에 대한 슬라이드의 분수",
    )
    for name, korean, rule, order in (("forward", "전방", forward, 1), ("central", "중앙", central, 2)):
        wide, narrow = (abs(rule(np.exp, 0.0, h) - 1) for h in (0.02, 0.01))
        run.check(
            f"order of the {name} difference",
            got=float(np.log2(wide / narrow)),
            expected=order,
            abs=0.02,
            source=f"Taylor's theorem: half of h leaves 1/{2**order} of the error, for e^x at 0",
            ko=f"{korean} 차분의 차수",
        )
    run.check(
        "error of the forward difference",
        got=abs(got - exact),
        at_most=30 * params.h + 1e-15 * 30 / params.h,
        source="Taylor: at most h/2 · max |f''|, and rounding of about 1e-16 · |f| / h",
        ko="전방 차분의 오차",
    )


def functions() -> dict[str, tuple[Callable, Callable]]:
    """Of each name, the function and its derivative."""
    import numpy as np

    return {
        "square": (np.square, lambda x: 2 * x),
        "cube": (lambda x: x**3, lambda x: 3 * x**2),
        "sine": (np.sin, np.cos),
        "exponential": (np.exp, np.exp),
    }


def forward(f: Callable, x: float, h: float) -> float:
    """The change of f over the change of x."""
    return float((f(x + h) - f(x)) / h)


def central(f: Callable, x: float, h: float) -> float:
    """The same from both sides of x."""
    return float((f(x + h) - f(x - h)) / (2 * h))


def upside_down(f: Callable, x: float, h: float) -> float:
    """What the slide prints: the change of x over the change of f."""
    return float(h / (f(x + h) - f(x)))


def _draw(
    run: dllab.Run,
    params: DerivativeParams,
    f: Callable,
    exact: float,
    steps: np.ndarray,
    ahead: np.ndarray,
    both: np.ndarray,
) -> None:
    """A film of the secant that becomes the tangent; beside it the errors by h."""
    import numpy as np

    from dllab_neural.drawing import INK, frame, wipe

    x = params.x
    across = np.linspace(x - 1.3, x + 1.2, 200)
    y, height = f(x), f(across)
    figure, (left, right) = dllab.new_figure(1, 2, size=(9.4, 4.3))
    floor = np.maximum  # an error of exactly 0 has no place on the scale
    right.loglog(steps, floor(ahead, 1e-17), "o-", markersize=3, label=run.words("forward", "전방 차분"))
    right.loglog(steps, floor(both, 1e-17), "o-", markersize=3, label=run.words("central", "중앙 차분"))
    right.axvline(params.h, color=INK, linestyle=":", linewidth=1)
    right.set(xlabel="h", ylabel=run.words("error", "오차"))
    right.set_title(
        run.words("Too large an h is crude, too small is noise", "h가 크면 거칠고, 너무 작으면 잡음"),
        loc="left",
    )
    right.legend(loc="lower right")
    frames = []
    for h in np.geomspace(1.1, 0.02, params.frames):
        wipe(left)
        slope = forward(f, x, h)
        left.plot(across, height, color=dllab.COLOURS[0], linewidth=2)
        left.plot(across, y + exact * (across - x), ":", color=INK)
        left.plot(across, y + slope * (across - x), color=dllab.COLOURS[1], linewidth=1.8)
        left.plot([x, x + h, x + h], [y, y, f(x + h)], color="#6b7280", linewidth=1)
        left.scatter([x, x + h], [y, f(x + h)], s=38, color=INK, zorder=4)
        left.set(xlabel="x", ylabel="f(x)", xlim=across[[0, -1]])
        left.set_ylim(height.min() - 0.5, height.min() + 1.02 * np.ptp(height) + 0.5)
        left.set_title(f"h = {h:.2f}: {slope:.3f}   ({run.words('slope', '기울기')} {exact:.3f})", loc="left")
        frames.append(frame(figure))
    run.save_figure("slope.png", figure)
    run.save_video("slope.gif", [*frames, *[frames[-1]] * 5], fps=5)
