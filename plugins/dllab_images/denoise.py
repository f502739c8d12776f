"""From noise to pictures: any of diffusers' schedulers, with the predicted picture kept in [-1, 1]."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TRAINING = {
    "num_train_timesteps": 1000,
    "beta_schedule": "squaredcos_cap_v2",
    "prediction_type": "v_prediction",
}
# Name: module and class in diffusers, what it takes beside TRAINING, and the steps it is good with.
SCHEDULERS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "ddim": ("scheduling_ddim", "DDIMScheduler", {"timestep_spacing": "trailing", "clip_sample": True}, 50),
    "ddpm": ("scheduling_ddpm", "DDPMScheduler", {"timestep_spacing": "trailing", "clip_sample": True}, 50),
    "dpm++": (
        "scheduling_dpmsolver_multistep",
        "DPMSolverMultistepScheduler",
        {"timestep_spacing": "trailing", "final_sigmas_type": "zero"},
        30,
    ),
    "unipc": (
        "scheduling_unipc_multistep",
        "UniPCMultistepScheduler",
        {"timestep_spacing": "trailing", "final_sigmas_type": "zero"},
        30,
    ),
    "euler": (
        "scheduling_euler_discrete",
        "EulerDiscreteScheduler",
        {"timestep_spacing": "trailing"},
        30,
    ),
    "euler-a": (
        "scheduling_euler_ancestral_discrete",
        "EulerAncestralDiscreteScheduler",
        {"timestep_spacing": "trailing"},
        40,
    ),
}

ADDS_NOISE = ("DDPMScheduler", "EulerAncestralDiscreteScheduler")


def scheduler(name: str) -> Any:
    """A scheduler of that name over the noise that the nets here are trained with."""
    from importlib import import_module

    module, kind, options, _ = SCHEDULERS[name]
    make = getattr(import_module(f"diffusers.schedulers.{module}"), kind)
    with warnings.catch_warnings():  # diffusers makes arrays of tensors in a way that NumPy 2 will end
        warnings.simplefilter("ignore", DeprecationWarning)
        return make(**TRAINING, **options)


def signal_share(steps: Any) -> Tensor:
    """What is left of the picture's variance at each of the 1000 training steps: alpha bar, (1000,)."""
    return steps.alphas_cumprod


def with_noise(images: Tensor, noise: Tensor, share: Tensor) -> tuple[Tensor, Tensor]:
    """Noisy pictures and the v that a net must tell: v = sqrt(a) noise - sqrt(1 - a) picture.

    images, noise (N, C, H, W); share (N,) is alpha bar. Source: Salimans and Ho 2022.
    """
    root, rest = share.sqrt()[:, None, None, None], (1 - share).sqrt()[:, None, None, None]
    return root * images + rest * noise, root * noise - rest * images


def clamped(told: Tensor, noisy: Tensor, share: Tensor) -> Tensor:
    """The v for the same noisy picture, but with the picture in it kept in [-1, 1].

    told: the net's v; noisy as the net saw it, of variance 1; share: alpha bar. Without this a cosine
    schedule ruins what fast solvers make: their first steps divide by a signal of almost nothing.
    """
    root, rest = share.sqrt(), (1 - share).sqrt()
    picture = (root * noisy - rest * told).clamp(-1, 1)
    return (root * noisy - picture) / rest.clamp_min(1e-4)


@torch.no_grad()
def steps_of_drawing(
    net: Callable[[Tensor, Tensor, Tensor], Tensor], steps: Any, noise: Tensor, labels: Tensor, count: int,
    generators: list[torch.Generator],
) -> Iterator[tuple[Tensor, Tensor]]:  # fmt: skip
    """The picture in work (N, C, H, W) and the one that the net has in mind, after each step.

    net takes (noisy, timesteps, labels) and tells v. noise: of variance 1. generators: one for each picture,
    for the schedulers that add noise; so it does not matter with which others a picture is drawn.
    """
    random = {"generator": generators} if type(steps).__name__ in ADDS_NOISE else {}
    with warnings.catch_warnings():  # as above
        warnings.simplefilter("ignore", DeprecationWarning)
        steps.set_timesteps(count)
    picture = noise * float(steps.init_noise_sigma)
    for i, moment in enumerate(steps.timesteps):
        seen = steps.scale_model_input(picture, moment)
        share = _share(steps, i, moment).to(seen)
        told = clamped(net(seen, moment.expand(len(seen)).to(seen.device), labels).float(), seen, share)
        in_mind = share.sqrt() * seen - (1 - share).sqrt() * told
        picture = steps.step(told, moment, picture, **random).prev_sample
        yield picture, in_mind


def _share(steps: Any, i: int, moment: Tensor) -> Tensor:
    """Alpha bar at step i: by sigma where the scheduler counts in sigmas, 1 / (1 + sigma^2)."""
    if "Euler" in type(steps).__name__:
        return 1 / (1 + steps.sigmas[i].float() ** 2)
    return steps.alphas_cumprod[int(moment)].float()
