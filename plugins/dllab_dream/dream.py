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

# Square root of the colour correlation of natural pictures, measured on ImageNet for "Feature Visualization"
# (Olah, Mordvintsev, Schubert 2017; lucid/optvis/param/color.py of github.com/tensorflow/lucid).
COLOUR_ROOT = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
NORMALISE_BOX = 48  # px: wide enough to keep eyes and edges apart from their surroundings
NORMALISE_FLOOR = 0.15  # of the root mean square of the whole: an even sky stays calm
EQUALISE_FLOOR = 0.1  # of the mean energy: channels that hardly respond are not blown up without bound
BLUR_RADIUS = 4  # px
LEAST_SIDE = 32  # px
LIMITS = (0.02, 0.98)  # a step takes no colour beyond these; what lies beyond in the photo stays


@dataclass(frozen=True)
class Ascent:
    """How one gradient becomes one step; the experiment's parameters of the same names explain the fields."""

    layers: tuple[str, ...]
    channels: tuple[int, ...] = ()
    learning_rate: float = 0.05
    jitter: int = 32
    smoothing: float = 0.5
    equalise: bool = True
    decorrelate: bool = True
    normalise: bool = True
    tv_weight: float = 0.0


def octave_sizes(size: tuple[int, int], octaves: int, octave_scale: float) -> list[tuple[int, int]]:
    """Sizes (height, width) from small to large, the last the given one.

    Those whose shorter side would fall below LEAST_SIDE are left out: a net sees nothing in them.
    """
    height, width = size
    sizes = []
    for i in reversed(range(octaves)):
        smaller = round(height / octave_scale**i), round(width / octave_scale**i)
        if i == 0 or min(smaller) >= LEAST_SIDE:
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


def views(photo: Tensor, sizes: list[tuple[int, int]]) -> list[Tensor]:
    """The photo at each of the sizes, from small to large."""
    largest = resize(photo, sizes[-1])
    return [*(resize(largest, size) for size in sizes[:-1]), largest]


def mirror(length: int, before: int, after: int) -> Tensor:
    """Indices that extend an axis by reflection at both ends, however far: mirror(3, 2, 1) is 2 1 0 1 2 1."""
    period = max(1, 2 * (length - 1))
    index = torch.arange(-before, length + after) % period
    return torch.where(index >= length, period - index, index)


def energies(net, x: Tensor, layers: tuple[str, ...], channels: tuple[int, ...]) -> list[Tensor]:
    """Mean square of each channel, one (C,) float32 per layer; of the chosen channels when there are any."""
    found = net.activations(x, layers)
    each = [found[name].float().square().mean(dim=(0, 2, 3)) for name in layers]
    return [energy[list(channels)] if channels else energy for energy in each]


def activation(net, x: Tensor, how: Ascent) -> float:
    """Mean square of the target over places and channels, the mean over the layers."""
    with torch.no_grad():
        return float(torch.stack([e.mean() for e in energies(net, x, how.layers, how.channels)]).mean())


def objective(each: list[Tensor], equalise: bool) -> Tensor:
    """What is climbed: the log of the energy; equalised, each channel's growth relative to its own energy."""
    if not equalise:
        return sum(energy.mean().clamp_min(1e-12).log() for energy in each)
    return sum((e / (e.detach() + EQUALISE_FLOOR * e.detach().mean() + 1e-12)).mean() for e in each)


def gradient(net, picture: Tensor, how: Ascent, generator: torch.Generator) -> tuple[Tensor, float]:
    """The gradient of the objective at a jittered picture, and the target's mean square there.

    The picture is extended by reflection by `jitter` px, split at random between the two sides of each axis.
    """
    height, width = picture.shape[-2:]
    top, left = (int(torch.randint(0, how.jitter + 1, (), generator=generator)) for _ in range(2))
    rows = mirror(height, top, how.jitter - top).to(picture.device)
    columns = mirror(width, left, how.jitter - left).to(picture.device)
    x = (
        picture[:, :, rows][:, :, :, columns]
        .contiguous(memory_format=torch.channels_last)
        .requires_grad_(True)
    )
    each = energies(net, x, how.layers, how.channels)
    (grad,) = torch.autograd.grad(objective(each, how.equalise), x)
    response = float(torch.stack([energy.detach().mean() for energy in each]).mean())
    return grad[:, :, top : top + height, left : left + width].float(), response


def smooth(grad: Tensor, sigma: float) -> Tensor:
    """Blur each colour by the mean of three Gaussians of sigma / 2, sigma and 2 sigma px, as one kernel."""
    if sigma <= 0:
        return grad
    at = torch.arange(-BLUR_RADIUS, BLUR_RADIUS + 1, dtype=torch.float32)
    kernel = torch.zeros(len(at), len(at))
    for scale in (0.5 * sigma, sigma, 2 * sigma):
        line = torch.exp(-0.5 * (at / scale) ** 2)
        kernel += torch.outer(line, line) / line.sum() ** 2 / 3
    kernel = kernel.to(grad.device).expand(3, 1, -1, -1)
    height, width = grad.shape[-2:]
    rows = mirror(height, BLUR_RADIUS, BLUR_RADIUS).to(grad.device)
    columns = mirror(width, BLUR_RADIUS, BLUR_RADIUS).to(grad.device)
    return functional.conv2d(grad[:, :, rows][:, :, :, columns].contiguous(), kernel, groups=3)


def decorrelate(grad: Tensor) -> Tensor:
    """The step that gradient ascent in decorrelated colours makes, seen in RGB: C Cᵀ grad."""
    root = grad.new_tensor(COLOUR_ROOT)
    root = root / root.norm(dim=0).max()
    return torch.einsum("ij,njhw->nihw", root @ root.T, grad)


def box_mean(plane: Tensor, radius: int) -> Tensor:
    """Mean over the (2 radius + 1)² window around each place of (1, 1, H, W), only over what lies inside."""
    for size, padding in (((2 * radius + 1, 1), (radius, 0)), ((1, 2 * radius + 1), (0, radius))):
        plane = functional.avg_pool2d(plane, size, stride=1, padding=padding, count_include_pad=False)
    return plane


def normalise_locally(grad: Tensor) -> Tensor:
    """Divide by the root mean square in a box around each place, so that quiet places dream too."""
    square = grad.square().mean(dim=1, keepdim=True)  # (1, 1, H, W)
    floor = NORMALISE_FLOOR * square.mean().sqrt()
    return grad / (box_mean(square, NORMALISE_BOX // 2).sqrt() + floor + 1e-12)


def total_variation_step(picture: Tensor) -> Tensor:
    """Where a step down the (squared) total variation leads: to the mean of the four neighbours."""
    around = picture[:, :, mirror(picture.shape[2], 1, 1).to(picture.device)]
    around = around[:, :, :, mirror(picture.shape[3], 1, 1).to(picture.device)]
    mean = (
        around[:, :, :-2, 1:-1] + around[:, :, 2:, 1:-1] + around[:, :, 1:-1, :-2] + around[:, :, 1:-1, 2:]
    ) / 4
    return mean - picture


def step(net, picture: Tensor, grad: Tensor, how: Ascent) -> Tensor:
    """One step along the treated gradient."""
    grad = smooth(grad, how.smoothing)
    if how.decorrelate:
        grad = decorrelate(grad)
    grad = normalise_locally(grad) if how.normalise else grad / (grad.square().mean().sqrt() + 1e-12)
    change = how.learning_rate * grad
    if how.tv_weight:
        change = change + how.tv_weight * total_variation_step(picture)
    return step_within(picture, change, net)


def step_within(picture: Tensor, change: Tensor, net) -> Tensor:
    """Add the change, bent so that it takes up at most the room that is left to black or white.

    A change d towards a limit that is r away becomes r (1 - exp(-d / r)): all of it when d is small.
    """
    low, high = LIMITS
    pixels = net.denormalise(picture)
    wanted = net.denormalise(picture + change) - pixels
    room = torch.where(wanted > 0, high - pixels, pixels - low).clamp_min(1e-6)
    taken = room * (1 - torch.exp(-wanted.abs() / room))
    return net.normalise(pixels + wanted.sign() * taken)
