"""What counting alone knows of bars: the measure for the nets of bars that are told without points.

The chains may look at all that the net is shown (bar_context): what sounds, for how long, the place, the
bar before, and the voices above, their next step among it. Smoothing is that of ngrams.
"""

from __future__ import annotations

import numpy as np

from dllab_music.bar_context import ALONE, NUM_SOUNDS, PAST, UNKNOWN, Told, so_far
from dllab_music.bars import NUM_VALUES, STEPS_PER_BAR
from dllab_music.drum_ngrams import NGRAMS, looks, nats_of_looks
from dllab_music.ngrams import chain

# Each chain grows by one look at a time; every length of it counts as an n-gram.
CHAINS = (
    ("voice", "sound", "place", "above", "second above", "third above"),
    ("voice", "sound", "place", "above", "above, next", "second above"),
    ("voice", "sound", "place", "above", "held", "second above"),
    ("voice", "sound", "place", "above", "a bar before", "second above"),
    ("voice", "sound", "beat", "above", "second above", "held"),
    ("sound", "place", "cell before", "voice", "above", "second above"),
    ("sound", "held", "place", "voice", "a bar before"),
)


def melody_looks(bars: Told) -> dict[str, np.ndarray]:
    """What can be looked at, for each cell of bars: int64 (N, 16) each."""
    known, rows = so_far(bars), np.arange(len(bars))
    above = np.full((len(bars), STEPS_PER_BAR, 3), UNKNOWN)
    for voice in (1, 2, 3):
        mine = bars.voices == voice
        above[mine, :, :voice] = bars.beside[mine][:, :, PAST : PAST + voice][:, :, ::-1]
    place = np.tile(np.arange(STEPS_PER_BAR), (len(bars), 1))
    own = np.where(bars.voices == ALONE, 0, bars.voices)
    return {
        "voice": np.repeat(bars.voices[:, None], STEPS_PER_BAR, 1),
        "cell before": known[..., 0], "sound": known[..., 1], "held": known[..., 2],
        "place": place, "beat": place % 4, "a bar before": bars.beside[rows, :, own],
        "above": above[..., 0], "second above": above[..., 1], "third above": above[..., 2],
        "above, next": np.pad(above[:, 1:, 0], ((0, 0), (0, 1))),
    }  # fmt: skip


def melody_table(train: Told, held_out: Told) -> dict[str, float]:
    """Nats a cell of held-out bars by each n-gram, counted in the bars to learn from."""
    is_cell = [bars.cells >= 0 for bars in (train, held_out)]
    answers, wanted = train.cells[is_cell[0]], held_out.cells[is_cell[1]]
    seen, asked = melody_looks(train), melody_looks(held_out)
    found: dict[str, float] = {}
    for names in CHAINS:
        probs = np.full(len(wanted), 1 / NUM_VALUES)
        keys = np.zeros(len(answers) + len(wanted), np.int64)
        for i, name in enumerate(names, 1):
            values = np.concatenate([seen[name][is_cell[0]], asked[name][is_cell[1]]])
            _, keys = np.unique(keys * (NUM_SOUNDS + 1) + values, return_inverse=True)
            probs = chain(keys[: len(answers)], answers, keys[len(answers) :], wanted, probs, NUM_VALUES)
            found[", ".join(names[:i])] = float(-np.log(probs).mean())
    return found


def drum_table(train: np.ndarray, held_out: np.ndarray) -> dict[str, float]:
    """Nats a step of held-out bars by each n-gram of drum_ngrams; both (N, 2, 16, 9), bars after others.

    It looks back into the bar before, as the net does; of neither the style is known.
    """

    def last_bar(pairs: np.ndarray) -> dict[str, np.ndarray]:
        levels = pairs.reshape(len(pairs), 2 * STEPS_PER_BAR, -1)
        every = looks(levels, np.zeros(len(levels), np.int64))
        return {name: value[:, STEPS_PER_BAR:] for name, value in every.items()}

    seen, asked = last_bar(train), last_bar(held_out)
    return {
        name: nats_of_looks(seen, train[:, 1], asked, held_out[:, 1], names) for name, names in NGRAMS.items()
    }
