"""The chain rule: a nudge is stretched link by link, and the stretches multiply."""

from __future__ import annotations

import math

import dllab
from dllab_neural.texts import ABOUT


class ChainRuleParams(dllab.Params):
    x: float = dllab.param(1.0, ge=0.1, le=3, help="where y = √(3x² + 1) is taken")
    frames: int = dllab.param(12, ge=2, le=60, help="frames of the film")


@dllab.experiment(
    "chain-rule",
    topic="course/neural",
    lectures=("1@2820:합성함수의 미분(Chain-rule)", "1@2890:f(g(x))' = f'(g(x))g'(x)"),
    about=ABOUT["chain-rule"],
    tiny={"frames": 2},
    ko={"x": "y = √(3x² + 1)을 구할 곳", "frames": "영화의 장면 수"},
)
def chain_rule(run: dllab.Run, params: ChainRuleParams) -> None:
    """u = x², v = 3u + 1, y = √v: each link passes a nudge on, times its own slope."""
    import torch

    values, slopes = links(params.x)
    product = math.prod(slopes)
    run.log(0, slope=product)
    _draw(run, params)
    run.save_json("chain.json", {"values": values, "slopes": slopes, "product": product})
    by_hand = links(1.0)
    for name, got, known in zip(("u", "v", "y"), by_hand[1], (2.0, 3.0, 0.25), strict=True):
        run.check(
            f"slope of the link to {name} at x = 1",
            got=got,
            expected=known,
            abs=1e-12,
            source="by hand: 2x = 2, 3, 1 / (2√4) = 1/4",
            ko=f"x = 1에서 {name}로 가는 고리의 기울기",
        )
    run.check(
        "dy/dx at x = 1",
        got=math.prod(by_hand[1]),
        expected=1.5,
        abs=1e-12,
        source="by hand: 2 · 3 · 1/4",
        ko="x = 1에서의 dy/dx",
    )
    run.check(
        "dy/dx",
        got=product,
        expected=3 * params.x / math.sqrt(3 * params.x**2 + 1),
        rel=1e-12,
        source="closed form: 3x / √(3x² + 1)",
        ko="dy/dx",
    )
    x = torch.tensor(params.x, dtype=torch.float64, requires_grad=True)
    torch.sqrt(3 * x**2 + 1).backward()
    run.check(
        "dy/dx by autograd",
        got=float(x.grad),
        expected=product,
        rel=1e-12,
        source="torch, which keeps the graph",
        ko="자동 미분으로 구한 dy/dx",
    )
    h = 1e-5
    difference = (links(params.x + h)[0][-1] - links(params.x - h)[0][-1]) / (2 * h)
    run.check(
        "dy/dx by differences",
        got=difference,
        expected=product,
        abs=1e-8,
        source="central difference, h = 1e-5",
        ko="차분으로 구한 dy/dx",
    )


def links(x: float) -> tuple[list[float], list[float]]:
    """The values x, u, v, y, and the slope of each of the three links."""
    u = x * x
    v = 3 * u + 1
    return [x, u, v, math.sqrt(v)], [2 * x, 3.0, 1 / (2 * math.sqrt(v))]


def _draw(run: dllab.Run, params: ChainRuleParams) -> None:
    """Four number lines; the nudge on each, and the ratio of neighbours, which nears the slope."""
    import numpy as np

    from dllab_neural.drawing import INK, MUTED, empty, frame, wipe

    values, slopes = links(params.x)
    names = ("x", "u = x²", "v = 3u + 1", "y = √v")
    figure, axes = dllab.new_figure(size=(8.6, 5.0))
    empty(axes, (-0.16, 1.3), (-0.45, 3.45))
    low, high = (
        np.array(values) - 0.8 * np.array([1, 2, 5, 1]),
        np.array(values) + 1.2 * np.array([1, 2, 5, 1]),
    )
    frames = []
    for nudge in (*np.geomspace(0.45, 0.01, params.frames), 0.3):  # the last is the picture
        wipe(axes)
        moved = links(params.x + nudge)[0]
        place = [
            (np.array(pair) - a) / (b - a)
            for pair, a, b in zip(zip(values, moved, strict=True), low, high, strict=True)
        ]
        for i, (here, there) in enumerate(place):
            y = 3 - i
            axes.plot([0, 1], [y, y], color=MUTED, linewidth=1)
            axes.plot([here, there], [y, y], color=dllab.COLOURS[1], linewidth=7, solid_capstyle="butt")
            axes.scatter(here, y, s=60, color=dllab.COLOURS[0], zorder=4)
            axes.text(-0.03, y, names[i], ha="right", va="center", fontsize=11, color=INK)
            axes.text(here, y + 0.16, f"{values[i]:.3f}", ha="center", fontsize=9, color=INK)
            axes.text(
                1.04, y, f"{moved[i] - values[i]:+.4f}", va="center", fontsize=10, color=dllab.COLOURS[1]
            )
            if i:
                ratio = (moved[i] - values[i]) / (moved[i - 1] - values[i - 1])
                axes.fill(
                    [*place[i - 1], there, here],
                    [y + 1, y + 1, y, y],
                    color=dllab.COLOURS[1],
                    alpha=0.12,
                    linewidth=0,
                )
                axes.text(
                    1.04,
                    y + 0.5,
                    f"× {ratio:.3f}  → {slopes[i - 1]:.3f}",
                    va="center",
                    fontsize=10,
                    color=INK,
                )
        whole = (moved[3] - values[3]) / nudge
        axes.text(
            0,
            -0.35,
            f"{run.words('together', '모두 곱하면')}: × {whole:.4f}  →  "
            + " · ".join(f"{s:.3f}" for s in slopes)
            + f" = {math.prod(slopes):.4f}",
            fontsize=11,
            weight="bold",
            color=INK,
        )
        axes.set_title(
            run.words("A nudge of x, stretched link by link", "x의 작은 변화가 고리마다 늘어나는 모습"),
            loc="left",
        )
        frames.append(frame(figure))
    run.save_figure("chain.png", figure)
    run.save_video("chain.gif", [*frames[:-1], *[frames[-2]] * 5], fps=4)
