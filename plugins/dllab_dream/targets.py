"""What a dream climbs: the response of layers, the match with a guide picture, or a class.

Each target looks at a whole picture at once, or at windows of it one after another such that the gradients
inside the windows are those of the whole picture. Pictures are float32 (1, 3, H, W) in model units.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

EQUALISE_FLOOR = 0.1  # of the mean energy: channels that hardly respond are not blown up without bound
MATCHED_AT_ONCE = 4096  # places: what is compared with all of the guide's in one product


class Target(Protocol):
    """What `dream.gradient` climbs. `layers`: those that are looked at; windows reach as far as they do."""

    layers: tuple[str, ...]
    no_gain: float  # what `gain` is of a picture that did not change

    def gain(self, before: float, after: float) -> float:
        """How much a response has grown, as it is logged and checked."""

    def in_words(self, before: float, after: float) -> tuple[str, str]:
        """The same for the user, in English and in Korean."""

    def value(self, net, x: Tensor) -> tuple[Tensor, float]:
        """What is climbed, with its gradient, and the response that is reported, of a whole picture."""

    def survey(self, net, parts: Iterable[tuple[Tensor, object]]) -> tuple[object, float]:
        """What has to be known of the whole before its windows are climbed, and the response of the whole.

        parts: each window's pixels, and the window (see the net's `windows`).
        """

    def part(self, net, x: Tensor, known: object) -> Tensor:
        """What is climbed at one window, such that its gradient inside is that of the whole picture."""


def activations(net, x: Tensor, names: tuple[str, ...]) -> dict[str, Tensor]:
    """The net's own `activations`, but for the first step, which is in float32 whatever the rest is in.

    It costs next to nothing, and a picture's colours rounded to bfloat16 would lose its faint contrasts.
    """
    found: dict[str, Tensor] = {}
    for number, one in enumerate(net.steps_for(x, names)):
        with torch.autocast(x.device.type, enabled=False) if number == 0 else nullcontext():
            x = one.call(x)
        if one.name in names:
            found[one.name] = x
            if len(found) == len(set(names)):
                break
    return found


def energies(net, x: Tensor, layers: tuple[str, ...], channels: tuple[int, ...]) -> list[Tensor]:
    """Mean square of each channel, one (C,) float32 per layer; of the chosen channels when there are any."""
    found = activations(net, x, layers)
    return [_chosen(found[name], channels).square().mean(dim=(0, 2, 3)) for name in layers]


def _chosen(maps: Tensor, channels: tuple[int, ...]) -> Tensor:
    return (maps[:, list(channels)] if channels else maps).float()


def objective(each: list[Tensor], equalise: bool) -> Tensor:
    """What is climbed: the log of the energy; equalised, each channel's growth relative to its own energy."""
    if not equalise:
        return sum(energy.mean().clamp_min(1e-12).log() for energy in each)
    return sum((e / (e.detach() + EQUALISE_FLOOR * e.detach().mean() + 1e-12)).mean() for e in each)


@dataclass(frozen=True)
class LayerTarget:
    """The mean square of layers or their channels. The response is its mean over channels and layers."""

    layers: tuple[str, ...]
    channels: tuple[int, ...] = ()
    equalise: bool = True
    no_gain: ClassVar[float] = 1.0

    def gain(self, before: float, after: float) -> float:
        return after / max(before, 1e-12)

    def in_words(self, before: float, after: float) -> tuple[str, str]:
        gain = f"{self.gain(before, after):.2f}"
        return (
            f"the response of what was climbed is {gain} times as strong as before",
            f"고른 것의 반응이 처음의 {gain}배가 되었습니다",
        )

    def value(self, net, x: Tensor) -> tuple[Tensor, float]:
        each = energies(net, x, self.layers, self.channels)
        return objective(each, self.equalise), mean_energy(each)

    def survey(self, net, parts: Iterable[tuple[Tensor, object]]) -> tuple[object, float]:
        """Known: for each layer, by how much a channel's square counts at a place: (C,)."""
        sums: list[Tensor | float] = [0.0] * len(self.layers)
        places = [0] * len(self.layers)
        for x, window in parts:
            found = activations(net, x, self.layers)
            for i, name in enumerate(self.layers):
                inner = _chosen(found[name], self.channels)[..., *window.places(net.strides[name])]
                sums[i] = sums[i] + inner.square().sum(dim=(0, 2, 3))
                places[i] += inner.shape[-2] * inner.shape[-1]
        with torch.enable_grad():
            each = [(total / count).requires_grad_() for total, count in zip(sums, places, strict=True)]
            weights = torch.autograd.grad(objective(each, self.equalise), each)
        return [w / count for w, count in zip(weights, places, strict=True)], mean_energy(each)

    def part(self, net, x: Tensor, known: object) -> Tensor:
        found = activations(net, x, self.layers)
        squares = [_chosen(found[name], self.channels).square().sum(dim=(0, 2, 3)) for name in self.layers]
        return sum((weight * square).sum() for weight, square in zip(known, squares, strict=True))


def mean_energy(each: list[Tensor]) -> float:
    """Mean over channels, and then over layers."""
    return float(torch.stack([energy.detach().mean() for energy in each]).mean())


@dataclass(frozen=True)
class GuideTarget:
    """The match with a guide: at every place the dot product with the guide's place that fits best there.

    guides: for each layer the guide's activations, (places, C). Source: the authors' notebook (Mordvintsev
    et al. 2015). Unlike there, a guide's places have equal length, so that no single one wins everywhere,
    and what all places have in common is taken off before they are compared.
    """

    layers: tuple[str, ...]
    guides: tuple[Tensor, ...]
    no_gain: ClassVar[float] = 1.0

    def gain(self, before: float, after: float) -> float:
        return after / max(before, 1e-12)

    def in_words(self, before: float, after: float) -> tuple[str, str]:
        gain = f"{self.gain(before, after):.2f}"
        return (
            f"the match with the guide is {gain} times as strong as before",
            f"안내 그림과의 일치가 처음의 {gain}배가 되었습니다",
        )

    @classmethod
    def of(cls, net, guide: Tensor, layers: tuple[str, ...]) -> "GuideTarget":
        """The target for a guide picture (1, 3, H, W)."""
        with torch.no_grad():
            found = activations(net, guide, layers)
        return cls(layers, tuple(_places(found[name]) for name in layers))

    def _matches(self, net, x: Tensor) -> dict[str, Tensor]:
        """For each layer the match at each place, (1, 1, h, w)."""
        found = activations(net, x, self.layers)
        pairs = zip(self.layers, self.guides, strict=True)
        return {name: _best_match(found[name], guide) for name, guide in pairs}

    def value(self, net, x: Tensor) -> tuple[Tensor, float]:
        match = sum(match.mean() for match in self._matches(net, x).values())
        return match, float(match.detach())

    def survey(self, net, parts: Iterable[tuple[Tensor, object]]) -> tuple[object, float]:
        """Known: the number of places of each layer."""
        sums, places = dict.fromkeys(self.layers, 0.0), dict.fromkeys(self.layers, 0)
        for x, window in parts:
            for name, match in self._matches(net, x).items():
                inner = match[..., *window.places(net.strides[name])]
                sums[name] += float(inner.sum())
                places[name] += inner.numel()
        return places, sum(sums[name] / places[name] for name in self.layers)

    def part(self, net, x: Tensor, known: object) -> Tensor:
        return sum(match.sum() / known[name] for name, match in self._matches(net, x).items())


def _places(maps: Tensor) -> Tensor:
    """(1, C, h, w) as (h w, C) float32."""
    return maps[0].flatten(1).T.float()


def _best_match(maps: Tensor, guide: Tensor) -> Tensor:
    """At each place of (1, C, h, w) the product with the best of the guide (m, C): (1, 1, h, w)."""
    places = _places(maps)
    common = guide.mean(dim=0)
    lines = (guide - common) / ((guide - common).norm(dim=1, keepdim=True) + 1e-6)
    with torch.no_grad():
        chosen = [((some - common) @ lines.T).argmax(dim=1) for some in places.split(MATCHED_AT_ONCE)]
    product = (places * guide[torch.cat(chosen)]).sum(dim=1)
    length = guide.square().sum(dim=1).mean().sqrt() + 1e-6
    return (product / length).view(1, 1, *maps.shape[-2:])


@dataclass(frozen=True)
class ClassTarget:
    """The logit of one class.

    Where the net averages over places before its head, windows are exact; else each window is judged alone.
    """

    layers: tuple[str, ...]
    number: int
    no_gain: ClassVar[float] = 0.0

    def gain(self, before: float, after: float) -> float:
        return after - before

    def in_words(self, before: float, after: float) -> tuple[str, str]:
        return (
            f"the class's logit rose from {before:.1f} to {after:.1f}",
            f"클래스의 로짓이 {before:.1f}에서 {after:.1f}(으)로 올랐습니다",
        )

    def value(self, net, x: Tensor) -> tuple[Tensor, float]:
        logits = net(x).float()[0]
        return logits[self.number], float(logits.detach()[self.number])

    def survey(self, net, parts: Iterable[tuple[Tensor, object]]) -> tuple[object, float]:
        """Known: the area of the whole picture, px."""
        total = area = 0.0
        for x, window in parts:
            top, left, bottom, right = window.inner
            inner = (bottom - top) * (right - left)
            total, area = total + inner * float(net(x)[0, self.number]), area + inner
        return area, total / area

    def part(self, net, x: Tensor, known: object) -> Tensor:
        return x.shape[-2] * x.shape[-1] / known * net(x).float()[0, self.number]
