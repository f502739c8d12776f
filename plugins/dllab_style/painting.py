"""How far a picture is from a photo painted in some styles, and the gradient that brings it closer.

The style loss depends on a picture through sums over its places only (see `losses`). So a picture of any size
is seen window by window: a first pass adds the sums up, the loss and its slope for each sum follow, and a
second pass carries these slopes back to the pixels of each window. With the net's full halo this is the whole
picture's gradient, up to rounding.

Pictures are (1, 3, H, W) in model units: 1 is one deviation of natural colours.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from dllab_style.losses import Goal, Statistics, goal, moment_sums, outside, total_variation

RANGE_WEIGHT = 10.0  # of colours outside [0, 1]: holds them back without the corners that clamping makes
COLOURS = ""  # the name of the layer that is the picture itself

Sums = dict[
    tuple[int, str], tuple[Tensor, Tensor, float]
]  # by region and layer: sum of f, sum of f fᵀ, places


@dataclass(frozen=True)
class Manner:
    """What counts how much; the experiment's parameters of the same names explain the fields."""

    layers: Mapping[str, float]  # name to weight, of a sum of 1
    content_layers: tuple[str, ...]
    loss: str
    content_weight: float
    tv_weight: float
    colour_weight: float

    @cached_property
    def style_layers(self) -> tuple[str, ...]:
        """The layers whose statistics count."""
        return (*self.layers, COLOURS) if self.colour_weight else tuple(self.layers)

    @cached_property
    def seen(self) -> tuple[str, ...]:
        """All layers that the net is asked for."""
        return tuple(dict.fromkeys([*self.layers, *self.content_layers]))


@dataclass(frozen=True)
class Region:
    """Where styles hold, (1, 1, H, W) in [0, 1] or None: everywhere; and what they ask for in each layer."""

    mask: Tensor | None
    goals: Mapping[str, tuple[Goal, ...]]


@dataclass(frozen=True)
class Figures:
    """The parts of the loss; the content's is relative to the photo's own activation."""

    style: float
    content: float
    smoothness: float


class Eye:
    """A net that looks at pictures in a number format."""

    def __init__(self, net: Any, autocast: Callable[[], AbstractContextManager]) -> None:
        self.net, self.autocast = net, autocast
        self.strides = {**net.strides, COLOURS: 1}

    def look(self, picture: Tensor, names: tuple[str, ...]) -> dict[str, Tensor]:
        """Activations of a picture, and the picture itself as layer COLOURS."""
        asked = tuple(name for name in names if name != COLOURS)
        with self.autocast():
            found = self.net.activations(picture.contiguous(memory_format=torch.channels_last), asked)
        return {**found, COLOURS: picture}

    @torch.no_grad()
    def goals(self, style: Tensor, manner: Manner, weight: float) -> dict[str, Goal]:
        """What one style picture (1, 3, h, w) asks for, by layer; weight: its share among the styles."""
        found = self.look(style, manner.style_layers)
        weights = {**manner.layers, COLOURS: manner.colour_weight}
        return {name: goal(found[name], weight * weights[name]) for name in manner.style_layers}


class Scene:
    """A photo at one size (1, 3, H, W), float32 or float16, and the styles that it is to take on."""

    def __init__(self, eye: Eye, photo: Tensor, regions: list[Region], manner: Manner, windows: list) -> None:
        self.eye, self.photo, self.regions, self.manner, self.windows = eye, photo, regions, manner, windows
        self.height, self.width = photo.shape[-2:]
        self.scales = self._content_scales()

    def gradient(self, picture: Tensor) -> tuple[Tensor, Figures]:
        """The gradient of the loss at a picture of the photo's size, contiguous, and the loss's parts."""
        if len(self.windows) == 1:
            return self._gradient_at_once(picture)
        style, slopes = self._slopes(self._all_sums(picture))
        grad = torch.empty_like(picture)
        content = smoothness = 0.0
        for window in self.windows:
            tile = picture[..., *window.outer.slices].clone().requires_grad_(True)
            found = self.eye.look(tile, self.manner.seen)
            surrogate, (own_content, own_smoothness) = self._local(window, tile, found)
            for key, (first, second, _) in self._sums(window, found, inner=False).items():
                surrogate = surrogate + (slopes[key][0] * first).sum() + (slopes[key][1] * second).sum()
            (part,) = torch.autograd.grad(surrogate, tile)
            grad[..., *window.inner.slices] = part[..., *window.within]
            content, smoothness = content + own_content, smoothness + own_smoothness
        return grad, Figures(style, content, smoothness)

    def style_loss(self, picture: Tensor) -> float:
        """The styles' part of the loss alone."""
        return self._slopes(self._all_sums(picture))[0]

    def _gradient_at_once(self, picture: Tensor) -> tuple[Tensor, Figures]:
        (window,) = self.windows
        x = picture.detach().requires_grad_(True)
        found = self.eye.look(x, self.manner.seen)
        style = sum(
            self._loss(key, Statistics(first / places, second / places))
            for key, (first, second, places) in self._sums(window, found, inner=False).items()
        )
        local, (content, smoothness) = self._local(window, x, found)
        (grad,) = torch.autograd.grad(style + local, x)
        return grad.contiguous(), Figures(float(style.detach()), content, smoothness)

    def _loss(self, key: tuple[int, str], found: Statistics) -> Tensor:
        region, name = key
        return sum(one.loss(found, self.manner.loss) for one in self.regions[region].goals[name])

    def _sums(self, window: Any, found: Mapping[str, Tensor], inner: bool) -> Sums:
        """The sums over the places of a window's outer box, or over those that belong to its inner one."""
        sums = {}
        for index, region in enumerate(self.regions):
            for name in self.manner.style_layers:
                f, mask = found[name], self._mask(region, name, window)
                mask = None if mask is None else mask[..., : f.shape[-2], : f.shape[-1]]
                if inner:
                    places = window.places(self.eye.strides[name])
                    f, mask = f[..., *places], None if mask is None else mask[..., *places]
                count = float(f[0, 0].numel() if mask is None else mask.sum().clamp_min(1e-6))
                sums[index, name] = (*moment_sums(f, mask), count)
        return sums

    def _mask(self, region: Region, name: str, window: Any) -> Tensor | None:
        """A region's mask at the places of a layer within a window's outer box."""
        if region.mask is None:
            return None
        box, stride = region.mask[..., *window.outer.slices], self.eye.strides[name]
        return functional.avg_pool2d(box, stride, stride, ceil_mode=True) if stride > 1 else box

    @torch.no_grad()
    def _all_sums(self, picture: Tensor) -> Sums:
        """The first pass: the sums over all places of the whole picture."""
        whole: Sums = {}
        for window in self.windows:
            found = self.eye.look(picture[..., *window.outer.slices], self.manner.style_layers)
            for key, own in self._sums(window, found, inner=True).items():
                so_far = whole.get(key)
                whole[key] = own if so_far is None else tuple(a + b for a, b in zip(so_far, own, strict=True))
        return whole

    def _slopes(self, sums: Sums) -> tuple[float, dict[tuple[int, str], tuple[Tensor, Tensor]]]:
        """The style loss, and its slope for each sum of f and of f fᵀ."""
        style, slopes = 0.0, {}
        for key, (first, second, places) in sums.items():
            leaves = Statistics((first / places).requires_grad_(True), (second / places).requires_grad_(True))
            loss = self._loss(key, leaves)
            found = torch.autograd.grad(
                loss, (leaves.mean, leaves.second), materialize_grads=True, allow_unused=True
            )
            slopes[key] = (found[0] / places, found[1] / places)
            style += float(loss.detach())
        return style, slopes

    def _local(
        self, window: Any, tile: Tensor, found: Mapping[str, Tensor]
    ) -> tuple[Tensor, tuple[float, float]]:
        """A window's part of the losses over places, and the inner box's (content, smoothness)."""
        manner, pixels = self.manner, 3 * self.height * self.width
        loss, content = tile.new_zeros(()), 0.0
        for name in manner.content_layers if manner.content_weight else ():
            square = (found[name].float() - self._wanted(window)[name].float()).square()  # (1, C, h, w)
            loss = loss + manner.content_weight * square.sum() / self.scales[name]
            own = square.detach()[..., *window.places(self.eye.strides[name])]
            content += float(own.sum()) / self.scales[name]
        roughness = total_variation(tile)
        excess = outside(self.eye.net.denormalise(tile))
        loss = loss + (manner.tv_weight * roughness + RANGE_WEIGHT * excess) / pixels
        top, left, bottom, right = window.inner
        share = (bottom - top) * (right - left) / tile[0, 0].numel()
        return loss, (content, share * float(roughness.detach()) / pixels)

    def _wanted(self, window: Any) -> dict[str, Tensor]:
        """The photo's own activations in a window; kept when the window is the whole photo."""
        return self._whole_photo if len(self.windows) == 1 else self._look_at_photo(window)

    @torch.no_grad()
    def _look_at_photo(self, window: Any) -> dict[str, Tensor]:
        return self.eye.look(self.photo[..., *window.outer.slices].float(), self.manner.content_layers)

    @cached_property
    def _whole_photo(self) -> dict[str, Tensor]:
        return self._look_at_photo(self.windows[0])

    def _content_scales(self) -> dict[str, float]:
        """For each content layer the photo's activation squared and summed, times the layers' number."""
        names = self.manner.content_layers if self.manner.content_weight else ()
        sums = dict.fromkeys(names, 0.0)
        for window in self.windows if names else ():
            wanted = self._wanted(window)
            for name in names:
                inner = wanted[name][..., *window.places(self.eye.strides[name])]
                sums[name] += float(inner.float().square().sum())
        return {name: max(total, 1e-6) * len(names) for name, total in sums.items()}
