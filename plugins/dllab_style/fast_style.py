"""The experiment `fast-style`: a picture or a film, painted in one pass by a net that learned the style."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import dllab
from dllab_style.texts import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from dllab_style.fast_net import Painter

MARGIN = 16  # px around the photo, so that one of any size can be reflected inside the net
LOOK_SIZE = 320  # px of the longer side at which the painting is judged
LIKE_ALREADY = 0.1  # style loss of a photo that looks like the style as it is
FULL_FALL = 0.6  # measured with the styles that come with the lab


class FastStyleParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="photo to paint")
    video: dllab.Input | None = dllab.input("video", default=None, help="film to paint, instead of the photo")
    style: Literal["swirls", "mosaic", "glass"] = dllab.param(
        "swirls", help="which of the styles that come with the lab"
    )
    model: dllab.Input | None = dllab.input(
        "model", default=None, help="fast-style.safetensors of train-fast-style, instead of such a style"
    )
    strength: float = dllab.param(1.0, ge=0, le=1, help="share of the painting in the result; 1 is all of it")
    colours: Literal["style", "photo"] = dllab.param(
        "style", help="colours of the result: the style's, or the photo's own with painted brightness"
    )
    max_size: int = dllab.param(
        1024, ge=16, le=8192, unit="px", help="longest side to paint at; a picture's result has its own size"
    )
    steadiness: float = dllab.param(
        0.7, ge=0, le=0.95, help="in a film: share of the last frame that stays where nothing moves"
    )
    max_frames: int = dllab.param(3000, ge=1, le=100_000, help="in a film: frames to paint at most")


@dllab.experiment(
    "fast-style",
    topic="style",
    about=ABOUT["fast-style"],
    tiny={"max_size": 96},
    ko={
        "image": "그릴 사진",
        "video": "사진 대신 그릴 영상",
        "style": "내장된 화풍",
        "model": "내장된 화풍 대신 쓸, train-fast-style이 만든 fast-style.safetensors",
        "strength": "결과에서 그림의 비율; 1이면 전부",
        "colours": "결과의 색: 화풍의 색, 또는 사진의 색에 그린 밝기",
        "max_size": "그릴 때의 긴 변 최대 길이; 사진의 결과는 원래 크기",
        "steadiness": "영상에서 움직임이 없는 곳에 남길 앞 장면의 비율",
        "max_frames": "영상에서 그릴 최대 장면 수",
    },
)
def fast_style(run: dllab.Run, params: FastStyleParams) -> None:
    """A photo or a film, painted at once by a net that has learned the style.

    Source: Johnson, Alahi, Fei-Fei 2016.
    """
    import torch

    painter = run.model(f"style/{params.style}", weights=params.model).to(run.device)
    if params.video is not None:
        _film(run, params, painter)
        return
    picture = run.load_image(params.image)
    photo = torch.from_numpy(picture.pixels)[None].to(run.device)  # (1, 3, H, W)

    def paint_at(longest: int) -> Tensor:
        return _painted(run, params, painter, photo, longest)

    painted, _ = run.fit_memory(paint_at, params.max_size, minimum=min(params.max_size, 64))
    run.save_image("painting.png", painted[0], picture.alpha)
    _check(run, params, painter, photo, painted)


def _painted(
    run: dllab.Run, params: FastStyleParams, painter: Painter, photo: Tensor, longest: int
) -> Tensor:
    """The photo (1, 3, H, W) painted with no side above `longest`, then brought to its size, in [0, 1]."""
    import torch

    from dllab_style.colours import with_colours_of
    from dllab_style.sizes import fit, resize, with_margin, without_margin

    size = fit(tuple(photo.shape[-2:]), longest)
    seen = with_margin(resize(photo, size).clamp(0, 1), MARGIN)
    with torch.no_grad(), run.autocast():
        painted = painter(seen.contiguous(memory_format=torch.channels_last))
    painted = resize(without_margin(painted.float(), MARGIN), tuple(photo.shape[-2:])).clamp(0, 1)
    if params.colours == "photo":
        painted = with_colours_of(painted, photo)
    return photo + params.strength * (painted - photo)


def _film(run: dllab.Run, params: FastStyleParams, painter: Painter) -> None:
    """Paint a film frame by frame."""
    from dllab_style.films import open_film
    from dllab_style.reel import Reel, film_until_stopped
    from dllab_style.steady import Steady

    film = open_film(params.video.path, params.video.name)
    if film.has_sound:
        name = params.video.name
        run.message(run.words(f"{name} has sound, which is left out", f"{name}의 소리는 빠집니다"))
    total = min(film.count, params.max_frames) if film.count else None
    steady, painted_frames = Steady(params.steadiness), 0

    def frames() -> Iterator[Tensor]:
        nonlocal painted_frames
        reel = Reel()
        if (state := run.restored) is not None:
            steady.frame, steady.painted = (state[key].to(run.device) for key in ("frame", "painted"))
            reel = Reel(state["frames"])
            yield from reel.frames()
        painted_frames = len(reel.codes)
        left = None if total is None else max(0, total - painted_frames)
        rest = film.frames(params.max_frames, params.max_size, painted_frames)
        for frame in run.progress(rest, total=left, label=run.words("painting", "그리기")):
            frame = frame[None].to(run.device)  # (1, 3, h, w)
            painted = steady(frame, _painted(run, params, painter, frame, params.max_size))
            run.preview(painted[0])
            if not reel.is_full:
                reel.add(painted[0])
                state = {"frame": frame, "painted": painted, "frames": reel.codes}
                run.checkpoint(state, every_s=reel.checkpoint_every_s)
            painted_frames += 1
            yield painted[0]

    film_until_stopped(run, "painting.mp4", frames(), film.fps)
    run.log(painted_frames, change_of_still_places=steady.flicker)
    run.check(
        "frames painted",
        ko="그린 장면 수",
        got=painted_frames,
        at_least=1,
        at_most=params.max_frames,
        source="those of the film, up to --max-frames",
    )


def _check(run: dllab.Run, params: FastStyleParams, painter: Painter, photo: Tensor, painted: Tensor) -> None:
    """Hold the painting's style loss against the photo's."""
    import torch

    from dllab_style.losses import statistics, w2_loss
    from dllab_style.painting import Eye
    from dllab_style.sizes import fit, resize

    if min(photo.shape[-2:]) < 32 or params.strength < 1 or params.colours != "style":
        return
    eye = Eye(run.model("vision/backbone").to(run.device), run.autocast)

    def style_loss(pixels: Tensor) -> float:
        seen = resize(pixels, fit(tuple(pixels.shape[-2:]), min(LOOK_SIZE, params.max_size))).clamp(0, 1)
        with torch.no_grad():
            found = eye.look(eye.net.normalise(seen), tuple(painter.goals))
        return sum(
            weight * float(w2_loss(statistics(found[name]), painter.goals[name].to(run.device)))
            for name, weight in painter.layer_weights.items()
        )

    before, after = style_loss(photo), style_loss(painted)
    run.log(0, style_of_photo=before, style=after)
    if before < LIKE_ALREADY or params.model is not None:
        return
    is_known = params.max_size >= LOOK_SIZE
    run.check(
        "style loss, of the photo's",
        ko="화풍 손실, 사진에 대한 비",
        got=after / max(before, 1e-12),
        at_most=FULL_FALL if is_known else 1.0,
        source="measured on the sample cat: 0.06 to 0.20"
        if is_known
        else "a painting looks more like the style than the photo does",
    )
