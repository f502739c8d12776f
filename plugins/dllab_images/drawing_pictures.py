"""What generate-image and restyle-image share: a pipeline draws pictures, each with noise of its own."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

import dllab
from dllab_images.pipelines import GUIDANCE, OWN, OWN_GUIDANCE, quiet, unknown_words

if TYPE_CHECKING:
    from collections.abc import Callable


def draw(run: dllab.Run, pipe: Any, params: Any, **more: Any) -> np.ndarray:
    """Pictures params.first ... params.first + params.count - 1 as float32 (N, 3, H, W) in [0, 1].

    When memory runs out, the batch is halved and attention is computed in slices, which is said aloud.
    """
    from dllab_images.noise import generators
    from dllab_images.schedulers import preset

    strange = unknown_words(pipe, params.prompt)
    if strange:
        run.message(f"the model does not know: {', '.join(strange)}", level="warning")
    if params.scheduler != "own":
        pipe.scheduler = preset(params.scheduler, pipe.scheduler.config)
    guidance = params.guidance
    if guidance is None:
        guidance = OWN_GUIDANCE if params.model == OWN else GUIDANCE
    accepted = inspect.signature(type(pipe).__call__).parameters
    options = {
        "negative_prompt": params.negative_prompt or None,
        "num_inference_steps": params.steps,
        "guidance_scale": guidance,
        **more,
    }
    options = {name: value for name, value in options.items() if name in accepted and value is not None}
    steps: list[Callable[..., Any]] = []
    if "callback_on_step_end" in accepted:
        options["callback_on_step_end"] = _stopper(run, steps)

    def work(batch: int) -> np.ndarray:
        if batch < params.count and hasattr(pipe, "enable_attention_slicing"):
            pipe.enable_attention_slicing()
        made = []
        for start in range(0, params.count, batch):
            size = min(batch, params.count - start)
            rows = {
                name: [value] * size if name == "negative_prompt" else value
                for name, value in options.items()
            }
            noises = generators(run.seed, params.first + start, size)
            with quiet():
                found = pipe(prompt=[params.prompt] * size, generator=noises, output_type="np", **rows)
            made.append(np.asarray(found.images, dtype=np.float32).transpose(0, 3, 1, 2))
        return np.concatenate(made)

    try:
        pictures, _ = run.fit_memory(work, params.count)
    except (ValueError, TypeError) as error:
        first = str(error).strip().splitlines()[0][:200]
        raise dllab.UsageError(f"the pipeline refuses these parameters: {first}") from None
    return pictures


def _stopper(run: dllab.Run, steps: list[Any]) -> Callable[..., dict[str, Any]]:
    """A callback through which Ctrl-C reaches a pipeline, and the bar moves."""

    def at_step(pipe: Any, step: int, timestep: Any, kept: dict[str, Any]) -> dict[str, Any]:
        steps.append(step)
        run.log(len(steps) - 1, timestep=float(timestep))
        return kept

    return at_step


def save_all(run: dllab.Run, params: Any, pictures: np.ndarray) -> None:
    """Leave every picture by its number, and a sheet of all, small ones enlarged."""
    from dllab_images.sheets import sheet

    for k, picture in enumerate(pictures):
        run.save_image(f"picture-{params.first + k}.png", picture)
    run.save_image("sheet.png", sheet(pictures * 2 - 1))


def check_again(
    run: dllab.Run, params: Any, pictures: np.ndarray, again: Callable[[Any], np.ndarray]
) -> None:
    """Hold the last picture against itself made alone; the lab's own model only, since others take long."""
    if params.model != OWN:
        run.check("pictures", got=len(pictures), expected=params.count, source="as many as were asked for")
        return
    alone = again(params.model_copy(update={"first": params.first + params.count - 1, "count": 1}))
    run.check(
        "largest change of the last picture when it is made alone",
        got=float(np.abs(alone[0] - pictures[-1]).max()),
        at_most=1 / 255,
        source="each picture has a generator of its own",
    )
