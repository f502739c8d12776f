"""Figures about how good agents are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dllab
from dllab_rl.environments import Task
from dllab_rl.evaluation import Episodes

COLOURS = {"test": "#c2410c", "train": "#0f766e"}


def plot_episodes(
    run: dllab.Run,
    title: str,
    task: Task,
    played: Mapping[str, Episodes],
    summary: Mapping[str, Mapping[str, Any]],
) -> None:
    """episodes.png: every episode's score in order of size, with the mean and its interval."""
    import matplotlib

    matplotlib.use("Agg")
    import numpy as np
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for split, episodes in played.items():
        scores = np.sort(episodes.scores)
        share = (np.arange(len(scores)) + 0.5) / len(scores) * 100
        colour, about = COLOURS[split], summary[split]
        label = f"{split} levels" if task.has_levels else "episodes"
        axes.plot(share, scores, marker=".", markersize=3, linewidth=1, color=colour, label=label)
        axes.axhline(about["mean"], color=colour, linestyle="--", linewidth=1)
        axes.axhspan(about["low"], about["high"], color=colour, alpha=0.15, linewidth=0)
    axes.set_xlabel("episodes that did no better, %")
    axes.set_ylabel(task.score_name)
    axes.set_title(f"{title}\ndashed: mean with its 95 % interval", fontsize=10)
    axes.set_xlim(0, 100)
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", frameon=False)
    run.save_figure("episodes.png", figure)
