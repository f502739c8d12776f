"""What a net sees: filters, maps of a picture, what channels and classes look for, and why it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_vision.feature_params import KO, VIEWS, FeaturesParams
from dllab_vision.texts import ABOUT

if TYPE_CHECKING:
    from dllab_vision.seeing import SeeingNet


@dllab.experiment(
    "features",
    topic="vision",
    lectures=(
        "1:CNN 모델의 특징 맵(feature Map)",
        "1:CNN의 필터(Filter)",
        "4:합성곱 신경망의 자동생성 필터",
    ),
    about=ABOUT["features"],
    tiny={"layers": ("c2_1",), "count": 4, "guesses": 2, "size": 32, "steps": 12, "max_size": 96},
    ko=KO,
)
def features(run: dllab.Run, params: FeaturesParams) -> None:
    """What a convolutional net sees, as labelled sheets: from its filters to its reasons.

    Sources: Zeiler & Fergus 2014; Olah, Mordvintsev, Schubert 2017; Simonyan et al. 2014; Selvaraju et al.
    2017.
    """
    from dllab_vision import feature_sheets
    from dllab_vision.subject import Subject

    for view in params.show:
        if view not in VIEWS:
            raise dllab.UsageError(f"--show {view}: there is {', '.join(VIEWS)}")
    picture = run.load_image(params.image)
    net = run.model(f"vision/{params.backbone}", weights=params.weights)
    _check(params, net)
    labels = [label_of(net, words) for words in params.classes]
    net = net.to(run.device)
    subject = Subject.of(run, net, picture.pixels, params.max_size)
    for view in VIEWS:
        if view in params.show:
            getattr(feature_sheets, view)(run, params, net, subject, labels)


def _check(params: FeaturesParams, net: SeeingNet) -> None:
    """Raise UsageError for a layer or a channel that the net lacks."""
    for layer in params.layers:
        if layer not in net.channels:
            raise dllab.UsageError(f"--layers {layer}: the net has {', '.join(net.layer_names)}")
    for layer in params.layers or (net.dream_layer,):
        for channel in params.channels:
            if not 0 <= channel < net.channels[layer]:
                last = net.channels[layer] - 1
                raise dllab.UsageError(f"--channels {channel}: layer {layer} has the channels 0 to {last}")


def label_of(net: SeeingNet, words: str) -> int:
    """The number of the class that is meant by its number, its name or a part of the name.

    Raises UsageError when there is none, or more than one.
    """
    count = len(net.class_names)
    if words.isdecimal():
        if int(words) < count:
            return int(words)
        raise dllab.UsageError(f"--classes {words}: the net has the classes 0 to {count - 1}")
    lower = words.casefold().strip()
    names = [name.casefold().split(", ") for name in net.class_names]
    found = [number for number, name in enumerate(net.class_names) if lower in name.casefold()]
    worded = [number for number in found if f" {lower} " in f" {' '.join(names[number])} "]
    exact = [number for number in found if lower in names[number]]
    for sure in (exact, worded, found):
        if len(sure) == 1:
            return sure[0]
    if not found or not lower:
        raise dllab.UsageError(f"--classes {words}: no class is called so; give its number, 0 to {count - 1}")
    some = "; ".join(f"{number} {net.class_names[number].split(',')[0]}" for number in (worded or found)[:5])
    raise dllab.UsageError(f"--classes {words}: several classes are called so; give a number: {some}")
