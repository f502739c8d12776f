"""The experiment `style-transfer`: a photo painted in the manner of one picture or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_style.texts import ABOUT

if TYPE_CHECKING:
    from torch import Tensor

    from dllab_style.coarse_to_fine import Style
    from dllab_style.painting import Manner, Scene

FULL_STEPS = 40  # per size from which the style loss is to fall as far as FULL_FALL
FULL_FALL = 0.25
LIKE_ALREADY = 0.1  # style loss of a photo that looks like the style as it is

# The embedded backbone, whose layers are few: all up to two thirds of its depth, the fine ones more.
BACKBONE_LAYERS = {"c1_1": 2.0, "c2_1": 1.0, "c2_2": 1.0, "c3_1": 1.0, "c3_2": 0.5, "c4_1": 0.5, "c4_2": 0.25}
BACKBONE_CONTENT = ("c3_2",)


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


@dllab.experiment(
    "style-transfer",
    topic="style",
    about=ABOUT["style-transfer"],
    tiny={"steps": 3, "max_size": 96},
    ko={
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
    },
)
def style_transfer(run: dllab.Run, params: StyleParams) -> None:
    """A photo, painted in the manner of one picture or several.

    Source: Gatys, Ecker, Bethge 2016. Where we differ: means and covariances by the 2-Wasserstein distance,
    unless --loss gram is given.
    """
    import torch

    from dllab_style.coarse_to_fine import Painter
    from dllab_style.painting import Eye

    picture = run.load_image(params.image)
    net = run.model(f"vision/{params.backbone}", weights=params.weights)
    manner = _manner(params, net)
    _check_styles(params)
    photo = torch.from_numpy(picture.pixels)[None]  # (1, 3, H, W), in [0, 1]
    styles = _styles(run, params, photo)
    eye = Eye(net.to(run.device), run.autocast)
    tile = run.restored["tile"] if run.restored else params.tile  # memory may have run out before

    def paint_with(tile: int) -> tuple[Tensor, Scene, list[dict[str, float]]]:
        painter = Painter(run, params, eye, manner, photo, styles, tile)
        try:
            return painter.paint()
        except dllab.Cancelled:
            if painter.canvas is not None:
                so_far = _result(params, painter.so_far(), photo, styles)
                run.save_image("painting-partial.png", so_far, picture.alpha)
            raise

    (painted, scene, curves), _ = run.fit_memory(paint_with, tile, minimum=min(tile, 256))
    run.save_image("painting.png", _result(params, painted, photo, styles), picture.alpha)
    run.save_table("curves.csv", curves)
    _check(run, params, scene, curves)


def _manner(params: StyleParams, net: Any) -> Manner:
    """What counts how much. Raises UsageError for layers that the net lacks and weights that do not fit."""
    from dllab_style.losses import by_layer
    from dllab_style.painting import Manner

    for flag, names in (("--layers", params.layers), ("--content-layers", params.content_layers)):
        for name in names:
            if name not in net.channels:
                raise dllab.UsageError(
                    f"{flag} {name}: the net has no such layer; it has {', '.join(net.layer_names)}"
                )
    is_own = set(BACKBONE_LAYERS) <= set(net.layer_names)
    usual = BACKBONE_LAYERS if is_own else dict.fromkeys(net.style_layers, 1.0)
    names = params.layers or tuple(usual)
    if params.layer_weights and len(params.layer_weights) != len(names):
        given = ",".join(f"{weight:g}" for weight in params.layer_weights)
        raise dllab.UsageError(f"--layer-weights {given}: give one for each of the layers {', '.join(names)}")
    if any(weight < 0 for weight in params.layer_weights) or (
        params.layer_weights and not sum(params.layer_weights)
    ):
        raise dllab.UsageError("--layer-weights: none may be below 0, and one must be above it")
    weights = params.layer_weights or tuple(usual.get(name, 1.0) for name in names)
    return Manner(
        layers=by_layer(dict(zip(names, weights, strict=True))),
        content_layers=params.content_layers or (BACKBONE_CONTENT if is_own else (net.dream_layer,)),
        loss=params.loss,
        content_weight=params.content_weight,
        tv_weight=params.tv_weight,
        colour_weight=params.colour_weight,
    )


def _given(params: StyleParams) -> list[tuple[dllab.Input, dllab.Input | None]]:
    """The styles that were given, each with its mask."""
    pairs = ((params.style, params.mask), (params.style_2, params.mask_2), (params.style_3, params.mask_3))
    return [(style, mask) for style, mask in pairs if style is not None]


def _check_styles(params: StyleParams) -> None:
    """Raise UsageError for weights or masks that no style goes with."""
    count = len(_given(params))
    for number, style, mask in ((2, params.style_2, params.mask_2), (3, params.style_3, params.mask_3)):
        if mask is not None and style is None:
            raise dllab.UsageError(
                f"--mask-{number} {mask.name}: there is no --style-{number} for it to hold back"
            )
    if params.style_weights and len(params.style_weights) != count:
        given = ",".join(f"{weight:g}" for weight in params.style_weights)
        raise dllab.UsageError(f"--style-weights {given}: give one for each of the {count} styles")
    if params.style_weights and (min(params.style_weights) < 0 or not sum(params.style_weights)):
        raise dllab.UsageError("--style-weights: none may be below 0, and one must be above it")


def _styles(run: dllab.Run, params: StyleParams, photo: Tensor) -> list[Style]:
    """The styles that were given.

    Raises InputError for a mask that is black all over.
    """
    import torch

    from dllab_style.coarse_to_fine import Style
    from dllab_style.colours import match_colours

    given = _given(params)
    shares = params.style_weights or (1.0,) * len(given)
    styles = []
    for (style, mask), share in zip(given, shares, strict=True):
        pixels = torch.from_numpy(run.load_image(style).pixels)[None]
        if params.colours == "matched":
            pixels = match_colours(pixels, photo)
        where = None
        if mask is not None:
            where = torch.from_numpy(run.load_image(mask).pixels).mean(dim=0)[None, None]
            if float(where.max()) < 0.5:
                raise dllab.InputError(
                    f"{mask.name} is dark all over: the style would hold nowhere; paint some white"
                )
        styles.append(Style(pixels, where, share / sum(shares)))
    return styles


def _result(params: StyleParams, painted: Tensor, photo: Tensor, styles: list[Style]) -> Tensor:
    """The painting as pixels (3, H, W) in [0, 1] of the photo's size, its colours as they were asked for."""
    from dllab_style.colours import match_histogram, with_colours_of
    from dllab_style.sizes import resize

    if params.histogram:
        painted = match_histogram(painted, photo if params.colours != "style" else styles[0].pixels)
    painted = resize(painted, tuple(photo.shape[-2:])).clamp_(0, 1)
    if params.colours == "photo":
        painted = with_colours_of(painted, photo)
    return painted[0]


def _is_standard(params: StyleParams) -> bool:
    """Whether the settings are near those that the figure was measured with."""
    is_one_style = params.style_2 is None and params.style_3 is None
    is_usual = params.backbone == "backbone" and not params.layers and not params.content_layers
    is_long = params.steps >= FULL_STEPS and params.optimiser != "adam"
    return is_one_style and is_usual and is_long and params.content_weight <= 0.05 and params.tv_weight <= 0.2


def _check(run: dllab.Run, params: StyleParams, scene: Scene, curves: list[dict[str, float]]) -> None:
    """Hold the painting against the photo that it was, and a Gram matrix against one by another way."""
    import numpy as np

    from dllab_style.losses import statistics

    before = scene.style_loss(scene.photo.float())
    fall = curves[-1]["style"] / max(before, 1e-12)
    run.log(int(curves[-1]["step"]) + 1, style_of_photo=before)
    if _is_standard(params) and min(scene.photo.shape[-2:]) >= 96 and before >= LIKE_ALREADY:
        run.check(
            "style loss, of the photo's",
            got=fall,
            at_most=FULL_FALL,
            source="measured on 16 pairs of photo and painting: 0.005 to 0.074",
        )
    name = next(iter(scene.manner.layers))
    corner = scene.eye.look(scene.photo[..., :64, :64].float(), (name,))[name]
    f = corner[0].flatten(1).double().cpu().numpy()  # (C, n)
    gram = statistics(corner).second.double().cpu().numpy()
    run.check(
        f"Gram matrix of {name}",
        got=float(np.abs(gram - np.einsum("in,jn->ij", f, f) / f.shape[1]).max() / np.abs(gram).max()),
        at_most=1e-5,
        source="F F^T over the number of places, in double precision",
    )
