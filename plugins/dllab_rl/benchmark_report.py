"""The table of rl-benchmark, as CSV and as a page of the documentation, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import dllab
from dllab_rl.evaluation import interquartile_mean

RESAMPLES = 2000
COLOURS = ("#94a3b8", "#64748b", "#0f766e", "#1d4ed8", "#a16207", "#be185d", "#c2410c")


def interval(scores: np.ndarray, seed: int) -> tuple[float, float]:
    """A 95 % interval of the mean of scores (trainings, levels).

    Trainings and levels are both drawn again, so that neither few seeds nor few levels look surer than they
    are; of a single training only the levels (Agarwal et al. 2021, section 4.1, draw runs in strata).
    """
    rng = np.random.default_rng(seed)
    trainings, levels = scores.shape
    rows = rng.integers(0, trainings, size=(RESAMPLES, trainings))
    columns = rng.integers(0, levels, size=(RESAMPLES, levels))
    means = [scores[row][:, column].mean() for row, column in zip(rows, columns, strict=True)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def table(scores: Mapping[str, np.ndarray], seed: int) -> list[dict[str, Any]]:
    """A row for each agent, the worst first."""
    best = max(float(each.mean()) for each in scores.values())
    rows = []
    for name, each in sorted(scores.items(), key=lambda pair: float(pair[1].mean())):
        low, high = interval(each, seed)
        rows.append({
            "agent": name, "trainings": len(each), "mean": float(each.mean()), "low": low, "high": high,
            "iqm": interquartile_mean(each.ravel()), "worst_training": float(each.mean(axis=1).min()),
            "share_of_best": float(each.mean()) / best if best > 0 else 0.0,
        })  # fmt: skip
    return rows


def leave_tables(run: dllab.Run, params: Any, scores: Mapping[str, np.ndarray]) -> None:
    """benchmark.csv, scores.csv and rl-benchmark.md."""
    rows = table(scores, run.seed)
    run.save_table("benchmark.csv", rows)
    every = [
        {"agent": name, "training": training, "level": level, "score": float(score)}
        for name, each in scores.items()
        for training, line in enumerate(each)
        for level, score in enumerate(line)
    ]
    run.save_table("scores.csv", every)
    with run.open_file("rl-benchmark.md", "w") as file:
        file.write(page(params, rows))


def page(params: Any, rows: list[dict[str, Any]]) -> str:
    """The table as Markdown, with what it takes to make it again."""
    lines = [
        "# Agents on JellyRun",
        "",
        f"The score of the game, difficulty {params.difficulty}, on the first {params.levels} test levels,",
        "which no agent has learnt on. In brackets a 95 % bootstrap interval over trainings and levels; IQM",
        "is the mean of the middle half of all scores.",
        "",
        "| agent | trainings | mean score | IQM | worst training | of the best |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['agent']} | {row['trainings'] if row['trainings'] > 1 else '–'} | {row['mean']:.0f} "
        f"({row['low']:.0f} to {row['high']:.0f}) | {row['iqm']:.0f} | {row['worst_training']:.0f} | "
        f"{row['share_of_best']:.0%} |"
        for row in rows
    ]
    lines += [
        "",
        f"PPO learnt for {params.ppo_steps:,} steps, DQN for {params.dqn_steps:,}, Q-learning for "
        f"{params.q_steps:,};",
        "each with the settings that its experiment has by default. Made by:",
        "",
        "```bash",
        f"dllab run rl-benchmark --difficulty {params.difficulty} --levels {params.levels} "
        f"--seeds {params.seeds}",
        "```",
        "",
    ]
    return "\n".join(lines)


def leave_figures(
    run: dllab.Run, params: Any, scores: Mapping[str, np.ndarray], gaps: Mapping[str, list[float]]
) -> None:
    """benchmark.png and gap.png."""
    if scores:
        run.save_figure("benchmark.png", _bars(run, params, table(scores, run.seed)))
    if gaps:
        run.save_figure("gap.png", _gap(run, params, gaps))


def _bars(run: dllab.Run, params: Any, rows: list[dict[str, Any]]) -> Any:
    figure, axes = dllab.new_figure(size=(7.5, 0.9 + 0.5 * len(rows)))
    names = [row["agent"] for row in rows]
    means = [row["mean"] for row in rows]
    reach = [[row["mean"] - row["low"] for row in rows], [row["high"] - row["mean"] for row in rows]]
    colours = [COLOURS[i % len(COLOURS)] for i in range(len(rows))]
    axes.barh(names, means, xerr=reach, color=colours, ecolor="#1e293b", capsize=3, height=0.7)
    for place, row in enumerate(rows):
        axes.text(row["high"] + max(means) * 0.015, place, f"{row['mean']:.0f}", va="center", fontsize=9)
    axes.set_xlim(0, max(row["high"] for row in rows) * 1.1)
    axes.set_xlabel(
        run.words(
            f"mean score on {params.levels} unseen levels, {params.difficulty} (95 % interval)",
            f"처음 보는 {params.levels}개 레벨의 평균 점수, {params.difficulty} (95 % 구간)",
        )
    )
    return figure


def _gap(run: dllab.Run, params: Any, gaps: Mapping[str, list[float]]) -> Any:
    counts = sorted(map(int, gaps))
    train = [gaps[str(count)][0] for count in counts]
    test = [gaps[str(count)][1] for count in counts]
    figure, axes = dllab.new_figure(size=(6.5, 4))
    axes.fill_between(counts, test, train, color="#94a3b8", alpha=0.25, label=run.words("gap", "격차"))
    label = run.words("levels it learnt on", "배운 레벨")
    axes.plot(counts, train, marker="o", color="#0f766e", label=label)
    label = run.words("unseen levels", "처음 보는 레벨")
    axes.plot(counts, test, marker="o", color="#c2410c", label=label)
    axes.set_xscale("log")
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel(run.words("training levels", "훈련 레벨 수"))
    axes.set_ylabel(run.words("mean score", "평균 점수"))
    steps = f"{params.gap_steps:,}"
    title = run.words(
        f"PPO after {steps} steps, {params.difficulty}", f"{steps}걸음 배운 PPO, {params.difficulty}"
    )
    axes.set_title(title, fontsize=11)
    axes.legend(frameon=False)
    return figure
