"""The experiment `gan`: a generator and a critic, watched while they teach each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.picture_params import PictureParams, pictures_for
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor

PENALTY_END = 0.1  # of it that is left from half of the steps on (Huang et al. 2024)
SIGNATURE = r"$\min_G\,\max_D\;\mathrm{E}_{x,z}[\log\,\sigma(D(x)-D(G(z)))]$"
LONG = 1000  # steps from which the pictures must be as varied as real ones
DRAWN = 32  # pictures of each class for that check


class GanParams(PictureParams):
    steps: int = dllab.param(2500, ge=1, le=1_000_000, help="steps of both nets")
    batch_size: int = dllab.param(64, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(1e-3, gt=0, le=0.1, help="Adam's, of both nets; then down")
    latent: int = dllab.param(32, ge=1, le=1024, help="numbers of noise for each picture")
    width: int = dllab.param(32, ge=8, le=256, help="channels of the finest level; a multiple of 8")
    penalty: float = dllab.param(
        1.0, ge=0, le=100, help="on the critic's slope at all pictures; falls to a tenth"
    )
    augment: int = dllab.param(0, ge=0, le=8, unit="px", help="how far the critic's pictures are moved")
    ema: float = dllab.param(0.998, ge=0, lt=1, help="decay of the averaged generator that draws")
    frames: int = dllab.param(60, ge=2, le=600, help="frames of the film")


@dllab.experiment(
    "gan",
    topic="images",
    lectures=("0@79:에드몽 드 벨라미",),
    about=ABOUT["gan"],
    tiny={"steps": 3, "batch_size": 4, "width": 8, "latent": 8, "frames": 2},
    ko=KO["gan"],
)
def gan(run: dllab.Run, params: GanParams) -> None:
    """Sources: Goodfellow et al. 2014; DCGAN, Radford et al. 2016; pairs and penalties, Huang et al. 2024."""
    import torch
    from torch.nn.functional import softplus

    from dllab_images.drawing import draw, labels_of
    from dllab_images.nets import Critic
    from dllab_images.sheets import to_bytes
    from dllab_images.shelf import Kind
    from dllab_images.training import Training, warm_cosine

    pictures = pictures_for(run, params)
    channels, size, _ = pictures.shape
    classes = len(pictures.class_names)
    options = {"latent": params.latent, "width": params.width}
    kind = Kind("gan", pictures.name, channels, size, pictures.class_names, options)
    generator, critic = kind.build(), Critic(channels, size, classes, params.width)
    nets = {"generator": generator, "critic": critic}
    training = Training(run, pictures, params, nets, (0.0, 0.99), ("generator", "critic"))
    shown = labels_of(0, 6 * min(classes, 10) if classes > 1 else 48, classes, None)
    moments = {params.steps * i // params.frames for i in range(params.frames)} | {params.steps - 1}

    for step in training.loop(run.words("forging", "위조하기")):
        rate = warm_cosine(step, params.steps, end=0.05)
        real, labels = training.batches.next()
        noise = torch.randn(len(real), params.latent, generator=training.random).to(run.device)
        made = generator(noise, labels)
        # The critic: each real picture above a made one, and level ground at both (R1 and R2).
        both = moved(torch.cat([real, made.detach()]), params.augment, training.random)
        told = critic(both.requires_grad_(params.penalty > 0), labels.repeat(2))
        up, down = told.chunk(2)
        critic_loss = softplus(down - up).mean()
        loss = critic_loss
        if params.penalty > 0:
            strength = params.penalty * PENALTY_END ** min(1.0, 2 * step / params.steps)
            loss = loss + strength * slope(told, both)
        training.descend("critic", loss, rate)
        # The generator: made pictures above real ones, in the eyes of a critic that has just learned.
        critic.requires_grad_(False)
        both = moved(torch.cat([real, made]), params.augment, training.random)
        up, down = critic(both, labels.repeat(2)).chunk(2)
        generator_loss = softplus(up - down).mean()
        training.descend("generator", generator_loss, rate)
        critic.requires_grad_(True)
        training.finish(step, generator=generator_loss, critic=critic_loss)
        if step in moments:
            training.film.append(
                to_bytes(draw(kind, training.ema.net, run.seed, 0, shown, device=run.device))
            )
            run.preview(_frame(training.film[-1], classes))
        training.keep(step)

    _leave(run, kind, training.ema.net, training.film, training.curves)
    _check(run, kind, training.ema.net, pictures, params.steps)


def moved(images: Tensor, most: int, random: Generator) -> Tensor:
    """Pictures moved by up to `most` px, all of a call alike, with their edge repeated.

    Real and made ones alike, so that a critic with few pictures cannot learn them by heart
    (Zhao et al. 2020, DiffAugment).
    """
    import torch

    if not most:
        return images
    down, right = torch.randint(0, 2 * most + 1, (2,), generator=random).tolist()
    height, width = images.shape[2:]
    padded = torch.nn.functional.pad(images, (most,) * 4, mode="replicate")
    return padded[:, :, down : down + height, right : right + width]


def slope(told: Tensor, images: Tensor) -> Tensor:
    """The mean squared length of the gradient of the logits told (N,) in images (N, C, H, W): R1 and R2."""
    import torch

    (gradient,) = torch.autograd.grad(told.sum(), images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def _frame(bytes_: np.ndarray, classes: int) -> np.ndarray:
    from dllab_images.sheets import from_bytes, sheet

    return sheet(from_bytes(bytes_), classes if 2 <= classes <= 10 else 8)


def _leave(
    run: dllab.Run, kind: Any, net: Any, film: list[np.ndarray], curves: dict[str, list[float]]
) -> None:
    """Weights, sheet, film, curves, and one picture with its signature."""
    from dllab_images.curves import save_curves
    from dllab_images.sheets import enlarged, from_bytes, to_unit, with_rest
    from dllab_images.shelf import packed

    classes = len(kind.class_names)
    run.save_model("gan.safetensors", packed(net), kind.facts())
    run.save_image("sheet.png", _frame(film[-1], classes))
    run.save_video("growing.gif", with_rest([_frame(each, classes) for each in film]), fps=10)
    names = {"generator": run.words("generator", "생성자"), "critic": run.words("critic", "감식가")}
    save_curves(run, curves, names, run.words("Losses of both", "두 신경망의 손실"))
    one = to_unit(from_bytes(film[-1][:1]))[0]
    run.save_figure("signed.png", signed(enlarged(one, max(1, 480 // one.shape[1]))))


def signed(picture: np.ndarray) -> Any:
    """A framed picture (3, H, W) in [0, 1] with the loss in the place of a painter's name."""
    figure, axes = dllab.new_figure(size=(5.6, 6.2))
    axes.imshow(picture.transpose(1, 2, 0), interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set(visible=True, linewidth=9, color="#9c7a3c")
    figure.text(0.93, 0.035, SIGNATURE, ha="right", fontsize=11, color="#3b2f1c", style="italic")
    figure.get_layout_engine().set(rect=(0.02, 0.1, 0.96, 0.88))
    return figure


def variety(images: np.ndarray, labels: np.ndarray) -> float:
    """The spread of the pixels (N, C, H, W) within a class, as a root mean square over pixels and classes.

    Labels (N,); classes of one picture are left out. A generator that draws one picture per class has 0.
    """
    import numpy as np

    spreads = [
        images[labels == each].var(axis=0).mean() for each in np.unique(labels) if (labels == each).sum() > 1
    ]
    return float(np.sqrt(np.mean(spreads))) if spreads else 0.0


def _check(run: dllab.Run, kind: Any, net: Any, pictures: Any, steps: int) -> None:
    """Made pictures of a class must differ among themselves as real ones do: a collapse draws one of each."""
    from dllab_images.drawing import draw, labels_of

    classes = len(kind.class_names)
    labels = labels_of(0, DRAWN * classes if steps >= LONG else 2 * classes, classes, None)
    made = variety(draw(kind, net, run.seed, 0, labels, device=run.device), labels)
    real = variety(pictures.train, pictures.train_labels)
    run.check("variety within a class, of the real pictures'", ko="클래스 안의 다양함, 실제 그림에 대한 비",
              got=made / max(1e-6, real),
              at_least=0.7 if steps >= LONG else 0.0, at_most=1.25 if steps >= LONG else 30.0,
              source="pictures from the same distribution have the same spread: 1")  # fmt: skip
