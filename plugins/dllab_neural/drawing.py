"""What several pictures share: maps of a function over the plane, points, networks with numbers, films."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from dllab import COLOURS, figure_image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED = "#22262e", "#6b7280"
LOW, HIGH = COLOURS[1], COLOURS[0]  # the class 0 or a negative weight, the class 1 or a positive weight


def pale(colour: str, share: float = 0.22) -> tuple[float, float, float]:
    """A colour on white, as if it covered that share."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


TWO = LinearSegmentedColormap.from_list("two", [pale(LOW, 0.55), "white", pale(HIGH, 0.55)])
SHADES = LinearSegmentedColormap.from_list("shades", ["white", HIGH])


def bounds(values: np.ndarray, margin: float = 0.08) -> tuple[float, float]:
    """The range of values with a margin on both sides."""
    low, high = float(values.min()), float(values.max())
    room = margin * ((high - low) or 1.0)
    return low - room, high + room


def places(
    across: tuple[float, float], up: tuple[float, float], steps: int = 80
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x (steps,), y (steps,) and all places of the map (steps * steps, 2), row by row."""
    x, y = np.linspace(*across, steps), np.linspace(*up, steps)
    return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def field(
    axes: Axes,
    decide: Callable[[np.ndarray], np.ndarray],
    across: tuple[float, float],
    up: tuple[float, float],
    *,
    steps: int = 80,
    span: tuple[float, float] = (0.0, 1.0),
    border: float | None = None,
) -> None:
    """Colour the plane by decide, (m, 2) to (m,) values in span, and draw its border in the middle."""
    x, y, where = places(across, up, steps)
    value = np.asarray(decide(where)).reshape(steps, steps)
    axes.imshow(
        value,
        cmap=TWO,
        vmin=span[0],
        vmax=span[1],
        origin="lower",
        extent=(*across, *up),
        aspect="auto",
        interpolation="bilinear" if steps < 100 else "nearest",
    )
    middle = sum(span) / 2 if border is None else border
    if value.min() < middle < value.max():
        axes.contour(x, y, value, levels=[middle], colors=INK, linewidths=1.3)
    axes.set(xlim=across, ylim=up)
    axes.grid(False)


def dots(axes: Axes, points: np.ndarray, labels: np.ndarray, size: float = 26, **style: Any) -> None:
    """The points (n, 2) of two classes, orange and blue."""
    for label, colour in ((0, LOW), (1, HIGH)):
        axes.scatter(
            *points[labels == label].T,
            **{"s": size, "color": colour, "edgecolors": "white", "linewidths": 0.7, "zorder": 3, **style},
        )


def empty(axes: Axes, across: tuple[float, float], up: tuple[float, float]) -> None:
    """Axes without a frame, to draw on."""
    axes.set(xlim=across, ylim=up, xticks=[], yticks=[])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def columns(layers: Sequence[int], width: float = 1.0, height: float = 1.0) -> list[np.ndarray]:
    """Where the neurons of each layer stand, a list of (n, 2), evenly in a box of that size."""
    across = np.linspace(0, width, len(layers))
    gap = height / max(max(layers) - 1, 1)
    return [
        np.column_stack([np.full(n, x), (height + gap * (n - 1)) / 2 - gap * np.arange(n)])
        for x, n in zip(across, layers, strict=True)
    ]


def edges(axes: Axes, left: np.ndarray, right: np.ndarray, weights: np.ndarray, most: float = 2.0) -> None:
    """Lines from the neurons on the left (m, 2) to those on the right (n, 2), by weights (n, m)."""
    for j, i in np.ndindex(*weights.shape):
        strength = min(abs(float(weights[j, i])) / most, 1.0)
        axes.plot(
            *np.stack([left[i], right[j]]).T,
            color=HIGH if weights[j, i] >= 0 else LOW,
            linewidth=0.4 + 3 * strength,
            alpha=0.25 + 0.6 * strength,
            zorder=1,
            solid_capstyle="round",
        )


def disc(axes: Axes, at: Sequence[float], words: str, colour: Any = "white", size: float = 900) -> None:
    """One neuron with words in it."""
    axes.scatter(*at, s=size, color=[colour], edgecolors=INK, linewidths=1.1, zorder=3)
    axes.text(*at, words, ha="center", va="center", fontsize=9, color=INK, zorder=4)


def worth_seeing(steps: int, most: int = 24, bend: float = 1.8) -> list[int]:
    """Which steps 0 .. steps - 1 become frames: all where few, else more of the early ones."""
    chosen = np.linspace(0, 1, min(most, steps)) ** (1.0 if steps <= most else bend) * (steps - 1)
    return np.unique(chosen.round().astype(int)).tolist()


def confusion(axes: Axes, labels: np.ndarray, predicted: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Draw how often a class was taken for another; returns the counts (classes, classes), true by row."""
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap=SHADES, vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.6 else INK
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.grid(False)
    return counts


def wipe(*panels: Axes) -> None:
    """Take off what was drawn on these axes, but for artists whose gid is "stays"; ticks are kept."""
    for axes in panels:
        for artist in (
            *axes.lines,
            *axes.collections,
            *axes.images,
            *axes.patches,
            *axes.texts,
            *axes.tables,
        ):
            if artist.get_gid() != "stays":
                artist.remove()


def frame(figure: Figure) -> np.ndarray:
    """The figure as a frame, (3, H, W); what follows keeps this first frame's layout, which is quicker."""
    picture = figure_image(figure)
    figure.set_layout_engine("none")
    return picture
