"""Softmax: several scores become probabilities that sum to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, chosen
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch


class SoftmaxParams(OwnTable):
    temperature: float = dllab.param(
        3.0, ge=0.05, le=100, help="the scores are divided by it: high is undecided"
    )
    weight_decay: float = dllab.param(
        1e-3, gt=0, le=10, help="price of large weights, which gives the scores an end"
    )
    steps: int = dllab.param(60, ge=5, le=2000, help="steps of L-BFGS")


@dllab.experiment(
    "softmax",
    topic="course/supervised",
    lectures=(
        "1@2451:Multinomial Classification",
        "1@2521:Softmax Function",
        "1@2581:Cross-entropy 비용 함수",
    ),
    about=ABOUT["softmax"],
    tiny={"steps": 20},
    ko={
        **OWN_TABLE_KO,
        "temperature": "점수를 나누는 온도: 높으면 망설임",
        "weight_decay": "큰 가중치의 벌점; 점수가 끝없이 커지지 않게 함",
        "steps": "L-BFGS 횟수",
    },
)
def softmax(run: dllab.Run, params: SoftmaxParams) -> None:
    """A linear layer and the cross-entropy, in torch with double precision; standardised columns."""
    import numpy as np
    import torch

    table = chosen(run, params, "iris")
    mean, deviation = table.X.mean(axis=0), np.maximum(table.X.std(axis=0), 1e-12)
    X = torch.from_numpy((table.X - mean) / deviation)
    y = torch.from_numpy(table.y)
    layer = _train(run, X, y, len(table.class_names), params)
    scores = layer(X).detach()  # (n, classes)
    probs = soft(scores.numpy())
    accuracy = float((probs.argmax(axis=1) == table.y).mean())
    run.log(params.steps, accuracy=accuracy)
    _draw(run, table, scores.numpy(), params.temperature)
    run.save_table(
        "probabilities.csv", {"class": table.y, **dict(zip(table.class_names, probs.T, strict=True))}
    )
    run.save_model(
        "softmax.safetensors",
        {**layer.state_dict(), "mean": torch.from_numpy(mean), "deviation": torch.from_numpy(deviation)},
        {"features": ", ".join(table.feature_names), "classes": ", ".join(table.class_names)},
    )

    run.check(
        "largest distance of a sum from 1",
        ko="합이 1에서 벗어난 최댓값",
        got=float(np.abs(probs.sum(axis=1) - 1).max()),
        at_most=1e-12,
        source="by definition",
    )
    moved = float(np.abs(soft(scores.numpy() + 1000) - probs).max())
    run.check(
        "change when 1000 is added to all scores",
        ko="모든 점수에 1000을 더했을 때의 변화",
        got=moved,
        at_most=1e-9,
        source="exp(z + c) / sum of exp(z + c): the c cancels",
    )
    own = float(np.abs(torch.softmax(scores, dim=1).numpy() - probs).max())
    run.check(
        "softmax of torch against the formula",
        ko="torch의 소프트맥스와 공식의 차이",
        got=own,
        at_most=1e-12,
        source="exp(z) / sum of exp(z), by hand",
    )
    run.check(
        "gradient of the cross-entropy against differences",
        ko="교차 엔트로피의 기울기와 수치 미분의 차이",
        at_most=1e-6,
        got=_gradient_error(scores[:5].numpy(), table.y[:5]),
        source="d/dz of -log p of the true class is p - y; central differences of step 1e-5",
    )
    two = np.array([[0.7, -1.9], [3.0, 2.5]])
    run.check(
        "two classes against the sigmoid",
        ko="클래스가 둘일 때 시그모이드와의 차이",
        got=float(np.abs(soft(two)[:, 0] - 1 / (1 + np.exp(two[:, 1] - two[:, 0]))).max()),
        at_most=1e-12,
        source="softmax of two scores is the sigmoid of their difference",
    )
    slope = probs - np.eye(len(table.class_names))[table.y]
    at_best = slope.T @ X.numpy() / len(X) + params.weight_decay * layer.weight.detach().numpy()
    if params.steps >= SoftmaxParams.model_fields["steps"].default:
        run.check(
            "slope of the cost at the end",
            ko="학습 끝에서 비용의 기울기",
            got=float(np.abs(at_best).max()),
            at_most=1e-4,
            source="at the least cost the mean of (p - y) x' and the pull of the penalty cancel",
        )


def soft(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """exp(z / T) over its sum, by row (n, classes); less the largest score first, against overflow."""
    import numpy as np

    z = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return z / z.sum(axis=1, keepdims=True)


def _train(
    run: dllab.Run, X: torch.Tensor, y: torch.Tensor, classes: int, params: SoftmaxParams
) -> torch.nn.Linear:
    """The layer of least cross-entropy and penalty, from weights of zero."""
    import torch

    layer = torch.nn.Linear(X.shape[1], classes, dtype=torch.float64)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimiser = torch.optim.LBFGS(
        layer.parameters(), max_iter=5, line_search_fn="strong_wolfe", tolerance_grad=1e-9
    )

    def cost() -> torch.Tensor:
        optimiser.zero_grad()
        penalty = params.weight_decay / 2 * (layer.weight**2).sum()
        loss = torch.nn.functional.cross_entropy(layer(X), y) + penalty
        loss.backward()
        return loss

    for step in run.progress(range(params.steps)):
        run.log(step, cost=float(optimiser.step(cost).detach()))
    return layer


def _gradient_error(scores: np.ndarray, labels: np.ndarray, step: float = 1e-5) -> float:
    """The largest difference between p - y and the slope measured on both sides."""
    import numpy as np

    def cost(z: np.ndarray) -> np.ndarray:  # (n,)
        return -np.log(soft(z)[np.arange(len(z)), labels])

    slopes = np.empty_like(scores)
    for k in range(scores.shape[1]):
        ahead, behind = scores.copy(), scores.copy()
        ahead[:, k] += step
        behind[:, k] -= step
        slopes[:, k] = (cost(ahead) - cost(behind)) / (2 * step)
    return float(np.abs(soft(scores) - np.eye(scores.shape[1])[labels] - slopes).max())


def _draw(run: dllab.Run, table: dllab.Table, scores: np.ndarray, temperature: float) -> None:
    """Of three classes the triangle of probabilities at three temperatures; of others, bars of one row."""
    import numpy as np

    from dllab_supervised.drawing import INK, MANY

    shown = sorted({0.3 if temperature >= 1 else temperature, 1.0, max(temperature, 3.0)})[:3]
    figure, axes = dllab.new_figure(1, len(shown), size=(4.3 * len(shown), 4.3), squeeze=False)
    corners = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])
    for one, heat in zip(axes[0], shown, strict=True):
        probs = soft(scores, heat)
        one.set_title(run.words(f"temperature {heat:g}", f"온도 {heat:g}"), loc="left")
        if len(table.class_names) != 3:
            row = int(np.argmin(np.sort(scores, axis=1)[:, -1] - np.sort(scores, axis=1)[:, -2]))
            one.bar(table.class_names, probs[row], color=[MANY[i] for i in range(len(table.class_names))])
            one.set(
                ylim=(0, 1), ylabel=run.words("probability of the row in most doubt", "가장 애매한 행의 확률")
            )
            continue
        one.set_axis_off()
        one.set_aspect("equal")
        one.plot(*corners[[0, 1, 2, 0]].T, color=INK, linewidth=1)
        for share in (0.25, 0.5, 0.75):
            for k in range(3):
                a, b = corners[[i for i in range(3) if i != k]]
                line = np.stack([a, b]) * (1 - share) + corners[k] * share
                one.plot(*line.T, color="#e2e5ea", linewidth=0.8, zorder=0)
        for i, name in enumerate(table.class_names):
            places = probs[table.y == i] @ corners
            one.scatter(*places.T, s=24, color=MANY[i], edgecolors="white", linewidths=0.5, zorder=3)
            side = ("right", "left", "center")[i]
            offset = np.array([[-0.02, -0.05], [0.02, -0.05], [0, 0.04]])[i]
            one.text(
                *(corners[i] + offset),
                name,
                ha="center" if i == 2 else {"right": "left", "left": "right"}[side],
                color=MANY[i],
                fontweight="bold",
                va="top" if i < 2 else "bottom",
            )
    run.save_figure("softmax.png", figure)
