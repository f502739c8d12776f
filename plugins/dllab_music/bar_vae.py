"""Bars as points of a space: a variational autoencoder for bars of melody, and one for bars of drums.

Each (Kingma, Welling 2014) reads a bar of sixteen steps as one-hot cells, makes of it a normal distribution
over a few numbers, and tells from a draw of it what stands in each cell. Between two points lie bars that
are a little of both (Roberts et al. 2018, "A Hierarchical Latent Vector Model", do so for phrases, with
recurrent nets; here a bar stands alone, and so layers that see all of it at once do).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_music.bars import FORMAT
from dllab_music.drum_weights import BARS_FILE, unpacked


class BarVAE(nn.Module):
    """num_cells cells of num_values values each, to and from `latent` numbers."""

    def __init__(self, num_cells: int, num_values: int, width: int = 384, latent: int = 32) -> None:
        super().__init__()
        self.sizes = {"num_cells": num_cells, "num_values": num_values, "width": width, "latent": latent}
        self.num_cells, self.num_values = num_cells, num_values
        size = num_cells * num_values
        self.encoder = nn.Sequential(nn.Linear(size, width), nn.GELU(), nn.Linear(width, width), nn.GELU())
        self.to_latent = nn.Linear(width, 2 * latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, width), nn.GELU(), nn.Linear(width, width), nn.GELU(), nn.Linear(width, size)
        )

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights from one generator, as torch does by itself."""
        for weight in self.parameters():
            if weight.ndim == 2:
                nn.init.uniform_(
                    weight, -(weight.shape[1] ** -0.5), weight.shape[1] ** -0.5, generator=generator
                )
            else:
                nn.init.zeros_(weight)

    def encode(self, bars: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance (B, latent) of bars (B, num_cells) of whole numbers."""
        cells = functional.one_hot(bars, self.num_values).float().flatten(1)
        mean, log_variance = self.to_latent(self.encoder(cells)).chunk(2, -1)
        return mean, log_variance.clamp(-10, 4)

    def decode(self, points: Tensor) -> Tensor:
        """Logits (B, num_cells, num_values) of points (B, latent)."""
        return self.decoder(points).unflatten(-1, (self.num_cells, self.num_values))

    def loss(self, bars: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Nats a bar to be told what is in it, and nats by which its distribution stands out, each a mean.

        Their sum is a bound of the bar's surprise (the evidence lower bound, negated). noise: (B, latent).
        """
        mean, log_variance = self.encode(bars)
        points = mean + (0.5 * log_variance).exp() * noise
        logits = self.decode(points)
        told = functional.cross_entropy(logits.flatten(0, 1), bars.flatten(), reduction="sum") / len(bars)
        known = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1).mean()
        return told, known


def load_bars(path: Path | None = None, name: str = "") -> dict[str, BarVAE]:
    """The nets `melody` and `drums` in a file of `music-train --model bars`, or those of the lab."""
    path = path or BARS_FILE
    return unpacked(path, name or path.name, FORMAT, {"melody": BarVAE, "drums": BarVAE})


def chosen_bars(model: dllab.Input | None) -> dict[str, BarVAE]:
    """The nets that the user gave by `model=`, else those of the lab."""
    return load_bars() if model is None else load_bars(model.path, model.name)


@torch.no_grad()
def points(net: BarVAE, bars: np.ndarray) -> np.ndarray:
    """Where bars (B, num_cells) lie: float32 (B, latent)."""
    return net.encode(torch.from_numpy(bars))[0].numpy()


@torch.no_grad()
def log_probs(net: BarVAE, at: np.ndarray) -> np.ndarray:
    """What stands in the cells at points (B, latent): log probabilities (B, num_cells, num_values)."""
    return net.decode(torch.from_numpy(at.astype(np.float32))).log_softmax(-1).numpy()


def between(one: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """The point at a share of the way from one to another, each (B, latent), along a great circle.

    A straight way would lead through the middle of the space, where no bar lies (Shoemake 1985). The length
    goes evenly from one's to the other's.
    """
    long_one, long_other = (np.linalg.norm(each, axis=-1, keepdims=True) + 1e-8 for each in (one, other))
    cosine = np.clip((one * other).sum(-1, keepdims=True) / (long_one * long_other), -1, 1)
    angle = np.arccos(cosine)
    sine = np.sin(angle)
    is_straight = sine < 1e-4
    safe = np.where(is_straight, 1.0, sine)
    first = np.where(is_straight, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(is_straight, share, np.sin(share * angle) / safe)
    length = (1 - share) * long_one + share * long_other
    return (first * one / long_one + second * other / long_other) * length
