"""What all dreams have in common: how they look, through which net, and what they climb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from dllab_dream.dream import Ascent
    from dllab_dream.targets import Target

GUIDE_SIDE = 256  # px: a guide's longest side; what it shows is to be about as large as what is dreamt


class LookParams(dllab.Params):
    """Parameters that every experiment of this plugin has."""

    layers: tuple[str, ...] = dllab.param(
        (),
        help="layers to excite: c2_1 strokes, c3_2 textures, c4_2 eyes and fur, c5_1 scenes; none takes the "
        "one two thirds deep; `list` shows what each would dream",
    )
    channels: tuple[int, ...] = dllab.param(
        (), help="excite only these channels of the layers, by number; none stands for all"
    )
    target_class: str = dllab.param(
        "", help="dream of a class instead of layers: its number, its name or a part of it"
    )
    guide: dllab.Input | None = dllab.input(
        "image",
        default=None,
        help="dream of what this picture shows, wherever the layers find something like it",
    )
    learning_rate: float = dllab.param(
        0.03, gt=0, le=1, help="length of a step, in deviations of natural colours"
    )
    jitter: int = dllab.param(
        32, ge=0, le=256, unit="px", help="random shift of the net's grid, which hides it"
    )
    smoothing: float = dllab.param(
        0.7, ge=0, le=4, unit="px", help="blur of the gradient; 0 leaves it as it is"
    )
    equalise: bool = dllab.param(True, help="let every channel take part, so that no motif fills the picture")
    decorrelate: bool = dllab.param(True, help="step in decorrelated colours: natural tones")
    normalise: bool = dllab.param(True, help="even out the strength of the dream over the picture")
    tv_weight: float = dllab.param(0.0, ge=0, le=0.5, help="smooth the picture itself at each step")
    tile: int = dllab.param(
        1056,
        ge=128,
        le=8192,
        unit="px",
        help="side of what the net sees at once; smaller takes less memory and more time",
    )
    backbone: str = dllab.param(
        "backbone", help="net to dream with: backbone, vgg16, googlenet …; `dllab models` lists them"
    )
    weights: dllab.Input | None = dllab.input(
        "model", default=None, help="weights of that net in a file: .safetensors, or torchvision's .pth"
    )


KO_LOOK = {
    "layers": "활성화를 키울 층: c2_1 선(획), c3_2 질감, c4_2 눈과 털, c5_1 장면; 비우면 3분의 2 깊이의 층; "
    "list는 층마다 꾸는 꿈을 보여 줌",
    "channels": "층에서 이 번호의 채널만 키움; none은 모든 채널",
    "target_class": "층 대신 이 클래스를 꿈꿈: 번호, 이름 또는 이름의 일부",
    "guide": "이 그림에 있는 것을 꿈꿈: 층이 비슷한 것을 찾은 자리에 그려 넣음",
    "learning_rate": "한 단계의 길이 (자연스러운 색의 표준편차 단위)",
    "jitter": "신경망의 격자 무늬를 없애는 무작위 이동",
    "smoothing": "기울기를 흐리는 정도; 0이면 그대로",
    "equalise": "모든 채널이 고르게 참여하여 한 무늬가 그림을 덮지 않게 함",
    "decorrelate": "색 채널의 상관을 없앤 공간에서 갱신: 자연스러운 색조",
    "normalise": "꿈의 세기를 그림 전체에 고르게 맞춤",
    "tv_weight": "단계마다 그림 자체를 부드럽게 하는 정도",
    "tile": "신경망이 한 번에 보는 조각의 한 변; 작을수록 메모리를 덜 쓰고 오래 걸림",
    "backbone": "꿈을 꿀 신경망: backbone, vgg16, googlenet …; `dllab models`로 목록 보기",
    "weights": "그 신경망의 가중치 파일: .safetensors 또는 torchvision의 .pth",
}


def load_net(run: dllab.Run, params: LookParams) -> Any:
    """The net to dream with, on the run's device. Raises UsageError for layers and channels that it lacks."""
    net = run.model(f"vision/{params.backbone}", weights=params.weights)
    if params.layers == ("list",):
        return net.to(run.device)
    for layer in params.layers:
        if layer not in net.channels:
            raise dllab.UsageError(
                f"--layers {layer}: the net has no such layer; it has {', '.join(net.layer_names)}"
            )
    for layer in params.layers or (net.dream_layer,):
        for channel in params.channels:
            if not 0 <= channel < net.channels[layer]:
                last = net.channels[layer] - 1
                raise dllab.UsageError(f"--channels {channel}: layer {layer} has the channels 0 to {last}")
    _check_together(params)
    return net.to(run.device)


def _check_together(params: LookParams) -> None:
    if params.target_class and params.guide is not None:
        raise dllab.UsageError("--target-class and --guide exclude each other: leave one of them out")
    if params.target_class and (params.layers or params.channels):
        raise dllab.UsageError("--target-class looks at the whole net: leave out --layers and --channels")
    if params.guide is not None and params.channels:
        raise dllab.UsageError("--guide chooses the channels itself: leave out --channels")


def target_of(run: dllab.Run, params: LookParams, net: Any) -> Target:
    """What is climbed: the class, the match with the guide, or the layers."""
    import torch

    from dllab_dream.dream import fit, resize
    from dllab_dream.targets import ClassTarget, GuideTarget, LayerTarget

    layers = params.layers or (net.dream_layer,)
    if params.target_class:
        number = class_number(net.class_names, params.target_class)
        name = net.class_names[number]
        told = run.words(f"dreaming of class {number}, {name}", f"클래스 {number}, {name}을(를) 꿈꿉니다")
        run.message(told)
        return ClassTarget((net.layer_names[-1],), number)
    if params.guide is not None:
        pixels = torch.from_numpy(run.load_image(params.guide).pixels)[None].to(run.device)
        size = fit(tuple(pixels.shape[-2:]), GUIDE_SIDE)
        least = net.least_side(layers)
        if min(size) < least:
            raise dllab.UsageError(
                f"--guide {params.guide.name}: shrinks to {size[1]} x {size[0]} px, and these layers need "
                f"{least} px each way; give a larger or squarer picture"
            )
        return GuideTarget.of(net, resize(net.normalise(pixels), size), layers)
    return LayerTarget(layers, params.channels, params.equalise)


def class_number(names: tuple[str, ...], words: str) -> int:
    """The class that is meant by number, name or a part of it. Raises UsageError for none or several."""
    last = len(names) - 1
    if words.isdecimal():
        if int(words) <= last:
            return int(words)
        raise dllab.UsageError(f"--target-class {words}: the net has the classes 0 to {last}")
    lower = words.casefold().strip()
    found = [number for number, name in enumerate(names) if lower in name.casefold()]
    worded = [number for number in found if f" {lower} " in f" {' '.join(name_parts(names[number]))} "]
    exact = [number for number in found if lower in name_parts(names[number])]
    for sure in (exact, worded, found):
        if len(sure) == 1:
            return sure[0]
    if not found or not lower:
        raise dllab.UsageError(f"--target-class {words}: no class is called so; give its number, 0 to {last}")
    some = "; ".join(f"{number} {names[number].split(',')[0]}" for number in (worded or found)[:5])
    raise dllab.UsageError(f"--target-class {words}: several are called so; give a number: {some}")


def name_parts(name: str) -> list[str]:
    """ "Egyptian cat, cat" as ["egyptian cat", "cat"]."""
    return [part.strip() for part in name.casefold().split(",")]


def ascent_of(params: LookParams) -> Ascent:
    """The settings of a step."""
    from dataclasses import fields

    from dllab_dream.dream import Ascent

    return Ascent(**{field.name: getattr(params, field.name) for field in fields(Ascent)})
