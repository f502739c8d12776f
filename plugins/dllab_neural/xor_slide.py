"""The slide's weights for XOR, worked out with the logistic function and with a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
WANTED = (0, 1, 1, 0)
W1, B1 = ((-2.0, 2.0), (-2.0, 2.0)), (3.0, -1.0)  # w11 w12 / w21 w22, as the slide writes them
W2, B2 = (1.0, 1.0), -1.0
REPAIRED_B2 = -1.5


class XorSlideParams(dllab.Params):
    scale: float = dllab.param(20.0, gt=0, le=1000, help="all weights and biases times this, in the last map")
    last_bias: float = dllab.param(REPAIRED_B2, ge=-10, le=10, help="the last bias, in the last map")


@dllab.experiment(
    "xor-slide",
    topic="course/neural",
    lectures=("2@4460:다층 퍼셉트론 설계", "2@4580:XOR 문제 해결"),
    about=ABOUT["xor-slide"],
    tiny={},
    ko={
        "scale": "마지막 그림에서 모든 가중치와 편향에 곱하는 수",
        "last_bias": "마지막 그림에서 쓸 출력 편향",
    },
)
def xor_slide(run: dllab.Run, params: XorSlideParams) -> None:
    """n = σ(x W1 + B1), y = σ(n W2 + B2), on the four corners, in three ways."""
    import numpy as np

    corners = np.array(CORNERS)
    ways = {
        "slide": (sigmoid, 1.0, B2),
        "step": (step, 1.0, B2),
        "repaired": (sigmoid, params.scale, params.last_bias),
    }
    tables = {}
    for name, (activation, scale, bias) in ways.items():
        hidden, out = network(corners, activation, scale, bias)
        tables[name] = np.column_stack([hidden, out])
        run.log(len(tables), largest_error=float(np.abs(out - WANTED).max()))
    run.save_table(
        "table.csv",
        [
            {"way": name, "x1": x[0], "x2": x[1], "n1": n1, "n2": n2, "y": y, "wanted": wanted}
            for name, table in tables.items()
            for x, (n1, n2, y), wanted in zip(CORNERS, table, WANTED, strict=True)
        ],
    )
    _draw(run, ways, tables)
    run.check(
        "rows that a step gets wrong",
        got=int((tables["step"][:, 2] != WANTED).sum()),
        expected=0,
        source="the slide's table: 0 1 1 0",
        ko="계단 함수가 틀린 행 수",
    )
    for row, known in ((0, 0.555), (1, 0.614), (2, 0.614), (3, 0.555)):
        run.check(
            f"y of ({CORNERS[row][0]:.0f}, {CORNERS[row][1]:.0f}) with the logistic function",
            got=float(tables["slide"][row, 2]),
            expected=known,
            abs=5e-4,
            source="by hand: σ(σ(3) + σ(-1) - 1) = σ(0.2215), σ(2σ(1) - 1) = σ(0.4621); the slide: ≈ 0, ≈ 1",
            ko=f"로지스틱 함수로 구한 ({CORNERS[row][0]:.0f}, {CORNERS[row][1]:.0f})의 y",
        )
    only_scaled = network(corners, sigmoid, 20.0, B2)[1]
    run.check(
        "y of (0, 0) with all weights times 20",
        got=float(only_scaled[0]),
        expected=0.5,
        abs=1e-6,
        source="closed form: the second layer's sum is 20 (1 + 0 - 1) = 0, and σ(0) = 1/2",
        ko="모든 가중치가 20배일 때 (0, 0)의 y",
    )
    mended = network(corners, sigmoid, 20.0, REPAIRED_B2)[1]
    run.check(
        "largest error with times 20 and a last bias of -1.5",
        got=float(np.abs(mended - WANTED).max()),
        at_most=1e-3,
        source="closed form: sums of about -10 and +10, and σ(-10) = 4.5e-5",
        ko="20배와 출력 편향 -1.5일 때의 최대 오차",
    )


def sigmoid(z: np.ndarray) -> np.ndarray:
    """The logistic function, by tanh so that nothing overflows."""
    import numpy as np

    return (1 + np.tanh(z / 2)) / 2


def step(z: np.ndarray) -> np.ndarray:
    """1 above zero, else 0."""
    return (z > 0) * 1.0


def network(
    x: np.ndarray, activation: Callable[[np.ndarray], np.ndarray], scale: float, last_bias: float
) -> tuple[np.ndarray, np.ndarray]:
    """The two hidden values (n, 2) and the output (n,) of the slide's network."""
    import numpy as np

    hidden = activation(scale * (x @ np.array(W1) + np.array(B1)))
    return hidden, activation(scale * (hidden @ np.array(W2) + last_bias))


def _draw(run: dllab.Run, ways: dict, tables: dict[str, np.ndarray]) -> None:
    import numpy as np

    from dllab_neural.drawing import INK, field

    titles = {
        "slide": run.words("The slide's weights with σ", "슬라이드의 가중치와 σ"),
        "step": run.words("The same with a step", "같은 가중치와 계단 함수"),
        "repaired": run.words("Weights × {:g}, last bias {:g}", "가중치 × {:g}, 출력 편향 {:g}").format(
            *ways["repaired"][1:]
        ),
    }
    figure, panels = dllab.new_figure(2, 3, size=(11.4, 6.3), height_ratios=(2.3, 1))
    span = (-0.4, 1.4)
    for (top, below), (name, (activation, scale, bias)) in zip(panels.T, ways.items(), strict=True):
        field(top, lambda at, way=(activation, scale, bias): network(at, *way)[1], span, span, steps=140)
        for corner, out, wanted in zip(CORNERS, tables[name][:, 2], WANTED, strict=True):
            is_right = abs(out - wanted) < 0.4
            top.scatter(
                *corner, s=900, color="white", edgecolors=INK, linewidths=1 if is_right else 2.4, zorder=3
            )
            top.text(*corner, f"{out:.2f}", ha="center", va="center", fontsize=9, zorder=4, color=INK)
        top.set(xticks=[0, 1], yticks=[0, 1], xlabel="x1", ylabel="x2", aspect="equal")
        top.set_title(titles[name], loc="left")
        below.set_axis_off()
        cells = [
            [f"{x[0]:.0f} {x[1]:.0f}", *(f"{v:.3f}" for v in row), str(w)]
            for x, row, w in zip(CORNERS, tables[name], WANTED, strict=True)
        ]
        heads = ["x1 x2", "n1", "n2", "y", run.words("wanted", "원하는 값")]
        table = below.table(cells, colLabels=heads, loc="center", cellLoc="center", edges="horizontal")
        table.auto_set_font_size(False)
        table.set_fontsize(9)
        table.scale(1, 1.25)
        for row, (out, wanted) in enumerate(zip(tables[name][:, 2], WANTED, strict=True), 1):
            if np.abs(out - wanted) >= 0.4:
                table[row, 3].set_text_props(weight="bold", color="#b3261e")
    run.save_figure("xor.png", figure)
