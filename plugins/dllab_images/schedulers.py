"""Scheduler presets: other ways from noise to picture, over the noise that a pipeline was trained with."""

from __future__ import annotations

from typing import Any

# What --scheduler takes, and what it is.
PRESETS = {
    "own": "the one that the pipeline brings",
    "ddim": "DDIM (Song et al. 2020)",
    "dpm++": "DPM-Solver++ 2M (Lu et al. 2022)",
    "unipc": "UniPC (Zhao et al. 2023)",
    "euler": "Euler's method (Karras et al. 2022)",
}

# Steps by which portrait-check compares the presets with DDIM of 50.
STEPS = {"ddim": 30, "dpm++": 15, "unipc": 15, "euler": 30}


def preset(name: str, config: Any) -> Any:
    """The scheduler of that name for a pipeline whose own scheduler has this config.

    Where the config clips the predicted picture (clip_sample, for pipelines over pixels), so do all presets;
    by `from_config` alone the fast solvers drop that and their pictures are ruined. Latents are not clipped.
    """
    import diffusers

    config = dict(config)
    is_clipped = bool(config.get("clip_sample")) and not config.get("thresholding")
    # Dynamic thresholding whose threshold is between 1 and 1 is a plain clamp to [-1, 1].
    clamp = {"thresholding": True, "sample_max_value": 1.0} if is_clipped else {}
    trailing = {"timestep_spacing": "trailing"} if is_clipped else {}
    if name == "ddim":
        return diffusers.DDIMScheduler.from_config(config, **trailing)
    if name == "dpm++":
        return diffusers.DPMSolverMultistepScheduler.from_config(
            config, algorithm_type="dpmsolver++", final_sigmas_type="zero", **clamp, **trailing
        )
    if name == "unipc":
        return diffusers.UniPCMultistepScheduler.from_config(
            config, final_sigmas_type="zero", **clamp, **trailing
        )
    if name == "euler":
        kind = _clamped_euler() if is_clipped else diffusers.EulerDiscreteScheduler
        return kind.from_config(config, **trailing)
    raise KeyError(name)


def _clamped_euler() -> type:
    """Euler's scheduler with the predicted picture kept in [-1, 1]; diffusers' own has no such option."""
    from diffusers import EulerDiscreteScheduler

    class ClampedEuler(EulerDiscreteScheduler):
        def step(self, model_output: Any, timestep: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
            if self.step_index is None:
                self._init_step_index(timestep)
            sigma = self.sigmas[self.step_index]
            told = self.config.prediction_type
            if told == "v_prediction":
                root = (sigma**2 + 1) ** 0.5
                picture = (sample / root**2 - model_output * sigma / root).clamp(-1, 1)
                model_output = (sample / root**2 - picture) * root / sigma
            elif told == "epsilon":
                picture = (sample - sigma * model_output).clamp(-1, 1)
                model_output = (sample - picture) / sigma
            return super().step(model_output, timestep, sample, *args, **kwargs)

    return ClampedEuler
