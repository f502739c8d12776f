"""The slide's three questions: a score from hours of study, a time from a distance, sales from work done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Story:
    """A toy table: y = slope · x + intercept + noise, x uniform between low and high."""

    x: tuple[str, str]
    y: tuple[str, str]
    low: float
    high: float
    slope: float
    intercept: float
    noise: float
    asked: float


STORIES = {
    "score": Story(("hours of study", "공부 시간"), ("score", "점수"), 0.5, 10, 6.5, 28, 6, 7),
    "travel": Story(("distance (km)", "거리 (km)"), ("minutes", "이동 시간 (분)"), 1, 40, 1.8, 9, 5, 25),
    "sales": Story(
        ("visits to customers", "고객 방문 수"),
        ("sales (million won)", "매출 (백만 원)"),
        5,
        60,
        1.4,
        12,
        7,
        45,
    ),
}
WIDE = 2.0  # standard deviations that the drawn band shows on each side


class ScorePredictionParams(OwnTable):
    story: Literal["score", "travel", "sales"] = dllab.param("score", help="which of the slide's questions")
    points: int = dllab.param(40, ge=10, le=2000, help="rows of the toy table")
    at: float | None = dllab.param(None, ge=-1e9, le=1e9, help="x to predict for; the slide asks for 7 hours")


@dllab.experiment(
    "score-prediction",
    topic="course/supervised",
    lectures=(
        "1@171:영어 공부를 7시간 했다면, 몇 점 나올까?",
        "1@191:거리에 따른 이동시간 예측",
        "1@201:업무에 따른 매출 예측",
    ),
    about=ABOUT["score-prediction"],
    tiny={"points": 12},
    ko={
        **OWN_TABLE_KO,
        "story": "슬라이드의 어느 질문인지: 점수, 이동 시간, 매출",
        "points": "장난감 표의 행 수",
        "at": "예측할 x; 슬라이드는 7시간",
    },
)
def score_prediction(run: dllab.Run, params: ScorePredictionParams) -> None:
    """Least squares with its uncertainty. Source: Weisberg, Applied Linear Regression."""
    import numpy as np
    from sklearn.linear_model import LinearRegression

    story = STORIES[params.story]
    table = _table(run, params, story)
    x, y = table.X[:, 0], table.y
    if len(x) < 3 or np.ptp(x) == 0:
        raise dllab.InputError(
            f"'{table.name}': '{table.feature_names[0]}' has one value only; add rows that differ"
        )
    asked = (
        params.at if params.at is not None else story.asked if params.data is None else float(np.median(x))
    )
    model = LinearRegression().fit(x[:, None], y)
    slope, intercept = float(model.coef_[0]), float(model.intercept_)
    answer = slope * asked + intercept
    residual = y - slope * x - intercept
    deviation = float(np.sqrt((residual**2).sum() / (len(x) - 2)))
    spread = float(((x - x.mean()) ** 2).sum())
    _draw(run, table, (slope, intercept, deviation, spread), asked)
    leverage = 1 / len(x) + (x - x.mean()) ** 2 / spread
    left_out = residual / (1 - leverage)  # the error on a row that the line never saw
    run.save_table("predictions.csv", {"x": x, "y": y, "line": y - residual, "error if left out": left_out})
    run.save_json(
        "line.json",
        {
            "x": table.feature_names[0],
            "y": table.target_name,
            "slope": slope,
            "intercept": intercept,
            "asked": asked,
            "answer": answer,
            "deviation": deviation,
        },
    )
    run.log(0, answer=answer, left_out_error=float(np.sqrt((left_out**2).mean())))
    run.message(
        run.words(
            f"{table.feature_names[0]} {asked:g}: {table.target_name} {answer:.1f} (± {deviation:.1f})",
            f"{table.feature_names[0]} {asked:g}: {table.target_name} {answer:.1f} (±{deviation:.1f})",
        )
    )

    again = [
        float(LinearRegression().fit(np.delete(x, i)[:, None], np.delete(y, i)).predict([[x[i]]])[0])
        for i in range(min(len(x), 100))
    ]
    off = float(np.abs(y[: len(again)] - again - left_out[: len(again)]).max())
    run.check(
        "errors on left-out rows against refitting",
        ko="빼놓은 행의 오차와 다시 맞춘 오차의 차이",
        got=off / float(np.abs(y).max()),
        at_most=1e-9,
        source="closed form e / (1 - h), as in Weisberg, against leaving out each row in turn",
    )
    run.check(
        "line at the middle of x",
        ko="x의 평균에서 직선의 값",
        got=slope * float(x.mean()) + intercept,
        expected=float(y.mean()),
        rel=1e-9,
        source="by hand: least squares goes through the means",
    )
    if params.data is None:
        error = story.noise / spread**0.5
        run.check(
            "slope against the one it was made with",
            ko="데이터를 만든 기울기와 견준 기울기",
            got=slope,
            expected=story.slope,
            abs=5 * error,
            source="five standard errors, sigma / sqrt(sum of squares of x), as in Weisberg",
        )


def _table(run: dllab.Run, params: ScorePredictionParams, story: Story) -> dllab.Table:
    """The user's table with its first column of numbers as x, or a toy one made here."""
    import numpy as np

    if params.data is None:
        x = np.round(run.rng.uniform(story.low, story.high, params.points), 1)
        y = np.round(story.slope * x + story.intercept + story.noise * run.rng.normal(size=len(x)), 1)
        run.message(
            run.words(
                "made-up numbers; --data FILE.csv takes your own",
                "지어낸 수입니다. --data 파일.csv로 내 데이터를 쓰세요",
            )
        )
        return dllab.Table("toy", x[:, None], y, (run.words(*story.x),), run.words(*story.y))
    table = dllab.read_table(params.data, params.target, "number", fewest_rows=4)
    notes = list(table.notes)
    if table.X.shape[1] > 1:
        notes.append(
            run.words(
                f"x is '{table.feature_names[0]}', the first column of numbers; `dllab run "
                "multivariate-regression` takes all",
                f"x는 첫 열 '{table.feature_names[0]}'입니다. 모든 열을 쓰려면 "
                "`dllab run multivariate-regression`",
            )
        )
    for note in notes:
        run.message(note)
    return table


def _draw(run: dllab.Run, table: dllab.Table, line: tuple[float, float, float, float], asked: float) -> None:
    """The points, the line, the band where a new point is expected, and the answer."""
    import numpy as np

    from dllab_supervised.drawing import INK, bounds, pale

    slope, intercept, deviation, spread = line
    x, y = table.X[:, 0], table.y
    across = np.linspace(*bounds(np.append(x, asked)), 200)
    band = WIDE * deviation * np.sqrt(1 + 1 / len(x) + (across - x.mean()) ** 2 / spread)
    middle = slope * across + intercept
    answer = slope * asked + intercept
    figure, axes = dllab.new_figure(size=(7, 4.8))
    axes.fill_between(
        across,
        middle - band,
        middle + band,
        color=pale(dllab.COLOURS[0], 0.14),
        label=run.words("where a new point is expected", "새 점이 있을 만한 곳"),
    )
    axes.plot(across, middle, linewidth=2)
    axes.scatter(x, y, s=26, color=dllab.COLOURS[0], edgecolors="white", zorder=3)
    floor = min(0.0, float((middle - band).min())) if y.min() >= 0 else bounds(y)[0]
    axes.plot(
        [asked, asked, across[0]],
        [floor, answer, answer],
        color=INK,
        linestyle=":",
        linewidth=1.2,
    )
    axes.plot(
        asked,
        answer,
        "*",
        color=dllab.COLOURS[1],
        markersize=17,
        markeredgecolor=INK,
        zorder=5,
        label=f"{asked:g}: {answer:.1f}",
    )
    axes.set(xlabel=table.feature_names[0], ylabel=table.target_name, xlim=across[[0, -1]])
    axes.set_ylim(bottom=floor)
    axes.set_title(
        run.words(f"y = {slope:.2f} x + {intercept:.1f}", f"y = {slope:.2f} x + {intercept:.1f}"), loc="left"
    )
    axes.legend(loc="upper left")
    run.save_figure("prediction.png", figure)
