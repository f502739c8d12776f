"""DeepDream: change a picture so that chosen layers of a net respond more strongly to it.

Source: Mordvintsev, Olah, Tyka 2015, "Inceptionism"; the octaves that keep the picture's own detail are
those of the authors' notebook. Where we differ: channels are equalised (one strong channel does not fill
the picture); the gradient is smoothed, decorrelated in colour (Olah, Mordvintsev, Schubert 2017) and
normalised locally; jitter reflects at the edges instead of wrapping, which leaves seams; and a step takes
up only the room that is left to black or white instead of being cut off there.

Pictures here are float32 (1, 3, H, W) in model units: 1 is one deviation of natural colours.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from dllab_dream.targets import Target

# Square root of the colour correlation of natural pictures, measured on ImageNet for "Feature Visualization"
# (Olah, Mordvintsev, Schubert 2017; lucid/optvis/param/color.py of github.com/tensorflow/lucid).
COLOUR_ROOT = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
NORMALISE_BOX = 48  # px: wide enough to keep eyes and edges apart from their surroundings
TONE_PARTS, LEAST_TONE = 40, 8.0  # of the shorter side, and px: the blur that parts tones from detail
NORMALISE_FLOOR = 0.15  # of the root mean square of the whole: an even sky stays calm
BLUR_RADIUS = 4  # px
LEAST_SIDE = 32  # px
TILE = 1056  # px: a picture of 1024 px and its jitter fit into one window
STRIP, STRIP_PLACES = 256, 2**20  # at least so many rows, or places, at a time: few copies of large pictures
BLANK_END, BLANK_SPREAD, BLANK_SHARE = 0.2, 0.06, 0.1  # how near to an end, how even; what is left of a step
LIMITS = (0.02, 0.98)  # a step takes no colour beyond these; what lies beyond in the photo stays


@dataclass(frozen=True)
class Ascent:
    """How one gradient becomes one step; the experiment's parameters of the same names explain the fields."""

    learning_rate: float = 0.05
    jitter: int = 32
    smoothing: float = 0.5
    decorrelate: bool = True
    normalise: bool = True
    tv_weight: float = 0.0


def octave_sizes(
    size: tuple[int, int], octaves: int, octave_scale: float, least_side: int = LEAST_SIDE
) -> list[tuple[int, int]]:
    """Sizes (height, width) from small to large, the last the given one.

    Those whose shorter side would fall below least_side (px) are left out: a net sees nothing in them.
    """
    height, width = size
    sizes = []
    for i in reversed(range(octaves)):
        smaller = round(height / octave_scale**i), round(width / octave_scale**i)
        if i == 0 or min(smaller) >= least_side:
            sizes.append(smaller)
    return sizes


def fit(size: tuple[int, int], max_size: int) -> tuple[int, int]:
    """The size (height, width) shrunk until its longer side is at most max_size; 0 leaves it as it is."""
    longest = max(size)
    if not max_size or longest <= max_size:
        return size[0], size[1]
    return max(1, round(size[0] * max_size / longest)), max(1, round(size[1] * max_size / longest))


def newly_clipped(before: Tensor, after: Tensor) -> float:
    """Share of the places where a colour of `after` is 0 or 255 and was not before; both (3, H, W)."""

    def at_an_end(pixels: Tensor) -> Tensor:
        levels = (pixels * 255).round()
        return (levels <= 0) | (levels >= 255)

    return float((at_an_end(after) & ~at_an_end(before)).any(dim=0).float().mean())


def resize(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """Bicubic, with antialiasing when it shrinks."""
    if picture.shape[-2:] == size:
        return picture
    return functional.interpolate(picture, size=size, mode="bicubic", align_corners=False, antialias=True)


def even(size: tuple[int, int]) -> tuple[int, int]:
    """The size with odd sides made one less, as films want them; at least 2 x 2."""
    return max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)


def shown(net, picture: Tensor) -> Tensor:
    """A picture as pixels (3, h, w) in [0, 1] for a preview, coarser when it is large."""
    coarse = -(-max(picture.shape[-2:]) // 1024)
    return net.denormalise(picture[:, :, ::coarse, ::coarse])[0].clamp(0, 1)


def calm_share(net, view: Tensor) -> Tensor:
    """How much of a step each place takes, (1, 1, H, W): less where the picture is blank white or black.

    There every faint change is seen, as if it were etched. Elsewhere 1.
    """
    grey = net.denormalise(view).mean(dim=1, keepdim=True)
    mean = box_mean(grey, NORMALISE_BOX // 4)
    spread = (box_mean(grey.square(), NORMALISE_BOX // 4) - mean.square()).clamp_min(0).sqrt()
    from_ends = torch.minimum(grey, 1 - grey).clamp_min(0)
    is_grey = (from_ends / BLANK_END).clamp(0, 1).square()
    is_busy = (spread / BLANK_SPREAD).clamp(0, 1)
    return BLANK_SHARE + (1 - BLANK_SHARE) * torch.maximum(is_grey, is_busy)


def mirror(length: int, before: int, after: int) -> Tensor:
    """Indices that extend an axis by reflection at both ends, however far: mirror(3, 2, 1) is 2 1 0 1 2 1."""
    period = max(1, 2 * (length - 1))
    index = torch.arange(-before, length + after) % period
    return torch.where(index >= length, period - index, index)


def _extended(picture: Tensor, above: int, below: int, before: int, after: int) -> Tensor:
    """The picture extended by reflection by so many rows above and below, columns before and after."""
    if max(above, below) < picture.shape[2] and max(before, after) < picture.shape[3]:
        return functional.pad(picture, (before, after, above, below), mode="reflect")
    rows = mirror(picture.shape[2], above, below).to(picture.device)
    columns = mirror(picture.shape[3], before, after).to(picture.device)
    return picture.index_select(2, rows).index_select(3, columns)


def activation(net, x: Tensor, target: Target, tile: int = TILE) -> float:
    """The target's response to a picture."""
    with torch.no_grad():
        windows = _windows(net, x.shape[-2], x.shape[-1], target, tile)
        if len(windows) == 1:
            return target.value(net, x)[1]
        return target.survey(net, ((x[..., *window.outer.slices], window) for window in windows))[1]


def gradient(
    net, picture: Tensor, target: Target, how: Ascent, generator: torch.Generator, tile: int = TILE
) -> tuple[Tensor, float]:
    """The gradient of the target at a jittered picture, and the target's response there.

    The picture is extended by reflection by `jitter` px, split at random between the two sides of each axis,
    and a little further, to whole places of the net. A side above `tile` px is looked at in windows, one
    after another: the gradient is that of the whole picture, the memory that of one window.
    """
    height, width = picture.shape[-2:]
    least = net.least_side(target.layers)
    extra = [max(how.jitter, least - length) for length in (height, width)]
    top, left = (int(torch.randint(0, room + 1, (), generator=generator)) for room in extra)
    stride = max(net.strides[name] for name in target.layers)
    over = [-(length + room) % stride for length, room in zip((height, width), extra, strict=True)]
    rows = mirror(height, top, extra[0] - top + over[0]).to(picture.device)
    columns = mirror(width, left, extra[1] - left + over[1]).to(picture.device)
    windows = _windows(net, len(rows), len(columns), target, tile)

    def look(box) -> Tensor:
        across, down = box.slices
        last = picture.permute(0, 2, 3, 1)  # so that what is selected has its channels last in memory
        return last.index_select(1, rows[across]).index_select(2, columns[down]).permute(0, 3, 1, 2)

    if len(windows) == 1:
        x = look(windows[0].outer).requires_grad_(True)
        value, response = target.value(net, x)
        (grad,) = torch.autograd.grad(value, x)
        return grad[:, :, top : top + height, left : left + width].float(), response
    with torch.no_grad():
        known, response = target.survey(net, ((look(window.outer), window) for window in windows))

    def look_and_climb(window) -> Tensor:  # a function, so that nothing of it stays for the next window
        x = look(window.outer).requires_grad_(True)
        (grad,) = torch.autograd.grad(target.part(net, x, known), x)
        return grad[..., *window.within]

    found = torch.empty_like(picture, memory_format=torch.contiguous_format)
    for window in windows:
        _place(found, look_and_climb(window), window.inner.top - top, window.inner.left - left)
    return found, response


def _windows(net, height: int, width: int, target: Target, tile: int) -> list:
    """Windows of at most tile px, with a smaller margin where a net looks too far for them.

    All are made as large as the largest: of each shape that it meets, the arithmetic keeps memory.
    """
    halo = min(net.halo(target.layers), tile // 3)
    windows = net.windows(height, width, target.layers, tile, halo)
    stride = max(net.strides[name] for name in target.layers)
    boxes = [window.outer for window in windows]
    if len(boxes) == 1 or height % stride or width % stride:
        return windows
    rows = max(box.bottom - box.top for box in boxes)
    columns = max(box.right - box.left for box in boxes)
    tops = [min(box.top, height - rows) for box in boxes]
    lefts = [min(box.left, width - columns) for box in boxes]
    grown = [type(boxes[0])(y, x, y + rows, x + columns) for y, x in zip(tops, lefts, strict=True)]
    return [window._replace(outer=box) for window, box in zip(windows, grown, strict=True)]


def _place(canvas: Tensor, piece: Tensor, top: int, left: int) -> None:
    """Copy a piece to its place; what falls outside the canvas is left out."""
    height, width = canvas.shape[-2:]
    above, before = max(0, -top), max(0, -left)
    bottom, right = min(piece.shape[-2], height - top), min(piece.shape[-1], width - left)
    if bottom > above and right > before:
        canvas[..., top + above : top + bottom, left + before : left + right] = piece[
            ..., above:bottom, before:right
        ]


def smooth(grad: Tensor, sigma: float) -> Tensor:
    """Blur each colour by the mean of three Gaussians of sigma / 2, sigma and 2 sigma px, as one kernel."""
    if sigma <= 0:
        return grad
    at = torch.arange(-BLUR_RADIUS, BLUR_RADIUS + 1, dtype=torch.float32)
    kernel = torch.zeros(len(at), len(at))
    for scale in (0.5 * sigma, sigma, 2 * sigma):
        line = torch.exp(-0.5 * (at / scale) ** 2)
        kernel += torch.outer(line, line) / line.sum() ** 2 / 3
    kernel = kernel.to(grad.device).repeat(3, 1, 1, 1)
    padded = _extended(grad, BLUR_RADIUS, BLUR_RADIUS, BLUR_RADIUS, BLUR_RADIUS)
    blurred = functional.conv2d(padded.contiguous(memory_format=torch.channels_last), kernel, groups=3)
    return blurred.contiguous()


def decorrelate(grad: Tensor) -> Tensor:
    """The step that gradient ascent in decorrelated colours makes, seen in RGB: C Cᵀ grad."""
    root = grad.new_tensor(COLOUR_ROOT)
    root = root / root.norm(dim=0).max()
    return torch.einsum("ij,njhw->nihw", root @ root.T, grad)


def with_tones(net, view: Tensor, dreamt: Tensor, share: float) -> Tensor:
    """The dream (1, C, H, W) with a share of the light and shade of the photo that it began from.

    With them the photo keeps its soft contours, which a dream of full contrast drowns. They are what a blur
    of a fortieth of the shorter side, and at least of 8 px, leaves: three box means, near a Gaussian.
    """
    if share == 0:
        return dreamt
    deviation = max(LEAST_TONE, min(view.shape[-2:]) / TONE_PARTS)
    radius = round(((4 * deviation**2 + 1) ** 0.5 - 1) / 2)
    found = dreamt - view
    for channel in range(found.shape[1]):  # one after another, since a blur takes several copies
        slow = found[:, channel : channel + 1]
        for _ in range(3):
            slow = box_mean(slow, radius)
        found[:, channel : channel + 1] = slow.mul_(-share)
    for top, bottom, _, _ in _strips(tuple(found.shape[-2:]), 0):
        rows = (..., slice(top, bottom), slice(None))
        found[rows] = step_within(dreamt[rows], found[rows], net)
    return found


def box_mean(plane: Tensor, radius: int) -> Tensor:
    """Mean over the (2 radius + 1)² window around each place of (1, C, H, W), only over what lies inside."""
    for axis in (2, 3):
        length = plane.shape[axis]
        reach = min(radius, length - 1)
        at = torch.arange(length, device=plane.device)
        count = (at + reach).clamp_max(length - 1) - (at - reach).clamp_min(0) + 1
        plane = _sliding_sum(plane, axis, reach).div_(count[:, None] if axis == 2 else count)
    return plane


def _sliding_sum(plane: Tensor, axis: int, reach: int) -> Tensor:
    """Sums of 2 reach + 1 neighbours along an axis; what lies outside counts as 0.

    From sums of 1, 2, 4, … neighbours: few additions, each of which waits for all threads.
    """
    length, wanted = plane.shape[axis], 2 * reach + 1
    edges = (0, 0, reach, reach) if axis == 2 else (reach, reach)
    sums = functional.pad(plane, edges)  # of `many` neighbours from each place on
    total, many, taken = torch.zeros_like(plane), 1, 0
    while True:
        if wanted & many:
            total += sums.narrow(axis, taken, length)
            taken += many
        if taken == wanted:
            return total
        shared = sums.shape[axis] - many
        sums = sums.narrow(axis, 0, shared) + sums.narrow(axis, many, shared)
        many *= 2


def normalise_locally(grad: Tensor, mean_square: Tensor | None = None) -> Tensor:
    """Divide by the root mean square in a box around each place, so that quiet places dream too.

    mean_square: that of the whole picture, where this is a part of it.
    """
    square = grad.square().mean(dim=1, keepdim=True)  # (1, 1, H, W)
    floor = NORMALISE_FLOOR * (square.mean() if mean_square is None else mean_square).sqrt()
    return grad / (box_mean(square, NORMALISE_BOX // 2).sqrt() + floor + 1e-12)


def total_variation_step(picture: Tensor) -> Tensor:
    """Where a step down the (squared) total variation leads: to the mean of the four neighbours."""
    around = _extended(picture, 1, 1, 1, 1)
    mean = (
        around[:, :, :-2, 1:-1] + around[:, :, 2:, 1:-1] + around[:, :, 1:-1, :-2] + around[:, :, 1:-1, 2:]
    ) / 4
    return mean - picture


def step(net, picture: Tensor, grad: Tensor, how: Ascent, share: Tensor | None = None) -> Tensor:
    """One step along the treated gradient.

    share: of the step that each place takes, (1, 1, H, W) in [0, 1]; None takes all of it everywhere.
    Works in strips of rows, so that a large picture takes three copies of itself: this, grad and the result.
    """
    size = picture.shape[2:]
    treated = torch.empty_like(grad)
    for top, bottom, first, last in _strips(size, BLUR_RADIUS):
        strip = smooth(grad[:, :, first:last], how.smoothing)[:, :, top - first : bottom - first]
        treated[:, :, top:bottom] = decorrelate(strip) if how.decorrelate else strip
    mean_square = sum(treated[:, :, a:b].square().sum() for a, b, _, _ in _strips(size, 0)) / treated.numel()
    for top, bottom, first, last in _strips(size, NORMALISE_BOX):
        strip, inner = treated[:, :, first:last], slice(top - first, bottom - first)
        if how.normalise:
            evened = normalise_locally(strip, mean_square)[:, :, inner]
        else:
            evened = strip[:, :, inner] / (mean_square.sqrt() + 1e-12)
        change = how.learning_rate * evened
        if how.tv_weight:
            change = change + how.tv_weight * total_variation_step(picture[:, :, first:last])[:, :, inner]
        if share is not None:
            change = change * share[:, :, top:bottom]
        grad[:, :, top:bottom] = step_within(
            picture[:, :, top:bottom], change, net
        )  # no longer needed as such
    return grad


def _strips(size: tuple[int, int], margin: int) -> list[tuple[int, int, int, int]]:
    """Rows (top, bottom) in turn of a picture (height, width), and (first, last) of what they need to see."""
    height, width = size
    rows = max(STRIP, STRIP_PLACES // width)
    ends = [(top, min(height, top + rows)) for top in range(0, height, rows)]
    return [(top, bottom, max(0, top - margin), min(height, bottom + margin)) for top, bottom in ends]


def step_within(picture: Tensor, change: Tensor, net) -> Tensor:
    """Add the change, bent so that it takes up at most the room that is left to black or white.

    A change d towards a limit that is r away becomes r (1 - exp(-d / r)): all of it when d is small.
    """
    low, high = LIMITS
    pixels = net.denormalise(picture)
    wanted = net.denormalise(picture + change).sub_(pixels)
    room = torch.where(wanted > 0, high - pixels, pixels - low).clamp_min_(1e-6)
    taken = (wanted.abs() / room).neg_().expm1_().neg_().mul_(room)
    return net.normalise(torch.copysign(taken, wanted).add_(pixels))


def dream_on(
    net, photo: Tensor, target: Target, how: Ascent, generator: torch.Generator,
    octaves: int, octave_scale: float, steps: int, autocast, tile: int = TILE,
) -> Tensor:  # fmt: skip
    """The whole climb through the octaves in one go; for frames of films and thumbnails.

    autocast: gives the context in which the net looks, as `Run.autocast` does.
    """
    least = max(LEAST_SIDE, net.least_side(target.layers))
    sizes = octave_sizes(tuple(photo.shape[-2:]), octaves, octave_scale, least)
    change = None
    for size in sizes:
        view = resize(photo, size)
        share = calm_share(net, view)
        dreamt = view if change is None else view + resize(change, size)
        for _ in range(steps):
            with autocast():
                grad, _ = gradient(net, dreamt, target, how, generator, tile)
            dreamt = step(net, dreamt, grad, how, share)
        change = dreamt - view
    return dreamt
