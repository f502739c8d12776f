"""Bandits against figures of the book and bounds that are proven."""

from __future__ import annotations

import numpy as np
import pytest

from dllab_rl import bandits

RATES = np.array([0.1, 0.2, 0.5])


def test_the_share_of_best_choices_is_that_of_figure_2_2() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(2000, 10))
    for epsilon, share, room in ((0.0, 0.36, 0.05), (0.1, 0.80, 0.04)):
        played = bandits.play(bandits.epsilon_greedy(epsilon), values, False, 1000, rng)
        assert played.is_best[-50:].mean() == pytest.approx(share, abs=room)


def test_the_bound_of_ucb1_by_hand() -> None:
    gaps = np.array([0.4, 0.3])
    expected = 8 * np.log(1000) * (1 / 0.4 + 1 / 0.3) + (1 + np.pi**2 / 3) * gaps.sum()
    assert bandits.ucb1_bound(RATES, 1000) == pytest.approx(expected)


def test_ucb1_loses_no_more_than_is_proven() -> None:
    values = np.broadcast_to(RATES, (200, 3))
    played = bandits.play(bandits.ucb1(), values, True, 2000, np.random.default_rng(1))
    assert played.regret[-1] <= bandits.ucb1_bound(RATES, 2000)
    assert played.is_best[-200:].mean() > 0.9


def test_ucb1_tries_every_arm_first() -> None:
    player = bandits.ucb1()
    rng = np.random.default_rng(0)
    assert [int(player(np.ones((1, 3)), np.zeros((1, 3)), step, rng)[0]) for step in range(3)] == [0, 1, 2]


def test_thompson_sampling_comes_near_the_bound_of_lai_and_robbins() -> None:
    values = np.broadcast_to(RATES, (300, 3))
    played = bandits.play(bandits.thompson(), values, True, 3000, np.random.default_rng(2))
    assert played.regret[-1] < 3 * bandits.lai_robbins(RATES, 3000) + 3


def test_regret_grows_evenly_where_everything_is_tried_by_chance() -> None:
    values = np.broadcast_to(RATES, (400, 3))
    played = bandits.play(bandits.epsilon_greedy(1.0), values, True, 500, np.random.default_rng(3))
    assert played.regret[-1] == pytest.approx(500 * (0.5 - RATES.mean()), rel=0.02)


def test_linucb_learns_whom_to_show_what_and_the_blind_player_does_not() -> None:
    rng = np.random.default_rng(4)
    weights = rng.normal(size=(40, 4, 3))
    weights /= np.linalg.norm(weights, axis=2, keepdims=True)
    lost = bandits.play_in_context(weights, 1500, rng, alpha=0.6, epsilon=0.1)
    assert lost["LinUCB"][-1] < 0.3 * lost["epsilon-greedy"][-1]
    assert lost["LinUCB"][-1] - lost["LinUCB"][750] < 0.5 * lost["LinUCB"][750]


def test_the_linear_model_is_ridge_regression() -> None:
    rng = np.random.default_rng(5)
    x, clicks = rng.normal(size=(30, 3)), rng.normal(size=30)
    model = bandits.LinearModel(1, 1, 3)
    for one, click in zip(x, clicks, strict=True):
        model.learn(np.zeros(1, dtype=int), one[None], np.array([click]))
    theta = np.linalg.solve(np.eye(3) + x.T @ x, x.T @ clicks)
    means, unsure = model.guess(x[:1])
    assert means[0, 0] == pytest.approx(theta @ x[0])
    assert unsure[0, 0] ** 2 == pytest.approx(x[0] @ np.linalg.inv(np.eye(3) + x.T @ x) @ x[0])
