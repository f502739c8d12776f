"""The experiment `ddpm`: a small diffusion model, from noise to pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_images.picture_params import PictureParams, pictures_for
from dllab_images.texts import ABOUT, KO

if TYPE_CHECKING:
    import numpy as np


class DdpmParams(PictureParams):
    steps: int = dllab.param(2400, ge=1, le=1_000_000, help="gradient steps")
    batch_size: int = dllab.param(128, ge=2, le=4096, help="pictures per step")
    learning_rate: float = dllab.param(2e-3, gt=0, le=0.1, help="peak of Adam's; then down to zero")
    width: int = dllab.param(32, ge=8, le=256, help="channels of the UNet's first level; a multiple of 8")
    dropout: float = dllab.param(0.15, ge=0, lt=1, help="share of a layer that is left out in training")
    ema: float = dllab.param(0.995, ge=0, lt=1, help="decay of the averaged weights that draw")
    scheduler: Literal["ddim", "ddpm", "dpm++", "unipc", "euler", "euler-a"] = dllab.param(
        "dpm++", help="how to walk from noise to picture"
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

    from dllab_images.denoise import scheduler, with_noise
    from dllab_images.nets import unet
    from dllab_images.shelf import Kind, packed
    from dllab_images.training import Training, warm_cosine

    pictures = pictures_for(run, params)
    channels, size, _ = pictures.shape
    kind = Kind("ddpm", pictures.name, channels, size, pictures.class_names, {"width": params.width})
    net = unet(channels, size, len(pictures.class_names), params.width, params.dropout)
    shares = scheduler("ddpm").alphas_cumprod.to(run.device)  # alpha bar of each moment, (1000,)
    training = Training(run, pictures, params, {"net": net}, (0.9, 0.999), ("loss",))
    for step in training.loop(run.words("learning to take noise away", "잡음을 걷어 내는 학습")):
        images, labels = training.batches.next()
        moments = torch.randint(1000, (len(images),), generator=training.random).to(run.device)
        noise = torch.randn(images.shape, generator=training.random).to(run.device)
        noisy, wanted = with_noise(images, noise, shares[moments])
        # Dropout draws from torch's own generator: seeded at each step, a run that goes on does the same.
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=training.random)))
        with run.autocast():
            told = net(noisy, moments, labels).sample
        loss = torch.nn.functional.mse_loss(told.float(), wanted)
        training.descend("net", loss, warm_cosine(step, params.steps))
        training.finish(step, loss=loss)
        training.keep(step)

    averaged, losses = training.ema.net, training.curves["loss"]
    run.save_model("ddpm.safetensors", packed(averaged), kind.facts())
    _show(run, params, kind, averaged, losses)
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
        run,
        {"loss": losses},
        {"loss": run.words("loss", "손실")},
        run.words("Mean squared error of v", "v의 평균 제곱 오차"),
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
        ko="손실, 아무것도 맞히지 않을 때에 대한 비",
        got=sum(last) / len(last) / blank,
        at_most=0.5 if len(losses) >= 500 else 3.0,
        source="v has the mean square a E[noise^2] + (1 - a) E[x^2], with a spread evenly by the schedule",
    )
