"""ppo, a2c and dqn: they learn, stop, go on to the same bytes, and refuse what cannot work."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dllab
from dllab.errors import RunFailedError
from dllab.runner import RunRequest, carry_out
from dllab.store import RunRecord, Store

SMALL: dict[str, dict[str, Any]] = {
    "ppo": {"num_envs": 4, "num_steps": 32, "epochs": 2},
    "a2c": {"num_envs": 4, "num_steps": 8},
    "dqn": {"learning_starts": 100, "gradient_steps": 4, "train_every": 16, "buffer_size": 400},
}
CARTPOLE = {"env": "CartPole-v1", "difficulty": None, "video": "none", "evaluation_episodes": 2}


@pytest.fixture
def store(home: Path) -> Any:
    with Store() as opened:
        yield opened


def digests(store: Store, record: RunRecord) -> dict[str, str]:
    return {one.name: one.digest for one in store.artifacts(record.id, role="out")}


def points(store: Store, record: RunRecord) -> list[tuple[str, int, float]]:
    return sorted(
        (one.key, one.step, one.value) for one in store.metrics(record.id) if not one.key.endswith("_s")
    )


@pytest.mark.parametrize("algorithm", sorted(SMALL))
def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(algorithm: str, store: Store) -> None:
    """Nets, optimizer, memory, games, generators: the curve and the agent are those of one whole run."""
    params = {**CARTPOLE, **SMALL[algorithm], "total_timesteps": 1024, "evaluations": 4}
    whole = carry_out(store, RunRequest(algorithm, params, seed=3, threads=1)).record
    assert whole.status == "succeeded", whole.error

    def stop_in_the_middle(event: dict[str, Any]) -> None:
        if event["kind"] == "metric" and 384 <= event["step"] < 1024:
            os.kill(os.getpid(), signal.SIGINT)

    request = RunRequest(algorithm, params, seed=3, threads=1)
    stopped = carry_out(store, request, [stop_in_the_middle]).record
    assert stopped.status == "cancelled", stopped.error
    assert max(step for _, step, _ in points(store, stopped)) < 1024

    more = RunRequest(algorithm, stopped.params, seed=3, threads=1, parent=stopped.id, relation="resume")
    resumed = carry_out(store, more).record
    assert resumed.status == "succeeded", resumed.error
    assert points(store, resumed) == points(store, whole)
    tensors = [dllab.load_agent(one.id, store).tensors for one in (whole, resumed)]
    assert tensors[0].keys() == tensors[1].keys()
    assert all(np.array_equal(tensors[0][name], tensors[1][name]) for name in tensors[0])
    assert digests(store, resumed) == digests(store, whole)


def test_ppo_stops_at_its_target_and_says_that_it_was_reached(store: Store) -> None:
    params = {**CARTPOLE, "target": 120, "total_timesteps": 60_000, "evaluations": 15, "anneal": False}
    record = carry_out(store, RunRequest("ppo", params, seed=1, threads=1)).record
    assert record.status == "succeeded", record.error
    last = max(step for _, step, _ in points(store, record))
    assert last < 60_000
    held = {check["name"]: check for check in store.checks(record.id)}
    assert held["return on held-back levels"]["got"] >= 120
    agent = dllab.load_agent(record.id, store)
    assert (agent.algorithm, agent.env_id, agent.observation) == ("ppo", "CartPole-v1", None)


def test_a_target_that_was_missed_fails_the_run(store: Store) -> None:
    params = {**CARTPOLE, **SMALL["ppo"], "target": 500, "total_timesteps": 256}
    with pytest.raises(RunFailedError):
        dllab.launch("ppo", params, store=store)


def test_numbers_as_actions_are_learnt_by_ppo_and_refused_by_dqn(store: Store) -> None:
    params = {
        **CARTPOLE,
        **SMALL["ppo"],
        "env": "Pendulum-v1",
        "total_timesteps": 128,
        "evaluation_episodes": 1,
    }
    record = dllab.launch("ppo", params, store=store)
    agent = dllab.load_agent(record.id, store)
    action = agent.act(np.zeros(3, np.float32))
    assert action.shape == (1,) and -2 <= action[0] <= 2
    assert agent.probabilities(np.zeros(3, np.float32)) is None
    with pytest.raises(dllab.UsageError, match="Pendulum-v1: its actions are numbers"):
        dllab.launch("dqn", {**CARTPOLE, "env": "Pendulum-v1"}, store=store)


def test_an_environment_with_kinds_for_observations_is_learnt(store: Store) -> None:
    params = {**CARTPOLE, **SMALL["dqn"], "env": "FrozenLake-v1", "total_timesteps": 300,
              "env_args": ["map_name=4x4", "is_slippery=false"], "hidden": [16]}  # fmt: skip
    agent = dllab.load_agent(dllab.launch("dqn", params, store=store).id, store)
    assert agent.env_args == {"map_name": "4x4", "is_slippery": False}
    assert agent.act(5) in range(4)
    assert agent.probabilities(5).sum() == pytest.approx(1)
    assert agent.value(5) == pytest.approx(agent.outputs(np.array([5])).max())


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"env": "Foo-v0"}, "--env Foo-v0: Environment `Foo` doesn't exist; give jellyrun, or an id"),
        ({"env": "no_such_package:Foo-v0"}, "No module named 'no_such_package'"),
        ({"env": "Blackjack-v1"}, "its observations are Tuple; the agents take Box and Discrete"),
        ({"env": "CartPole-v1", "env_args": ["lengths=2"]}, "--env-args lengths=2: .*unexpected keyword"),
        ({"env": "CartPole-v1", "env_args": ["lengths"]}, "--env-args lengths: must be NAME=VALUE"),
        ({"env": "CartPole-v1", "observation": "grid"}, "--observation grid: CartPole-v1 has one kind"),
    ],
)  # fmt: skip
def test_an_environment_that_cannot_be_had_is_told_in_one_line(
    params: dict[str, Any], message: str, store: Store
) -> None:
    with pytest.raises(dllab.UsageError, match=message) as caught:
        dllab.launch("ppo", params, store=store)
    assert "\n" not in str(caught.value)
    assert store.runs() == []


def test_a_video_shows_the_best_agent(store: Store) -> None:
    params = {**CARTPOLE, **SMALL["ppo"], "total_timesteps": 128, "video": "gif", "video_seconds": 0.2}
    record = dllab.launch("ppo", params, store=store)
    from PIL import Image

    path = store.artifact(record.id, "agent.gif").path
    assert path is not None
    with Image.open(path) as film:
        assert film.n_frames <= 10 and film.size == (600, 400)
