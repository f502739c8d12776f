"""Transfer learning: a network that saw other pictures looks at yours, and only a last layer is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

    from dllab_neural.own_pictures import OwnPictures

RAW_SIDE = 16  # px: of the pixels that the baseline gets
DATA_HELP = "folder with a folder of pictures for each class; drawn skies without it"


class TransferLearningParams(dllab.Params):
    data: dllab.Input | None = dllab.input("folder", default=None, help=DATA_HELP)
    each: int = dllab.param(30, ge=4, le=500, help="drawn pictures of each class")
    test_share: float = dllab.param(
        0.3, ge=0.05, le=0.8, help="share of the pictures that is kept for the test"
    )
    decay: float = dllab.param(1.0, gt=0, le=1000, help="how strongly large weights are held back")


@dllab.experiment(
    "transfer-learning",
    topic="course/neural",
    lectures=(
        "0@4710:전이 학습(transfer learning)",
        "1@3650:Transfer Learning을 활용한 마동석 분류기 만들기",
        "4@3360:이미지 데이터로 날씨 분류",
    ),
    about=ABOUT["transfer-learning"],
    tiny={"each": 6},
    ko={
        "data": "클래스마다 그림 폴더가 있는 폴더; 없으면 그려 낸 하늘 그림",
        "each": "클래스마다 그릴 그림 수",
        "test_share": "테스트에 남겨 둘 그림의 비율",
        "decay": "큰 가중치를 누르는 세기",
    },
)
def transfer_learning(run: dllab.Run, params: TransferLearningParams) -> None:
    """Features of the frozen backbone, a softmax regression; beside it the same on pixels, and a guess."""
    import numpy as np

    from dllab_neural.own_pictures import parted
    from dllab_neural.picture_classifier import backbone_features, fit_head, save

    own = pictures_of(run, params.data, params.each)
    learn, test = parted(own.labels, params.test_share, run.rng)
    features, raw = backbone_features(run, own.pictures), raw_pixels(own.pictures)
    classifier = fit_head(features[learn], own.labels[learn], own.classes, params.decay)
    on_pixels = fit_head(raw[learn], own.labels[learn], own.classes, params.decay)
    chances, truth = classifier.chances(features[test]), own.labels[test]
    usual = np.bincount(own.labels[learn]).argmax()
    accuracy = {
        "majority": float((truth == usual).mean()),
        "pixels": float((on_pixels.logits(raw[test]).argmax(axis=1) == truth).mean()),
        "features": float((chances.argmax(axis=1) == truth).mean()),
    }
    run.log(0, **accuracy, learned=len(learn), tested=len(test), left_out=len(own.left_out))
    run.save_table("test.csv", _rows(own, test, chances))
    save(
        run,
        classifier,
        {"learned": len(learn), "tested": len(test), "accuracy": accuracy, "left_out": dict(own.left_out)},
    )
    _draw(run, own, test, chances, accuracy)
    shares = np.bincount(own.labels[learn]) / len(learn)
    gap = np.abs(classifier.chances(features[learn]).mean(axis=0) - shares).max()
    run.check(
        "mean chance of each class less its share, largest",
        got=float(gap),
        at_most=1e-5,
        source="where the derivative by a free bias is zero, they are equal: the one minimum is reached",
        ko="클래스의 평균 확률과 비율의 최대 차이",
    )
    if params.data is None:
        _check_against_guessing(run, accuracy, len(test))


def pictures_of(run: dllab.Run, data: dllab.Input | None, each: int) -> OwnPictures:
    """The user's pictures by class, or drawn skies, which is said."""
    from dllab_neural.drawn_scenes import WEATHERS, draw_set, draw_sky
    from dllab_neural.own_pictures import OwnPictures, read_classes

    if data is not None:
        return read_classes(run, data)
    run.message(
        run.words(
            f"{each} skies of each weather are drawn; --data FOLDER takes photographs of your own",
            f"날씨마다 하늘 {each}장을 그립니다. --data 폴더로 내 사진을 쓸 수 있습니다",
        )
    )
    pictures, labels = draw_set(draw_sky, tuple(WEATHERS), each, run.rng)
    names = tuple(f"sky {i + 1}" for i in range(len(labels)))
    return OwnPictures(pictures, labels, shown_names(run, WEATHERS), names)


def shown_names(run: dllab.Run, names: dict[str, str]) -> tuple[str, ...]:
    """The names of drawn classes, in the run's language."""
    return tuple(run.words(english, korean) for english, korean in names.items())


def raw_pixels(pictures: np.ndarray) -> np.ndarray:
    """Pictures uint8 (n, side, side, 3) as RAW_SIDE · RAW_SIDE · 3 numbers in [0, 1] each."""
    import numpy as np

    n, side, _, _ = pictures.shape
    block = side // RAW_SIDE
    return pictures.reshape(n, RAW_SIDE, block, RAW_SIDE, block, 3).mean(axis=(2, 4)).reshape(
        n, -1
    ) / np.float64(255)


def _rows(own: OwnPictures, test: np.ndarray, chances: np.ndarray) -> dict[str, list[object]]:
    said = chances.argmax(axis=1)
    rows: dict[str, list[object]] = {
        "picture": [own.names[i] for i in test],
        "class": [own.classes[own.labels[i]] for i in test],
        "said": [own.classes[k] for k in said],
        "chance": [float(row.max()) for row in chances],
    }
    return rows


def _check_against_guessing(run: dllab.Run, accuracy: dict[str, float], count: int) -> None:
    """On the drawn skies: better than a guess of one of three by three standard errors."""
    error = (1 / 3 * 2 / 3 / count) ** 0.5
    run.check(
        "test accuracy of the head",
        got=accuracy["features"],
        at_least=min(1 / 3 + 3 * error, 0.8),
        source=f"one of three by chance, and three standard errors of {count} pictures",
        ko="선형층의 테스트 정확도",
    )


def _draw(
    run: dllab.Run, own: OwnPictures, test: np.ndarray, chances: np.ndarray, accuracy: dict[str, float]
) -> None:
    """Test pictures, the wrong ones first; the three accuracies; which class was taken for which."""
    import numpy as np

    from dllab_neural.drawing import confusion
    from dllab_neural.picture_sheets import RIGHT, WRONG, compared, merged, short, show

    said, truth = chances.argmax(axis=1), own.labels[test]
    rows, across = 4, 4
    figure, panels = dllab.new_figure(rows, across + 4, size=(12, 6.8))
    bars = merged(figure, panels, slice(0, 2), slice(across, None))
    table = merged(figure, panels, slice(2, 4), slice(across, None))
    wrong = np.flatnonzero(said != truth)
    right = np.flatnonzero(said == truth)
    right = (
        right[np.linspace(0, len(right) - 1, min(len(right), rows * across)).astype(int)]
        if len(right)
        else right
    )
    order = [*wrong[: rows * across - 4], *right][: rows * across]
    for axes, i in zip(panels[:, :across].flat, [*order, *[None] * (rows * across)], strict=False):
        if i is None:
            axes.set_axis_off()
            continue
        words = f"{short(own.classes[said[i]])} {chances[i].max():.0%}"
        show(axes, own.pictures[test[i]], words, RIGHT if said[i] == truth[i] else WRONG)
    names = (
        run.words("always the\ncommonest class", "늘 가장 많은\n클래스로"),
        run.words("learned on\nraw pixels", "픽셀로 학습"),
        run.words("learned on what the\nbackbone sees", "신경망의 특징으로\n학습"),
    )
    compared(bars, names, list(accuracy.values()), len(test))
    bars.set_title(
        run.words(f"Right of {len(test)} test pictures", f"테스트 그림 {len(test)}장의 정답률"), loc="left"
    )
    confusion(table, truth, said, [short(name, 9) for name in own.classes])
    table.set(xlabel=run.words("said", "예측"), ylabel=run.words("is", "실제"))
    run.save_figure("transfer.png", figure)
