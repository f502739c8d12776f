"""The adding problem: two numbers of a sequence have to be remembered to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

    from dllab_neural.sequences import Reader

KINDS = ("RNN", "LSTM")
BASELINE = 1 / 6  # mean squared error of always saying 1: the variance of the sum of two uniform numbers
TESTED = 500
BATCH = 32
LONGEST_STEP = 1.0  # norm at which a gradient is cut, so that none bursts


class RnnVsLstmParams(dllab.Params):
    length: int = dllab.param(20, ge=4, le=200, unit="steps", help="length of the sequences")
    hidden: int = dllab.param(16, ge=2, le=128, help="neurons of the recurrent layer")
    steps: int = dllab.param(700, ge=1, le=20_000, help="steps of learning, 32 new sequences each")
    learning_rate: float = dllab.param(0.02, gt=0, le=1, help="learning rate of Adam")


@dllab.experiment(
    "rnn-vs-lstm",
    topic="course/neural",
    lectures=(
        "0@4390:순환 신경망(Recurrent Neural Network, RNN)",
        "0@4420:LSTM(Long Short-Term Memory)",
        "4@2230:순환신경망",
        "4@2670:상쇄문제를 보완한 것이 LSTM",
    ),
    about=ABOUT["rnn-vs-lstm"],
    tiny={"hidden": 2, "steps": 4, "length": 6},
    ko={
        "length": "시퀀스의 길이",
        "hidden": "순환층의 뉴런 수",
        "steps": "학습 횟수 (한 번에 새 시퀀스 32개)",
        "learning_rate": "Adam의 학습률",
    },
)
def rnn_vs_lstm(run: dllab.Run, params: RnnVsLstmParams) -> None:
    """Both read the same sequences in the same order, by Adam on the squared error."""
    import numpy as np

    from dllab_neural.sequences import Reader, by_hand

    x, y = adding(TESTED, params.length, run.torch_generator("test"))
    nets, curves, said = {}, {}, {}
    for kind in KINDS:
        nets[kind] = Reader(kind, 2, params.hidden, run.torch_generator(f"weights {kind}"))
        curves[kind] = _learn(run, nets[kind], kind, params, x, y)
        said[kind] = nets[kind].predict(x).numpy()
        run.save_model(
            f"{kind.lower()}.safetensors",
            nets[kind].state_dict(),
            {"kind": kind, "hidden": str(params.hidden)},
        )
    at, lines = [step for step, _ in curves["RNN"]], {k: [e for _, e in c] for k, c in curves.items()}
    for i, step in enumerate(at):
        run.log(step, **{f"error_{kind}": line[i] for kind, line in lines.items()})
    truth = y.numpy()
    _draw(run, params, x, truth, said, at, lines)
    run.save_table("learning.csv", {"step": at, **{f"error_{kind}": line for kind, line in lines.items()}})
    run.save_table("answers.csv", {"sum": truth, **said})
    squares = (truth.astype(float) - 1) ** 2
    run.check(
        "error of always saying 1",
        got=float(squares.mean()),
        expected=BASELINE,
        abs=5 * float(squares.std()) / TESTED**0.5,
        source="closed form: the variance of a sum of two uniform numbers, 2 · 1/12; five standard errors",
        ko="늘 1이라고 답할 때의 오차",
    )
    for kind, gates in zip(KINDS, (1, 4), strict=True):
        h = params.hidden
        run.check(
            f"weights and biases of the {kind}",
            got=sum(p.numel() for p in nets[kind].parameters()),
            expected=gates * h * (2 + h + 2) + h + 1,
            source=f"by hand: {gates} · {h} · (2 inputs + {h} back + 2 biases) and {h} + 1 at the end",
            ko=f"{kind}의 가중치와 편향의 수",
        )
    hand = by_hand(nets["LSTM"].layer, x[:50])
    run.check(
        "LSTM against its formulas, largest difference",
        got=float(
            (nets["LSTM"].predict(x[:50]) - nets["LSTM"].head(hand.hidden[:, -1])[:, 0]).detach().abs().max()
        ),
        at_most=1e-5,
        source="i, f, o = σ(Wx + Uh + b); c = f·c + i·tanh(…); h = o·tanh c (Hochreiter, Schmidhuber 1997)",
        ko="LSTM과 공식의 최대 차이",
    )
    if params.steps >= 700 and params.length <= 20 and params.hidden >= 16 and params.learning_rate == 0.02:
        run.check(
            "LSTM's error over that of always saying 1",
            got=float(np.mean((said["LSTM"] - truth) ** 2)) / BASELINE,
            at_most=0.25,
            source="baseline 1/6: what one can say without a memory (Hochreiter, Schmidhuber 1997)",
            ko="LSTM의 오차: 늘 1이라고 답할 때 대비",
        )


def adding(count: int, length: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Sequences (count, length, 2) of a uniform number and a mark each, and the sums (count,) of the marked.

    One mark stands in the first half, one in the second.
    """
    import torch

    x = torch.zeros(count, length, 2)
    x[:, :, 0] = torch.rand(count, length, generator=generator)
    rows = torch.arange(count)
    x[rows, torch.randint(0, length // 2, (count,), generator=generator), 1] = 1
    x[rows, torch.randint(length // 2, length, (count,), generator=generator), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(dim=1)


def _learn(
    run: dllab.Run, net: Reader, kind: str, params: RnnVsLstmParams, x: torch.Tensor, y: torch.Tensor
) -> list[tuple[int, float]]:
    """Train a net in place; the steps at which it was tested, with its mean squared error."""
    import torch

    generator = run.torch_generator("sequences")  # the same for both
    optimiser = torch.optim.Adam(net.parameters(), lr=params.learning_rate, fused=True)
    every, curve = max(params.steps // 40, 1), []
    for step in run.progress(range(params.steps + 1), label=kind):
        if step % every == 0 or step == params.steps:
            curve.append((step, float(((net.predict(x) - y) ** 2).mean())))
        if step == params.steps:
            break
        inputs, sums = adding(BATCH, params.length, generator)
        optimiser.zero_grad()
        torch.nn.functional.mse_loss(net(inputs), sums).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), LONGEST_STEP)
        optimiser.step()
    return curve


def _draw(
    run: dllab.Run,
    params: RnnVsLstmParams,
    x: torch.Tensor,
    truth: np.ndarray,
    said: dict[str, np.ndarray],
    at: list[int],
    lines: dict[str, list[float]],
) -> None:
    """One sequence on top; below the error while learning, and what each net answers."""
    from dllab_neural.drawing import INK, MUTED

    figure, panels = dllab.new_figure(2, 3, size=(13, 6.6), height_ratios=(1, 2.3), width_ratios=(1.45, 1, 1))
    wide = panels[0, 0]
    wide.set_subplotspec(wide.get_gridspec()[0, :])
    for axes in panels[0, 1:]:
        axes.remove()
    numbers, marks = x[0, :, 0].numpy(), x[0, :, 1].numpy() > 0
    steps = range(1, params.length + 1)
    wide.bar(steps, numbers, color=["#dfe3ea" if not m else dllab.COLOURS[2] for m in marks], width=0.72)
    if params.length <= 40:
        for step, number, is_marked in zip(steps, numbers, marks, strict=True):
            style = {"color": INK, "weight": "bold"} if is_marked else {"color": MUTED}
            wide.text(step, number + 0.03, f"{number:.2f}", ha="center", fontsize=8.5, **style)
    for side in ("top", "right", "left"):
        wide.spines[side].set_visible(False)
    wide.set(
        ylim=(0, 1.2),
        yticks=[],
        xticks=steps[:: max(params.length // 20, 1)],
        xlim=(0.3, params.length + 0.7),
    )
    wide.grid(False)
    pair = " + ".join(f"{number:.2f}" for number in numbers[marks])
    wide.set_title(
        run.words(
            f"One of the sequences: remember the two green numbers and say {pair} = {truth[0]:.2f}",
            f"시퀀스 하나: 초록 막대 두 개를 기억했다가 끝에서 답하기: {pair} = {truth[0]:.2f}",
        ),
        loc="left",
    )
    curve, *scatters = panels[1]
    for i, kind in enumerate(KINDS):
        curve.semilogy(at, lines[kind], color=dllab.COLOURS[1 - i], linewidth=2, label=kind)
    curve.axhline(BASELINE, color=INK, linestyle=":", linewidth=1.4)
    curve.text(
        at[-1],
        BASELINE * 1.5,
        run.words("always saying 1: 1/6", "늘 1이라고 답하기: 1/6"),
        ha="right",
        fontsize=9,
    )
    curve.set(
        xlabel=run.words("step of learning", "학습 횟수"),
        ylabel=run.words("test error (MSE)", "시험 오차 (MSE)"),
    )
    curve.legend(loc="lower left")
    curve.set_title(run.words("Error on new sequences", "새 시퀀스에서의 오차"), loc="left")
    for i, (kind, axes) in enumerate(zip(KINDS, scatters, strict=True)):
        axes.plot([0, 2], [0, 2], color="#c3cad6", linewidth=1)
        axes.scatter(truth, said[kind], s=7, color=dllab.COLOURS[1 - i], alpha=0.5, edgecolors="none")
        axes.set(xlim=(0, 2), ylim=(-0.1, 2.1), xlabel=run.words("true sum", "참값"))
        axes.set_title(
            run.words(f"{kind}'s answers: {lines[kind][-1]:.4f}", f"{kind}의 답: 오차 {lines[kind][-1]:.4f}"),
            loc="left",
        )
    scatters[0].set_ylabel(run.words("answer", "답"))
    run.save_figure("race.png", figure)
