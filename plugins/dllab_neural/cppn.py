"""Pictures by formulas: a random network from places to colours."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class CppnParams(dllab.Params):
    count: int = dllab.param(12, ge=1, le=48, help="pictures on the sheet")
    size: int = dllab.param(128, ge=16, le=1024, unit="px", help="side of each")
    neurons: int = dllab.param(12, ge=2, le=128, help="neurons in each hidden layer")
    layers: int = dllab.param(4, ge=1, le=12, help="hidden layers")
    contrast: float = dllab.param(
        1.35, ge=0.2, le=10, help="size of the weights: small is calm, large is wild"
    )


@dllab.experiment(
    "cppn",
    topic="course/neural",
    lectures=("0@770:인공지능 그림그리기",),
    about=ABOUT["cppn"],
    tiny={"count": 2, "size": 32},
    ko={
        "count": "그림 수",
        "size": "한 변의 길이",
        "neurons": "은닉층의 뉴런 수",
        "layers": "은닉층 수",
        "contrast": "가중치의 크기: 작으면 잔잔, 크면 거침",
    },
)
def cppn(run: dllab.Run, params: CppnParams) -> None:
    """(x, y, r) through layers of sines, tanhs and bells to red, green and blue; nothing is learned."""
    import numpy as np

    pictures = []
    first = None
    for i in range(params.count):
        weights = draw_weights(run.rng, params)
        first = weights if first is None else first
        pictures.append(paint(weights, params.size, mirrored=i % 3 == 2))
        run.preview(pictures[-1])
    across = min(4, params.count)
    rows = -(-params.count // across)
    sheet = np.ones((3, rows * params.size, across * params.size), dtype=np.float32)
    for i, picture in enumerate(pictures):
        y, x = params.size * (i // across), params.size * (i % across)
        sheet[:, y : y + params.size, x : x + params.size] = picture
    run.save_image("sheet.png", sheet)
    run.save_image("first.png", paint(first, min(2 * params.size, 1024), mirrored=False))
    run.save_json("first.json", {"layers": first})
    run.log(params.count, mean=float(sheet.mean()))
    again = paint(first, params.size, mirrored=False)
    run.check(
        "bytes that differ when the first is painted again",
        got=sum(a != b for a, b in zip(again.tobytes(), pictures[0].tobytes(), strict=True)),
        expected=0,
        source="the same weights give the same bytes",
        ko="첫 그림을 다시 그릴 때 다른 바이트 수",
    )
    both = paint(first, 48, mirrored=True)
    run.check(
        "difference of a mirrored picture from its mirror image",
        got=float(np.abs(both - both[:, :, ::-1]).max()),
        expected=0,
        abs=1e-6,
        source="closed form: a formula of |x| has the same value at x and -x",
        ko="좌우가 같은 그림과 그 거울상의 차이",
    )
    fine = paint(first, 97, mirrored=False)[:, 1::2, 1::2]
    coarse = paint(first, 48, mirrored=False, inner=True)
    run.check(
        "difference of a finer painting at the same places",
        got=float(np.abs(fine - coarse).max()),
        at_most=1e-4,
        source="closed form: a formula has a value at each place, whatever the size of the picture",
        ko="더 촘촘히 그린 그림과 같은 자리의 차이",
    )
    spread = min(float(picture.std()) for picture in pictures)
    run.check(
        "least spread of colour in a picture",
        got=spread,
        at_least=0.005,
        source="an even grey has 0",
        ko="그림의 색의 최소 편차",
    )


def draw_weights(rng: np.random.Generator, params: CppnParams) -> list[np.ndarray]:
    """The matrices of one network, each (neurons out, neurons in + 1); the last column is the bias."""
    sizes = [3, *[params.neurons] * params.layers, 3]
    return [rng.normal(0, params.contrast / (a**0.5), (b, a + 1)) for a, b in pairwise(sizes)]


def paint(weights: list[np.ndarray], size: int, *, mirrored: bool, inner: bool = False) -> np.ndarray:
    """The picture (3, size, size) in [0, 1]; inner: at the odd places of a grid of 2 · size + 1."""
    import numpy as np

    side = np.linspace(-1.5, 1.5, 2 * size + 1)[1::2] if inner else np.linspace(-1.5, 1.5, size)
    x, y = np.meshgrid(side, side)
    x = np.abs(x) if mirrored else x
    values = np.stack([x, y, np.hypot(x, y)]).reshape(3, -1)  # (3, places); steep nets magnify rounding
    for i, matrix in enumerate(weights):
        sums = matrix[:, :-1] @ values + matrix[:, -1:]
        if i + 1 == len(weights):
            return (0.5 + 0.5 * np.sin(sums)).reshape(3, size, size).astype(np.float32)
        kinds = np.arange(len(sums)) % 3  # Stanley 2007: unlike functions in one net
        values = np.empty_like(sums)
        values[kinds == 0] = np.tanh(sums[kinds == 0])
        values[kinds == 1] = np.sin(sums[kinds == 1])
        values[kinds == 2] = 2 * np.exp(-np.square(sums[kinds == 2])) - 1
    raise dllab.ShapeError("a network needs at least one matrix")
