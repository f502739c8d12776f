"""The stages of `train-portraits` one after another, and what is kept of them to go on from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

import dllab
from dllab_images import caption_reader, portrait_codes
from dllab_images.attributes import ATTRIBUTES
from dllab_images.captions import caption
from dllab_images.code_reader import CodeReader
from dllab_images.portraits import Portraits, portraits
from dllab_images.text_to_image import SCHEDULER, autoencoder, text_encoder, tokens, unet
from dllab_images.training import Ema, adam_state, restore_adam, set_rate, warm_cosine

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKPOINT_EVERY_S = 60.0
STAGES = ("words", "noise", "marks", "details", "pixels")  # in this order
STAGES_KO = {"words": "낱말", "noise": "잡음", "marks": "코드 분류기", "details": "세부", "pixels": "픽셀"}
WITHOUT_CAPTION = 10  # every tenth portrait is shown without one, for classifier-free guidance
WORD_RATE, PIXEL_RATE = 2e-3, 4e-3  # peak learning rates of the first stage and the last
CHOICE_STREAM, CAPTION_STREAM = 1_000_011, 1_000_007  # of random numbers, beside those of the portraits
DRAWN_AT_ONCE = 500
SPREAD = 0.15  # of the largest noise on the codes that the decoder learns from: the UNet errs about as much


class Stages:
    """The nets, what each stage has lost so far, and the stage that the training is in."""

    def __init__(self, run: dllab.Run, params: Any, words: Any) -> None:
        self.run, self.params, self.words = run, params, words
        with torch.random.fork_rng():
            torch.manual_seed(run.seed)
            net = nn.ModuleDict({"unet": unet(), "reader": text_encoder(len(words)), "vae": autoencoder()})
            net["heads"] = caption_reader.heads(net["unet"].time_embedding.linear_2.out_features)
            net["marks"] = CodeReader()
        self.net = net.to(run.device, memory_format=torch.channels_last)
        self.losses: dict[str, list[float]] = {name: [] for name in STAGES}
        self.average: Ema | None = None
        self.stage, self.adam = STAGES[0], {}
        self.generators = {name: run.torch_generator(name) for name in STAGES}

    def restore(self) -> None:
        """Go on from a checkpoint, where there is one."""
        kept = self.run.restored
        if kept is None:
            return
        self.net.load_state_dict(kept["net"])
        self.losses = {name: list(losses) for name, losses in kept["losses"].items()}
        self.stage, self.adam = kept["stage"], kept["adam"]
        if kept["average"]:
            self.average = Ema(self.net, self.params.ema)
            self.average.net.load_state_dict(kept["average"])

    def is_past(self, stage: str) -> bool:
        """Whether a later stage than this one has begun."""
        return STAGES.index(self.stage) > STAGES.index(stage)

    def take_average(self) -> None:
        """Put the averaged weights in the place of the nets', at the end of a stage that averages."""
        average, self.average = self.average, None
        if average is not None:
            self.net.load_state_dict(average.net.state_dict())

    def learn(
        self, stage: str, steps: int, parts: dict[str, nn.Module], rates: dict[str, float], loss_of: Callable
    ) -> None:
        """Go through the steps of a stage that are still to do.

        parts: the nets that learn, by name; rates: the peak of the learning rate of each. loss_of: takes the
        number of a step and gives its loss.
        """
        run, losses, self.stage = self.run, self.losses[stage], stage
        optimisers = {
            name: torch.optim.AdamW(part.parameters(), weight_decay=1e-3, betas=(0.9, 0.99))
            for name, part in parts.items()
        }
        for name, saved in self.adam.items():
            restore_adam(optimisers[name], saved)
        before = sum(len(self.losses[name]) for name in STAGES if name != stage)
        label = run.words(f"learning {stage}", f"{STAGES_KO[stage]} 학습")
        for step in run.progress(range(len(losses), steps), label=label):
            loss = loss_of(step)
            self.net.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([w for part in parts.values() for w in part.parameters()], 1.0)
            for name, optimiser in optimisers.items():
                set_rate(optimiser, rates[name] * warm_cosine(step, steps, warm_up=200))
                optimiser.step()
            if self.average is not None:
                self.average.update(self.net, step)
            losses.append(float(loss.detach()))
            if losses[-1] != losses[-1]:
                raise dllab.DllabError(
                    f"the loss of {stage} is not a number at step {step}: take another --seed"
                )
            run.log(before + step, **{f"{stage}_loss": losses[-1]})
            run.checkpoint(self._state(optimisers), every_s=CHECKPOINT_EVERY_S)
        self.adam = {}

    def _state(self, optimisers: dict[str, torch.optim.Optimizer]) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "net": self.net.state_dict(),
            "average": self.average.net.state_dict() if self.average is not None else {},
            "adam": {name: adam_state(optimiser) for name, optimiser in optimisers.items()},
            "losses": self.losses,
        }

    @cached_property
    def pool(self) -> Portraits:
        """The portraits that the last two stages learn from, drawn once."""
        parts = []
        label = self.run.words("drawing portraits", "초상 그리기")
        for first in self.run.progress(range(0, self.params.pool, DRAWN_AT_ONCE), label=label):
            parts.append(portraits(min(DRAWN_AT_ONCE, self.params.pool - first), self.run.seed, first=first))
        labels = {name: np.concatenate([part.attributes[name] for part in parts]) for name in ATTRIBUTES}
        captions = tuple(text for part in parts for text in part.captions)
        korean = np.concatenate([part.korean for part in parts])
        return Portraits(np.concatenate([part.images for part in parts]), labels, captions, korean)

    def chosen(self, step: int) -> np.ndarray:
        """Which portraits of the pool a step takes: their places (B,)."""
        rng = np.random.default_rng([self.run.seed, CHOICE_STREAM, step])
        return rng.integers(self.params.pool, size=self.params.batch_size)


def learn_words(stages: Stages) -> None:
    """The text encoder, and the part of the UNet that makes one vector of a caption, learn what it states."""
    if stages.is_past("words"):
        return
    run, params, net = stages.run, stages.params, stages.net

    def loss_of(step: int) -> Tensor:
        ids, labels = caption_reader.caption_batch(
            run.seed, step, params.batch_size, params.korean, stages.words
        )
        with run.autocast():
            labels = {name: each.to(run.device) for name, each in labels.items()}
            return caption_reader.reading_loss(net, ids.to(run.device), labels)

    parts = {"reader": net["reader"], "pooling": net["unet"].add_embedding, "heads": net["heads"]}
    stages.learn("words", params.word_steps, parts, dict.fromkeys(parts, WORD_RATE), loss_of)


def learn_noise(stages: Stages) -> None:
    """The UNet learns to take noise away from codes, led by captions; then its averaged weights are taken."""
    if stages.is_past("noise"):
        return
    run, params, net, generator = stages.run, stages.params, stages.net, stages.generators["noise"]
    if not stages.losses["noise"]:
        some = portrait_codes.to_pixels(stages.pool.images[: portrait_codes.MEASURED]).to(run.device)
        portrait_codes.set_components(net["vae"].encoder, some)
    codes = portrait_codes.encoded(net["vae"], stages.pool.images, run.device)
    kept = schedule()
    if stages.average is None:
        stages.average = Ema(net, params.ema)

    def loss_of(step: int) -> Tensor:
        places = stages.chosen(step)
        ids = tokens(stages.words, new_captions(stages, places, step))
        some = noised(codes[torch.from_numpy(places)].float(), kept, generator)
        return (predicted(run, net, some.noisy, some.times, ids) - some.target.to(run.device)).square().mean()

    stages.learn("noise", params.steps, {"unet": net["unet"]}, {"unet": params.learning_rate}, loss_of)
    stages.take_average()


def learn_pixels(stages: Stages) -> None:
    """The decoder learns to make pixels of codes, with a little noise in them."""
    run, params, generator = stages.run, stages.params, stages.generators["pixels"]
    vae = stages.net["vae"]
    codes = portrait_codes.encoded(vae, stages.pool.images, run.device)

    def loss_of(step: int) -> Tensor:
        places = stages.chosen(step)
        some = codes[torch.from_numpy(places)].float()
        spread = SPREAD * torch.rand(len(some), 1, 1, 1, generator=generator)
        some = (some + spread * torch.randn(some.shape, generator=generator)) / vae.config.scaling_factor
        pictures = portrait_codes.to_pixels(stages.pool.images[places]).to(run.device)
        with run.autocast():
            some = some.to(run.device).contiguous(memory_format=torch.channels_last)
            return portrait_codes.rebuilding_loss(vae.decoder, some, pictures)

    stages.learn("pixels", params.pixel_steps, {"decoder": vae.decoder}, {"decoder": PIXEL_RATE}, loss_of)


def new_captions(stages: Stages, places: np.ndarray, step: int) -> list[str]:
    """A caption for each portrait of the pool at these places (B,); the words are others at every step."""
    texts = []
    for k, place in enumerate(places):
        rng = np.random.default_rng([stages.run.seed, CAPTION_STREAM, step, k])
        chosen = {name: int(labels[place]) for name, labels in stages.pool.attributes.items()}
        text = caption(chosen, rng, "ko" if rng.random() < stages.params.korean else "en")
        texts.append("" if (step * len(places) + k) % WITHOUT_CAPTION == 0 else text)
    return texts


class Noised(NamedTuple):
    """Codes (B, 32, 8, 8) at some times (B,) of the schedule.

    noisy = kept code + lost noise, with kept and lost of shape (B, 1, 1, 1).
    target: v = kept noise - lost code, which the UNet learns to predict (Salimans and Ho 2022).
    """

    noisy: Tensor
    target: Tensor
    times: Tensor
    kept: Tensor
    lost: Tensor


def schedule() -> Tensor:
    """The share of the code's variance in the noisy code at each time, (1000,): the cosine schedule."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(**SCHEDULER).alphas_cumprod


def noised(codes: Tensor, left: Tensor, generator: torch.Generator) -> Noised:
    """Codes (B, 32, 8, 8) with noise, by a schedule (1000,).

    Half of the times are drawn evenly, half around the middle, where the picture's plan is decided.
    Source: cosine schedule of Nichol and Dhariwal 2021; times of Esser et al. 2024.
    """
    count = len(codes)
    # One place in each of B equal slices: the loss is calmer than with free draws.
    places = (torch.randperm(count, generator=generator) + torch.rand(count, generator=generator)) / count
    is_even = torch.arange(count) % 2 == 0
    middle = torch.sigmoid(torch.special.ndtri(places.clamp(1e-4, 1 - 1e-4)))
    times = (torch.where(is_even, places, middle) * len(left)).long().clamp_max(len(left) - 1)
    noise = torch.randn(codes.shape, generator=generator)
    kept, lost = left[times].sqrt()[:, None, None, None], (1 - left[times]).sqrt()[:, None, None, None]
    return Noised(kept * codes + lost * noise, kept * noise - lost * codes, times, kept, lost)


def predicted(run: dllab.Run, net: Any, noisy: Tensor, times: Tensor, ids: Tensor) -> Tensor:
    """The UNet's v (B, 32, 8, 8), float32 on the device, for captions of tokens ids (B, LONGEST)."""
    noisy = noisy.to(run.device).contiguous(memory_format=torch.channels_last)
    with run.autocast():
        with torch.no_grad():  # it knows its words by now
            context = net["reader"](ids.to(run.device)).last_hidden_state
        return net["unet"](noisy, times.to(run.device), context).sample.float()
