"""The slide's tensor of stock prices, (100, 390, 3): its slices, its windows, and what a network returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

PRICES = ("price", "high", "low")


class SequenceShapesParams(dllab.Params):
    days: int = dllab.param(100, ge=2, le=1000, help="days: the samples")
    minutes: int = dllab.param(390, ge=8, le=1440, help="minutes of a day: the steps in time")
    window: int = dllab.param(30, ge=2, le=1440, help="minutes that a window has")
    hidden: int = dllab.param(16, ge=1, le=256, help="neurons of the recurrent layers")


@dllab.experiment(
    "sequence-shapes",
    topic="course/neural",
    lectures=(
        "2@2480:의 데이터가 100개",
        "2@2500:390분 동안의 주식가격, 최대가격, 최소가격",
    ),
    about=ABOUT["sequence-shapes"],
    tiny={"hidden": 2},
    ko={
        "days": "날 수 (표본)",
        "minutes": "하루의 분 수 (시간 축)",
        "window": "윈도 하나의 분 수",
        "hidden": "순환층의 뉴런 수",
    },
)
def sequence_shapes(run: dllab.Run, params: SequenceShapesParams) -> None:
    """Prices are made up; every shape and every count is checked against sums by hand."""
    import numpy as np

    if params.window > params.minutes:
        raise dllab.UsageError(
            f"--window {params.window} is longer than a day; --minutes has {params.minutes}"
        )
    market = prices(run.rng, params.days, params.minutes)  # (days, minutes, 3)
    cut = windows(market, params.window)  # (days, minutes - window + 1, window, 3)
    returned = _returned(run, market, params.hidden)
    run.message(run.words("the prices are made up", "가격은 가상의 값입니다"))
    run.log(0, numbers=market.size, windows=cut.shape[0] * cut.shape[1])
    _draw(run, params, market)
    run.save_table(
        "day_1.csv",
        {"minute": range(params.minutes)} | {name: market[0, :, k] for k, name in enumerate(PRICES)},
    )
    run.save_json(
        "shapes.json",
        {
            "tensor": market.shape,
            "one day": market[0].shape,
            "one minute of each day": market[:, 0].shape,
            "one price": market[:, :, 0].shape,
            "one minute of one day": market[0, 0].shape,
            "windows": cut.shape,
            "input_shape": [None, *market.shape[1:]],
            **returned["shapes"],
        },
    )
    _check_slide(run)
    _check_windows(run, params, market, cut)
    h = params.hidden
    for kind, gates in (("RNN", 1), ("LSTM", 4)):
        run.check(
            f"weights and biases of the {kind}",
            got=returned["counts"][kind],
            expected=gates * h * (3 + h + 2),
            source=f"by hand: {gates} · {h} · (3 inputs + {h} back + 2 biases, as torch has them)",
            ko=f"{kind}의 가중치와 편향의 수",
        )
    run.check(
        "last of all outputs against the state at the end, largest difference",
        got=returned["difference"],
        expected=0,
        source="by definition: the state at the end is the output of the last minute",
        ko="마지막 출력과 끝 상태의 최대 차이",
    )
    high, low = market[..., 1], market[..., 2]
    run.check(
        "minutes whose price is outside lowest and highest",
        got=int(((market[..., 0] > high) | (market[..., 0] < low)).sum()),
        expected=0,
        source="by construction: what highest and lowest mean",
        ko="가격이 최저와 최고를 벗어난 분의 수",
    )
    run.check(
        "rows of a day that reshape tears apart",
        got=int((np.reshape(market, (params.minutes, params.days, 3))[:, 0] != market[0]).any(axis=1).sum()),
        at_least=1,
        source="reshape to (390, 100, 3) keeps the order in memory; it doesn't swap axes as transpose does",
        ko="reshape가 흩뜨리는 하루의 행 수",
    )
    run.check(
        "minutes of the first day that transpose moves wrongly",
        got=int((market.transpose(1, 0, 2)[:, 0] != market[0]).sum()),
        expected=0,
        source="by definition: transpose(1, 0, 2)[minute, day] is [day, minute]",
        ko="transpose가 잘못 옮긴 첫날의 분의 수",
    )


def prices(rng: np.random.Generator, days: int, minutes: int) -> np.ndarray:
    """A made-up market (days, minutes, 3): the price at each minute's end, its highest, its lowest so far.

    A random walk in the logarithm, of 0.05 % a minute; a day begins where the last one ended.
    """
    import numpy as np

    walk = np.cumsum(rng.normal(0, 5e-4, size=days * minutes)).reshape(days, minutes)
    price = 100 * np.exp(walk)
    return np.stack(
        [price, np.maximum.accumulate(price, axis=1), np.minimum.accumulate(price, axis=1)], axis=-1
    )


def windows(market: np.ndarray, length: int) -> np.ndarray:
    """All runs of that many minutes in each day: (days, minutes - length + 1, length, 3)."""
    import numpy as np

    return np.lib.stride_tricks.sliding_window_view(market, length, axis=1).swapaxes(2, 3)


def _returned(run: dllab.Run, market: np.ndarray, hidden: int) -> dict:
    """What an RNN and an LSTM of torch return for the first days, in shapes, and how large they are."""
    import torch

    few = torch.from_numpy(market[:2].astype("float32"))
    generator, shapes, counts, difference = run.torch_generator("weights"), {}, {}, 0.0
    for kind, layer in (("RNN", torch.nn.RNN), ("LSTM", torch.nn.LSTM)):
        net = layer(3, hidden, batch_first=True)
        for weights in net.parameters():
            torch.nn.init.normal_(weights, std=0.1, generator=generator)
        with torch.no_grad():
            out, state = net(few)
        last = state[0] if kind == "LSTM" else state
        difference = max(difference, float((out[:, -1] - last[0]).abs().max()))
        shapes[f"{kind}: all outputs"] = [len(market), *out.shape[1:]]
        shapes[f"{kind}: last output"] = [len(market), *out[:, -1].shape[1:]]
        counts[kind] = sum(p.numel() for p in net.parameters())
    return {"shapes": shapes, "counts": counts, "difference": difference}


def _check_slide(run: dllab.Run) -> None:
    import numpy as np

    slide = np.zeros((100, 390, 3))
    for words, korean, part, expected in (
        ("the tensor", "텐서 전체", slide, 117_000),
        ("one day", "하루", slide[0], 1170),
        ("one minute of one day", "하루의 1분", slide[0, 0], 3),
        ("all prices at one minute", "한 분의 모든 가격", slide[:, 0, 0], 100),
    ):
        run.check(
            f"numbers in the slide's tensor, {words}",
            got=part.size,
            expected=expected,
            source="by hand: 100 · 390 · 3 = 117,000; a day 390 · 3 = 1,170",
            ko=f"슬라이드의 텐서에 든 수의 개수, {korean}",
        )
    run.check(
        "axes of the slide's tensor",
        got=slide.ndim,
        expected=3,
        source="the slide: a 3D tensor (samples, steps in time, features)",
        ko="슬라이드의 텐서의 축 수",
    )


def _check_windows(run: dllab.Run, params: SequenceShapesParams, market: np.ndarray, cut: np.ndarray) -> None:
    import numpy as np

    starts = params.minutes - params.window + 1
    run.check(
        "windows in a day",
        got=cut.shape[1],
        expected=starts,
        source=f"by hand: {params.minutes} - {params.window} + 1 starts",
        ko="하루의 윈도 수",
    )
    loops = [market[0, start : start + params.window] for start in range(starts)]
    run.check(
        "windows of the first day against plain slices, largest difference",
        got=float(np.abs(cut[0] - np.array(loops)).max()),
        expected=0,
        source="brute force: one slice for each start",
        ko="첫날의 윈도와 단순 슬라이스의 최대 차이",
    )


def _draw(run: dllab.Run, params: SequenceShapesParams, market: np.ndarray) -> None:
    """The tensor as sheets of paper, and three ways to fix an axis."""
    import numpy as np

    d, m = params.days, params.minutes
    figure, panels = dllab.new_figure(2, 2, size=(11.4, 8.2))
    sheets, day, minute, one = panels.flat
    _sheets(run, sheets, market)
    sheets.set_title(run.words(f"The tensor: ({d}, {m}, 3)", f"텐서 전체: ({d}, {m}, 3)"), loc="left")
    names = (run.words("price", "가격"), run.words("highest", "최고"), run.words("lowest", "최저"))
    for k, style in ((1, "--"), (2, "--"), (0, "-")):
        day.plot(market[0, :, k], style, color=dllab.COLOURS[k], linewidth=1.6, label=names[k])
    day.axvspan(m // 3, m // 3 + params.window - 1, color="#c3cad6", alpha=0.45, linewidth=0)
    day.text(
        m // 3 + params.window / 2,
        0.03,
        run.words(f"window ({params.window}, 3)", f"윈도 ({params.window}, 3)"),
        transform=day.get_xaxis_transform(),
        ha="center",
        fontsize=8.5,
    )
    low, high = day.get_ylim()
    day.set_ylim(low - 0.14 * (high - low), high)
    day.legend(loc="best")
    day.set(xlabel=run.words("minute", "분"), ylabel=run.words("price", "가격"))
    day.set_title(run.words(f"One day: x[0] is ({m}, 3)", f"하루: x[0]은 ({m}, 3)"), loc="left")
    minute.plot(np.arange(1, d + 1), market[:, 0, 0], "o-", markersize=3, linewidth=1.2)
    minute.set(xlabel=run.words("day", "날"), ylabel=run.words("price", "가격"))
    minute.set_title(
        run.words(f"One minute, one price: x[:, 0, 0] is ({d},)", f"한 분의 한 값: x[:, 0, 0]은 ({d},)"),
        loc="left",
    )
    image = one.imshow(market[:, :, 0], aspect="auto", cmap="viridis", interpolation="nearest")
    figure.colorbar(image, ax=one, label=run.words("price", "가격"))
    one.grid(False)
    one.set(xlabel=run.words("minute", "분"), ylabel=run.words("day", "날"))
    one.set_title(
        run.words(f"One price: x[:, :, 0] is ({d}, {m})", f"한 가지 값: x[:, :, 0]은 ({d}, {m})"), loc="left"
    )
    run.save_figure("shapes.png", figure)


def _sheets(run: dllab.Run, axes: Axes, market: np.ndarray) -> None:
    """A stack of sheets, one for each day, of minutes by three prices; each column drawn as its own line."""
    import numpy as np

    from dllab_neural.drawing import INK, MUTED, empty, pale

    empty(axes, (-0.22, 2.05), (-0.25, 1.62))
    shown = min(len(market), 6)
    for k in range(shown)[::-1]:
        x, y = 0.17 * k, 0.11 * k
        axes.fill(
            [x, x + 0.85, x + 0.85, x],
            [y, y, y + 0.95, y + 0.95],
            color="white",
            ec=MUTED,
            lw=1,
            zorder=20 - k,
        )
        if k == 0:
            steps = np.linspace(0, 0.95, market.shape[1])
            for column in range(3):
                left = x + 0.85 * column / 3
                axes.fill(
                    [left + 0.01, left + 0.27, left + 0.27, left + 0.01],
                    [0.01, 0.01, 0.94, 0.94],
                    color=pale(dllab.COLOURS[column], 0.14),
                    zorder=21,
                )
                values = market[0, :, column]
                width = 0.2 * (values - market[0].min()) / max(float(np.ptp(market[0])), 1e-9)
                axes.plot(
                    left + 0.04 + width, 0.95 - steps, color=dllab.COLOURS[column], linewidth=1.1, zorder=22
                )
    d, m = market.shape[:2]
    axes.text(
        -0.05, 0.47, run.words(f"{m} minutes", f"{m}분"), rotation=90, va="center", ha="right", color=INK
    )
    axes.text(
        0.42,
        -0.05,
        run.words("3: price, highest, lowest", "3: 가격, 최고, 최저"),
        va="top",
        ha="center",
        color=INK,
    )
    axes.text(1.5, 0.16, run.words(f"{d} days", f"{d}일"), color=INK)
    axes.annotate(
        "",
        (0.17 * shown + 0.86, 0.11 * shown - 0.02),
        (0.98, -0.02),
        arrowprops={"arrowstyle": "->", "color": MUTED},
    )
