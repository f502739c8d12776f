"""How good made pictures are, in the features of a classifier: distance, precision, recall, copies.

All functions take features float (N, D) of pictures; no single figure of them tells enough.
"""

from __future__ import annotations

import numpy as np

CHUNK = 256  # pictures whose distances to all others are held in memory
RIDGE = 1e-6  # added to the covariances' diagonal, so that their roots exist


def frechet(real: np.ndarray, made: np.ndarray) -> float:
    """The squared Frechet distance between two Gaussians that have the means and covariances of the sets.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2), the last trace as the sum of roots of eigenvalues.

    Source: Heusel et al. 2017; features of our own classifier stand in for Inception's.
    """
    real, made = (np.asarray(each, dtype=np.float64) for each in (real, made))
    eye = RIDGE * np.eye(real.shape[1])
    first, second = (np.cov(each, rowvar=False) + eye for each in (real, made))
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    shift = ((real.mean(axis=0) - made.mean(axis=0)) ** 2).sum()
    return float(max(0.0, shift + np.trace(first) + np.trace(second) - 2 * cross))


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances (len(a), len(b))."""
    a, b = (np.asarray(each, dtype=np.float64) for each in (a, b))
    squares = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None] - 2 * a @ b.T
    return squares.clip(0)


def covered(points: np.ndarray, centres: np.ndarray, k: int = 3) -> float:
    """Share of points that lie in the ball of any centre; a ball reaches to its k-th nearest other centre."""
    among = distances(centres, centres)
    np.fill_diagonal(among, 0)
    radii = np.sort(among, axis=1)[:, min(k, len(centres) - 1)]
    return float((distances(points, centres) <= radii[None]).any(axis=1).mean())


def precision_recall(real: np.ndarray, made: np.ndarray, k: int = 3) -> tuple[float, float]:
    """Precision: share of made pictures amid real ones; recall: share of real ones amid made ones.

    Sets of equal size are compared: of the larger one every group of that size, and the mean is returned.

    Source: Kynkaanniemi et al. 2019.
    """
    size = min(len(real), len(made))
    groups = [
        (real[i : i + size], made[j : j + size])
        for i in range(0, len(real) - size + 1, size)
        for j in range(0, len(made) - size + 1, size)
    ]
    found = [(covered(there, here, k), covered(here, there, k)) for here, there in groups]
    precision, recall = np.mean(found, axis=0)
    return float(precision), float(recall)


def nearest_training_share(train: np.ndarray, held: np.ndarray, made: np.ndarray) -> float:
    """Share of made pictures whose nearest real one is of the training set, not of the held-back one.

    Pictures that copy nothing come to len(train) / (len(train) + len(held)); copies come to 1.
    """
    parts = [made[i : i + CHUNK] for i in range(0, len(made), CHUNK)]
    is_nearer = [distances(part, train).min(axis=1) < distances(part, held).min(axis=1) for part in parts]
    return float(np.concatenate(is_nearer).mean())


def gaussian_per_class(
    images: np.ndarray, labels: np.ndarray, wanted: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Pictures drawn from one normal distribution per class: the plainest model that knows the classes.

    images float32 (N, C, H, W) in [-1, 1]; returns (len(wanted), C, H, W), clipped to [-1, 1].
    """
    flat = images.reshape(len(images), -1).astype(np.float64)
    made = np.empty((len(wanted), flat.shape[1]))
    for label in np.unique(wanted):
        own, places = flat[labels == label], np.flatnonzero(wanted == label)
        mean, centred = own.mean(axis=0), own - own.mean(axis=0)
        # A sum of centred pictures with normal weights has exactly their covariance.
        weights = rng.standard_normal((len(places), len(own))) / np.sqrt(max(1, len(own) - 1))
        made[places] = mean + weights @ centred
    return made.clip(-1, 1).reshape(len(wanted), *images.shape[1:]).astype(np.float32)
