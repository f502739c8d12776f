"""Six well-known nets as short modules that take torchvision's own state dicts, key for key.

Names of weights, shapes and arithmetic are torchvision's. What differs: batch norm is folded into the
convolutions, GoogLeNet's auxiliary heads are left out, and the poolings of AlexNet and VGG keep a last row
that is left over (at 224 px there is none), so that small pictures and windows can be looked at.

The published weights are handed out by `dllab_vision.published`.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from dllab_vision.quick_chain import QuickConv, chain, takes_chains
from dllab_vision.seeing import IMAGENET_MEAN, IMAGENET_STD, SeeingNet, Sliding, Step, step

THREE = Sliding(3, 1, 1)  # the widest window of most blocks


def perceptron(inputs: int, num_classes: int, is_dropout_first: bool) -> nn.Sequential:
    """The classifier of AlexNet (which drops out first) and VGG: two hidden layers of 4096."""
    first, second = [nn.Linear(inputs, 4096), nn.ReLU()], [nn.Linear(4096, 4096), nn.ReLU()]
    if is_dropout_first:
        layers = [nn.Dropout(), *first, nn.Dropout(), *second]
    else:
        layers = [*first, nn.Dropout(), *second, nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(4096, num_classes))


class Plain(SeeingNet):
    """Convolutions, ReLUs and poolings in a row, then a perceptron: what AlexNet and VGG have in common."""

    head_key = "classifier.6.weight"
    grid = 0  # height and width of what the classifier reads

    def __init__(
        self, layers: Iterable[nn.Module], channels: int, num_classes: int, is_alexnet: bool
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(*layers)
        self.classifier = perceptron(channels * self.grid**2, num_classes, is_dropout_first=is_alexnet)
        self.describe()

    @property
    def head(self) -> nn.Module:
        return self.classifier[-1]

    def name_of(self, convolution: int, block: int, within: int) -> str:
        """The name of a layer by its number in the net, its block's, and its number there; all from 1."""
        raise NotImplementedError

    def steps(self) -> Iterable[Step]:
        count, block, within = 0, 1, 0
        for i, module in enumerate(self.features):
            if isinstance(module, nn.Conv2d):
                count, within = count + 1, within + 1
                name = self.name_of(count, block, within)
                yield step(name, module.out_channels, module, self.features[i + 1])
            elif isinstance(module, nn.MaxPool2d):
                block, within = block + 1, 0
                yield step("", 0, module)

    def gather(self, maps: Tensor) -> Tensor:
        """The second hidden layer of the classifier, (N, 4096)."""
        x = functional.adaptive_avg_pool2d(self.features[-1](maps), self.grid)
        return self.classifier[:-1](x.flatten(1))


class AlexNet(Plain):
    """Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks"."""

    dream_layer = "relu4"
    grid = 6

    def __init__(self, num_classes: int = 1000) -> None:
        layers: list[nn.Module] = []
        for inputs, outputs, kernel, stride, padding, has_pool in (
            (3, 64, 11, 4, 2, True), (64, 192, 5, 1, 2, True), (192, 384, 3, 1, 1, False),
            (384, 256, 3, 1, 1, False), (256, 256, 3, 1, 1, True),
        ):  # fmt: skip
            layers += [nn.Conv2d(inputs, outputs, kernel, stride, padding), nn.ReLU()]
            layers += [nn.MaxPool2d(3, 2, ceil_mode=True)] if has_pool else []
        super().__init__(layers, 256, num_classes, is_alexnet=True)

    def name_of(self, convolution: int, block: int, within: int) -> str:
        return f"relu{convolution}"


class VGG(Plain):
    """Simonyan & Zisserman 2015, "Very deep convolutional networks for large-scale image recognition"."""

    dream_layer = "relu4_3"
    grid = 7
    depths: tuple[int, ...] = ()  # convolutions in each of the five blocks
    exact_blocks = 3  # a chain sees those in float32

    def __init__(self, num_classes: int = 1000) -> None:
        layers: list[nn.Module] = []
        inputs = 3
        for block, (outputs, depth) in enumerate(zip((64, 128, 256, 512, 512), self.depths, strict=True)):
            for _ in range(depth):
                conv = QuickConv(inputs, outputs, is_exact=block < self.exact_blocks)
                layers += [conv, nn.ReLU(inplace=True)]
                inputs = outputs
            layers.append(nn.MaxPool2d(2, 2, ceil_mode=True))
        super().__init__(layers, 512, num_classes, is_alexnet=False)

    def name_of(self, convolution: int, block: int, within: int) -> str:
        return f"relu{block}_{within}"

    def steps_for(self, x: Tensor, names: Collection[str]) -> Iterator[Step]:
        """In bfloat16 on a CPU, one chain (see `dllab_vision.quick_chain`) from each of these to the next."""
        one_by_one = list(self.steps())
        if not takes_chains(x) or next(self.parameters()).requires_grad:
            yield from one_by_one
            return
        convs = iter(module for module in self.features if isinstance(module, QuickConv))
        links: list[tuple[QuickConv, bool]] = []
        for one in one_by_one:
            if one.name:
                links.append((next(convs), False))
            elif links:
                links[-1] = (links[-1][0], True)
            else:  # a pooling right after a layer that was asked for
                yield one
            if one.name in names:
                yield Step(one.name, partial(chain, links=links), one.channels, ())
                links = []


class VGG16(VGG):
    """VGG with sixteen layers of weights, the paper's configuration D."""

    depths = (2, 2, 3, 3, 3)


class VGG19(VGG):
    """VGG with nineteen layers of weights, the paper's configuration E."""

    depths = (2, 2, 4, 4, 4)


class Fire(nn.Module):
    """Squeeze to a few channels, then expand by 1x1 and by 3x3 convolutions side by side."""

    sliding = THREE

    def __init__(self, inputs: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.squeeze(x))
        return functional.relu(torch.cat((self.expand1x1(x), self.expand3x3(x)), 1))


class SqueezeNet(SeeingNet):
    """Iandola et al. 2016, "SqueezeNet", in its version 1.1."""

    dream_layer = "fire8"
    head_key = "classifier.1.weight"

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        fires = iter(((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)))
        layers: list[nn.Module] = [nn.Conv2d(3, 64, 3, 2), nn.ReLU()]
        inputs = 64
        for count in (2, 2, 4):
            layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
            for squeezed, expanded in (next(fires) for _ in range(count)):
                layers.append(Fire(inputs, squeezed, expanded))
                inputs = 2 * expanded
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(inputs, num_classes, 1), nn.ReLU())
        self.describe()

    @property
    def head(self) -> nn.Module:
        return self.classifier

    def steps(self) -> Iterable[Step]:
        yield step("conv1", 64, *self.features[:2])
        fire = 2
        for module in self.features[2:]:
            if isinstance(module, Fire):
                yield step(f"fire{fire}", 2 * module.expand1x1.out_channels, module)
                fire += 1
            else:
                yield step("", 0, module)

    def conclude(self, maps: Tensor) -> Tensor:
        """Logits (N, classes): the mean over the places of a map for each class, 0 or more."""
        return self.classifier(maps).mean(dim=(2, 3))


class Normed(nn.Module):
    """Convolution, batch norm, ReLU, by the names that torchvision's GoogLeNet gives them."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    """Four branches side by side. The third is 3x3 where the paper has 5x5, as in the published weights."""

    sliding = THREE

    def __init__(
        self, inputs: int, one: int, *, three: tuple[int, int], five: tuple[int, int], pool: int
    ) -> None:
        super().__init__()
        self.branch1 = Normed(inputs, one, 1)
        self.branch2 = nn.Sequential(Normed(inputs, three[0], 1), Normed(*three, 3, padding=1))
        self.branch3 = nn.Sequential(Normed(inputs, five[0], 1), Normed(*five, 3, padding=1))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), Normed(inputs, pool, 1))
        self.channels = one + three[1] + five[1] + pool

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)), 1)


class ToHalves(nn.Module):
    """From deviations of ImageNet's colours to (pixel - 0.5) / 0.5, as GoogLeNet's weights want it."""

    def forward(self, x: Tensor) -> Tensor:
        mean, std = (x.new_tensor(three).view(1, 3, 1, 1) for three in (IMAGENET_MEAN, IMAGENET_STD))
        return x * (std / 0.5) + (mean - 0.5) / 0.5


class GoogLeNet(SeeingNet):
    """Szegedy et al. 2015, "Going deeper with convolutions", with batch norm."""

    dream_layer = "inception4c"
    head_key = "fc.weight"
    ignored = ("aux1.", "aux2.")  # heads that only helped training
    blocks = (
        ("3a", 192, 64, (96, 128), (16, 32), 32),
        ("3b", 256, 128, (128, 192), (32, 96), 64),
        ("4a", 480, 192, (96, 208), (16, 48), 64),
        ("4b", 512, 160, (112, 224), (24, 64), 64),
        ("4c", 512, 128, (128, 256), (24, 64), 64),
        ("4d", 512, 112, (144, 288), (32, 64), 64),
        ("4e", 528, 256, (160, 320), (32, 128), 128),
        ("5a", 832, 256, (160, 320), (32, 128), 128),
        ("5b", 832, 384, (192, 384), (48, 128), 128),
    )

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.to_halves = ToHalves()
        self.conv1 = Normed(3, 64, 7, 2, 3)
        self.conv2 = Normed(64, 64, 1)
        self.conv3 = Normed(64, 192, 3, padding=1)
        for name, inputs, one, three, five, pool in self.blocks:
            self.add_module(f"inception{name}", Inception(inputs, one, three=three, five=five, pool=pool))
        self.fc = nn.Linear(1024, num_classes)
        self.describe()

    @property
    def head(self) -> nn.Module:
        return self.fc

    def steps(self) -> Iterable[Step]:
        pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        yield Step("conv1", nn.Sequential(self.to_halves, self.conv1), 64, (Sliding(7, 2, 3),))
        yield step("", 0, pool)
        yield Step("conv2", self.conv2, 64, ())
        yield Step("conv3", self.conv3, 192, (THREE,))
        for name, *_ in self.blocks:
            if name in ("3a", "4a"):
                yield step("", 0, pool)
            elif name == "5a":
                yield step("", 0, nn.MaxPool2d(2, 2, ceil_mode=True))
            block = self.get_submodule(f"inception{name}")
            yield step(f"inception{name}", block.channels, block)


class Bottleneck(nn.Module):
    """1x1 down, 3x3 (with the stride), 1x1 up, and the input added."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if inputs != outputs or stride != 1:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(projection, nn.BatchNorm2d(outputs))
        self.sliding = Sliding(3, stride, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return functional.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet50(SeeingNet):
    """He et al. 2016, "Deep residual learning", with the stride in the 3x3 convolutions."""

    dream_layer = "layer3"
    head_key = "fc.weight"
    depths = (3, 4, 6, 3)

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        inputs = 64
        for stage, depth in enumerate(self.depths):
            blocks = []
            for i in range(depth):
                blocks.append(Bottleneck(inputs, 64 * 2**stage, stride=2 if stage and not i else 1))
                inputs = 256 * 2**stage
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, num_classes)
        self.describe()

    @property
    def head(self) -> nn.Module:
        return self.fc

    def steps(self) -> Iterable[Step]:
        yield step("conv1", 64, self.conv1, self.bn1, nn.ReLU())
        yield step("", 0, nn.MaxPool2d(3, 2, 1))
        for stage, depth in enumerate(self.depths):
            for i, block in enumerate(self.get_submodule(f"layer{stage + 1}")):
                name = f"layer{stage + 1}" + ("" if i == depth - 1 else f"_{i + 1}")
                yield step(name, 256 * 2**stage, block)


NETS: dict[str, type[SeeingNet]] = {
    "alexnet": AlexNet,
    "googlenet": GoogLeNet,
    "resnet50": ResNet50,
    "squeezenet1_1": SqueezeNet,
    "vgg16": VGG16,
    "vgg19": VGG19,
}
