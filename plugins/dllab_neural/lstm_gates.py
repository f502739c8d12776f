"""One LSTM cell keeps a note: its three gates are seen opening and closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import torch
    from matplotlib.axes import Axes

    from dllab_neural.sequences import Reader, Steps

MARKED, ASKED = 0.15, 0.3  # how often a note is to be kept, and how often it is asked for
BATCH, TESTED = 64, 300
MOST_STARTS = 4
LEARNED = 0.01  # mean squared error below which the task is learned; saying nothing has about 1/4


class LstmGatesParams(dllab.Params):
    length: int = dllab.param(20, ge=5, le=100, unit="steps", help="length of the sequences")
    steps: int = dllab.param(400, ge=1, le=10_000, help="steps of learning from one start")
    learning_rate: float = dllab.param(0.05, gt=0, le=1, help="learning rate of Adam")
    forget: tuple[float, ...] = dllab.param(
        (0.5, 0.9, 0.99),
        min_length=1,
        max_length=6,
        help="forget gates of cells that get nothing new, above 0, up to 1",
    )


@dllab.experiment(
    "lstm-gates",
    topic="course/neural",
    lectures=(
        "0@4420:게이트(gate)를 세 개 추가한 것이 바로 LSTM",
        "0@4430:망각 게이트(과거 정보를 잊기 위한 게이트)",
    ),
    about=ABOUT["lstm-gates"],
    tiny={"steps": 3},
    ko={
        "length": "시퀀스의 길이",
        "steps": "한 출발점에서의 학습 횟수",
        "learning_rate": "Adam의 학습률",
        "forget": "새 입력이 없는 셀들의 망각 게이트 (0 초과 1 이하)",
    },
)
def lstm_gates(run: dllab.Run, params: LstmGatesParams) -> None:
    """A single cell learns to keep a note at a mark and to say it when asked."""
    import torch

    from dllab_neural.sequences import Reader, by_hand

    for value in params.forget:
        if not 0 < value <= 1:
            raise dllab.UsageError(f"--forget {value:g}: a forget gate is above 0 and at most 1")
    x, y = notes(TESTED, params.length, run.torch_generator("test"))
    for start in range(1, MOST_STARTS + 1):
        net = Reader("LSTM", 3, 1, run.torch_generator(f"weights {start}"))
        losses = _learn(run, net, params, start)
        with torch.no_grad():
            said = net.every(x)
        error = float(((said - y) ** 2).mean())
        if error < LEARNED or params.steps < 400:
            break
        run.message(run.words(f"start {start} has not found it; once more", f"출발 {start}: 못 찾음; 다시"))
    for step in range(0, len(losses), max(len(losses) // 50, 1)):
        run.log(step, loss=losses[step])
    inside = by_hand(net.layer, x)
    curves = [held(value, params.length) for value in params.forget]
    one = _good_example(x)
    _draw(run, params, x[one], y[one], said[one], inside, one, curves)
    run.save_table("gates.csv", _table(x, said, inside, one))
    run.save_table("learning.csv", {"step": range(len(losses)), "loss": losses})
    run.save_model("cell.safetensors", net.state_dict(), {"trained_on": "notes that are kept and asked for"})
    _check_cell(run, params, curves)
    run.check(
        "one LSTM cell against its formulas, largest difference",
        got=float((said - net.head(inside.hidden)[..., 0]).detach().abs().max()),
        at_most=1e-5,
        source="i, f, o = σ(Wx + Uh + b); c = f·c + i·tanh(…); h = o·tanh c (Gers et al. 2000)",
        ko="LSTM 셀 하나와 공식의 최대 차이",
    )
    run.check(
        "error of saying nothing",
        got=float((y**2).mean()),
        expected=ASKED * (1 - MARKED) * (params.length - 1) / params.length,
        abs=5 * float((y**2).std()) / (TESTED * params.length) ** 0.5,
        source="by hand: asked in 0.3 of the steps without a mark, and then the note is 1 or -1; five errors",
        ko="답하지 않을 때의 오차",
    )
    if params.steps >= 400 and params.length <= 20 and params.learning_rate == 0.05:
        _check_learned(run, x, y, said, inside)


def notes(count: int, length: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Sequences (count, length, 3) of a number 1 or -1, a mark and a question; what to say (count, length).

    At a mark the number becomes the note; the first step always has a mark. At a question the note is to be
    said, at all other steps 0. No step has both.
    """
    import torch

    x = torch.zeros(count, length, 3)
    x[:, :, 0] = torch.randint(0, 2, (count, length), generator=generator) * 2.0 - 1
    x[:, :, 1] = torch.rand(count, length, generator=generator) < MARKED
    x[:, 0, 1] = 1
    x[:, :, 2] = (torch.rand(count, length, generator=generator) < ASKED) * (1 - x[:, :, 1])
    places = torch.arange(length).expand(count, length)
    latest = torch.where(x[:, :, 1] > 0, places, 0).cummax(dim=1).values
    return x, x[:, :, 0].gather(1, latest) * x[:, :, 2]


def held(forget: float, steps: int) -> list[float]:
    """The memory of torch's LSTM cell with that forget gate and no input, steps + 1 numbers, 1 at first."""
    import torch

    cell = torch.nn.LSTMCell(1, 1, dtype=torch.float64)
    shut, wide_open = -1e4, 1e4
    odds = torch.logit(torch.tensor(forget, dtype=torch.float64)).clamp(shut, wide_open)
    with torch.no_grad():
        for weights in cell.parameters():
            weights.zero_()
        cell.bias_ih.copy_(
            torch.tensor([shut, float(odds), 0.0, wide_open], dtype=torch.float64)
        )  # input, forget, new, output
        h, c, left = torch.zeros(1, 1).double(), torch.ones(1, 1).double(), [1.0]
        for _ in range(steps):
            h, c = cell(torch.zeros(1, 1).double(), (h, c))
            left.append(float(c))
    return left


def _learn(run: dllab.Run, net: Reader, params: LstmGatesParams, start: int) -> list[float]:
    import torch

    generator = run.torch_generator(f"sequences {start}")
    optimiser = torch.optim.Adam(net.parameters(), lr=params.learning_rate, fused=True)
    losses = []
    for _ in run.progress(range(params.steps), label="LSTM"):
        x, y = notes(BATCH, params.length, generator)
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(net.every(x), y)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


def _good_example(x: torch.Tensor) -> int:
    """A sequence that has three marks or so, and questions between them."""
    is_marked = x[:, :, 1].sum(dim=1)
    changes = (x[:, 1:, 1] * (x[:, 1:, 0] != x[:, :1, 0])).sum(dim=1)
    return int((x[:, :, 2].sum(dim=1) + 3 * changes.clamp(max=2) - 4 * (is_marked - 3).abs()).argmax())


def _table(x: torch.Tensor, said: torch.Tensor, inside: Steps, one: int) -> dict[str, object]:
    names = ("number", "mark", "question")
    return (
        {"step": range(1, x.shape[1] + 1)}
        | {name: x[one, :, k].numpy() for k, name in enumerate(names)}
        | {name: getattr(inside, name)[one, :, 0].numpy() for name in inside._fields}
        | {"said": said[one].numpy()}
    )


def _check_cell(run: dllab.Run, params: LstmGatesParams, curves: list[list[float]]) -> None:
    for value, curve in zip(params.forget, curves, strict=True):
        run.check(
            f"memory after {params.length} steps with forget gate {value:g}",
            got=curve[-1],
            expected=value**params.length,
            rel=1e-9,
            source="closed form: c = f · c at each step, so f^t is left",
            ko=f"망각 게이트 {value:g}, {params.length}걸음 뒤의 기억",
        )
    run.check(
        "memory after 100 steps with a forget gate of 1",
        got=held(1.0, 100)[-1],
        expected=1,
        abs=1e-12,
        source="closed form: 1^100; the forget gate at 1 holds the memory",
        ko="망각 게이트가 1일 때 100걸음 뒤의 기억",
    )


def _check_learned(
    run: dllab.Run, x: torch.Tensor, y: torch.Tensor, said: torch.Tensor, inside: Steps
) -> None:
    is_asked = y != 0
    is_marked = x[..., 1] > 0
    is_marked[:, 0] = False  # there is nothing to forget yet
    is_between = (x[..., 1] == 0) & (x[..., 2] == 0)
    run.check(
        "share of questions answered rightly",
        got=float(((said > 0) == (y > 0))[is_asked].double().mean()),
        at_least=0.95,
        source="baseline 0.5: without a memory one guesses between 1 and -1",
        ko="맞게 답한 질문의 비율",
    )
    for name, korean, is_open, is_shut in (
        ("input_gate", "입력 게이트", is_marked, x[..., 1] == 0),
        ("forget_gate", "망각 게이트", x[..., 1] == 0, is_marked),
        ("output_gate", "출력 게이트", is_asked, is_between),
    ):
        gate = getattr(inside, name)[..., 0]
        run.check(
            f"{name.replace('_', ' ')}: mean where it should be open less where shut",
            got=float(gate[is_open].mean() - gate[is_shut].mean()),
            at_least=0.3,
            source="the task: write and forget at a mark, speak at a question; a gate without use has 0",
            ko=f"{korean}: 열릴 곳과 닫힐 곳의 평균 차이",
        )


def _draw(
    run: dllab.Run,
    params: LstmGatesParams,
    x: torch.Tensor,
    y: torch.Tensor,
    said: torch.Tensor,
    inside: Steps,
    one: int,
    curves: list[list[float]],
) -> None:
    """On the left what goes in, the gates, the memory and the answer, step by step; right f^t."""
    import numpy as np

    from dllab_neural.drawing import INK, MUTED

    figure, panels = dllab.new_figure(
        3, 2, size=(12.6, 7.2), width_ratios=(2.1, 1), height_ratios=(1.05, 1.2, 1.5)
    )
    right = panels[0, 1]
    right.set_subplotspec(right.get_gridspec()[:, 1])
    for axes in panels[1:, 1]:
        axes.remove()
    inputs, gates, memory = panels[:, 0]
    steps = np.arange(1, params.length + 1)
    names = (
        run.words("number", "수"),
        run.words("mark: note it", "표시: 기억"),
        run.words("question", "질문"),
    )
    _heat(inputs, x.T.numpy(), names, "RdBu", -1.6, 1.6, signed=True)
    inputs.set_title(run.words("What goes in", "들어오는 것"), loc="left")
    values = np.stack([part[one, :, 0].numpy() for part in inside[:3]])
    labels = (
        run.words("input gate", "입력 게이트"),
        run.words("forget gate", "망각 게이트"),
        run.words("output gate", "출력 게이트"),
    )
    _heat(gates, values, labels, "Greens", 0, 1.25)
    gates.set_title(run.words("The gates: dark is open (1)", "게이트: 진할수록 열림 (1)"), loc="left")
    cell, name = inside.cell[one, :, 0].numpy(), "c"
    if float((cell * y.numpy()).sum()) < 0:  # the cell keeps the note with its sign changed
        cell, name = -cell, "-c"
    memory.step(
        steps,
        cell,
        where="mid",
        color=dllab.COLOURS[0],
        linewidth=2.2,
        label=run.words(f"memory {name}", f"기억 {name}"),
    )
    memory.plot(
        steps, said.numpy(), "o", color=dllab.COLOURS[1], markersize=5, label=run.words("said", "대답")
    )
    memory.plot(steps, y.numpy(), "o", mfc="none", mec=INK, markersize=10, label=run.words("wanted", "정답"))
    memory.set(
        xlim=(0.5, params.length + 0.5),
        xlabel=run.words("step", "걸음"),
        xticks=steps[:: max(params.length // 20, 1)],
    )
    memory.axhline(0, color=MUTED, linewidth=0.8)
    for step in steps[x[:, 1].numpy() > 0]:
        memory.axvline(step, color=dllab.COLOURS[2], linewidth=1, linestyle=":")
    memory.legend(loc="upper right", ncols=3)
    reach = 1.25 * max(float(np.abs(cell).max()), 1.3)
    memory.set(ylim=(-reach, reach * 1.35))
    memory.set_title(
        run.words("The memory holds from mark to mark", "표시에서 표시까지 기억을 유지"), loc="left"
    )
    for i, (value, curve) in enumerate(zip(params.forget, curves, strict=True)):
        right.plot(range(len(curve)), curve, color=dllab.COLOURS[i], linewidth=2.2, label=f"f = {value:g}")
        right.plot(
            range(len(curve)), value ** np.arange(len(curve)), "o", color=dllab.COLOURS[i], markersize=3.5
        )
    right.set(
        ylim=(0, 1.06),
        xticks=range(0, params.length + 1, max(params.length // 5, 1)),
        xlabel=run.words("steps without input", "입력이 없는 걸음 수"),
        ylabel=run.words("memory left", "남은 기억"),
    )
    right.legend(loc="best", title=run.words("forget gate", "망각 게이트"))
    right.set_title(
        run.words("A forget gate near 1 holds: f^t", "망각 게이트가 1에 가까우면 유지: f^t"), loc="left"
    )
    run.save_figure("gates.png", figure)


def _heat(
    axes: Axes,
    values: object,
    labels: tuple[str, ...],
    colours: str,
    low: float,
    high: float,
    signed: bool = False,
) -> None:
    """Rows of values (rows, steps) as coloured cells with their number in them."""
    import numpy as np

    from dllab_neural.drawing import INK

    table = np.asarray(values)
    axes.imshow(
        table,
        cmap=colours,
        vmin=low,
        vmax=high,
        aspect="auto",
        extent=(0.5, table.shape[1] + 0.5, len(table), 0),
    )
    if table.shape[1] <= 30:
        for row, column in np.ndindex(*table.shape):
            value = table[row, column]
            words = (f"{value:+.0f}" if row == 0 else ("1" if value else "")) if signed else f"{value:.1f}"
            axes.text(
                column + 1,
                row + 0.5,
                words,
                ha="center",
                va="center",
                fontsize=8,
                color="white" if not signed and value > 0.75 else INK,
            )
    axes.set_yticks(np.arange(len(table)) + 0.5, labels)
    axes.set(xticks=[])
    axes.grid(False)
    for row in range(1, len(table)):
        axes.axhline(row, color="white", linewidth=3)
