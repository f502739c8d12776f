"""The gradient through time in a recurrent network: a power of the spectral radius."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

LARGEST_RADIUS = 3.0


class RnnGradientsParams(dllab.Params):
    radii: tuple[float, ...] = dllab.param(
        (0.8, 0.95, 1.0, 1.1), min_length=1, max_length=6, help="spectral radii of the matrices, 0.1 to 3"
    )
    size: int = dllab.param(24, ge=2, le=200, help="neurons of the recurrent layer")
    lags: int = dllab.param(60, ge=4, le=200, unit="steps", help="how far back in time")
    forget: float = dllab.param(0.98, gt=0, lt=1, help="forget gate of the LSTM's cell, for comparison")


@dllab.experiment(
    "rnn-gradients",
    topic="course/neural",
    lectures=(
        "0@4410:역전파 과정에서 기울기 소멸 문제가 발생하는 단점",
        "4@2600:처음 시작한 Weight의 값이 점차 학습할수록 상쇄되는 문제",
    ),
    about=ABOUT["rnn-gradients"],
    tiny={"lags": 20, "size": 8},
    ko={
        "radii": "행렬들의 스펙트럼 반지름 (0.1부터 3)",
        "size": "순환층의 뉴런 수",
        "lags": "거슬러 올라갈 걸음 수",
        "forget": "견줄 LSTM 셀의 망각 게이트",
    },
)
def rnn_gradients(run: dllab.Run, params: RnnGradientsParams) -> None:
    """∂h_T / ∂h_(T-k), multiplied out backwards through time, for several recurrent matrices."""
    import numpy as np

    for radius in params.radii:
        if not 0.1 <= radius <= LARGEST_RADIUS:
            raise dllab.UsageError(
                f"--radii {radius:g}: a spectral radius is 0.1 to {LARGEST_RADIUS:g} here; try 1"
            )
    noise = run.rng.normal(size=(params.size, params.size)) / params.size**0.5
    largest = float(np.abs(np.linalg.eigvals(noise)).max())
    start = run.rng.normal(size=params.size)
    inputs = run.rng.normal(size=(params.lags, params.size))
    linear, bent, matrices = [], [], []
    for radius in params.radii:
        W = noise * radius / largest
        matrices.append(W)
        linear.append(through_time(W, np.ones((params.lags, params.size))))
        states = hidden_states(W, inputs, start)
        bent.append(through_time(W, 1 - states**2))
    cell = params.forget ** np.arange(params.lags + 1)
    for lag in range(params.lags + 1):
        run.log(lag, **{f"radius_{r:g}": sizes[lag] for r, sizes in zip(params.radii, linear, strict=True)})
    _draw(run, params, matrices, linear, bent, cell)
    run.save_table(
        "gradients.csv",
        {"lag": range(params.lags + 1)}
        | {f"linear_{r:g}": one for r, one in zip(params.radii, linear, strict=True)}
        | {f"tanh_{r:g}": one for r, one in zip(params.radii, bent, strict=True)}
        | {"lstm_cell": cell},
    )
    _check(run, params, matrices, linear, bent)
    _check_backward(run, matrices[0], inputs, start)


def hidden_states(W: np.ndarray, inputs: np.ndarray, start: np.ndarray) -> np.ndarray:
    """h_1 .. h_T (T, n) of h_t = tanh(W h_(t-1) + x_t), from the state start (n,)."""
    import numpy as np

    states, h = [], start
    for x in inputs:
        h = np.tanh(W @ h + x)
        states.append(h)
    return np.array(states)


def through_time(W: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """The spectral norms of ∂h_T / ∂h_(T-k) for k = 0 .. T; slopes (T, n): of the activation at each step."""
    import numpy as np

    jacobian, norms = np.eye(len(W)), [1.0]
    for slope in slopes[::-1]:
        jacobian = jacobian @ (slope[:, None] * W)  # one step further back
        norms.append(float(np.linalg.norm(jacobian, 2)))
    return np.array(norms)


def rotation(size: int, radius: float) -> np.ndarray:
    """A matrix whose singular values all are the radius: it turns pairs of axes and scales a lone one."""
    import numpy as np

    W = radius * np.eye(size)
    for k in range(size // 2):
        c, s = np.cos(0.3 + k), np.sin(0.3 + k)
        W[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = radius * np.array([[c, -s], [s, c]])
    return W


def _check(
    run: dllab.Run,
    params: RnnGradientsParams,
    matrices: list[np.ndarray],
    linear: list[np.ndarray],
    bent: list[np.ndarray],
) -> None:
    import numpy as np

    steps = np.arange(1, params.lags + 1)
    for radius, W, straight, curved in zip(params.radii, matrices, linear, bent, strict=True):
        turned = through_time(rotation(params.size, radius), np.ones((params.lags, params.size)))
        run.check(
            f"gradient at the last lag of a scaled rotation, radius {radius:g}",
            got=float(turned[-1]),
            expected=radius**params.lags,
            rel=1e-9,
            source="closed form: a rotation keeps lengths, so the gradient is radius^lag exactly",
            ko=f"회전 행렬의 마지막 시차 기울기, 반지름 {radius:g}",
        )
        run.check(
            f"smallest k-th root of |W^k| over the radius {radius:g}",
            got=float((straight[1:] ** (1 / steps)).min() / radius),
            at_least=1 - 1e-9,
            source="|W^k| >= radius^k: an eigenvector of the largest eigenvalue grows just so",
            ko=f"반지름 {radius:g} 대비 |W^k|의 k제곱근의 최솟값",
        )
        far = 4096
        run.check(
            f"{far}-th root of |W^{far}|, radius {radius:g}",
            got=_root_of_power(W, far),
            expected=radius,
            rel=0.01,
            source="Gelfand's formula: the k-th root of |W^k| tends to the spectral radius",
            ko=f"|W^{far}|의 {far}제곱근, 반지름 {radius:g}",
        )
        norm = float(np.linalg.norm(W, 2))
        run.check(
            f"gradient through tanh over its bound, radius {radius:g}",
            got=float((curved[1:] / norm**steps).max()),
            at_most=1 + 1e-9,
            source="the slope of tanh is at most 1, so |gradient| <= |W|^lag",
            ko=f"tanh를 지난 기울기: 상한 대비, 반지름 {radius:g}",
        )


def _check_backward(run: dllab.Run, W: np.ndarray, inputs: np.ndarray, start: np.ndarray) -> None:
    """The product of slopes against differences: nudge the first state, look at the last."""
    import numpy as np

    few, nudge = inputs[:4], 1e-5
    slopes = 1 - hidden_states(W, few, start) ** 2
    jacobian = np.eye(len(W))
    for slope in slopes[::-1]:
        jacobian = jacobian @ (slope[:, None] * W)
    columns = [
        (hidden_states(W, few, start + n)[-1] - hidden_states(W, few, start - n)[-1]) / (2 * nudge)
        for n in nudge * np.eye(len(W))
    ]
    run.check(
        "∂h_4 / ∂h_0 against differences, largest error",
        got=float(np.abs(jacobian - np.column_stack(columns)).max()),
        at_most=1e-8,
        source="central differences of step 1e-5 in every direction",
        ko="∂h_4 / ∂h_0과 차분의 최대 차이",
    )


def _root_of_power(W: np.ndarray, power: int) -> float:
    """The power-th root of |W^power| for a power of two, by squaring; scaled each time."""
    import numpy as np

    matrix, logarithm = W, 0.0  # W^(1, 2, 4 ...) is matrix · exp(logarithm)
    for _ in range(power.bit_length() - 1):
        matrix, logarithm = matrix @ matrix, 2 * logarithm
        size = float(np.linalg.norm(matrix))
        matrix, logarithm = matrix / size, logarithm + float(np.log(size))
    return float(np.exp((logarithm + np.log(np.linalg.norm(matrix, 2))) / power))


def _draw(
    run: dllab.Run,
    params: RnnGradientsParams,
    matrices: list[np.ndarray],
    linear: list[np.ndarray],
    bent: list[np.ndarray],
    cell: np.ndarray,
) -> None:
    """Left the gradients over the lag, right the eigenvalues in the plane with the unit circle."""
    import numpy as np

    from dllab_neural.drawing import INK, MUTED

    figure, (left, right) = dllab.new_figure(1, 2, size=(11.4, 4.9), width_ratios=(1.45, 1))
    lags = np.arange(params.lags + 1)
    for i, (radius, straight, curved) in enumerate(zip(params.radii, linear, bent, strict=True)):
        colour = dllab.COLOURS[i]
        left.semilogy(lags, straight, color=colour, linewidth=2.2)
        left.semilogy(lags, np.maximum(curved, 1e-300), "--", color=colour, linewidth=1.3)
        left.text(
            params.lags * 1.01, straight[-1], f"ρ = {radius:g}", color=colour, fontsize=9.5, va="center"
        )
    left.semilogy(lags, cell, ":", color=INK, linewidth=2)
    low = min(float(straight[-1]) for straight in linear) / 30
    high = max(*(float(straight.max()) for straight in linear), 1.0) * 300
    left.set(
        xlim=(0, params.lags * 1.13),
        ylim=(low, high),
        xlabel=run.words("steps back in time", "거슬러 올라간 걸음 수"),
        ylabel=run.words("size of the gradient", "기울기의 크기"),
    )
    for style, words in (
        ("-", run.words("linear RNN", "선형 RNN")),
        ("--", run.words("with tanh", "tanh가 있는 RNN")),
        (
            ":",
            run.words(f"LSTM cell, forget gate {params.forget:g}", f"LSTM 셀, 망각 게이트 {params.forget:g}"),
        ),
    ):
        left.plot([], [], style, color=INK if style == ":" else MUTED, linewidth=1.8, label=words)
    left.legend(loc="upper left")
    left.set_title(run.words("What is left of the gradient", "시간을 거슬러 가며 남는 기울기"), loc="left")
    turn = np.linspace(0, 2 * np.pi, 200)
    right.plot(np.cos(turn), np.sin(turn), color=INK, linewidth=1)
    for i, W in enumerate(matrices):
        values = np.linalg.eigvals(W)
        right.scatter(values.real, values.imag, s=14, color=dllab.COLOURS[i], alpha=0.5, edgecolors="none")
        top = values[np.abs(values).argmax()]
        right.scatter(top.real, abs(top.imag), s=60, color=dllab.COLOURS[i], edgecolors=INK, zorder=4 + i)
    reach = 1.15 * max(1.0, *params.radii)
    right.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    right.set(xlabel=run.words("real part", "실수부"), ylabel=run.words("imaginary part", "허수부"))
    right.set_title(run.words("Eigenvalues; the circle is 1", "고윳값 (원은 크기 1)"), loc="left")
    run.save_figure("gradients.png", figure)
