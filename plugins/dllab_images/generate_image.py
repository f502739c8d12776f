"""The experiment `generate-image`: pictures from words, by the lab's own model or any diffusers pipeline."""

from __future__ import annotations

from typing import Literal

import dllab
from dllab_images.pipeline_folders import GUIDANCE, OWN_GUIDANCE
from dllab_images.portrait_texts import ABOUT, DRAW_KO


class GenerateImageParams(dllab.Params):
    prompt: str = dllab.param("a round biscuit with a red hat and glasses", help="what to draw")
    negative_prompt: str = dllab.param("", help="what to keep away from")
    model: str = dllab.param(
        "portraits", help="the lab's own, a folder with a diffusers pipeline, or owner/name on the hub"
    )
    count: int = dllab.param(4, ge=1, le=256, help="pictures")
    first: int = dllab.param(
        0, ge=0, le=1_000_000, help="number of the first: --first 3 --count 1 is the fourth alone"
    )
    steps: int = dllab.param(15, ge=1, le=1000, help="steps from noise to picture")
    guidance: float | None = dllab.param(
        None,
        ge=0,
        le=50,
        help=f"how strictly the words are kept; by default {OWN_GUIDANCE} for portraits, else {GUIDANCE}",
    )
    size: int | None = dllab.param(
        None, ge=8, le=4096, unit="px", help="height and width, a multiple of 8; by default the model's own"
    )
    scheduler: Literal["own", "ddim", "dpm++", "unipc", "euler"] = dllab.param(
        "dpm++", help="way from noise to picture; own is the pipeline's"
    )
    lora: dllab.Input | None = dllab.input("model", default=None, help="LoRA weights, .safetensors")


@dllab.experiment(
    "generate-image",
    topic="images",
    about=ABOUT["generate-image"],
    tiny={"count": 2, "steps": 2},
    ko={**DRAW_KO, "size": "높이와 너비, 8의 배수; 기본은 모델의 크기"},
)
def generate_image(run: dllab.Run, params: GenerateImageParams) -> None:
    """Text to image."""
    from dllab_images.drawing_pictures import check_again, check_size, draw, save_all, warn
    from dllab_images.pipelines import open_pipeline

    check_size(params.size)
    pipe = open_pipeline(params.model, run, params.lora)
    warn(run, pipe, params)
    pictures = draw(run, pipe, params, height=params.size, width=params.size)
    save_all(run, params, pictures)
    check_again(
        run, params, pictures, lambda one: draw(run, pipe, one, height=params.size, width=params.size)
    )
