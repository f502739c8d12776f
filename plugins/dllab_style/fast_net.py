"""The net that paints at once: trained for one style, it turns a photo into a painting in one pass.

Source: Johnson, Alahi, Fei-Fei 2016, "Perceptual Losses for Real-Time Style Transfer", with instance
normalisation (Ulyanov, Vedaldi, Lempitsky 2017) and nearest-neighbour enlarging before a convolution (Odena,
Dumoulin, Olah 2016), which leaves no checkerboard. Ours is a tenth of their size.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_style.losses import Statistics

FORMAT = "dllab-fast-style"
WIDTHS = (16, 32, 64)  # channels at full, half and a quarter of the size
BLOCKS = 4
RANGE = 0.55  # colours reach 0.5 +- this before they are cut, so that white and black can be had
STRIDE = 4  # sizes are brought to a multiple of this inside


class Layer(nn.Module):
    """Reflect, convolve, normalise each channel over the picture."""

    def __init__(
        self, channels: int, out: int, kernel: int = 3, stride: int = 1, is_last: bool = False
    ) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(channels, out, kernel, stride, bias=is_last)
        self.norm = nn.Identity() if is_last else nn.InstanceNorm2d(out, affine=True)
        self.padding = kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        x = functional.pad(x, (self.padding,) * 4, mode="reflect")
        return self.norm(self.convolution(x))


class Block(nn.Module):
    """Two layers, added to what came in (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = Layer(channels, channels), Layer(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.relu(self.first(x)))


class FastStyle(nn.Module):
    """Pixels (N, 3, H, W) in [0, 1] to painted pixels of the same shape; H and W from 16 px on."""

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = WIDTHS
        self.down = nn.ModuleList([Layer(3, fine, 5), Layer(fine, middle, 3, 2), Layer(middle, coarse, 3, 2)])
        self.blocks = nn.ModuleList(Block(coarse) for _ in range(BLOCKS))
        self.up = nn.ModuleList([Layer(coarse, middle), Layer(middle, fine)])
        self.last = Layer(fine, 3, 5, is_last=True)

    def forward(self, pixels: Tensor) -> Tensor:
        height, width = pixels.shape[-2:]
        x = functional.pad(pixels, (0, -width % STRIDE, 0, -height % STRIDE), mode="replicate")
        x = x * 2 - 1
        for layer in self.down:
            x = functional.relu(layer(x))
        for block in self.blocks:
            x = block(x)
        for layer in self.up:
            x = functional.relu(layer(functional.interpolate(x, scale_factor=2, mode="nearest")))
        painted = 0.5 + RANGE * torch.tanh(self.last(x).float())
        return painted[..., :height, :width]


def initialise(net: FastStyle, generator: torch.Generator) -> None:
    """Set the weights: convolutions after He et al. 2015, the last one small: painting begins with grey."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    with torch.no_grad():
        net.last.convolution.weight.mul_(0.1)


class Painter(FastStyle):
    """A trained net, with what the style asks for: `goals`, layer to Statistics, and the `layer_weights`."""

    goals: dict[str, Statistics]
    layer_weights: dict[str, float]
    style_name: str


def packed(net: FastStyle, goals: dict[str, Statistics]) -> dict[str, Tensor]:
    """Everything in float16 under names for safetensors."""
    state = {f"net.{name}": value.half() for name, value in net.state_dict().items()}
    for name, wanted in goals.items():
        scale = (
            wanted.second.diagonal().clamp_min(1e-8).sqrt()
        )  # float16 holds correlations better than moments
        state[f"goal.{name}.mean"] = wanted.mean.float()
        state[f"goal.{name}.scale"] = scale.float()
        state[f"goal.{name}.correlation"] = (wanted.second / torch.outer(scale, scale)).half()
    return state


def load_painter(path: Path) -> Painter:
    """A trained net from a file that `train-fast-style` wrote, in float32 on the CPU, ready to paint.

    Reads safetensors only. Raises dllab.InputError when the file is none of its kind.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            facts = file.metadata() or {}
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 not a mapping
        if facts.get("format") != FORMAT:
            raise ValueError(f"its format is {facts.get('format', 'not said')!r:.60}")
        painter = Painter()
        painter.load_state_dict({name[4:]: value for name, value in state.items() if name.startswith("net.")})
        painter.layer_weights = {
            str(name): float(weight) for name, weight in json.loads(facts["layers"]).items()
        }
        painter.style_name = facts.get("style", "")
        painter.goals = {}
        for name in painter.layer_weights:
            mean, scale, correlation = (
                state[f"goal.{name}.{part}"] for part in ("mean", "scale", "correlation")
            )
            painter.goals[name] = Statistics(mean, correlation * torch.outer(scale, scale))
    except (SafetensorError, KeyError, OSError, RuntimeError, ValueError, AttributeError) as error:
        fault = str(error).splitlines()[0][:120]
        raise dllab.InputError(
            f"{path.name} is no fast style ({fault}); make one by dllab run train-fast-style"
        ) from error
    return painter.to(memory_format=torch.channels_last).eval().requires_grad_(False)
