"""What generate-image and restyle-image share: a pipeline draws pictures, each with noise of its own."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

import dllab
from dllab_images.pipeline_folders import GUIDANCE, OWN, OWN_GUIDANCE, TRAINED_SIDE
from dllab_images.pipelines import pieces_left_out, quiet, unknown_words

if TYPE_CHECKING:
    from collections.abc import Callable


def check_size(size: int | None) -> None:
    """Raise UsageError, before a model is opened, for a side that no pipeline draws."""
    if size is not None and size % 8:
        below, above = size // 8 * 8, -(-size // 8) * 8
        raise dllab.UsageError(f"--size {size} must be a multiple of 8, such as {below or above} or {above}")


def warn(run: dllab.Run, pipe: Any, params: Any) -> None:
    """Say which words the model does not know, and that it draws badly at a size that it has not learned."""
    if not params.prompt.strip():
        told = run.words(
            "the prompt is empty: the model draws what it likes", "글이 비어 있어 모델이 마음대로 그립니다"
        )
        run.message(told)
    strange = ", ".join(unknown_words(pipe, f"{params.prompt} {params.negative_prompt}"))
    if strange:
        told = run.words(f"the model does not know: {strange}", f"모델이 모르는 낱말: {strange}")
        run.message(told, level="warning")
    left_out = pieces_left_out(pipe, params.prompt)
    if left_out:
        told = run.words(
            f"the prompt is too long for the model: the last {left_out} pieces of words are left out",
            f"글이 너무 길어 마지막 {left_out}개의 낱말 조각은 모델이 읽지 않습니다",
        )
        run.message(told, level="warning")
    if params.model == OWN and params.size not in (None, TRAINED_SIDE):
        told = run.words(
            f"{OWN} has learned from pictures of {TRAINED_SIDE} px; at {params.size} px it draws poorly",
            f"{OWN} 모델은 {TRAINED_SIDE} px 그림으로 배워서, {params.size} px에서는 잘 그리지 못합니다",
        )
        run.message(told, level="warning")


def draw(run: dllab.Run, pipe: Any, params: Any, **more: Any) -> np.ndarray:
    """Pictures params.first ... params.first + params.count - 1 as float32 (N, 3, H, W) in [0, 1].

    When memory runs out, the batch is halved and attention is computed in slices, which is said aloud.
    """
    from dllab_images.noise import generators
    from dllab_images.schedulers import preset

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
        run.check(
            "pictures",
            ko="그림 수",
            got=len(pictures),
            expected=params.count,
            source="as many as were asked for",
        )
        return
    alone = again(params.model_copy(update={"first": params.first + params.count - 1, "count": 1}))
    run.check(
        "largest change of the last picture when it is made alone",
        ko="마지막 그림을 따로 다시 만들 때의 가장 큰 변화",
        got=float(np.abs(alone[0] - pictures[-1]).max()),
        at_most=1 / 255,
        source="each picture has a generator of its own",
    )
