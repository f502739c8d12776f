"""The codes that `train-portraits` draws in: the main components of a portrait's 4 x 4 pixel patches.

A linear encoder needs no training: 32 of 48 components keep what a patch shows. A decoder of convolutions
learns to turn codes back into pixels, and to mind small mistakes in them little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from dllab_images.text_to_image import CHANNELS, PATCH

if TYPE_CHECKING:
    import numpy as np

MEASURED = 4000  # pictures that the components are computed from
EVEN = (
    0.5  # spread of a component in the code is its spread in the pictures to this power: details count more
)
LOUDEST = 1.0  # spread of the first component in the encoder's output
CHUNK = 256  # pictures encoded at once


def to_pixels(images: np.ndarray) -> Tensor:
    """uint8 (N, 32, 32, 3) as float32 (N, 3, 32, 32) in [-1, 1]."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1


@torch.no_grad()
def set_components(encoder: Any, pictures: Tensor) -> None:
    """Make an EncoderTiny without blocks compute the main components of the pictures' 4 x 4 patches.

    pictures: (N, 3, 32, 32) in [-1, 1]. Its three convolutions before the last move the pixels of a patch
    into channels; the last multiplies by the eigenvectors of their covariance.
    """
    first, halved, quartered, last = encoder.layers
    for layer in (first, halved, quartered, last):
        layer.weight.zero_()
        if layer.bias is not None:
            layer.bias.zero_()
    for channel in range(3):
        first.weight[channel, channel, 1, 1] = 1
    for layer, count in ((halved, 3), (quartered, 12)):
        for place in range(4):  # of a pixel in a square of 2 x 2
            for channel in range(count):
                layer.weight[place * count + channel, channel, 1 + place // 2, 1 + place % 2] = 1
    patches = _before_last(encoder, pictures).movedim(1, -1).flatten(0, 2).double()  # (n, 48)
    middle = patches.mean(dim=0)
    values, vectors = torch.linalg.eigh(torch.cov((patches - middle).T))
    values, vectors = values.flip(0)[:CHANNELS], vectors.flip(1)[:, :CHANNELS]
    vectors = vectors * vectors.sum(dim=0).sign()  # eigenvectors have no sign of their own
    spread = values.clamp_min(1e-8).sqrt()
    gain = LOUDEST * (spread / spread[0]) ** EVEN / spread
    matrix = (vectors * gain).T  # (32, 48)
    last.weight[:, : 3 * PATCH**2, 1, 1] = matrix.float()
    last.bias.copy_(-(matrix @ middle))


def _before_last(encoder: Any, pictures: Tensor) -> Tensor:
    """What the encoder's last layer sees, (N, 48, 8, 8)."""
    return torch.nn.Sequential(*encoder.layers[:-1])((pictures + 1) / 2)[:, : 3 * PATCH**2]


@torch.no_grad()
def encoded(vae: Any, images: np.ndarray, device: Any) -> Tensor:
    """Codes as the UNet sees them, float16 (N, 32, 8, 8) on the CPU, of uint8 (N, 32, 32, 3)."""
    found = []
    for start in range(0, len(images), CHUNK):
        part = to_pixels(images[start : start + CHUNK]).to(device)
        found.append((vae.encoder(part) * vae.config.scaling_factor).to("cpu", torch.float16))
    return torch.cat(found)


def rebuilding_loss(decoder: Any, codes: Tensor, pictures: Tensor) -> Tensor:
    """Squared error of pixels (B, 3, 32, 32) and of their differences, by which eyes and mouths show."""
    wrong = decoder(codes).float() - pictures
    edges = wrong.diff(dim=2).square().mean() + wrong.diff(dim=3).square().mean()
    return wrong.square().mean() + edges + 0.1 * wrong.abs().mean()
