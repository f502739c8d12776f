"""The backbone: a VGG-like net of 0.89 M parameters, its trainable form and the folded one that others use.

Unlike VGG, batch norm has a bias but no scale (a scale before a ReLU and another convolution adds
nothing), and pooling stands before batch norm. A normalisation that only shifts and divides by a
positive number commutes with the maximum, so the folded net is the plain conv, ReLU, pool; and
normalising a quarter of the values makes training faster.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from dllab_vision.seeing import SeeingNet, Step, ready, step

# Mean and deviation of the colours of Tiny ImageNet's training pictures, in [0, 1].
MEAN = (0.4805, 0.4486, 0.3981)
STD = (0.2745, 0.2677, 0.2796)

# Name, output channels, whether a 2x2 max pooling follows. c4_2 lies two thirds deep.
LAYERS = (
    ("c1_1", 24, True),
    ("c2_1", 48, False),
    ("c2_2", 48, True),
    ("c3_1", 96, False),
    ("c3_2", 96, True),
    ("c4_1", 160, False),
    ("c4_2", 160, True),
    ("c5_1", 224, False),
)
LAYER_NAMES = tuple(name for name, _, _ in LAYERS)


class TrainableBackbone(nn.Module):
    """The net while it learns: convolution, pooling, batch norm without scale, ReLU; then a linear head."""

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.convolutions = nn.ModuleDict()
        self.norms = nn.ModuleDict()
        in_channels = 3
        for name, channels, _ in LAYERS:
            self.convolutions[name] = nn.Conv2d(in_channels, channels, 3, padding=1, bias=False)
            self.norms[name] = nn.BatchNorm2d(channels)
            self.norms[name].weight.requires_grad_(False)  # stays 1, so that pooling and folding commute
            in_channels = channels
        self.head = nn.Linear(in_channels, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Model units (N, 3, H, W) to logits (N, num_classes)."""
        for name, _, has_pool in LAYERS:
            x = self.convolutions[name](x)
            x = functional.max_pool2d(x, 2) if has_pool else x
            x = functional.relu(self.norms[name](x), inplace=True)
        return self.head(x.mean(dim=(2, 3)))

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights: convolutions after He et al. 2015, the head to zeros."""
        for convolution in self.convolutions.values():
            nn.init.kaiming_normal_(
                convolution.weight, mode="fan_out", nonlinearity="relu", generator=generator
            )
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)


class Backbone(SeeingNet):
    """The net for use: batch norm folded into the convolutions. See SeeingNet for what it offers."""

    mean = MEAN
    std = STD
    dream_layer = "c4_2"
    view_size = 64

    def __init__(self, num_classes: int, class_names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.class_names = class_names
        self.convolutions = nn.ModuleDict()
        in_channels = 3
        for name, channels, _ in LAYERS:
            self.convolutions[name] = nn.Conv2d(in_channels, channels, 3, padding=1)
            in_channels = channels
        self.head = nn.Linear(in_channels, num_classes)
        self.describe()

    def steps(self) -> Iterable[Step]:
        pool = nn.MaxPool2d(2, 2, ceil_mode=True)  # ceil_mode: a picture of one pixel passes too
        for name, channels, has_pool in LAYERS:
            yield step(name, channels, self.convolutions[name], nn.ReLU(inplace=True))
            if has_pool:
                yield step("", 0, pool)


def fold(trained: TrainableBackbone, class_names: tuple[str, ...] = ()) -> Backbone:
    """The net for use from the net that learned: (w * x - mean) / sqrt(var + eps) + bias in one step."""
    folded = Backbone(trained.head.out_features, class_names)
    with torch.no_grad():
        for name in LAYER_NAMES:
            norm = trained.norms[name]
            scale = torch.rsqrt(norm.running_var + norm.eps)  # (C,), positive
            folded.convolutions[name].weight.copy_(
                trained.convolutions[name].weight * scale.view(-1, 1, 1, 1)
            )
            folded.convolutions[name].bias.copy_(norm.bias - norm.running_mean * scale)
        folded.head.load_state_dict(trained.head.state_dict())
    return ready(folded)
