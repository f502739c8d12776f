"""Shapes: scalar, vector, matrix, tensor, and how two of them meet."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# The slides' shapes, what they hold, and how many numbers that is, by hand.
SLIDE = (
    ("x = np.array(12)", (), 1),
    ("x = np.array([12, 3, 6, 14, 7])", (5,), 5),
    ("(100, 3): 3개의 변수를 가진 100개의 관측치", (100, 3), 300),
    ("(50, 200): 200개의 단어로 표현된 50개의 문서", (50, 200), 10_000),
    ("(100, 390, 3): 100일, 390분, 세 가격", (100, 390, 3), 117_000),
    ("(5000, 78, 78, 3): 78x78 컬러 이미지 5000장", (5000, 78, 78, 3), 91_260_000),
)
MOST_AXES, LONGEST = 4, 12


class TensorsParams(dllab.Params):
    a: tuple[int, ...] = dllab.param(
        (3, 1), min_length=1, max_length=MOST_AXES, help="shape of the first tensor, 1 to 12 along each axis"
    )
    b: tuple[int, ...] = dllab.param((4,), min_length=1, max_length=MOST_AXES, help="shape of the second")


@dllab.experiment(
    "tensors",
    topic="course/neural",
    lectures=(
        "1@740:행렬(Matrix)",
        "1@980:pyTorch 의 Tensor",
        "1@1010:브로드캐스트",
        "2@1560:텐서 (Tensor)",
        "2@2360:(100, 3) : 3개의 변수를 가진 100개의 관측치",
        "2@2570:(5000, 78, 78, 3)",
    ),
    about=ABOUT["tensors"],
    tiny={},
    ko={"a": "첫째 텐서의 모양 (축마다 1부터 12)", "b": "둘째 텐서의 모양"},
)
def tensors(run: dllab.Run, params: TensorsParams) -> None:
    """Broadcasting: axes are laid side by side from the right; equal lengths match, and 1 is repeated."""
    import numpy as np

    for name, shape in (("a", params.a), ("b", params.b)):
        for length in shape:
            if not 1 <= length <= LONGEST:
                raise dllab.UsageError(f"--{name} {length}: each axis is 1 to {LONGEST} long here")
    met = meet(params.a, params.b)
    if met is None:
        raise dllab.UsageError(
            f"shapes {params.a} and {params.b} do not meet: from the right, lengths must be equal or 1"
        )
    left, right = (
        np.arange(np.prod(shape)).reshape(shape) for shape in (params.a, 10 * np.array(params.b) // 10)
    )
    total = left + 10 * right
    run.log(0, axes=len(met), numbers=total.size)
    _draw(run, params, met, left, 10 * right, total)
    run.save_json("shapes.json", {"a": params.a, "b": params.b, "together": met, "sum": total})
    for words, shape, numbers in SLIDE[:-1]:
        run.check(
            f"numbers in {shape}",
            got=np.zeros(shape).size,
            expected=numbers,
            source=f"by hand; the slide: {words}",
            ko=f"{shape}에 든 수의 개수",
        )
    pictures = np.lib.stride_tricks.as_strided(np.zeros(1, dtype=np.uint8), SLIDE[-1][1], (0, 0, 0, 0))
    run.check(
        "numbers in (5000, 78, 78, 3)",
        got=pictures.size,
        expected=SLIDE[-1][2],
        source="by hand: 5000 · 78 · 78 · 3",
        ko="(5000, 78, 78, 3)에 든 수의 개수",
    )
    run.check(
        "axes of the slide's four examples",
        got=sum(np.zeros(s).ndim for s in ((), (5,), (3, 5), (3, 3, 5))),
        expected=6,
        source="the slide: ndim 0, 1, 2 and 3",
        ko="슬라이드의 네 예의 축 수",
    )
    pairs = list(product([*product((1, 2, 3), repeat=2), (1,), (2,), (3,)], repeat=2))
    run.check(
        "pairs of shapes on which the rule and plain loops disagree",
        got=sum(meet(a, b) != _by_brute_force(a, b) for a, b in pairs),
        expected=0,
        source=f"all {len(pairs)} pairs of one or two axes of 1 to 3: is there a number for each place?",
        ko="규칙과 단순 반복문이 어긋나는 모양 쌍의 수",
    )
    loops = np.array(
        [
            [sum(x * y for x, y in zip(row, column, strict=True)) for column in ((1, 3, 5), (2, 4, 6))]
            for row in ((1, 2, 3), (4, 5, 6))
        ]
    )
    matrix = np.array([[1, 2, 3], [4, 5, 6]]) @ np.array([[1, 2], [3, 4], [5, 6]])
    run.check(
        "(2, 3) times (3, 2) against rows by columns",
        got=float(np.abs(matrix - loops).max()),
        expected=0,
        source="the slide: columns of A = rows of B, and AB is rows of A by columns of B",
        ko="(2, 3)과 (3, 2)의 곱: 행과 열로 구한 값과의 차이",
    )
    run.check(
        "first number of that product",
        got=int(matrix[0, 0]),
        expected=22,
        source="by hand: 1·1 + 2·3 + 3·5",
        ko="그 곱의 첫 수",
    )


def meet(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape of a + b, or None where they do not meet."""
    axes = max(len(a), len(b))
    first, second = ((1,) * (axes - len(shape)) + tuple(shape) for shape in (a, b))
    if any(m != n and 1 not in (m, n) for m, n in zip(first, second, strict=True)):
        return None
    return tuple(n if m == 1 else m for m, n in zip(first, second, strict=True))


def _by_brute_force(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """The smallest shape in which every place finds its number in both, tried one after the other."""
    axes = max(len(a), len(b))
    for shape in sorted(product((1, 2, 3), repeat=axes), key=lambda s: (sum(s), s)):
        if all(_fits(one, shape) for one in (a, b)):
            return shape
    return None


def _fits(small: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether a tensor of the small shape can be repeated along its axes of 1 to fill the shape exactly."""
    tail = shape[len(shape) - len(small) :]
    return all(n == 1 or n == whole for n, whole in zip(small, tail, strict=True))


def _draw(
    run: dllab.Run,
    params: TensorsParams,
    met: tuple[int, ...],
    left: np.ndarray,
    right: np.ndarray,
    total: np.ndarray,
) -> None:
    """The two tensors as they are repeated, and their sum; the last two axes are drawn."""
    import numpy as np

    from dllab_neural.drawing import INK, SHADES

    figure, panels = dllab.new_figure(1, 3, size=(12.4, 4.0))
    for axes, name, tensor in zip(panels, ("a", "b", "a + b"), (left, right, total), strict=True):
        full = np.broadcast_to(tensor, met)
        own = np.broadcast_to(np.arange(tensor.size).reshape(tensor.shape), met)
        while full.ndim < 2:
            full, own = full[None], own[None]
        while full.ndim > 2:
            full, own = full[0], own[0]
        seen: set[int] = set()
        axes.imshow(full, cmap=SHADES, vmin=-0.4 * total.max(), vmax=1.6 * max(int(total.max()), 1))
        for (y, x), value in np.ndenumerate(full):
            is_first = int(own[y, x]) not in seen
            seen.add(int(own[y, x]))
            axes.text(
                x,
                y,
                str(value),
                ha="center",
                va="center",
                fontsize=11,
                color=INK if is_first else "#9aa3b0",
                weight="bold" if is_first else "normal",
            )
        axes.set(
            xticks=np.arange(-0.5, full.shape[1]),
            yticks=np.arange(-0.5, full.shape[0]),
            xticklabels=[],
            yticklabels=[],
        )
        axes.tick_params(length=0)
        axes.grid(True, color="white", linewidth=2)
        shape = met if name == "a + b" else tensor.shape
        axes.set_title(f"{name}: {tuple(int(n) for n in shape)}", loc="left")
    panels[0].set_xlabel(
        run.words("bold: its own numbers; pale: repeated", "굵은 수가 원래 값, 옅은 수는 되풀이")
    )
    run.save_figure("shapes.png", figure)
