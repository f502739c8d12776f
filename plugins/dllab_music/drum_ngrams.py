"""What counting alone knows of drum loops: n-grams of growing sight, the measure for the net that drums.

Each predicts a drum's level at a step from a context that it looks up in counts of the training loops;
where a context was rarely seen, a shorter one helps out (interpolation after Witten, Bell 1991).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dllab_music.drum_grammar import NUM_LEVELS, STEPS_PER_BAR

TRUST = 2.0  # how many sights of a context weigh as much as what the shorter ones say
# Each n-gram by what it looks at, the nearest first; its contexts grow in this order.
NGRAMS: dict[str, tuple[str, ...]] = {
    "the drum alone": (),
    "its place and last step": ("place", "last"),
    "and the drums above": ("place", "above", "last"),
    "and the whole last step": ("place", "above", "last", "step"),
    "and the last two steps": ("place", "above", "last", "step", "two"),
    "and the drum's last four": ("place", "above", "last", "four"),
    "and the same step a bar before": ("place", "above", "last", "bar", "step"),
    "and both": ("place", "above", "last", "bar", "four", "step"),
}


def looks(levels: np.ndarray, styles: np.ndarray) -> dict[str, np.ndarray]:
    """What can be looked at, for each level of loops (N, T, 9): int64 arrays of that shape."""
    _, length, drums = levels.shape
    powers = NUM_LEVELS ** np.arange(drums)
    codes = levels @ powers  # (N, T): a step as one number

    def earlier(array: np.ndarray, by: int) -> np.ndarray:
        return np.concatenate([np.zeros_like(array[:, :by]), array[:, : length - by]], 1)

    shape = levels.shape
    four = sum(earlier(levels, by) * NUM_LEVELS ** (by - 1) for by in (1, 2, 3, 4))
    return {
        "style": np.broadcast_to(styles[:, None, None], shape),
        "drum": np.broadcast_to(np.arange(drums), shape),
        "last": earlier(levels, 1),
        "four": four,
        "place": np.broadcast_to((np.arange(length) % STEPS_PER_BAR)[None, :, None], shape),
        "above": np.cumsum(levels * powers, 2) - levels * powers,
        "step": np.broadcast_to(earlier(codes, 1)[:, :, None], shape),
        "two": np.broadcast_to(earlier(codes, 2)[:, :, None], shape),
        "bar": earlier(levels, STEPS_PER_BAR),
    }


def nats_per_step(
    train: tuple[np.ndarray, np.ndarray], held_out: tuple[np.ndarray, np.ndarray], names: Sequence[str]
) -> float:
    """Nats a step of the n-gram that looks at `names`, counted on train, measured on held_out.

    Each of train and held_out: levels (N, T, 9) and styles (N,). It knows the style, as the net does.
    """
    return nats_of_looks(looks(*train), train[0], looks(*held_out), held_out[0], names)


def nats_of_looks(
    seen: dict[str, np.ndarray],
    learned: np.ndarray,
    asked: dict[str, np.ndarray],
    held_out: np.ndarray,
    names: Sequence[str],
) -> float:
    """The same for levels (N, T, 9) and what can be looked at for each of them, see `looks`."""
    target, wanted = learned.reshape(-1), held_out.reshape(-1)
    keys, probs = (
        np.zeros(target.size + wanted.size, np.int64),
        np.full((wanted.size, NUM_LEVELS), 1 / NUM_LEVELS),
    )
    for name in ("drum", "style", *names):  # the context grows by one look at a time
        values = np.concatenate([seen[name].reshape(-1), asked[name].reshape(-1)])
        _, keys = np.unique(keys * (int(values.max()) + 1) + values, return_inverse=True)
        known, found = keys[: target.size], keys[target.size :]
        counts = np.bincount(known * NUM_LEVELS + target, minlength=(int(keys.max()) + 1) * NUM_LEVELS)
        sights = counts.reshape(-1, NUM_LEVELS)[found]
        probs = (sights + TRUST * probs) / (sights.sum(1, keepdims=True) + TRUST)
    nats = -np.log(probs[np.arange(wanted.size), wanted])
    return float(nats.sum() / (held_out.shape[0] * held_out.shape[1]))


def table(
    train: tuple[np.ndarray, np.ndarray], held_out: tuple[np.ndarray, np.ndarray]
) -> list[dict[str, float | str]]:
    """Every n-gram of NGRAMS with its nats a step."""
    return [{"model": name, "nats_per_step": nats_per_step(train, held_out, NGRAMS[name])} for name in NGRAMS]
