"""New drum loops: what the net writes, played as the grammar's player of that style would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import dllab
from dllab_music.drum_grammar import STEPS_PER_BAR, STYLES, played
from dllab_music.drums import to_song

if TYPE_CHECKING:
    from dllab_music.drum_net import DrumNet
    from dllab_music.songs import Song


def style_number(style: str) -> int:
    """The number of a style's name. Raises dllab.UsageError, with the names, for another."""
    names = tuple(STYLES)
    if style not in names:
        raise dllab.UsageError(f"--style {style[:20]}: take one of {', '.join(names)}")
    return names.index(style)


def middle_tempo(style: str) -> float:
    """A tempo that suits a style: the middle of its range, in fives."""
    low, high = STYLES[style].tempo_bpm
    return float(5 * round((low + high) / 10))


def write_drums(
    net: DrumNet,
    style: str,
    num_steps: int,
    rng: np.random.Generator,
    temperature: float,
    top_p: float,
    rhythm: np.ndarray | None = None,
    follow: float = 1.0,
) -> np.ndarray:
    """Levels (num_steps, 9) of a loop in a style; see drum_net.sample."""
    import torch

    from dllab_music.drum_net import sample

    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    return sample(net, style_number(style), num_steps, generator, temperature, top_p, rhythm, follow)


def drum_song(
    rng: np.random.Generator,
    bars: int,
    temperature: float,
    top_p: float,
    model: dllab.Input | None,
    style: str,
) -> Song:
    """A drum loop of so many bars in a style. Raises dllab.UsageError for a style that is none."""
    from dllab_music.drum_weights import chosen_drums

    style_number(style)
    net, _ = chosen_drums(model)
    levels = write_drums(net, style, bars * STEPS_PER_BAR, rng, temperature, top_p)
    if not levels.any():  # a silent draw, possible where the temperature is high and the loop short
        levels[0, 0] = 3
    velocities, offsets = played(rng, levels, STYLES[style])
    return to_song(velocities, offsets, middle_tempo(style))
