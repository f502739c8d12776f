"""The figure of a sweep: each metric over the grid's first parameter, with intervals over the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dllab.texts import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dllab.sweep import SweepPlan

MAX_PANELS = 4
LOG_SPAN, UNEVEN = 30, 4  # an axis is logarithmic for values, and gaps between them, so many times the least
CLOSEST = 0.06  # shares of the axis: values nearer than that get no ticks of their own
LONGEST_ROW = 32  # characters of words below one axis that fit side by side
Row = Mapping[str, Any]


def draw(plan: SweepPlan, summary: Sequence[Row]) -> Figure:
    """The metrics over the grid's first parameter, a line per combination of the others; bars: intervals.

    summary: rows as `dllab.sweep.summary_rows` makes them, at least one. At most MAX_PANELS metrics.
    """
    import numpy as np

    from dllab.figures import new_figure

    names = list(plan.grid)
    metrics = [key for key in summary[0] if f"{key} ±" in summary[0]]
    shown = metrics[:MAX_PANELS]
    count = max(1, len(shown))
    rows, columns = (1, count) if count <= 3 else (2, 2)
    figure, axes = new_figure(rows, columns, size=(5.2 * columns, 3.7 * rows + 0.4), squeeze=False)
    for one, metric in zip(np.ravel(axes), shown, strict=False):
        _panel(one, names, metric, summary)
    seeds = len(plan.seeds)
    words = [
        text("sweep.figure_mean", experiment=plan.experiment, seeds=seeds) if seeds > 1 else plan.experiment
    ]
    if len(shown) < len(metrics):
        words.append(text("sweep.figure_part", shown=len(shown), metrics=len(metrics)))
    figure.suptitle("\n".join(words), fontsize=11, linespacing=1.5)
    return figure


def _panel(axes: Axes, names: Sequence[str], metric: str, summary: Sequence[Row]) -> None:
    """One metric: a line for each combination of the parameters after the first."""
    lines: dict[str, list[Row]] = {}
    for row in summary:
        if row[metric] is not None:
            label = ", ".join(f"{name} = {_word(row[name])}" for name in names[1:])
            lines.setdefault(label, []).append(row)
    places: list[Any] = [row[names[0]] if names else text("sweep.figure_all") for row in summary]
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in places)
    for label, rows in lines.items():
        if is_number:
            rows.sort(key=lambda row: float(row[names[0]]))
        x = [row[names[0]] if names else text("sweep.figure_all") for row in rows]
        y, error = [row[metric] for row in rows], [row[f"{metric} ±"] or 0 for row in rows]
        bars = error if any(error) else None
        axes.errorbar(
            x if is_number else [_word(value) for value in x],
            y,
            yerr=bars,
            marker="o",
            markersize=5,
            capsize=3,
            linestyle="-" if is_number else "none",
            label=label or None,
        )
    axes.set_title(metric, loc="left")
    if is_number:
        _number_ticks(axes, sorted(set(places)))
    else:
        _word_ticks(axes, list(dict.fromkeys(map(_word, places))))
    _whole_heights(axes, [row[metric] for rows in lines.values() for row in rows])
    axes.set_xlabel(names[0] if names else "")
    if len(lines) > 1:
        axes.legend()


def _number_ticks(axes: Axes, values: Sequence[float]) -> None:
    """A tick at every value where they fit, else at whole numbers where all are; a long span by powers."""
    import math

    from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

    steps = [after - before for before, after in pairwise(values)]
    is_log = values[0] > 0 and values[-1] > LOG_SPAN * values[0] and max(steps) > UNEVEN * min(steps)
    if is_log:
        axes.set_xscale("log")
    at = [math.log(value) for value in values] if is_log else list(values)
    gaps = [after - before for before, after in pairwise(at)]
    if not gaps or min(gaps) >= CLOSEST * (at[-1] - at[0]):
        axes.xaxis.set_major_locator(FixedLocator(list(values)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    elif not is_log and all(isinstance(value, int) for value in values):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _word_ticks(axes: Axes, words: Sequence[str]) -> None:
    """Words side by side, aslant where they are too long for that, with room at both ends."""
    axes.set_xlim(-0.5, len(words) - 0.5)
    if sum(map(len, words)) + 2 * len(words) > LONGEST_ROW:
        for label in axes.get_xticklabels():
            label.set(rotation=30, ha="right", rotation_mode="anchor")


def _whole_heights(axes: Axes, heights: Sequence[float]) -> None:
    """Whole numbers on the upright axis where every mean is one, as of counts."""
    from matplotlib.ticker import MaxNLocator

    if heights and all(float(height).is_integer() for height in heights):
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))


def _word(value: Any) -> str:
    """A parameter's value as the command line would take it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
