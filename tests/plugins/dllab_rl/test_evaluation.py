"""Playing episodes, and the figures that are drawn from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dllab
from dllab_rl.environments import open_task
from dllab_rl.evaluation import bootstrap_interval, interquartile_mean, play


class Always:
    """The same action for ever."""

    def __init__(self, action: int) -> None:
        self.action = action

    def act(self, observation: Any) -> int:
        return self.action


def test_the_interquartile_mean_leaves_out_a_quarter_at_each_end() -> None:
    assert interquartile_mean(np.array([1, 2, 3, 4, 5, 6, 7, 100])) == pytest.approx((3 + 4 + 5 + 6) / 4)
    assert interquartile_mean(np.array([5.0, 1, 3])) == pytest.approx(3)


def test_the_bootstrap_interval_is_as_wide_as_the_normal_one_for_many_values() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(10, 2, size=400)
    low, high = bootstrap_interval(values, rng)
    half = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - half, abs=0.04)
    assert high == pytest.approx(values.mean() + half, abs=0.04)
    assert bootstrap_interval(np.full(5, 7.0), rng) == (7, 7)


def test_returns_and_lengths_are_those_of_the_rules() -> None:
    """FrozenLake without ice: right, right, right … never ends but by the time limit of 100 steps, at 0."""
    task = open_task("FrozenLake-v1", env_args=["is_slippery=false"])
    episodes = play(Always(2), task, 3)
    assert episodes.lengths.tolist() == [100] * 3
    assert episodes.scores.tolist() == [0.0] * 3
    task = open_task("CliffWalking-v1", env_args=["max_episode_steps=7"])  # down: stays at the start for -1
    assert play(Always(2), task, 2).returns.tolist() == [-7.0] * 2


def test_episodes_with_the_same_seeds_are_the_same() -> None:
    task = open_task("CartPole-v1")
    agent = dllab.load_agent("random")
    first, second = play(agent, task, 5, first=3), play(agent, task, 6, first=2)
    assert first.scores.tolist() == second.scores.tolist()[1:]
    assert len(set(first.scores.tolist())) > 1


def test_an_evaluation_leaves_every_episode_and_the_figures(home: Path) -> None:
    run = dllab.launch(
        "evaluate-agent", {"agent": "no-op", "env": "CartPole-v1", "episodes": 8, "first": 100}
    )
    with dllab.Store() as store:
        summary = json.loads(store.artifact(run.id, "summary.json").path.read_text(encoding="utf-8"))
        rows = store.artifact(run.id, "episodes.csv").path.read_text(encoding="utf-8").splitlines()[1:]
        metrics = store.latest_metrics(run.id)
    scores = [float(row.split(",")[2]) for row in rows]
    assert [row.split(",")[1] for row in rows] == [str(number) for number in range(100, 108)]
    assert summary["test"]["mean"] == metrics["test_mean"] == pytest.approx(np.mean(scores))
    assert (
        min(scores) >= 8 and max(scores) <= 10.5
    )  # a pole that is pushed to the left falls in 8 to 10 steps
    assert "gap" not in summary


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"agent": "random"}, "--agent random plays anything: say where by --env"),
        ({"agent": "jellyrun/planner", "env": "CartPole-v1"}, "planner knows jellyrun.* and not CartPole-v1"),
        ({"agent": "nobody"}, "there is no agent 'nobody'"),
    ],
)  # fmt: skip
def test_an_agent_that_cannot_play_there_is_told_in_one_line(
    params: dict[str, Any], message: str, home: Path
) -> None:
    with pytest.raises(dllab.UsageError, match=message) as caught:
        dllab.launch("evaluate-agent", params)
    assert "\n" not in str(caught.value)
