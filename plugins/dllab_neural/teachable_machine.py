"""A machine that is taught with a few pictures: collect, train, try, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

    from dllab_neural.own_pictures import OwnPictures
    from dllab_neural.picture_classifier import Classifier


class TeachableMachineParams(dllab.Params):
    data: dllab.Input | None = dllab.input(
        "folder",
        default=None,
        help="folder with a folder of pictures for each class; drawn hands without it",
    )
    each: int = dllab.param(12, ge=4, le=200, help="drawn pictures of each class")
    test_share: float = dllab.param(
        0.3, ge=0.05, le=0.8, help="share of the pictures that is kept for the test"
    )
    epochs: int = dllab.param(30, ge=1, le=1000, help="times that all pictures are seen")
    batch_size: int = dllab.param(16, ge=1, le=512, help="pictures of one step")
    learning_rate: float = dllab.param(0.003, gt=0, le=1, help="of Adam")


@dllab.experiment(
    "teachable-machine",
    topic="course/neural",
    lectures=(
        "0@410:Google Teachable Machine",
        "0@430:google teachable machine 이란 무엇인가?",
        "0@450:학습 모델을 생성한 후 저장하고 활용",
        "0@500:teachable : 가르치는 / 잘 배우는",
    ),
    about=ABOUT["teachable-machine"],
    tiny={"each": 5, "epochs": 15},
    ko={
        "data": "클래스마다 그림 폴더가 있는 폴더; 없으면 그려 낸 손 그림",
        "each": "클래스마다 그릴 그림 수",
        "test_share": "테스트에 남겨 둘 그림의 비율",
        "epochs": "에포크",
        "batch_size": "한 걸음에 쓰는 그림 수",
        "learning_rate": "Adam의 학습률",
    },
)
def teachable_machine(run: dllab.Run, params: TeachableMachineParams) -> None:
    """A linear layer above the frozen backbone, in epochs and batches as on the web page."""
    import numpy as np

    from dllab_neural.own_pictures import parted
    from dllab_neural.picture_classifier import backbone_features, save

    own = _pictures(run, params)
    learn, test = parted(own.labels, params.test_share, run.rng)
    features = backbone_features(run, own.pictures)
    classifier, curve = _train(run, params, features, own, learn, test)
    facts = {"learned": len(learn), "tested": len(test), "test_accuracy": curve["test"][-1]}
    save(run, classifier, {**facts, "left_out": dict(own.left_out)})
    run.save_table("learning.csv", {"epoch": range(len(curve["loss"])), **curve})
    _draw(run, own, learn, test, classifier.chances(features[test]), curve)
    before = classifier.logits(features)
    run.check(
        "logits after export and reload, largest difference",
        got=float(np.abs(_reloaded(classifier).logits(features) - before).max()),
        expected=0.0,
        abs=0.0,
        source="a file of safetensors keeps every bit",
        ko="내보내고 다시 읽은 로짓의 최대 차이",
    )
    run.check(
        "loss before the first step",
        got=curve["loss"][0],
        expected=float(np.log(len(own.classes))),
        abs=1e-9,
        source="weights of zero say 1/k for each of k classes: -ln(1/k)",
        ko="첫 걸음 전의 손실",
    )
    if params.data is None and params.each >= 10 and params.epochs >= 10:  # of fewer, chance decides
        error = (1 / 3 * 2 / 3 / len(test)) ** 0.5
        run.check(
            "test accuracy",
            got=curve["test"][-1],
            at_least=min(1 / 3 + 2 * error, 0.8),
            source=f"one of three hands by chance, and two standard errors of {len(test)} pictures",
            ko="테스트 정확도",
        )


def _pictures(run: dllab.Run, params: TeachableMachineParams) -> OwnPictures:
    """The user's pictures by class, or drawn hands, which is said."""
    from dllab_neural.drawn_scenes import HANDS, draw_hand, draw_set
    from dllab_neural.own_pictures import OwnPictures, read_classes
    from dllab_neural.transfer_learning import shown_names

    if params.data is not None:
        return read_classes(run, params.data)
    run.message(
        run.words(
            f"{params.each} hands of each shape are drawn; --data FOLDER takes pictures of your own",
            f"모양마다 손 {params.each}장을 그립니다. --data 폴더로 내 그림을 쓸 수 있습니다",
        )
    )
    pictures, labels = draw_set(draw_hand, tuple(HANDS), params.each, run.rng)
    names = tuple(f"hand {i + 1}" for i in range(len(labels)))
    return OwnPictures(pictures, labels, shown_names(run, HANDS), names)


def _train(
    run: dllab.Run,
    params: TeachableMachineParams,
    features: np.ndarray,
    own: OwnPictures,
    learn: np.ndarray,
    test: np.ndarray,
) -> tuple[Classifier, dict[str, list[float]]]:
    """Adam on the cross-entropy from weights of zero; loss and accuracies before and after each epoch."""
    import torch
    from torch.nn.functional import cross_entropy

    from dllab_neural.picture_classifier import Classifier, scales

    mean, deviation = scales(features[learn])
    scaled, labels = torch.tensor((features - mean) / deviation), torch.tensor(own.labels)
    weight = torch.zeros(len(own.classes), scaled.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(own.classes), dtype=torch.float64, requires_grad=True)
    descent = torch.optim.Adam([weight, bias], lr=params.learning_rate)
    generator = run.torch_generator("order")
    curve: dict[str, list[float]] = {"loss": [], "train": [], "test": []}

    def measure(epoch: int) -> None:
        with torch.no_grad():
            logits = scaled @ weight.T + bias
        right = (logits.argmax(dim=1) == labels).double()
        curve["loss"].append(float(cross_entropy(logits[learn], labels[learn])))
        curve["train"].append(float(right[learn].mean()))
        curve["test"].append(float(right[test].mean()))
        run.log(epoch, loss=curve["loss"][-1], train=curve["train"][-1], test=curve["test"][-1])

    measure(0)
    for epoch in run.progress(range(params.epochs), label=run.words("epochs", "에포크")):
        for few in torch.randperm(len(learn), generator=generator).split(params.batch_size):
            batch = torch.tensor(learn)[few]
            descent.zero_grad()
            cross_entropy(scaled[batch] @ weight.T + bias, labels[batch]).backward()
            descent.step()
        measure(epoch + 1)
    return Classifier(own.classes, weight.detach().numpy(), bias.detach().numpy(), mean, deviation), curve


def _reloaded(classifier: Classifier) -> Classifier:
    """The classifier from the bytes of its own export."""
    from safetensors.numpy import load, save

    parts = ("weight", "bias", "mean", "deviation")
    state = load(save({name: getattr(classifier, name).copy() for name in parts}))
    return type(classifier)(classifier.classes, *(state[name] for name in parts))


def _draw(
    run: dllab.Run,
    own: OwnPictures,
    learn: np.ndarray,
    test: np.ndarray,
    chances: np.ndarray,
    curve: dict[str, list[float]],
) -> None:
    """What was collected, how it was learned, and three pictures that it never saw."""
    import numpy as np

    from dllab_neural.picture_sheets import RIGHT, WRONG, chances_bars, merged, quiet, short, show

    rows = min(len(own.classes), 4)
    figure, panels = dllab.new_figure(rows, 11, size=(14.5, 1.5 * max(rows, 2) + 0.8))
    for row in range(rows):
        mine = learn[own.labels[learn] == row][:4]
        for axes, i in zip(panels[row, :4], [*mine, None, None, None], strict=False):
            if i is None:
                axes.set_axis_off()
            else:
                show(axes, own.pictures[i])
        panels[row, 0].set_ylabel(short(own.classes[row]), fontsize=10)
    panels[0, 0].set_title(run.words("1  Collect", "1  모으기"), loc="left")
    plot = merged(figure, panels, slice(None), slice(4, 7))
    quiet(plot)
    plot.plot(curve["train"], linewidth=2, label=run.words("learned", "학습"))
    plot.plot(curve["test"], linewidth=2, label=run.words("test", "테스트"))
    plot.set(xlabel=run.words("epoch", "에포크"), ylim=(0, 1.03))
    plot.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    plot.legend(loc="lower right")
    plot.set_title(run.words("2  Train", "2  학습하기"), loc="left")
    said, truth = chances.argmax(axis=1), own.labels[test]
    wrong = np.flatnonzero(said != truth)
    shown = [wrong[0]] if len(wrong) else []
    for number in [*range(rows), *range(rows)]:
        shown += [i for i in np.flatnonzero(truth == number) if i not in shown][:1]
    for row in range(rows):
        wide = merged(figure, panels, slice(row, row + 1), slice(8, 11))
        if row >= len(shown):
            panels[row, 7].set_axis_off()
            wide.set_axis_off()
            continue
        i = shown[row]
        show(panels[row, 7], own.pictures[test[i]], "", RIGHT if said[i] == truth[i] else WRONG)
        chances_bars(wide, chances[i], own.classes)
    panels[0, 7].set_title(run.words("3  Try", "3  시험하기"), loc="left")
    run.save_figure("teachable.png", figure)
