"""The picture that a channel or a class responds to most: gradient ascent from noise.

Source: Olah, Mordvintsev, Schubert 2017, "Feature Visualization": the picture is its Fourier spectrum, scaled
like that of natural pictures, in decorrelated colours, and it must work however it is turned, scaled and
shifted. Where we differ: the picture is a torus that is shifted at random all the way round, so that it has
no border and tiles without a seam; and each one starts from whichever of many noises its target likes best,
or of patches of a photo where no noise moves it, since a ReLU that is silent gives no gradient.
"""

import contextlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

# Square root of the colour correlation of natural pictures, measured on ImageNet for "Feature Visualization"
# (Olah, Mordvintsev, Schubert 2017; lucid/optvis/param/color.py of github.com/tensorflow/lucid).
COLOUR_ROOT = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
SPECTRUM_POWER = 1.25  # amplitude falls as frequency ** -1.25: natural pictures have 1, dots vanish above it
NOISES = 96  # to choose a start from
NOISE_AMPLITUDES = (0.5, 1.0, 0.3)
NOISES_AT_ONCE = 24
SILENT = 1e-3  # a response below this is none
LEARNING_RATE = 0.08
TURN = math.radians(10)
ZOOM = 0.12  # of the size

# Model units (N, 3, H, W) to responses (N, number of targets).
Respond = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Torus:
    """Square pictures of a size (px) as spectra: real tensors (N, 3, size, size // 2 + 1, 2)."""

    size: int
    scale: Tensor  # (size, size // 2 + 1): amplitude of each frequency
    root: Tensor  # (3, 3): decorrelated colours to RGB

    @staticmethod
    def of(size: int, device: torch.device) -> "Torus":
        rows, columns = torch.fft.fftfreq(size)[:, None], torch.fft.rfftfreq(size)[None]
        frequency = (rows**2 + columns**2).sqrt().clamp_min(1 / size)
        scale = frequency**-SPECTRUM_POWER
        root = torch.tensor(COLOUR_ROOT)
        return Torus(
            size,
            (scale / scale.square().mean().sqrt()).to(device),
            (root / root.norm(dim=0).max()).to(device),
        )

    def noise(self, count: int, amplitude: Tensor, generator: torch.Generator) -> Tensor:
        """Spectra of noise that is as rough and as colourful as natural pictures; amplitude: (count,)."""
        draw = torch.randn(count, 3, self.size, self.size // 2 + 1, 2, generator=generator)
        return (amplitude.view(-1, 1, 1, 1, 1) * draw).to(self.scale.device)

    def pixels(self, spectra: Tensor) -> Tensor:
        """RGB (N, 3, size, size) in (0, 1)."""
        planes = torch.fft.irfft2(
            torch.view_as_complex(spectra) * self.scale, s=(self.size, self.size), norm="ortho"
        )
        return torch.sigmoid(torch.einsum("ij,njhw->nihw", self.root, planes))

    def spectra(self, pixels: Tensor) -> Tensor:
        """The spectra of RGB pictures (N, 3, size, size) in [0, 1], black and white drawn in a little."""
        planes = torch.einsum(
            "ij,njhw->nihw", torch.linalg.inv(self.root), torch.logit(pixels.clamp(0.05, 0.95))
        )
        return torch.view_as_real(torch.fft.rfft2(planes, norm="ortho") / self.scale)


def shaken(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """The pictures (N, 3, H, W) shifted round the torus, turned and zoomed a little, all in the same way."""
    size = pixels.shape[-1]
    down, right = (int(torch.randint(size, (), generator=generator)) for _ in range(2))
    turn, zoom = (2 * torch.rand(2, generator=generator) - 1).tolist()
    turn, zoom = TURN * turn, 1 + ZOOM * zoom
    matrix = pixels.new_tensor(
        [
            [zoom * math.cos(turn), -zoom * math.sin(turn), 0],
            [zoom * math.sin(turn), zoom * math.cos(turn), 0],
        ]
    )
    grid = functional.affine_grid(matrix.expand(len(pixels), 2, 3), list(pixels.shape), align_corners=False)
    shifted = torch.roll(pixels, (down, right), dims=(2, 3))
    return functional.grid_sample(shifted, grid, padding_mode="reflection", align_corners=False)


def best_starts(
    net, respond: Respond, torus: Torus, patches: Tensor | None, generator: torch.Generator
) -> Tensor:
    """For each target the spectrum of the noise that it likes best; of a patch where none moves it."""
    best, spectra = None, torch.empty(0)
    amplitudes = torch.tensor(NOISE_AMPLITUDES).repeat(NOISES_AT_ONCE)[:NOISES_AT_ONCE]
    with torch.no_grad():
        for _ in range(NOISES // NOISES_AT_ONCE):
            noises = torus.noise(NOISES_AT_ONCE, amplitudes, generator)
            responses, place = respond(net.normalise(torus.pixels(noises))).max(dim=0)  # each (count,)
            if best is None:
                best, spectra = responses, noises[place]
                continue
            is_better = (responses > best).view(-1, 1, 1, 1, 1)
            spectra = torch.where(is_better, noises[place], spectra)
            best = torch.maximum(best, responses)
        if patches is not None and (best < SILENT).any():
            _, place = respond(net.normalise(patches)).max(dim=0)
            spectra = torch.where(
                (best < SILENT).view(-1, 1, 1, 1, 1), torus.spectra(patches)[place], spectra
            )
    return spectra.clone()


def paint(
    net,
    respond: Respond,
    *,
    size: int,
    steps: int,
    patches: Tensor | None = None,
    generator: torch.Generator,
    device: torch.device,
    autocast: Callable[[], contextlib.AbstractContextManager] = contextlib.nullcontext,
    progress: Callable[[range], Iterable[int]] = iter,
    show: Callable[[Tensor], None] = lambda pixels: None,
) -> Tensor:
    """One picture for each of C targets, pixels (C, 3, size, size) in [0, 1].

    respond: responses (N, C) of pictures in model units (N, 3, H, W) to all targets; it is called inside
    `autocast()`. patches: pixels (M, 3, size, size) of photos, to start from where noise moves nothing. show:
    called with the pictures so far at each step. Adam, whose rate falls over the second half.
    """
    torus = Torus.of(size, device)

    def respond_quickly(x: Tensor) -> Tensor:
        with autocast():
            return respond(x.contiguous(memory_format=torch.channels_last)).float()

    spectra = best_starts(net, respond_quickly, torus, patches, generator).requires_grad_(True)
    optimiser = torch.optim.Adam([spectra], betas=(0.9, 0.99))
    for step in progress(range(steps)):
        optimiser.param_groups[0]["lr"] = LEARNING_RATE * min(1, 2 * (1 - step / steps) + 0.2)
        pixels = torus.pixels(spectra)
        responses = respond_quickly(net.normalise(shaken(pixels, generator)))
        optimiser.zero_grad()
        (-responses.diagonal().sum()).backward()
        optimiser.step()
        show(pixels.detach())
    with torch.no_grad():
        return torus.pixels(spectra)
