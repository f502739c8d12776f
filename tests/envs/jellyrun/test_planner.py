"""The planner: it proves that levels can be passed, and plays them."""

from __future__ import annotations

import numpy as np
import pytest

from jellyrun import rules
from jellyrun.env import JellyRunEnv
from jellyrun.kernel import search


def plan_all(
    difficulty: str, split: str, count: int, quota: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scores, lengths, reached = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, bool)
    number, numbers = rules.DIFFICULTIES.index(difficulty), np.arange(count)
    search.plan_levels(
        numbers, rules.SPLITS.index(split), number, rules.MAX_STEPS, quota, scores, lengths, reached
    )
    return scores, lengths, reached


@pytest.mark.parametrize("difficulty", rules.DIFFICULTIES)
def test_levels_can_be_passed(difficulty: str) -> None:
    _scores, lengths, reached = plan_all(difficulty, "train", 25)
    assert reached.all()
    assert lengths.min() >= 900 and lengths.max() <= 1800  # 30 to 60 seconds


@pytest.mark.slow
@pytest.mark.parametrize("split", rules.SPLITS)
@pytest.mark.parametrize("difficulty", rules.DIFFICULTIES)
def test_a_thousand_levels_of_each_difficulty_and_split_can_be_passed(difficulty: str, split: str) -> None:
    """Where a narrow search finds no way, a wider one does."""
    _scores, _lengths, reached = plan_all(difficulty, split, 1000)
    for index in np.flatnonzero(~reached):
        env = JellyRunEnv(difficulty=difficulty, split=split)
        env.reset(options={"level": int(index)})
        planner = env.planner(quota=16)
        planner.act()
        assert planner.is_reaching_end, f"{difficulty}/{split}/{index}"
    assert (~reached).sum() <= 10


def test_the_planner_reaches_the_score_that_it_planned_for() -> None:
    env = JellyRunEnv(split="test")
    scores, lengths, _ = plan_all("easy", "test", 2)
    for level in range(2):
        env.reset(options={"level": level})
        planner, is_over, steps = env.planner(), False, 0
        while not is_over:
            _, _, is_over, _, info = env.step(planner.act())
            steps += 1
        assert (info["score"], steps, info["ending"]) == (scores[level], lengths[level], "finished")


def test_the_planner_plans_anew_when_somebody_else_has_played() -> None:
    env = JellyRunEnv()
    env.reset(options={"level": 0})
    planner, is_over, steps = env.planner(), False, 0
    while not is_over:
        action = 2 if steps % 200 == 150 else planner.act()  # slides now and then, whatever comes
        _, _, is_over, _, info = env.step(action)
        steps += 1
    assert info["ending"] == "finished"


def test_where_every_way_dies_the_plan_lasts_as_long_as_it_can(make_game) -> None:
    env = make_game({(column, -1): "_" for column in range(10, 60)})
    planner, is_over = env.planner(), False
    while not is_over:
        _, _, is_over, _, info = env.step(planner.act())
    assert info["ending"] == "fell" and not planner.is_reaching_end
    assert env.snapshot().x > 10 * rules.TILE + 18 * 6  # both jumps were used


def test_the_heuristic_scores_three_times_as_much_as_doing_nothing_and_the_planner_three_times_that() -> None:
    for difficulty in ("easy", "normal", "hard"):
        env = JellyRunEnv(difficulty=difficulty, split="test")
        scores = {
            name: env.play_scripted(range(256), name)[0].mean() for name in ("no-op", "random", "heuristic")
        }
        planned, _, _ = plan_all(difficulty, "test", 16)
        assert scores["heuristic"] >= 3 * scores["no-op"] and scores["random"] < scores["heuristic"]
        assert planned.mean() >= 3 * scores["heuristic"]


@pytest.mark.parametrize("quota", [0, 65, 1.5, True])
def test_a_planner_with_an_absurd_quota_is_refused(quota: object) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 1 to 64"):
        JellyRunEnv().planner(quota)


def test_scripted_games_in_the_kernel_are_those_of_the_agent() -> None:
    env = JellyRunEnv(difficulty="normal", split="test")
    scores, lengths = env.play_scripted([7])
    env.reset(options={"level": 7})
    agent, is_over, steps = env.heuristic(), False, 0
    while not is_over:
        _, _, is_over, _, info = env.step(agent.act())
        steps += 1
    assert (info["score"], steps) == (scores[0], lengths[0])
    with pytest.raises(ValueError, match="policy='clever': must be one of heuristic, no-op, random"):
        env.play_scripted([0], "clever")
