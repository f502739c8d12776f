"""What `features` can be asked for, in both languages."""

from __future__ import annotations

import dllab

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


KO = {
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
}
