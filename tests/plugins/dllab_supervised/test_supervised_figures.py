"""The parts that the experiments compute themselves, against numbers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

import dllab
from dllab_supervised.data import folds_for, separation
from dllab_supervised.decision_tree import best_split, gini
from dllab_supervised.gradient_boosting import boost
from dllab_supervised.kernel_trick import POINTS, lift
from dllab_supervised.knn import vote
from dllab_supervised.linear_regression import descend, fit
from dllab_supervised.logistic_regression import cross_entropy, newton, sigmoid
from dllab_supervised.multivariate_regression import closed_form, still_to_go
from dllab_supervised.naive_bayes import BOOK, BOOK_OTHER, posterior
from dllab_supervised.softmax import soft
from dllab_supervised.svm import distance_of_hulls, two_moons
from dllab_supervised.train_test_split import fit as fit_polynomial
from dllab_supervised.train_test_split import mse


def test_the_vote_counts_neighbours_and_tells_ties() -> None:
    X, y = np.array([[0.0], [1.0], [2.0], [10.0]]), np.array([0, 0, 1, 1])
    decided, is_clear = vote(X, y, np.array([[0.4], [1.5], [9.0]]), 3, 2)
    assert decided.tolist() == [0, 0, 1] or decided.tolist() == [0, 0, 0]
    assert vote(X, y, np.array([[0.4]]), 1, 2)[0].tolist() == [0]
    assert vote(X, y, np.array([[1.5]]), 1, 2)[1].tolist() == [False]
    assert is_clear[0]


def test_gini_and_the_best_question_of_a_small_table() -> None:
    y = np.array([0, 0, 1, 1, 2, 2])
    assert gini(y) == pytest.approx(2 / 3)
    X = np.column_stack([[5, 1, 4, 2, 3, 6], [0, 0, 1, 1, 2, 2]])
    assert best_split(X, y) == pytest.approx((1 / 3, 1, 0.5))
    assert best_split(X, y, min_leaf=3)[0] > 1 / 3


def test_the_hulls_of_two_squares_are_as_far_apart_as_they_look() -> None:
    square = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert distance_of_hulls(square, square + np.array([3, 0])) == pytest.approx(2)
    assert distance_of_hulls(square, np.array([[2, 0.5], [4, 0.2]])) == pytest.approx(1)


def test_two_moons_without_noise_lie_on_their_circles() -> None:
    points, moon = two_moons(np.random.default_rng(0), 50, 0.0)
    centres = np.array([[0, 0], [1, 0.5]])[moon]
    assert np.hypot(*(points - centres).T) == pytest.approx(np.ones(50))


def test_the_slides_points_lift_to_the_slides_numbers() -> None:
    points = np.array(POINTS, dtype=float)
    assert lift(points, "squares").tolist() == [9, 9, 5, 5]
    assert lift(points, "product").tolist() == [0, 0, 2, 2]


def test_one_stump_takes_the_means_of_both_sides() -> None:
    stages = boost(np.array([0.0, 1, 2, 3]), np.array([0.0, 0, 4, 4]), 2, 0.5)
    assert stages.tolist() == [[1, 1, 3, 3], [0.5, 0.5, 3.5, 3.5]]


def test_a_line_through_three_points_by_formula_and_by_steps() -> None:
    x, y = np.array([-1.0, 0, 1]), np.array([0.0, 1, 5])
    assert fit(x, y) == pytest.approx((2.5, 2))
    assert descend(x, y, 0.3, 200)[-1] == pytest.approx([2.5, 2])
    assert descend(x, y, 0.1, 1)[-1] == pytest.approx([0.1 * 2 * 5 / 3, 0.1 * 2 * 2])


def test_the_matrix_formula_finds_weights_that_were_put_in() -> None:
    rng = np.random.default_rng(1)
    X, weights = rng.normal(size=(20, 3)), np.array([1.0, -2, 0.5])
    assert closed_form(X, X @ weights) == pytest.approx(weights)
    assert still_to_go(np.eye(3), weights, 0.0, 9) == pytest.approx(np.linalg.norm(weights))


def test_sigmoid_and_cross_entropy_at_known_places() -> None:
    assert sigmoid(np.array([0.0, 800.0, -800.0])).tolist() == [0.5, 1, 0]
    assert cross_entropy(np.array([0.0, 0.0]), np.array([0, 1])) == pytest.approx(np.log(2))
    assert cross_entropy(np.array([-np.log(9)]), np.array([1])) == pytest.approx(-np.log(0.1))
    weights = newton(np.array([-1.0, -1, 1, 1]), np.array([0, 1, 0, 1]))
    assert weights == pytest.approx([0, 0], abs=1e-12)


def test_softmax_by_hand_and_at_both_ends_of_the_temperature() -> None:
    scores = np.array([[np.log(1), np.log(2), np.log(5)]])
    assert soft(scores)[0] == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    assert soft(scores, 1e-3)[0] == pytest.approx([0, 0, 1])
    assert soft(scores, 1e9)[0] == pytest.approx([1 / 3] * 3)


def test_bayes_rule_between_two_equal_bells_is_even_in_the_middle() -> None:
    X, y = np.array([[-2.0], [-1], [1], [2]]), np.array([0, 0, 1, 1])
    chances = posterior(X, y, np.array([[0.0], [-1.5]]), 2)
    assert chances[0] == pytest.approx([0.5, 0.5])
    assert chances[1, 0] > 0.99
    assert float(BOOK) == pytest.approx(0.0003, abs=5e-5)
    assert float(BOOK_OTHER) == pytest.approx(0.0001, abs=5e-5)


def test_a_parabola_goes_through_three_points() -> None:
    x, y = np.array([0.0, 0.5, 1]), np.array([1.0, -3, 7])
    assert mse(x, y, fit_polynomial(x, y, 2)) < 1e-24
    assert mse(x, y, fit_polynomial(x, y, 0)) == pytest.approx(np.var(y))


def test_a_feature_that_parts_the_classes_is_told_from_one_that_does_not() -> None:
    X = np.array([[0.0, 5], [0.1, 1], [9, 5.1], [9.1, 1]])
    apart = separation(X, np.array([0, 0, 1, 1]))
    assert apart[0] > 1000 * apart[1]


def test_a_class_of_one_row_cannot_be_held_out() -> None:
    assert folds_for(np.array([0, 0, 0, 1, 1]), 5, "t") == 2
    with pytest.raises(dllab.InputError, match="'t' has a class with one row only"):
        folds_for(np.array([0, 0, 1]), 5, "t")
