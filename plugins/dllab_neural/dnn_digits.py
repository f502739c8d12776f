"""A dense network that reads digits."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import dllab
from dllab_neural.digits import DIGITS_KO, DigitsParams, load
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

    from dllab_neural.digits import Digits


class DnnDigitsParams(DigitsParams):
    hidden: tuple[int, ...] = dllab.param(
        (64,), min_length=1, max_length=4, help="neurons of the hidden layers"
    )
    epochs: int = dllab.param(15, ge=1, le=500, help="times that all pictures are seen")
    learning_rate: float = dllab.param(0.003, gt=0, le=0.1, help="of Adam")


@dllab.experiment(
    "dnn-digits",
    topic="course/neural",
    lectures=(
        "0@4070:그림 1-13 신경망과 심층 신경망",
        "1@250:손글씨 분류",
        "1@3120:DNN for MNIST",
        "2@2680:keras.datasets import mnist",
        "4@2750:손글씨",
    ),
    about=ABOUT["dnn-digits"],
    tiny={"epochs": 8},
    ko={**DIGITS_KO, "hidden": "은닉층의 뉴런 수", "epochs": "에포크", "learning_rate": "Adam의 학습률"},
)
def dnn_digits(run: dllab.Run, params: DnnDigitsParams) -> None:
    """Pixels to ReLU layers to ten scores; cross-entropy, Adam, batches of 32."""
    import torch

    from dllab_neural.training import check_accuracy, fit, nearest_mean, start, tensors

    for neurons in params.hidden:
        if not 1 <= neurons <= 1024:
            raise dllab.UsageError(f"--hidden {neurons}: each layer has 1 to 1024 neurons")
    digits = load(run, params)
    sizes = [digits.side**2, *params.hidden, 10]
    layers: list[torch.nn.Module] = [torch.nn.Flatten()]
    for a, b in pairwise(sizes):
        layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
    net = torch.nn.Sequential(*layers[:-1])
    start(net, run.torch_generator("weights"))
    torch.nn.init.zeros_(net[-1].weight)
    test = tensors(digits.test, digits.test_labels)
    curve = fit(
        run,
        net,
        tensors(digits.train, digits.train_labels),
        test,
        epochs=params.epochs,
        learning_rate=params.learning_rate,
    )
    with torch.no_grad():
        predicted = net(test[0]).argmax(1).numpy()
    for epoch, (loss, accuracy) in enumerate(zip(curve["loss"], curve["test"], strict=True)):
        run.log(epoch, loss=loss, test_accuracy=accuracy)
    counts = _draw(run, digits, curve, predicted)
    run.save_table("learning.csv", {"epoch": range(len(curve["loss"])), **curve})
    run.save_json("confusion.json", {"true_by_row": counts})
    run.save_model("net.safetensors", net.state_dict(), {"layers": "-".join(map(str, sizes))})
    run.check(
        "weights and biases",
        got=sum(p.numel() for p in net.parameters()),
        expected=sum((a + 1) * b for a, b in pairwise(sizes)),
        source="by hand: (inputs + 1) · neurons for each layer",
        ko="가중치와 편향의 수",
    )
    run.check(
        "loss before the first step",
        got=curve["loss"][0],
        expected=2.302585092994046,
        abs=1e-5,
        source="closed form: the last weights begin at 0, so every digit has 1/10, and -ln 1/10 = 2.3026",
        ko="첫 걸음 전의 손실",
    )
    run.check(
        "pictures in the confusion matrix",
        got=int(counts.sum()),
        expected=len(digits.test_labels),
        source="each test picture once",
        ko="혼동 행렬에 든 그림 수",
    )
    check_accuracy(run, curve["test"][-1], nearest_mean(digits), len(digits.test_labels), params.epochs)


def _draw(run: dllab.Run, digits: Digits, curve: dict[str, list[float]], predicted: np.ndarray) -> np.ndarray:
    """The curves, the confusions, and the first pictures that were taken for another."""
    import numpy as np

    from dllab_neural.drawing import confusion

    figure, (left, middle, right) = dllab.new_figure(1, 3, size=(12.6, 4.2))
    left.plot(curve["train"], label=run.words("learned", "학습"), linewidth=2)
    left.plot(curve["test"], label=run.words("test", "테스트"), linewidth=2)
    left.set(
        xlabel=run.words("epoch", "에포크"),
        ylabel=run.words("share that is right", "정답 비율"),
        ylim=(0, 1.02),
    )
    left.set_title(
        run.words(f"Test: {curve['test'][-1]:.1%} right", f"테스트 정답률 {curve['test'][-1]:.1%}"),
        loc="left",
    )
    left.legend(loc="lower right")
    counts = confusion(middle, digits.test_labels, predicted, [str(i) for i in range(10)])
    middle.set(xlabel=run.words("read as", "읽은 숫자"), ylabel=run.words("is", "정답"))
    middle.set_title(run.words("What is taken for what", "무엇을 무엇으로 읽었나"), loc="left")
    wrong = np.flatnonzero(predicted != digits.test_labels)[:12]
    high, wide = digits.side * 3 // 2, digits.side + 2  # room for the words above each
    sheet = np.ones((3 * high, 4 * wide))
    for k, i in enumerate(wrong):
        y, x = high * (k // 4) + high - digits.side, wide * (k % 4) + 1
        sheet[y : y + digits.side, x : x + digits.side] = 1 - digits.test[i]
        words = f"{digits.test_labels[i]} → {predicted[i]}"
        right.text(x + digits.side / 2, y - 1, words, color=dllab.COLOURS[1], fontsize=10, ha="center")
    right.imshow(sheet, cmap="gray", vmin=0, vmax=1)
    right.set_axis_off()
    right.set_title(run.words("Read wrongly: is → read as", "잘못 읽은 것: 정답 → 읽은 숫자"), loc="left")
    run.save_figure("digits.png", figure)
    return counts
