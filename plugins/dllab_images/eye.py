"""A small classifier whose inner features judge made pictures."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from dllab_images.nets import SMALLEST, doublings
from dllab_images.training import Batches, set_rate, warm_cosine

if TYPE_CHECKING:
    from collections.abc import Callable

    from dllab_images.data import Pictures

FEATURES = 32
CHUNK = 512  # pictures judged at once


class Eye(nn.Module):
    """Pictures (N, C, size, size) to logits (N, classes); `features` gives what is before them, (N, 32)."""

    def __init__(self, channels: int, size: int, classes: int, width: int = 32) -> None:
        super().__init__()
        widths = [width * 2 ** min(2, i) for i in range(doublings(size) + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, padding=1), nn.BatchNorm2d(widths[0])]
        layers += [nn.ReLU()]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            layers += [nn.MaxPool2d(2)]
        layers += [nn.Flatten(), nn.Dropout(0.3), nn.Linear(widths[-1] * SMALLEST**2, FEATURES)]
        self.body = nn.Sequential(*layers)
        self.out = nn.Linear(FEATURES, classes)
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("spread", torch.ones(FEATURES))

    def features(self, images: Tensor) -> Tensor:
        """(N, 32), before the rectifier; each with mean 0 and spread 1 on what it learned from."""
        return (self.body(images) - self.mean) / self.spread

    def forward(self, images: Tensor) -> Tensor:
        return self.out(torch.relu(self.body(images)))


def learn(
    pictures: Pictures, steps: int, generator: torch.Generator, progress: Callable, shift: int = 1
) -> Eye:
    """An eye that has learned a set's classes, from pictures moved by up to `shift` px."""
    eye = Eye(*pictures.shape[:2], len(pictures.class_names))
    with torch.no_grad():
        for weight in eye.parameters():
            if weight.ndim > 1:
                fan_in = weight[0].numel()
                weight.copy_(torch.randn(weight.shape, generator=generator) * (2 / fan_in) ** 0.5)
    batches = Batches(pictures.train, pictures.train_labels, 128, generator, "cpu")
    optimiser = torch.optim.AdamW(eye.parameters(), lr=2e-3, weight_decay=0.05)
    eye.train()
    for step in progress(range(steps), label="learning to judge"):
        images, labels = batches.next()
        moves = torch.randint(-shift, shift + 1, (2,), generator=generator).tolist()
        images = torch.roll(images, moves, dims=(2, 3))
        loss = nn.functional.cross_entropy(eye(images), labels, label_smoothing=0.05)
        set_rate(optimiser, 2e-3 * warm_cosine(step, steps))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    eye.eval()
    features = look(eye, pictures.train)
    eye.mean.copy_(torch.from_numpy(features.mean(axis=0)))
    eye.spread.copy_(torch.from_numpy(features.std(axis=0).clip(1e-6)))
    return eye


@torch.no_grad()
def accuracy(eye: Eye, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of pictures (N, C, H, W) whose class the eye names rightly."""
    named = [eye(torch.from_numpy(part)).argmax(dim=1).numpy() for part in _parts(images)]
    return float((np.concatenate(named) == labels).mean())


@torch.no_grad()
def look(eye: Eye, images: np.ndarray) -> np.ndarray:
    """The features float32 (N, 32) of pictures (N, C, H, W) in [-1, 1]."""
    return np.concatenate([eye.features(torch.from_numpy(part)).numpy() for part in _parts(images)])


def _parts(images: np.ndarray) -> list[np.ndarray]:
    images = np.ascontiguousarray(images, dtype=np.float32)
    return [images[i : i + CHUNK] for i in range(0, len(images), CHUNK)]
