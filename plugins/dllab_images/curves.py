"""Loss curves, smoothed, as a table and a figure."""

from __future__ import annotations

import numpy as np

import dllab


def smooth(values: list[float]) -> np.ndarray:
    """The mean of each value and those around it, over a fiftieth of all."""
    reach = max(1, len(values) // 50)
    padded = np.pad(np.asarray(values, dtype=np.float64), (reach, reach), mode="edge")
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    return np.convolve(padded, kernel, mode="valid")


def save_curves(run: dllab.Run, curves: dict[str, list[float]], labels: dict[str, str], title: str) -> None:
    """Leave curves.csv, whose columns are the curves' own names, and curves.png, with the labels.

    curves: name to a value for each step. labels: name to what the reader is told.
    """
    count = len(next(iter(curves.values())))
    run.save_table("curves.csv", {"step": list(range(count)), **curves})
    figure, axes = dllab.new_figure(size=(6.4, 3.6))
    for colour, (name, values) in zip(dllab.COLOURS, curves.items(), strict=False):
        axes.plot(values, color=colour, alpha=0.18, linewidth=0.6)
        axes.plot(smooth(values), color=colour, label=labels[name])
    lowest = min(min(values) for values in curves.values())
    if lowest > 0 and max(max(values) for values in curves.values()) > 20 * lowest:
        axes.set_yscale("log")
    axes.legend()
    axes.set_title(title, loc="left")
    axes.set_xlabel(run.words("step", "단계"))
    run.save_figure("curves.png", figure)
