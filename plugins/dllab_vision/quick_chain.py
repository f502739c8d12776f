"""Layers of a large net in a row, seen in bfloat16 on a CPU: exact where it matters, quick where not.

The largest of four nearly equal neighbours may be another when they are rounded to bfloat16, and with it the
gradient goes elsewhere. So the layers of the first blocks are seen in float32. The way back is linear and
forgives rounding: it is in bfloat16 throughout, and through wide layers by Winograd's algorithm. Between the
two only the places of the maxima and the signs are kept.

Only for weights that stay as they are: no gradient reaches them.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

# F(4x4, 3x3) with 36 products instead of 144.
# Source: Lavin & Gray 2015, "Fast Algorithms for Convolutional Neural Networks".
OF_PICTURE = (
    (4, 0, -5, 0, 1, 0), (0, -4, -4, 1, 1, 0), (0, 4, -4, -1, 1, 0),
    (0, -2, -1, 2, 1, 0), (0, 2, -1, -2, 1, 0), (0, 4, 0, -5, 0, 1),
)  # fmt: skip
OF_KERNEL = (
    (1 / 4, 0, 0), (-1 / 6, -1 / 6, -1 / 6), (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6), (1 / 24, -1 / 12, 1 / 6), (0, 0, 1),
)  # fmt: skip
OF_PRODUCTS = ((1, 1, 1, 1, 1, 0), (0, 1, -1, 2, -2, 0), (0, 1, 1, 4, 4, 0), (0, 1, -1, 8, -8, 1))
WIDE_THERE, WIDE_BACK = 512, 256  # channels on both sides from which Winograd's algorithm is used
BAND = 6 * 2**20  # numbers of a layer at a time: 24 MB, which the C library keeps for the next
AT_ONCE = 2**22  # numbers: what is transformed at a time stays in the cache


class QuickConv(nn.Conv2d):
    """A 3x3 convolution with padding 1 under torch's keys, which keeps its weights as a chain wants them.

    is_exact: whether a chain sees it in float32.
    """

    def __init__(self, inputs: int, outputs: int, is_exact: bool = False) -> None:
        super().__init__(inputs, outputs, 3, padding=1)
        self.is_exact = is_exact
        self._kept: tuple[Any, ...] = ()

    def look(self, x: Tensor) -> Tensor:
        """(1, inputs, H, W) to (1, outputs, H, W), in float32 or bfloat16."""
        if self.is_exact:
            return functional.conv2d(x.float(), self.weight, self.bias, padding=1)
        weight, bias, wide, _ = self._prepared()
        x = x.to(torch.bfloat16, memory_format=torch.channels_last)
        if wide is not None:
            return winograd(x, wide).add_(bias.view(1, -1, 1, 1))
        return functional.conv2d(x, weight, bias, padding=1)

    def back(self, slope: Tensor) -> Tensor:
        """The gradient (1, inputs, H, W) for that (1, outputs, H, W) of the output; both bfloat16."""
        weight, _, _, wide = self._prepared()
        if wide is not None:
            return winograd(slope, wide)
        like = _blank(slope, self.in_channels, slope.shape[2:])
        grad, _, _ = torch.ops.aten.convolution_backward(
            slope, like, weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, False, False]
        )
        return grad

    def _prepared(self) -> tuple[Tensor, Tensor, Tensor | None, Tensor | None]:
        """Weight and bias in bfloat16, and the weight transformed for each way where it is wide enough.

        Made once, and again when the weight has changed.
        """
        mark = (self.weight.data_ptr(), self.weight._version)
        if not self._kept or self._kept[0] != mark:
            weight = self.weight.detach()
            narrower = min(self.in_channels, self.out_channels)
            there = transformed(weight) if narrower >= WIDE_THERE else None
            back = transformed(weight.flip(2, 3).transpose(0, 1)) if narrower >= WIDE_BACK else None
            half = weight.to(torch.bfloat16, memory_format=torch.channels_last)
            self._kept = (mark, half, self.bias.detach().bfloat16(), there, back)
        return self._kept[1:]


def takes_chains(x: Tensor) -> bool:
    """Whether chains are for this picture: one alone, under autocast to bfloat16 on a CPU."""
    is_bfloat16 = torch.is_autocast_enabled("cpu") and torch.get_autocast_dtype("cpu") == torch.bfloat16
    return x.device.type == "cpu" and len(x) == 1 and is_bfloat16


def chain(x: Tensor, links: list[tuple[QuickConv, bool]]) -> Tensor:
    """What convolutions, each with its ReLU and if so said its 2x2 pooling, make of x one after another.

    x: (1, inputs, H, W). Returns float32 or bfloat16, as the last of them is seen.
    """
    return _Chain.apply(x, links)


class _Chain(torch.autograd.Function):
    """The way there and the way back; see the module's docstring for where it differs from autograd's."""

    @staticmethod
    def forward(context: Any, x: Tensor, links: list[tuple[QuickConv, bool]]) -> Tensor:
        context.kept = []
        with torch.autocast("cpu", enabled=False):
            for block in _blocks(links):
                context.kept.append(_Block(*block))
                x = context.kept[-1].look(x)
        return x

    @staticmethod
    def backward(context: Any, slope: Tensor) -> tuple[Tensor, None]:
        slope = slope.to(torch.bfloat16, memory_format=torch.channels_last)
        with torch.autocast("cpu", enabled=False):
            for block in reversed(context.kept):
                slope = block.back(slope)
        return slope.float(), None


def _blocks(links: list[tuple[QuickConv, bool]]) -> Iterator[tuple[list[QuickConv], bool]]:
    """Convolutions up to a pooling or to the end, and whether there is one."""
    convs: list[QuickConv] = []
    for conv, has_pool in links:
        convs.append(conv)
        if has_pool:
            yield convs, True
            convs = []
    if convs:
        yield convs, False


class _Block:
    """Convolutions with their ReLUs and a pooling, looked at in bands of rows: their memory is used again."""

    def __init__(self, convs: list[QuickConv], has_pool: bool) -> None:
        self.convs, self.has_pool = convs, has_pool
        self.outputs: list[Tensor | None] = [None] * len(convs)  # in bfloat16: only their signs are asked for
        self.places: Tensor | None = None  # of the maxima, in the picture before the pooling

    def _bands(self, height: int, width: int) -> Iterator[tuple[slice, slice, slice]]:
        """Of each band the rows, those that have to be seen for them, and the former within the latter."""
        margin = 2 * ((len(self.convs) + 1) // 2)
        rows = max(8 * margin, BAND // (width * max(conv.out_channels for conv in self.convs)) // 8 * 8)
        for top in range(0, height, rows):
            bottom = min(height, top + rows)
            first, last = max(0, top - margin), min(height, bottom + margin)
            yield slice(top, bottom), slice(first, last), slice(top - first, bottom - first)

    def look(self, x: Tensor) -> Tensor:
        """(1, inputs, H, W) to (1, outputs, h, w); keeps what the way back needs."""
        self.size = height, width = x.shape[-2:]
        found = None
        for band, seen, within in self._bands(height, width):
            part = x[:, :, seen]
            for number, conv in enumerate(self.convs[: -1 if self.has_pool else None]):
                part = functional.relu_(conv.look(part))
                self._keep(number, part[:, :, within], band, height)
            if self.has_pool:  # the largest one's ReLU is the largest of the ReLUs
                part = self.convs[-1].look(part)[:, :, within]
                part, places = functional.max_pool2d(part, 2, ceil_mode=True, return_indices=True)
                band = slice(band.start // 2, -(-band.stop // 2))
                places += 2 * band.start * width
                self.places = _laid(self.places, places, band, -(-height // 2))
                part = functional.relu_(part)
                self._keep(-1, part, band, -(-height // 2))
                found = _laid(found, part, band, -(-height // 2))
            else:
                found = _laid(found, part[:, :, within], band, height)
        return found

    def _keep(self, number: int, part: Tensor, rows: slice, height: int) -> None:
        """Keep an output's rows for the way back, in memory that nobody else writes to."""
        self.outputs[number] = _laid(self.outputs[number], part, rows, height, torch.bfloat16)

    def back(self, slope: Tensor) -> Tensor:
        """The gradient for the block's input from that for its output; both bfloat16."""
        found = None
        for band, seen, within in self._bands(*self.size):
            part = self._unpool(slope, seen) if self.has_pool else self._through_relu(-1, slope, seen)
            part = self.convs[-1].back(part)
            for number in range(len(self.convs) - 2, -1, -1):
                part = self.convs[number].back(self._through_relu(number, part, seen))
            found = _laid(found, part[:, :, within], band, self.size[0])
        return found

    def _through_relu(self, number: int, slope: Tensor, rows: slice) -> Tensor:
        """The slope at those rows before the ReLU of an output; slope: at the same rows, or at all."""
        output = self.outputs[number]
        if slope.shape[2] == output.shape[2]:
            slope = slope[:, :, rows]
        return torch.ops.aten.threshold_backward(slope, output[:, :, rows], 0)

    def _unpool(self, slope: Tensor, seen: slice) -> Tensor:
        """The slope at those rows before the ReLU and the pooling."""
        part = self._through_relu(-1, slope, slice(seen.start // 2, -(-seen.stop // 2)))
        like = _blank(part, part.shape[1], torch.Size((seen.stop - seen.start, self.size[1])))
        places = self.places[:, :, seen.start // 2 : -(-seen.stop // 2)] - seen.start * self.size[1]
        return torch.ops.aten.max_pool2d_with_indices_backward(
            part, like, [2, 2], [2, 2], [0, 0], [1, 1], True, places
        )


def _laid(
    whole: Tensor | None, part: Tensor, rows: slice, height: int, dtype: torch.dtype | None = None
) -> Tensor:
    """A picture of this height with a part of it at its rows; `whole` is what was laid before.

    dtype: of a copy that is made of the part in any case; None leaves it as it is.
    """
    if part.shape[2] == height:
        return part if dtype is None else part.to(dtype, copy=True)
    if whole is None:
        whole = _empty((1, part.shape[1], height, part.shape[3]), dtype or part.dtype)
    whole[:, :, rows] = part
    return whole


def _empty(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    return torch.empty(shape, dtype=dtype, memory_format=torch.channels_last)


def _blank(like: Tensor, channels: int, size: torch.Size) -> Tensor:
    """What torch wants to see of a former picture, only to know its shape: memory that nobody touches."""
    return _empty((1, channels, *size), like.dtype)


def _both_axes(rows: tuple[tuple[float, ...], ...], dtype: torch.dtype = torch.float32) -> Tensor:
    """A transform of rows as one of rows and columns."""
    line = torch.tensor(rows, dtype=torch.float64)
    return torch.kron(line, line).to(dtype)


def transformed(weight: Tensor, dtype: torch.dtype = torch.bfloat16) -> Tensor:
    """A kernel (outputs, inputs, 3, 3) as Winograd's algorithm multiplies by it: (36, inputs, outputs)."""
    outputs, inputs = weight.shape[:2]
    taps = weight.permute(2, 3, 1, 0).reshape(9, -1)
    return (_both_axes(OF_KERNEL) @ taps).view(36, inputs, outputs).to(dtype)


def winograd(x: Tensor, kernel: Tensor) -> Tensor:
    """The convolution with padding 1 of (1, inputs, H, W), channels last, with a transformed kernel.

    Returns (1, outputs, H, W), channels last, in the kernel's dtype, which x is to have as well.
    """
    channels, height, width = x.shape[1:]
    outputs, dtype = kernel.shape[2], kernel.dtype
    down, across = -(-height // 4), -(-width // 4)  # tiles of 4 x 4 results
    edges = (0, 0, 1, 4 * across - width + 1, 1, 4 * down - height + 1)
    padded = functional.pad(x.permute(0, 2, 3, 1)[0], edges).contiguous()  # (4 down + 2, 4 across + 2, C)
    line = padded.shape[1] * channels
    of_picture, of_products = _both_axes(OF_PICTURE, dtype), _both_axes(OF_PRODUCTS, dtype)
    found = x.new_empty(down * 4, across * 4, outputs)
    rows = max(1, AT_ONCE // (36 * across * max(channels, outputs)))
    for top in range(0, down, rows):
        count = min(rows, down - top)
        tiles = padded.as_strided(
            (6, 6, count, across, channels),
            (line, channels, 4 * line, 4 * channels, 1),
            padded.storage_offset() + 4 * top * line,
        ).reshape(36, -1)
        seen = (of_picture @ tiles).view(36, count * across, channels)
        products = torch.bmm(seen, kernel).view(36, -1)
        results = (of_products @ products).view(4, 4, count, across, outputs)
        part = found[4 * top : 4 * (top + count)].view(count, 4, across, 4, outputs)
        part.copy_(results.permute(2, 0, 3, 1, 4))
    return found[:height, :width].permute(2, 0, 1)[None]
