"""The experiment `ddpm`: a small diffusion model, from noise to pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np

CHECKPOINT_EVERY_S = 20.0


class DdpmParams(dllab.Params):
    data: Literal["digits", "portraits", "mnist", "fashion-mnist"] = dllab.param(
        "digits", help="pictures to learn from"
    )
    folder: dllab.Input | None = dllab.input(
        "file",
        default=None,
        help="own pictures: a folder (folders in it are classes), or an .npz as mnist.npz",
    )
    size: Literal[8, 16, 32, 64] = dllab.param(32, help="side that own pictures are scaled to, in px")
    steps: int = dllab.param(1500, ge=1, le=1_000_000, help="gradient steps")
    batch_size: int = dllab.param(128, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(2e-3, gt=0, le=0.1, help="peak of Adam's; then down to zero")
    width: int = dllab.param(32, ge=8, le=256, help="channels of the UNet's first level; a multiple of 8")
    ema: float = dllab.param(0.995, ge=0, lt=1, help="decay of the averaged weights that draw")
    scheduler: Literal["ddim", "ddpm", "dpm++", "unipc", "euler", "euler-a"] = dllab.param(
        "ddim", help="how to walk from noise to picture"
    )
    sampling_steps: int = dllab.param(0, ge=0, le=1000, help="steps of the walk; 0 for the scheduler's own")


@dllab.experiment(
    "ddpm",
    topic="images",
    about=ABOUT["ddpm"],
    tiny={"steps": 2, "batch_size": 4, "width": 8, "sampling_steps": 3},
    ko=KO["ddpm"],
)
def ddpm(run: dllab.Run, params: DdpmParams) -> None:
    """Sources: Ho et al. 2020; cosine schedule, Nichol and Dhariwal 2021; v, Salimans and Ho 2022."""
    import torch

    from dllab_images.data import read_pictures
    from dllab_images.denoise import scheduler, with_noise
    from dllab_images.shelf import Kind, packed
    from dllab_images.training import Batches, Ema, adam_state, restore_adam, set_rate, warm_cosine

    if params.width % 8:
        raise dllab.UsageError(
            f"--width {params.width} must be a multiple of 8: normalisation takes 8 groups"
        )
    pictures = read_pictures(params.data, params.folder, params.size, run.model, run.progress)
    for note in pictures.notes:
        run.message(note, level="warning")
    channels, size, _ = pictures.shape
    kind = Kind("ddpm", pictures.name, channels, size, pictures.class_names, {"width": params.width})
    net = kind.build().to(run.device).train()
    ema = Ema(net, params.ema)
    optimiser = torch.optim.Adam(net.parameters(), lr=params.learning_rate)
    generator = run.torch_generator("train")
    batches = Batches(pictures.train, pictures.train_labels, params.batch_size, generator, run.device)
    shares = scheduler("ddpm").alphas_cumprod.to(run.device)  # alpha bar of each moment, (1000,)
    losses: list[float] = []
    if run.restored is not None:
        net.load_state_dict(run.restored["net"])
        ema.net.load_state_dict(run.restored["ema"])
        restore_adam(optimiser, run.restored["adam"])
        batches.order, losses = run.restored["order"], list(run.restored["losses"])

    for step in run.progress(range(len(losses), params.steps), label="learning to take noise away"):
        images, labels = batches.next()
        moments = torch.randint(1000, (len(images),), generator=generator).to(run.device)
        noise = torch.randn(images.shape, generator=generator).to(run.device)
        noisy, wanted = with_noise(images, noise, shares[moments])
        with run.autocast():
            told = net(noisy, moments, labels).sample
        loss = torch.nn.functional.mse_loss(told.float(), wanted)
        set_rate(optimiser, params.learning_rate * warm_cosine(step, params.steps))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        ema.update(net, step)
        losses.append(loss.item())
        if losses[-1] != losses[-1]:
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        run.log(step, loss=losses[-1])
        if step % 50 == 49 or step + 1 == params.steps:
            state = {"net": net.state_dict(), "ema": ema.net.state_dict(), "adam": adam_state(optimiser)}
            run.checkpoint({**state, "order": batches.order, "losses": losses}, every_s=CHECKPOINT_EVERY_S)

    run.save_model("ddpm.safetensors", packed(ema.net), kind.facts())
    _show(run, params, kind, ema.net, losses)
    _check(run, pictures.train, losses)


def _show(run: dllab.Run, params: DdpmParams, kind: Any, net: Any, losses: list[float]) -> None:
    """The sheet, the film from noise to picture, and the curve."""
    import numpy as np

    from dllab_images.curves import save_curves
    from dllab_images.drawing import denoising, labels_of
    from dllab_images.sheets import sheet, with_rest

    classes = len(kind.class_names)
    columns = classes if 2 <= classes <= 10 else 8
    labels = labels_of(0, 6 * columns, classes, None)
    by, steps = params.scheduler, params.sampling_steps
    walk = [(a.cpu().numpy(), b.cpu().numpy()) for a, b in
            denoising(kind, net, run.seed, 0, labels, steps, by, run.device)]  # fmt: skip
    run.save_image("sheet.png", sheet(walk[-1][0], columns))
    kept = np.unique(np.linspace(0, len(walk) - 1, 48).astype(int))
    half = 3 * columns
    frames = [sheet(_at_ease(walk[i][0][:half]), columns) for i in kept]
    run.save_video("from_noise.gif", with_rest(frames), fps=8)
    ways = np.linspace(0, len(walk) - 1, min(10, len(walk))).astype(int)
    rows = [np.stack([walk[i][which][row] for i in ways]) for row in range(3) for which in (0, 1)]
    run.save_image("way.png", sheet(_at_ease(np.concatenate(rows)), len(ways)))
    save_curves(
        run, {run.words("loss", "손실"): losses}, run.words("error of the noise told", "잡음 예측 오차")
    )


def _at_ease(noisy: np.ndarray) -> np.ndarray:
    """Noise reaches beyond [-1, 1]: show it a little paler where it does."""
    import numpy as np

    spread = np.maximum(1, np.abs(noisy).max(axis=(1, 2, 3), keepdims=True) / 1.6)
    return noisy / spread


def _check(run: dllab.Run, train: np.ndarray, losses: list[float]) -> None:
    """Hold the loss against the net that always tells nothing, and against one that knows mean and spread."""
    blank = (1 + float((train**2).mean())) / 2  # about the mean square of v, over all moments
    last = losses[-max(1, len(losses) // 10) :]
    run.check(
        "loss, of that of telling nothing",
        got=sum(last) / len(last) / blank,
        at_most=0.5 if len(losses) >= 500 else 3.0,
        source="v has the mean square a E[noise^2] + (1 - a) E[x^2], with a spread evenly by the schedule",
    )
