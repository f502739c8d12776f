"""Learning in tables: the book's cliff, optima by exact equations, and Q-tables as agents."""

from __future__ import annotations

from pathlib import Path

import gymnasium
import numpy as np
import pytest
from safetensors.numpy import save_file

import dllab
from dllab_rl import table_learners, worlds
from dllab_rl.mdps import value_iteration
from dllab_rl.q_table import FORMAT, QTableAgent, metadata, read_q_table


def learner(
    name: str, method: int, episodes: int, seed: int = 1, **changes: object
) -> table_learners.Learner:
    settings = {"learning_rate": (0.5, 0.05), "epsilon": (0.3, 0.02), "gamma": 0.95} | changes
    return table_learners.Learner(worlds.world(name), method, episodes, most_steps=400, seed=seed, **settings)


@pytest.mark.parametrize("seed", range(3))
def test_q_learning_walks_along_the_cliff_and_sarsa_keeps_away(seed: int) -> None:
    settings = {"epsilon": (0.1, 0.1), "gamma": 1.0, "seed": seed}
    edge = learner("cliff", table_learners.Q_LEARNING, 4000, **settings)
    safe = learner("cliff", table_learners.SARSA, 4000, **settings)
    falls, fewer = edge.learn(4000).returns[2000:].mean(), safe.learn(4000).returns[2000:].mean()
    assert len(table_learners.walk(edge.mdp, edge.q)) == 13
    assert 15 <= len(table_learners.walk(safe.mdp, safe.q)) <= 19
    assert falls < -38 < -32 < fewer


@pytest.mark.parametrize(
    "method", [table_learners.Q_LEARNING, table_learners.SARSA, table_learners.MONTE_CARLO]
)
def test_every_method_finds_the_best_way_out_of_the_bakery(method: int) -> None:
    rate = (0.02, 0.005) if method == table_learners.MONTE_CARLO else (0.5, 0.05)
    one = learner("cookie", method, 20_000, learning_rate=rate)
    one.learn(20_000)
    best = value_iteration(one.mdp, 0.95)[-1][one.mdp.starts].mean()
    assert table_learners.greedy_value(one.mdp, one.q, 0.95) == pytest.approx(best, abs=0.02)


def test_learning_in_two_parts_is_learning_at_once() -> None:
    whole, parts = (learner("cookie", table_learners.Q_LEARNING, 400, seed=5) for _ in range(2))
    whole.learn(400)
    parts.learn(150)
    parts.learn(250)
    assert np.array_equal(whole.q, parts.q)
    other = learner("cookie", table_learners.Q_LEARNING, 400, seed=6)
    other.learn(400)
    assert not np.array_equal(whole.q, other.q)


def test_one_step_of_q_learning_and_of_sarsa_by_hand() -> None:
    """One state, one way out: q moves from 0 to the reward by the learning rate, episode after episode."""
    mdp = worlds.gridworld("#G#\n#S#\n###", "one", 0.0, -0.5)
    for method in (table_learners.Q_LEARNING, table_learners.SARSA):
        one = table_learners.Learner(mdp, method, 2, (0.5, 0.5), (0.0, 0.0), 1.0, 1, seed=3)
        up = int(mdp.actions[mdp.rewards > 0][0])
        one.q[mdp.starts[0]] = -1.0
        one.q[mdp.starts[0], up] = 0.0
        one.learn(1)
        assert one.q[mdp.starts[0], up] == pytest.approx(0.25)  # half of the way to 1 - 0.5
        one.learn(1)
        assert one.q[mdp.starts[0], up] == pytest.approx(0.375)


def test_a_table_is_an_agent_that_knows_its_environment(tmp_path: Path) -> None:
    file = tmp_path / "agent.safetensors"
    q = np.zeros((16, 4), dtype=np.float32)
    q[:, 2] = 1
    save_file({"q": q}, file, metadata("q-learning", "FrozenLake-v1", "", {}))
    agent = dllab.load_agent(file)
    assert isinstance(agent, QTableAgent)
    assert (agent.act(3), agent.env_id, agent.value(3)) == (2, "FrozenLake-v1", 1.0)
    assert agent.probabilities(0).sum() == pytest.approx(1)
    agent.attach(gymnasium.make("FrozenLake-v1"))
    with pytest.raises(dllab.InputError, match="16 states and 4 actions") as raised:
        agent.attach(gymnasium.make("CliffWalking-v1"))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("q", [np.zeros(4, np.float32), np.full((2, 2), np.nan, np.float32)])
def test_a_broken_table_is_refused(tmp_path: Path, q: np.ndarray) -> None:
    file = tmp_path / "agent.safetensors"
    save_file({"q": q}, file, {"agent": FORMAT})
    with pytest.raises(dllab.InputError, match=r"agent\.safetensors"):
        read_q_table(file)


def test_the_table_that_ships_beats_the_rules_of_thumb_on_unseen_levels() -> None:
    agent = dllab.load_agent("jellyrun/q-table")
    env = gymnasium.make(agent.env_id, observation=agent.observation, split="test").unwrapped
    levels = range(500, 564)
    scores = env.tables().evaluate(np.ascontiguousarray(agent.q, dtype=np.float64), levels, split="test")
    assert scores.mean() > env.play_scripted(levels, policy="heuristic")[0].mean()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_q_learning_beats_the_rules_of_thumb_with_every_seed(seed: int) -> None:
    env = gymnasium.make("jellyrun:jellyrun/JellyRun-v0", observation="discrete").unwrapped
    tables = env.tables()
    q = tables.new_table()
    tables.q_learning(q, 5_000_000, learning_rate=(0.3, 0.02), epsilon=(0.2, 0.01), seed=seed)
    test = gymnasium.make("jellyrun:jellyrun/JellyRun-v0", observation="discrete", split="test").unwrapped
    heuristic = test.play_scripted(range(256), policy="heuristic")[0].mean()
    assert tables.evaluate(q, range(256), split="test").mean() > heuristic
