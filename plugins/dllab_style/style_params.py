"""What `style-transfer` can be asked for, in both languages."""

from __future__ import annotations

from typing import Literal

import dllab


class StyleParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="photo to paint")
    style: dllab.Input = dllab.input(
        "image",
        default="sample:swirls",
        help="picture whose manner to take; sample:glass, sample:mosaic ... are drawn here",
    )
    style_2: dllab.Input | None = dllab.input(
        "image", default=None, help="a second picture to take the manner of"
    )
    style_3: dllab.Input | None = dllab.input(
        "image", default=None, help="a third picture to take the manner of"
    )
    style_weights: tuple[float, ...] = dllab.param(
        (), max_length=3, help="share of each style, such as 2,1; none: equal shares"
    )
    mask: dllab.Input | None = dllab.input(
        "image", default=None, help="where the style holds: white there, black elsewhere; any size"
    )
    mask_2: dllab.Input | None = dllab.input("image", default=None, help="where the second style holds")
    mask_3: dllab.Input | None = dllab.input("image", default=None, help="where the third style holds")
    style_scale: float = dllab.param(
        1.0, ge=0.1, le=4, help="size of the strokes: longer side of the style over that of the photo"
    )
    loss: Literal["w2", "gram"] = dllab.param(
        "w2", help="what is compared: w2, means and covariances (Wasserstein); gram, Gram matrices (Gatys)"
    )
    content_weight: float = dllab.param(0.03, ge=0, le=100, help="how much of the photo's forms must stay")
    tv_weight: float = dllab.param(0.1, ge=0, le=100, help="how smooth the paint is")
    colour_weight: float = dllab.param(
        0.2, ge=0, le=100, help="how closely the palette is kept, beside the layers"
    )
    layers: tuple[str, ...] = dllab.param(
        (), help="layers whose statistics make the style; none: the net's usual ones"
    )
    layer_weights: tuple[float, ...] = dllab.param(
        (), help="weight of each of these layers; none: the usual, or equal"
    )
    content_layers: tuple[str, ...] = dllab.param(
        (), help="layers that hold the photo's forms; none: the net's usual"
    )
    colours: Literal["style", "photo", "matched"] = dllab.param(
        "style",
        help="colours of the result: the style's; the photo's own, with painted brightness; "
        "or the photo's, the style being recoloured first",
    )
    histogram: bool = dllab.param(
        False, help="bring the result's colour histogram to the first style's at the end"
    )
    start: Literal["photo", "noise", "style"] = dllab.param(
        "photo", help="what painting begins with: the photo, noise, or clouds in the style's colours"
    )
    optimiser: Literal["auto", "lbfgs", "adam"] = dllab.param(
        "auto", help="lbfgs; adam, which needs less memory; auto: adam above 2 megapixels"
    )
    learning_rate: float = dllab.param(
        0.03, gt=0, le=1, help="length of Adam's step, in deviations of natural colours"
    )
    steps: int = dllab.param(60, ge=1, le=5000, help="gradient steps at each size")
    max_size: int = dllab.param(
        512,
        ge=0,
        le=20_000,
        unit="px",
        help="longest side to paint at; 0: the photo's own. The result has its size",
    )
    tile: int = dllab.param(
        1088,
        ge=256,
        le=8192,
        unit="px",
        help="largest window to look through at a time: less takes less memory",
    )
    backbone: str = dllab.param(
        "backbone", help="net to look through: backbone, vgg19, vgg16 ...; see dllab models"
    )
    weights: dllab.Input | None = dllab.input("model", default=None, help="weights of that net in a file")


KO = {
    "image": "그릴 사진",
    "style": "화풍을 가져올 그림; sample:glass, sample:mosaic 등은 내장",
    "style_2": "화풍을 가져올 두 번째 그림",
    "style_3": "화풍을 가져올 세 번째 그림",
    "style_weights": "화풍마다의 비중, 예: 2,1; 없으면 같은 비중",
    "mask": "화풍을 적용할 곳: 흰색은 적용, 검은색은 제외; 크기는 자유",
    "mask_2": "두 번째 화풍을 적용할 곳",
    "mask_3": "세 번째 화풍을 적용할 곳",
    "style_scale": "붓질의 크기: 사진의 긴 변에 대한 화풍 그림의 긴 변의 비",
    "loss": "비교할 통계: w2는 평균과 공분산(바서슈타인 거리), gram은 그람 행렬(Gatys)",
    "content_weight": "사진의 형태를 지키는 정도",
    "tv_weight": "물감의 매끄러움",
    "colour_weight": "화풍의 색을 지키는 정도",
    "layers": "화풍의 통계를 볼 층; 없으면 신경망의 기본값",
    "layer_weights": "층마다의 가중치; 없으면 기본값 또는 같은 값",
    "content_layers": "사진의 형태를 지키는 층; 없으면 신경망의 기본값",
    "colours": "결과의 색: style은 화풍, photo는 사진(밝기만 그림), matched는 사진 색으로 바꾼 화풍",
    "histogram": "마지막에 색 히스토그램을 첫 화풍에 맞춤",
    "start": "그림의 시작: 사진, 잡음, 화풍 색의 구름",
    "optimiser": "lbfgs, 메모리를 덜 쓰는 adam, auto는 2메가픽셀이 넘으면 adam",
    "learning_rate": "Adam의 한 단계 길이 (자연스러운 색의 표준편차 단위)",
    "steps": "크기마다 경사 단계 수",
    "max_size": "그릴 때의 긴 변 최대 길이; 0은 사진 크기 그대로. 결과는 사진과 같은 크기",
    "tile": "한 번에 볼 창의 최대 크기: 작을수록 메모리를 덜 씀",
    "backbone": "그림을 보는 신경망: backbone, vgg19, vgg16 등; dllab models 참고",
    "weights": "그 신경망의 가중치 파일",
}
