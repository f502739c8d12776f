"""The experiment `style-transfer`: a photo painted in the manner of one picture or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_style.style_params import KO, StyleParams
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


@dllab.experiment(
    "style-transfer",
    topic="style",
    about=ABOUT["style-transfer"],
    tiny={"steps": 3, "max_size": 96},
    ko=KO,
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
        needed = "one number, or none: there is one style" if count == 1 else f"{count}, one for each style"
        raise dllab.UsageError(f"--style-weights {given}: give {needed}")
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
            ko="화풍 손실, 사진에 대한 비",
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
        ko=f"{name}의 그람 행렬 오차",
        got=float(np.abs(gram - np.einsum("in,jn->ij", f, f) / f.shape[1]).max() / np.abs(gram).max()),
        at_most=1e-5,
        source="F F^T over the number of places, in double precision",
    )
