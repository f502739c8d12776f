"""MNIST and Fashion-MNIST, which `dllab models get` downloads with a checksum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from dllab_images.data import Pictures

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
ZALANDO = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"


def load_mnist(path: Path) -> Pictures:
    """MNIST from the .npz that was downloaded."""
    from dllab_images.data import mnist

    return mnist(path)


def load_fashion(path: Path) -> Pictures:
    """Fashion-MNIST from the two files that were downloaded."""
    from dllab_images.data import fashion_mnist

    return fashion_mnist(path)


def mnist_resources() -> list[dllab.Resource]:
    """One resource for each file."""
    return [
        dllab.Resource(
            "model",
            "images/mnist",
            summary="MNIST, 70,000 handwritten digits to learn from",
            load=load_mnist,
            licence="CC BY-SA 3.0",
            source="http://yann.lecun.com/exdb/mnist",
            size_bytes=11_490_434,
            ko="MNIST, 배움에 쓰는 손글씨 숫자 70,000장",
            url=f"{KERAS}mnist.npz",
            sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
        dllab.Resource(
            "model",
            "images/fashion-mnist",
            summary="Fashion-MNIST, 60,000 pictures of clothes to learn from; needs the labels too",
            load=load_fashion,
            licence="MIT",
            source="https://github.com/zalandoresearch/fashion-mnist",
            size_bytes=26_421_880,
            ko="Fashion-MNIST, 배움에 쓰는 옷 그림 60,000장; 이름표도 필요",
            url=f"{ZALANDO}train-images-idx3-ubyte.gz",
            sha256="3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        ),
        dllab.Resource(
            "model",
            "images/fashion-mnist-labels",
            summary="the labels of Fashion-MNIST",
            load=Path,
            licence="MIT",
            source="https://github.com/zalandoresearch/fashion-mnist",
            size_bytes=29_515,
            ko="Fashion-MNIST의 이름표",
            url=f"{ZALANDO}train-labels-idx1-ubyte.gz",
            sha256="a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        ),
    ]
