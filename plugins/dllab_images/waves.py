"""Coordinates as waves, which let a small net see fine detail."""

from __future__ import annotations

import torch
from torch import Tensor, nn

WAVES = (0.5, 1.0, 2.0, 4.0)  # half turns per unit of length


class Waves(nn.Module):
    """Points (N, 2) to sines and cosines (N, 4 x waves).

    Plain coordinates make a net smooth over lengths far above the hills of the ring (Tancik et al. 2020).
    """

    def forward(self, points: Tensor) -> Tensor:
        angles = torch.cat([points * (wave * torch.pi) for wave in WAVES], dim=1)
        return torch.cat([angles.sin(), angles.cos()], dim=1)
