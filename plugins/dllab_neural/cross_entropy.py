"""Why a probability is not learned with squares: the shape of the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

# Hours of study (less their mean) and whether the exam was passed; one of each kind is out of order.
HOURS = (-3.0, -2.0, -1.0, 0.5, -0.5, 1.0, 2.0, 3.0)
PASSED = (0, 0, 0, 0, 1, 1, 1, 1)


class CrossEntropyParams(dllab.Params):
    chance: float = dllab.param(0.1, gt=0, lt=1, help="what was predicted where the truth is 1")
    reach: float = dllab.param(8.0, ge=1, le=50, help="weights from -reach to reach are drawn")


@dllab.experiment(
    "cross-entropy",
    topic="course/neural",
    lectures=(
        "1@2290:non-convexity",
        "1@2310:엔트로피(Entropy)",
        "1@2340:예측 확률이 0.1이고, 실제 확률이 1",
        "1@2400:Convex를 보장할 수 있는 비용 함수",
        "1@2430:-ylog(H(x))-(1-y)log(1-H(x))",
    ),
    about=ABOUT["cross-entropy"],
    tiny={},
    ko={"chance": "정답이 1일 때의 예측 확률", "reach": "그릴 가중치의 범위"},
)
def cross_entropy(run: dllab.Run, params: CrossEntropyParams) -> None:
    """One neuron σ(wx) on eight points: the cost by w with squares, and with -y log p - (1-y) log(1-p)."""
    import math

    import numpy as np

    x, y = np.array(HOURS), np.array(PASSED)
    w = np.linspace(-params.reach, params.reach, 401)
    entropy, squares = costs(w, x, y)
    _draw(run, params, w, entropy, squares)
    run.save_table("cost.csv", {"w": w, "cross_entropy": entropy, "mse": squares})
    run.check(
        "surprise of a chance of 0.1 that comes true",
        got=surprise(0.1),
        expected=2.302585,
        abs=1e-6,
        source="by hand: -ln 0.1 = ln 10 = 2.302585, the slide's 'very large value'",
        ko="확률 0.1인 일이 일어날 때의 정보량",
    )
    run.check(
        "entropy of a fair coin",
        got=coin_entropy(0.5),
        expected=math.log(2),
        abs=1e-12,
        source="by hand: ln 2",
        ko="공정한 동전의 엔트로피",
    )
    bend = np.diff(entropy, 2), np.diff(squares, 2)
    run.check(
        "smallest second difference of the cross-entropy",
        got=float(bend[0].min()),
        at_least=-1e-12,
        source="its second derivative, mean of p (1 - p) x², is never below 0",
        ko="교차 엔트로피의 최소 이계 차분",
    )
    run.check(
        "smallest second difference of the squares",
        got=float(bend[1].min()),
        at_most=-1e-6,
        source="the slide: not convex; 2p(1-p)[p(1-p) + (p-y)(1-2p)]x² turns negative where p is far from y",
        ko="MSE의 최소 이계 차분",
    )
    h = (0.5, 1e-4)
    for name, korean, cost, slope in (
        ("cross-entropy", "교차 엔트로피", 0, _slope),
        ("squares", "MSE", 1, _slope_of_squares),
    ):
        values = [costs(np.array([h[0] + sign * h[1]]), x, y)[cost][0] for sign in (1, -1)]
        run.check(
            f"slope of the {name} against differences",
            got=float(values[0] - values[1]) / (2 * h[1]),
            abs=1e-7,
            expected=slope(h[0], x, y),
            source="closed form: mean of (p - y) x, times 2 p (1 - p) with squares",
            ko=f"차분으로 구한 {korean}의 기울기",
        )
    lost = abs(_slope_of_squares(-8.0, x, y) / _slope(-8.0, x, y))
    run.check(
        "slope at w = -8 with squares over that with cross-entropy",
        got=lost,
        at_most=0.2,
        source="by p (1 - p): where nearly all is wrong, squares are flat and cross-entropy is steep",
        ko="w = -8에서 기울기: 교차 엔트로피 대비 MSE",
    )


def sigmoid(z: np.ndarray) -> np.ndarray:
    import numpy as np

    return (1 + np.tanh(z / 2)) / 2


def costs(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cross-entropy and the mean square, each (n,), for weights (n,)."""
    import numpy as np

    z = np.outer(w, x)
    return (np.logaddexp(0, z) - y * z).mean(axis=1), ((sigmoid(z) - y) ** 2).mean(axis=1)


def surprise(chance: float) -> float:
    """-ln of the chance of what happened."""
    import math

    return -math.log(chance)


def coin_entropy(p: float) -> float:
    """The mean surprise of a coin that shows heads with the chance p."""
    return p * surprise(p) + (1 - p) * surprise(1 - p)


def _slope(w: float, x: np.ndarray, y: np.ndarray) -> float:
    return float(((sigmoid(w * x) - y) * x).mean())


def _slope_of_squares(w: float, x: np.ndarray, y: np.ndarray) -> float:
    p = sigmoid(w * x)
    return float((2 * (p - y) * p * (1 - p) * x).mean())


def _draw(
    run: dllab.Run, params: CrossEntropyParams, w: np.ndarray, entropy: np.ndarray, squares: np.ndarray
) -> None:
    import numpy as np

    from dllab_neural.drawing import INK

    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(12.6, 4.1))
    p = np.linspace(0.005, 0.995, 300)
    left.plot(p, -np.log(p), linewidth=2.4, label=run.words("truth 1: -ln p", "정답 1: -ln p"))
    left.plot(
        p, -np.log(1 - p), linewidth=2.4, label=run.words("truth 0: -ln (1 - p)", "정답 0: -ln (1 - p)")
    )
    left.scatter(params.chance, surprise(params.chance), s=60, color=INK, zorder=4)
    left.annotate(
        f"-ln {params.chance:g} = {surprise(params.chance):.4f}",
        (params.chance, surprise(params.chance)),
        (12, 6),
        textcoords="offset points",
        fontsize=10,
        color=INK,
    )
    left.set(xlabel=run.words("predicted chance p", "예측 확률 p"), ylim=(0, 5.4))
    left.set_title(run.words("The price of a prediction", "예측의 벌점"), loc="left")
    left.legend(loc="upper center")
    for axes, cost, title in (
        (middle, entropy, run.words("Cross-entropy: one bowl", "교차 엔트로피: 그릇 하나")),
        (right, squares, run.words("Squares: flat where it is most wrong", "MSE: 가장 틀린 곳이 평평함")),
    ):
        axes.plot(w, cost, linewidth=2.4, color=dllab.COLOURS[0])
        bends_down = np.concatenate([[False], np.diff(cost, 2) < -1e-12, [False]])
        axes.fill_between(
            w,
            0,
            cost.max() * 1.05,
            where=bends_down,
            color=dllab.COLOURS[1],
            alpha=0.16,
            linewidth=0,
            label=run.words("bends down: not convex", "아래로 굽음: 볼록하지 않음"),
        )
        axes.set(xlabel="w", ylim=(0, cost.max() * 1.05))
        axes.set_title(title, loc="left")
    right.legend(loc="lower left")
    run.save_figure("cost.png", figure)
