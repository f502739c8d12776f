"""Dreaming: DeepDream on any picture, through the backbone or any net that names its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from torch import Tensor

CHECKPOINT_EVERY_S = 2.0
FULL_CLIMB = 0.9  # octaves x steps x learning rate from which a dream is to double its target; default 1.2


class DreamParams(dllab.Params):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture to dream on")
    layers: tuple[str, ...] = dllab.param(
        ("c4_2",),
        min_length=1,
        help="layers to excite: c2_1 strokes, c3_2 textures, c4_2 eyes and fur, c5_1 scenes",
    )
    channels: tuple[int, ...] = dllab.param(
        (), help="excite only these channels of the layers, by number; none stands for all"
    )
    octaves: int = dllab.param(
        4, ge=1, le=12, help="sizes from small to large that are dreamt one after another"
    )
    octave_scale: float = dllab.param(1.4, gt=1.0, le=4.0, help="factor between neighbouring sizes")
    steps: int = dllab.param(10, ge=1, le=1000, help="gradient steps per octave")
    learning_rate: float = dllab.param(
        0.03, gt=0, le=1, help="length of a step, in deviations of natural colours"
    )
    jitter: int = dllab.param(
        32, ge=0, le=256, unit="px", help="random shift of the net's grid, which hides it"
    )
    smoothing: float = dllab.param(
        0.7, ge=0, le=4, unit="px", help="blur of the gradient; 0 leaves it as it is"
    )
    equalise: bool = dllab.param(True, help="let every channel take part, so that no motif fills the picture")
    decorrelate: bool = dllab.param(True, help="step in decorrelated colours: natural tones")
    normalise: bool = dllab.param(True, help="even out the strength of the dream over the picture")
    tv_weight: float = dllab.param(0.0, ge=0, le=0.5, help="smooth the picture itself at each step")
    strength: float = dllab.param(1.0, gt=0, le=2, help="share of the dream in the result; 1 is all of it")
    max_size: int = dllab.param(
        1024,
        ge=0,
        le=20_000,
        unit="px",
        help="longest side to dream at; a larger picture keeps its size and detail",
    )


@dllab.experiment(
    "deepdream",
    topic="dream",
    lectures=("0:그림 1-20",),
    tiny={"steps": 1, "octaves": 1, "max_size": 96},
    ko={
        "": "신경망이 그림에서 보는 것을 그림에 그려 넣는 딥드림",
        "image": "딥드림을 만들 사진",
        "layers": "활성화를 키울 층: c2_1 선(획), c3_2 질감, c4_2 눈과 털, c5_1 장면",
        "channels": "층에서 이 번호의 채널만 키움; none은 모든 채널",
        "octaves": "작은 크기부터 차례로 처리할 크기의 개수",
        "octave_scale": "다음 크기로 커지는 배율",
        "steps": "옥타브마다 경사 상승 횟수",
        "learning_rate": "한 단계의 길이 (자연스러운 색의 표준편차 단위)",
        "jitter": "신경망의 격자 무늬를 없애는 무작위 이동",
        "smoothing": "기울기를 흐리는 정도; 0이면 그대로",
        "equalise": "모든 채널이 고르게 참여하여 한 무늬가 그림을 덮지 않게 함",
        "decorrelate": "색 채널의 상관을 없앤 공간에서 갱신: 자연스러운 색조",
        "normalise": "꿈의 세기를 그림 전체에 고르게 맞춤",
        "tv_weight": "단계마다 그림 자체를 부드럽게 하는 정도",
        "strength": "결과에서 꿈의 비율; 1이면 전부",
        "max_size": "처리할 때의 긴 변 최대 길이; 더 큰 그림은 원래 크기와 디테일을 유지",
    },
)
def deepdream(run: dllab.Run, params: DreamParams) -> None:
    """The picture, changed until a net sees in it more of what it already saw.

    Gradient ascent on the response of the chosen layers, from a small size to the full one; the detail that
    shrinking took away is put back at each size (Mordvintsev, Olah, Tyka 2015). Channels are equalised,
    colours decorrelated, the gradient smoothed and evened out over the picture. Leaves dream.png, of the
    picture's size and alpha.
    """
    import torch

    from dllab_dream import dream

    picture = run.load_image(params.image)
    net = run.model("vision/backbone")
    how = _ascent(params, net)
    net = net.to(run.device)
    pixels = torch.from_numpy(picture.pixels).to(run.device)  # (3, H, W)
    photo = net.normalise(pixels[None])
    longest = max(dream.fit(tuple(pixels.shape[1:]), params.max_size))
    longest = run.restored["longest"] if run.restored else longest  # memory may have run out before

    def dream_at(longest: int):
        return _dream(run, params, net, how, photo, picture.alpha, longest)

    (seen, dreamt), _ = run.fit_memory(dream_at, longest, minimum=min(longest, 64))
    result = _result(net, photo, dreamt - seen, params.strength)  # (3, H, W), in [0, 1]
    run.save_image("dream.png", result, picture.alpha)

    if min(seen.shape[-2:]) < dream.LEAST_SIDE:
        run.message(f"a side is under {dream.LEAST_SIDE} px: too small to dream much", level="warning")
        return
    judged = dream.resize(net.normalise(result[None]), tuple(seen.shape[-2:]))
    with run.autocast():
        before, after = dream.activation(net, seen, how), dream.activation(net, judged, how)
    ratio = after / max(before, 1e-12)
    burnt = dream.newly_clipped(pixels, result)
    run.log(params.octaves * params.steps, activation=ratio)
    if not _is_standard(params, seen):
        if burnt > 0.05:
            run.message(
                f"{burnt:.1%} of the places are burnt to black or white; a lower --learning-rate helps"
            )
        run.check(
            "target activation",
            got=ratio,
            at_least=1,
            source="gradient ascent raises what it climbs, however short",
        )
        return
    run.check(
        "target activation",
        got=ratio,
        at_least=2,
        source="a dream that deserves the name at least doubles the response that it climbs",
    )
    run.check(
        "clipped pixels",
        got=burnt,
        at_most=0.05,
        source="colours at black or white that the photo has not; more than 5 % looks burnt",
    )


def _is_standard(params: DreamParams, seen: Tensor) -> bool:
    """Whether the two figures that a dream is held to were set for these layers, this climb and this size."""
    climb = params.octaves * params.steps * params.learning_rate
    is_deep = set(params.layers) <= {"c4_1", "c4_2", "c5_1"} and not params.channels
    return is_deep and climb >= FULL_CLIMB and params.strength == 1 and min(seen.shape[-2:]) >= 64


def _dream(run, params, net, how, photo: Tensor, alpha, longest: int) -> tuple[Tensor, Tensor]:
    """Climb through the octaves. Returns the photo and the dream, both (1, 3, h, w), no side above `longest`.

    Goes on from the octave that a checkpoint holds. When cancelled, leaves dream-partial.png.
    """
    from dllab_dream import dream

    sizes = dream.octave_sizes(dream.fit(photo.shape[-2:], longest), params.octaves, params.octave_scale)
    views = dream.views(photo, sizes)
    generator = run.torch_generator("jitter")
    first_octave, first_step, dreamt = 0, 0, views[0]
    if run.restored is not None and run.restored["longest"] == longest:
        first_octave, first_step = run.restored["octave"], run.restored["steps_done"]
        dreamt = run.restored["dreamt"].to(run.device)
    octave = first_octave
    try:
        for octave in range(first_octave, len(sizes)):
            if (
                octave > 0 and first_step == 0
            ):  # the photo's own detail at this size, and the dream so far, enlarged
                dreamt = views[octave] + dream.resize(dreamt - views[octave - 1], sizes[octave])
            with run.autocast():
                start = dream.activation(net, views[octave], how)
            label = f"octave {octave + 1} of {len(sizes)}, {sizes[octave][1]} x {sizes[octave][0]} px"
            for i in run.progress(range(first_step, params.steps), label=label):
                with run.autocast():
                    grad, response = dream.gradient(net, dreamt, how, generator)
                dreamt = dream.step(net, dreamt, grad, how)
                run.log(octave * params.steps + i, response=response / max(start, 1e-12))
                run.preview(net.denormalise(dreamt)[0].clamp(0, 1))
                state = {"longest": longest, "octave": octave, "steps_done": i + 1, "dreamt": dreamt}
                run.checkpoint(state, every_s=CHECKPOINT_EVERY_S)
            first_step = 0
    except dllab.Cancelled:
        so_far = _result(net, photo, dreamt - views[octave], params.strength)
        run.save_image("dream-partial.png", so_far, alpha)
        raise
    return views[-1], dreamt


def _ascent(params: DreamParams, net):
    """The algorithm's settings. Raises UsageError for layers and channels that the net lacks."""
    from dataclasses import fields

    from dllab_dream.dream import Ascent

    for layer in params.layers:
        if layer not in net.channels:
            raise dllab.UsageError(
                f"--layers {layer}: the net has no such layer; it has {', '.join(net.layer_names)}"
            )
        for channel in params.channels:
            if not 0 <= channel < net.channels[layer]:
                last = net.channels[layer] - 1
                raise dllab.UsageError(f"--channels {channel}: layer {layer} has the channels 0 to {last}")
    return Ascent(**{field.name: getattr(params, field.name) for field in fields(Ascent)})


def _result(net, photo: Tensor, change: Tensor, strength: float) -> Tensor:
    """The photo (1, 3, H, W) with the change, enlarged to its size, as pixels (3, H, W) in [0, 1]."""
    from dllab_dream.dream import resize, step_within

    size = tuple(photo.shape[-2:])
    if tuple(change.shape[-2:]) != size or strength != 1:
        return net.denormalise(step_within(photo, strength * resize(change, size), net))[0].clamp(0, 1)
    return net.denormalise(photo + change)[0].clamp(0, 1)


@dllab.hookimpl
def dllab_experiments():
    return [deepdream]
