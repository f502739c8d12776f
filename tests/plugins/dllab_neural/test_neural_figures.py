"""The parts that the experiments compute themselves, against numbers known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from dllab_neural.architectures import resnet18, vgg16
from dllab_neural.clock_features import around, from_angles, hands
from dllab_neural.colour_spaces import to_hsv
from dllab_neural.digit_recognition import drawn_three, preprocess, resize
from dllab_neural.gates import fires, threshold_functions
from dllab_neural.gradient_descent import descend, slide_step
from dllab_neural.initial_weights import through
from dllab_neural.optimizers import gradient, race, value
from dllab_neural.perceptron import learn, widest_margin, with_bias
from dllab_neural.tensors import meet
from dllab_neural.universal_approximation import forward, network
from dllab_neural.visual_cortex import gabor
from dllab_neural.xor_mlp import loss_and_gradient
from dllab_neural.xor_slide import network as slide_network
from dllab_neural.xor_slide import sigmoid, step


def test_the_perceptron_moves_once_for_one_wrong_point() -> None:
    history, epochs, is_clean = learn(np.array([[1.0, 2.0]]), np.array([1]), 0.5, 10)
    assert [w.tolist() for _, w in history] == [[0, 0, 0], [0.5, 0.5, 1.0]]
    assert (epochs, is_clean) == (2, True)


def test_the_widest_margin_of_two_points_and_of_none() -> None:
    signed = with_bias(np.array([[3.0, 0.0]])) * 1.0
    assert widest_margin(signed) == pytest.approx(10**0.5)  # one point: the margin is its own length
    assert widest_margin(np.array([[1.0, 1, 0], [-1.0, -1, 0]])) == 0


def test_a_neuron_fires_above_zero_only() -> None:
    assert [fires((1, 1), (1.0, 1.0, b)) for b in (-1.9, -2.0, -2.1)] == [1, 0, 0]
    assert len(threshold_functions(1)) == 4


def test_the_slides_network_with_a_step_and_with_the_logistic_function() -> None:
    corners = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
    assert slide_network(corners, step, 1.0, -1.0)[1].tolist() == [0, 1, 1, 0]
    assert slide_network(corners, sigmoid, 1.0, -1.0)[1].round(3).tolist() == [0.555, 0.614, 0.614, 0.555]


def test_the_loss_of_xor_where_nothing_is_known() -> None:
    loss, slopes = loss_and_gradient(np.zeros(9), np.zeros((4, 2)), np.array([0.0, 1, 1, 0]))
    assert loss == pytest.approx(np.log(2))
    assert slopes == pytest.approx(np.zeros(9))


def test_the_bowl_and_the_slides_step() -> None:
    assert descend(0.1, 1)[-1].tolist() == pytest.approx([0, 0.9])
    assert slide_step(5.5, 1.0, 2.0, 0.01) == pytest.approx(5.43)


def test_the_two_valleys_at_known_places() -> None:
    assert value("beale", np.array([3.0, 0.5])) == 0
    assert value("beale", np.array([0.0, 0.0])) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert value("rosenbrock", np.array([0.0, 1.0])) == pytest.approx(1 + 100)
    assert gradient("rosenbrock", np.array([0.0, 1.0])) == pytest.approx([-2, 200])


@pytest.mark.parametrize(
    ("name", "way"), [("GD", 0.2), ("Momentum", 0.29), ("Adagrad", 0.1 * (1 + 0.5**0.5))]
)
def test_two_steps_under_a_slope_of_one(name: str, way: float) -> None:
    path = race(name, 0.1, (0.0,), 2, lambda at, batch: np.ones(1), None)
    assert -path[-1][0] == pytest.approx(way)


def test_two_neurons_make_a_broken_line() -> None:
    knots, weights = network(lambda x: x**2, 2)
    assert weights.tolist() == [0.5, 1.0]
    assert forward(knots, weights, 0.0, np.array([0.5, 0.75, 1.0])).tolist() == [0.25, 0.625, 1.0]


def test_the_layers_of_two_famous_networks() -> None:
    assert vgg16(224, 1000)[0].parameters == (9 * 3 + 1) * 64
    assert vgg16(224, 1000)[-1].parameters == 4097 * 1000
    assert [one.side for one in resnet18(224, 1000) if one.kind == "pool"] == [56]
    assert resnet18(224, 10)[-1].parameters == 513 * 10


def test_shapes_meet_or_do_not() -> None:
    assert meet((3, 1), (4,)) == (3, 4)
    assert meet((2, 3), (3,)) == (2, 3)
    assert meet((3,), (4,)) is None
    assert meet((2, 1, 5), (7, 1)) == (2, 7, 5)


def test_a_clock_goes_round() -> None:
    minutes = np.arange(720)
    assert from_angles(hands(minutes)) == pytest.approx(minutes)
    assert hands(np.array([195])).tolist() == [[97.5, 90.0]]  # a quarter past three
    assert around(np.array([719]), np.array([1])).tolist() == [2]


def test_hues_of_pure_and_of_grey_pixels() -> None:
    assert to_hsv(np.array([[0.5], [0.25], [0.25]]))[:, 0] == pytest.approx([0, 0.5, 0.5])
    assert to_hsv(np.array([[0.3], [0.3], [0.3]]))[:, 0] == pytest.approx([0, 0, 0.3])


def test_a_drawing_is_boxed_scaled_and_centred() -> None:
    steps = preprocess(drawn_three(90))
    assert steps is not None
    assert steps[-1].shape == (28, 28)
    assert max(steps[2].shape) == 20
    assert preprocess(np.ones((30, 30))) is None
    assert resize(np.array([[1.0, 3.0]]), 1, 1).tolist() == [[2.0]]


def test_a_signal_of_zero_weights_and_of_equal_ones() -> None:
    x = np.array([[1.0, -1.0]])
    assert through(x, np.zeros((1, 2, 2)), "relu")[0].tolist() == [[0, 0]]
    assert through(x, np.array([[[2.0, 0], [0, 2]]]), "relu")[0].tolist() == [[2, 0]]


def test_a_field_of_stripes_is_even_on_both_sides() -> None:
    field = gabor(21, 0.0, 8.0)
    assert field == pytest.approx(field[:, ::-1])
    assert abs(field.sum()) < 1e-12
