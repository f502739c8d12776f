"""The ImageNet nets as resources: what `dllab models` lists, and `dllab models get` downloads."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import dllab

SERVER = "https://download.pytorch.org/models/"
LICENCE = (
    "published with torchvision (BSD-3-Clause); trained on ImageNet (its terms: non-commercial research)"
)

# Name, file (its name ends in the beginning of its sha256), about how many bytes, what it is, in Korean.
PUBLISHED = (
    (
        "alexnet",
        "alexnet-owt-7be5be79.pth",
        244_400_000,
        "AlexNet, 61 M parameters",
        "AlexNet, 매개변수 6,100만 개",
    ),
    (
        "googlenet",
        "googlenet-1378be20.pth",
        52_100_000,
        "GoogLeNet (Inception v1), 6.6 M parameters: the net of the first dreams",
        "GoogLeNet(Inception v1), 매개변수 660만 개: 첫 딥드림의 신경망",
    ),
    (
        "resnet50",
        "resnet50-0676ba61.pth",
        102_500_000,
        "ResNet-50, 26 M parameters",
        "ResNet-50, 매개변수 2,600만 개",
    ),
    (
        "squeezenet1_1",
        "squeezenet1_1-b8a52dc0.pth",
        5_000_000,
        "SqueezeNet 1.1, 1.2 M parameters: small and quick",
        "SqueezeNet 1.1, 매개변수 120만 개: 작고 빠름",
    ),
    (
        "vgg16",
        "vgg16-397923af.pth",
        553_400_000,
        "VGG-16, 138 M parameters",
        "VGG-16, 매개변수 1억 3,800만 개",
    ),
    (
        "vgg19",
        "vgg19-dcbb9e9d.pth",
        574_700_000,
        "VGG-19, 144 M parameters: the net of the first style transfers",
        "VGG-19, 매개변수 1억 4,400만 개: 첫 스타일 전이의 신경망",
    ),
)


def load(name: str, path: Path) -> Any:
    """The net of that name with the weights in the file; see `dllab_vision.published.load_net`."""
    from dllab_vision.published import load_net

    return load_net(name, path)


def imagenet_resources() -> list[dllab.Resource]:
    """One model resource per net; none of them is part of the lab, all are downloaded on request."""
    return [
        dllab.Resource(
            "model",
            f"vision/{name}",
            summary=f"{summary}, ImageNet's 1000 classes",
            load=partial(load, name),
            licence=LICENCE,
            source="torchvision's published weights",
            size_bytes=size,
            ko=f"{ko}, ImageNet 1000개 클래스",
            url=SERVER + file,
            sha256=file.removesuffix(".pth").rpartition("-")[2],
        )
        for name, file, size, summary, ko in PUBLISHED
    ]
