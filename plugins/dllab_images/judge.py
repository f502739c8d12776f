"""A classifier of the portraits' attributes: the judge of what the text-to-image model draws."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from dllab_images.attributes import ATTRIBUTES, visible
from dllab_images.portraits import portraits

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

JUDGE_SEED = 7_000_000  # its portraits are others than those of train-portraits with any usual seed


class Judge(nn.Module):
    """Four convolutions and one head per attribute: pictures (N, 3, 32, 32) in [-1, 1] to logits by name."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 32, 64, 96, 128)
        layers: list[nn.Module] = []
        for place, (before, after) in enumerate(pairwise(widths)):
            layers += [nn.Conv2d(before, after, 3, padding=1, stride=1 if place == 0 else 2)]
            layers += [nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 16, 128), nn.ReLU())
        self.heads = nn.ModuleDict({name: nn.Linear(128, len(values)) for name, values in ATTRIBUTES.items()})

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Logits (N, values of the attribute) by the attribute's name."""
        features = self.body(pictures)
        return {name: head(features) for name, head in self.heads.items()}


def drawn(count: int, first: int = 0) -> tuple[Tensor, dict[str, Tensor]]:
    """Portraits for the judge: pictures (N, 3, 32, 32) in [-1, 1] and labels by name."""
    found = portraits(count, JUDGE_SEED, first=first)
    pictures = torch.from_numpy(found.images).permute(0, 3, 1, 2).float() / 127.5 - 1
    return pictures, {name: torch.from_numpy(labels) for name, labels in found.attributes.items()}


def train_judge(steps: Iterable[int], total: int, batch_size: int, generator: torch.Generator) -> Judge:
    """A judge trained on fresh portraits, with a little noise and blur so that it minds no trifles."""
    with torch.random.fork_rng():
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=generator)))
        judge = Judge()
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=max(total, 2))
    for step in steps:
        pictures, labels = drawn(batch_size, first=step * batch_size)
        spread = 0.15 * torch.rand(len(pictures), 1, 1, 1, generator=generator)
        pictures = pictures + spread * torch.randn(pictures.shape, generator=generator)
        seen = visible(labels)
        loss = torch.zeros(())
        for name, logits in judge(pictures).items():
            each = nn.functional.cross_entropy(logits, labels[name], reduction="none")
            loss = loss + (each * seen[name]).sum() / seen[name].sum().clamp_min(1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return judge.eval()


@torch.no_grad()
def judged(judge: Judge, pictures: Tensor) -> dict[str, Tensor]:
    """The most likely value of each attribute (N,)."""
    return {name: logits.argmax(dim=1) for name, logits in judge(pictures).items()}


@torch.no_grad()
def features(judge: Judge, pictures: Tensor) -> np.ndarray:
    """What the heads see of pictures (N, 3, 32, 32) in [-1, 1]: float32 (N, 128)."""
    return torch.cat([judge.body(part) for part in pictures.split(256)]).numpy()
