"""The experiment `sample`: new pictures at once, from trained nets."""

from __future__ import annotations

from functools import partial
from typing import Literal

import dllab
from dllab_images.texts import ABOUT, KO


class SampleParams(dllab.Params):
    model: Literal["gan", "vae", "ddpm"] = dllab.param("ddpm", help="kind of model that draws")
    data: Literal["digits", "portraits"] = dllab.param(
        "digits", help="what the lab's own weights have learned"
    )
    weights: dllab.Input | None = dllab.input(
        "model", default=None, help="weights that gan, vae or ddpm left; then model and data come from them"
    )
    count: int = dllab.param(60, ge=1, le=4096, help="pictures to draw")
    first: int = dllab.param(0, ge=0, le=1_000_000_000, help="number of the first picture")
    label: int | None = dllab.param(None, ge=0, le=10_000, help="class to draw, by its place; none: in turn")
    scheduler: Literal["ddim", "ddpm", "dpm++", "unipc", "euler", "euler-a"] = dllab.param(
        "dpm++", help="how a diffusion model walks from noise to picture"
    )
    sampling_steps: int = dllab.param(0, ge=0, le=1000, help="steps of the walk; 0 for the scheduler's own")


@dllab.experiment(
    "sample",
    topic="images",
    lectures=("0@81:작품 생성 알고리즘",),
    about=ABOUT["sample"],
    tiny={"model": "vae", "count": 4},
    ko=KO["sample"],
)
def sample(run: dllab.Run, params: SampleParams) -> None:
    """Picture k is made of (seed, k) alone, whatever is drawn beside it."""
    import numpy as np

    from dllab_images.drawing import draw, labels_of
    from dllab_images.sheets import sheet
    from dllab_images.shelf import embedded, read_net

    path = params.weights.path if params.weights is not None else embedded(params.model, params.data)
    kind, net = read_net(path, params.weights.name if params.weights is not None else path.name)
    if kind.kind == "eye":
        name = path.name if params.weights is None else params.weights.name
        raise dllab.InputError(f"{name} is a classifier; take weights that gan, vae or ddpm left")
    classes = len(kind.class_names)
    if params.label is not None and params.label >= classes:
        names = kind.class_names
        is_plain = all(name == str(i) for i, name in enumerate(names))
        told = f"0 to {classes - 1}" if is_plain else ", ".join(f"{i} {each}" for i, each in enumerate(names))
        raise dllab.UsageError(f"--label {params.label}: there are {classes} classes: {told}")
    labels = labels_of(params.first, params.count, classes, params.label)
    drawing = partial(run.progress, label=run.words("drawing", "그리기"))
    images = draw(
        kind, net.to(run.device), run.seed, params.first, labels,
        params.sampling_steps, params.scheduler, run.device, drawing,
    )  # fmt: skip
    fits = 2 <= classes <= 10 and params.label is None and params.count >= classes
    run.save_image("sheet.png", sheet(images, classes if fits else 0))
    rows = [{"picture": params.first + i, "class": kind.class_names[label]} for i, label in enumerate(labels)]
    run.save_table("pictures.csv", rows)
    middle = len(images) // 2
    alone = draw(
        kind, net, run.seed, params.first + middle, labels[middle : middle + 1],
        params.sampling_steps, params.scheduler, run.device,
    )  # fmt: skip
    run.check(
        "difference of a picture drawn again alone, in 1/255",
        ko="따로 다시 그린 그림의 차이(1/255 단위)",
        got=float(np.abs(alone[0] - images[middle]).max() * 127.5),
        at_most=1.0,
        source="its noise is made of the seed and its number alone",
    )
