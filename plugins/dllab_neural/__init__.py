"""Neural networks, as the lectures name them: each experiment shows one idea and checks itself."""

import dllab
from dllab_neural.activations import activations
from dllab_neural.architectures import architectures
from dllab_neural.backpropagation import backpropagation
from dllab_neural.chain_rule import chain_rule
from dllab_neural.clock_features import clock_features
from dllab_neural.cnn_digits import cnn_digits
from dllab_neural.colour_spaces import colour_spaces
from dllab_neural.cppn import cppn
from dllab_neural.cross_entropy import cross_entropy
from dllab_neural.derivative import derivative
from dllab_neural.digit_recognition import digit_recognition
from dllab_neural.dnn_digits import dnn_digits
from dllab_neural.filters import filters
from dllab_neural.gates import gates
from dllab_neural.gradient_descent import gradient_descent
from dllab_neural.initial_weights import initial_weights
from dllab_neural.lecture_claims import lecture_claims
from dllab_neural.local_minima import local_minima
from dllab_neural.lstm_gates import lstm_gates
from dllab_neural.neuron import neuron
from dllab_neural.optimizers import optimizers
from dllab_neural.perceptron import perceptron
from dllab_neural.playground import playground
from dllab_neural.predict import predict
from dllab_neural.residual_nets import residual_nets
from dllab_neural.rnn_gradients import rnn_gradients
from dllab_neural.rnn_vs_lstm import rnn_vs_lstm
from dllab_neural.sentiment import sentiment
from dllab_neural.sequence_shapes import sequence_shapes
from dllab_neural.stock_forecast import stock_forecast
from dllab_neural.teachable_machine import teachable_machine
from dllab_neural.tensors import tensors
from dllab_neural.transfer_learning import transfer_learning
from dllab_neural.universal_approximation import universal_approximation
from dllab_neural.vanishing_gradients import vanishing_gradients
from dllab_neural.visual_cortex import visual_cortex
from dllab_neural.word_cloud import word_cloud
from dllab_neural.word_vectors import glove, word2vec
from dllab_neural.xor_mlp import xor_mlp
from dllab_neural.xor_slide import xor_slide


@dllab.hookimpl
def dllab_experiments():
    return [
        perceptron,
        gates,
        xor_slide,
        xor_mlp,
        derivative,
        chain_rule,
        gradient_descent,
        optimizers,
        local_minima,
        backpropagation,
        activations,
        vanishing_gradients,
        dnn_digits,
        cnn_digits,
        universal_approximation,
        cross_entropy,
        architectures,
        residual_nets,
        playground,
        initial_weights,
        filters,
        digit_recognition,
        visual_cortex,
        cppn,
        tensors,
        clock_features,
        colour_spaces,
        neuron,
        word2vec,
        glove,
        word_cloud,
        sentiment,
        lecture_claims,
        rnn_vs_lstm,
        lstm_gates,
        rnn_gradients,
        stock_forecast,
        sequence_shapes,
        transfer_learning,
        teachable_machine,
        predict,
    ]
