"""What lecture 2, the first week, claims and can be computed."""

from __future__ import annotations

import ast
import math
from itertools import product

import numpy as np

from dllab_neural.claim import Claim, sigmoid

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR, AND = np.array([0, 1, 1, 0]), np.array([0, 0, 0, 1])
ROWS, BATCH, EPOCHS = 768, 10, 200  # rows of the diabetes table that such a net is usually shown with
TENSOR = "np.array([[[5, 78], [6, 79]], [[5, 78], [6, 79]], [[5, 78], [6, 79]])])"  # brackets as on the slide


def _xor(x1: int, x2: int, activation=sigmoid, scale: float = 1.0, last: float = -1.0) -> float:
    """The slide's net: W1 = [-2 2; -2 2], B1 = [3, -1], W2 = [1, 1], B2 = last; all of it times `scale`."""
    first = activation(scale * (-2 * x1 - 2 * x2 + 3))
    second = activation(scale * (2 * x1 + 2 * x2 - 1))
    return activation(scale * (first + second + last))


def _step(z: float) -> float:
    return float(z > 0)


def _wrong_rows(**how) -> float:
    return float(
        sum(
            round(_xor(*corner, **how)) != wanted
            for corner, wanted in zip(CORNERS.tolist(), XOR, strict=True)
        )
    )


def _best_line(wanted: np.ndarray, biases: np.ndarray) -> float:
    """The most rows that one line gets right, over all weights on a grid."""
    grid = np.linspace(-2, 2, 41)
    return float(max(
        ((CORNERS @ np.array([a, b]) + c > 0) == wanted).sum() for a, b, c in product(grid, grid, biases)
    ))  # fmt: skip


def _parameters() -> float:
    from torch import nn

    net = nn.Sequential(
        nn.Linear(8, 12), nn.ReLU(), nn.Linear(12, 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid()
    )
    return float(sum(one.numel() for one in net.parameters()))


def _faulty_brackets() -> float:
    try:
        ast.parse(TENSOR)
    except SyntaxError:
        return 1.0
    return 0.0


def _on_the_line() -> float:
    w1, w2, b = 1.5, -0.7, 0.4
    x1 = np.linspace(-3, 3, 13)
    return float(np.abs(b + w1 * x1 + w2 * (-w1 / w2 * x1 - b / w2)).max())


def _formula_weights() -> float:
    """The weights and biases that the two formulas name: 2 inputs, 3 units, 2 units."""
    return float(sum(inputs * units + units for inputs, units in ((2, 3), (3, 2))))


CLAIMS = (
    Claim(
        "angle of the hand at (0.3, 0.8)", "(0.3, 0.8)에 있는 바늘의 각도",
        2, "훨씬 더 좋은 특성: θ1 : 70", "confirmed",
        "The point (0.3, 0.8) lies at 69.4 degrees, near enough to 70.",
        "점 (0.3, 0.8)의 각도는 69.4도로 70에 가깝습니다.",
        "atan2(0.8, 0.3)", lambda: math.degrees(math.atan2(0.8, 0.3)), expected=69.44, tolerance=0.01,
    ),
    Claim(
        "angle of the hand at (0.3, 0.6)", "(0.3, 0.6)에 있는 바늘의 각도",
        2, "훨씬 더 좋은 특성: θ2 : 80", "corrected",
        "The point (0.3, 0.6) lies at 63.4 degrees, not 80.",
        "점 (0.3, 0.6)의 각도는 80이 아니라 63.4도입니다.",
        "atan2(0.6, 0.3)", lambda: math.degrees(math.atan2(0.6, 0.3)), expected=63.43, tolerance=0.01,
    ),
    Claim(
        "weights in the formulas", "공식에 있는 가중치 수",
        2, "Z(1), i = 1, 2, 3; Z(2), i = 1, 2", "confirmed",
        "Two inputs, three units, two units: 17 weights and biases.",
        "입력 2개, 유닛 3개, 유닛 2개이므로 가중치와 편향은 17개입니다.",
        "2·3 + 3 + 3·2 + 2", _formula_weights, expected=17,
    ),
    Claim(
        "axes of np.array(12)", "np.array(12)의 축 수",
        2, "x = np.array(12) … x.ndim 0", "confirmed",
        "A scalar has no axis.", "스칼라는 축이 없습니다.", "NumPy", lambda: float(np.array(12).ndim), expected=0,
    ),
    Claim(
        "axes of a vector", "벡터의 축 수",
        2, "np.array([12, 3, 6, 14, 7]) … x.ndim 1", "confirmed",
        "A vector has one axis, though five numbers.", "벡터의 축은 1개, 수는 5개입니다.",
        "NumPy", lambda: float(np.array([12, 3, 6, 14, 7]).ndim), expected=1,
    ),
    Claim(
        "the 3D array as it is printed is no Python", "파이썬이 거부하는 슬라이드의 3D 배열",
        2, "[7, 80, 4, 36, 2]])])  x.ndim 3", "corrected",
        "A bracket is closed in the wrong order: Python refuses the line. With ]]]) it has 3 axes.",
        "괄호 순서가 틀려 파이썬이 거부합니다. ]]])로 고치면 축이 3개입니다.",
        "Python's own parser, on the slide's brackets", _faulty_brackets, expected=1,
    ),
    Claim(
        "3D arrays put together", "3D 배열을 합친 텐서의 축 수",
        2, "3D 텐서를 하나의 배열로 합치면 4D 텐서", "confirmed",
        "Stacked along a new axis they have four.", "새 축으로 쌓으면 축이 4개가 됩니다.",
        "NumPy", lambda: float(np.stack([np.zeros((3, 3, 5))] * 2).ndim), expected=4,
    ),
    Claim(
        "numbers in (100, 390, 3)", "(100, 390, 3)에 든 수의 개수",
        2, "390분 동안의 주식가격, 최대가격, 최소가격 … 100일", "confirmed",
        "100 days of 390 minutes with 3 prices: 117,000 numbers.",
        "100일, 390분, 가격 3개이므로 수는 117,000개입니다.",
        "100 · 390 · 3", lambda: float(np.broadcast_to(0, (100, 390, 3)).size), expected=117_000,
    ),
    Claim(
        "numbers in (5000, 78, 78, 3)", "(5000, 78, 78, 3)에 든 수의 개수",
        2, "78x78 픽셀의 컬러 이미지 5000장", "confirmed",
        "91,260,000 numbers: 365 MB as float32.", "91,260,000개이며 float32로 365MB입니다.",
        "5000 · 78 · 78 · 3", lambda: float(np.broadcast_to(0, (5000, 78, 78, 3)).size), expected=91_260_000,
    ),
    Claim(
        "columns of X = Data_set[:, 0:8]", "X = Data_set[:, 0:8]의 열 수",
        2, "X = Data_set[:, 0:8], Y = Data_set[:, 8]", "confirmed",
        "Columns 0 to 7 are the eight inputs; column 8, the ninth, is the answer.",
        "0열부터 7열까지가 입력 8개, 9번째인 8열이 정답입니다.",
        "NumPy", lambda: float(np.zeros((ROWS, 9))[:, 0:8].shape[1]), expected=8,
    ),
    Claim(
        "weights of Dense 12-8-1", "Dense 12-8-1의 가중치 수",
        2, "Dense(12, input_dim=8) … Dense(8) … Dense(1)", "confirmed",
        "221 weights and biases.", "가중치와 편향은 221개입니다.",
        "9·12 + 13·8 + 9", _parameters, expected=221,
    ),
    Claim(
        "updates in an epoch, batch_size=10", "한 에포크의 갱신 횟수, batch_size=10",
        2, "batch_size : 학습 데이터를 10개로 분할", "corrected",
        "Not ten parts but parts of ten rows: 768 rows make 77 updates an epoch, the last with 8 rows.",
        "10개로 나누는 것이 아니라 10개씩 묶습니다. 768행이면 에포크마다 77번 갱신하며 마지막은 8행입니다.",
        "768 / 10, rounded up", lambda: float(len(range(0, ROWS, BATCH))), expected=77,
    ),
    Claim(
        "updates in the whole training", "전체 학습의 갱신 횟수",
        2, "전체 샘플을 이용하여 200 바퀴", "confirmed",
        "200 epochs of 77 updates: 15,400.", "77번씩 200에포크, 15,400번 갱신합니다.",
        "200 · 77", lambda: float(EPOCHS * math.ceil(ROWS / BATCH)), expected=15_400,
    ),
    Claim(
        "points of the line, put into the sum", "직선 위의 점을 넣은 합",
        2, "x2 = -(w1/w2) x1 - b/w2", "confirmed",
        "On this line the sum is 0. Where w2 is 0 the line is upright and the formula has no value.",
        "이 직선 위에서 합은 0입니다. w2가 0이면 직선이 세로여서 식을 쓸 수 없습니다.",
        "b + w1 x1 + w2 x2 at 13 points", _on_the_line, at_most=1e-12,
    ),
    Claim(
        "rows of AND, learnt without a bias", "편향 없이 맞힌 AND의 행 수",
        2, "h = dot_product(x, w)", "depends",
        "The loop on the slide has no b: no line through the origin gives AND. x needs a column of ones.",
        "슬라이드의 코드에는 b가 없습니다. 원점을 지나는 직선으로는 AND를 만들 수 없어 x에 1을 더해야 합니다.",
        "brute force: w1 <= 0 and w2 <= 0 from rows 2 and 3", lambda: _best_line(AND, np.zeros(1)), at_most=3,
    ),
    Claim(
        "rows of AND, learnt with a bias", "편향으로 맞힌 AND의 행 수",
        2, "AND 진리표", "confirmed",
        "With a bias one line is enough.", "편향이 있으면 직선 하나로 충분합니다.",
        "brute force", lambda: _best_line(AND, np.linspace(-2, 2, 9)), expected=4,
    ),
    Claim(
        "rows of XOR that one line gets right", "직선 하나로 맞힌 XOR의 행 수",
        2, "선을 아무리 그어도 하나의 직선으로는 해결되지 않는다", "confirmed",
        "At most three of four.", "넷 중 많아야 셋입니다.",
        "Minsky & Papert 1969; here by brute force", lambda: _best_line(XOR, np.linspace(-2, 2, 9)), at_most=3,
    ),
    Claim(
        "the slide's XOR with σ, row 0 0", "슬라이드의 XOR와 σ, 0 0 행",
        2, "σ(1*1 + 0*1 - 1) ≈ 0", "corrected",
        "0.555, not about 0, when σ is the logistic function that the formulas name.",
        "σ가 로지스틱 함수라면 0에 가까운 것이 아니라 0.555입니다.",
        "σ(σ(3) + σ(-1) - 1) by hand", lambda: _xor(0, 0), expected=0.5553, tolerance=5e-4,
    ),
    Claim(
        "the slide's XOR with σ, row 0 1", "슬라이드의 XOR와 σ, 0 1 행",
        2, "σ(1*1 + 1*1 - 1) ≈ 1", "corrected",
        "0.614, not about 1.", "1에 가까운 것이 아니라 0.614입니다.",
        "σ(2σ(1) - 1) by hand", lambda: _xor(0, 1), expected=0.6135, tolerance=5e-4,
    ),
    Claim(
        "wrong rows of the slide's XOR with a step", "계단 함수를 쓴 슬라이드의 XOR에서 틀린 행 수",
        2, "원하는 값 0, 1, 1, 0", "confirmed",
        "With a step instead of σ the table is exact.", "σ 대신 계단 함수를 쓰면 표가 정확합니다.",
        "the truth table", lambda: _wrong_rows(activation=_step), expected=0,
    ),
    Claim(
        "the slide's XOR, all weights times 20", "슬라이드의 XOR, 모든 가중치 20배",
        2, "W(2), B(2) = [-1]", "corrected",
        "Larger weights do not mend it: row 0 0 comes to 0.5, since the last sum is 0.",
        "가중치를 키워도 고쳐지지 않습니다. 마지막 합이 0이라 0 0 행은 0.5가 됩니다.",
        "σ(20 · 0)", lambda: _xor(0, 0, scale=20), expected=0.5, tolerance=1e-6,
    ),
    Claim(
        "wrong rows with B(2) = -1.5, times 20", "B(2) = -1.5, 20배일 때 틀린 행 수",
        2, "XOR 문제 해결", "corrected",
        "With B(2) = -1.5 and larger weights the logistic net computes XOR.",
        "B(2)를 -1.5로 바꾸고 가중치를 키우면 로지스틱 함수로도 XOR가 됩니다.",
        "the truth table", lambda: _wrong_rows(scale=20, last=-1.5), expected=0,
    ),
)  # fmt: skip
