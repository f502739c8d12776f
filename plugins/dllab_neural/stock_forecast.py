"""Tomorrow's price: an LSTM, a straight line, and the forecast that every other has to beat."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import dllab
from dllab_neural.price_table import read_prices
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

DAYS = 750  # of the made-up series, about three years
DAILY = 0.015  # standard deviation of a made-up day's change, as a share of the price
TEST = 0.2  # the last days, which no method sees before
FEWEST_DAYS = 60
NAIVE = "as today"
KOREAN = {NAIVE: "오늘과 같다", "mean of 5 days": "5일 평균", "straight line": "선형 회귀", "LSTM": "LSTM"}
WAVE_DAYS, WAVE_HEIGHT, WAVE_NOISE = 25, 10.0, 1.0  # the control's period, amplitude and noise
INK, MUTED = "#22262e", "#9aa3b0"


class Forecasts(NamedTuple):
    """The prices of the test days (n,), and what each method said the evening before."""

    truth: np.ndarray
    said: dict[str, np.ndarray]

    def errors(self) -> dict[str, float]:
        """The root of the mean squared error of each method, in the prices' own unit."""
        return {who: float(((one - self.truth) ** 2).mean() ** 0.5) for who, one in self.said.items()}


def key(who: str) -> str:
    """A method's name as a name of a metric or a column."""
    return who.replace(" ", "_")


class StockForecastParams(dllab.Params):
    data: dllab.Input | None = dllab.input(
        "table", default=None, help="CSV of prices, one row a day, oldest first; none makes some up"
    )
    target: str = dllab.param("", help="column of prices to forecast; the last one where none is named")
    window: int = dllab.param(10, ge=2, le=60, unit="days", help="days that a forecast looks back")
    hidden: int = dllab.param(12, ge=1, le=128, help="neurons of the LSTM")
    epochs: int = dllab.param(40, ge=1, le=1000, help="passes over the days to learn")


@dllab.experiment(
    "stock-forecast",
    topic="course/neural",
    lectures=(
        "0@4390:시계열 데이터를 분류할 때 사용되는 것이 순환 신경망",
        "0@4460:구글과 아마존 주식에 대한 시계열 데이터 사례",
    ),
    about=ABOUT["stock-forecast"],
    tiny={"hidden": 2, "epochs": 1},
    ko={
        "data": "하루 한 줄, 오래된 날부터의 주가 CSV (없으면 가상의 주가)",
        "target": "예측할 가격의 열 (없으면 마지막 열)",
        "window": "예측이 돌아보는 날 수",
        "hidden": "LSTM의 뉴런 수",
        "epochs": "학습 횟수",
    },
)
def stock_forecast(run: dllab.Run, params: StockForecastParams) -> None:
    """The days stay in their order: the first 80 % to learn, the rest to test."""
    name, prices = _prices(run, params)
    wave = noisy_wave(run.rng, DAYS)
    market = _forecasts(run, prices, params, "prices")
    control = _forecasts(run, wave, params, "wave")
    errors = market.errors()
    run.log(0, **{key(who): error for who, error in errors.items()})
    run.log(1, **{key(who): error for who, error in control.errors().items()})
    best = min(errors, key=lambda who: errors[who])
    gain = better(errors)
    run.message(
        run.words(
            f"{name}: the LSTM is wrong by {errors['LSTM']:.3g}, 'as today' by {errors[NAIVE]:.3g} "
            f"({gain:+.1%}); best: {best}",
            f"{name}: LSTM의 오차 {errors['LSTM']:.3g}, '오늘과 같다'의 오차 {errors[NAIVE]:.3g} "
            f"({gain:+.1%}); 최고: {KOREAN[best]}",
        )
    )
    _draw(run, name, market, control)
    first = len(prices) - len(market.truth) + 1
    run.save_table(
        "forecasts.csv",
        {"day": range(first, len(prices) + 1), "price": market.truth}
        | {key(who): one for who, one in market.said.items()},
    )
    run.save_json("errors.json", {"prices": name, "rmse": errors, "rmse_of_the_wave": control.errors()})
    _check_errors(run, params, prices, market)
    _check_wave(run, params, control)


def _prices(run: dllab.Run, params: StockForecastParams) -> tuple[str, np.ndarray]:
    """A name and the prices (days,), the user's or made up."""
    import numpy as np

    if params.data is None:
        run.message(
            run.words(
                "these prices are made up: a random walk; --data FILE.csv takes real ones",
                "가상의 주가(무작위 걸음)입니다. 실제 주가는 --data 파일.csv",
            )
        )
        return run.words("made-up prices", "가상의 주가"), random_walk(run.rng, DAYS)
    column, prices, left_out = read_prices(params.data, params.target)
    if left_out:
        run.message(
            run.words(
                f"{left_out} rows without a price are left out", f"값이 없는 줄 {left_out}개를 뺐습니다"
            )
        )
    least = FEWEST_DAYS + params.window
    if len(prices) < least:
        raise dllab.InputError(
            f"{params.data.name!r} has {len(prices)} prices; --window {params.window} needs {least} or more"
        )
    cut = round(len(prices) * (1 - TEST))
    if 0 in (float(np.ptp(prices[:cut])), float(np.ptp(prices[cut:]))):
        raise dllab.InputError(
            f"{params.data.name!r}: column {column!r} stays the same for long; choose another by --target"
        )
    return f"{params.data.name}: {column}", prices


def random_walk(rng: np.random.Generator, days: int) -> np.ndarray:
    """Made-up prices (days,) from 100 on: each day's change is drawn, whatever was before."""
    import numpy as np

    return 100 * np.exp(np.cumsum(rng.normal(0, DAILY, size=days)))


def noisy_wave(rng: np.random.Generator, days: int) -> np.ndarray:
    """A series (days,) with a pattern: a wave of 25 days around 100, and noise."""
    import numpy as np

    wave = WAVE_HEIGHT * np.sin(2 * np.pi * np.arange(days) / WAVE_DAYS)
    return 100 + wave + rng.normal(0, WAVE_NOISE, size=days)


def _forecasts(run: dllab.Run, series: np.ndarray, params: StockForecastParams, label: str) -> Forecasts:
    """Learn from the first days and forecast each of the last.

    The LSTM and the straight line get the days before less today's price, and learn tomorrow's change; both
    in sizes of a usual change. So a price that climbs beyond what was learned from is nothing new to them.
    """
    import numpy as np

    cut = round(len(series) * (1 - TEST))
    learn = cut - params.window
    days = np.lib.stride_tricks.sliding_window_view(series, params.window)[:-1]  # (n, window), today last
    today = days[:, -1]
    change = series[params.window :] - today  # (n,)
    usual = float((change[:learn] ** 2).mean() ** 0.5) or 1.0  # by the days to learn only
    X, y = (days[:, :-1] - today[:, None]) / usual, change / usual
    said = {
        NAIVE: today[learn:],
        "mean of 5 days": days[learn:, -5:].mean(axis=1),
        "straight line": today[learn:] + usual * straight(X[:learn], y[:learn], X[learn:]),
        "LSTM": today[learn:] + usual * _lstm(run, X[:learn], y[:learn], X[learn:], params, label),
    }
    return Forecasts(series[cut:], said)


def better(errors: dict[str, float]) -> float:
    """The share of the error of 'as today' that the LSTM does without; below 0 where it is worse."""
    return 1 - errors["LSTM"] / errors[NAIVE] if errors[NAIVE] else -math.inf


def straight(X: np.ndarray, y: np.ndarray, new: np.ndarray) -> np.ndarray:
    """What the straight line of least squares through the days to learn says of new ones."""
    import numpy as np

    weights = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=1e-9)[0]
    return np.column_stack([new, np.ones(len(new))]) @ weights


def _lstm(
    run: dllab.Run, X: np.ndarray, y: np.ndarray, new: np.ndarray, params: StockForecastParams, label: str
) -> np.ndarray:
    """Train an LSTM on the windows (n, window - 1) and say the change after the new ones, (m,)."""
    import torch

    from dllab_neural.sequences import Reader

    net = Reader("LSTM", 1, params.hidden, run.torch_generator(f"weights {label}"))
    order = run.torch_generator(f"order {label}")
    inputs, wanted = (
        torch.from_numpy(X.astype("float32").copy())[..., None],
        torch.from_numpy(y.astype("float32")),
    )
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01, fused=True)
    for _ in run.progress(range(params.epochs), label=f"LSTM, {label}"):
        for batch in torch.randperm(len(wanted), generator=order).split(64):
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(net(inputs[batch]), wanted[batch]).backward()
            optimiser.step()
    if label == "prices":
        run.save_model("lstm.safetensors", net.state_dict(), {"window": str(params.window)})
    return net.predict(torch.from_numpy(new.astype("float32").copy())[..., None]).numpy().astype("float64")


def _check_errors(run: dllab.Run, params: StockForecastParams, prices: np.ndarray, market: Forecasts) -> None:
    import numpy as np

    truth, said = market.truth, market.said
    before = [prices[day - 1] for day in range(len(prices) - len(truth), len(prices))]
    changes = sum((a - b) ** 2 for a, b in zip(truth, before, strict=True)) / len(truth)
    run.check(
        "error of 'as today'",
        got=market.errors()[NAIVE],
        expected=float(changes**0.5),
        rel=1e-9,
        source="by hand: the root of the mean squared change from one day to the next",
        ko="'오늘과 같다'의 오차",
    )
    run.check(
        "days that learn and days that test, together",
        got=round(len(prices) * (1 - TEST)) + len(truth),
        expected=len(prices),
        source="by construction: the last fifth tests and is never learned from",
        ko="학습하는 날 수와 시험하는 날 수의 합",
    )
    if params.data is not None:
        return
    share = float(np.sqrt(np.exp(2 * DAILY**2) - 2 * np.exp(DAILY**2 / 2) + 1))
    run.check(
        "error of 'as today' on a random walk, over the prices",
        got=float(np.sqrt(np.mean((truth / np.array(before) - 1) ** 2))),
        expected=share,
        abs=5 * share / (2 * len(truth)) ** 0.5,
        source="closed form of the mean of (exp(0.015 z) - 1)^2, z normal; five standard errors",
        ko="무작위 걸음에서 '오늘과 같다'의 오차, 가격 대비",
    )
    for who in list(said)[1:]:
        more = (said[who] - truth) ** 2 - (said[NAIVE] - truth) ** 2
        run.check(
            f"squared error of {who} beyond 'as today', in standard errors",
            got=float(more.mean() / (more.std() or 1.0) * len(more) ** 0.5),
            at_least=-4,
            source="a random walk's best forecast is its last value; below is luck (Diebold, Mariano 1995)",
            ko=f"'오늘과 같다' 대비 {KOREAN[who]}의 제곱 오차 초과분(표준 오차 단위)",
        )


def _check_wave(run: dllab.Run, params: StockForecastParams, control: Forecasts) -> None:
    import numpy as np

    errors, count = control.errors(), len(control.truth)
    naive = (2 * (WAVE_HEIGHT * np.sin(np.pi / WAVE_DAYS)) ** 2 + 2 * WAVE_NOISE**2) ** 0.5
    run.check(
        "error of 'as today' on the wave",
        got=errors[NAIVE],
        expected=float(naive),
        rel=5 / (2 * count) ** 0.5,
        source="closed form: the mean squared change of a sine, and twice the noise; five standard errors",
        ko="물결에서 '오늘과 같다'의 오차",
    )
    run.check(
        "smallest error on the wave",
        got=min(errors.values()),
        at_least=WAVE_NOISE * (1 - 5 / (2 * count) ** 0.5),
        source="nobody knows tomorrow's noise, of standard deviation 1; five standard errors",
        ko="물결에서의 최소 오차",
    )
    if params.epochs >= 40 and params.hidden >= 12:
        run.check(
            "LSTM's error on the wave over that of 'as today'",
            got=errors["LSTM"] / errors[NAIVE],
            at_most=0.8,
            source="baseline 'as today': where there is a pattern, an LSTM must find it",
            ko="물결에서 LSTM의 오차: '오늘과 같다' 대비",
        )


def _draw(run: dllab.Run, name: str, market: Forecasts, control: Forecasts) -> None:
    """Above the prices, below the wave: all test days, a zoom, and the error of each method."""
    figure, panels = dllab.new_figure(2, 3, size=(13.4, 7.4), width_ratios=(1.5, 1.25, 1))
    titles = (name, run.words("control: a noisy wave", "비교용: 잡음 섞인 물결"))
    for (whole, zoom, bars), forecasts, title in zip(panels, (market, control), titles, strict=True):
        truth, said = forecasts.truth, forecasts.said["LSTM"]
        for axes, days in ((whole, slice(None)), (zoom, slice(0, 25))):
            at = range(1, len(truth) + 1)[days]
            style = {"marker": "o", "markersize": 3.5} if axes is zoom else {}
            axes.plot(at, truth[days], color=INK, linewidth=1.6, label=run.words("price", "실제"), **style)
            axes.plot(at, said[days], color=dllab.COLOURS[1], linewidth=1.6, label="LSTM", **style)
            axes.set(xlabel=run.words("test day", "시험 날"))
        if title == name:
            naive = forecasts.said[NAIVE][:25]
            label = run.words(NAIVE, KOREAN[NAIVE])
            zoom.plot(range(1, len(naive) + 1), naive, ":", color=MUTED, linewidth=1.8, label=label)
        whole.set_title(title, loc="left")
        zoom.set_title(run.words("The first days", "처음 며칠"), loc="left")
        zoom.legend(loc="best")
        _bars(run, bars, forecasts.errors())
    run.save_figure("forecast.png", figure)


def _bars(run: dllab.Run, axes: Axes, errors: dict[str, float]) -> None:
    colours = [MUTED, dllab.COLOURS[5], dllab.COLOURS[2], dllab.COLOURS[1]]
    places = range(len(errors))[::-1]
    axes.barh(places, list(errors.values()), color=colours, height=0.62)
    axes.axvline(errors[NAIVE], color=INK, linestyle=":", linewidth=1.3)
    for place, error in zip(places, errors.values(), strict=True):
        axes.text(error, place, f" {error:.3g}", va="center", fontsize=9, color=INK)
    axes.set_yticks(places, [run.words(who, KOREAN[who]) for who in errors])
    axes.set(xlim=(0, 1.25 * max(errors.values())), xlabel=run.words("error (RMSE)", "오차 (RMSE)"))
    axes.grid(False)
    gain = better(errors)
    axes.set_title(
        run.words(
            f"LSTM: {abs(gain):.0%} {'better' if gain > 0 else 'worse'}",
            f"LSTM: {abs(gain):.0%} {'나음' if gain > 0 else '못함'}",
        ),
        loc="left",
    )
