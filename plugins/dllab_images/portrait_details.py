"""The stages of `train-portraits` in which the UNet learns to keep the small things that a caption states.

By squared error alone a mouth of four pixels counts for little beside a hat. So a classifier learns to read
attributes in codes, and the UNet is led to codes in which it reads what the caption states. The judge of
`portrait-check` is another net, which sees pixels and takes no part in any training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dllab_images import portrait_codes
from dllab_images.attributes import ATTRIBUTES, visible
from dllab_images.captions import stated
from dllab_images.portrait_stages import Stages, new_captions, noised, predicted, schedule
from dllab_images.text_to_image import tokens
from dllab_images.training import Ema

MARK_RATE, DETAIL_RATE = 2e-3, 8e-4  # peak learning rates
BLUR = 0.35  # of the largest noise on the codes that the classifier learns from
STATED = 0.1  # weight of the classifier's loss beside the squared error
FACE = 3.0  # how much more than elsewhere an error counts where eyes and mouth are
LATEST = 700  # of 1000 times: in more noise nothing small is decided yet


def learn_marks(stages: Stages) -> None:
    """The classifier learns to read attributes in codes, with some noise in them."""
    if stages.is_past("marks"):
        return
    run, reader, generator = stages.run, stages.net["marks"], stages.generators["marks"]
    codes, labels = _codes_and_labels(stages)
    seen = visible(labels)

    def loss_of(step: int) -> Tensor:
        places = torch.from_numpy(stages.chosen(step))
        some = codes[places].float()
        spread = BLUR * torch.rand(len(some), 1, 1, 1, generator=generator)
        some = some + spread * torch.randn(some.shape, generator=generator)
        with run.autocast():
            found = reader(some.to(run.device))
        loss = torch.zeros((), device=run.device)
        for name, logits in found.items():
            each = functional.cross_entropy(logits, labels[name][places].to(run.device), reduction="none")
            counts = seen[name][places].to(run.device)
            loss = loss + (each * counts).sum() / counts.sum().clamp_min(1)
        return loss

    reader.train()
    stages.learn("marks", stages.params.mark_steps, {"marks": reader}, {"marks": MARK_RATE}, loss_of)


def learn_details(stages: Stages) -> None:
    """The UNet learns on, with more weight on the face, and led by the classifier to what captions state."""
    if stages.is_past("details"):
        return
    run, net, generator = stages.run, stages.net, stages.generators["details"]
    codes, labels = _codes_and_labels(stages)
    weight = face_weight(codes[: portrait_codes.MEASURED].float(), labels).to(run.device)
    kept = schedule()
    reader = net["marks"].eval().requires_grad_(False)
    if stages.average is None:
        stages.average = Ema(net, stages.params.ema)

    def loss_of(step: int) -> Tensor:
        places = stages.chosen(step)
        texts = new_captions(stages, places, step)
        some = noised(codes[torch.from_numpy(places)].float(), kept, generator)
        found = predicted(run, net, some.noisy, some.times, tokens(stages.words, texts))
        error = ((found - some.target.to(run.device)).square() * weight).mean()
        cleaned = some.kept.to(run.device) * some.noisy.to(run.device) - some.lost.to(run.device) * found
        with run.autocast():
            logits = reader(cleaned)
        said = _stated_labels(stages, places, texts, some.times)
        wrong = torch.stack(
            [
                functional.cross_entropy(
                    logits[name], said[name].to(run.device), reduction="sum", ignore_index=-1
                )
                for name in ATTRIBUTES
            ]
        )
        return error + STATED * wrong.sum() / len(places)

    steps = stages.params.detail_steps
    stages.learn("details", steps, {"unet": net["unet"]}, {"unet": DETAIL_RATE}, loss_of)
    stages.take_average()


def _codes_and_labels(stages: Stages) -> tuple[Tensor, dict[str, Tensor]]:
    """The pool as codes, float16 (N, 32, 8, 8), and its attributes (N,) by name."""
    codes = portrait_codes.encoded(stages.net["vae"], stages.pool.images, stages.run.device)
    return codes, {name: torch.from_numpy(values) for name, values in stages.pool.attributes.items()}


def face_weight(codes: Tensor, labels: dict[str, Tensor]) -> Tensor:
    """Weight of each place of a code, (8, 8) of mean 1: more where codes tell eyes or mouths apart.

    codes: (N, 32, 8, 8) and labels (at least N,) of the same portraits, the first N.
    """
    count = len(codes)
    seen = visible(labels)
    told = torch.zeros(codes.shape[-2:])
    for name in ("eyes", "mouth"):
        groups = [
            codes[(labels[name][:count] == value) & seen[name][:count]]
            for value in range(len(ATTRIBUTES[name]))
        ]
        means = torch.stack([group.mean(dim=0) for group in groups if len(group)])
        if len(means) > 1:
            told += means.var(dim=0).sum(dim=0)
    weight = 1 + FACE * told / told.max().clamp_min(1e-8)
    return weight / weight.mean()


def _stated_labels(stages: Stages, places: np.ndarray, texts: list[str], times: Tensor) -> dict[str, Tensor]:
    """The labels (B,) that a caption states of a code that is not too noisy; -1 elsewhere."""
    labels = {name: torch.full((len(places),), -1) for name in ATTRIBUTES}
    for k, (place, words) in enumerate(zip(places, texts, strict=True)):
        if int(times[k]) >= LATEST:
            continue
        chosen: dict[str, Any] = {name: int(values[place]) for name, values in stages.pool.attributes.items()}
        for name in stated(chosen, words):
            labels[name][k] = chosen[name]
    return labels
