"""Agents in the lab's own game: learnt on its fast face, played on every face."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

import dllab
from dllab.runner import RunRequest, carry_out
from dllab.store import Store
from dllab_rl.agents import agent_resources
from dllab_rl.environments import Task, open_task
from dllab_rl.evaluation import _play_in_turn, play
from dllab_rl.vec_envs import make_vec_env

SMALL = {
    "num_envs": 8, "num_steps": 32, "total_timesteps": 1024, "evaluations": 2, "evaluation_episodes": 2,
    "video": "none",
}  # fmt: skip
EMBEDDED = [one.name for one in agent_resources() if one.name.startswith("jellyrun/ppo-")]


@pytest.fixture(scope="module")
def easy() -> Task:
    return open_task("jellyrun", difficulty="easy")


def test_the_heuristic_beats_doing_nothing_by_three_times_on_unseen_levels(easy: Task) -> None:
    heuristic, no_op = (
        play(dllab.load_agent(name), easy, 32).scores for name in ("jellyrun/heuristic", "no-op")
    )
    assert heuristic.mean() >= 3 * no_op.mean()


@pytest.mark.parametrize("name", EMBEDDED)
def test_an_embedded_agent_plays_far_better_than_the_heuristic(name: str) -> None:
    agent = dllab.load_agent(name)
    assert agent.name == name
    task = open_task("jellyrun", difficulty=agent.env_args["difficulty"])
    learnt, heuristic = (
        play(one, task, 24).scores for one in (agent, dllab.load_agent("jellyrun/heuristic"))
    )
    assert learnt.mean() > 1.5 * heuristic.mean()


def test_two_agents_are_embedded_with_their_card() -> None:
    assert EMBEDDED == ["jellyrun/ppo-easy", "jellyrun/ppo-normal"]
    import dllab_rl

    card = (Path(dllab_rl.__file__).parent / "weights" / "MODEL_CARD.md").read_text(encoding="utf-8")
    for name in EMBEDDED:
        assert name in card


def test_an_agent_scores_the_same_in_one_game_and_in_many_at_once(easy: Task) -> None:
    agent = dllab.load_agent("jellyrun/ppo-easy")
    together = play(agent, easy, 4, first=7)
    in_turn = _play_in_turn(agent, easy, 4, 7, "test", lambda done: None)
    assert together.scores.tolist() == in_turn.scores.tolist()
    assert together.lengths.tolist() == in_turn.lengths.tolist()
    assert together.returns == pytest.approx(in_turn.returns)


def test_an_agent_made_for_another_observation_says_so_in_one_line() -> None:
    agent = dllab.load_agent("jellyrun/ppo-easy")
    env = gymnasium.make("jellyrun:jellyrun/JellyRun-v0", observation="grid")
    with pytest.raises(dllab.InputError, match=r"ppo-easy was made for .* with observation=state") as caught:
        agent.attach(env)
    assert "\n" not in str(caught.value)
    with pytest.raises(dllab.UsageError, match=r"ppo-easy was made for jellyrun:jellyrun/JellyRun-v0"):
        dllab.launch("evaluate-agent", {"agent": "jellyrun/ppo-easy", "env": "CartPole-v1"})


def test_an_agent_tells_how_likely_its_actions_are_and_what_it_expects() -> None:
    agent = dllab.load_agent("jellyrun/ppo-easy")
    env = gymnasium.make(agent.env_id, observation=agent.observation, **agent.env_args)
    agent.attach(env)
    observation, _ = env.reset(seed=1)
    likely = agent.probabilities(observation)
    assert likely.shape == (3,) and likely.sum() == pytest.approx(1)
    assert agent.act(observation) == likely.argmax()
    assert agent.value(observation) > 0


def test_many_games_go_on_from_their_state_to_the_same_bytes(easy: Task) -> None:
    first, second = (make_vec_env(easy, 6, split="train", seed=seed) for seed in (1, 2))
    rng = np.random.default_rng(0)
    first.reset()
    second.reset()
    for _ in range(200):
        first.step(rng.integers(0, 3, 6))
    second.set_state(first.get_state())
    assert np.array_equal(first.observe(), second.observe())
    for _ in range(400):
        actions = rng.integers(0, 3, 6)
        one, other = first.step(actions), second.step(actions)
        assert all(np.array_equal(a, b) for a, b in zip(one[:3], other[:3], strict=True))


def test_learning_in_the_game_that_was_stopped_goes_on_to_the_same_bytes(home: Path) -> None:
    def stop(event: dict[str, Any]) -> None:
        if event["kind"] == "metric" and 256 <= event["step"] < 1024:
            os.kill(os.getpid(), signal.SIGINT)

    with Store() as store:
        whole = carry_out(store, RunRequest("ppo", SMALL, seed=3, threads=1)).record
        stopped = carry_out(store, RunRequest("ppo", SMALL, seed=3, threads=1), [stop]).record
        assert (whole.status, stopped.status) == ("succeeded", "cancelled"), whole.error
        more = RunRequest("ppo", stopped.params, seed=3, threads=1, parent=stopped.id, relation="resume")
        resumed = carry_out(store, more).record
        names = ("agent.safetensors", "latest.safetensors", "evaluations.csv", "learning.png")
        for name in names:
            assert store.artifact(resumed.id, name).digest == store.artifact(whole.id, name).digest, name
        assert dllab.load_agent(resumed.id, store).observation == "state"


def test_the_game_is_learnt_from_grids_too(home: Path) -> None:
    record = dllab.launch("ppo", {**SMALL, "observation": "grid", "total_timesteps": 256})
    agent = dllab.load_agent(record.id)
    assert (agent.observation, agent.env_args) == ("grid", {"difficulty": "easy"})


@pytest.mark.slow
def test_the_game_is_learnt_from_its_pixels_too(home: Path) -> None:
    record = dllab.launch("ppo", {**SMALL, "observation": "pixels", "total_timesteps": 256})
    assert dllab.load_agent(record.id).observation == "pixels"


@pytest.mark.slow
def test_ppo_comes_to_seven_tenths_of_the_planner_on_unseen_levels(home: Path, easy: Task) -> None:
    """With its own settings; benchmarks/ppo.py has the times, docs/rl-benchmark.md all five seeds."""
    record = dllab.launch("ppo", {"video": "none"}, threads=1)
    learnt = play(dllab.load_agent(record.id), easy, 64).scores
    planner = play(dllab.load_agent("jellyrun/planner"), easy, 16).scores
    assert learnt.mean() >= 0.7 * planner.mean()
