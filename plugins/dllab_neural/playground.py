"""A small network on the plane, with live borders and what each neuron sees."""

from __future__ import annotations

from copy import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")


class PlaygroundParams(dllab.Params):
    points: Literal["circle", "xor", "gauss", "spiral"] = dllab.param("circle", help="made-up points")
    data: dllab.Input | None = dllab.input(
        "table", default=None, help="CSV of your own: two columns of numbers and a class"
    )
    target: str = dllab.param("", help="column of that CSV to predict; the last one where none is named")
    noise: float = dllab.param(0.1, ge=0, le=0.5, help="blur of the made-up points")
    features: tuple[str, ...] = dllab.param(
        ("x1", "x2"), min_length=1, max_length=7, help="inputs: " + ", ".join(FEATURES)
    )
    layers: tuple[int, ...] = dllab.param(
        (4, 2), max_length=6, help="neurons of the hidden layers; 0 for none"
    )
    activation: Literal["tanh", "relu", "sigmoid"] = dllab.param("tanh", help="of the hidden neurons")
    learning_rate: float = dllab.param(0.03, gt=0, le=1, help="of Adam")
    l2: float = dllab.param(0.0, ge=0, le=1, help="price of the squared weights")
    steps: int = dllab.param(400, ge=1, le=20_000, help="steps on all points at once")
    frames: int = dllab.param(12, ge=2, le=60, help="frames of the film")


@dllab.experiment(
    "playground",
    topic="course/neural",
    lectures=("0@2920:https://playground.tensorflow.org (신경망체험)",),
    about=ABOUT["playground"],
    tiny={"steps": 120, "frames": 2},
    ko={
        "points": "만들 점의 모양",
        "data": "숫자 열 두 개와 클래스 열이 있는 내 CSV",
        "target": "예측할 열; 없으면 마지막 열",
        "noise": "만든 점의 흐림",
        "features": "입력으로 쓸 특성",
        "layers": "은닉층의 뉴런 수 (0: 은닉층 없음)",
        "activation": "은닉 뉴런의 활성 함수",
        "learning_rate": "Adam의 학습률",
        "l2": "가중치 제곱의 벌점",
        "steps": "모든 점으로 배우는 걸음 수",
        "frames": "영화의 장면 수",
    },
)
def playground(run: dllab.Run, params: PlaygroundParams) -> None:
    """Points in [-1, 1]²; half to learn, half to test; cross-entropy on full batches."""
    import numpy as np
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    from dllab_neural.drawing import worth_seeing

    for name in params.features:
        if name not in FEATURES:
            raise dllab.UsageError(
                f"--features {name}: there is no such input; choose from {', '.join(FEATURES)}"
            )
    layers = () if params.layers == (0,) else params.layers
    for neurons in layers:
        if not 1 <= neurons <= 8:
            raise dllab.UsageError(
                f"--layers {neurons}: each layer has 1 to 8 neurons, so that all can be drawn"
            )
    points, labels, names = _points(run, params)
    order = run.rng.permutation(len(labels))
    learned, held = order[: (len(order) + 1) // 2], order[(len(order) + 1) // 2 :]
    X, y = features_of(points, params.features), torch.from_numpy(labels).double()
    net = Net([len(params.features), *layers, 1], params.activation, run.torch_generator("weights"))
    optimiser = torch.optim.Adam(net.weights + net.biases, lr=params.learning_rate)
    shown = set(worth_seeing(params.steps + 1, params.frames, bend=2.2))
    states, curve = {}, {"learned": [], "test": []}
    for step in run.progress(range(params.steps + 1)):
        loss = cross_entropy(net(X[learned]), y[learned])
        with torch.no_grad():
            curve["learned"].append(float(loss))
            curve["test"].append(float(cross_entropy(net(X[held]), y[held])))
        if step in shown:
            states[step] = [w.detach().clone() for w in net.weights], [b.detach().clone() for b in net.biases]
        if step < params.steps:
            optimiser.zero_grad()
            (loss + params.l2 * sum((w**2).sum() for w in net.weights)).backward()
            optimiser.step()
    with torch.no_grad():
        right = (net(X) > 0).numpy() == labels
    run.log(params.steps, test_accuracy=float(right[held].mean()))
    _draw(run, params, net, states, points, labels, names, curve)
    run.save_table("learning.csv", {"step": range(params.steps + 1), **curve})
    run.save_model(
        "net.safetensors",
        {f"weight{i}": w.detach() for i, w in enumerate(net.weights)}
        | {f"bias{i}": b.detach() for i, b in enumerate(net.biases)},
        {"features": " ".join(params.features)},
    )
    run.check(
        "gradient against differences",
        got=_gradient_error(net, X[learned], y[learned]),
        at_most=1e-6,
        source="central differences of step 1e-5 on the output neuron's weights, in double precision",
        ko="기울기와 차분의 차이",
    )
    sums = forward_by_hand(
        [w.detach().numpy() for w in net.weights],
        [b.detach().numpy() for b in net.biases],
        X.numpy(),
        params.activation,
    )
    with torch.no_grad():
        run.check(
            "network against sums by hand",
            got=float(np.abs(net(X).numpy() - sums).max()),
            at_most=1e-9,
            source="weighted sums and activations written out, neuron by neuron",
            ko="신경망과 손으로 더한 값의 차이",
        )
    can = params.data is None and params.points != "spiral" and params.noise <= 0.15 and params.steps >= 120
    if can and params == type(params)(
        points=params.points, noise=params.noise, steps=params.steps, frames=params.frames
    ):
        run.check(
            "share of the points on their side",
            got=float(right.mean()),
            at_least=0.85,
            source="the classes lie apart: a circle or a sign has all of them but for the noise",
            ko="바르게 나뉜 점의 비율",
        )


class Net:
    """Dense layers in double precision, with one logit at the end."""

    def __init__(self, sizes: list[int], activation: str, generator: torch.Generator) -> None:
        import torch

        self.activation = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid}[activation]
        self.weights = [
            (torch.randn(b, a, generator=generator, dtype=torch.float64) * (1.5 / a) ** 0.5).requires_grad_()
            for a, b in pairwise(sizes)
        ]
        self.biases = [torch.full((n,), 0.1, dtype=torch.float64, requires_grad=True) for n in sizes[1:]]

    def all(self, x: torch.Tensor) -> list[torch.Tensor]:
        """What leaves each layer: (n, neurons) of the hidden ones, then the logit (n, 1)."""
        out = []
        for i, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = x @ w.T + b
            x = self.activation(z) if i + 1 < len(self.weights) else z
            out.append(x)
        return out

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return self.all(x)[-1][:, 0]


def forward_by_hand(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, activation: str
) -> np.ndarray:
    """The logits (n,) again, without torch."""
    import numpy as np

    rule = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[
        activation
    ]
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = np.stack(
            [sum(w[j, k] * x[:, k] for k in range(w.shape[1])) + b[j] for j in range(len(w))], axis=1
        )
        x = rule(z) if i + 1 < len(weights) else z
    return x[:, 0]


def features_of(points: np.ndarray, names: tuple[str, ...]) -> torch.Tensor:
    """The chosen inputs (n, len(names)) of points (n, 2) in [-1, 1]²."""
    import numpy as np
    import torch

    x1, x2 = points.T
    every = (x1, x2, x1**2, x2**2, x1 * x2, np.sin(np.pi * x1), np.sin(np.pi * x2))
    return torch.from_numpy(np.column_stack([every[FEATURES.index(name)] for name in names]))


def _points(run: dllab.Run, params: PlaygroundParams) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    """Points (n, 2), about in [-1, 1]², classes (n,) and the names of the axes."""
    import numpy as np

    if params.data is not None:
        table = dllab.read_table(params.data, params.target)
        for note in table.notes:
            run.message(note)
        if table.X.shape[1] != 2 or len(table.class_names) != 2:
            raise dllab.InputError(
                f"'{table.name}' has {table.X.shape[1]} columns and {len(table.class_names)} classes; the "
                "playground draws two columns and two classes: leave the others out"
            )
        low, high = table.X.min(axis=0), table.X.max(axis=0)
        return 2 * (table.X - low) / np.maximum(high - low, 1e-12) - 1, table.y, table.feature_names[:2]
    n, rng = 200, run.rng
    y = np.arange(n) % 2
    if params.points == "circle":
        angle, radius = (
            rng.uniform(0, 2 * np.pi, n),
            np.where(y == 1, rng.uniform(0, 0.45, n), rng.uniform(0.65, 0.95, n)),
        )
        points = np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    elif params.points == "xor":
        points = rng.uniform(0.06, 0.95, (n, 2)) * rng.choice([-1, 1], (n, 2))
        points[:, 1] = np.abs(points[:, 1]) * np.sign(points[:, 0]) * np.where(y == 1, 1, -1)
    elif params.points == "gauss":
        points = np.where(y == 1, 0.45, -0.45)[:, None] + rng.normal(0, 0.15, (n, 2))
    else:
        turn = (np.arange(n) // 2) / (n / 2)
        angle = 1.75 * turn * 2 * np.pi + np.pi * y
        points = np.column_stack([np.sin(angle), np.cos(angle)]) * turn[:, None] * 0.95
    return points + rng.normal(0, params.noise / 2, (n, 2)), y, ("x1", "x2")


def _gradient_error(net: Net, X: torch.Tensor, y: torch.Tensor, h: float = 1e-5) -> float:
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

    (gradient,) = torch.autograd.grad(cross_entropy(net(X), y), [net.weights[-1]])
    worst = 0.0
    with torch.no_grad():
        for i in range(gradient.shape[1]):
            values = []
            for sign in (1, -2, 1):  # there, over to the other side, and back
                net.weights[-1][0, i] += sign * h
                values.append(float(cross_entropy(net(X), y)))
            worst = max(worst, abs((values[0] - values[1]) / (2 * h) - float(gradient[0, i])))
    return worst


def _draw(
    run: dllab.Run,
    params: PlaygroundParams,
    net: Net,
    states: dict,
    points: np.ndarray,
    labels: np.ndarray,
    names: tuple[str, str],
    curve: dict[str, list[float]],
) -> None:
    """The network with a small map in each neuron, and the large map of the output."""
    import numpy as np
    import torch

    from dllab_neural.drawing import TWO, columns, dots, edges, empty, field, frame, places, wipe

    sizes = [len(params.features), *(w.shape[0] for w in net.weights[:-1])]
    span = (-1.15, 1.15)
    figure, (left, right) = dllab.new_figure(1, 2, size=(11.6, 4.9), width_ratios=(1.35, 1))
    empty(left, (-0.45, len(sizes) - 0.45), (-0.6, max(sizes) - 0.4))
    stand = columns([*sizes, 1], len(sizes), max(sizes) - 1)
    small = features_of(places(span, span, 22)[2], params.features)
    frames, then = [], copy(net)
    for step, (weights, biases) in states.items():
        wipe(left, right)
        then.weights, then.biases = weights, biases
        with torch.no_grad():
            seen = [small, *then.all(small)[:-1]]
        for i, layer in enumerate(seen):
            edges(left, stand[i], stand[i + 1], weights[i].numpy())
            for j, (x, y) in enumerate(stand[i]):
                values = layer[:, j].reshape(22, 22).numpy()
                reach = max(float(np.abs(values).max()), 1e-9)
                left.imshow(
                    values,
                    cmap=TWO,
                    vmin=-reach,
                    vmax=reach,
                    origin="lower",
                    zorder=3,
                    aspect="auto",
                    extent=(x - 0.2, x + 0.2, y - 0.32, y + 0.32),
                )
                if i == 0:
                    left.text(x - 0.24, y, params.features[j], ha="right", va="center", fontsize=9)
        left.set(xlim=(-0.62, len(sizes) - 0.05), ylim=(-0.6, max(sizes) - 0.4))
        field(
            right,
            lambda at: torch.sigmoid(then(features_of(at, params.features))).detach().numpy(),
            span,
            span,
            steps=70,
        )
        dots(right, points, labels, 22)
        right.set(xlabel=names[0], ylabel=names[1])
        left.set_title(
            run.words(f"Step {step}: what each neuron sees", f"{step}걸음: 뉴런마다 보는 것"), loc="left"
        )
        right.set_title(
            run.words(
                f"Loss {curve['learned'][step]:.3f}, on the test half {curve['test'][step]:.3f}",
                f"손실 {curve['learned'][step]:.3f}, 테스트 {curve['test'][step]:.3f}",
            ),
            loc="left",
        )
        frames.append(frame(figure))
    run.save_figure("playground.png", figure)
    run.save_video("playground.gif", [*frames, *[frames[-1]] * 5], fps=4)
