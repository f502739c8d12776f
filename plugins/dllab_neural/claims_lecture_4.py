"""What lecture 4, image analysis with Python, claims and can be computed."""

from __future__ import annotations

from itertools import product

import numpy as np

from dllab_neural.claim import Claim, sigmoid


def _first_slope(activation: str, layers: int = 20, width: int = 64) -> float:
    """Slope of the first layer's weights over the last's, in norm, for a net of that depth (PyTorch's weights)."""
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        linear = [nn.Linear(width, width) for _ in range(layers)]
        if activation == "ReLU":
            for one in linear:
                nn.init.kaiming_normal_(one.weight, nonlinearity="relu")
        x = torch.randn(32, width)
    for one in linear:
        x = getattr(nn, activation)()(one(x))
    x.square().mean().backward()
    return float(linear[0].weight.grad.norm() / linear[-1].weight.grad.norm())


def _dropout_mean() -> float:
    """The mean output of a unit over all 1,024 ways to drop its ten inputs, over that of the whole unit."""
    rng = np.random.default_rng(0)
    x, w = rng.random(10), rng.random(10)
    kept = np.array(list(product((0, 1), repeat=10)))
    return float((kept * x / 0.5 @ w).mean() / (x @ w))


def _likeness(apart: int) -> float:
    """Correlation of the pixels of a photo that lie so many columns apart."""
    from skimage.data import astronaut

    grey = astronaut().mean(axis=2)
    return float(np.corrcoef(grey[:, :-apart].ravel(), grey[:, apart:].ravel())[0, 1])


def _stacked_filters() -> float:
    """Greatest difference of two 3 x 3 filters in turn from the one 5 x 5 filter that they make."""
    from scipy.signal import convolve2d

    rng = np.random.default_rng(0)
    image, first, second = rng.random((12, 12)), rng.random((3, 3)), rng.random((3, 3))
    in_turn = convolve2d(convolve2d(image, first, "valid"), second, "valid")
    return float(np.abs(in_turn - convolve2d(image, convolve2d(first, second), "valid")).max())


def _slope_through_time(weight: float, steps: int) -> float:
    import torch

    first = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    state = first
    for _ in range(steps):
        state = weight * state
    return float(torch.autograd.grad(state, first)[0])


def _where_descent_ends(start: float) -> float:
    """Gradient descent on x⁴ - 3x² + x."""
    x = start
    for _ in range(2000):
        x -= 0.01 * (4 * x**3 - 6 * x + 1)
    return x**4 - 3 * x**2 + x


CLAIMS = (
    Claim(
        "cost where descent ends, from -2", "-2에서 시작한 경사하강이 끝난 곳의 비용",
        4, "Local Minima를 최적값으로 인식", "confirmed",
        "x⁴ - 3x² + x has two hollows; from the left one ends in the deeper.",
        "x⁴ - 3x² + x에는 골짜기가 둘입니다. 왼쪽에서 시작하면 더 깊은 곳에 닿습니다.",
        "root of 4x³ - 6x + 1 at -1.3008", lambda: _where_descent_ends(-2.0), expected=-3.5139, tolerance=1e-3,
    ),
    Claim(
        "cost where descent ends, from 2", "2에서 시작한 경사하강이 끝난 곳의 비용",
        4, "더이상 학습을 진행하지 않는 문제", "confirmed",
        "From the right it stays in the shallow one, 2.4 higher.",
        "오른쪽에서 시작하면 2.4만큼 높은 얕은 곳에 머뭅니다.",
        "root of 4x³ - 6x + 1 at 1.1309", lambda: _where_descent_ends(2.0), expected=-1.0702, tolerance=1e-3,
    ),
    Claim(
        "first slope over the last, 20 layers of sigmoid", "마지막 대비 첫 층의 기울기, 시그모이드 20층",
        4, "입력층에 가까워질수록 가중치가 잘 학습되지 않는 문제", "confirmed",
        "Less than a millionth of it arrives.", "백만분의 1도 도달하지 않습니다.",
        "at most (1/4)^19 by the slopes of the sigmoid alone", lambda: _first_slope("Sigmoid"), at_most=1e-6,
    ),
    Claim(
        "the sigmoid at 0", "0에서의 시그모이드",
        4, "Sigmoid 함수로 값이 0에 수렴하는 오류", "corrected",
        "What goes to 0 is the slope from layer to layer, not the value: σ(0) is 0.5.",
        "0으로 가는 것은 값이 아니라 층을 거친 기울기입니다. σ(0)은 0.5입니다.",
        "1 / (1 + e^0)", lambda: sigmoid(0.0), expected=0.5,
    ),
    Claim(
        "first slope over the last, 20 layers of ReLU", "마지막 대비 첫 층의 기울기, ReLU 20층",
        4, "ReLu 함수로 개선", "confirmed",
        "With He's initial weights the slope stays of one size.", "He 초기화를 쓰면 기울기의 크기가 유지됩니다.",
        "He et al. 2015", lambda: _first_slope("ReLU"), at_least=0.05, at_most=20,
    ),
    Claim(
        "mean output under dropout, of the whole unit's", "드롭아웃의 평균 출력: 온전한 유닛 대비",
        4, "과적합 문제는 Drop-out 기법 등으로 개선", "confirmed",
        "Scaled by 1/p, the mean over all 1,024 masks is the unit without dropout. Whether it helps: `dllab run overfitting-cures`.",
        "1/p배 하면 1,024가지 마스크의 평균이 드롭아웃 없는 유닛과 같습니다. 효과는 `dllab run overfitting-cures`에서 봅니다.",
        "Srivastava et al. 2014, all masks counted", _dropout_mean, expected=1.0, tolerance=1e-12,
    ),
    Claim(
        "slope after 50 steps of an RNN with weight 0.9", "RNN 50단계 뒤의 기울기, 가중치 0.9",
        4, "처음 시작한 Weight의 값이 점차 학습할수록 상쇄", "corrected",
        "Not the weight fades but its influence over the steps of the sequence: 0.9^50 = 0.005.",
        "가중치가 아니라 시점을 거친 영향이 사라집니다. 0.9^50 = 0.005입니다.",
        "0.9^50", lambda: _slope_through_time(0.9, 50), expected=0.9**50, tolerance=1e-15,
    ),
    Claim(
        "slope after 50 steps with weight 1.1", "RNN 50단계 뒤의 기울기, 가중치 1.1",
        4, "상쇄문제를 보완한 것이 LSTM", "depends",
        "Above 1 it grows instead: 1.1^50 = 117. An LSTM's gates do not hinder that; clipping does.",
        "1보다 크면 오히려 커집니다. 1.1^50 = 117. LSTM의 게이트가 아니라 기울기 자르기로 막습니다.",
        "1.1^50; Pascanu et al. 2013", lambda: _slope_through_time(1.1, 50), expected=1.1**50, tolerance=1e-9,
    ),
    Claim(
        "correlation of neighbouring pixels", "이웃한 픽셀의 상관 계수",
        4, "이미지는 인근 픽셀끼리 연관이 있음", "confirmed",
        "On a photo neighbours are nearly equal.", "사진에서 이웃한 픽셀은 거의 같습니다.",
        "measured on scikit-image's astronaut: 0.977", lambda: _likeness(1), at_least=0.95,
    ),
    Claim(
        "correlation of pixels 150 columns apart", "150열 떨어진 픽셀의 상관 계수",
        4, "가까운 것끼리 묶어서 계산하면 의미도 있고", "confirmed",
        "Far apart they tell little of each other.", "멀리 떨어지면 서로 거의 관련이 없습니다.",
        "measured on the same photo", lambda: abs(_likeness(150)), at_most=0.5,
    ),
    Claim(
        "multiplications, all connected over a 3 x 3 filter", "곱셈 수: 3 x 3 필터 대비 완전 연결",
        4, "계산량도 줄어듦", "confirmed",
        "28 x 28 to 28 x 28: 87 times fewer.", "28 x 28에서 28 x 28로 갈 때 87분의 1입니다.",
        "784 / 9", lambda: 784 * 784 / (784 * 9), expected=784 / 9, tolerance=1e-9,
    ),
    Claim(
        "two 3 x 3 filters in turn against one 5 x 5", "3 x 3 필터 둘과 5 x 5 필터 하나의 차이",
        4, "간단한 필터들을 쌓아서 복잡한 필터", "depends",
        "Without an activation between them two filters are one larger filter; the bend between makes them more.",
        "사이에 활성화 함수가 없으면 두 필터는 큰 필터 하나와 같습니다. 비선형이 있어야 더 복잡해집니다.",
        "convolution is associative", _stacked_filters, at_most=1e-12,
    ),
)  # fmt: skip
