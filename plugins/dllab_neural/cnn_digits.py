"""A convolutional network that reads digits, and what its filters see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.digits import DIGITS_KO, DigitsParams, load
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    import torch

    from dllab_neural.digits import Digits


class CnnDigitsParams(DigitsParams):
    filters: int = dllab.param(
        6, ge=2, le=32, help="filters of the first layer; the second has twice as many"
    )
    epochs: int = dllab.param(6, ge=1, le=200, help="times that all pictures are seen")
    learning_rate: float = dllab.param(0.005, gt=0, le=0.1, help="of Adam")


@dllab.experiment(
    "cnn-digits",
    topic="course/neural",
    lectures=(
        "0@4290:합성곱 신경망(Convolutional Neural Network, CNN)",
        "1@3160:CNN",
        "1@3240:CNN을 이용하면 많은 파라미터를 공유",
        "1@3300:CNN 모델의 특징 맵(feature Map)",
        "1@3440:6개의 개별적인 필터를 가진 Convolution Layer",
        "4@1860:합성곱신경망(Convolution Neural Network, CNN)",
    ),
    about=ABOUT["cnn-digits"],
    tiny={"epochs": 2},
    ko={
        **DIGITS_KO,
        "filters": "첫 층의 필터 수 (둘째 층은 두 배)",
        "epochs": "에포크",
        "learning_rate": "Adam의 학습률",
    },
)
def cnn_digits(run: dllab.Run, params: CnnDigitsParams) -> None:
    """Convolution 3 x 3, ReLU, pooling 2 x 2, convolution, ReLU, one dense layer; Adam, batches of 32."""
    import numpy as np
    import torch

    from dllab_neural.training import check_accuracy, fit, nearest_mean, start, tensors

    digits = load(run, params)
    few, many, side = params.filters, 2 * params.filters, digits.side // 2
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, few, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(few, many, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(many * side * side, 10),
    )
    start(net, run.torch_generator("weights"))
    test = tensors(digits.test, digits.test_labels)
    curve = fit(
        run,
        net,
        tensors(digits.train, digits.train_labels),
        test,
        epochs=params.epochs,
        learning_rate=params.learning_rate,
    )
    for epoch, (loss, accuracy) in enumerate(zip(curve["loss"], curve["test"], strict=True)):
        run.log(epoch, loss=loss, test_accuracy=accuracy)
    _draw(run, digits, net, curve)
    run.save_table("learning.csv", {"epoch": range(len(curve["loss"])), **curve})
    run.save_model("net.safetensors", net.state_dict(), {"filters": str(few), "side": str(digits.side)})
    by_hand = 10 * few + (9 * few + 1) * many + (many * side * side + 1) * 10
    run.check(
        "weights and biases",
        got=sum(p.numel() for p in net.parameters()),
        expected=by_hand,
        source="by hand: (9 · channels + 1) · filters for each convolution, (inputs + 1) · 10 at the end",
        ko="가중치와 편향의 수",
    )
    with torch.no_grad():
        one = test[0][:1]
        maps = net[0](one)[0].numpy()
        direct = sliding(
            one[0, 0].numpy(), net[0].weight.detach().numpy()[:, 0], net[0].bias.detach().numpy()
        )
        shapes = [tuple(net[: k + 1](one).shape[1:]) for k in (0, 2, 3)]
    run.check(
        "feature maps against the sum by hand, largest difference",
        got=float(np.abs(maps - direct).max()),
        at_most=1e-5,
        source="the slide's dot product WᵀX + b at each place, in plain loops",
        ko="특징 맵과 손으로 더한 값의 최대 차이",
    )
    run.check(
        "numbers in the three shapes",
        got=sum(int(np.prod(shape)) for shape in shapes),
        expected=few * digits.side**2 + (few + many) * side**2,
        source="by hand: padding of 1 keeps the side, pooling halves it",
        ko="세 모양에 든 수의 개수",
    )
    check_accuracy(run, curve["test"][-1], nearest_mean(digits), len(digits.test_labels), params.epochs)


def sliding(picture: np.ndarray, kernels: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """Dot products of each kernel (f, 3, 3) with each place of a picture (h, w) inside a border of zeros."""
    import numpy as np

    padded = np.pad(picture, 1)
    out = np.zeros((len(kernels), *picture.shape))
    for k, y, x in np.ndindex(*out.shape):
        out[k, y, x] = (kernels[k] * padded[y : y + 3, x : x + 3]).sum() + biases[k]
    return out


def _draw(run: dllab.Run, digits: Digits, net: torch.nn.Module, curve: dict[str, list[float]]) -> None:
    """One digit, what each filter makes of it, and the curve."""
    import torch

    few = net[0].out_channels
    shown = min(few, 6)
    figure, panels = dllab.new_figure(3, shown + 2, size=(1.35 * (shown + 2) + 2.2, 5.4))
    wide = figure.add_subplot(panels[0, 0].get_gridspec()[:, -2:])
    for axes in panels[:, -2:].flat:
        axes.remove()
    picture = torch.from_numpy(digits.test[:1])[:, None]
    with torch.no_grad():
        first, second = net[:2](picture)[0].numpy(), net[:5](picture)[0].numpy()
        kernels = net[0].weight.detach()[:, 0].numpy()
    reach = float(abs(kernels).max())
    for i in range(shown):
        for row, image, style in (
            (0, kernels[i], {"cmap": "RdBu", "vmin": -reach, "vmax": reach}),
            (1, first[i], {"cmap": "magma", "vmin": 0}),
            (2, second[i], {"cmap": "magma", "vmin": 0}),
        ):
            panels[row, i].imshow(image, **style)
            panels[row, i].set(xticks=[], yticks=[])
            panels[row, i].grid(False)
    for row, words in enumerate(
        (
            run.words("filters", "필터"),
            run.words("feature maps", "특징 맵"),
            run.words("second layer", "둘째 층"),
        )
    ):
        panels[row, 0].set_ylabel(words)
    inset = panels[0, 0].inset_axes((-0.1, 1.12, 1.2, 1.2))
    inset.imshow(digits.test[0], cmap="gray_r")
    inset.set_axis_off()
    wide.grid(True, color="#e6e8ec")
    for edge in ("top", "right"):
        wide.spines[edge].set_visible(False)
    wide.plot(curve["train"], linewidth=2, label=run.words("learned", "학습"))
    wide.plot(curve["test"], linewidth=2, label=run.words("test", "테스트"))
    wide.set(xlabel=run.words("epoch", "에포크"), ylim=(0, 1.02))
    wide.legend(loc="lower right")
    wide.set_title(
        run.words(f"Test: {curve['test'][-1]:.1%} right", f"테스트 정답률 {curve['test'][-1]:.1%}"),
        loc="left",
    )
    run.save_figure("cnn.png", figure)
