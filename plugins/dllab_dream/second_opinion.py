"""What a second net makes of a dream: an Inception-like score over crops, beside that of the photo.

Source: Salimans et al. 2016, "Improved techniques for training GANs", section 4: the exponential of the mean
divergence of p(class | crop) from the mean over the crops. Where we differ: many crops of one picture
stand for many pictures, and the net is a small one of our own with 200 classes, so the figure compares only
with that of another picture of the same size, above all the photo's own. It is 1 where the net says the
same of all places, and at most the number of crops, where it is sure of each and says something else.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from dllab_dream.dream import resize

CROPS = 96
SIDES = (48, 128)  # px: crops are drawn between these, and shown in the size that the net was trained on


class Crop(NamedTuple):
    """A square part of a picture, px."""

    top: int
    left: int
    side: int


def judge_of(backbone: str) -> str:
    """The model that judges what was dreamt through this one: another one that ships with the lab."""
    return "vision/backbone" if backbone == "second" else "vision/second"


def crops(height: int, width: int, generator: torch.Generator, count: int = CROPS) -> list[Crop]:
    """Squares at random places, of random size; one that does not fit is as large as the picture allows."""
    most = min(height, width)
    drawn = []
    for _ in range(count):
        side = min(most, int(torch.randint(SIDES[0], SIDES[1] + 1, (), generator=generator)))
        top, left = (
            int(torch.randint(0, length - side + 1, (), generator=generator)) for length in (height, width)
        )
        drawn.append(Crop(top, left, side))
    return drawn


def score(net, pixels: Tensor, places: Sequence[Crop]) -> float:
    """The Inception-like score of pixels (3, H, W) in [0, 1] over crops at these places."""
    size = (net.view_size, net.view_size)
    parts = [
        resize(pixels[None, :, top : top + side, left : left + side], size) for top, left, side in places
    ]
    with torch.no_grad():
        x = net.normalise(torch.cat(parts).clamp(0, 1)).contiguous(memory_format=torch.channels_last)
        log_probs = net(x).float().log_softmax(dim=1)  # (crops, classes)
    return score_of(log_probs)


def score_of(log_probs: Tensor) -> float:
    """exp of the mean of KL(p(y | x) || p(y)), for log p(y | x) of shape (N, classes)."""
    probs = log_probs.double().exp()
    mean = probs.mean(dim=0)
    divergence = (torch.special.entr(mean).sum() - torch.special.entr(probs).sum(dim=1).mean()).clamp_min(0)
    return float(divergence.exp())
