"""The experiment `vae`: pictures as places on a map of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.picture_params import PictureParams, pictures_for
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    from torch import Tensor

WALK = 11  # pictures along each side of the walk's plane


class VaeParams(PictureParams):
    steps: int = dllab.param(1500, ge=1, le=1_000_000, help="gradient steps")
    batch_size: int = dllab.param(64, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(2e-3, gt=0, le=0.1, help="peak of Adam's; then down to zero")
    latent: int = dllab.param(16, ge=2, le=1024, help="numbers in a code")
    width: int = dllab.param(32, ge=8, le=256, help="channels of the finest level; a multiple of 8")
    beta: float = dllab.param(0.1, ge=0, le=100, help="weight of the loss that keeps the clouds together")
    ema: float = dllab.param(0.99, ge=0, lt=1, help="decay of the averaged weights that draw")


@dllab.experiment(
    "vae",
    topic="images",
    about=ABOUT["vae"],
    tiny={"steps": 3, "batch_size": 4, "width": 8, "latent": 4},
    ko=KO["vae"],
)
def vae(run: dllab.Run, params: VaeParams) -> None:
    """Sources: Kingma and Welling 2014; a learned spread of the pixels, Rybkin et al. 2021."""
    import torch

    from dllab_images.shelf import Kind, packed
    from dllab_images.training import Training, warm_cosine

    pictures = pictures_for(run, params)
    channels, size, _ = pictures.shape
    options = {"latent": params.latent, "width": params.width}
    kind = Kind("vae", pictures.name, channels, size, pictures.class_names, options)
    net = kind.build()
    training = Training(run, pictures, params, {"net": net}, (0.9, 0.999), ("picture", "code"))
    for step in training.loop(run.words("drawing the map", "지도 그리기")):
        images, labels = training.batches.next()
        noise = torch.randn(len(images), params.latent, generator=training.random).to(run.device)
        picture, code = losses(net, images, labels, noise)
        training.descend("net", picture + params.beta * code, warm_cosine(step, params.steps), clip=100.0)
        training.finish(step, picture=picture, code=code)
        training.keep(step)

    averaged = training.ema.net
    averaged.settle(training.batches.images, training.batches.labels)
    run.save_model("vae.safetensors", packed(averaged), kind.facts())
    _show(run, kind, averaged, pictures, training.curves)
    _check(run, averaged, pictures, params.steps)


def losses(net: Any, images: Tensor, labels: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """What a picture costs given its code, and what the code costs: nats per picture, means over the batch.

    images (N, C, H, W); noise (N, latent). The first is the negative log likelihood under a normal
    distribution with the net's own spread for each pixel, without the constant; the second is
    KL(N(m, s^2) || N(0, 1)), Kingma and Welling 2014, appendix B.
    """
    mean, log_variance = net.encode(images, labels)
    drawn = net.decode(mean + (log_variance / 2).exp() * noise, labels)
    spread = net.log_spread.clamp_min(-3.5)
    picture = ((images - drawn).square() / 2 * (-2 * spread).exp() + spread).sum(dim=(1, 2, 3)).mean()
    code = (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean() / 2
    return picture, code


def _show(run: dllab.Run, kind: Any, net: Any, pictures: Any, curves: dict[str, list[float]]) -> None:
    """Held-back pictures and what is left of them, new ones, the walk, and the curves."""
    import numpy as np
    import torch

    from dllab_images.curves import save_curves
    from dllab_images.drawing import draw, labels_of
    from dllab_images.sheets import sheet

    classes = len(kind.class_names)
    columns = classes if 2 <= classes <= 10 else 8
    labels = labels_of(0, 6 * columns, classes, None)
    run.save_image("sheet.png", sheet(draw(kind, net, run.seed, 0, labels, device=run.device), columns))
    held, named = torch.from_numpy(pictures.held[:36]), torch.from_numpy(pictures.held_labels[:36])
    with torch.no_grad():
        codes, _ = net.encode(held.to(run.device), named.to(run.device))
        back = net.decode(codes, named.to(run.device)).cpu().numpy()
    rows = [part for i in range(0, len(held), 12) for part in (held[i : i + 12].numpy(), back[i : i + 12])]
    run.save_image("rebuilt.png", sheet(np.concatenate(rows), min(12, len(held))))
    plane, around = _walk(run, net, pictures)
    run.save_image("walk.png", sheet(plane, WALK))
    run.save_video("walk.gif", [sheet(each[None], 1, 320 // each.shape[1]) for each in around], fps=12)
    names = {"picture": run.words("picture", "그림"), "code": run.words("code", "코드")}
    save_curves(run, curves, names, run.words("Cost in nats per picture", "그림당 비용 (nat)"))


def _walk(run: dllab.Run, net: Any, pictures: Any) -> tuple[Any, Any]:
    """Pictures of one class on the plane between four codes, and along its edge and back."""
    import numpy as np
    import torch

    label = int(pictures.held_labels[0])
    places = np.flatnonzero(pictures.held_labels == label)
    places = places[np.linspace(0, len(places) - 1, 4).astype(int)]
    asked = torch.full((4,), label, device=run.device)
    with torch.no_grad():
        corners = net.encode(torch.from_numpy(pictures.held[places]).to(run.device), asked)[0].cpu()
    side = torch.linspace(0, 1, WALK)
    down, right = (each.reshape(-1, 1) for each in torch.meshgrid(side, side, indexing="ij"))
    way = torch.linspace(0, 4, 73)[:-1]
    edge = [(int(t), t - int(t)) for t in way.tolist()]
    order = (0, 1, 3, 2, 0)
    around = torch.stack([corners[order[i]].lerp(corners[order[i + 1]], part) for i, part in edge])
    top, bottom = corners[0].lerp(corners[1], right), corners[2].lerp(corners[3], right)
    codes = torch.cat([top.lerp(bottom, down), around]).to(run.device)
    with torch.no_grad():
        drawn = net.decode(codes, torch.full((len(codes),), label, device=run.device)).cpu().numpy()
    return drawn[: WALK**2], drawn[WALK**2 :]


def _check(run: dllab.Run, net: Any, pictures: Any, steps: int) -> None:
    """Held-back pictures must come back better than as the mean of their class."""
    import numpy as np
    import torch

    held, labels = pictures.held[:512], pictures.held_labels[:512]
    with torch.no_grad():
        asked = torch.from_numpy(labels).to(run.device)
        codes, _ = net.encode(torch.from_numpy(held).to(run.device), asked)
        back = net.decode(codes, asked).cpu().numpy()
    every = pictures.train.mean(axis=0)
    known = np.intersect1d(labels, pictures.train_labels)
    means = {int(each): pictures.train[pictures.train_labels == each].mean(axis=0) for each in known}
    plain = np.mean(
        [(one - means.get(int(label), every)) ** 2 for one, label in zip(held, labels, strict=True)]
    )
    run.check("error on pictures never shown, of that of the class's mean",
    ko="처음 보는 그림의 오차, 클래스 평균에 대한 비",
              got=float(((held - back) ** 2).mean() / plain), at_most=0.6 if steps >= 500 else 10.0,
              source="the best that one picture per class can do is its mean: 1")  # fmt: skip
