"""Deep nets with and without shortcuts, in a race."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.digits import DIGITS_KO, DigitsParams, load
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import torch


class ResidualNetsParams(DigitsParams):
    depth: int = dllab.param(24, ge=4, le=100, help="hidden layers, an even number")
    width: int = dllab.param(32, ge=4, le=256, help="neurons in each")
    epochs: int = dllab.param(5, ge=1, le=200, help="times that all pictures are seen")
    learning_rate: float = dllab.param(0.002, gt=0, le=0.1, help="of Adam")


@dllab.experiment(
    "residual-nets",
    topic="course/neural",
    lectures=(
        "1@3530:잔여학습(residual learning)",
        "1@3550:F(x) = H(x) -x를 학습",
        "1@3590:레이어가 깊어질수록 성능이 향상된다",
    ),
    about=ABOUT["residual-nets"],
    tiny={"depth": 12, "epochs": 1, "width": 16},
    ko={
        **DIGITS_KO,
        "depth": "은닉층 수 (짝수)",
        "width": "층마다 뉴런 수",
        "epochs": "에포크",
        "learning_rate": "Adam의 학습률",
    },
)
def residual_nets(run: dllab.Run, params: ResidualNetsParams) -> None:
    """The same weights at the start; one net computes F(x), the other x + F(x), with two layers in each F."""
    import torch

    from dllab_neural.training import fit, tensors

    if params.depth % 2:
        raise dllab.UsageError(f"--depth {params.depth}: two layers make a block, so give an even number")
    digits = load(run, params)
    train, test = tensors(digits.train, digits.train_labels), tensors(digits.test, digits.test_labels)
    curves, grounds, nets = {}, {}, {}
    for name in ("plain", "residual"):
        net = deep_net(
            digits.side**2, params.width, params.depth, name == "residual", run.torch_generator("weights")
        )
        grounds[name] = _gradients(net, train)
        curves[name] = fit(
            run, net, train, test, epochs=params.epochs, learning_rate=params.learning_rate, label=name
        )
        nets[name] = net
        run.log(len(nets), test_accuracy=curves[name]["test"][-1])
    _draw(run, params, curves, grounds)
    run.save_table(
        "race.csv",
        {
            "epoch": range(params.epochs + 1),
            **{f"{name}_{key}": values for name, curve in curves.items() for key, values in curve.items()},
        },
    )
    run.check(
        "difference in the number of weights",
        got=abs(
            sum(p.numel() for p in nets["plain"].parameters())
            - sum(p.numel() for p in nets["residual"].parameters())
        ),
        expected=0,
        source="a shortcut has no weights",
        ko="가중치 수의 차이",
    )
    quiet = deep_net(digits.side**2, params.width, params.depth, True, run.torch_generator("quiet"))
    with torch.no_grad():
        for block in quiet.blocks:
            block[-1].weight.zero_()
        first = quiet.entry(test[0].flatten(1))
        passed = quiet.through(first)
    run.check(
        "what blocks of weight zero change",
        got=float((passed - first).abs().max()),
        expected=0,
        source="closed form: F = 0 leaves x + 0 = x, at any depth",
        ko="가중치가 0인 블록이 바꾸는 양",
    )
    if params.depth >= 20 and params.epochs >= 4:
        run.check(
            "lead of the net with shortcuts, in test accuracy",
            got=curves["residual"]["test"][-1] - curves["plain"]["test"][-1],
            at_least=0.1,
            source="He et al. 2016, figure 4: of two deep nets the one without shortcuts learns worse",
            ko="잔여 신경망과 보통 신경망의 테스트 정확도 차이",
        )
    if params.epochs >= 4:
        run.check(
            "test accuracy with shortcuts",
            got=curves["residual"]["test"][-1],
            at_least=0.5,
            source="guessing one of ten digits has 0.1: it learns, at a depth where the plain net may not",
            ko="잔여 신경망의 테스트 정확도",
        )


def deep_net(
    inputs: int, width: int, depth: int, has_shortcuts: bool, generator: torch.Generator
) -> torch.nn.Module:
    """A net of depth hidden layers in blocks of two, whose weights come from that generator."""
    import torch

    class Deep(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.entry = torch.nn.Linear(inputs, width)
            self.blocks = torch.nn.ModuleList(
                torch.nn.Sequential(
                    torch.nn.ReLU(),
                    torch.nn.Linear(width, width),
                    torch.nn.ReLU(),
                    torch.nn.Linear(width, width),
                )
                for _ in range(depth // 2)
            )
            self.exit = torch.nn.Linear(width, 10)

        def through(self, h: torch.Tensor) -> torch.Tensor:
            for block in self.blocks:
                h = h + block(h) if has_shortcuts else block(h)
            return h

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.exit(torch.relu(self.through(self.entry(x.flatten(1)))))

    net = Deep()
    for layer in net.modules():
        if isinstance(
            layer, torch.nn.Linear
        ):  # the weights that torch's Linear begins with, from our generator
            bound = layer.in_features**-0.5
            torch.nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
            torch.nn.init.zeros_(layer.bias)
    return net


def _gradients(net: torch.nn.Module, train: tuple[torch.Tensor, torch.Tensor]) -> list[float]:
    """The size of the gradient by the weights of each block, before learning."""
    from torch.nn.functional import cross_entropy

    cross_entropy(net(train[0][:256]), train[1][:256]).backward()
    sizes = [float(block[1].weight.grad.norm()) for block in net.blocks]
    net.zero_grad()
    return sizes


def _draw(run: dllab.Run, params: ResidualNetsParams, curves: dict, grounds: dict) -> None:
    import numpy as np

    figure, (left, right) = dllab.new_figure(1, 2, size=(10.4, 4.2))
    titles = {"plain": run.words("plain", "보통"), "residual": run.words("with shortcuts", "잔여(지름길)")}
    for i, name in enumerate(curves):
        colour = dllab.COLOURS[1 - i]
        left.plot(curves[name]["test"], "o-", color=colour, linewidth=2, label=titles[name])
        left.plot(curves[name]["train"], ":", color=colour, linewidth=1.4)
        right.semilogy(
            np.arange(1, len(grounds[name]) + 1),
            np.maximum(grounds[name], 1e-30),
            "o-",
            color=colour,
            linewidth=2,
            label=titles[name],
        )
    left.axhline(0.1, color="#6b7280", linewidth=1, linestyle="--")
    left.set(
        xlabel=run.words("epoch", "에포크"),
        ylabel=run.words("test accuracy", "테스트 정확도"),
        ylim=(0, 1.02),
    )
    left.set_title(
        run.words(f"{params.depth} layers learn digits", f"{params.depth}층이 숫자를 배우면"), loc="left"
    )
    left.legend(loc="center right")
    right.set(
        xlabel=run.words("block (the input is on the left)", "블록 (왼쪽이 입력)"),
        ylabel=run.words("gradient at the start", "학습 전 기울기"),
    )
    right.set_title(run.words("How much reaches each block", "블록마다 도착하는 기울기"), loc="left")
    right.legend(loc="center left")
    run.save_figure("race.png", figure)
