"""Gridworlds as pictures: values as colours, policies as arrows, the sweeps of a method as a film."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

import dllab
from dllab_rl.mdps import Grid, Mdp

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WALL, INK = "#3b3f46", "#22262e"
ENDS = {"G": ("#d3efdf", "#1a7f4b", "G"), "O": ("#f7d8d3", "#b3261e", "O"), "T": ("#e5e7eb", "#6b7280", "■")}
MOST_NUMBERS = 120  # cells; beyond, only colours and arrows
# (right, up) of an arrow by its name
DIRECTIONS = {"←": (-1, 0), "→": (1, 0), "↑": (0, 1), "↓": (0, -1)}


def draw_values(
    axes: Axes,
    mdp: Mdp,
    values: np.ndarray,
    title: str,
    limits: tuple[float, float],
    best: np.ndarray | None = None,
) -> None:
    """Colour each cell by its value, (num_states,); best: bool (num_states, num_actions), drawn as arrows."""
    grid = _grid(mdp)
    rows, columns = grid.cells.shape
    shown = np.full((rows, columns), np.nan)
    shown[grid.cells >= 0] = values[grid.cells[grid.cells >= 0]]
    axes.set_facecolor(WALL)
    axes.imshow(np.ma.masked_invalid(shown), cmap="YlGnBu_r", vmin=limits[0], vmax=limits[1])
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title(title)
    has_numbers = rows * columns <= MOST_NUMBERS
    middle = (limits[0] + limits[1]) / 2
    for (row, column), state in np.ndenumerate(grid.cells):
        mark = str(grid.marks[row, column])
        if mark in ENDS:
            paper, colour, word = ENDS[mark]
            axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=paper, edgecolor="none"))
            axes.text(
                column, row, word, color=colour, ha="center", va="center", fontsize=11, fontweight="bold"
            )
        if state < 0 or mark in ENDS:
            continue
        ink = "white" if values[state] < middle else INK
        if mark == "S":
            axes.text(column - 0.36, row - 0.33, "S", color=ink, ha="center", va="center", fontsize=8)
        if has_numbers:
            axes.text(
                column, row + 0.34, f"{values[state]:.3g}", color=ink, ha="center", va="center", fontsize=6.5
            )
        if best is not None:
            _arrows(axes, row, column, [mdp.action_names[a] for a in np.flatnonzero(best[state])], ink)


def _grid(mdp: Mdp) -> Grid:
    if mdp.grid is None:
        raise ValueError(f"{mdp.name} has no cells to draw")
    return mdp.grid


def _arrows(axes: Axes, row: int, column: int, names: Sequence[str], colour: str) -> None:
    back = -0.26 if len(names) == 1 else 0.02  # one alone stands in the middle
    for name in names:
        right, up = DIRECTIONS[name]
        tip = 0.26 if len(names) == 1 else 0.3
        axes.annotate(
            "",
            xy=(column + tip * right, row - 0.06 - tip * up),
            xytext=(column + back * right, row - 0.06 - back * up),
            arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.0, "mutation_scale": 8},
        )


def draw_path(axes: Axes, mdp: Mdp, path: Sequence[int], label: str, colour: str, aside: float = 0.0) -> None:
    """Draw the states that a policy goes through as a line, moved by `aside` of a cell."""
    grid = _grid(mdp)
    places = {int(state): where for where, state in np.ndenumerate(grid.cells) if state >= 0}
    rows, columns = zip(*(places[state] for state in path), strict=True)
    axes.plot(
        np.array(columns) + aside, np.array(rows) + aside, color=colour, linewidth=5.0, alpha=0.45,
        label=label,
        solid_joinstyle="round", solid_capstyle="round",
    )  # fmt: skip


def size_of(mdp: Mdp) -> tuple[float, float]:
    """A figure's size in inches that gives a gridworld room."""
    rows, columns = _grid(mdp).cells.shape
    cell = min(0.95, 11 / columns, 8 / rows)
    return max(3.6, columns * cell + 0.4), max(2.6, rows * cell + 0.8)


def film(mdp: Mdp, sweeps: Sequence[np.ndarray], titles: Sequence[str], gamma: float) -> Iterator[Any]:
    """A picture (3, H, W) of each sweep's values, and the actions that are best by them."""
    from dllab_rl.mdps import greedy

    last = sweeps[-1]
    limits = float(min(last.min(), 0)), float(max(last.max(), 0)) + 1e-9
    for values, title in zip(sweeps, titles, strict=True):
        figure, axes = dllab.new_figure(size=size_of(mdp))
        draw_values(axes, mdp, values, title, limits, greedy(mdp, values, gamma))
        yield dllab.figure_image(figure)
