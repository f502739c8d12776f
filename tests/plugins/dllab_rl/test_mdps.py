"""MDPs against numbers of the books, and the two methods against each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import dllab
from dllab_rl import mdps, worlds

BOOK = [[0, -14, -20, -22], [-14, -18, -20, -20], [-20, -20, -18, -14], [-22, -20, -14, 0]]
AIMA = [0.812, 0.868, 0.918, 0.762, 0.660, 0.705, 0.655, 0.611, 0.388]
SMALL = ["book", "aima", "cookie", "frozen-lake", "cliff", "taxi"]


def gamma_of(name: str) -> float:
    return {"frozen-lake": 0.99, "taxi": 0.99, "cookie": 0.95}.get(name, 1.0)


def test_the_random_policy_of_example_4_1_has_the_values_of_the_book() -> None:
    book = worlds.world("book")
    values = mdps.evaluate_policy(book, mdps.evenly(book), 1.0)
    assert np.allclose(values.reshape(4, 4), BOOK, atol=1e-9)


def test_the_4_by_3_world_has_the_values_of_russell_and_norvig() -> None:
    aima = worlds.world("aima")
    values = mdps.value_iteration(aima, 1.0)[-1]
    assert values[aima.is_known.any(axis=1)] == pytest.approx(AIMA, abs=6e-4)


@pytest.mark.parametrize("name", SMALL)
def test_value_iteration_policy_iteration_and_the_equations_agree(name: str) -> None:
    mdp, gamma = worlds.world(name), gamma_of(name)
    by_value = mdps.value_iteration(mdp, gamma)[-1]
    by_policy = mdps.policy_iteration(mdp, gamma)[-1]
    best = mdps.evenly(mdp, mdps.greedy(mdp, by_value, gamma))
    assert np.abs(by_value - by_policy).max() <= 1e-8
    assert np.abs(by_value - mdps.evaluate_policy(mdp, best, gamma)).max() <= 1e-8


def test_policy_iteration_never_gets_worse() -> None:
    mdp = worlds.world("cookie")
    values = mdps.policy_iteration(mdp, 0.95)
    assert all((after >= before - 1e-9).all() for before, after in pairwise(values))


def test_the_cliff_is_crossed_in_thirteen_steps() -> None:
    mdp = worlds.world("cliff")
    values = mdps.value_iteration(mdp, 1.0)[-1]
    assert values[mdp.starts] == pytest.approx([-13.0])


def test_the_chances_of_every_action_sum_to_one() -> None:
    for name in SMALL:
        mdp = worlds.world(name)
        sums = np.bincount(mdp.states * mdp.num_actions + mdp.actions, weights=mdp.probs)
        assert np.allclose(sums[sums > 0], 1.0)


def test_play_returns_what_the_values_promise() -> None:
    mdp = worlds.world("cookie")
    values = mdps.value_iteration(mdp, 0.95)[-1]
    policy = mdps.evenly(mdp, mdps.greedy(mdp, values, 0.95))
    returns = mdps.simulate(mdp, policy, 0.95, 20_000, np.random.default_rng(1))
    assert returns.mean() == pytest.approx(values[mdp.starts].mean(), abs=5 * returns.std() / 20_000**0.5)


def test_an_action_that_is_not_known_is_never_the_best() -> None:
    one = np.ones(1, dtype=np.int64)
    mdp = mdps.Mdp("one", 1, ("a", "b"), 0 * one, one, one, np.ones(1), np.array([-5.0]), 0 * one)
    assert mdp.q_values(np.zeros(1), 1.0).tolist() == [[-np.inf, -5.0]]
    assert mdps.greedy(mdp, np.array([-5.0]), 1.0).tolist() == [[False, True]]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "is empty"),
        ("S.x\n..G", r"row 1, column 3: 'x' is none of"),
        ("S..\n...", "nothing ends an episode"),
        ("G", "nowhere to begin"),
        ("." * 65 + "G", "at most 64 x 64"),
    ],
)
def test_a_world_that_is_none_is_refused_in_one_line(written: str, says: str) -> None:
    with pytest.raises(dllab.InputError, match=says) as raised:
        worlds.gridworld(written, "mine.txt", 0.0, -0.1)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("mine.txt")


def test_ragged_rows_are_filled_with_wall() -> None:
    mdp = worlds.gridworld("S..G\n.", "mine.txt", 0.0, -0.1)
    assert mdp.num_states == 5
    assert mdps.value_iteration(mdp, 1.0)[-1][mdp.starts] == pytest.approx([1 - 0.3])


def test_a_policy_that_goes_in_circles_is_worth_nothing_good_at_gamma_1() -> None:
    for step_reward, worth in ((-0.5, -np.inf), (0.0, 0.0)):
        mdp = worlds.gridworld("..G", "mine.txt", 0.0, step_reward)
        left = np.tile([1.0, 0.0, 0.0, 0.0], (3, 1))
        assert mdps.evaluate_policy(mdp, left, 1.0).tolist() == [worth, worth, 0.0]
    right = np.tile([0.0, 0.0, 1.0, 0.0], (3, 1))
    mdp = worlds.gridworld("..G", "mine.txt", 0.0, -0.5)
    assert mdps.evaluate_policy(mdp, right, 1.0) == pytest.approx([0.0, 0.5, 0.0])
    assert mdps.evaluate_policy(mdp, left, 0.5)[0] == pytest.approx(-1.0)


def test_places_that_no_end_can_be_reached_from_are_found() -> None:
    mdp = worlds.gridworld("S.#.\n.G#.", "mine.txt", 0.0, -0.1)
    assert mdps.unending(mdp).tolist() == [False, False, True, False, False, True]
    assert not mdps.unending(worlds.world("taxi")).any()


def test_slipping_is_for_worlds_written_as_text() -> None:
    with pytest.raises(dllab.UsageError, match="taxi is Gymnasium's"):
        worlds.world("taxi", slip=0.1)
