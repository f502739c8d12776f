"""One hidden layer of ReLUs comes as near to a curve as one wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

WIDTHS = (2, 4, 8, 16, 32, 64, 128)


class UniversalApproximationParams(dllab.Params):
    curve: Literal["waves", "bump", "sine"] = dllab.param("waves", help="the curve to come near to")
    data: dllab.Input | None = dllab.input(
        "table",
        default=None,
        help="CSV of your own: a column x, and the height of your curve as the last column",
    )
    widths: int = dllab.param(6, ge=2, le=len(WIDTHS), help="how many widths of 2, 4, 8 ... 128 are shown")


@dllab.experiment(
    "universal-approximation",
    topic="course/neural",
    lectures=(
        "1@2730:Universal Approximation Theorem",
        "1@2750:하나의 은닉층(hidden layer)를 가지는 뉴럴 네트워크",
    ),
    about=ABOUT["universal-approximation"],
    tiny={"widths": 2},
    ko={
        "curve": "가까이 갈 곡선",
        "data": "x 열과 마지막 열(곡선의 높이)이 있는 내 CSV",
        "widths": "보여 줄 너비(2, 4, 8 … 128)의 개수",
    },
)
def universal_approximation(run: dllab.Run, params: UniversalApproximationParams) -> None:
    """n neurons bend the line at n places; their weights are written down, not learned."""
    import numpy as np

    f, bend, label = _curve(run, params)
    x = np.linspace(0, 1, 4001)
    fits, errors = {}, {}
    for width in WIDTHS[: params.widths]:
        knots, weights = network(f, width)
        fits[width] = forward(knots, weights, float(f(np.zeros(1))[0]), x)
        errors[width] = float(np.abs(fits[width] - f(x)).max())
        run.log(width, largest_error=errors[width])
        line = np.interp(x, np.linspace(0, 1, width + 1), f(np.linspace(0, 1, width + 1)))
        run.check(
            f"{width} neurons against the broken line, largest difference",
            at_most=1e-9,
            got=float(np.abs(fits[width] - line).max()) / max(float(np.abs(line).max()), 1.0),
            source="by construction: one corner for each neuron, on the curve",
            ko=f"뉴런 {width}개와 꺾은선의 최대 차이",
        )
        if bend is not None:
            run.check(
                f"largest error of {width} neurons",
                got=errors[width],
                at_most=bend / (8 * width**2) + 1e-9,
                source="closed form: a chord of length 1/n is at most max |f''| / 8n² away",
                ko=f"뉴런 {width}개의 최대 오차",
            )
    if params.curve == "sine" or params.data is None:
        sine = _curves()["sine"][0]
        wide, narrow = (float(np.abs(forward(*network(sine, n), 0.0, x) - sine(x)).max()) for n in (32, 64))
        run.check(
            "error of 32 neurons over that of 64, on one sine",
            got=wide / narrow,
            expected=4,
            abs=0.05,
            source="closed form: twice the neurons, a quarter of the error",
            ko="사인 하나에서 뉴런 64개 대비 32개의 오차",
        )
    _draw(run, f, x, fits, errors, label)
    run.save_table("errors.csv", {"neurons": list(errors), "largest_error": list(errors.values())})


def network(f: Callable, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each neuron begins to fire (width,), and its outgoing weight: the change of slope there."""
    import numpy as np

    corners = np.linspace(0, 1, width + 1)
    slopes = np.diff(f(corners)) * width
    return corners[:-1], np.diff(slopes, prepend=0.0)


def forward(knots: np.ndarray, weights: np.ndarray, bias: float, x: np.ndarray) -> np.ndarray:
    """bias + Σ weight · ReLU(x - knot), (n,)."""
    import numpy as np

    return bias + np.maximum(x[:, None] - knots, 0) @ weights


def _curves() -> dict[str, tuple[Callable, float]]:
    """Of each name, the curve on [0, 1] and the largest size of its second derivative."""
    import numpy as np

    tau = 2 * np.pi
    return {
        "sine": (lambda x: np.sin(tau * x), tau**2),
        "waves": (lambda x: np.sin(tau * x) + 0.5 * np.sin(3 * tau * x), tau**2 * (1 + 0.5 * 9)),
        "bump": (lambda x: np.exp(-50 * (x - 0.5) ** 2), 100.0),
    }


def _curve(run: dllab.Run, params: UniversalApproximationParams) -> tuple[Callable, float | None, str]:
    """The curve, the largest size of its second derivative where it is known, and the name of x."""
    import numpy as np

    if params.data is None:
        return *_curves()[params.curve], "x"
    table = dllab.read_table(params.data, task="number", fewest_rows=3)
    for note in table.notes:
        run.message(note)
    x, first = np.unique(table.X[:, 0], return_index=True)
    if len(x) < 2:
        raise dllab.InputError(
            f"'{table.name}': column '{table.feature_names[0]}' has one value; a curve needs more"
        )
    y = table.y[first]
    return (lambda at: np.interp(at, (x - x[0]) / (x[-1] - x[0]), y)), None, table.feature_names[0]


def _draw(run: dllab.Run, f: Callable, x: np.ndarray, fits: dict, errors: dict, label: str) -> None:
    """A film with one frame for a width: the curve, the network, its neurons, and the error by width."""
    from dllab_neural.drawing import INK, frame, pale, wipe

    figure, (left, right) = dllab.new_figure(1, 2, size=(10.4, 4.4), width_ratios=(1.7, 1))
    right.loglog(
        list(errors), [max(e, 1e-12) for e in errors.values()], "o-", color=dllab.COLOURS[1], gid="stays"
    )
    right.set_xscale("log", base=2)
    right.set_xticks(list(errors), [str(width) for width in errors])
    right.set(xlabel=run.words("neurons", "뉴런 수"), ylabel=run.words("largest error", "가장 큰 오차"))
    right.set_title(
        run.words("Twice the neurons, a quarter of the error", "뉴런이 두 배면 오차는 1/4"), loc="left"
    )
    frames = []
    for width, fit in fits.items():
        wipe(left, right)
        knots, weights = network(f, width)
        for knot, weight in zip(knots, weights, strict=True) if width <= 32 else ():
            left.axvline(
                knot, color=pale(dllab.COLOURS[0] if weight > 0 else dllab.COLOURS[1], 0.35), linewidth=1
            )
        left.plot(x, f(x), color=INK, linewidth=3, alpha=0.3)
        left.plot(x, fit, color=dllab.COLOURS[0], linewidth=2)
        left.set(xlabel=label, xlim=(0, 1))
        left.set_title(
            run.words(
                f"{width} hidden neurons; largest error {errors[width]:.3f}",
                f"은닉 뉴런 {width}개; 가장 큰 오차 {errors[width]:.3f}",
            ),
            loc="left",
        )
        right.scatter([width], [max(errors[width], 1e-12)], s=110, color=dllab.COLOURS[0], zorder=4)
        frames.append(frame(figure))
        if width == 8 or width == max(fits):
            run.save_figure("curve.png" if width == max(fits) else "curve_8.png", figure)
    run.save_video("curve.gif", [*frames, *[frames[-1]] * 2], fps=1)
