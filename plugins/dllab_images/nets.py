"""The nets: a DCGAN's generator and critic, a VAE, the eye that judges, a diffusion model's UNet."""

from __future__ import annotations

import itertools
import math
import warnings
from typing import Any

import torch
from torch import Tensor, nn

SMALLEST = 4  # side where a generator begins, or a critic ends
HILLS = 2  # normal distributions at most, in which a VAE's codes of one class lie
SETTLED = 10_000  # pictures at most, shared by the classes, whose codes are looked at for that


def doublings(size: int) -> int:
    """How often 4 must be doubled to make size. Sizes are 8, 16, 32 and 64."""
    return int(math.log2(size // SMALLEST))


class Generator(nn.Module):
    """Noise (N, latent) and labels (N,) to pictures (N, channels, size, size) in [-1, 1].

    Source: DCGAN (Radford et al. 2016), with nearest-neighbour doubling and a convolution in place of a
    transposed one, which leaves no chequerboard (Odena et al. 2016); without batch norm, so that each picture
    is made alone (Huang et al. 2024). The tanh stays: without it an even background is hard to draw.
    """

    def __init__(self, channels: int, size: int, classes: int, latent: int = 32, width: int = 32) -> None:
        super().__init__()
        times = doublings(size)
        widths = [width * 2 ** min(2, times - i) for i in range(times + 1)]
        self.label = nn.Embedding(classes, latent)
        self.first = nn.Linear(2 * latent, widths[0] * SMALLEST**2)
        layers: list[nn.Module] = [nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, padding=1), nn.LeakyReLU(0.2)]
            layers += [nn.Conv2d(after, after, 3, padding=1), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        self.last = nn.Conv2d(widths[-1], channels, 3, padding=1)
        _at_scale(self)

    def forward(self, noise: Tensor, labels: Tensor) -> Tensor:
        start = self.first(torch.cat([noise, self.label(labels)], dim=1))
        return torch.tanh(self.last(self.body(start.unflatten(1, (-1, SMALLEST, SMALLEST)))))


class Critic(nn.Module):
    """Pictures (N, C, size, size) and labels (N,) to one logit each: how real they look.

    Leaky rectifiers and strides as in DCGAN; the label by projection (Miyato and Koyama 2018), scaled so that
    it weighs as much as the rest from the first step; no batch norm, so that each picture is judged alone and
    the penalty on its gradient means what it says.
    """

    def __init__(self, channels: int, size: int, classes: int, width: int = 32, features: int = 128) -> None:
        super().__init__()
        widths = [width * 2 ** min(2, i) for i in range(doublings(size) + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, padding=1), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(widths[-1], widths[-1], 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten()]
        layers += [nn.Linear(widths[-1] * SMALLEST**2, features), nn.LeakyReLU(0.2)]
        self.body = nn.Sequential(*layers)
        self.out = nn.Linear(features, 1)
        self.label = nn.Embedding(classes, features)
        _at_scale(self)

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        seen = self.body(images)
        return self.out(seen)[:, 0] + (seen * self.label(labels)).sum(dim=1) / seen.shape[1] ** 0.5


def _at_scale(net: nn.Module) -> None:
    """Weights of chance that neither shrink nor swell what passes (He et al. 2015), with a gain for leaks."""
    for layer in net.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, a=0.2)
            nn.init.zeros_(layer.bias)


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
        self.register_buffer("share", torch.full((classes, HILLS), 1 / HILLS))
        self.register_buffer("centre", torch.zeros(classes, HILLS, latent))
        self.register_buffer("root", torch.eye(latent).repeat(classes, HILLS, 1, 1))

    def encode(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the codes, each (N, latent)."""
        seen = torch.cat([self.body(images).flatten(1), self.label(labels)], dim=1)
        mean, log_variance = self.code(seen).chunk(2, dim=1)
        return mean, log_variance.clamp(-12, 8)

    @torch.no_grad()
    def settle(self, images: Tensor, labels: Tensor) -> None:
        """Learn where the codes of each class lie: a few normal distributions, to draw new ones from.

        images (N, C, H, W), labels (N,). The clouds never fill N(0, 1) as they should, and pictures drawn
        from its empty parts are poor. A class gets a hill for each two pictures per number in a code, at most
        two; one without pictures keeps N(0, 1).

        Of a large set the first of each class are looked at, SETTLED in all.

        Source: Ghosh et al. 2020, ex-post density estimation, with a mixture for each class.
        """
        if len(images) > SETTLED:
            classes = len(self.centre)
            most = -(-SETTLED // classes)
            places = torch.cat([(labels == each).nonzero()[:most, 0] for each in range(classes)])
            images, labels = images[places], labels[places]
        parts = zip(images.split(512), labels.split(512), strict=True)
        self.settle_codes(torch.cat([self.encode(*part)[0] for part in parts]), labels)

    @torch.no_grad()
    def settle_codes(self, codes: Tensor, labels: Tensor) -> None:
        """The same of codes (N, latent)."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture

        for label in range(len(self.centre)):
            own = codes[labels == label].double().cpu().numpy()
            if len(own) < 2:
                continue
            hills = min(HILLS, max(1, len(own) // (2 * codes.shape[1])))
            mixture = GaussianMixture(hills, reg_covar=1e-3, tol=1e-2, max_iter=500, n_init=2, random_state=0)
            with warnings.catch_warnings():  # of classes whose pictures are all alike
                warnings.simplefilter("ignore", ConvergenceWarning)
                mixture.fit(own)
            places = [*range(hills), *[0] * (HILLS - hills)]  # those left over repeat the first, with share 0
            shares = [*mixture.weights_, *[0.0] * (HILLS - hills)]
            self.share[label] = torch.tensor(shares).to(self.share)
            self.centre[label] = torch.from_numpy(mixture.means_[places]).to(self.centre)
            roots = torch.linalg.cholesky(torch.from_numpy(mixture.covariances_[places]))
            self.root[label] = roots.to(self.root)

    def new_codes(self, noise: Tensor, choice: Tensor, labels: Tensor) -> Tensor:
        """New pictures' codes (N, latent): noise (N, latent) is the place on a hill, choice (N, 1) the hill.

        Both are standard normal.
        """
        level = torch.special.ndtr(choice)  # uniform in (0, 1)
        hill = (level > self.share.cumsum(dim=1)[labels, :-1]).sum(dim=1)
        return self.centre[labels, hill] + (self.root[labels, hill] @ noise[:, :, None])[:, :, 0]

    def decode(self, codes: Tensor, labels: Tensor) -> Tensor:
        """Pictures (N, C, size, size), in [-1, 1] by a tanh."""
        start = self.first(torch.cat([codes, self.label(labels)], dim=1))
        return torch.tanh(self.up(start.unflatten(1, (-1, SMALLEST, SMALLEST))))


class Eye(nn.Module):
    """Pictures (N, C, size, size) to logits (N, classes); `features` gives what is before them.

    Where more than one thing is asked of a picture, the classes of all stand one after another.
    """

    def __init__(self, channels: int, size: int, classes: int, width: int = 32, features: int = 32) -> None:
        super().__init__()
        widths = [width * 2 ** min(2, i) for i in range(doublings(size) + 1)]
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 3, padding=1), nn.BatchNorm2d(widths[0])]
        layers += [nn.ReLU()]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            layers += [nn.MaxPool2d(2)]
        layers += [nn.Flatten(), nn.Dropout(0.3), nn.Linear(widths[-1] * SMALLEST**2, features)]
        self.body = nn.Sequential(*layers)
        self.out = nn.Linear(features, classes)
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("spread", torch.ones(features))

    def features(self, images: Tensor) -> Tensor:
        """(N, features), before the rectifier; each with mean 0 and spread 1 on what it learned from."""
        return (self.body(images) - self.mean) / self.spread

    def forward(self, images: Tensor) -> Tensor:
        return self.out(torch.relu(self.body(images)))


def unet(channels: int, size: int, classes: int, width: int = 32, dropout: float = 0.0) -> Any:
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
        dropout=dropout,
    )
