"""The experiment `restyle-image`: a picture drawn anew by words, by the lab's own model or any pipeline."""

from __future__ import annotations

from typing import Any, Literal

import dllab
from dllab_images.pipeline_folders import GUIDANCE, OWN_GUIDANCE
from dllab_images.portrait_texts import ABOUT, DRAW_KO

OWN_SIDE = 512  # px to bring a picture to where the model tells no size


class RestyleImageParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture to start from")
    prompt: str = dllab.param("a round biscuit with a red hat and glasses", help="what it shall become")
    negative_prompt: str = dllab.param("", help="what to keep away from")
    strength: float = dllab.param(0.7, ge=0.01, le=1, help="how much is drawn anew; near 0 the picture stays")
    model: str = dllab.param(
        "portraits", help="the lab's own, a folder with a diffusers pipeline, or owner/name on the hub"
    )
    count: int = dllab.param(4, ge=1, le=256, help="pictures")
    first: int = dllab.param(
        0, ge=0, le=1_000_000, help="number of the first: --first 3 --count 1 is the fourth alone"
    )
    steps: int = dllab.param(20, ge=1, le=1000, help="steps of the whole way; strength x steps are walked")
    guidance: float | None = dllab.param(
        None,
        ge=0,
        le=50,
        help=f"how strictly the words are kept; by default {OWN_GUIDANCE} for portraits, else {GUIDANCE}",
    )
    size: int | None = dllab.param(
        None,
        ge=8,
        le=4096,
        unit="px",
        help="height and width to draw at, a multiple of 8; by default the model's own",
    )
    scheduler: Literal["own", "ddim", "dpm++", "unipc", "euler"] = dllab.param(
        "dpm++", help="way from noise to picture; own is the pipeline's"
    )
    lora: dllab.Input | None = dllab.input("model", default=None, help="LoRA weights, .safetensors")


@dllab.experiment(
    "restyle-image",
    topic="images",
    about=ABOUT["restyle-image"],
    tiny={"count": 2, "steps": 3},
    ko={
        **DRAW_KO,
        "image": "출발할 그림",
        "prompt": "바꿔 그릴 것",
        "strength": "새로 그리는 정도; 0에 가까우면 그대로",
        "size": "그릴 높이와 너비, 8의 배수; 기본은 모델의 크기",
    },
)
def restyle_image(run: dllab.Run, params: RestyleImageParams) -> None:
    """Image to image."""
    from dllab_images.drawing_pictures import check_again, check_size, draw, save_all, warn
    from dllab_images.pipelines import for_images, open_pipeline

    if round(params.strength * params.steps, 6) < 1:
        raise dllab.UsageError(
            f"--strength {params.strength:g} of --steps {params.steps} is less than one step; raise either"
        )
    check_size(params.size)
    pipe = for_images(open_pipeline(params.model, run, params.lora))
    warn(run, pipe, params)
    start = _start(run, params, pipe)
    more = {"image": start, "strength": params.strength}
    pictures = draw(run, pipe, params, **more)
    save_all(run, params, pictures)
    check_again(run, params, pictures, lambda one: draw(run, pipe, one, **more))


def _start(run: dllab.Run, params: RestyleImageParams, pipe: Any) -> Any:
    """The middle square of the picture at the model's size, as Pillow has it; alpha on white."""
    from PIL import Image

    picture = run.load_image(params.image)
    pixels = picture.pixels
    if picture.alpha is not None:
        pixels = pixels * picture.alpha + (1 - picture.alpha)
    side = params.size
    if side is None:
        net = getattr(pipe, "unet", None) or getattr(pipe, "transformer", None)
        latent = getattr(getattr(net, "config", None), "sample_size", None)
        side = int(latent * getattr(pipe, "vae_scale_factor", 1)) if isinstance(latent, int) else OWN_SIDE
    whole = Image.fromarray((pixels.transpose(1, 2, 0) * 255 + 0.5).astype("uint8"))
    square = min(whole.size)
    left, top = (whole.width - square) // 2, (whole.height - square) // 2
    return whole.resize((side, side), Image.Resampling.BOX, box=(left, top, left + square, top + square))
