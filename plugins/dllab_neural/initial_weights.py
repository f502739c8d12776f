"""How large the first weights must be so that a signal lives through many layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

RULES = ("zero", "small", "Xavier", "He", "large")


class InitialWeightsParams(dllab.Params):
    activation: Literal["relu", "tanh"] = dllab.param("relu", help="of every layer")
    layers: int = dllab.param(12, ge=2, le=100, help="hidden layers")
    width: int = dllab.param(256, ge=8, le=1024, help="neurons in each")
    batch: int = dllab.param(200, ge=10, le=2000, help="random inputs")


@dllab.experiment(
    "initial-weights",
    topic="course/neural",
    lectures=("3@2370:가중치 초기화 방법",),
    about=ABOUT["initial-weights"],
    tiny={"width": 128, "batch": 50, "layers": 6},
    ko={
        "activation": "활성 함수",
        "layers": "은닉층 수",
        "width": "층마다 뉴런 수",
        "batch": "무작위 입력 수",
    },
)
def initial_weights(run: dllab.Run, params: InitialWeightsParams) -> None:
    """Weights of variance 0, 0.01², 1/n (Xavier), 2/n (He) and 4/n; n is the width."""
    import numpy as np

    x = run.rng.normal(size=(params.batch, params.width))
    noise = run.rng.normal(size=(params.layers, params.width, params.width))
    deviations = {
        "zero": 0.0,
        "small": 0.01,
        **{name: (gain / params.width) ** 0.5 for name, gain in (("Xavier", 1), ("He", 2), ("large", 4))},
    }
    signals = {name: through(x, noise * deviations[name], params.activation) for name in RULES}
    sizes = {name: np.array([float((a**2).mean()) for a in layers]) for name, layers in signals.items()}
    for layer in range(params.layers):
        run.log(layer, **{name.lower(): float(size[layer]) for name, size in sizes.items()})
    _draw(run, params, signals, sizes)
    run.save_table("signal.csv", {"layer": range(1, params.layers + 1), **sizes})
    run.check(
        "signal with weights of zero",
        got=float(sizes["zero"].max()),
        expected=0,
        source="0 · x = 0: nothing passes",
        ko="가중치가 0일 때의 신호",
    )
    run.check(
        "different rows of the gradient after equal weights",
        got=_distinct_rows(x),
        expected=1,
        source="by symmetry: neurons that begin alike get the same gradient and stay alike",
        ko="같은 가중치로 시작할 때 서로 다른 기울기 행의 수",
    )
    # With ReLU each layer multiplies by gain / 2, with a relative spread of about √(10 / width).
    blur = 3 * (10 * params.layers / params.width) ** 0.5
    relu = {name: through(x, noise * deviations[name], "relu")[-1] for name in ("Xavier", "He")}
    for name, gain in (("Xavier", 1), ("He", 2)):
        share = float((relu[name] ** 2).mean()) / (gain / 2) ** params.layers
        run.check(
            f"{name} with ReLU: signal over (gain / 2)^layers",
            got=float(np.log(share)),
            expected=0,
            abs=blur,
            source="He et al. 2015, eq. 9: a layer multiplies the mean square by n · variance / 2; logarithm",
            ko=f"{name}, ReLU: (이득 / 2)^층수 대비 신호의 로그",
        )
    run.check(
        "what twice the weights do to one ReLU layer",
        got=float(np.abs(through(x, 2 * noise[:1], "relu")[0] - 2 * through(x, noise[:1], "relu")[0]).max()),
        expected=0,
        abs=1e-9,
        source="closed form: ReLU(2z) = 2 ReLU(z)",
        ko="가중치를 두 배로 할 때 ReLU 층의 변화",
    )


def through(x: np.ndarray, weights: np.ndarray, activation: str) -> list[np.ndarray]:
    """What leaves each layer, (batch, width)."""
    import numpy as np

    out = []
    for w in weights:
        x = x @ w.T
        x = np.maximum(x, 0) if activation == "relu" else np.tanh(x)
        out.append(x)
    return out


def _distinct_rows(x: np.ndarray) -> int:
    """How many different gradients eight hidden neurons get that begin with the same weights."""
    import numpy as np

    first = np.full((8, x.shape[1]), 0.1)
    hidden = np.tanh(x @ first.T)  # (batch, 8)
    error = hidden @ np.full(8, 0.1) - x[:, 0]
    gradient = (np.outer(error, np.full(8, 0.1)) * (1 - hidden**2)).T @ x  # (8, width)
    return len(np.unique(gradient.round(9), axis=0))


def _draw(
    run: dllab.Run,
    params: InitialWeightsParams,
    signals: dict[str, list[np.ndarray]],
    sizes: dict[str, np.ndarray],
) -> None:
    import numpy as np

    shown = np.unique(np.linspace(0, params.layers - 1, 5).round().astype(int))
    figure, panels = dllab.new_figure(2, 4, size=(12.4, 6.0), height_ratios=(1.25, 1))
    wide = figure.add_subplot(panels[0, 0].get_gridspec()[0, :])
    for axes in panels[0]:
        axes.remove()
    for side in ("top", "right"):
        wide.spines[side].set_visible(False)
    wide.grid(True, color="#e6e8ec")
    layers = np.arange(1, params.layers + 1)
    for i, name in enumerate(RULES[1:]):
        wide.semilogy(
            layers,
            np.maximum(sizes[name], 1e-40),
            "o-",
            color=dllab.COLOURS[i],
            linewidth=2,
            markersize=4,
            label=name,
        )
        axes = panels[1, i]
        reach = float(np.quantile(np.abs(signals["He"][0]), 0.995))
        for k, layer in enumerate(shown):
            counts, edges = np.histogram(
                signals[name][layer][signals[name][layer] != 0], bins=50, range=(-reach, reach)
            )
            axes.fill_between(
                (edges[1:] + edges[:-1]) / 2,
                k,
                k + 0.95 * counts / max(int(counts.max()), 1),
                color=dllab.COLOURS[i],
                alpha=0.75,
                linewidth=0,
            )
        axes.set_yticks(range(len(shown)), [str(layer + 1) for layer in shown])
        axes.set_title(name, loc="left")
        axes.set_ylabel(run.words("layer", "층") if i == 0 else "")
    wide.set(
        xlabel=run.words("layer", "층"), ylabel=run.words("mean square of the signal", "신호의 제곱 평균")
    )
    wide.set_title(
        run.words(
            f"A signal through {params.layers} layers of {params.activation}",
            f"{params.activation} {params.layers}층을 지나는 신호",
        ),
        loc="left",
    )
    wide.legend(loc="lower left", ncols=4)
    run.save_figure("signal.png", figure)
