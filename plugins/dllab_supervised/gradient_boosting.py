"""Gradient boosting: each small tree learns what the ones before it have left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen, folds_for
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np


class GradientBoostingParams(OwnTable):
    stages: int = dllab.param(60, ge=2, le=500, help="small trees that come one after another")
    learning_rate: float = dllab.param(0.3, gt=0, le=1, help="share of each tree's answer that is added")
    points: int = dllab.param(80, ge=20, le=1000, help="points of the curve")
    noise: float = dllab.param(0.15, ge=0, le=1, help="standard deviation of what blurs the curve")


@dllab.experiment(
    "gradient-boosting",
    topic="course/supervised",
    lectures=(
        "3@1901:그래디언트 부스팅 머신(gradient boosting machine)",
        "3@2101:그래디언트 부스팅 머신과 딥러닝의 두 가지 접근 방법",
    ),
    about=ABOUT["gradient-boosting"],
    tiny={"stages": 8, "points": 40},
    ko={
        **OWN_TABLE_KO,
        "stages": "차례로 더할 작은 나무의 수",
        "learning_rate": "나무마다 답을 더하는 비율",
        "points": "곡선의 점 개수",
        "noise": "곡선을 흐리는 잡음의 표준편차",
    },
)
def gradient_boosting(run: dllab.Run, params: GradientBoostingParams) -> None:
    """Source: Friedman 2001. Every stump is found again by brute force, stage by stage."""
    import numpy as np
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
    from sklearn.model_selection import cross_val_score

    x = np.sort(run.rng.random(params.points)) * 10
    y = np.sin(x) + 0.1 * x + params.noise * run.rng.normal(size=len(x))
    model = GradientBoostingRegressor(
        n_estimators=params.stages,
        learning_rate=params.learning_rate,
        max_depth=1,
        random_state=0,
    ).fit(x[:, None], y)
    stages = np.stack(list(model.staged_predict(x[:, None])))  # (stages, n)
    losses = [float(((y - now) ** 2).mean()) for now in stages]
    for number, loss in enumerate(losses, 1):
        run.log(number, mse=loss)
    by_hand = boost(x, y, params.stages, params.learning_rate)
    _draw(run, x, y, stages, losses)
    run.save_table("stages.csv", {"stage": range(1, len(losses) + 1), "mse": losses})
    run.save_json(
        "stumps.json",
        {
            "start": float(y.mean()),
            "learning_rate": params.learning_rate,
            "stumps": [
                {
                    "at_most": tree.tree_.threshold[0],
                    "yes": tree.tree_.value[tree.tree_.children_left[0], 0, 0],
                    "no": tree.tree_.value[tree.tree_.children_right[0], 0, 0],
                }
                for tree in model.estimators_[:, 0]
            ],
        },
    )

    run.check(
        "difference from the stumps found by brute force",
        ko="전수 탐색으로 찾은 질문 하나짜리 나무와의 차이",
        got=float(np.abs(by_hand - stages).max()),
        at_most=1e-6,
        source="Friedman 2001, algorithm 2 with squares: the best cut of the residuals, of all cuts",
    )
    rises = int((np.diff([float(((y - y.mean()) ** 2).mean()), *losses]) > 1e-12).sum())
    run.check(
        "stages at which the training error rises",
        ko="훈련 오차가 늘어난 단계 수",
        got=rises,
        expected=0,
        source="each stump takes means of residuals, so a step of at most 1 cannot raise the squares",
    )
    table = chosen(run, params, "breast_cancer")
    trees = GradientBoostingClassifier(
        n_estimators=min(params.stages, 60), max_depth=2, max_features="sqrt", random_state=0
    )
    accuracy = float(cross_val_score(trees, table.X, table.y, cv=folds_for(table.y, 3, table.name)).mean())
    largest = float(np.bincount(table.y).max() / len(table.y))
    run.log(params.stages, accuracy=accuracy)
    if params.data is None:
        run.check(
            "accuracy on held-out tumours",
            ko="빼놓은 종양의 정확도",
            got=accuracy,
            at_least=largest + 0.2,
            source=f"{largest:.3f} is the share of the largest class; Friedman's trees leave it far behind",
        )
    else:
        run.message(
            run.words(
                f"'{table.name}': accuracy {accuracy:.3f}; always the largest class: {largest:.3f}",
                f"'{table.name}': 정확도 {accuracy:.3f}; 늘 가장 큰 클래스: {largest:.3f}",
            )
        )


def boost(x: np.ndarray, y: np.ndarray, stages: int, learning_rate: float) -> np.ndarray:
    """The same, by asking every cut: predictions (stages, n) on sorted x (n,) for y (n,)."""
    import numpy as np

    now = np.full(len(y), y.mean())
    cuts = np.flatnonzero(np.diff(x) > 0) + 1  # how many points lie to the left
    predictions = []
    for _ in range(stages):
        residual = y - now
        sums = np.cumsum(residual)[cuts - 1]
        gain = sums**2 / cuts + (residual.sum() - sums) ** 2 / (len(y) - cuts)  # what the squares fall by
        n_left = cuts[int(gain.argmax())]
        step = np.where(np.arange(len(y)) < n_left, residual[:n_left].mean(), residual[n_left:].mean())
        now = now + learning_rate * step
        predictions.append(now)
    return np.stack(predictions)


def _draw(run: dllab.Run, x: np.ndarray, y: np.ndarray, stages: np.ndarray, losses: list[float]) -> None:
    """A film strip: the sum of the trees above, what is left over below."""
    from dllab_supervised.drawing import INK

    shown = sorted({0, 1, min(4, len(stages) - 1), min(14, len(stages) - 1), len(stages) - 1})
    figure, axes = dllab.new_figure(
        2,
        len(shown),
        size=(2.9 * len(shown), 5),
        sharex=True,
        sharey="row",
        height_ratios=(1.5, 1),
        squeeze=False,
    )
    for column, stage in enumerate(shown):
        above, below = axes[:, column]
        above.scatter(x, y, s=9, color="#9aa3af")
        above.step(x, stages[stage], color=dllab.COLOURS[0], linewidth=1.8, where="mid")
        above.set_title(
            run.words(f"{stage + 1} tree" + "s" * (stage > 0), f"나무 {stage + 1}그루"), loc="left"
        )
        left = y - stages[stage]
        below.vlines(x, 0, left, color=dllab.COLOURS[1], linewidth=1.2)
        below.axhline(0, color=INK, linewidth=0.8)
        below.text(0.03, 0.04, f"MSE {losses[stage]:.3f}", transform=below.transAxes, fontsize=9)
        below.set_xlabel("x")
    axes[0, 0].set_ylabel(run.words("sum of the trees", "나무들의 합"))
    axes[1, 0].set_ylabel(run.words("left over", "남은 오차"))
    run.save_figure("boosting.png", figure)
