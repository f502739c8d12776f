"""Drawing the next note from what a net believes."""

from __future__ import annotations

import numpy as np


def draw(logits: np.ndarray, temperature: float, top_p: float, rng: np.random.Generator) -> np.ndarray:
    """One choice for each row of logits (B, n): int64 (B,).

    temperature: 0 takes the likeliest; top_p: among the likeliest that together have this chance (nucleus
    sampling; Holtzman et al. 2020), the likeliest always among them. One random number is drawn a row,
    whatever the settings, so that a seed means the same at all of them.
    """
    chances = rng.random(len(logits))
    if temperature == 0:
        return np.argmax(logits, axis=1)
    probs = softmax(logits / temperature)
    order = np.argsort(-probs, axis=1, kind="stable")
    ranked = np.take_along_axis(probs, order, axis=1)
    total = np.cumsum(ranked, axis=1)
    ranked = np.where(total - ranked < top_p, ranked, 0.0)
    total = np.cumsum(ranked, axis=1)
    place = (total < (chances * total[:, -1])[:, None]).sum(axis=1)
    return order[np.arange(len(order)), np.minimum(place, logits.shape[1] - 1)]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (B, n), float64, of logits."""
    values = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return values / values.sum(axis=1, keepdims=True)
