"""The experiment `deepdream`: a picture, changed until a net sees more in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_dream.looks import KO_LOOK, LookParams, ascent_of, load_net, target_of
from dllab_dream.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from dllab_dream.dream import Ascent
    from dllab_dream.targets import Target

CHECKPOINT_EVERY_S = 2.0
FULL_CLIMB = 0.9  # octaves x steps x learning rate from which a dream is to double its target; default 1.2
FILM_SIDE, FILM_FRAMES, FILM_FPS = 480, 150, 12


class DreamParams(LookParams):
    image: dllab.Input = dllab.input("image", default="sample:cat", help="picture to dream on")
    octaves: int = dllab.param(
        4, ge=1, le=12, help="sizes from small to large that are dreamt one after another"
    )
    octave_scale: float = dllab.param(1.4, gt=1.0, le=4.0, help="factor between neighbouring sizes")
    steps: int = dllab.param(10, ge=1, le=1000, help="gradient steps per octave")
    mask: dllab.Input | None = dllab.input(
        "image",
        default=None,
        help="picture that is white where to dream, and black where nothing is to change",
    )
    strength: float = dllab.param(1.0, gt=0, le=2, help="share of the dream in the result; 1 is all of it")
    keep_tones: float = dllab.param(
        1.0, ge=0, le=1, help="share of the photo's light and shade that stays, and its soft contours with it"
    )
    max_size: int = dllab.param(
        1024,
        ge=0,
        le=20_000,
        unit="px",
        help="longest side to dream at, 0 for the picture's own; a larger picture keeps its size and detail",
    )
    film: Literal["none", "mp4", "gif"] = dllab.param("none", help="also a film of the dream as it grows")


@dllab.experiment(
    "deepdream",
    topic="dream",
    lectures=("0:그림 1-20",),
    about=ABOUT["deepdream"],
    tiny={"steps": 1, "octaves": 1, "max_size": 96},
    ko=KO_LOOK
    | {
        "image": "딥드림을 만들 사진",
        "octaves": "작은 크기부터 차례로 처리할 크기의 개수",
        "octave_scale": "다음 크기로 커지는 배율",
        "steps": "옥타브마다 경사 상승 횟수",
        "mask": "꿈꿀 자리는 희고 그대로 둘 자리는 검은 그림",
        "strength": "결과에서 꿈의 비율; 1이면 전부",
        "keep_tones": "사진 자체의 명암을 남기는 비율; 흐릿한 윤곽도 함께 남음",
        "max_size": "처리할 때의 긴 변 최대 길이, 0이면 원래 크기; 더 큰 그림은 원래 크기와 디테일을 유지",
        "film": "꿈이 자라는 영상도 만듦",
    },
)
def deepdream(run: dllab.Run, params: DreamParams) -> None:
    """The picture, changed until a net sees in it more of what it already saw.

    Source: Mordvintsev, Olah, Tyka 2015; colours decorrelated as in Olah, Mordvintsev, Schubert 2017.
    """
    import torch

    from dllab_dream import dream, memory

    net = load_net(run, params)
    picture = run.load_image(params.image)
    pixels = torch.from_numpy(picture.pixels).to(run.device)  # (3, H, W)
    how = ascent_of(params)
    if params.layers == ("list",):
        from dllab_dream.layer_sheet import save_layer_sheet

        save_layer_sheet(run, net, pixels, how)
        return
    target = target_of(run, params, net)
    mask = None if params.mask is None else _mask(run, params.mask, tuple(pixels.shape[1:]))
    photo = net.normalise(pixels[None])
    del pixels

    def dream_at(tile: int) -> tuple[Tensor, Tensor, list[np.ndarray]]:
        climb = _Dream(run, params, net, target, how, photo, mask, picture.alpha, tile).climb
        with memory.kept(*dream.fit(tuple(photo.shape[-2:]), params.max_size)):
            return climb()

    (seen, change, frames), tile = run.fit_memory(dream_at, params.tile, minimum=128)
    result = whole(net, photo, change, params.strength, mask)  # (3, H, W), in [0, 1]
    run.save_image("dream.png", result, picture.alpha)
    if frames:
        run.save_video(f"growing.{params.film}", iter([*frames, *frames[-1:] * FILM_FPS]), fps=FILM_FPS)
    if min(seen.shape[-2:]) < dream.LEAST_SIDE:
        told = run.words(
            f"a side is under {dream.LEAST_SIDE} px: too small to dream much",
            f"한 변이 {dream.LEAST_SIDE} px보다 짧아 꿈이 거의 생기지 않습니다",
        )
        run.message(told, level="warning")
        return
    _judge(run, params, net, target, photo, seen, result, tile)


class _Dream:
    """One climb through the octaves, which can be stopped and gone on with."""

    def __init__(
        self, run: dllab.Run, params: DreamParams, net: Any, target: Target, how: Ascent,
        photo: Tensor, mask: Tensor | None, alpha: np.ndarray | None, tile: int,
    ) -> None:  # fmt: skip
        from dllab_dream import dream

        self.run, self.params, self.net, self.target, self.how = run, params, net, target, how
        self.photo, self.mask, self.alpha, self.tile = photo, mask, alpha, tile
        largest = dream.fit(tuple(photo.shape[-2:]), params.max_size)
        least = max(dream.LEAST_SIDE, net.least_side(target.layers))
        self.sizes = dream.octave_sizes(largest, params.octaves, params.octave_scale, least)
        self.frames: list[np.ndarray] = []

    def climb(self) -> tuple[Tensor, Tensor, list[np.ndarray]]:
        """Returns the photo at the largest size that was dreamt at, what the dream changed in it, both
        (1, 3, h, w), and the frames of the film. When cancelled, leaves dream-partial.png.
        """
        from dllab_dream import dream

        generator = self.run.torch_generator("jitter")
        first_octave, first_step, restored, change = 0, 0, None, None
        if (state := self.run.restored) is not None:
            first_octave, first_step = state["octave"], state["steps_done"]
            restored = state["dreamt"].to(self.run.device)
            self.frames = list(state["frames"])
        view = self.photo
        for octave in range(first_octave, len(self.sizes)):
            size = self.sizes[octave]
            view = dream.resize(self.photo, size)  # the photo's own detail at this size
            if restored is None:
                dreamt = view.clone() if change is None else dream.resize(change, size) + view
            else:
                dreamt = restored
            restored = change = None
            try:
                dreamt = self._octave(octave, view, dreamt, generator, first_step)
            except dllab.Cancelled:
                change = self._toned(view, self.reached) - view
                so_far = whole(self.net, self.photo, change, self.params.strength, self.mask)
                self.run.save_image("dream-partial.png", so_far, self.alpha)
                raise
            change, first_step = self._toned(view, dreamt) - view, 0
        return view, change, self.frames

    def _octave(self, octave: int, view: Tensor, dreamt: Tensor, generator: Any, first_step: int) -> Tensor:
        from dllab_dream import dream

        run, params, sizes = self.run, self.params, self.sizes
        self.reached = dreamt
        share = dream.calm_share(self.net, view)
        if self.mask is not None:
            share = share * dream.resize(self.mask, sizes[octave]).clamp(0, 1)
        with run.autocast():
            start = dream.activation(self.net, view, self.target, self.tile)
        size = f"{sizes[octave][1]} x {sizes[octave][0]} px"
        label = run.words(
            f"octave {octave + 1} of {len(sizes)}, {size}", f"옥타브 {octave + 1}/{len(sizes)}, {size}"
        )
        for i in run.progress(range(first_step, params.steps), label=label):
            with run.autocast():
                grad, response = dream.gradient(
                    self.net, self.reached, self.target, self.how, generator, self.tile
                )
            self.reached = dream.step(self.net, self.reached, grad, self.how, share)
            del grad
            run.log(octave * params.steps + i, response=self.target.gain(start, response))
            run.preview(dream.shown(self.net, self.reached))
            self._keep_frame(octave * params.steps + i, view)
            self._checkpoint(octave, i + 1)
        return self.reached

    def _toned(self, view: Tensor, dreamt: Tensor) -> Tensor:
        """The dream with the photo's own light and shade, as far as they are to stay."""
        from dllab_dream.dream import resize, with_tones

        toned = with_tones(self.net, view, dreamt, self.params.keep_tones)
        if self.mask is None:
            return toned
        return dreamt + (toned - dreamt) * (resize(self.mask, tuple(view.shape[-2:])) > 1 / 512)

    def _keep_frame(self, number: int, view: Tensor) -> None:
        """A frame of the film, every so many steps: the photo with the change so far, uint8 (3, h, w)."""
        from dllab_dream import dream

        every = -(-len(self.sizes) * self.params.steps // FILM_FRAMES)
        if self.params.film == "none" or number % every:
            return
        size = dream.even(dream.fit(self.sizes[-1], FILM_SIDE))
        photo, change = (dream.resize(picture, size) for picture in (self.photo, self.reached - view))
        pixels = self.net.denormalise(self._toned(photo, photo + change))[0].clamp(0, 1)
        self.frames.append((pixels * 255).round().byte().cpu().numpy())

    def _checkpoint(self, octave: int, steps_done: int) -> None:
        """Keep where it stands, the more seldom the larger the picture is."""
        state = {"octave": octave, "steps_done": steps_done, "dreamt": self.reached, "frames": self.frames}
        self.run.checkpoint(state, every_s=CHECKPOINT_EVERY_S * max(1.0, self.reached.numel() / 6e6))


def _mask(run: dllab.Run, given: dllab.Input, size: tuple[int, int]) -> Tensor:
    """Where to dream, (1, 1, H, W) in [0, 1]: the mask's brightness, and nowhere that it is see-through."""
    import torch

    from dllab_dream.dream import resize

    picture = run.load_image(given)
    share = torch.from_numpy(picture.pixels).mean(dim=0)
    if picture.alpha is not None:
        share = share * torch.from_numpy(picture.alpha)
    if float(share.max()) < 1 / 255:
        raise dllab.UsageError(f"--mask {given.name} is black everywhere: paint white where to dream")
    if abs(picture.width * size[0] - picture.height * size[1]) > 0.02 * picture.width * size[0]:
        told = run.words(
            f"{given.name} has other proportions than the picture and is stretched",
            f"{given.name}의 가로세로 비율이 그림과 달라 늘여서 맞춥니다",
        )
        run.message(told, level="warning")
    return resize(share[None, None].to(run.device), size).clamp(0, 1)


def whole(net: Any, photo: Tensor, change: Tensor, strength: float, mask: Tensor | None = None) -> Tensor:
    """The photo (1, 3, H, W) with the change, enlarged to its size, as pixels (3, H, W) in [0, 1].

    mask: (1, 1, H, W); where it is 0 the photo stays as it is.
    """
    from dllab_dream.dream import resize, step_within

    size = tuple(photo.shape[-2:])
    is_bent = tuple(change.shape[-2:]) != size or strength != 1
    change = resize(change, size)
    if mask is not None:
        change = change * (mask > 1 / 512)
    if is_bent:
        return net.denormalise(step_within(photo, strength * change, net))[0].clamp(0, 1)
    return net.denormalise(photo + change)[0].clamp(0, 1)


def _judge(
    run: dllab.Run, params: DreamParams, net: Any, target: Target,
    photo: Tensor, seen: Tensor, result: Tensor, tile: int,
) -> None:  # fmt: skip
    """Log the figures of the dream, and hold it to what a dream of this length has to reach."""
    from dllab_dream import dream, judge

    judged = dream.resize(net.normalise(result[None]), tuple(seen.shape[-2:]))
    with run.autocast():
        before = dream.activation(net, seen, target, tile)
        after = dream.activation(net, judged, target, tile)
    del judged
    gain = target.gain(before, after)
    before_pixels = net.denormalise(photo)[0]
    found = judge.figures(net, before_pixels, result, target.layers)
    found |= _second_opinion(run, params, before_pixels, result)
    run.log(params.octaves * params.steps, activation=gain, **found)
    run.message(run.words(*target.in_words(before, after)))
    channels = sum(net.channels[name] for name in target.layers) // len(target.layers)
    run.message(run.words(*judge.in_words(found, channels)))
    not_blank = float(dream.calm_share(net, seen).mean())
    if not_blank < 0.2:
        told = run.words(
            "almost all of the picture is blank: there is little to dream of",
            "그림이 거의 다 비어 있어 꿈꿀 것이 별로 없습니다",
        )
        run.message(told, level="warning")
        return
    is_standard = _is_standard(params, seen) and not_blank > 0.5
    if not is_standard and found["clipped"] > 0.05:
        clipped = f"{found['clipped']:.1%}"
        run.message(
            run.words(
                f"{clipped} of the places are burnt to black or white; a lower --learning-rate helps",
                f"{clipped}의 자리가 완전히 검거나 희게 되었습니다. --learning-rate를 낮추어 보세요",
            )
        )
    if not is_standard:
        run.check(
            "target activation",
            ko="고른 것의 반응이 커진 정도",
            got=gain,
            at_least=target.no_gain,
            source="gradient ascent raises what it climbs, however short",
        )
        return
    run.check(
        "target activation",
        ko="고른 것의 반응이 커진 정도",
        got=gain,
        at_least=2,
        source="a dream that deserves the name at least doubles the response that it climbs",
    )
    run.check(
        "clipped pixels",
        ko="완전히 검거나 희게 된 픽셀의 비율",
        got=found["clipped"],
        at_most=0.05,
        source="colours at black or white that the photo has not; more than 5 % looks burnt",
    )


def _second_opinion(run: dllab.Run, params: DreamParams, photo: Tensor, result: Tensor) -> dict[str, float]:
    """The Inception-like scores of photo and dream, pixels (3, H, W), by a net that is not dreamt through."""
    from dllab_dream import judge, second_opinion

    net = run.model(second_opinion.judge_of(params.backbone)).to(run.device)
    before, after = judge.shrunk(photo), judge.shrunk(result)
    places = second_opinion.crops(*after.shape[1:], run.torch_generator("crops"))
    return {
        "second_score_before": second_opinion.score(net, before, places),
        "second_score": second_opinion.score(net, after, places),
    }


def _is_standard(params: DreamParams, seen: Tensor) -> bool:
    """Whether the two figures that a dream is held to were set for these layers, this climb and this size."""
    climb = params.octaves * params.steps * params.learning_rate
    is_deep = set(params.layers) <= {"c4_1", "c4_2", "c5_1"} and params.backbone == "backbone"
    is_whole = not (params.channels or params.target_class or params.guide or params.mask or params.weights)
    is_plain = is_deep and is_whole and params.strength == 1
    return is_plain and climb >= FULL_CLIMB and min(seen.shape[-2:]) >= 64
