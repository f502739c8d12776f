"""How an eye, a small classifier, learns to tell a set's pictures; its inner features judge made ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from dllab_images.nets import Eye
from dllab_images.shelf import Kind
from dllab_images.training import Batches, set_rate, warm_cosine

if TYPE_CHECKING:
    from collections.abc import Callable

    from dllab_images.data import Pictures

CHUNK = 512  # pictures judged at once


def asked(pictures: Pictures, held: bool = False) -> tuple[np.ndarray, list[int]]:
    """What an eye must tell: labels int64 (N, questions), -1 where none can be seen, and each one's answers.

    The class of most pictures; every attribute of portraits.
    """
    known = pictures.held_attributes if held else pictures.attributes
    if not known:
        labels = pictures.held_labels if held else pictures.train_labels
        return labels[:, None], [len(pictures.class_names)]
    return np.stack(list(known.values()), axis=1), [
        int(each.max()) + 1 for each in pictures.attributes.values()
    ]


def kind_for(pictures: Pictures) -> Kind:
    """The eye for a set: more features, and narrower layers, for the many things to be seen in portraits."""
    channels, size, _ = pictures.shape
    _, answers = asked(pictures)
    names = tuple(f"{name} {i}" for name, count in zip(pictures.attributes, answers, strict=False)
                  for i in range(count))  # fmt: skip
    options = {"width": 16, "features": 64} if names else {"width": 32, "features": 32}
    return Kind("eye", pictures.name, channels, size, names or pictures.class_names, options)


def learn(
    pictures: Pictures, steps: int, generator: torch.Generator, progress: Callable, shift: int = 1
) -> Eye:
    """An eye that has learned what can be told of a set, from pictures moved by up to `shift` px."""
    eye = kind_for(pictures).build()
    with torch.no_grad():
        for weight in eye.parameters():
            if weight.ndim > 1:
                fan_in = weight[0].numel()
                weight.copy_(torch.randn(weight.shape, generator=generator) * (2 / fan_in) ** 0.5)
    wanted, answers = asked(pictures)
    batches = Batches(pictures.train, wanted, 128, generator, "cpu")
    optimiser = torch.optim.AdamW(eye.parameters(), lr=2e-3, weight_decay=0.05)
    eye.train()
    for step in progress(range(steps)):
        images, labels = batches.next()
        moves = torch.randint(-shift, shift + 1, (2,), generator=generator).tolist()
        images = torch.roll(images, moves, dims=(2, 3))
        each = zip(eye(images).split(answers, dim=1), labels.T, strict=True)
        loss = sum(nn.functional.cross_entropy(told, right, ignore_index=-1, label_smoothing=0.05)
                   for told, right in each)  # fmt: skip
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
def accuracy(eye: Eye, images: np.ndarray, wanted: np.ndarray, answers: list[int]) -> float:
    """Share of what can be seen in pictures (N, C, H, W) that the eye tells rightly; see `asked`."""
    logits = torch.cat([eye(torch.from_numpy(part)) for part in _parts(images)])
    told = np.stack([each.argmax(dim=1).numpy() for each in logits.split(answers, dim=1)], axis=1)
    return float((told == wanted)[wanted >= 0].mean())


@torch.no_grad()
def look(eye: Eye, images: np.ndarray) -> np.ndarray:
    """The features float32 (N, features) of pictures (N, C, H, W) in [-1, 1]."""
    return np.concatenate([eye.features(torch.from_numpy(part)).numpy() for part in _parts(images)])


def _parts(images: np.ndarray) -> list[np.ndarray]:
    images = np.ascontiguousarray(images, dtype=np.float32)
    return [images[i : i + CHUNK] for i in range(0, len(images), CHUNK)]
