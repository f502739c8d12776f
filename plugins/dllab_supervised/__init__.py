"""Supervised learning, as the lectures name it: each experiment shows one idea and checks itself."""

import dllab
from dllab_supervised.decision_tree import decision_tree
from dllab_supervised.diabetes_network import diabetes_network
from dllab_supervised.gradient_boosting import gradient_boosting
from dllab_supervised.kernel_trick import kernel_trick
from dllab_supervised.knn import knn
from dllab_supervised.linear_regression import linear_regression
from dllab_supervised.logistic_regression import logistic_regression
from dllab_supervised.multivariate_regression import multivariate_regression
from dllab_supervised.naive_bayes import naive_bayes
from dllab_supervised.overfitting_cures import overfitting_cures
from dllab_supervised.random_forest import random_forest
from dllab_supervised.score_prediction import score_prediction
from dllab_supervised.softmax import softmax
from dllab_supervised.svm import svm
from dllab_supervised.train_test_split import train_test_split


@dllab.hookimpl
def dllab_experiments():
    return [
        knn,
        svm,
        kernel_trick,
        decision_tree,
        random_forest,
        gradient_boosting,
        naive_bayes,
        linear_regression,
        multivariate_regression,
        score_prediction,
        logistic_regression,
        softmax,
        diabetes_network,
        train_test_split,
        overfitting_cures,
    ]
