"""Learning in tables inside the kernel: single updates by hand, going on as if never stopped, and good scores."""

from __future__ import annotations

import numpy as np
import pytest

from jellyrun.env import JellyRunEnv
from jellyrun.tables import Tables

LEVEL = "---\n" + "." * 40 + "\n" + "." * 40 + "\n" + "#" * 40


@pytest.fixture
def tables() -> Tables:
    return JellyRunEnv().tables()


def states_of_a_run(steps: int) -> tuple[list[int], list[float]]:
    """What the table sees of running straight on in an empty level, and the rewards."""
    env = JellyRunEnv(observation="discrete", level=LEVEL)
    seen, rewards = [env.reset()[0]], []
    for _ in range(steps):
        state, reward, *_ = env.step(0)
        seen.append(state)
        rewards.append(reward)
    return seen, rewards


def test_q_learning_makes_the_updates_of_the_book() -> None:
    """Three greedy steps in an empty level, by Sutton & Barto's equation 6.8."""
    seen, rewards = states_of_a_run(3)
    learner = JellyRunEnv(level=LEVEL).tables()
    q, by_hand = learner.new_table(), learner.new_table()
    q[:, 1:] = by_hand[:, 1:] = -100.0  # so that running on is the best
    learner.q_learning(q, 3, learning_rate=0.5, discount=0.9, epsilon=0.0)
    for s, reward, following in zip(seen, rewards, seen[1:], strict=False):
        by_hand[s, 0] += 0.5 * (np.float32(reward) + 0.9 * by_hand[following].max() - by_hand[s, 0])
    assert np.array_equal(q, by_hand)


def test_sarsa_and_q_learning_agree_without_exploration_and_differ_with_it(tables: Tables) -> None:
    results = {}
    for name in ("sarsa", "q_learning"):
        for epsilon in (0.0, 0.3):
            q = tables.new_table(1.0)
            getattr(tables, name)(q, 20_000, epsilon=epsilon, seed=1)
            results[name, epsilon] = q
    assert not np.array_equal(results["sarsa", 0.3], results["q_learning", 0.3])
    assert np.array_equal(results["sarsa", 0.0] != 1, results["q_learning", 0.0] != 1)


@pytest.mark.parametrize("name", ["q_learning", "sarsa"])
def test_learning_in_two_calls_is_learning_in_one(name: str) -> None:
    whole, halves = JellyRunEnv().tables(), JellyRunEnv().tables()
    one, two = whole.new_table(), halves.new_table()
    expected = getattr(whole, name)(one, 30_000, seed=4)
    parts = [getattr(halves, name)(two, 15_000, seed=4, begin=begin) for begin in (0, 15_000)]
    assert np.array_equal(one, two)
    assert expected.scores.tolist() == [*parts[0].scores, *parts[1].scores]
    assert expected.episodes == len(expected.scores) > 50


def test_the_same_seed_learns_the_same_table_and_another_does_not(tables: Tables) -> None:
    learned = []
    for seed in (0, 0, 1):
        q = tables.new_table()
        tables.q_learning(q, 10_000, seed=seed)
        learned.append(q)
    assert np.array_equal(learned[0], learned[1]) and not np.array_equal(learned[0], learned[2])


def test_monte_carlo_learns_the_mean_of_returns() -> None:
    """Two episodes without chance are the same, so a value is the discounted return of its first visit."""
    learner = JellyRunEnv(level=LEVEL).tables()
    q, counts = learner.new_table(), np.zeros((learner.num_states, learner.num_actions), dtype=np.int64)
    q[:, 1:] = -1000.0
    done = learner.monte_carlo(q, counts, 2, discount=0.9, epsilon=0.0)
    seen, rewards = states_of_a_run(done.updates // 2)
    returns = [sum(0.9**k * r for k, r in enumerate(rewards[t:])) for t in range(len(rewards))]
    for s in set(seen[:-1]):
        assert counts[s, 0] == 2 and q[s, 0] == pytest.approx(returns[seen.index(s)], abs=1e-5)
    assert done.scores[0] == done.scores[1] > 0


def test_transitions_are_counted_once_for_each_step(tables: Tables) -> None:
    counts = tables.transitions(None, 5000, seed=2)
    assert counts.counts.sum() == 5000 and counts.counts.min() >= 1
    ends = counts.following == tables.num_states
    assert 10 < counts.counts[ends].sum() < 60 and (counts.following <= tables.num_states).all()
    keys = list(zip(counts.states, counts.actions, counts.following, strict=True))
    assert len(set(keys)) == len(keys)
    assert counts.rewards[ends].mean() < counts.rewards[~ends].mean()
    assert np.bincount(counts.actions, counts.counts, 3) == pytest.approx([5000 / 3] * 3, rel=0.1)


def test_an_evaluation_is_the_greedy_game_of_the_single_environment(tables: Tables) -> None:
    q = np.random.default_rng(0).normal(size=(tables.num_states, tables.num_actions))
    scores = tables.evaluate(q, [3, 4], split="test")
    env = JellyRunEnv(observation="discrete", split="test")
    for level, score in zip((3, 4), scores, strict=True):
        state, _ = env.reset(options={"level": level})
        is_over = False
        while not is_over:
            state, _, is_over, _, info = env.step(int(q[state].argmax()))
        assert info["score"] == score


@pytest.mark.parametrize("table", [np.zeros((5, 3)), np.zeros((12800, 3), dtype=np.float32), [[0.0]], None])
def test_a_table_of_another_form_is_refused_in_one_line(tables: Tables, table: object) -> None:
    if table is None:
        table = tables.new_table().T.copy().T
    with pytest.raises(ValueError, match="must be a contiguous array of"):
        tables.q_learning(table, 10)


def test_a_split_that_there_is_not_is_refused(tables: Tables) -> None:
    with pytest.raises(ValueError, match="split='all': must be one of train, test"):
        tables.evaluate(tables.new_table(), [0], split="all")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_q_learning_beats_the_heuristic_on_levels_it_has_not_seen(seed: int) -> None:
    env = JellyRunEnv(split="test")
    heuristic = env.play_scripted(range(256))[0].mean()
    learner = env.tables(split="train")
    q = learner.new_table()
    learner.q_learning(q, 4_000_000, (0.2, 0.02), 0.98, (0.1, 0.01), seed=seed)
    assert learner.evaluate(q, range(256), split="test").mean() > 1.5 * heuristic
