"""The baselines that a net has to beat: chains of counts, from how common a note is to what sounds around it.

Each is smoothed towards the next simpler one (Witten, Bell 1991), so that nothing is impossible: with n
observations of k different notes in a context, the simpler chain has the weight k / (n + k).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dllab_music.chorales import NUM_TOKENS, START, STEPS_PER_BAR, features, shifts, to_tokens

# Each chain adds one thing to look at, a column of `contexts`, to those of the chain before.
CHAINS = ("unigram", "bigram", "with beat", "with the voice above", "with two above", "with how long held")


def contexts(piece: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the chains look at, int64 (n, 6), and the tokens (n,) of a piece (num_steps, 4)."""
    tokens = to_tokens(piece)
    read = features(tokens)  # (n, 8), see chorales.COLUMNS
    voice = read[:, 3] % 4
    padded = np.concatenate([np.full((len(tokens), 2), START), tokens], axis=1)  # two above the soprano: none
    nearest, second = padded[:, 1:5].reshape(-1), padded[:, 0:4].reshape(-1)
    columns = [voice, read[:, 1], read[:, 3] // 4, nearest, second, read[:, 4] // 4]
    return np.stack(columns, axis=1), tokens.reshape(-1)


SIZES = (4, START + 1, STEPS_PER_BAR, START + 1, START + 1, 64)


def scores(train: Sequence[np.ndarray], held_out: Sequence[np.ndarray]) -> dict[str, float]:
    """Nats a note of each chain, counted on `train` in all the keys that voices allow, on `held_out`."""
    moved = [np.where(piece < 0, -1, piece + by) for piece in train
             for by in range(shifts(piece)[0], shifts(piece)[1] + 1)]  # fmt: skip
    learned, answers = _all(moved)
    asked, notes = _all(held_out)
    probs = np.full(len(notes), 1 / NUM_TOKENS)
    found = {}
    learned_key, asked_key = np.zeros(len(answers), np.int64), np.zeros(len(notes), np.int64)
    for name, column, size in zip(CHAINS, range(len(CHAINS)), SIZES, strict=True):
        learned_key = learned_key * size + learned[:, column]
        asked_key = asked_key * size + asked[:, column]
        probs = chain(learned_key, answers, asked_key, notes, probs)
        found[name] = float(-np.log(probs).mean())
    return found


def best_ngram(train: Sequence[np.ndarray], held_out: Sequence[np.ndarray]) -> tuple[str, float]:
    """The chain that is least surprised, and its nats a note."""
    found = scores(train, held_out)
    name = min(found, key=lambda one: found[one])
    return name, found[name]


def _all(pieces: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    each = [contexts(piece) for piece in pieces]
    return np.concatenate([one for one, _ in each]), np.concatenate([one for _, one in each])


def chain(
    learned: np.ndarray,
    answers: np.ndarray,
    asked: np.ndarray,
    notes: np.ndarray,
    simpler: np.ndarray,
    num_values: int = NUM_TOKENS,
) -> np.ndarray:
    """The chance of each note, mixed from its count in its context and from the simpler chain's.

    learned, answers: contexts and notes that are counted (n,); asked, notes: those to foretell (m,), whole
    numbers, notes below num_values; simpler: what the simpler chain says of these.
    """
    # Contexts are numbered from 0, so that one of them with a note still fits into 64 bits.
    known, learned = np.unique(learned, return_inverse=True)
    times = np.bincount(learned)
    pairs, pair_times = np.unique(learned * num_values + answers, return_counts=True)
    kinds = np.bincount(pairs // num_values)
    at, is_known = _found(known, asked)
    pair_at, is_pair = _found(pairs, at * num_values + notes)
    count = np.where(is_known & is_pair, pair_times[pair_at], 0)
    n, k = np.where(is_known, times[at], 0), np.where(is_known, kinds[at], 1)
    return (count + k * simpler) / (n + k)


def _found(known: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where in the sorted `known` each of `asked` stands, and whether it does."""
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return at, known[at] == asked
