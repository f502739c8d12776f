"""The experiment `train-fast-style`: a net learns one style, to paint with it in one pass."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import dllab
from dllab_style.style_transfer import BACKBONE_CONTENT, BACKBONE_LAYERS
from dllab_style.texts import ABOUT

if TYPE_CHECKING:
    from torch import Tensor

    from dllab_style.losses import Goal

CHECKPOINT_EVERY_S = 30.0
WARM_UP = 0.05  # of the steps
FULL_STEPS = 300  # from which the style loss is to fall as far as FULL_FALL
FULL_FALL = 0.5
SHOWN = ("cat", "coffee", "astronaut")  # samples on the sheet


class TrainFastStyleParams(dllab.Params):
    style: dllab.Input = dllab.input("image", default="sample:swirls", help="picture whose manner to learn")
    style_size: int = dllab.param(
        384, ge=64, le=2048, unit="px", help="longer side of the style: smaller makes finer strokes"
    )
    data: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="photos to practise on, beside the samples: a folder, or an .npz of pictures",
    )
    steps: int = dllab.param(1500, ge=1, le=200_000, help="gradient steps")
    batch_size: int = dllab.param(4, ge=1, le=64, help="photos per step")
    size: int = dllab.param(
        160, ge=64, le=1024, unit="px", help="height and width of the parts that it practises on"
    )
    learning_rate: float = dllab.param(
        2e-3, gt=0, le=0.1, help="peak of Adam's, after a warm-up; then down to zero"
    )
    content_weight: float = dllab.param(0.04, ge=0, le=100, help="how much of the photo's forms must stay")
    tv_weight: float = dllab.param(0.1, ge=0, le=100, help="how smooth the paint is")
    colour_weight: float = dllab.param(
        0.2, ge=0, le=100, help="how closely the palette is kept, beside the layers"
    )


@dllab.experiment(
    "train-fast-style",
    topic="style",
    about=ABOUT["train-fast-style"],
    tiny={"steps": 4, "batch_size": 2, "size": 64, "style_size": 96},
    ko={
        "style": "배울 화풍의 그림",
        "style_size": "화풍 그림의 긴 변: 작을수록 붓질이 가늘어짐",
        "data": "내장 사진과 함께 연습할 사진: 폴더 또는 그림의 .npz",
        "steps": "경사 단계 수",
        "batch_size": "한 단계의 사진 수",
        "size": "연습할 조각의 높이와 너비",
        "learning_rate": "Adam의 최고 학습률; 천천히 올린 뒤 0까지 내림",
        "content_weight": "사진의 형태를 지키는 정도",
        "tv_weight": "물감의 매끄러움",
        "colour_weight": "화풍의 색을 지키는 정도",
    },
)
def train_fast_style(run: dllab.Run, params: TrainFastStyleParams) -> None:
    """A small net that learns to paint photos in one style in a single pass.

    Source: Johnson, Alahi, Fei-Fei 2016, with the loss of `style-transfer`.
    """
    import torch

    from dllab_style.contents import batch, read_photos
    from dllab_style.fast_net import FastStyle, initialise
    from dllab_style.painting import COLOURS, Eye

    reading = partial(run.progress, label=run.words("reading pictures", "그림 읽기"))
    own, given = read_photos(params.data, run.sample, reading)
    eye = Eye(run.model("vision/backbone").to(run.device), run.autocast)
    goals = _goals(run, params, eye)
    net = FastStyle()
    initialise(net, run.torch_generator("weights"))
    net = net.to(run.device, memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(net.parameters(), lr=params.learning_rate)
    curves: list[dict[str, float]] = []
    if run.restored is not None:
        net.load_state_dict(run.restored["net"])
        _restore(optimiser, run.restored)
        curves = list(run.restored["curves"])

    label = run.words(f"learning {params.style.name}", f"{params.style.name} 학습")
    for step in run.progress(range(len(curves), params.steps), label=label):
        photos = batch(own, given, params.batch_size, params.size, run.rng).to(run.device)
        with run.autocast():
            painted = net(photos)  # (B, 3, size, size)
        units = eye.net.normalise(painted)
        with torch.no_grad():
            content = eye.net.normalise(photos)
            wanted = eye.look(content, BACKBONE_CONTENT)
        names = (*BACKBONE_LAYERS, COLOURS)
        found = eye.look(units, names)
        style, forms, roughness = _losses(found, wanted, goals, units)
        loss = style + params.content_weight * forms + params.tv_weight * roughness
        optimiser.param_groups[0]["lr"] = params.learning_rate * _schedule(step, params.steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

        figures = {"style": float(style.detach()), "content": float(forms.detach())}
        if figures["style"] != figures["style"]:
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        run.log(step, **figures)
        curves.append({"step": step, **figures})
        run.preview(_beside(photos[:2], painted.detach()[:2]))
        state = {"net": net.state_dict(), **_moments(optimiser), "curves": curves}
        run.checkpoint(state, every_s=CHECKPOINT_EVERY_S)

    _save(run, params, net, goals)
    run.save_table("curves.csv", curves)
    _check(run, params, eye, goals, curves, batch(own, given, 8, params.size, run.rng).to(run.device))


def _goals(run: dllab.Run, params: TrainFastStyleParams, eye: Any) -> dict[str, Goal]:
    """What the style asks for, by layer."""
    import torch

    from dllab_style.losses import by_layer
    from dllab_style.painting import Manner
    from dllab_style.sizes import fit, resize

    pixels = torch.from_numpy(run.load_image(params.style).pixels)[None]
    pixels = resize(pixels, fit(tuple(pixels.shape[-2:]), params.style_size)).clamp(0, 1)
    manner = Manner(by_layer(BACKBONE_LAYERS), BACKBONE_CONTENT, "w2", 0, 0, max(params.colour_weight, 1e-6))
    return eye.goals(eye.net.normalise(pixels).to(run.device), manner, 1.0)


def _losses(
    found: dict[str, Tensor], wanted: dict[str, Tensor], goals: dict[str, Goal], units: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Style, content and roughness, each the mean over the batch."""
    from dllab_style.losses import total_variation

    style = _style_loss(found, goals)
    forms = units.new_zeros(())
    for name in BACKBONE_CONTENT:
        target = wanted[name].float()
        difference = (found[name].float() - target).square().mean(dim=(1, 2, 3))
        forms = forms + (difference / target.square().mean(dim=(1, 2, 3)).clamp_min(1e-6)).mean()
    return style, forms / len(BACKBONE_CONTENT), total_variation(units) / units.numel()


def _style_loss(found: dict[str, Tensor], goals: dict[str, Goal]) -> Tensor:
    """The style loss of each picture of a batch by itself, the mean of them."""
    from dllab_style.losses import statistics

    count = len(found[next(iter(goals))])
    each = [
        goal.loss(statistics(found[name][i : i + 1]), "w2")
        for name, goal in goals.items()
        for i in range(count)
    ]
    return sum(each) / count


def _schedule(step: int, steps: int) -> float:
    """Share of the peak learning rate: up in a line, down along half a cosine."""
    from math import cos, pi

    warm_up = max(1, round(WARM_UP * steps))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + cos(pi * (step - warm_up) / max(1, steps - warm_up)))


def _moments(optimiser: Any) -> dict[str, Any]:
    """Adam's state as plain lists, for a checkpoint."""
    states = [optimiser.state[weight] for weight in optimiser.param_groups[0]["params"]]
    return {
        "mean": [state["exp_avg"] for state in states],
        "square": [state["exp_avg_sq"] for state in states],
        "count": [float(state["step"]) for state in states],
    }


def _restore(optimiser: Any, saved: dict[str, Any]) -> None:
    """Put Adam's state back."""
    import torch

    weights = optimiser.param_groups[0]["params"]
    for weight, mean, square, count in zip(
        weights, saved["mean"], saved["square"], saved["count"], strict=True
    ):
        optimiser.state[weight] = {
            "step": torch.tensor(count),
            "exp_avg": mean.to(weight).contiguous(memory_format=torch.preserve_format),
            "exp_avg_sq": square.to(weight),
        }


def _beside(photos: Tensor, painted: Tensor) -> Tensor:
    """Photos above, paintings below, as one picture (3, 2 H, B W)."""
    import torch

    rows = [torch.cat(list(each.float().cpu().clamp(0, 1)), dim=2) for each in (photos, painted)]
    return torch.cat(rows, dim=1)


def _save(run: dllab.Run, params: TrainFastStyleParams, net: Any, goals: dict[str, Goal]) -> None:
    """Leave the net with what the style asks for, and a sheet of samples that it paints."""
    import torch

    from dllab_style.contents import LONGEST, opened
    from dllab_style.fast_net import FORMAT, packed
    from dllab_style.losses import by_layer

    wanted = {name: goal.statistics for name, goal in goals.items() if name}
    facts = {"format": FORMAT, "style": params.style.name, "layers": json.dumps(by_layer(BACKBONE_LAYERS))}
    run.save_model("fast-style.safetensors", packed(net, wanted), facts)
    pairs = []
    for name in SHOWN:
        photo = torch.from_numpy(opened(run.sample(name), name)[:, :, :].copy()).permute(2, 0, 1)[None] / 255
        side = min(photo.shape[-2:])
        photo = photo[..., :side, :side].to(run.device)
        photo = torch.nn.functional.interpolate(photo, size=(LONGEST // 2,) * 2, mode="area")
        with torch.no_grad(), run.autocast():
            painted = net(photo.contiguous(memory_format=torch.channels_last))
        pairs.append((photo, painted))
    run.save_image("sheet.png", _beside(*(torch.cat(each) for each in zip(*pairs, strict=True))))


def _check(
    run: dllab.Run,
    params: TrainFastStyleParams,
    eye: Any,
    goals: dict[str, Goal],
    curves: list,
    photos: Tensor,
) -> None:
    """Hold the end of training against its beginning, or against the photos themselves."""
    import torch

    last = [row["style"] for row in curves[-max(1, len(curves) // 10) :]]
    reached = sum(last) / len(last)
    if params.steps < FULL_STEPS:
        run.check("style loss, of the first step's", ko="화풍 손실, 첫 단계에 대한 비",
                  got=reached / curves[0]["style"], at_most=1.0,
                  source="too short to learn a style; but descent must not lead away from it")  # fmt: skip
        return
    with torch.no_grad():
        found = eye.look(eye.net.normalise(photos), (*BACKBONE_LAYERS, ""))
        before = float(_style_loss(found, goals))
    run.check(
        "style loss, of the photos'",
        ko="화풍 손실, 사진에 대한 비",
        got=reached / before,
        at_most=FULL_FALL,
        source="measured on the drawings of the lab: 0.05 to 0.11",
    )
