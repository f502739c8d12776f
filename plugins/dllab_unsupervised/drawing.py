"""What several pictures share: points in the colours of their groups, cells, and the way of the centres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb

from dllab import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED = "#22262e", "#8a919d"
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")


def colour_of(group: int) -> str:
    """The colour of a group; noise, which is group -1, is grey."""
    return MUTED if group < 0 else COLOURS[group % len(COLOURS)]


def pale(colour: str, share: float = 0.2) -> tuple[float, float, float]:
    """A colour on white, as if it covered that share."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def dots(axes: Axes, points: np.ndarray, groups: np.ndarray, size: float = 0.0) -> None:
    """Points (n, 2) in the colours of their groups; beyond eight groups the shape tells them apart."""
    size = size or (24 if len(points) <= 400 else 9)
    for group in np.unique(groups):
        own = points[groups == group]
        mark = MARKS[group // len(COLOURS) % len(MARKS)] if group >= 0 else "x"
        edge = {} if mark == "x" else {"edgecolors": "white", "linewidths": 0.5}
        axes.scatter(own[:, 0], own[:, 1], s=size, color=colour_of(int(group)), marker=mark, zorder=3, **edge)


def cells(
    axes: Axes, points: np.ndarray, decide: Callable[[np.ndarray], np.ndarray], groups: int, steps: int = 180
) -> None:
    """Colour the plane around points (n, 2) by what decide says, (m, 2) to (m,) groups."""
    room = 0.07 * np.maximum(np.ptp(points, axis=0), 1e-9)
    low, high = points.min(axis=0) - room, points.max(axis=0) + room
    x, y = (np.linspace(low[axis], high[axis], steps) for axis in (0, 1))
    across, up = np.meshgrid(x, y)
    decided = decide(np.column_stack([across.ravel(), up.ravel()])).reshape(steps, steps)
    colours = ListedColormap([pale(colour_of(i)) for i in range(groups)])
    axes.pcolormesh(
        x, y, decided, cmap=colours, vmin=-0.5, vmax=groups - 0.5, shading="nearest", rasterized=True
    )
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.grid(False)


def trails(axes: Axes, centres: Sequence[np.ndarray]) -> None:
    """The centres (groups, 2) of each step so far: a line for the way, a large cross for where they are."""
    for group, way in enumerate(np.stack(centres, axis=1)):
        axes.plot(way[:, 0], way[:, 1], color=INK, linewidth=1.3, zorder=4)
        axes.scatter(
            *way[-1], s=190, marker="X", color=colour_of(group), edgecolors="white", linewidths=1.8, zorder=5
        )
