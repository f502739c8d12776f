"""What a net sees: filters, maps of a picture, what channels and classes look for, and why it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab
from dllab_vision.texts import ABOUT

if TYPE_CHECKING:
    from dllab_vision.seeing import SeeingNet

VIEWS = ("filters", "maps", "channels", "classes", "why")


class FeaturesParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture to show to the net")
    show: tuple[str, ...] = dllab.param(VIEWS, min_length=1, help=f"which sheets to make: {', '.join(VIEWS)}")
    layers: tuple[str, ...] = dllab.param(
        (),
        help="layers to look at; none takes one for each size in `maps`, and the dream layer in `channels`",
    )
    channels: tuple[int, ...] = dllab.param(
        (), help="channels to show, by number; none takes those that the picture excites most"
    )
    classes: tuple[str, ...] = dllab.param(
        (), help="classes to show, by number or by a part of the name; none takes the net's own guesses"
    )
    count: int = dllab.param(
        24,
        ge=1,
        le=512,
        help="how many channels to show; a sixth of it, but 6 at least, in each row of `maps`",
    )
    guesses: int = dllab.param(6, ge=1, le=50, help="how many classes to show")
    size: int = dllab.param(96, ge=32, le=512, unit="px", help="height and width of the ideal pictures")
    steps: int = dllab.param(64, ge=1, le=2000, help="gradient steps for each ideal picture")
    max_size: int = dllab.param(
        320, ge=64, le=2048, unit="px", help="longest side of the picture as the maps are made of it"
    )
    backbone: str = dllab.param(
        "backbone", help="net to look into: backbone, vgg16, googlenet …; `dllab models` lists them"
    )
    weights: dllab.Input | None = dllab.input(
        "model", default=None, help="weights of that net in a file: .safetensors, or torchvision's .pth"
    )


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
    ko={
        "image": "신경망에 보여 줄 그림",
        "show": f"만들 모음 시트: {', '.join(VIEWS)}",
        "layers": "살펴볼 층; 비우면 maps는 크기마다 한 층, channels는 딥드림 층",
        "channels": "보여 줄 채널 번호; 비우면 그림에 가장 크게 반응하는 채널",
        "classes": "보여 줄 클래스의 번호나 이름의 일부; 비우면 신경망의 추측",
        "count": "보여 줄 채널 수; maps의 한 줄은 그 6분의 1 (적어도 6개)",
        "guesses": "보여 줄 클래스 수",
        "size": "이상적인 그림의 높이와 너비",
        "steps": "이상적인 그림마다 경사 상승 횟수",
        "max_size": "특징 맵을 만들 때 그림의 긴 변",
        "backbone": "들여다볼 신경망: backbone, vgg16, googlenet …; `dllab models`로 목록 보기",
        "weights": "그 신경망의 가중치 파일: .safetensors 또는 torchvision의 .pth",
    },
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
    found = [number for number, name in enumerate(net.class_names) if words.casefold() in name.casefold()]
    exact = [number for number in found if words.casefold() in net.class_names[number].casefold().split(", ")]
    if len(exact) == 1 or len(found) == 1:
        return (exact if len(exact) == 1 else found)[0]
    if not found:
        raise dllab.UsageError(f"--classes {words}: no class is called so; give its number, 0 to {count - 1}")
    names = "; ".join(f"{number} {net.class_names[number].split(',')[0]}" for number in found[:5])
    raise dllab.UsageError(f"--classes {words}: several classes are called so; give a number: {names}")
