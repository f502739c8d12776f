"""Agents of every kind beside each other on the same unseen levels: the experiment `rl-benchmark`."""

from __future__ import annotations

from typing import Literal

import dllab
from dllab_rl.texts import ABOUT

SCRIPTED = ("random", "no-op", "jellyrun/heuristic", "jellyrun/planner")
LEARNT = ("q-learning", "dqn", "ppo")


class BenchmarkParams(dllab.Params):
    difficulty: Literal["easy", "normal", "hard"] = dllab.param("easy", help="difficulty of jellyrun")
    scripted: tuple[str, ...] = dllab.param(SCRIPTED, max_length=32, help="agents that are there, by name")
    learnt: tuple[Literal["q-learning", "dqn", "ppo"], ...] = dllab.param(
        LEARNT, max_length=3, help="agents that are trained here, once for each seed"
    )
    levels: int = dllab.param(256, ge=2, le=10_000, help="test levels, the same for all")
    seeds: int = dllab.param(5, ge=1, le=100, help="trainings of each kind")
    ppo_steps: int = dllab.param(4_000_000, ge=1, le=10_000_000_000, help="steps that PPO learns for")
    dqn_steps: int = dllab.param(300_000, ge=1, le=10_000_000_000, help="steps that DQN learns for")
    q_steps: int = dllab.param(20_000_000, ge=1, le=10_000_000_000, help="steps that Q-learning learns for")
    gap_levels: tuple[int, ...] = dllab.param(
        (1, 10, 100, 1000), max_length=8, help="training levels to show the gap of generalisation for"
    )
    gap_steps: int = dllab.param(2_000_000, ge=1, le=10_000_000_000, help="steps that PPO learns for in each")


@dllab.experiment(
    "rl-benchmark",
    topic="reinforcement learning",
    about=ABOUT["rl-benchmark"],
    tiny={
        "scripted": ("random", "no-op"), "learnt": ("q-learning",), "levels": 2, "seeds": 1, "q_steps": 1000,
        "gap_levels": (),
    },
    ko={
        "difficulty": "jellyrun의 난이도",
        "scripted": "이미 있는 에이전트의 이름",
        "learnt": "여기서 시드마다 한 번씩 훈련할 에이전트",
        "levels": "모두가 치르는 시험 레벨 수",
        "seeds": "종류마다 훈련하는 횟수",
        "ppo_steps": "PPO가 배우는 걸음 수",
        "dqn_steps": "DQN이 배우는 걸음 수",
        "q_steps": "Q-러닝이 배우는 걸음 수",
        "gap_levels": "일반화 격차를 보일 훈련 레벨 수들",
        "gap_steps": "그때마다 PPO가 배우는 걸음 수",
    },
)  # fmt: skip
def rl_benchmark(run: dllab.Run, params: BenchmarkParams) -> None:
    """Agents of every kind beside each other on the same unseen levels of jellyrun.

    Source: the gap between training and test levels as in Cobbe et al. 2020.
    """
    from dllab_rl.benchmark_parts import Benchmark

    Benchmark(run, params).carry_out()
