"""What every net that sees offers: its layers by name, how far each one looks, windows to look through.

Pictures are float32 (N, 3, H, W) in model units: 1 is one deviation of natural colours, for every net.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from dllab_vision.tiles import Window, round_up, windows

# Mean and deviation of the colours of ImageNet's training pictures, in [0, 1].
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
LARGEST_LEAST_SIDE = 256  # px: no net here needs that much


class Sliding(NamedTuple):
    """A window that slides over a picture, as in a convolution or a pooling."""

    kernel: int
    stride: int
    padding: int
    is_ceil: bool = False  # whether a window that is partly outside counts at the end

    def output(self, size: int) -> int:
        """The number of places along an axis; 0 where the window does not fit."""
        room = size + 2 * self.padding - self.kernel
        count = (-(-room // self.stride) if self.is_ceil else room // self.stride) + 1
        if self.is_ceil and (count - 1) * self.stride >= size + self.padding:
            count -= 1
        return max(0, count)


class Step(NamedTuple):
    """One step of a net's trunk, and the name of its output, "" where nobody asks for it."""

    name: str
    call: Callable[[Tensor], Tensor]
    channels: int
    slidings: tuple[Sliding, ...]


class Reach(NamedTuple):
    """Place i of an output looks at the pixels i * stride + first to i * stride + last."""

    stride: int
    first: int
    last: int


def slidings_of(modules: Iterable[nn.Module]) -> Iterator[Sliding]:
    """The windows that slide in modules called one after another; a block says its widest as `sliding`."""
    for module in modules:
        if isinstance(module, nn.Conv2d):
            yield Sliding(module.kernel_size[0], module.stride[0], int(module.padding[0]))
        elif isinstance(module, nn.MaxPool2d):
            yield Sliding(module.kernel_size, module.stride, module.padding, module.ceil_mode)
        elif hasattr(module, "sliding"):
            yield module.sliding


def step(name: str, channels: int, *modules: nn.Module) -> Step:
    """A step that calls modules one after another."""
    call = modules[0] if len(modules) == 1 else nn.Sequential(*modules)
    return Step(name, call, channels, tuple(slidings_of(modules)))


class SeeingNet(nn.Module):
    """A net for looking through: eval only, no gradient to its weights.

    A net of this kind gives its `steps()` and its `head`. Attributes: `layer_names` from shallow to
    deep, `channels` and `strides` (name to number), `mean` and `std` of the colours, `class_names` (one for
    each logit), `dream_layer` (two thirds deep, where dreams are best), `style_layers` (the first at each
    stride), `view_size` (px, of the pictures that it names best). Outputs of layers are those after the ReLU.
    """

    mean = IMAGENET_MEAN
    std = IMAGENET_STD
    dream_layer = ""
    view_size = 224  # px: the square root of the area of the pictures that it was trained on
    class_names: tuple[str, ...] = ()
    head: nn.Module

    def steps(self) -> Iterable[Step]:
        """The trunk, from the picture to the last layer."""
        raise NotImplementedError

    def steps_for(self, x: Tensor, names: Collection[str]) -> Iterable[Step]:
        """The trunk for a picture of which only these layers are asked for: steps between them may be one.

        What looks for a gradient that is exact in bfloat16 too calls these; `activations` calls `steps`.
        """
        return self.steps()

    def gather(self, maps: Tensor) -> Tensor:
        """What the head reads, (N, F), of the last layer's output (N, C, h, w): its mean over the places."""
        return maps.mean(dim=(2, 3))

    def conclude(self, maps: Tensor) -> Tensor:
        """The last layer's output (N, C, h, w) to logits (N, classes)."""
        return self.head(self.gather(maps))

    def last_maps(self, x: Tensor) -> Tensor:
        """The last layer's output (N, C, h, w) for model units (N, 3, H, W)."""
        last = self.layer_names[-1]
        return self.activations(x, (last,))[last]

    def embed(self, x: Tensor) -> Tensor:
        """What the head reads, (N, F), for model units (N, 3, H, W): for transfer learning."""
        return self.gather(self.last_maps(x))

    def forward(self, x: Tensor) -> Tensor:
        """Model units (N, 3, H, W) to logits (N, classes)."""
        return self.conclude(self.last_maps(x))

    def describe(self) -> None:
        """Fill in what can be read off the steps; the last thing that a net's constructor does."""
        self.channels: dict[str, int] = {}
        self.reaches: dict[str, Reach] = {}
        stride, first, last = 1, 0, 0
        for one in self.steps():
            for sliding in one.slidings:
                first -= stride * sliding.padding
                last += stride * (sliding.kernel - 1 - sliding.padding)
                stride *= sliding.stride
            if one.name:
                self.channels[one.name] = one.channels
                self.reaches[one.name] = Reach(stride, first, last)
        self.layer_names = tuple(self.channels)
        self.strides = {name: reach.stride for name, reach in self.reaches.items()}
        firsts = {stride: name for name, stride in reversed(self.strides.items())}
        self.style_layers = tuple(name for name in self.layer_names if name in firsts.values())

    @classmethod
    def normalise(cls, pixels: Tensor) -> Tensor:
        """RGB pixels (N, 3, H, W) in [0, 1] to model units: zero mean and unit deviation per colour."""
        mean, std = (pixels.new_tensor(three).view(1, 3, 1, 1) for three in (cls.mean, cls.std))
        return (pixels - mean) / std

    @classmethod
    def denormalise(cls, units: Tensor) -> Tensor:
        """Model units (N, 3, H, W) back to RGB pixels in [0, 1] (unclipped)."""
        mean, std = (units.new_tensor(three).view(1, 3, 1, 1) for three in (cls.mean, cls.std))
        return units * std + mean

    def activations(self, x: Tensor, names: tuple[str, ...]) -> dict[str, Tensor]:
        """Outputs of the named layers, after the ReLU, for model units (N, 3, H, W).

        Each is (N, C, h, w), h and w about H and W over the stride. Nothing beyond the deepest layer that was
        asked for is computed. Raises KeyError on a name that is not in `layer_names`, and ValueError for a
        picture that is too small for it.
        """
        self._check(names)
        if min(x.shape[-2:]) < LARGEST_LEAST_SIDE and min(x.shape[-2:]) < (least := self.least_side(names)):
            height, width = x.shape[-2:]
            raise ValueError(
                f"a picture of {width} x {height} px is too small for {names[-1]}: {least} px are needed"
            )
        wanted = set(names)
        found: dict[str, Tensor] = {}
        for one in self.steps():
            x = one.call(x)
            if one.name in wanted:
                found[one.name] = x
                if len(found) == len(wanted):
                    break
        return found

    def least_side(self, names: tuple[str, ...]) -> int:
        """The smallest height and width (px) of a picture that these layers can look at."""
        deepest = self._check(names)
        for side in range(1, LARGEST_LEAST_SIDE):
            size = side
            for one in self.steps():
                for sliding in one.slidings:
                    size = sliding.output(size)
                if size == 0 or one.name == deepest:
                    break
            if size:
                return side
        raise ValueError(f"{deepest} sees no picture below {LARGEST_LEAST_SIDE} px")

    def halo(self, names: tuple[str, ...], is_gradient: bool = True) -> int:
        """How much more than a part of a picture (px, all round) has to be seen for an exact answer there.

        is_gradient: whether the answer is the gradient at the part's pixels, or these layers' outputs only.
        A multiple of the deepest layer's stride.
        """
        stride = self.strides[self._check(names)]
        reaches = [self.reaches[name] for name in names]
        if is_gradient:  # a pixel's gradient comes from outputs that see as far again beyond it
            return round_up(max(reach.last - reach.first for reach in reaches), stride)
        return round_up(max(max(-reach.first, reach.last - reach.stride + 1) for reach in reaches), stride)

    def windows(
        self, height: int, width: int, names: tuple[str, ...], side: int, halo: int | None = None
    ) -> list[Window]:
        """Windows onto a picture of that size, no side (px) above `side`, on the grid of these layers.

        halo: px all round; None takes `halo(names)`, with which the gradient in the inner boxes is that of
        the whole picture; a smaller one is faster and a few percent off. Raises ValueError when side leaves
        no room inside the halo.
        """
        stride = self.strides[self._check(names)]
        return windows(height, width, side, self.halo(names) if halo is None else halo, stride)

    def _check(self, names: tuple[str, ...]) -> str:
        """The deepest of the names. Raises KeyError for one that is not there, ValueError for none at all."""
        for name in names:
            if name not in self.channels:
                raise KeyError(f"no layer {name!r} in this net; it has {', '.join(self.layer_names)}")
        if not names:
            raise ValueError("name at least one layer")
        return max(names, key=self.layer_names.index)


def ready(net: SeeingNet) -> SeeingNet:
    """The net as it is handed out: in eval mode, channels last in memory, asking for no gradient."""
    return net.to(memory_format=torch.channels_last).eval().requires_grad_(False)
