"""The second net: a residual one of 0.47 M parameters, for a second opinion on what the backbone dreams.

It differs from the backbone in all that may leave a mark on a dream: shortcuts around its blocks, strided
convolutions instead of pooling, batch norm with a scale, other widths, and no adversarial training.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional

from dllab_vision.net import MEAN, STD
from dllab_vision.seeing import SeeingNet, Sliding, Step, step

STEM = 24  # channels
STAGES = (("r1", 24, 1), ("r2", 48, 2), ("r3", 96, 2), ("r4", 128, 2))  # name, channels, stride


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions, the first with the stride, and the input added; He et al. 2016, figure 2."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity()
        if inputs != outputs or stride != 1:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.shortcut = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        y = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResidualNet(SeeingNet):
    """A strided convolution, four residual blocks and a linear head. The same net learns and is used."""

    mean = MEAN
    std = STD
    dream_layer = "r3"
    view_size = 64

    def __init__(self, num_classes: int, class_names: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.class_names = class_names
        self.stem = nn.Conv2d(3, STEM, 3, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(STEM)
        self.blocks = nn.ModuleDict()
        inputs = STEM
        for name, channels, stride in STAGES:
            self.blocks[name] = ResidualBlock(inputs, channels, stride)
            inputs = channels
        self.head = nn.Linear(inputs, num_classes)
        self.describe()

    def steps(self) -> Iterable[Step]:
        yield step("stem", STEM, self.stem, self.stem_norm, nn.ReLU())
        for name, channels, stride in STAGES:
            around = (Sliding(3, stride, 1), Sliding(3, 1, 1))
            yield Step(name, self.blocks[name], channels, around)

    def initialise(self, generator: torch.Generator) -> None:
        """Set the weights: convolutions after He et al. 2015; zeros for the head, and for the last scale of
        each block, which so begins as its shortcut (Goyal et al. 2017).
        """
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(
                    module.weight, mode="fan_out", nonlinearity="relu", generator=generator
                )
        for block in self.blocks.values():
            nn.init.zeros_(block.norm2.weight)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
