"""The slide's first network, Dense 12-8-1, on a table of eight measurements and who fell ill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_supervised.data import OWN_TABLE_KO, OwnTable, own_table
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

# name (English, Korean), mean, standard deviation, least value, pull towards illness: our own round numbers.
COLUMNS = (
    (("pregnancies", "임신 횟수"), 3.5, 3.0, 0, 0.35),
    (("glucose", "혈당"), 120, 30, 50, 1.1),
    (("blood pressure", "혈압"), 72, 12, 30, -0.1),
    (("skin fold", "피부 두께"), 28, 10, 5, 0.0),
    (("insulin", "인슐린"), 140, 90, 10, -0.1),
    (("body mass index", "체질량지수"), 32, 7, 15, 0.6),
    (("family history", "가족력"), 0.5, 0.3, 0.05, 0.3),
    (("age", "나이"), 33, 11, 21, 0.2),
)
ROWS, BIAS = 768, -0.9


class DiabetesNetworkParams(OwnTable):
    epochs: int = dllab.param(200, ge=1, le=2000, help="times that all rows are seen; the slide has 200")
    batch_size: int = dllab.param(10, ge=1, le=10_000, help="rows in one step; the slide has 10")
    learning_rate: float = dllab.param(0.001, gt=0, le=1, help="step of Adam; its usual value")


@dllab.experiment(
    "diabetes-network",
    topic="course/supervised",
    lectures=(
        "2@2871:Dense(12, input_dim=8, activation='relu')",
        "2@3091:epochs=200, batch_size=10",
        "2@3171:학습 데이터를 10개로 분할",
    ),
    about=ABOUT["diabetes-network"],
    tiny={"epochs": 3, "batch_size": 64},
    ko={
        **OWN_TABLE_KO,
        "epochs": "모든 행을 보는 횟수; 슬라이드는 200",
        "batch_size": "한 걸음의 행 수; 슬라이드는 10",
        "learning_rate": "Adam의 걸음; 흔히 쓰는 값",
    },
)
def diabetes_network(run: dllab.Run, params: DiabetesNetworkParams) -> None:
    """Keras's defaults, in torch: Glorot-uniform weights, zero biases, Adam. A fifth of the rows is kept."""
    import numpy as np
    import torch
    from sklearn.linear_model import LogisticRegression

    table = _table(run, params)
    order = run.rng.permutation(len(table.y))
    n_test = len(order) // 5
    held, learned = order[:n_test], order[n_test:]
    mean, deviation = table.X[learned].mean(axis=0), np.maximum(table.X[learned].std(axis=0), 1e-12)
    Z = (table.X - mean) / deviation
    net = _network(Z.shape[1], run.torch_generator("weights"))
    gradient_error = _gradient_error(net, Z[learned[:8]], table.y[learned[:8]])
    losses, accuracies, updates = _train(run, params, net, (Z, table.y), learned, held)
    simple = LogisticRegression(max_iter=1000).fit(Z[learned], table.y[learned])
    baseline = float(simple.score(Z[held], table.y[held]))
    predicted = _predict(net, Z[held])
    accuracy = float((predicted == table.y[held]).mean())
    run.log(params.epochs, test_accuracy=accuracy, baseline=baseline)
    _draw(run, table, losses, accuracies, baseline, predicted, table.y[held])
    run.save_table(
        "training.csv",
        {
            "epoch": range(1, len(losses) + 1),
            "loss": losses,
            "accuracy": accuracies[0],
            "test accuracy": accuracies[1],
        },
    )
    run.save_model(
        "network.safetensors",
        {**net.state_dict(), "mean": torch.from_numpy(mean), "deviation": torch.from_numpy(deviation)},
        {"layers": "8-12-8-1"},
    )

    count = sum(p.numel() for p in net.parameters())
    features = Z.shape[1]
    run.check(
        "weights and biases",
        ko="가중치와 편향의 수",
        got=count,
        expected=(features + 1) * 12 + 13 * 8 + 9,
        source=f"by hand: ({features} + 1) · 12 + (12 + 1) · 8 + (8 + 1) · 1",
    )
    run.check(
        "steps taken",
        ko="학습한 단계 수",
        got=updates,
        expected=params.epochs * -(-len(learned) // params.batch_size),
        source="batches of batch_size rows, the last one smaller; '10개로 분할' would be 10 an epoch",
    )
    run.check(
        "gradient against differences",
        ko="기울기와 수치 미분의 차이",
        got=gradient_error,
        at_most=1e-6,
        source="central differences of step 1e-6 in double precision, every weight",
    )
    if params.epochs >= 100:
        spread = (baseline * (1 - baseline) / n_test) ** 0.5
        run.check(
            "test accuracy against logistic regression",
            ko="로지스틱 회귀와 견준 테스트 정확도",
            got=accuracy,
            at_least=baseline - 4 * spread,
            source="a net of 12 and 8 neurons can do what one neuron does; within four standard errors",
        )


def _table(run: dllab.Run, params: DiabetesNetworkParams) -> dllab.Table:
    """The user's table of two classes, or rows made here, with the slide's eight columns."""
    if params.data is not None:
        table = own_table(run, params)
        if len(table.class_names) != 2:
            raise dllab.InputError(
                f"'{table.name}': '{table.target_name}' has {len(table.class_names)} classes, and two "
                "are needed; choose another column by --target"
            )
        return table
    run.message(
        run.words(
            "made-up people; --data FILE.csv takes a real table, such as pima-indians-diabetes.csv",
            "지어낸 사람들입니다. --data 파일.csv로 실제 표(pima-indians-diabetes.csv 등)를 쓰세요",
        )
    )
    X, y = made_up(run.rng)
    names = tuple(run.words(*one[0]) for one in COLUMNS)
    classes = (run.words("healthy", "정상"), run.words("diabetes", "당뇨"))
    return dllab.Table("made up", X, y, names, run.words("diabetes", "당뇨"), classes)


def made_up(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """ROWS people: eight measurements (n, 8) and whether they fell ill (n,).

    Independent bell curves, cut off below; the chance of illness is the sigmoid of a weighted sum with one
    bend, at which high glucose and high weight go together.
    """
    import numpy as np

    z = rng.normal(size=(ROWS, len(COLUMNS)))
    mean, deviation, least, pull = (np.array([one[i] for one in COLUMNS], dtype=float) for i in range(1, 5))
    score = BIAS + z @ pull + 0.5 * np.maximum(z[:, 1], 0) * np.maximum(z[:, 5], 0)
    y = (rng.random(ROWS) < 1 / (1 + np.exp(-score))).astype(np.int64)
    return np.maximum(mean + deviation * z, least).round(2), y


def _network(features: int, generator: torch.Generator) -> torch.nn.Sequential:
    """Dense(12, relu), Dense(8, relu), Dense(1); the sigmoid is in the loss."""
    import torch

    net = torch.nn.Sequential(
        torch.nn.Linear(features, 12),
        torch.nn.ReLU(),
        torch.nn.Linear(12, 8),
        torch.nn.ReLU(),
        torch.nn.Linear(8, 1),
        torch.nn.Flatten(0),
    )
    for layer in net:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.xavier_uniform_(layer.weight, generator=generator)
            torch.nn.init.zeros_(layer.bias)
    return net


def _train(
    run: dllab.Run,
    params: DiabetesNetworkParams,
    net: torch.nn.Module,
    data: tuple[np.ndarray, np.ndarray],
    learned: np.ndarray,
    held: np.ndarray,
) -> tuple[list[float], tuple[list[float], list[float]], int]:
    """The loss of each epoch, the accuracies on both parts, and the number of steps."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    Z, labels = data
    X, y = torch.from_numpy(Z[learned]).float(), torch.from_numpy(labels[learned]).float()
    optimiser = torch.optim.Adam(net.parameters(), lr=params.learning_rate, fused=True)
    generator = run.torch_generator("order")
    losses, accuracies, updates = [], ([], []), 0
    for epoch in run.progress(range(params.epochs), label=run.words("epochs", "에포크")):
        order = torch.randperm(len(y), generator=generator)
        total = 0.0
        for batch in order.split(params.batch_size):
            optimiser.zero_grad()
            loss = cross_entropy(net(X[batch]), y[batch])
            loss.backward()
            optimiser.step()
            total += loss.item() * len(batch)
            updates += 1
        losses.append(total / len(y))
        for rows, values in zip((learned, held), accuracies, strict=True):
            values.append(float((_predict(net, Z[rows]) == labels[rows]).mean()))
        run.log(epoch, loss=losses[-1], accuracy=accuracies[0][-1])
    return losses, accuracies, updates


def _predict(net: torch.nn.Module, Z: np.ndarray) -> np.ndarray:
    """The class of each row (n,): 1 where the chance is above one half."""
    import torch

    with torch.no_grad():
        return (net(torch.from_numpy(Z).float()) > 0).long().numpy()


def _gradient_error(net: torch.nn.Module, Z: np.ndarray, labels: np.ndarray, step: float = 1e-6) -> float:
    """The largest difference between torch's gradient and differences, over every weight and bias."""
    import copy

    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    exact = copy.deepcopy(net).double()
    X, y = torch.from_numpy(Z), torch.from_numpy(labels).double()
    cross_entropy(exact(X), y).backward()
    worst = 0.0
    with torch.no_grad():
        for p in exact.parameters():
            flat, slope = p.view(-1), p.grad.view(-1)
            for i in range(len(flat)):
                kept = flat[i].item()
                flat[i] = kept + step
                ahead = cross_entropy(exact(X), y).item()
                flat[i] = kept - step
                behind = cross_entropy(exact(X), y).item()
                flat[i] = kept
                worst = max(worst, abs((ahead - behind) / (2 * step) - slope[i].item()))
    return worst


def _draw(
    run: dllab.Run,
    table: dllab.Table,
    losses: list[float],
    accuracies: tuple[list[float], list[float]],
    baseline: float,
    predicted: np.ndarray,
    labels: np.ndarray,
) -> None:
    """Loss and accuracy by epoch, and who was taken for whom in the held-out fifth."""
    from dllab_supervised.drawing import INK, confusion

    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(13, 4.1), width_ratios=(1.1, 1.1, 0.9))
    epochs = range(1, len(losses) + 1)
    left.plot(epochs, losses)
    left.set(xlabel=run.words("epoch", "에포크"), ylabel=run.words("cross-entropy", "교차 엔트로피"))
    left.set_title(run.words("The loss falls", "손실이 줄어듭니다"), loc="left")
    for values, name in zip(
        accuracies, (run.words("training", "훈련"), run.words("test", "테스트")), strict=True
    ):
        middle.plot(epochs, values, label=name)
    middle.axhline(
        baseline,
        color=INK,
        linestyle=":",
        linewidth=1.2,
        label=run.words("logistic regression, test", "로지스틱 회귀, 테스트"),
    )
    middle.set(xlabel=run.words("epoch", "에포크"), ylabel=run.words("accuracy", "정확도"))
    middle.set_title(run.words("Does it beat one neuron?", "뉴런 하나보다 나은가요?"), loc="left")
    middle.legend(loc="lower right")
    confusion(right, labels, predicted, table.class_names)
    right.set(xlabel=run.words("predicted", "예측"), ylabel=run.words("true", "실제"))
    right.set_title(run.words("The held-out fifth", "빼놓은 5분의 1"), loc="left")
    run.save_figure("network.png", figure)
