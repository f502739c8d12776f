"""Learning before one's eyes: a real run of ppo in a process of its own, followed while it goes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import dllab
from dllab_play.learner import Learner
from dllab_play.words import Words

SMALL = {
    "env": "jellyrun", "num_envs": 8, "num_steps": 32, "evaluations": 2, "evaluation_episodes": 2,
    "video": "none",
}  # fmt: skip
PATIENCE_S = 120


def wait(learner: Learner, for_agent: bool = False) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and learner.is_learning and not (for_agent and learner.agent is not None):
        time.sleep(0.1)


@pytest.mark.slow
def test_the_newest_agent_comes_while_it_learns_and_the_best_at_the_end(home: Path) -> None:
    learner = Learner(home, Words("en"), {**SMALL, "total_timesteps": 4096})
    learner.start()
    wait(learner)
    learner.stop()
    assert learner.status == "succeeded" and learner.agent is not None and learner.points
    heading, lines, points = learner.shown(Words("en"))
    assert "has learnt" in heading and "4,096 steps" in lines[0] and points == learner.points
    with dllab.Store(home, read_only=True) as store:
        assert store.run(learner.run_id or "").experiment == "ppo", "an ordinary run of the store"


@pytest.mark.slow
def test_closing_the_window_stops_the_run_and_keeps_what_it_learnt(home: Path) -> None:
    learner = Learner(home, Words("en"), {**SMALL, "total_timesteps": 50_000_000})
    learner.start()
    wait(learner, for_agent=True)
    assert learner.is_learning and learner.timesteps < 50_000_000
    learner.stop()
    assert learner.status == "cancelled"
    assert dllab.load_agent(learner.run_id or "", store=None).timesteps > 0


def test_a_run_that_fails_says_why_in_one_line(home: Path) -> None:
    learner = Learner(home, Words("en"), {**SMALL, "difficulty": "impossible"})
    learner.start()
    wait(learner)
    learner.stop()
    assert learner.status == "failed" and "impossible" in learner.error and "\n" not in learner.error
    assert learner.shown(Words("en"))[0] == "the run ended: failed"
