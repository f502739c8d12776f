"""What lecture 3, what deep learning is, claims and can be computed."""

from __future__ import annotations

import colorsys
from itertools import product

import numpy as np

from dllab_neural.claim import Claim

A, B = np.array([[0, 3], [3, 0]]), np.array([[1, 2], [2, 1]])
TITAN_X_CORES, TITAN_X_GHZ = 3072, 1.075  # boost; each core multiplies and adds once a cycle
IMAGES, CLASSES, MOST_PER_CLASS = 14e6, 1000, 1300


def _gap(transform) -> float:
    """Distance of the two classes on the new axis, less the spread within: above 0 they are apart."""
    a, b = ([transform(*point) for point in points] for points in (A, B))
    return float(max(min(a) - max(b), min(b) - max(a)))


def _best_line() -> float:
    """The most of the four points that one line has on their sides, over all directions and places."""
    points, wanted, best = np.vstack([A, B]), np.array([1, 1, 0, 0]), 0
    for angle in np.linspace(0, 2 * np.pi, 721):
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        for place in np.linspace(-4, 4, 161):
            best = max(best, int(((along > place) == wanted).sum()))
    return float(best)


def _found_by_one_threshold(of_hsv: bool) -> float:
    """Share of 4,096 colours that one threshold on one number tells to be of a saturation above 0.5, at best."""
    colours = np.array(list(product(np.linspace(0, 1, 16), repeat=3)))
    saturation = np.array([colorsys.rgb_to_hsv(*one)[1] for one in colours])
    numbers = saturation[:, None] if of_hsv else colours
    wanted, best = saturation > 0.5, 0.0
    for column in numbers.T:
        for place in (*np.unique(column), 0.5):
            right = float(((column > place) == wanted).mean())
            best = max(best, right, 1 - right)
    return best


CLAIMS = (
    Claim(
        "points of A and B that one line tells apart", "직선 하나로 나뉘는 A와 B의 점 수",
        3, "이런 문제는 직선으로는 힘들 것", "confirmed",
        "All four lie on x + y = 3, A at the ends, B between: no line has more than three right.",
        "네 점은 모두 x + y = 3 위에 있고 A는 양 끝, B는 가운데입니다. 직선으로는 셋까지만 맞힙니다.",
        "brute force over lines", _best_line, expected=3,
    ),
    Claim(
        "gap between A and B on x² + y²", "x² + y²에서 A와 B의 간격",
        3, "x1^2 + x2^2 … 명확하게 A와 B", "confirmed",
        "9 and 9 against 5 and 5.", "9, 9와 5, 5로 나뉩니다.",
        "9 - 5", lambda: _gap(lambda x, y: x * x + y * y), expected=4,
    ),
    Claim(
        "gap between A and B on xy", "xy에서 A와 B의 간격",
        3, "x1 * x2", "confirmed",
        "0 and 0 against 2 and 2.", "0, 0과 2, 2로 나뉩니다.",
        "2 - 0", lambda: _gap(lambda x, y: x * y), expected=2,
    ),
    Claim(
        "saturated colours told by one number of HSV", "HSV의 수 하나로 찾은 채도 높은 색의 비율",
        3, "채도가 높은 것을 찾는 문제에서는 뒤의 포맷이 훨씬 편할 것", "confirmed",
        "Saturation is a number of HSV: one threshold tells all.", "채도는 HSV의 한 수이므로 기준값 하나로 모두 찾습니다.",
        "4,096 colours", lambda: _found_by_one_threshold(of_hsv=True), expected=1.0,
    ),
    Claim(
        "saturated colours told by one number of RGB, at best", "RGB의 수 하나로 찾은 채도 높은 색의 최대 비율",
        3, "RGB 포맷 … HSV 포맷", "confirmed",
        "No threshold on red, green or blue alone does it.", "빨강, 초록, 파랑 중 하나의 기준값으로는 되지 않습니다.",
        "4,096 colours, all thresholds", lambda: _found_by_one_threshold(of_hsv=False), at_most=0.9,
    ),
    Claim(
        "teraflops of a TITAN X", "TITAN X의 테라플롭",
        3, "TITAN X는 6.6 테라플롭", "confirmed",
        "3,072 cores, a multiplication and an addition each at 1.075 GHz: 6.6.",
        "코어 3,072개가 1.075GHz로 곱셈과 덧셈을 한 번씩 하면 6.6입니다.",
        "NVIDIA's data sheet: cores and boost clock", lambda: TITAN_X_CORES * 2 * TITAN_X_GHZ / 1000, expected=6.6, tolerance=0.05,
    ),
    Claim(
        "a TPU's 180 teraflops over 6.6", "6.6 대비 TPU의 180 테라플롭",
        3, "최고 성능을 가진 GPU보다 10배 이상 빠르고", "depends",
        "27 times, but the TPU's numbers are shorter (bfloat16) and a TPU of 2017 is four chips.",
        "27배지만 TPU는 더 짧은 수(bfloat16)로 계산하고, 2017년의 TPU는 칩 4개입니다.",
        "180 / 6.6", lambda: 180 / 6.6, at_least=10,
    ),
    Claim(
        "pictures per class if 14 million had 1,000 classes", "1400만 장이 1,000개 범주일 때 범주마다 그림 수",
        3, "1400만 개의 이미지를 1000개의 범주로 구분한 ImageNet", "corrected",
        "That would be 14,000 a class; the set of 1,000 classes has at most 1,300 (1.28 million). The 14 million have 21,841.",
        "범주마다 14,000장이 되지만, 범주 1,000개짜리는 많아야 1,300장(모두 128만 장)입니다. 1400만 장의 범주는 21,841개입니다.",
        "Russakovsky et al. 2015: 732 to 1,300 a class", lambda: IMAGES / CLASSES, at_least=MOST_PER_CLASS + 1,
    ),
)  # fmt: skip
