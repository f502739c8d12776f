"""How pictures and what was said of them are drawn: sheets with labels and chances, bars of accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

import dllab
from dllab_neural.drawing import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RIGHT, WRONG = dllab.COLOURS[2], "#c0392b"
LONGEST = 14  # letters of a class that are shown


def short(name: str, longest: int = LONGEST) -> str:
    """A name that fits beneath a picture; dollar signs are no mathematics."""
    name = name if len(name) <= longest else name[: longest - 1] + "…"
    return name.replace("$", r"\$")


def show(axes: Axes, picture: np.ndarray, words: str = "", colour: str = INK) -> None:
    """One picture (side, side, 3) with words above it and a frame of that colour."""
    axes.imshow(picture, interpolation="lanczos")
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=colour, linewidth=2 if colour != INK else 0.6)
    if words:
        axes.text(
            0.5, 1.03, words, transform=axes.transAxes, ha="center", va="bottom", fontsize=8.5, color=colour
        )


def merged(figure: Figure, panels: np.ndarray, rows: slice, columns: slice) -> Axes:
    """One plot in the place of several."""
    grid = panels[0, 0].get_gridspec()
    for axes in panels[rows, columns].flat:
        axes.remove()
    return figure.add_subplot(grid[rows, columns])


def quiet(axes: Axes) -> None:
    """The lab's frame for axes that were added later."""
    axes.grid(True, color="#e6e8ec")
    axes.set_axisbelow(True)
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)


def compared(axes: Axes, names: Sequence[str], shares: Sequence[float], count: int) -> None:
    """Bars of accuracy (shares in [0, 1]) with the standard error of so many pictures; the last is ours."""
    quiet(axes)
    for place, share in enumerate(shares):
        error = (share * (1 - share) / count) ** 0.5
        colour = dllab.COLOURS[0] if place == len(shares) - 1 else "#c3c9d2"
        axes.barh(place, share, xerr=error, color=colour, ecolor=MUTED, height=0.62)
        inside = share > 0.25
        axes.text(
            0.02 if inside else share + error + 0.02,
            place,
            f"{share:.0%}",
            va="center",
            color="white" if inside and place == len(shares) - 1 else INK,
            fontweight="bold",
        )
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(0, 1.05), ylim=(len(names) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.grid(False, axis="y")


def chances_bars(axes: Axes, chances: np.ndarray, classes: Sequence[str]) -> None:
    """One bar for each class (at most six, the likeliest), 0 to 100 %."""
    order = np.argsort(-chances, kind="stable")[:6]
    order = np.sort(order)
    for place, number in enumerate(order):
        colour = dllab.COLOURS[int(number) % len(dllab.COLOURS)]
        axes.barh(place, 1, color="#eef0f3", height=0.6)
        axes.barh(place, chances[number], color=colour, height=0.6)
        axes.text(1.04, place, f"{chances[number]:.0%}", va="center", fontsize=8, color=INK)
    axes.set_yticks(range(len(order)), [short(classes[i]) for i in order])
    axes.set(xlim=(0, 1.32), ylim=(len(order) - 0.4, -0.6), xticks=[])
    axes.tick_params(left=False)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
