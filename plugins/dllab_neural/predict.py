"""A saved classifier says what is on pictures that it never saw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

    from dllab_neural.own_pictures import OwnPictures
    from dllab_neural.picture_classifier import Classifier

SHOWN = 24  # pictures of the sheet
ACROSS = 8
DRAWN_TO_LEARN = 12  # skies of each weather, where no classifier is given


class PredictParams(dllab.Params):
    classifier: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="RUN:classifier.safetensors or its path; one for drawn skies is learned without it",
    )
    pictures: dllab.Input | None = dllab.input(
        "file", default=None, help="picture, or folder of pictures; drawn skies without it"
    )
    sure: float = dllab.param(0.5, ge=0, le=1, help="below this chance it says that it does not know")
    each: int = dllab.param(8, ge=2, le=200, help="drawn pictures of each class")


@dllab.experiment(
    "predict",
    topic="course/neural",
    lectures=(
        "0@451:학습 모델을 생성한 후 저장하고 활용",
        "1@3670:이미지 크롤링 + Transfer Learning + Web API 실습",
        "4@3361:이미지 데이터로 날씨 분류",
    ),
    about=ABOUT["predict"],
    tiny={"each": 2},
    ko={
        "classifier": "RUN:classifier.safetensors 또는 그 경로; 없으면 그려 낸 하늘로 하나를 배움",
        "pictures": "그림 한 장 또는 그림 폴더; 없으면 그려 낸 하늘 그림",
        "sure": "확률이 이보다 낮으면 모른다고 말함",
        "each": "클래스마다 그릴 그림 수",
    },
)
def predict(run: dllab.Run, params: PredictParams) -> None:
    """Backbone, linear head, softmax. Folders that are named like classes tell what is right."""
    import numpy as np

    from dllab_neural.picture_classifier import backbone_features, load

    if params.classifier is None:
        classifier = _learned_here(run)
    else:
        classifier = load(params.classifier.path, params.classifier.name)  # type: ignore[arg-type]
    own = _pictures(run, params, classifier)
    features = backbone_features(run, own.pictures)
    if features.shape[1] != len(classifier.mean):
        raise dllab.InputError(
            f"the classifier reads {len(classifier.mean)} features, the backbone gives {features.shape[1]}; "
            "make it again by dllab run transfer-learning"
        )
    chances = classifier.chances(features)
    said = chances.argmax(axis=1)
    is_sure = chances.max(axis=1) >= params.sure
    known = own.labels >= 0
    run.log(0, pictures=len(said), unsure=int((~is_sure).sum()), left_out=len(own.left_out))
    if known.any():
        run.log(1, accuracy=float((said == own.labels)[known].mean()), known=int(known.sum()))
    _save(run, own, classifier, chances, is_sure)
    _draw(run, own, classifier, chances, is_sure)
    run.check(
        "sum of the chances less 1, largest",
        got=float(np.abs(chances.sum(axis=1) - 1).max()),
        at_most=1e-12,
        source="the softmax is a distribution",
        ko="확률의 합과 1의 최대 차이",
    )
    run.check(
        "chances of the first picture against plain sums, largest difference",
        got=float(np.abs(chances[0] - by_hand(classifier, features[0])).max()),
        at_most=1e-9,
        source="Σ w · (f - mean) / deviation + b, and e^z / Σ e^z, number by number",
        ko="첫 그림의 확률과 손으로 더한 값의 최대 차이",
    )
    if params.classifier is None and params.pictures is None:
        run.check(
            "accuracy on drawn skies",
            got=float((said == own.labels).mean()),
            at_least=0.6,
            source="one of three by chance is 0.33; twice that, nearly, at 24 pictures and fewer",
            ko="그려 낸 하늘에서의 정확도",
        )


def by_hand(classifier: Classifier, features: np.ndarray) -> list[float]:
    """The chances of one picture from its features (f,), in plain sums."""
    import math

    logits = []
    for row, bias in zip(classifier.weight.tolist(), classifier.bias.tolist(), strict=True):
        parts = zip(
            row, features.tolist(), classifier.mean.tolist(), classifier.deviation.tolist(), strict=True
        )
        logits.append(math.fsum(w * (f - m) / d for w, f, m, d in parts) + bias)
    top = max(logits)
    raised = [math.exp(z - top) for z in logits]
    return [one / sum(raised) for one in raised]


def _learned_here(run: dllab.Run) -> Classifier:
    """A classifier of skies that are drawn for it."""
    from dllab_neural.drawn_scenes import WEATHERS, draw_set, draw_sky
    from dllab_neural.picture_classifier import backbone_features, fit_head
    from dllab_neural.transfer_learning import shown_names

    run.message(
        run.words(
            "a classifier of drawn skies is learned first; --classifier RUN:classifier.safetensors takes one "
            "of transfer-learning or teachable-machine",
            "먼저 그려 낸 하늘로 분류기를 배웁니다. --classifier RUN:classifier.safetensors로 "
            "transfer-learning이나 teachable-machine이 남긴 것을 쓸 수 있습니다",
        )
    )
    pictures, labels = draw_set(draw_sky, tuple(WEATHERS), DRAWN_TO_LEARN, run.rng)
    return fit_head(backbone_features(run, pictures), labels, shown_names(run, WEATHERS))


def _pictures(run: dllab.Run, params: PredictParams, classifier: Classifier) -> OwnPictures:
    """The user's pictures, with the labels that their folders tell; or drawn skies."""
    import numpy as np

    from dllab_neural.drawn_scenes import WEATHERS, draw_set, draw_sky
    from dllab_neural.own_pictures import OwnPictures, read_any
    from dllab_neural.transfer_learning import shown_names

    if params.pictures is None:
        pictures, numbers = draw_set(draw_sky, tuple(WEATHERS), params.each, run.rng)
        names = shown_names(run, WEATHERS)
        truth = [names[k] for k in numbers]
        own = OwnPictures(pictures, numbers, (), tuple(f"{name} {i + 1}" for i, name in enumerate(truth)))
    else:
        own = read_any(run, params.pictures)
        truth = [name.split("/")[0] for name in own.names]
    labels = [classifier.classes.index(name) if name in classifier.classes else -1 for name in truth]
    return replace(own, labels=np.array(labels), classes=classifier.classes)


def _save(
    run: dllab.Run, own: OwnPictures, classifier: Classifier, chances: np.ndarray, is_sure: np.ndarray
) -> None:
    """predictions.csv, a row for each picture, and predictions.json with the chance of every class."""
    said = [classifier.classes[k] for k in chances.argmax(axis=1)]
    run.save_table(
        "predictions.csv",
        {
            "picture": list(own.names),
            "said": said,
            "chance": chances.max(axis=1).tolist(),
            "sure": ["yes" if one else "no" for one in is_sure],
            "class": [classifier.classes[k] if k >= 0 else "" for k in own.labels],
        },
    )
    each = [
        {"picture": name, "said": word, "chances": dict(zip(classifier.classes, row.tolist(), strict=True))}
        for name, word, row in zip(own.names, said, chances, strict=True)
    ]
    run.save_json("predictions.json", {"pictures": each, "left_out": dict(own.left_out)})


def _draw(
    run: dllab.Run, own: OwnPictures, classifier: Classifier, chances: np.ndarray, is_sure: np.ndarray
) -> None:
    """A sheet of pictures with what was said of each and its chance; a question mark where it is not sure."""
    import numpy as np

    from dllab_neural.drawing import MUTED
    from dllab_neural.picture_sheets import RIGHT, WRONG, short, show

    count = min(len(chances), SHOWN)
    places = np.linspace(0, len(chances) - 1, count).round().astype(int)
    across = min(ACROSS, count)
    rows = -(-count // across)
    figure, panels = dllab.new_figure(rows, across, size=(max(1.6 * across, 3.2), 1.75 * rows + 0.4))
    panels = np.atleast_1d(panels).ravel()
    for axes in panels[count:]:
        axes.set_axis_off()
    for axes, i in zip(panels, places, strict=False):
        k = int(chances[i].argmax())
        known = own.labels[i] >= 0
        colour = (RIGHT if own.labels[i] == k else WRONG) if known else "#0072b2"
        mark = "" if is_sure[i] else "? "
        show(axes, own.pictures[i], f"{mark}{short(classifier.classes[k], 11)} {chances[i, k]:.0%}", colour)
        if not known:
            axes.set_xlabel(short(own.names[i].split("/")[-1], 18), fontsize=7, color=MUTED)
    run.save_figure("predictions.png", figure)
