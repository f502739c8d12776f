"""A net that learns noise by heart, and three cures: dropout, L2 (weight decay) and early stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import dllab
from dllab_supervised.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

TEST_POINTS = 2000
CURES_KO = {"dropout": "드롭아웃", "l2": "L2", "early": "조기 종료"}


class OverfittingCuresParams(dllab.Params):
    points: int = dllab.param(80, ge=20, le=1000, help="points to learn from")
    noise: float = dllab.param(0.35, ge=0.05, le=1, help="blur of the two moons")
    width: int = dllab.param(96, ge=4, le=512, help="neurons in each of the two hidden layers")
    epochs: int = dllab.param(400, ge=20, le=5000, help="times that all points are seen")
    dropout: float = dllab.param(0.5, gt=0, lt=1, help="share of the neurons that are silent in a step")
    weight_decay: float = dllab.param(0.003, gt=0, le=1, help="price of the squared weights (L2)")
    patience: int = dllab.param(
        40, ge=5, le=1000, help="epochs without progress after which early stopping ends"
    )


@dataclass
class Cure:
    """How one net fared: its losses by epoch, the state that it ended with, and the epoch of that."""

    name: str
    title: str
    net: torch.nn.Module
    train: list[float]
    test: list[float]
    stopped: int


@dllab.experiment(
    "overfitting-cures",
    topic="course/supervised",
    lectures=(
        "0@2261:정규화(regularization)를 하거나 에포크(epoch)를 줄이는 방식",
        "4@1381:Overfitting 문제",
        "4@1521:과적합 문제는 Drop-out 기법 등으로 개선",
    ),
    about=ABOUT["overfitting-cures"],
    tiny={"epochs": 60, "width": 16},
    ko={
        "points": "학습할 점 개수",
        "noise": "두 초승달의 흐림",
        "width": "은닉층 둘의 뉴런 수",
        "epochs": "모든 점을 보는 횟수",
        "dropout": "한 걸음에서 쉬게 할 뉴런의 비율",
        "weight_decay": "가중치 제곱의 벌점 (L2)",
        "patience": "나아지지 않으면 멈출 때까지의 에포크",
    },
)
def overfitting_cures(run: dllab.Run, params: OverfittingCuresParams) -> None:
    """Sources: Srivastava et al. 2014 (dropout), Krogh and Hertz 1992 (L2), Prechelt 1998 (stopping)."""
    import torch

    from dllab_supervised.svm import two_moons

    learned, held, unseen = (
        tuple(torch.from_numpy(part) for part in two_moons(run.rng, size, params.noise))
        for size in (params.points, params.points // 2, TEST_POINTS)
    )
    data = [(X.float(), y.float()) for X, y in (learned, held, unseen)]
    plans = (
        ("none", run.words("no cure", "처방 없음"), 0.0, 0.0, False),
        (
            "dropout",
            run.words(f"dropout {params.dropout:g}", f"드롭아웃 {params.dropout:g}"),
            params.dropout,
            0.0,
            False,
        ),
        ("l2", f"L2 {params.weight_decay:g}", 0.0, params.weight_decay, False),
        ("early", run.words("early stopping", "조기 종료"), 0.0, 0.0, True),
    )
    cures = [_train(run, params, data, *plan) for plan in plans]
    _draw(run, cures, data)
    longest = max(len(cure.test) for cure in cures)
    pad = [cure.test + [float("nan")] * (longest - len(cure.test)) for cure in cures]
    run.save_table(
        "test_loss.csv",
        {
            "epoch": range(1, longest + 1),
            **{cure.name: values for cure, values in zip(cures, pad, strict=True)},
        },
    )
    for cure in cures:
        run.save_model(f"{cure.name}.safetensors", cure.net.state_dict(), {"cure": cure.name})
    none, *cured = cures
    for cure in cures:
        run.log(cure.stopped, **{f"{cure.name}_test_loss": cure.test[cure.stopped - 1]})
    for cure in cured:
        if params.epochs >= 300 and params.width >= 64 and params.points <= 100:
            run.check(
                f"test loss with {cure.name} over that without",
                ko=f"{CURES_KO[cure.name]}의 테스트 손실, 처방 없음에 대한 비",
                at_most=1,
                got=cure.test[cure.stopped - 1] / none.test[none.stopped - 1],
                source="the papers of the docstring: each cure narrows the gap that learning by heart opens",
            )
    size = {cure.name: _squared_weights(cure.net) for cure in cures}
    run.check(
        "squared weights with L2 over those without",
        ko="L2를 쓸 때의 가중치 제곱합, 안 쓸 때에 대한 비",
        got=size["l2"] / size["none"],
        at_most=1,
        source="what the penalty is laid on must not grow",
    )
    run.check(
        "mean of what dropout lets through",
        ko="드롭아웃을 통과한 값의 평균",
        got=_kept_share(run, params.dropout),
        expected=1,
        abs=0.02,
        source="inverted dropout: a share 1 - p is kept and multiplied by 1 / (1 - p)",
    )


def _train(
    run: dllab.Run,
    params: OverfittingCuresParams,
    data: list[tuple[torch.Tensor, torch.Tensor]],
    name: str,
    title: str,
    dropout: float,
    weight_decay: float,
    stops_early: bool,
) -> Cure:
    """Train a net of two hidden layers; all begin with the same weights."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    torch.manual_seed(run.seed % 2**63)  # the layers' own draws, and dropout's
    layers = [
        torch.nn.Linear(2, params.width),
        torch.nn.ReLU(),
        torch.nn.Dropout(dropout),
        torch.nn.Linear(params.width, params.width),
        torch.nn.ReLU(),
        torch.nn.Dropout(dropout),
        torch.nn.Linear(params.width, 1),
        torch.nn.Flatten(0),
    ]
    net = torch.nn.Sequential(*layers)
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0)
    (X, y), (held, held_y), (unseen, unseen_y) = data
    cure = Cure(name, title, net, [], [], 0)
    best, best_state = float("inf"), {}
    for epoch in run.progress(range(1, params.epochs + 1), label=title):
        net.train()
        optimiser.zero_grad()
        penalty = sum((p**2).sum() for p in net.parameters() if p.ndim > 1) if weight_decay else 0.0
        (cross_entropy(net(X), y) + weight_decay * penalty).backward()
        optimiser.step()
        net.eval()
        with torch.no_grad():
            cure.train.append(float(cross_entropy(net(X), y)))
            cure.test.append(float(cross_entropy(net(unseen), unseen_y)))
            on_held = float(cross_entropy(net(held), held_y)) if stops_early else 0.0
        cure.stopped = epoch if not stops_early else cure.stopped
        if stops_early and on_held < best:
            best, cure.stopped = on_held, epoch
            best_state = {key: value.clone() for key, value in net.state_dict().items()}
        if stops_early and epoch - cure.stopped >= params.patience:
            break
    if best_state:
        net.load_state_dict(best_state)
    return cure


def _squared_weights(net: torch.nn.Module) -> float:
    return float(sum((p.detach() ** 2).sum() for p in net.parameters() if p.ndim > 1))


def _kept_share(run: dllab.Run, dropout: float) -> float:
    """The mean of 200,000 ones that went through dropout: its deviation is under 0.01 up to p = 0.95."""
    import torch

    torch.manual_seed(run.seed % 2**63)
    return float(torch.nn.functional.dropout(torch.ones(200_000), dropout).mean())


def _draw(run: dllab.Run, cures: list[Cure], data: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """The border that each net drew through its points, and its two losses below."""
    import torch

    from dllab_supervised.drawing import INK, regions

    (X, y), _, (unseen, unseen_y) = data
    points, labels = X.numpy().astype(float), y.numpy().astype(int)
    figure, axes = dllab.new_figure(2, 4, size=(14.5, 6.8), height_ratios=(1.35, 1))
    highest = max(1.0, min(3.0, max(cures[0].test)))
    for cure, above, below in zip(cures, *axes, strict=True):

        def decide(places: np.ndarray, net: torch.nn.Module = cure.net) -> np.ndarray:
            with torch.no_grad():
                return (net(torch.from_numpy(places).float()) > 0).numpy().astype(int)

        regions(above, points, labels, ("A", "B"), decide, steps=240, legend=False)
        above.tick_params(labelbottom=False, labelleft=False)
        with torch.no_grad():
            right = float(((cure.net(unseen) > 0).float() == unseen_y).float().mean())
        above.set_title(f"{cure.title}: {right:.1%}", loc="left")
        epochs = range(1, len(cure.test) + 1)
        below.plot(epochs, cure.train, label=run.words("training", "훈련"))
        below.plot(epochs, cure.test, label=run.words("test", "테스트"))
        below.axvline(cure.stopped, color=INK, linestyle=":", linewidth=1)
        below.set(
            xlabel=run.words("epoch", "에포크"),
            ylim=(0, highest),
            xlim=(0, max(len(one.test) for one in cures)),
        )
    axes[1, 0].set_ylabel(run.words("cross-entropy", "교차 엔트로피"))
    axes[1, 0].legend(loc="upper left")
    run.save_figure("cures.png", figure)
