"""What lecture 1, the basics of deep learning, claims and can be computed."""

from __future__ import annotations

import math

import numpy as np

from dllab_neural.claim import Claim, sigmoid

X, Y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])  # y = 2x
H = 0.0001
GRID = np.linspace(-6, 6, 241)


def _square(x: float) -> float:
    return x * x


def _quotient(f, x: float, h: float = H) -> float:
    return (f(x + h) - f(x)) / h


def _quotient_at_zero() -> float:
    try:
        _quotient(_square, 3.0, 0.0)
    except ZeroDivisionError:
        return 1.0
    return 0.0


def _product_shape(left: tuple[int, int], right: tuple[int, int]) -> float:
    """Numbers in the product, 0 where there is none."""
    try:
        return float((np.ones(left) @ np.ones(right)).size)
    except ValueError:
        return 0.0


def _sigmoid_slope_error() -> float:
    found = [(sigmoid(z + 1e-5) - sigmoid(z - 1e-5)) / 2e-5 - sigmoid(z) * (1 - sigmoid(z)) for z in GRID]
    return float(np.abs(found).max())


def _least_curvature(cost) -> float:
    """The least second difference of a cost over the weight, on a grid."""
    values = np.array([cost(sigmoid(w)) for w in GRID])
    return float(np.diff(values, 2).min())


def _two_cases() -> float:
    """Greatest difference of the one formula from -log of the chance given to what happened."""
    chances = np.linspace(0.01, 0.99, 99)
    return float(max(
        np.abs(-y * np.log(chances) - (1 - y) * np.log(1 - chances) + np.log(chances if y else 1 - chances)).max()
        for y in (0, 1)
    ))  # fmt: skip


def _rms_of_a_linear_layer() -> float:
    """How far the best net of one hidden layer without a bend stays from x² on [-1, 1]."""
    x = np.linspace(-1, 1, 20_001)
    line = np.polynomial.Polynomial.fit(x, x**2, 1)
    return float(np.sqrt(np.mean((x**2 - line(x)) ** 2)))


def _reach_of_3_by_3(layers: int) -> float:
    """Width of what one place sees through layers of 3 x 3 filters, by sending a single 1 through them."""
    line = np.zeros(41)
    line[20] = 1
    for _ in range(layers):
        line = np.convolve(line, np.ones(3), mode="same")
    return float(np.count_nonzero(line))


def _filters(count: int, side: int = 5, channels: int = 3, image: int = 32) -> float:
    from torch import nn, zeros

    return float(nn.Conv2d(channels, count, side)(zeros(1, channels, image, image)).numel())


def _one_window() -> float:
    """Difference of torch's convolution from W^T x + b in each window, the greatest."""
    import torch
    from torch.nn import functional

    generator = torch.Generator().manual_seed(0)
    image, kernel = (
        torch.randn(1, 1, size, size, generator=generator, dtype=torch.float64) for size in (6, 3)
    )
    maps = functional.conv2d(image, kernel, torch.tensor([0.5], dtype=torch.float64))[0, 0]
    by_hand = [
        [float((image[0, 0, i : i + 3, j : j + 3] * kernel[0, 0]).sum()) + 0.5 for j in range(4)]
        for i in range(4)
    ]
    return float(np.abs(maps.numpy() - np.array(by_hand)).max())


def _residual_at_zero() -> float:
    """How far a residual block whose weights are all 0 is from letting its input through."""
    import torch

    x = torch.linspace(-1, 1, 9)
    return float((x + torch.zeros(9, 9) @ torch.relu(x) - x).abs().max())


def _way_under_one_slope(momentum: float, steps: int) -> float:
    """How far SGD of torch moves when the slope is always 1, learning rate 1."""
    import torch

    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0, momentum=momentum)
    before = 0.0
    for _ in range(steps):
        before = weight.item()
        weight.grad = torch.ones_like(weight)
        optimizer.step()
    return abs(weight.item() - before)


def _step_number(optimizer_name: str, steps: int, slope: float) -> float:
    """Length of the last of so many steps under a constant slope, learning rate 1."""
    import torch

    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, optimizer_name)([weight], lr=1.0)
    before = 0.0
    for _ in range(steps):
        before = weight.item()
        weight.grad = torch.full_like(weight, slope)
        optimizer.step()
    return abs(weight.item() - before)


CLAIMS = (
    Claim(
        "shape of a product of matrices", "행렬곱의 모양",
        1, "행렬 A의 열의 개수와 행렬 B의 개수가 같아야", "corrected",
        "The columns of A must be as many as the rows of B; the slide leaves out 'rows'. (2, 3) times (3, 4): 8 numbers.",
        "A의 열과 B의 '행'의 개수가 같아야 합니다. 슬라이드에는 '행'이 빠져 있습니다. (2, 3)과 (3, 4)의 곱은 수 8개입니다.",
        "2 rows of 4", lambda: _product_shape((2, 3), (3, 4)), expected=8,
    ),
    Claim(
        "product of (2, 3) and (2, 3)", "(2, 3)과 (2, 3)의 곱",
        1, "두 행렬 A와 B는 곱할 수 있다", "depends",
        "Two matrices of one shape cannot be multiplied unless they are square.",
        "같은 모양의 두 행렬은 정사각행렬이 아니면 곱할 수 없습니다.",
        "NumPy refuses it", lambda: _product_shape((2, 3), (2, 3)), expected=0,
    ),
    Claim(
        "numbers after broadcasting (3, 1) and (1, 4)", "(3, 1)과 (1, 4)의 브로드캐스트 뒤 수의 개수",
        1, "브로드캐스트 : 행렬의 형태를 동적으로 변환", "confirmed",
        "Axes of length 1 are repeated: 12 numbers.", "길이가 1인 축이 반복되어 수 12개가 됩니다.",
        "3 · 4", lambda: float((np.zeros((3, 1)) + np.zeros((1, 4))).size), expected=12,
    ),
    Claim(
        "error of a line through two points", "두 점을 지나는 직선의 오차",
        1, "데이터는 3개 이상일 때 의미가 있다", "confirmed",
        "Two points always lie on a line: nothing is left to fit.", "두 점은 늘 한 직선 위에 있어 맞출 것이 없습니다.",
        "residuals of the fit", lambda: float(np.abs(np.polyval(np.polyfit([1.0, 4.0], [7.0, -2.0], 1), [1, 4]) - [7, -2]).max()),
        at_most=1e-9,
    ),
    Claim(
        "MSE of W = 1 on y = 2x", "y = 2x에서 W = 1의 MSE",
        1, "(실제값 - 예상값)^2의 합으로 비용을 계산", "corrected",
        "The M stands for mean: 1, 4 and 9 make 14, divided by 3. The best W is the same for the sum.",
        "M은 평균입니다. 1, 4, 9의 합 14를 3으로 나눕니다. 합으로 해도 최적의 W는 같습니다.",
        "14 / 3", lambda: float(np.mean((X - Y) ** 2)), expected=14 / 3, tolerance=1e-12,
    ),
    Claim(
        "best W on y = 2x", "y = 2x에서 최적의 W",
        1, "y = 2x", "confirmed",
        "Σxy / Σx² = 2.", "Σxy / Σx² = 2입니다.",
        "closed form", lambda: float((X * Y).sum() / (X**2).sum()), expected=2.0, tolerance=1e-12,
    ),
    Claim(
        "slope of x² at 3", "3에서 x²의 기울기",
        1, "f(x)의 변화량 / x의 변화량", "confirmed",
        "The change of f over the change of x is near 6.", "f의 변화량을 x의 변화량으로 나누면 6에 가깝습니다.",
        "2x at 3", lambda: _quotient(_square, 3.0), expected=6.0, tolerance=2e-4,
    ),
    Claim(
        "slope of x² at 3, by the slide's fraction", "3에서 x²의 기울기, 슬라이드의 분수",
        1, "h / f(x+h) - f(x)", "corrected",
        "Upside down: it gives 1/6 where the slope is 6. Right: (f(x+h) - f(x)) / h.",
        "분수가 뒤집혔습니다. 기울기가 6인 곳에서 1/6이 나옵니다. (f(x+h) - f(x)) / h가 맞습니다.",
        "1 / 6", lambda: 1 / _quotient(_square, 3.0), expected=1 / 6, tolerance=1e-4,
    ),
    Claim(
        "error of the slope with h = 0.0001", "h = 0.0001일 때 기울기의 오차",
        1, "h를 0.0001 정도로 설정하여 근사", "confirmed",
        "For x² the error is h itself.", "x²에서는 오차가 바로 h입니다.",
        "((x + h)² - x²) / h - 2x = h", lambda: _quotient(_square, 3.0) - 6, expected=H, tolerance=1e-8,
    ),
    Claim(
        "the quotient has no value at h = 0", "h = 0에서 값이 없는 분수",
        1, "h = 0일 때의 값을 계산해야한다", "corrected",
        "At h = 0 it is 0/0. The derivative is the limit for h towards 0.",
        "h = 0이면 0/0입니다. 도함수는 h가 0으로 갈 때의 극한입니다.",
        "division by zero", _quotient_at_zero, expected=1,
    ),
    Claim(
        "length of the step -7 x 0.01", "-7 x 0.01만큼 이동한 거리",
        1, "학습률이 0.01이라면, -7x0.01만큼 이동", "depends",
        "W moves by 0.07: down when the slope is +7, up when the slope itself is -7.",
        "W는 0.07만큼 움직입니다. 기울기가 +7이면 아래로, 기울기가 -7이면 위로 갑니다.",
        "learning rate times slope", lambda: abs(-7 * 0.01), expected=0.07, tolerance=1e-12,
    ),
    Claim(
        "cost after one step against the slope, of the cost before", "기울기 반대로 한 걸음 뒤의 비용: 이전 대비",
        1, "현재 기울기 + -> 가중치를 - 방향으로 이동", "confirmed",
        "On y = 2x from W = 3 a step of 0.01 against the slope lowers the cost by 18 %.",
        "y = 2x에서 W = 3일 때 기울기 반대로 0.01만큼 가면 비용이 18% 줄어듭니다.",
        "(1 - 2 · 0.01 · 14 / 3)²",
        lambda: float(np.mean(((3 - 0.01 * np.mean(2 * X * (3 * X - Y))) * X - Y) ** 2) / np.mean((3 * X - Y) ** 2)),
        expected=(1 - 2 * 0.01 * 14 / 3) ** 2, tolerance=1e-12,
    ),
    Claim(
        "slope at the top of x⁴ - x²", "x⁴ - x²의 봉우리에서의 기울기",
        1, "극소점: 기울기가 0인 낮은 지점", "depends",
        "A slope of 0 alone does not make a minimum: at 0 it is a top.",
        "기울기가 0이라고 모두 극소점은 아닙니다. 0에서는 봉우리입니다.",
        "4x³ - 2x at 0, value above its neighbours", lambda: _quotient(lambda x: x**4 - x**2, -0.5e-4, 1e-4), expected=0, tolerance=1e-9,
    ),
    Claim(
        "slope of the sigmoid against σ(1 - σ)", "시그모이드의 기울기와 σ(1 - σ)의 차이",
        1, "sigmoid: 모든 위치에서 미분 가능", "confirmed",
        "Its slope is σ(1 - σ) everywhere.", "어디서나 기울기는 σ(1 - σ)입니다.",
        "central differences at 241 places", _sigmoid_slope_error, at_most=1e-9,
    ),
    Claim(
        "the sigmoid of 40 in a computer", "컴퓨터로 계산한 40의 시그모이드",
        1, "결과는 항상 0부터 1사이의 확률 값으로 한정", "depends",
        "Between 0 and 1, but rounding makes it exactly 1 from 37 on, and the log of 1 - σ has no value there.",
        "0과 1 사이지만 컴퓨터에서는 37부터 정확히 1로 반올림되어 log(1 - σ)를 계산할 수 없습니다.",
        "1 - σ(40) = 4e-18, below half of 2.2e-16", lambda: sigmoid(40.0), expected=1.0,
    ),
    Claim(
        "least curvature of MSE behind a sigmoid", "시그모이드 뒤 MSE의 최소 곡률",
        1, "MSE 비용 함수를 그대로 사용하기 어렵다(non-convexity)", "confirmed",
        "Somewhere the cost bends down: it is not convex.", "아래로 볼록하지 않은 곳이 있습니다.",
        "second differences on -6 .. 6", lambda: _least_curvature(lambda p: (p - 1) ** 2), at_most=-1e-5,
    ),
    Claim(
        "least curvature of the cross-entropy", "교차 엔트로피의 최소 곡률",
        1, "Convex를 보장할 수 있는 비용 함수", "confirmed",
        "It bends up everywhere.", "어디서나 아래로 볼록합니다.",
        "second derivative σ(1 - σ) > 0", lambda: _least_curvature(lambda p: -math.log(p)), at_least=0,
    ),
    Claim(
        "information when 0.1 was given to what happened", "확률 0.1로 예측한 일이 일어날 때의 정보량",
        1, "예측 확률이 0.1이고, 실제 확률이 1", "confirmed",
        "-ln 0.1 = 2.303 nats, 22 times that of 0.9.", "-ln 0.1 = 2.303으로, 0.9일 때의 22배입니다.",
        "ln 10", lambda: -math.log(0.1), expected=math.log(10), tolerance=1e-12,
    ),
    Claim(
        "the formula with both cases in one", "두 경우를 합친 식",
        1, "c(H(x),y) = -ylog(H(x))-(1-y)log(1-H(x))", "confirmed",
        "It is -log of the chance that was given to what happened.", "실제로 일어난 쪽에 준 확률의 -log입니다.",
        "both cases at 99 chances", _two_cases, at_most=1e-12,
    ),
    Claim(
        "sum of three sigmoids", "시그모이드 셋의 합",
        1, "Sigmoid를 쓴다면? … 합쳤을 때 1이 되면 더 좋음", "confirmed",
        "For scores 2, 1, 0 they add up to 2.11, not to 1.", "점수 2, 1, 0이면 합이 1이 아니라 2.11입니다.",
        "0.8808 + 0.7311 + 0.5", lambda: sigmoid(2) + sigmoid(1) + sigmoid(0), expected=2.1119, tolerance=1e-4,
    ),
    Claim(
        "sum of a softmax", "소프트맥스의 합",
        1, "합한 값이 1이 되도록 만들기 위해 Softmax", "confirmed",
        "The same scores by softmax add up to 1.", "같은 점수를 softmax에 넣으면 합이 1입니다.",
        "sum", lambda: float((np.exp([2, 1, 0]) / np.exp([2, 1, 0]).sum()).sum()), expected=1, tolerance=1e-12,
    ),
    Claim(
        "best hidden layer without a bend, on x²", "x²에 대한 선형 은닉층의 최소 오차",
        1, "하나의 은닉층 … 임의의 연속인 다변수 함수를 근사", "depends",
        "Only on a bounded region, with enough units and an activation that bends: without one it stays 0.298 away.",
        "유계인 영역에서, 유닛이 충분하고 활성화 함수가 비선형일 때만 그렇습니다. 선형이면 0.298만큼 떨어져 있습니다.",
        "Leshno et al. 1993; rms √(4/45)", _rms_of_a_linear_layer, expected=math.sqrt(4 / 45), tolerance=1e-4,
    ),
    Claim(
        "slope of sin(x²) at 0.7", "0.7에서 sin(x²)의 기울기",
        1, "f(g(x))' = f'(g(x))g'(x)", "confirmed",
        "The product of the two slopes.", "두 기울기의 곱입니다.",
        "cos(0.49) · 1.4", lambda: (math.sin((0.7 + 1e-6) ** 2) - math.sin((0.7 - 1e-6) ** 2)) / 2e-6,
        expected=math.cos(0.49) * 1.4, tolerance=1e-8,
    ),
    Claim(
        "slope left after ten sigmoids, at best", "시그모이드 열 개 뒤에 남는 최대 기울기",
        1, "대표적인 문제점(Gradient vanishing)", "confirmed",
        "Each sigmoid's slope is at most 1/4: ten leave less than a millionth.",
        "시그모이드의 기울기는 많아야 1/4이므로 10층이면 백만분의 1도 남지 않습니다.",
        "(1/4)^10", lambda: (sigmoid(0) * (1 - sigmoid(0))) ** 10, expected=0.25**10, tolerance=1e-15,
    ),
    Claim(
        "ReLU at -2, 0 and 3, summed", "-2, 0, 3의 ReLU의 합",
        1, "f(x) = max(0,x)", "confirmed",
        "0, 0 and 3; its slope at 0 is a matter of choice.", "0, 0, 3입니다. 0에서의 기울기는 정하기 나름입니다.",
        "0 + 0 + 3", lambda: float(np.maximum(0, [-2, 0, 3]).sum()), expected=3,
    ),
    Claim(
        "speed with momentum 0.9, of the speed without", "모멘텀 0.9의 속도: 없을 때 대비",
        1, "Momentum : 내려오던 방향으로 (관성) 조금 더", "confirmed",
        "Under a constant slope it ends up ten times as fast.", "기울기가 일정하면 결국 10배 빨라집니다.",
        "1 / (1 - 0.9)", lambda: _way_under_one_slope(0.9, 400) / _way_under_one_slope(0.0, 400), expected=10, tolerance=1e-9,
    ),
    Claim(
        "Adagrad's hundredth step, of its first", "Adagrad의 백 번째 걸음: 첫 걸음 대비",
        1, "Adagrad : 많이 가본 곳은 세밀하게", "confirmed",
        "Under a constant slope steps shrink as one over the root of their number.", "기울기가 일정하면 보폭이 횟수의 제곱근에 반비례합니다.",
        "1 / √100", lambda: _step_number("Adagrad", 100, 5.0) / _step_number("Adagrad", 1, 5.0), expected=0.1, tolerance=1e-6,
    ),
    Claim(
        "Adam's first step, slope 1000, over slope 0.001", "Adam의 첫 걸음: 기울기 0.001 대비 1000",
        1, "Adam : RMSProp + Momentum", "confirmed",
        "The first step is the learning rate, however steep it is.", "첫 걸음은 경사와 상관없이 학습률만큼입니다.",
        "Kingma & Ba 2015: |m| / √v = 1", lambda: _step_number("Adam", 1, 1e3) / _step_number("Adam", 1, 1e-3), expected=1, tolerance=1e-4,
    ),
    Claim(
        "weights, all connected, over one convolution", "가중치 수: 합성곱 대비 완전 연결",
        1, "완전 연결 … 파라미터의 수가 많으며", "confirmed",
        "From 28 x 28 to six maps of that size: 3,687,936 products when all are connected, 150 weights in six 5 x 5 filters.",
        "28 x 28에서 같은 크기의 맵 6개로: 모두 연결하면 3,687,936개, 5 x 5 필터 6개면 150개입니다.",
        "784 · 4704 / (6 · 25)", lambda: 784 * 4704 / (6 * 25), at_least=20_000,
    ),
    Claim(
        "numbers that six filters leave", "필터 6개가 내는 수의 개수",
        1, "6개의 개별적인 필터를 가진 Convolution Layer", "confirmed",
        "Six 5 x 5 filters turn 32 x 32 x 3 into 28 x 28 x 6.", "5 x 5 필터 6개는 32 x 32 x 3을 28 x 28 x 6으로 만듭니다.",
        "28 · 28 · 6", lambda: _filters(6), expected=4704,
    ),
    Claim(
        "convolution against W^T x + b", "합성곱과 W^T x + b의 차이",
        1, "내적결과 : W^T x + b", "confirmed",
        "At every place the same inner product.", "모든 위치에서 같은 내적입니다.",
        "16 windows by hand", _one_window, at_most=1e-12,
    ),
    Claim(
        "what one place sees through three 3 x 3 layers", "3 x 3 층 셋을 거쳐 한 자리가 보는 너비",
        1, "VGG … 3x3 컨볼루션 필터를 이용해 깊이를 늘려", "confirmed",
        "Seven pixels, as one 7 x 7 filter does, with 27 instead of 49 weights.",
        "7 x 7 필터 하나처럼 7픽셀을 보지만 가중치는 49개가 아니라 27개입니다.",
        "1 + 3 · 2", lambda: _reach_of_3_by_3(3), expected=7,
    ),
    Claim(
        "a residual block of zeros against its input", "가중치가 0인 잔여 블록과 입력의 차이",
        1, "F(x) = H(x) -x를 학습한다", "confirmed",
        "With all weights 0 the block lets its input through: doing nothing is easy to learn.",
        "가중치가 모두 0이면 입력이 그대로 나옵니다. 아무것도 하지 않기를 배우기 쉽습니다.",
        "x + 0", _residual_at_zero, expected=0,
    ),
)  # fmt: skip
