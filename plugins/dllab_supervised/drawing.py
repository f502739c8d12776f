"""What several pictures share: the regions that a classifier decides on, and its confusion matrix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import ListedColormap, to_rgb

from dllab import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#22262e"
MANY = tuple(COLOURS[i % len(COLOURS)] for i in range(50))  # one for each class of a table


def pale(colour: str, share: float = 0.22) -> tuple[float, float, float]:
    """A colour on white, as if it covered that share."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def bounds(values: np.ndarray, margin: float = 0.08) -> tuple[float, float]:
    """The range of values with a margin on both sides."""
    low, high = float(values.min()), float(values.max())
    room = margin * ((high - low) or 1.0)
    return low - room, high + room


def grid(points: np.ndarray, steps: int = 160) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (n, 2) to x (steps,), y (steps,) and all places of the map (steps * steps, 2)."""
    x, y = (np.linspace(*bounds(points[:, axis]), steps) for axis in (0, 1))
    across, up = np.meshgrid(x, y)
    return x, y, np.column_stack([across.ravel(), up.ravel()])


def regions(
    axes: Axes,
    points: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    decide: Callable[[np.ndarray], np.ndarray],
    *,
    steps: int = 160,
    legend: bool = True,
) -> None:
    """Colour the plane by what decide says, (m, 2) to (m,) numbers of classes, and put the points on it."""
    x, y, places = grid(points, steps)
    decided = np.asarray(decide(places)).reshape(len(y), len(x))
    colours = ListedColormap([pale(MANY[i]) for i in range(len(names))])
    axes.pcolormesh(
        x, y, decided, cmap=colours, vmin=-0.5, vmax=len(names) - 0.5, shading="nearest", rasterized=True
    )
    for i in range(len(names)):
        inside = decided == i
        if inside.any() and not inside.all():
            axes.contour(x, y, inside.astype(float), levels=[0.5], colors="white", linewidths=1.2)
    dots(axes, points, labels, names)
    axes.set_xlim(*x[[0, -1]])
    axes.set_ylim(*y[[0, -1]])
    axes.grid(False)
    if legend and len(names) <= 8:
        axes.legend(loc="best")


def dots(axes: Axes, points: np.ndarray, labels: np.ndarray, names: Sequence[str], **style: Any) -> None:
    """The points (n, 2), a colour for each class; smaller where they are many."""
    size = 22 if len(points) <= 300 else 10
    for i, name in enumerate(names):
        of_class = points[labels == i]
        axes.scatter(
            of_class[:, 0],
            of_class[:, 1],
            **{
                "s": size,
                "color": MANY[i],
                "edgecolors": "white",
                "linewidths": 0.6,
                "label": name,
                "zorder": 3,
                **style,
            },
        )


def confusion(axes: Axes, labels: np.ndarray, predicted: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Draw how often a class was taken for another; returns the counts (classes, classes), true by row."""
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    blues = [pale(COLOURS[0], share) for share in np.linspace(0.03, 1, 64)]
    axes.imshow(shares, cmap=ListedColormap(blues), vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if len(names) <= 12 and (counts[row, column] or len(names) <= 4):
            colour = "white" if shares[row, column] > 0.6 else INK
            axes.text(
                column, row, str(counts[row, column]), ha="center", va="center", color=colour, fontsize=9
            )
    axes.set_xticks(range(len(names)), names, rotation=30 if max(map(len, names)) > 3 else 0)
    axes.set_yticks(range(len(names)), names)
    axes.grid(False)
    return counts
