"""AlexNet, VGG-16, ResNet-18 and MobileNetV2, counted layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

import dllab
from dllab_neural.texts import ABOUT

# Parameters as their papers' torchvision models have them.
KNOWN = {"AlexNet": 61_100_840, "VGG-16": 138_357_544, "ResNet-18": 11_689_512, "MobileNetV2": 3_504_872}
YEARS = {"AlexNet": 2012, "VGG-16": 2014, "ResNet-18": 2015, "MobileNetV2": 2018}
# By hand: how many layers with weights of their own (convolutions, those of shortcuts too, and dense ones).
LAYERS = {"AlexNet": 8, "VGG-16": 16, "ResNet-18": 21, "MobileNetV2": 53}


@dataclass(frozen=True)
class Layer:
    """One layer: what it is, its parameters, and the shape (channels, side, side) that leaves it."""

    kind: str
    parameters: int
    channels: int
    side: int


class ArchitecturesParams(dllab.Params):
    size: int = dllab.param(224, ge=64, le=1024, unit="px", help="side of the picture that goes in")
    classes: int = dllab.param(1000, ge=2, le=100_000, help="what the last layer tells apart")


@dllab.experiment(
    "architectures",
    topic="course/neural",
    lectures=(
        "0@4670:AlexNet ResNet",
        "0@4710:MobileNetV2",
        "1@3470:VGG Network(ICLR2015)",
        "1@3510:ResNet(CVPR 2016)",
        "1@3610:다양한 아키텍처",
    ),
    about=ABOUT["architectures"],
    tiny={},
    ko={"size": "입력 그림의 한 변", "classes": "마지막 층이 구별하는 클래스 수"},
)
def architectures(run: dllab.Run, params: ArchitecturesParams) -> None:
    """(k² · channels / groups + 1) · filters for a convolution, 2 · channels for a batch norm, and so on."""
    nets = {name: build(params.size, params.classes) for name, build in BUILDERS.items()}
    totals = {name: sum(layer.parameters for layer in layers) for name, layers in nets.items()}
    for i, total in enumerate(totals.values()):
        run.log(i, parameters=total)
    _draw(run, nets, totals)
    run.save_table(
        "layers.csv",
        [
            {
                "network": name,
                "layer": i,
                "kind": one.kind,
                "parameters": one.parameters,
                "channels": one.channels,
                "side": one.side,
            }
            for name, layers in nets.items()
            for i, one in enumerate(layers, 1)
        ],
    )
    for name, build in BUILDERS.items():
        layers = build(224, 1000)
        run.check(
            f"parameters of {name}",
            got=sum(one.parameters for one in layers),
            expected=KNOWN[name],
            source="torchvision's documentation of the model",
            ko=f"{name}의 파라미터 수",
        )
        run.check(
            f"layers with weights of {name}",
            got=sum(one.kind in ("conv", "dense") for one in layers),
            expected=LAYERS[name],
            source="counted by hand in the paper's table, shortcuts included",
            ko=f"{name}의 가중치가 있는 층 수",
        )
    sides = {
        name: [one.side for one in build(224, 1000) if one.side > 1][-1] for name, build in BUILDERS.items()
    }
    run.check(
        "sides of the last maps, summed",
        got=sum(sides.values()),
        expected=6 + 7 + 7 + 7,
        source="the papers: 6 x 6 in AlexNet, 7 x 7 in the others",
        ko="마지막 맵의 한 변의 합",
    )
    vgg = [one.parameters for one in vgg16(224, 1000)]
    run.check(
        "share of VGG's parameters in its first dense layer",
        got=max(vgg) / sum(vgg),
        expected=0.7427,
        abs=1e-4,
        source="by hand: (512 · 7 · 7 + 1) · 4096 = 102,764,544 of 138,357,544",
        ko="VGG의 파라미터 중 첫 완전 연결층의 비율",
    )


class _Stack:
    """Layers one after the other, which know the shape that has been reached."""

    def __init__(self, side: int) -> None:
        self.side, self.channels, self.layers = side, 3, []

    def conv(
        self,
        filters: int,
        kernel: int,
        stride: int = 1,
        padding: int = 0,
        *,
        groups: int = 1,
        norm: bool = False,
        from_channels: int | None = None,
        keeps_shape: bool = False,
    ) -> None:
        """norm: a batch norm follows and takes the bias's place; keeps_shape: a shortcut beside the stack."""
        channels = from_channels or self.channels
        weights = kernel * kernel * channels // groups * filters
        if not keeps_shape:
            self.side = (self.side + 2 * padding - kernel) // stride + 1
            self.channels = filters
        self._add("conv", weights + (0 if norm else filters))
        if norm:
            self._add("norm", 2 * filters)

    def pool(self, kernel: int, stride: int, padding: int = 0) -> None:
        self.side = (self.side + 2 * padding - kernel) // stride + 1
        self._add("pool", 0)

    def flatten(self, side: int) -> None:
        """Average to side x side, then all in a row."""
        self.side, self.channels = 1, self.channels * side * side

    def dense(self, outputs: int) -> None:
        parameters = (self.channels + 1) * outputs
        self.side, self.channels = 1, outputs
        self._add("dense", parameters)

    def _add(self, kind: str, parameters: int) -> None:
        self.layers.append(Layer(kind, parameters, self.channels, self.side))


def alexnet(size: int, classes: int) -> list[Layer]:
    """Krizhevsky 2014 (one tower)."""
    net = _Stack(size)
    net.conv(64, 11, 4, 2)
    net.pool(3, 2)
    net.conv(192, 5, 1, 2)
    net.pool(3, 2)
    for filters in (384, 256, 256):
        net.conv(filters, 3, 1, 1)
    net.pool(3, 2)
    net.flatten(6)
    for outputs in (4096, 4096, classes):
        net.dense(outputs)
    return net.layers


def vgg16(size: int, classes: int) -> list[Layer]:
    """Simonyan and Zisserman 2015, column D."""
    net = _Stack(size)
    for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            net.conv(filters, 3, 1, 1)
        net.pool(2, 2)
    net.flatten(7)
    for outputs in (4096, 4096, classes):
        net.dense(outputs)
    return net.layers


def resnet18(size: int, classes: int) -> list[Layer]:
    """He et al. 2016, table 1."""
    net = _Stack(size)
    net.conv(64, 7, 2, 3, norm=True)
    net.pool(3, 2, 1)
    for filters in (64, 128, 256, 512):
        for block in range(2):
            entering = net.channels
            net.conv(filters, 3, 2 if block == 0 and filters > 64 else 1, 1, norm=True)
            net.conv(filters, 3, 1, 1, norm=True)
            if entering != filters:
                net.conv(filters, 1, norm=True, from_channels=entering, keeps_shape=True)
    net.flatten(1)
    net.dense(classes)
    return net.layers


def mobilenet_v2(size: int, classes: int) -> list[Layer]:
    """Sandler et al. 2018, table 2: widen by 1 x 1, filter each channel alone, narrow by 1 x 1."""
    net = _Stack(size)
    net.conv(32, 3, 2, 1, norm=True)
    for wide, filters, times, stride in (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ):
        for block in range(times):
            hidden = net.channels * wide
            if wide > 1:
                net.conv(hidden, 1, norm=True)
            net.conv(hidden, 3, stride if block == 0 else 1, 1, groups=hidden, norm=True)
            net.conv(filters, 1, norm=True)
    net.conv(1280, 1, norm=True)
    net.flatten(1)
    net.dense(classes)
    return net.layers


BUILDERS = {"AlexNet": alexnet, "VGG-16": vgg16, "ResNet-18": resnet18, "MobileNetV2": mobilenet_v2}


def _draw(run: dllab.Run, nets: dict[str, list[Layer]], totals: dict[str, int]) -> None:
    """A card for each: boxes as high as the maps, coloured by kind; below, where the parameters are."""
    import numpy as np
    from matplotlib.patches import Patch, Rectangle

    from dllab_neural.drawing import INK, empty

    colours = {"conv": dllab.COLOURS[0], "dense": dllab.COLOURS[1]}
    figure, panels = dllab.new_figure(len(nets), 2, size=(11.4, 8.2), width_ratios=(2.6, 1), squeeze=False)
    for (card, bars), (name, layers) in zip(panels, nets.items(), strict=True):
        shown = [one for one in layers if one.kind in colours]
        x = 0.0
        for one in shown:
            wide = 0.25 + 0.5 * np.log2(max(one.channels, 2)) / 12
            high = one.side / max(layer.side for layer in layers) if one.side > 1 else 0.35
            card.add_patch(
                Rectangle(
                    (x, 0.5 - high / 2),
                    wide,
                    high,
                    facecolor=colours[one.kind],
                    edgecolor="white",
                    alpha=0.85,
                )
            )
            x += wide + 0.12
        empty(card, (-0.2, x + 0.1), (-0.12, 1.08))
        card.set_title(f"{name} ({YEARS[name]}): {totals[name]:,}", loc="left")
        share = np.array([one.parameters for one in shown]) / totals[name]
        bars.bar(range(len(shown)), share, color=[colours[one.kind] for one in shown], width=0.9)
        bars.set(ylim=(0, 0.8), xticks=[])
        bars.set_ylabel(run.words("share", "비율"))
    panels[0, 0].legend(
        handles=[
            Patch(color=colours["conv"], label=run.words("convolution", "합성곱")),
            Patch(color=colours["dense"], label=run.words("dense", "완전 연결")),
        ],
        loc="upper right",
    )
    panels[0, 1].set_title(run.words("Where the parameters are", "파라미터가 있는 곳"), loc="left")
    panels[-1, 0].text(
        0,
        -0.1,
        run.words("height: side of the map; width: channels", "높이: 맵의 한 변, 너비: 채널 수"),
        fontsize=8.5,
        color=INK,
    )
    run.save_figure("cards.png", figure)
