"""The parts that the experiments compute themselves, against numbers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dllab_unsupervised.dbscan import joined
from dllab_unsupervised.gaussian_mixture import Mixture, expect, fit, maximise, round_start
from dllab_unsupervised.hierarchical_clustering import shortest_tree, worst_join
from dllab_unsupervised.kmeans import lloyd
from dllab_unsupervised.som import learn, likely_neighbours, quantisation_error, roughness, topographic_error
from dllab_unsupervised.tables import adjusted_rand, plane, standard


def test_k_means_on_four_numbers_goes_the_way_that_one_goes_by_hand() -> None:
    X = np.array([[0.0], [2], [10], [12]])
    steps = lloyd(X, np.array([[0.0], [2]]))
    assert [step[2] for step in steps] == [0 + 0 + 64 + 100, 0 + 4 + 4 + 16, 4]
    assert steps[-1][0].ravel().tolist() == [1, 11]
    assert steps[-1][1].tolist() == [0, 0, 1, 1]


def test_a_centre_without_points_stays_where_it_is() -> None:
    steps = lloyd(np.array([[0.0], [1]]), np.array([[0.5], [99.0]]))
    assert steps[-1][0].ravel().tolist() == [0.5, 99]


def test_agreement_is_one_for_the_same_groups_and_known_for_the_textbooks() -> None:
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2])) == 1
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5)
    first, second = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    # by hand: 2 pairs in both, 6 and 3 in one, 15 in all; (2 - 1.2) / (4.5 - 1.2)
    assert adjusted_rand(first, second) == pytest.approx(0.8 / 3.3)


def test_chains_of_cores_are_joined_and_a_lone_point_is_not() -> None:
    x = np.array([0.0, 1, 2, 3, 10, 20, 21, 22])
    groups, is_core = joined(np.abs(x[:, None] - x[None]), 1.0, 2)
    assert groups.tolist() == [0, 0, 0, 0, -1, 1, 1, 1]
    assert is_core.tolist() == [True] * 4 + [False] + [True] * 3


def test_a_point_between_two_equal_bells_belongs_to_each_by_half() -> None:
    mixture = Mixture(np.array([0.5, 0.5]), np.array([[-1.0], [1.0]]), np.ones((2, 1, 1)))
    shares, likelihood = expect(np.array([[0.0]]), mixture)
    assert shares[0] == pytest.approx([0.5, 0.5])
    assert likelihood == pytest.approx(-0.5 - 0.5 * np.log(2 * np.pi))


def test_one_bell_is_the_mean_and_the_variance() -> None:
    X = np.array([[0.0, 1], [2, 3], [4, 8]])
    mixture = maximise(X, np.ones((3, 1)))
    assert mixture.means[0] == pytest.approx([2, 4])
    assert mixture.covariances[0] == pytest.approx(np.cov(X.T, bias=True), abs=1e-4)


def test_em_finds_two_bells_that_lie_far_apart() -> None:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(300, 2)), rng.normal(size=(100, 2)) + 20])
    states, _ = fit(X, round_start(rng, X, 2), 50)
    assert sorted(states[-1].weights) == pytest.approx([0.25, 0.75])


def test_a_sheet_in_order_has_no_topographic_error_and_one_upset_has() -> None:
    row = np.linspace(0, 1, 5)
    sheet = np.stack([*np.meshgrid(row, row), np.zeros((5, 5))], axis=2)
    asked = np.random.default_rng(0).random((200, 3)) * [1, 1, 0]
    assert topographic_error(sheet, asked) == 0
    assert topographic_error(sheet[[0, 3, 1, 4, 2]], asked) > 0.3
    assert quantisation_error(sheet, sheet.reshape(-1, 3)) == pytest.approx(0, abs=1e-7)
    assert roughness(sheet[::4, ::4]) == pytest.approx(6 / (4 + 2 * 2**0.5))  # four sides and two diagonals


def test_the_chance_to_touch_on_a_sheet_of_four_and_of_nine() -> None:
    assert likely_neighbours(2) == 1
    assert likely_neighbours(3) == pytest.approx(20 / 36)


def test_the_winner_moves_by_the_rate_and_its_neighbour_by_less() -> None:
    sheet = np.zeros((2, 2, 3))
    sheet[0, 0] = 0.5
    learn(sheet, np.ones(3), 0.5, 1.0)
    assert sheet[0, 0] == pytest.approx([0.75] * 3)
    assert sheet[0, 1] == pytest.approx([0.5 * np.exp(-0.5)] * 3)
    assert sheet[1, 1] == pytest.approx([0.5 * np.exp(-1)] * 3)


def test_a_tree_by_hand_is_right_and_a_wrong_height_is_seen() -> None:
    distances = np.abs(np.subtract.outer([0.0, 1, 5], [0.0, 1, 5]))
    tree = np.array([[0, 1, 1, 2], [2, 3, 4.5, 3]])
    assert worst_join(distances, tree, "average") == 0
    assert worst_join(distances, tree, "single") == 0.5
    assert worst_join(distances, np.array([[1, 2, 4, 2], [0, 3, 3, 3]]), "average") == 3
    assert shortest_tree(distances).tolist() == [1, 4]


def test_a_constant_column_becomes_zero_and_the_plane_of_two_columns_is_as_it_was() -> None:
    X = standard(np.array([[1.0, 7], [3, 7]]))
    assert X.tolist() == [[-1, 0], [1, 0]]
    centre, axes = plane(X)
    assert ((X - centre) @ axes).tolist() == X.tolist()
