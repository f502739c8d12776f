"""The experiment `train-portraits`: a text-to-image model learns to draw biscuit people from captions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab
from dllab_images.portrait_texts import ABOUT

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINT_EVERY_S = 60.0
WITHOUT_CAPTION = 0.1  # share of pictures shown without one, for classifier-free guidance
LONG = 500  # steps from which the loss is held to LONG_LOSS
LONG_LOSS = 0.10


class TrainPortraitsParams(dllab.Params):
    steps: int = dllab.param(4000, ge=1, le=1_000_000, help="gradient steps")
    batch_size: int = dllab.param(64, ge=1, le=4096, help="portraits per step, each drawn anew")
    learning_rate: float = dllab.param(1.5e-3, gt=0, le=0.1, help="AdamW's; down to zero in the last quarter")
    korean: float = dllab.param(0.4, ge=0, le=1, help="share of the captions that are Korean")
    ema: float = dllab.param(0.998, ge=0, lt=1, help="decay of the averaged weights, which are kept")


@dllab.experiment(
    "train-portraits",
    topic="images",
    about=ABOUT["train-portraits"],
    tiny={"steps": 2, "batch_size": 4},
    ko={
        "steps": "경사 단계 수",
        "batch_size": "한 단계의 초상 수; 모두 새로 그림",
        "learning_rate": "AdamW의 학습률; 마지막 4분의 1에서 0까지 내림",
        "korean": "한국어 설명의 비율",
        "ema": "저장할 평균 가중치의 감쇠율",
    },
)
def train_portraits(run: dllab.Run, params: TrainPortraitsParams) -> None:
    """Denoising with v-prediction; text encoder and UNet learn together."""
    import torch

    from dllab_images.text_to_image import text_encoder, tokenizer, unet
    from dllab_images.training import Ema, adam_state, restore_adam, set_rate

    words = tokenizer()
    with torch.random.fork_rng():
        torch.manual_seed(run.seed)
        net = torch.nn.ModuleDict({"unet": unet(), "reader": text_encoder(len(words))})
    net = net.to(run.device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=params.learning_rate, weight_decay=1e-3, betas=(0.9, 0.99)
    )
    average = Ema(net, params.ema)
    noise = run.torch_generator("noise")
    losses: list[float] = []
    if run.restored is not None:
        net.load_state_dict(run.restored["net"])
        average.net.load_state_dict(run.restored["average"])
        restore_adam(optimiser, run.restored["adam"])
        losses = list(run.restored["losses"])

    for step in run.progress(range(len(losses), params.steps), label="learning portraits"):
        pictures, ids = batch(run.seed, step, params.batch_size, params.korean, words)
        set_rate(optimiser, params.learning_rate * rate(step, params.steps))
        loss = denoising_loss(run, net, pictures, ids, noise)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        average.update(net, step)
        losses.append(float(loss.detach()))
        if losses[-1] != losses[-1]:
            raise dllab.DllabError(f"the loss is not a number at step {step}: take a lower --learning-rate")
        run.log(step, loss=losses[-1])
        state = {"net": net.state_dict(), "average": average.net.state_dict(), "losses": losses}
        run.checkpoint({**state, "adam": adam_state(optimiser)}, every_s=CHECKPOINT_EVERY_S)

    _save(run, average.net, words)
    recent = losses[-max(1, len(losses) // 10) :]
    is_long = params.steps >= LONG
    run.check(
        "mean loss at the end",
        got=sum(recent) / len(recent),
        at_most=LONG_LOSS if is_long else 3.0,
        source="measured: below it features are drawn" if is_long else "the target's variance is near one",
    )


def rate(step: int, steps: int) -> float:
    """Share of the learning rate: up in 100 steps, level, then down in a line over the last quarter."""
    return min(1.0, (step + 1) / 100, (steps - step) / max(1.0, steps / 4))


def batch(seed: int, step: int, size: int, korean: float, words: Any) -> tuple[Tensor, Tensor]:
    """Portraits that no step before has seen: pictures (B, 3, 32, 32) in [-1, 1] and tokens (B, LONGEST)."""
    import torch

    from dllab_images.portraits import portraits
    from dllab_images.text_to_image import tokens

    drawn = portraits(size, seed, korean, first=step * size)
    pictures = torch.from_numpy(drawn.images).permute(0, 3, 1, 2).float() / 127.5 - 1
    captions = list(drawn.captions)
    for k in range(size):
        if (step * size + k) % round(1 / WITHOUT_CAPTION) == 0:
            captions[k] = ""
    return pictures, tokens(words, captions)


def denoising_loss(run: dllab.Run, net: Any, pictures: Tensor, ids: Tensor, generator: Any) -> Tensor:
    """Mean squared error of the predicted v = a noise - s picture, where noisy = a picture + s noise.

    Source: Salimans and Ho 2022; cosine schedule of Nichol and Dhariwal 2021.
    """
    import torch
    from diffusers import DDIMScheduler

    from dllab_images.text_to_image import SCHEDULER

    kept = DDIMScheduler(**SCHEDULER).alphas_cumprod
    # One time in each of B equal slices of the schedule: the loss is calmer than with free draws.
    count = len(pictures)
    places = (torch.randperm(count, generator=generator) + torch.rand(count, generator=generator)) / count
    t = (places * len(kept)).long().clamp_max(len(kept) - 1)
    noise = torch.randn(pictures.shape, generator=generator)
    a, s = kept[t].sqrt()[:, None, None, None], (1 - kept[t]).sqrt()[:, None, None, None]
    noisy, target = a * pictures + s * noise, a * noise - s * pictures
    noisy = noisy.to(run.device).contiguous(memory_format=torch.channels_last)
    with run.autocast():
        context = net["reader"](ids.to(run.device)).last_hidden_state
        found = net["unet"](noisy, t.to(run.device), context).sample
    return (found.float() - target.to(run.device)).square().mean()


def _save(run: dllab.Run, net: Any, words: Any) -> None:
    """Leave the pipeline folder as a zip, and a sheet that it draws."""
    import tempfile
    import zipfile

    from dllab_images.text_to_image import save_pipeline

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        save_pipeline(folder, net["unet"].cpu(), net["reader"].cpu(), words)
        with run.open_file("pipeline.zip", "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(str(path.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
                    archive.writestr(entry, path.read_bytes())
