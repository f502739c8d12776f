"""The experiment `gan`: a generator and a critic, watched while they teach each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np
    from torch import Generator, Tensor

CHECKPOINT_EVERY_S = 20.0
PENALTY_EVERY = 8  # steps; the penalty is as much stronger (Karras et al. 2020)
SIGNATURE = r"$\min_G\,\max_D\;\mathrm{E}_x[\log D(x)]+\mathrm{E}_z[\log(1-D(G(z)))]$"


class GanParams(dllab.Params):
    data: Literal["digits", "portraits", "mnist", "fashion-mnist"] = dllab.param(
        "digits", help="pictures to learn from"
    )
    folder: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="own pictures: a folder (folders in it are classes), or an .npz as mnist.npz",
    )
    size: Literal[8, 16, 32, 64] = dllab.param(32, help="side that own pictures are scaled to, in px")
    steps: int = dllab.param(3000, ge=1, le=1_000_000, help="steps of both nets")
    batch_size: int = dllab.param(64, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(1e-3, gt=0, le=0.1, help="Adam's, of both nets; down to a tenth")
    latent: int = dllab.param(64, ge=1, le=1024, help="numbers of noise for each picture")
    width: int = dllab.param(32, ge=8, le=256, help="channels of the finest level")
    penalty: float = dllab.param(0.3, ge=0, le=100, help="on the critic's slope at real pictures (R1)")
    augment: int = dllab.param(1, ge=0, le=8, unit="px", help="how far the critic's pictures are moved")
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
    """Sources: Goodfellow et al. 2014; DCGAN, Radford et al. 2016; R1, Mescheder et al. 2018."""
    import torch
    from torch.nn.functional import softplus

    from dllab_images.data import read_pictures
    from dllab_images.drawing import draw, labels_of
    from dllab_images.nets import Critic
    from dllab_images.sheets import to_bytes
    from dllab_images.shelf import Kind
    from dllab_images.training import Batches, Ema, adam_state, restore_adam, set_rate, warm_cosine

    pictures = read_pictures(params.data, params.folder, params.size, run.model, run.progress)
    for note in pictures.notes:
        run.message(note, level="warning")
    channels, size, _ = pictures.shape
    classes = len(pictures.class_names)
    options = {"latent": params.latent, "width": params.width}
    kind = Kind("gan", pictures.name, channels, size, pictures.class_names, options)
    generator = kind.build().to(run.device).train()
    critic = Critic(channels, size, classes, params.width).to(run.device)
    ema = Ema(generator, params.ema)
    theirs = [torch.optim.Adam(net.parameters(), lr=params.learning_rate, betas=(0.0, 0.99))
              for net in (generator, critic)]  # fmt: skip
    random = run.torch_generator("train")
    batches = Batches(pictures.train, pictures.train_labels, params.batch_size, random, run.device)
    shown = labels_of(0, 6 * min(classes, 10) if classes > 1 else 48, classes, None)
    moments = {params.steps * i // params.frames for i in range(params.frames)}
    curves: dict[str, list[float]] = {"generator": [], "critic": []}
    film: list[np.ndarray] = []
    if run.restored is not None:
        for net, name in ((generator, "generator"), (critic, "critic"), (ema.net, "ema")):
            net.load_state_dict(run.restored[name])
        for optimiser, saved in zip(theirs, run.restored["adam"], strict=True):
            restore_adam(optimiser, saved)
        batches.order, film = run.restored["order"], list(run.restored["film"])
        curves = {name: list(values) for name, values in run.restored["curves"].items()}

    for step in run.progress(range(len(curves["critic"]), params.steps), label="forging"):
        for optimiser in theirs:
            set_rate(optimiser, params.learning_rate * warm_cosine(step, params.steps, end=0.1))
        real, labels = batches.next()
        noise = torch.randn(len(real), params.latent, generator=random).to(run.device)
        # The critic: real pictures up, made ones down, and level ground at real ones.
        with torch.no_grad():
            made = generator(noise, labels)
        both = moved(torch.cat([real, made]), params.augment, random)
        up, down = critic(both, labels.repeat(2)).chunk(2)
        critic_loss = softplus(-up).mean() + softplus(down).mean()
        loss = critic_loss
        if params.penalty and step % PENALTY_EVERY == 0:
            loss = loss + PENALTY_EVERY * params.penalty / 2 * slope(critic, both[: len(real)], labels)
        _descend(theirs[1], loss)
        # The generator: be taken for real (the non-saturating loss).
        critic.requires_grad_(False)
        noise = torch.randn(len(real), params.latent, generator=random).to(run.device)
        generator_loss = softplus(
            -critic(moved(generator(noise, labels), params.augment, random), labels)
        ).mean()
        _descend(theirs[0], generator_loss)
        critic.requires_grad_(True)
        ema.update(generator, step)

        for name, value in (("generator", generator_loss.item()), ("critic", critic_loss.item())):
            curves[name].append(value)
        if curves["critic"][-1] != curves["critic"][-1]:
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        run.log(step, generator=curves["generator"][-1], critic=curves["critic"][-1])
        if step in moments or step + 1 == params.steps:
            film.append(to_bytes(draw(kind, ema.net, run.seed, 0, shown, device=run.device)))
            run.preview(_frame(film[-1], classes))
        if step % 50 == 49 or step + 1 == params.steps:
            state = {"generator": generator.state_dict(), "critic": critic.state_dict()}
            state |= {"ema": ema.net.state_dict(), "adam": [adam_state(each) for each in theirs]}
            state |= {"order": batches.order, "film": film, "curves": curves}
            run.checkpoint(state, every_s=CHECKPOINT_EVERY_S)

    _leave(run, kind, ema.net, film, curves)
    _check(run, pictures, film[-1], len(curves["critic"]))


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


def slope(critic: Any, real: Tensor, labels: Tensor) -> Tensor:
    """The mean squared length of the critic's gradient at real pictures (R1)."""
    import torch

    real = real.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(real, labels).sum(), real, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()


def _descend(optimiser: Any, loss: Tensor) -> None:
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


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
    named = {names[key]: values for key, values in curves.items()}
    save_curves(run, named, run.words("Losses of both", "두 신경망의 손실"))
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


def _check(run: dllab.Run, pictures: Any, last: np.ndarray, steps: int) -> None:
    """Made pictures must differ among themselves as real ones do: a generator that collapsed draws one."""
    from dllab_images.sheets import from_bytes

    spread = float(from_bytes(last).std(axis=0).mean() / max(1e-6, pictures.train.std(axis=0).mean()))
    run.check("spread of made pictures, of the real ones'", got=spread,
              at_least=0.6 if steps >= 1000 else 0.0, at_most=1.6 if steps >= 1000 else 30.0,
              source="pictures from the same distribution have the same standard deviation: 1")  # fmt: skip
