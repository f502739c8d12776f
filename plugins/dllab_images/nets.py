"""The nets: a DCGAN's generator and critic, a VAE, a diffusion model's UNet. All know the classes."""

from __future__ import annotations

import itertools
import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

SMALLEST = 4  # side where a generator begins, or a critic ends


def doublings(size: int) -> int:
    """How often 4 must be doubled to make size. Sizes are 8, 16, 32 and 64."""
    return int(math.log2(size // SMALLEST))


class Generator(nn.Module):
    """Noise (N, latent) and labels (N,) to pictures (N, channels, size, size) in [-1, 1].

    Source: DCGAN (Radford et al. 2016), with nearest-neighbour doubling and a convolution in place of a
    transposed one, which leaves no chequerboard (Odena et al. 2016).
    """

    def __init__(self, channels: int, size: int, classes: int, latent: int = 64, width: int = 48) -> None:
        super().__init__()
        times = doublings(size)
        widths = [width * 2 ** min(2, times - i) for i in range(times + 1)]
        self.latent = latent
        self.label = nn.Embedding(classes, latent)
        self.first = nn.Linear(2 * latent, widths[0] * SMALLEST**2)
        self.norm = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Upsample(scale_factor=2),
                nn.Conv2d(before, after, 3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
                nn.Conv2d(after, after, 3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            )
            for before, after in itertools.pairwise(widths)
        )
        self.last = nn.Conv2d(widths[-1], channels, 3, padding=1)

    def forward(self, noise: Tensor, labels: Tensor) -> Tensor:
        start = self.first(torch.cat([noise, self.label(labels)], dim=1))
        x = functional.relu(self.norm(start.unflatten(1, (-1, SMALLEST, SMALLEST))))
        for block in self.blocks:
            x = block(x)
        return torch.tanh(self.last(x))


class Critic(nn.Module):
    """Pictures (N, C, size, size) and labels (N,) to one logit each: how real they look.

    Leaky rectifiers and strides as in DCGAN; the label by projection (Miyato and Koyama 2018); no batch norm,
    so that each picture is judged alone and the penalty on its gradient means what it says.
    """

    def __init__(self, channels: int, size: int, classes: int, width: int = 48) -> None:
        super().__init__()
        times = doublings(size)
        widths = [width * 2 ** min(2, i) for i in range(times + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, padding=1), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers, nn.Conv2d(widths[-1], widths[-1], 3, padding=1), nn.LeakyReLU(0.2))
        self.out = nn.Linear(widths[-1] * SMALLEST**2, 1)
        self.label = nn.Embedding(classes, widths[-1] * SMALLEST**2)
        nn.init.zeros_(self.label.weight)

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        seen = self.body(images).flatten(1)
        return self.out(seen)[:, 0] + (seen * self.label(labels)).mean(dim=1)


class Vae(nn.Module):
    """An encoder to a normal distribution over codes (N, latent), and a decoder back to pictures.

    Source: Kingma and Welling 2014; one learned spread for every pixel, as in Rybkin et al. 2021 for all.
    """

    def __init__(self, channels: int, size: int, classes: int, latent: int = 16, width: int = 48) -> None:
        super().__init__()
        self.latent = latent
        times = doublings(size)
        widths = [width * 2 ** min(2, i) for i in range(times + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, padding=1), nn.SiLU()]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.GroupNorm(8, after), nn.SiLU()]
        self.body = nn.Sequential(*layers)
        flat = widths[-1] * SMALLEST**2
        self.label = nn.Embedding(classes, 32)
        self.code = nn.Sequential(nn.Linear(flat + 32, 256), nn.SiLU(), nn.Linear(256, 2 * latent))
        self.first = nn.Sequential(nn.Linear(latent + 32, 256), nn.SiLU(), nn.Linear(256, flat), nn.SiLU())
        up: list[nn.Module] = []
        for before, after in zip(widths[::-1], widths[-2::-1], strict=False):
            up += [
                nn.Upsample(scale_factor=2),
                nn.Conv2d(before, after, 3, padding=1),
                nn.GroupNorm(8, after),
            ]
            up += [nn.SiLU()]
        self.up = nn.Sequential(*up, nn.Conv2d(widths[0], channels, 3, padding=1))
        self.log_spread = nn.Parameter(torch.full((channels, size, size), -1.0))
        self.register_buffer("centre", torch.zeros(classes, latent))
        self.register_buffer("root", torch.eye(latent).repeat(classes, 1, 1))

    def encode(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the codes, each (N, latent)."""
        seen = torch.cat([self.body(images).flatten(1), self.label(labels)], dim=1)
        mean, log_variance = self.code(seen).chunk(2, dim=1)
        return mean, log_variance.clamp(-12, 8)

    @torch.no_grad()
    def settle(self, images: Tensor, labels: Tensor) -> None:
        """Learn where the codes of each class have come to lie: a normal distribution, to draw new ones from.

        images (N, C, H, W), labels (N,). The clouds never fill N(0, 1) as they should, and pictures drawn
        from its empty parts are poor (Ghosh et al. 2020, ex-post density estimation).
        """
        parts = [self.encode(*part) for part in zip(images.split(512), labels.split(512), strict=True)]
        mean, log_variance = (torch.cat(each) for each in zip(*parts, strict=True))
        for label in range(len(self.centre)):
            own = labels == label
            if int(own.sum()) > 2:
                spread = torch.cov(mean[own].T.double()) + log_variance[own].double().exp().mean(dim=0).diag()
                self.centre[label] = mean[own].mean(dim=0)
                self.root[label] = torch.linalg.cholesky(spread).to(self.root)

    def draw(self, noise: Tensor, dust: Tensor, labels: Tensor) -> Tensor:
        """New pictures (N, C, H, W) of noise (N, latent) and dust (N, C, H, W), which codes leave open."""
        codes = self.centre[labels] + (self.root[labels] @ noise[:, :, None])[:, :, 0]
        return self.decode(codes, labels) + dust * self.log_spread.clamp_min(-3.5).exp()

    def decode(self, codes: Tensor, labels: Tensor) -> Tensor:
        """Pictures (N, C, size, size), in [-1, 1] by a tanh."""
        start = self.first(torch.cat([codes, self.label(labels)], dim=1))
        return torch.tanh(self.up(start.unflatten(1, (-1, SMALLEST, SMALLEST))))


def unet(channels: int, size: int, classes: int, width: int = 32) -> Any:
    """diffusers' UNet2DModel: classes by an embedding, attention at 8 x 8 and below."""
    from diffusers.models.unets.unet_2d import UNet2DModel

    levels = {8: 2, 16: 3, 32: 3, 64: 4}[size]
    widths = tuple(width * 2 ** min(1, i) for i in range(levels))
    deep = [size // 2**i <= 8 and i > 0 for i in range(levels)]
    return UNet2DModel(
        sample_size=size,
        in_channels=channels,
        out_channels=channels,
        layers_per_block=1,
        block_out_channels=widths,
        down_block_types=tuple("AttnDownBlock2D" if each else "DownBlock2D" for each in deep),
        up_block_types=tuple("AttnUpBlock2D" if each else "UpBlock2D" for each in reversed(deep)),
        attention_head_dim=16,
        norm_num_groups=8,
        num_class_embeds=classes,
    )
