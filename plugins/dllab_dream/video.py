"""The experiment `dream-video`: a film, dreamt on frame by frame, each dream carried along into the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_dream.looks import KO_LOOK, LookParams, ascent_of, load_net, target_of
from dllab_dream.texts import ABOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from torch import Tensor


class VideoParams(LookParams):
    video: dllab.Input | None = dllab.input(
        "video", default=None, help="film to dream on; without one, a slow move over the picture"
    )
    image: dllab.Input = dllab.input(
        "image", default="sample:cat", help="picture to move over, for want of a film"
    )
    start: int = dllab.param(0, ge=0, le=1_000_000, help="first frame to take")
    frames: int = dllab.param(48, ge=0, le=100_000, help="how many frames to take; 0 for all of the film")
    blend: float = dllab.param(0.9, ge=0, le=1, help="share of the last frame's dream that is carried along")
    motion: bool = dllab.param(True, help="let the dream follow what moves in the film")
    octaves: int = dllab.param(2, ge=1, le=6, help="sizes from small to large, in each frame")
    octave_scale: float = dllab.param(1.6, gt=1.0, le=4.0, help="factor between neighbouring sizes")
    steps: int = dllab.param(2, ge=1, le=100, help="gradient steps for each octave of a frame")
    first_steps: int = dllab.param(
        10, ge=1, le=1000, help="gradient steps for each octave of the first frame"
    )
    max_size: int = dllab.param(384, ge=64, le=4096, unit="px", help="longest side of the film that is made")
    film: Literal["mp4", "gif", "webm"] = dllab.param("mp4", help="kind of file")


@dllab.experiment(
    "dream-video",
    topic="dream",
    about=ABOUT["dream-video"],
    tiny={"frames": 3, "max_size": 64, "octaves": 1, "steps": 1, "first_steps": 1, "film": "gif"},
    ko=KO_LOOK
    | {
        "video": "꿈을 꿀 영상; 없으면 사진 위를 천천히 움직임",
        "image": "영상이 없을 때 움직일 사진",
        "start": "처음 가져올 프레임",
        "frames": "가져올 프레임 수; 0이면 영상 전체",
        "blend": "앞 프레임의 꿈에서 이어받는 비율",
        "motion": "꿈이 영상의 움직임을 따라감",
        "octaves": "프레임마다 작은 크기부터 차례로 처리할 크기의 개수",
        "octave_scale": "다음 크기로 커지는 배율",
        "steps": "프레임의 옥타브마다 경사 상승 횟수",
        "first_steps": "첫 프레임의 옥타브마다 경사 상승 횟수",
        "max_size": "만들 영상의 긴 변",
        "film": "파일 종류",
    },
)
def dream_video(run: dllab.Run, params: VideoParams) -> None:
    """A film, dreamt on frame by frame; each dream is carried along into the next, so that nothing flickers.

    What a dream changed moves with the film by optical flow of small grey frames.
    """
    import torch

    from dllab_dream import dream, memory, motion
    from dllab_dream.films import Reel, film_until_stopped

    net = load_net(run, params)
    if params.layers == ("list",):
        raise dllab.UsageError("--layers list: deepdream shows the layers; name those to dream of here")
    source, fps, size = _source(run, params)
    target, how = target_of(run, params, net), ascent_of(params)
    generator = run.torch_generator("jitter")
    carried: list[float] = []  # how much of a dream's change the next one keeps, by cosine

    def frames() -> Iterator[Tensor]:
        done, last_photo, change, reel = 0, None, None, Reel()
        if run.restored is not None:
            done = run.restored["next"]
            last_photo, change = (run.restored[key].to(run.device) for key in ("photo", "change"))
            reel = Reel(run.restored["frames"])
            yield from reel.frames()
        total = (max(0, _length(params) - done) or None) if params.frames == 0 else params.frames - done
        label = run.words("frames", "프레임")
        for i, raw in enumerate(run.progress(source(done), total=total, label=label), start=done):
            pixels = torch.from_numpy(raw)[None].to(run.device).float() / 255
            photo = net.normalise(dream.resize(pixels, size).clamp(0, 1))
            brought = None
            if change is not None:
                brought = params.blend * motion.carry(net, last_photo, photo, change, params.motion)
            is_new = brought is None or float(brought.square().mean()) < 1e-6
            begun = photo if brought is None else dream.step_within(photo, brought, net)
            dreamt = dream.dream_on(
                net, begun, target, how, generator, params.octaves, params.octave_scale,
                params.first_steps if is_new else params.steps, run.autocast, params.tile,
            )  # fmt: skip
            change, last_photo = dreamt - photo, photo
            if not is_new:
                carried.append(motion.likeness(brought, change))
                run.log(i, carried=carried[-1])
            shown = dream.shown(net, dreamt)
            run.preview(shown)
            reel.add(shown)
            state = {"next": i + 1, "photo": photo, "change": change, "frames": reel.codes}
            run.checkpoint(state, every_s=reel.checkpoint_every_s)
            yield shown

    with memory.kept(*size):
        film_until_stopped(run, f"dream.{params.film}", frames(), fps)
    if carried and params.video is None and params.blend >= 0.5:  # a film of the user's may cut or rush
        run.check(
            "dream that is carried along",
            ko="이어지는 꿈의 코사인 유사도",
            got=sorted(carried)[len(carried) // 2],
            at_least=0.5,
            source="median cosine of a dream with the last one, moved along; independent ones have about 0",
        )


def _source(run: dllab.Run, params: VideoParams) -> tuple[Any, float, tuple[int, int]]:
    """What gives the frames from a number on, the frames a second, and the result's (height, width)."""
    import torch

    from dllab_dream import dream, films

    if params.video is None:
        run.message(
            run.words(
                "no --video: a slow move over the picture stands in for it",
                "--video가 없어, 그림 위를 천천히 움직이는 것으로 대신합니다",
            )
        )
        pixels = torch.from_numpy(run.load_image(params.image).pixels)[None]
        size = dream.even(dream.fit(tuple(pixels.shape[-2:]), params.max_size))
        _check_size(params.image.name, size)
        count = params.frames or 48

        def move(done: int) -> Iterator[np.ndarray]:
            moved = films.camera_move(dream.resize(pixels, size), count, *size)
            return (frame for number, frame in enumerate(moved) if number >= done)

        return move, 24.0, size
    clip = films.open_clip(params.video.path, params.video.name)
    first = next(films.read_frames(params.video.path, params.video.name, params.start, 1), None)
    if first is None:
        raise dllab.UsageError(
            f"--start {params.start}: {params.video.name} has no such frame; give a smaller number"
            if params.start
            else f"--video {params.video.name}: no frame of it can be decoded; give another film"
        )
    if clip.has_sound:
        run.message(run.words("the dream has no sound", "꿈에는 소리가 없습니다"))
    size = dream.even(dream.fit(first.shape[1:], params.max_size))
    _check_size(params.video.name, size)

    def read(done: int) -> Iterator[np.ndarray]:
        wanted = params.frames and params.frames - done
        if params.frames and not wanted:
            return iter(())
        return films.read_frames(params.video.path, params.video.name, params.start + done, wanted)

    return read, min(60.0, max(1.0, clip.fps)), size


def _check_size(name: str, size: tuple[int, int]) -> None:
    from dllab_dream.dream import LEAST_SIDE

    if min(size) < LEAST_SIDE:
        raise dllab.UsageError(
            f"{name}: a film of {size[1]} x {size[0]} px is too small; no side may be below {LEAST_SIDE} px: "
            "give a larger or squarer one, or a larger --max-size"
        )


def _length(params: VideoParams) -> int:
    """Frames that the file says are left, 0 where it does not say."""
    from dllab_dream.films import open_clip

    if params.video is None:
        return 48
    return max(0, open_clip(params.video.path, params.video.name).frames - params.start)
