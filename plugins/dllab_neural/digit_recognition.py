"""Draw a digit and have it read, by the network of the course's web page: 784-200-10."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.digits import DIGITS_KO, DigitsParams, load
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

SIDE, BOX = 28, 20  # MNIST: the digit fills a box of 20 in a picture of 28, its middle by mass in the centre
HIDDEN = 200


class DigitRecognitionParams(DigitsParams):
    image: dllab.Input | None = dllab.input(
        "image", default=None, help="a digit that you drew, dark on light or light on dark"
    )
    epochs: int = dllab.param(6, ge=1, le=200, help="times that all pictures are seen")
    learning_rate: float = dllab.param(0.002, gt=0, le=0.1, help="of Adam")


@dllab.experiment(
    "digit-recognition",
    topic="course/neural",
    lectures=(
        "0@2660:필기체 인식을 위한 신경망",
        "0@2750:Neural Net for Handwritten Digit Recognition",
        "0@2860:(784 + 1) * 200 = 157.000 weights",
        "0@2861:(200 + 1) * 10 = 2010 weights",
        "3@1370:필기 인식",
    ),
    about=ABOUT["digit-recognition"],
    tiny={"epochs": 1},
    ko={**DIGITS_KO, "image": "직접 쓴 숫자 그림", "epochs": "에포크", "learning_rate": "Adam의 학습률"},
)
def digit_recognition(run: dllab.Run, params: DigitRecognitionParams) -> None:
    """784 inputs, 200 logistic neurons, softmax over 10; every picture is boxed, scaled and centred first."""
    import numpy as np
    import torch

    from dllab_neural.training import check_accuracy, fit, nearest_mean, start, tensors

    if params.image is None:
        drawing = drawn_three(200)
        run.message(
            run.words(
                "a 3 drawn here; --image FILE.png takes your own",
                "여기서 그린 3입니다. --image 파일.png로 내 숫자를 넣으세요",
            )
        )
    else:
        loaded = run.load_image(params.image)
        cover = 1.0 if loaded.alpha is None else loaded.alpha
        drawing = np.asarray(loaded.pixels.mean(axis=0) * cover + (1 - cover))
    steps = preprocess(drawing)
    if steps is None:
        raise dllab.InputError(
            f"'{params.image.name if params.image else 'drawing'}' is of one colour; draw a digit on it"
        )
    digits = load(run, params)
    boxed = [np.stack([preprocess(one)[-1] for one in part]) for part in (digits.train, digits.test)]
    net = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(SIDE**2, HIDDEN), torch.nn.Sigmoid(), torch.nn.Linear(HIDDEN, 10)
    )
    start(net, run.torch_generator("weights"))
    train, test = tensors(boxed[0], digits.train_labels), tensors(boxed[1], digits.test_labels)
    curve = fit(run, net, train, test, epochs=params.epochs, learning_rate=params.learning_rate)
    with torch.no_grad():
        chances = torch.softmax(net(torch.from_numpy(steps[-1])[None, None]), 1)[0].numpy()
    digit = int(chances.argmax())
    run.message(
        run.words(
            f"it reads {digit}, with {chances[digit]:.0%}", f"{digit}(으)로 읽습니다 ({chances[digit]:.0%})"
        )
    )
    run.log(params.epochs, test_accuracy=curve["test"][-1], read=digit)
    _draw(run, steps, chances, curve)
    run.save_json("reading.json", {"digit": digit, "chances": chances})
    run.save_model(
        "net.safetensors", net.state_dict(), {"layers": "784-200-10", "classes": "0 1 2 3 4 5 6 7 8 9"}
    )
    for place, known in ((1, 157_000), (3, 2_010)):
        run.check(
            f"weights of layer {place // 2 + 1}",
            got=sum(p.numel() for p in net[place].parameters()),
            expected=known,
            source="the slide: (784 + 1) · 200 = 157,000 and (200 + 1) · 10 = 2,010",
            ko=f"{place // 2 + 1}층의 가중치 수",
        )
    run.check(
        "sum of the ten chances",
        got=float(chances.sum()),
        expected=1,
        abs=1e-5,
        source="softmax",
        ko="열 확률의 합",
    )
    moved = np.ones((260, 300), dtype=np.float32)
    moved[47:247, 83:283] = drawn_three(200)
    same = preprocess(drawn_three(200))[-1]
    run.check(
        "what moving the drawing changes",
        got=float(np.abs(preprocess(moved)[-1] - same).max()),
        at_most=1e-6,
        source="closed form: the box is cut out before all else",
        ko="그림을 옮길 때의 변화",
    )
    run.check(
        "what light on dark changes",
        got=float(np.abs(preprocess(1 - drawn_three(200))[-1] - same).max()),
        at_most=1e-6,
        source="closed form: the ground is what the border has, and ink is what differs",
        ko="명암을 뒤집을 때의 변화",
    )
    y, x = np.mgrid[:SIDE, :SIDE]
    mass = same / same.sum()
    off = max(abs(float((mass * y).sum()) - 13.5), abs(float((mass * x).sum()) - 13.5))
    run.check(
        "distance of the ink's middle from the centre",
        got=off,
        at_most=0.6,
        source="half a pixel of rounding, along each side",
        ko="무게 중심과 가운데의 거리",
    )
    baseline = nearest_mean(type(digits)(boxed[0], digits.train_labels, boxed[1], digits.test_labels))
    check_accuracy(run, curve["test"][-1], baseline, len(digits.test_labels), params.epochs)


def drawn_three(side: int) -> np.ndarray:
    """A 3 of our own, dark strokes on white, (side, side) in [0, 1]."""
    import numpy as np

    t = np.linspace(-0.62 * np.pi, 0.5 * np.pi, 60)
    upper = np.column_stack([0.46 + 0.17 * np.cos(t), 0.36 + 0.15 * np.sin(t)])
    lower = np.column_stack([0.46 + 0.2 * np.cos(t + 0.12 * np.pi), 0.67 + 0.17 * np.sin(t + 0.12 * np.pi)])
    path = np.concatenate([upper, lower]) * side
    y, x = np.mgrid[:side, :side]
    nearest = np.min((x[..., None] - path[:, 0]) ** 2 + (y[..., None] - path[:, 1]) ** 2, axis=-1) ** 0.5
    return np.clip((nearest - 0.035 * side) / 2, 0, 1).astype(np.float32)


def preprocess(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """Ink (h, w), its box, the box scaled to 20, and the centred picture (28, 28), all in [0, 1].

    picture: (h, w), any ground and any ink. None where it is of one colour.
    Source: LeCun et al. 1998, section III.A: a box of 20 x 20, centred by mass in 28 x 28.
    """
    import numpy as np

    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    ink = np.abs(picture - np.median(border))
    if float(ink.max()) < 0.05:
        return None
    ink = ink / ink.max()
    rows, columns = np.flatnonzero((ink > 0.2).any(axis=1)), np.flatnonzero((ink > 0.2).any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(box.shape)
    small = resize(box, max(round(box.shape[0] * scale), 1), max(round(box.shape[1] * scale), 1))
    small = small / max(float(small.max()), 1e-9)
    mass = small / small.sum()
    middle = [float((mass.sum(axis=1 - k) * np.arange(small.shape[k])).sum()) for k in (0, 1)]
    corner = [int(np.clip(round(13.5 - m), 0, SIDE - n)) for m, n in zip(middle, small.shape, strict=True)]
    out = np.zeros((SIDE, SIDE), dtype=np.float32)
    out[corner[0] : corner[0] + small.shape[0], corner[1] : corner[1] + small.shape[1]] = small
    return ink, box, small, out


def resize(picture: np.ndarray, high: int, wide: int) -> np.ndarray:
    """To (high, wide): each new pixel is the mean of the area below it, or lies between its neighbours."""
    import numpy as np

    def weights(old: int, new: int) -> np.ndarray:
        centre = (np.arange(new) + 0.5) * old / new - 0.5
        reach = max(old / new, 1.0)
        share = np.maximum(1 - np.abs(np.arange(old) - centre[:, None]) / reach, 0)  # (new, old)
        return share / share.sum(axis=1, keepdims=True)

    return (weights(picture.shape[0], high) @ picture @ weights(picture.shape[1], wide).T).astype(np.float32)


def _draw(
    run: dllab.Run, steps: tuple[np.ndarray, ...], chances: np.ndarray, curve: dict[str, list[float]]
) -> None:
    from dllab_neural.drawing import INK

    figure, panels = dllab.new_figure(1, 5, size=(13.4, 3.2), width_ratios=(1, 1, 1, 1.6, 1.3))
    titles = (
        run.words("drawn", "그린 것"),
        run.words("its box", "상자"),
        run.words("28 x 28, centred", "28 x 28, 가운데로"),
    )
    for axes, picture, title in zip(panels, (steps[0], steps[1], steps[3]), titles, strict=False):
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        axes.set_title(title, loc="left")
    best = int(chances.argmax())
    panels[3].bar(range(10), chances, color=[dllab.COLOURS[0] if i == best else "#b9c2cf" for i in range(10)])
    panels[3].text(best, chances[best] + 0.02, f"{chances[best]:.2f}", ha="center", fontsize=9, color=INK)
    panels[3].set(xticks=range(10), ylim=(0, 1.12))
    panels[3].set_title(run.words(f"It reads: {best}", f"읽은 숫자: {best}"), loc="left")
    panels[4].plot(curve["train"], linewidth=2, label=run.words("learned", "학습"))
    panels[4].plot(curve["test"], linewidth=2, label=run.words("test", "테스트"))
    panels[4].set(xlabel=run.words("epoch", "에포크"), ylim=(0, 1.02))
    panels[4].legend(loc="lower right")
    panels[4].set_title(
        run.words(f"Test: {curve['test'][-1]:.1%} right", f"테스트 정답률 {curve['test'][-1]:.1%}"),
        loc="left",
    )
    run.save_figure("reading.png", figure)
