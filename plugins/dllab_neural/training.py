"""One way to train a classifier of digits, which three experiments share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    import numpy as np
    import torch


def fit(
    run: dllab.Run,
    net: torch.nn.Module,
    train: tuple[torch.Tensor, torch.Tensor],
    test: tuple[torch.Tensor, torch.Tensor],
    *,
    epochs: int,
    learning_rate: float,
    batch_size: int = 32,
    label: str = "",
) -> dict[str, list[float]]:
    """Adam on the cross-entropy; returns loss, train and test accuracy before the first and after each epoch.

    train, test: pictures (n, 1, side, side) and labels (n,). A net is changed in place.
    """
    import torch
    from torch.nn.functional import cross_entropy

    optimiser = torch.optim.Adam(net.parameters(), lr=learning_rate, fused=True)
    generator = run.torch_generator(f"order {label}")
    curve: dict[str, list[float]] = {"loss": [], "train": [], "test": []}

    def measure() -> None:
        net.eval()
        with torch.no_grad():
            logits = net(train[0])
            curve["loss"].append(float(cross_entropy(logits, train[1])))
            curve["train"].append(float((logits.argmax(1) == train[1]).double().mean()))
            curve["test"].append(float((net(test[0]).argmax(1) == test[1]).double().mean()))
        net.train()

    measure()
    for _ in run.progress(range(epochs), label=label or run.words("epochs", "에포크")):
        for batch in torch.randperm(len(train[1]), generator=generator).split(batch_size):
            optimiser.zero_grad()
            cross_entropy(net(train[0][batch]), train[1][batch]).backward()
            optimiser.step()
        measure()
    net.eval()
    return curve


def start(net: torch.nn.Module, generator: torch.Generator) -> None:
    """He's weights for every layer that has some, and biases of zero, from the run's own generator."""
    import torch

    for layer in net.modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(layer.weight, generator=generator)
            torch.nn.init.zeros_(layer.bias)


def tensors(pictures: np.ndarray, labels: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures (n, side, side) and labels (n,) as torch has them: (n, 1, side, side) and (n,)."""
    import torch

    return torch.from_numpy(pictures)[:, None], torch.from_numpy(labels)


def nearest_mean(digits: object) -> float:
    """The baseline: the share of test pictures that are nearest to the mean picture of their digit."""
    import numpy as np

    train, labels = digits.train, digits.train_labels  # type: ignore[attr-defined]
    means = np.stack([train[labels == i].mean(axis=0).ravel() for i in np.unique(labels)])
    test = digits.test.reshape(len(digits.test), -1)  # type: ignore[attr-defined]
    distance = (means**2).sum(axis=1) - 2 * test @ means.T
    return float((np.unique(labels)[distance.argmin(axis=1)] == digits.test_labels).mean())  # type: ignore[attr-defined]


def check_accuracy(run: dllab.Run, accuracy: float, baseline: float, count: int, epochs: int) -> None:
    """A net that had six epochs must beat the nearest mean by more than chance would; before, guessing."""
    error = (baseline * (1 - baseline) / count) ** 0.5
    if epochs >= 6:
        least, source = (
            baseline + 2 * error,
            f"the nearest mean picture has {baseline:.3f}; two standard errors above",
        )
    else:
        least, source = 0.3, "three times what guessing one of ten digits has, after few epochs"
    run.check("test accuracy", got=accuracy, at_least=min(least, 0.999), source=source, ko="테스트 정확도")
