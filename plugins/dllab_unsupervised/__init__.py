"""Unsupervised learning, as the lectures name it: each experiment shows one idea and checks itself."""

import dllab
from dllab_unsupervised.autoencoder import autoencoder
from dllab_unsupervised.dbscan import dbscan
from dllab_unsupervised.gaussian_mixture import gaussian_mixture
from dllab_unsupervised.hierarchical_clustering import hierarchical_clustering
from dllab_unsupervised.kmeans import k_means
from dllab_unsupervised.pca import pca
from dllab_unsupervised.som import som


@dllab.hookimpl
def dllab_experiments():
    return [k_means, dbscan, hierarchical_clustering, gaussian_mixture, som, pca, autoencoder]
