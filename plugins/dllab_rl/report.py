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
    import numpy as np

    figure, axes = dllab.new_figure(size=(7, 4))
    names = {
        "test": run.words("test levels", "시험 레벨"),
        "train": run.words("training levels", "훈련 레벨"),
    }
    for split, episodes in played.items():
        scores = np.sort(episodes.scores)
        share = (np.arange(len(scores)) + 0.5) / len(scores) * 100
        colour, about = COLOURS[split], summary[split]
        label = names[split] if task.has_levels else run.words("episodes", "에피소드")
        axes.plot(share, scores, marker=".", markersize=3, linewidth=1, color=colour, label=label)
        axes.axhline(about["mean"], color=colour, linestyle="--", linewidth=1)
        axes.axhspan(about["low"], about["high"], color=colour, alpha=0.15, linewidth=0)
    axes.set_xlabel(run.words("episodes that did no better, %", "이보다 낫지 않은 에피소드, %"))
    axes.set_ylabel(run.words(task.score_name, "점수" if task.has_levels else "이득"))
    dashed = run.words("dashed: mean with its 95 % interval", "점선: 평균과 95 % 구간")
    axes.set_title(f"{title}\n{dashed}", fontsize=10)
    axes.set_xlim(0, 100)
    axes.legend(loc="upper left", frameon=False)
    run.save_figure("episodes.png", figure)


def title_of(task: Task) -> str:
    """The environment in a figure's title."""
    name = task.env_id.rpartition("/")[2]
    return f"{name}, {task.args['difficulty']}" if "difficulty" in task.args else name
