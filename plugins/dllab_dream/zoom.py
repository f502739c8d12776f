"""The experiment `dream-zoom`: a film that goes deeper and deeper into a dream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_dream.looks import KO_LOOK, LookParams, ascent_of, load_net, target_of
from dllab_dream.texts import ABOUT

if TYPE_CHECKING:
    from torch import Tensor


class ZoomParams(LookParams):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture that the film begins with")
    frames: int = dllab.param(96, ge=2, le=5000, help="length of the film")
    zoom: float = dllab.param(1.03, ge=1.0, le=1.5, help="factor by which each frame enlarges the last")
    turn: float = dllab.param(0.0, ge=-45, le=45, unit="°", help="turn of each frame, anticlockwise")
    octaves: int = dllab.param(2, ge=1, le=6, help="sizes from small to large, in each frame")
    octave_scale: float = dllab.param(1.6, gt=1.0, le=4.0, help="factor between neighbouring sizes")
    steps: int = dllab.param(2, ge=1, le=100, help="gradient steps for each octave of a frame")
    first_steps: int = dllab.param(
        10, ge=0, le=1000, help="gradient steps for each octave of the first frame"
    )
    size: int = dllab.param(384, ge=64, le=4096, unit="px", help="longest side of the film")
    fps: int = dllab.param(24, ge=1, le=60, help="frames a second")
    film: Literal["mp4", "gif", "webm"] = dllab.param("mp4", help="kind of file")


@dllab.experiment(
    "dream-zoom",
    topic="dream",
    about=ABOUT["dream-zoom"],
    tiny={"frames": 3, "size": 64, "octaves": 1, "steps": 1, "first_steps": 1, "film": "gif"},
    ko=KO_LOOK
    | {
        "image": "영상의 첫 장면이 될 사진",
        "frames": "영상의 프레임 수",
        "zoom": "프레임마다 확대하는 배율",
        "turn": "프레임마다 도는 각도 (반시계 방향)",
        "octaves": "프레임마다 작은 크기부터 차례로 처리할 크기의 개수",
        "octave_scale": "다음 크기로 커지는 배율",
        "steps": "프레임의 옥타브마다 경사 상승 횟수",
        "first_steps": "첫 프레임의 옥타브마다 경사 상승 횟수",
        "size": "영상의 긴 변",
        "fps": "초당 프레임 수",
        "film": "파일 종류",
    },
)
def dream_zoom(run: dllab.Run, params: ZoomParams) -> None:
    """A film that goes deeper and deeper into a dream."""
    import torch

    from dllab_dream import dream, memory
    from dllab_dream.films import Reel, Statistics, film_until_stopped

    net = load_net(run, params)
    if params.layers == ("list",):
        raise dllab.UsageError("--layers list: deepdream shows the layers; name those to dream of here")
    target, how = target_of(run, params, net), ascent_of(params)
    pixels = torch.from_numpy(run.load_image(params.image).pixels)[None].to(run.device)
    size = dream.even(dream.fit(tuple(pixels.shape[-2:]), params.size))
    photo = dream.resize(net.normalise(pixels), size)
    if min(size) < dream.LEAST_SIDE:
        raise dllab.UsageError(
            f"--image {params.image.name}: a film of {size[1]} x {size[0]} px is too small; no side may be "
            f"below {dream.LEAST_SIDE} px: give a larger or squarer picture, or a larger --size"
        )
    generator = run.torch_generator("jitter")
    drift: list[float] = []

    def dreamt(picture: Tensor, steps: int) -> Tensor:
        return dream.dream_on(
            net, picture, target, how, generator,
            params.octaves, params.octave_scale, steps, run.autocast, params.tile,
        )  # fmt: skip

    def frames() -> Any:
        first, picture, pinned, reel = 0, None, None, Reel()
        if run.restored is not None:
            first, picture = run.restored["next"], run.restored["picture"].to(run.device)
            pinned = Statistics(*(run.restored[key].to(run.device) for key in ("mean", "deviation")))
            reel = Reel(run.restored["frames"])
            yield from reel.frames()
        for number in run.progress(range(first, params.frames), label=run.words("frames", "프레임")):
            if picture is None:
                picture = dreamt(photo, params.first_steps) if params.first_steps else photo
                pinned = Statistics.of(net.denormalise(picture))
            else:
                picture = dreamt(closer(picture, params.zoom, params.turn), params.steps)
                picture = net.normalise(pinned.pin(net.denormalise(picture)))
            now = Statistics.of(net.denormalise(picture).clamp(0, 1))
            drift.append(float((now.mean - pinned.mean).abs().max()))
            run.log(number, brightness=float(now.mean.mean()), contrast=float(now.deviation.mean()))
            shown = dream.shown(net, picture)
            reel.add(shown)
            state = {
                "frames": reel.codes,
                "next": number + 1,
                "picture": picture,
                "mean": pinned.mean,
                "deviation": pinned.deviation,
            }
            run.preview(shown)
            run.checkpoint(state, every_s=reel.checkpoint_every_s)
            yield shown

    with memory.kept(*size):
        last = film_until_stopped(run, f"zoom.{params.film}", frames(), params.fps)
    run.save_image("last.png", last)
    run.check(
        "drift of brightness",
        ko="밝기의 어긋남",
        got=max(drift),
        at_most=0.02,
        source="mean and contrast are held at those of the first frame; what is left is what clipping takes",
    )


def closer(picture: Tensor, zoom: float, turn: float) -> Tensor:
    """The middle of a picture (1, 3, H, W), enlarged to its size and turned (degrees, anticlockwise)."""
    import math

    import torch
    from torch.nn import functional

    height, width = picture.shape[-2:]
    angle = math.radians(turn)
    cos, sin, aspect = math.cos(angle) / zoom, math.sin(angle) / zoom, width / height
    turned = picture.new_tensor([[cos, -sin / aspect, 0.0], [sin * aspect, cos, 0.0]])
    grid = functional.affine_grid(turned[None], list(picture.shape), align_corners=False)
    return (
        functional.grid_sample(
            picture.contiguous(), grid, mode="bicubic", padding_mode="reflection", align_corners=False
        )
        if zoom != 1 or turn
        else torch.clone(picture)
    )
