"""Paint from the coarsest size to the full one: large forms first, which is quicker and ends lower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

import dllab
from dllab_style.colours import colour_statistics
from dllab_style.descent import LBFGS, AveragedAdam
from dllab_style.losses import Goal, covariance_root
from dllab_style.memory import give_back_at_once
from dllab_style.painting import Eye, Figures, Manner, Region, Scene
from dllab_style.sizes import MARGIN, cloudy_noise, fit, level_sizes, resize, with_margin, without_margin

if TYPE_CHECKING:
    from dllab_style.style_params import StyleParams

CHECKPOINT_EVERY_S = 10.0
SMALL = 2**20  # places of a picture up to which each step can be gone on from; above, a size's start
LBFGS_PLACES = 2_000_000  # above, its history would fill the memory
LEAST_STYLE = 32  # px of a style's longer side: below it there is no stroke left
NOISE = 0.5  # deviation of the noise that painting may begin with, in that of natural colours


class Style(NamedTuple):
    """A style picture (1, 3, h, w) in [0, 1]; where it holds, (1, 1, h, w) or None: everywhere; its share."""

    pixels: Tensor
    mask: Tensor | None
    share: float


class Painter:
    """One painting in the making: `canvas` is its present state, in model units, with a margin all round."""

    def __init__(self, run: dllab.Run, params: StyleParams, eye: Eye, manner: Manner, photo: Tensor,
                 styles: list[Style], tile: int) -> None:  # fmt: skip
        self.run, self.params, self.eye, self.manner = run, params, eye, manner
        self.photo, self.styles, self.tile = photo, styles, tile
        self.sizes = level_sizes(fit(tuple(photo.shape[-2:]), params.max_size))
        if self.sizes[-1][0] * self.sizes[-1][1] > LBFGS_PLACES:
            give_back_at_once()
        self.curves: list[dict[str, float]] = []
        self.canvas: Tensor | None = None
        self.margin = 0

    def paint(self) -> tuple[Tensor, Scene, list[dict[str, float]]]:
        """Paint, or go on painting from a checkpoint.

        Returns the painting (1, 3, h, w) in [0, 1], the scene at the full size, and the losses step by step.
        """
        run = self.run
        state = run.restored if run.restored is not None and run.restored["tile"] == self.tile else None
        if state is not None:
            self.curves = list(state["curves"])
        for level in range(state["level"] if state else 0, len(self.sizes)):
            self.margin = max(8, round(MARGIN * max(self.sizes[level]) / max(self.sizes[-1])))
            scene = self._scene(self.sizes[level])
            if state is not None:
                self.canvas = state["canvas"].to(run.device)
            elif self.canvas is None:
                self.canvas = self._start(self.sizes[level])
            else:
                self.canvas = resize(self.canvas, tuple(scene.photo.shape[-2:])).contiguous()
            self.canvas = self._descend(scene, level, state)
            state = None
        return self.so_far(), scene, self.curves

    def so_far(self) -> Tensor:
        """The canvas without its margin as pixels (1, 3, h, w) in [0, 1], on the CPU."""
        return self.eye.net.denormalise(without_margin(self.canvas, self.margin)).clamp_(0, 1).cpu()

    def _scene(self, size: tuple[int, int]) -> Scene:
        """The photo at one size, with its margin, and what the styles ask for there."""
        net, names = self.eye.net, self.manner.seen
        content = with_margin(net.normalise(resize(self.photo, size)), self.margin).to(self.run.device)
        height, width = content.shape[-2:]
        least = net.least_side(names)
        if min(height, width) < least:
            raise dllab.UsageError(
                f"--image: at {size[1]} x {size[0]} px it is too small for this net; {least} px are needed"
            )
        deepest = max(names, key=net.layer_names.index)
        side = max(self.tile, 2 * net.halo(names) + net.strides[deepest])
        windows = net.windows(height, width, names, side)
        if len(windows) > 1:
            content = content.half()  # a large picture: half the memory, and more levels than a photo has
        return Scene(self.eye, content, self._regions(size), self.manner, windows)

    def _regions(self, size: tuple[int, int]) -> list[Region]:
        """Styles without a mask share one region; each mask makes another."""
        everywhere: dict[str, list[Goal]] = {}
        regions = []
        longest = max(LEAST_STYLE, round(max(size) * self.params.style_scale))
        for style in self.styles:
            pixels = resize(style.pixels, fit(tuple(style.pixels.shape[-2:]), longest))
            units = self.eye.net.normalise(pixels).to(self.run.device)
            goals = self.eye.goals(units, self.manner, style.share)
            if style.mask is not None:
                mask = with_margin(resize(style.mask, size).clamp(0, 1), self.margin).to(self.run.device)
                regions.append(Region(mask, {name: (goal,) for name, goal in goals.items()}))
                continue
            for name, goal in goals.items():
                everywhere.setdefault(name, []).append(goal)
        if everywhere:
            regions.append(Region(None, {name: tuple(goals) for name, goals in everywhere.items()}))
        return regions

    def _start(self, size: tuple[int, int]) -> Tensor:
        """What painting begins with, at the coarsest size."""
        net, device = self.eye.net, self.run.device
        if self.params.start == "photo":
            return with_margin(net.normalise(resize(self.photo, size)), self.margin).to(device).contiguous()
        room = (size[0] + 2 * self.margin, size[1] + 2 * self.margin)
        generator = self.run.torch_generator("start")
        if self.params.start == "noise":
            return NOISE * torch.randn(1, 3, *room, generator=generator).to(device)
        means, covariances = zip(*(colour_statistics(style.pixels) for style in self.styles), strict=True)
        mean = sum(style.share * one for style, one in zip(self.styles, means, strict=True))
        covariance = sum(style.share * one for style, one in zip(self.styles, covariances, strict=True))
        noise = cloudy_noise(room, generator)
        clouds = (covariance_root(covariance) @ noise[0].flatten(1)).view_as(noise) + mean.view(1, 3, 1, 1)
        return net.normalise(clouds).to(device)

    def _descend(self, scene: Scene, level: int, state: dict[str, Any] | None) -> Tensor:
        """Take the steps of one size, and return what they lead to; the canvas follows them."""
        params, run = self.params, self.run
        height, width = self.sizes[level]
        is_large = height * width > LBFGS_PLACES
        if params.optimiser == "lbfgs" or (params.optimiser == "auto" and not is_large):
            descent = LBFGS(self.canvas, state["descent"] if state else None)
        else:
            descent = AveragedAdam(self.canvas, params.learning_rate, state["descent"] if state else None)
        is_small = height * width <= SMALL
        size = f"{width} x {height} px"
        label = run.words(
            f"size {level + 1} of {len(self.sizes)}, {size}", f"크기 {level + 1}/{len(self.sizes)}, {size}"
        )
        for i in run.progress(range(state["steps_done"] if state else 0, params.steps), label=label):
            if i == 0 or is_small:
                here = {"tile": self.tile, "level": level, "steps_done": i, "canvas": self.canvas}
                run.checkpoint(
                    {**here, "descent": descent.state() if i else None, "curves": self.curves},
                    every_s=CHECKPOINT_EVERY_S,
                )
            found: list[Figures] = []

            def gradient(picture: Tensor, found: list[Figures] = found) -> Tensor:
                grad, figures = scene.gradient(picture)
                found.append(figures)
                return grad

            descent.step(gradient)
            self._note(level * params.steps + i, found[0])
        return descent.result()

    def _note(self, step: int, figures: Figures) -> None:
        """Write down the losses of one step, and show the canvas."""
        losses = {"style": figures.style, "content": figures.content, "smoothness": figures.smoothness}
        if figures.style != figures.style:
            raise dllab.DllabError("the painting ran away: take a lower --learning-rate or --optimiser adam")
        self.run.log(step, **losses)
        self.curves.append({"step": step, **losses})
        shown = self.canvas if self.canvas[0, 0].numel() <= 2**21 else self.canvas[..., ::4, ::4]
        self.run.preview(self.eye.net.denormalise(shown)[0].clamp(0, 1))
