"""The sheets of the experiment `features`, one function for each."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dllab_vision import explain, feature_checks, sheets
from dllab_vision.ideals import paint
from dllab_vision.seeing import SeeingNet
from dllab_vision.sheets import Group, Tile
from dllab_vision.subject import Subject

if TYPE_CHECKING:
    import dllab
    from dllab_vision.feature_params import FeaturesParams

TILE = 96  # px: height of a tile that has no size of its own
PEAK = 2  # places: height and width of what counts as a find
CLASS_SCALE = 4 / 3  # a class is larger than a channel's motif: its picture is too, and takes more steps
AT_ONCE = 24  # ideal pictures in one batch
STEPS_TO_JUDGE = 40  # below that an ideal picture is not finished


def strongest(maps: Tensor, params: FeaturesParams, count: int) -> list[int]:
    """The channels of maps (C, h, w) to show: those that are asked for, or those with the clearest finds.

    A find is a small patch with a high mean; it counts for more in a channel that is calm elsewhere.
    """
    if params.channels:
        return list(params.channels)
    usual = maps.mean(dim=(1, 2))  # (C,)
    interest = best_patch(maps, PEAK) / (usual + 0.1 * usual.mean() + 1e-9).sqrt()
    return interest.argsort(descending=True, stable=True)[:count].tolist()


def filters(
    run: dllab.Run, params: FeaturesParams, net: SeeingNet, subject: Subject, labels: list[int]
) -> None:
    """filters.png: each kernel of the first layer in colour, beside its map of the picture."""
    layer = net.layer_names[0]
    convolution = next(module for module in net.modules() if isinstance(module, torch.nn.Conv2d))
    kernels = convolution.weight.detach().float().cpu().numpy()  # (C, 3, k, k)
    with torch.no_grad():
        maps = net.activations(subject.photo, (layer,))[layer][0].float().cpu()  # (C, h, w)
    tiles = []
    for number, kernel in enumerate(kernels):
        coloured = sheets.to_uint8(0.5 + 0.5 * kernel / np.abs(kernel).max())
        found = sheets.resized(sheets.seen(maps[number].numpy()), *subject.box(TILE))
        tiles.append(
            Tile(sheets.beside(sheets.resized(coloured, TILE, TILE, is_blocky=True), found), str(number))
        )
    side = convolution.kernel_size[0]
    title = run.words(
        f"{layer}: {len(kernels)} filters of {side} x {side}, and where each finds its pattern",
        f"{layer}: {side} x {side} 필터 {len(kernels)}개와 각 필터가 무늬를 찾은 자리",
    )
    run.save_image("filters.png", sheets.draw([Group(title, tiles, 4 if len(tiles) <= 32 else 6)]))
    feature_checks.check_by_hand(run, net, convolution, subject.photo, maps)


def maps(run: dllab.Run, params: FeaturesParams, net: SeeingNet, subject: Subject, labels: list[int]) -> None:
    """maps.png: for each layer the maps that the picture excites most, strongest first."""
    layers = params.layers or tuple(dict.fromkeys((*net.style_layers, net.dream_layer)))
    layers = tuple(name for name in net.layer_names if name in layers)
    with torch.no_grad():
        found = net.activations(subject.photo, layers)
    columns = max(6, params.count // 6)
    groups = [Group("", [Tile(subject.tile(TILE))], columns)]
    for layer in layers:
        each = found[layer][0].float().cpu()  # (C, h, w)
        chosen = [number for number in strongest(each, params, columns) if number < len(each)]
        tiles = [
            Tile(
                sheets.resized(sheets.seen(each[number].numpy()), *subject.box(TILE), is_blocky=True),
                str(number),
            )
            for number in chosen
        ]
        if tiles:
            size = f"{each.shape[2]} x {each.shape[1]}"
            title = run.words(
                f"{layer}: {len(each)} channels of {size} places",
                f"{layer}: {size} 특징 맵, 채널 {len(each)}개",
            )
            groups.append(Group(title, tiles, columns))
    run.save_image("maps.png", sheets.draw(groups))


def channels(
    run: dllab.Run, params: FeaturesParams, net: SeeingNet, subject: Subject, labels: list[int]
) -> None:
    """channels.png: what each channel looks for, and where in the picture it finds it."""
    layers = params.layers or (net.dream_layer,)
    groups, rows, beaten = [], [], []
    for layer in layers:
        with torch.no_grad():
            of_photo = net.activations(subject.photo, (layer,))[layer][0].float()  # (C, h, w)
        chosen = strongest(of_photo, params, params.count)
        pictures = _ideals(run, params, net, subject, partial(_means, net, layer), chosen, layer)
        with torch.no_grad():
            of_ideal = torch.cat(
                [
                    _means(net, layer, net.normalise(one[None]), [number])[0]
                    for one, number in zip(pictures, chosen, strict=True)
                ]
            )  # (n,)
        inside = within(net, layer, of_photo[chosen])
        best = best_patch(inside, max(1, params.size // net.strides[layer]))  # (n,)
        beaten += (of_ideal > best).tolist() if inside.numel() else []
        groups.append(Group(_title(run, net, layer), _pairs(pictures, of_photo, chosen, subject), 4))
        rows += [
            {
                "layer": layer, "channel": number, "picture": float(of_photo[number].mean()),
                "best_patch": float(patch), "ideal": float(ideal),
            }
            for number, patch, ideal in zip(chosen, best, of_ideal, strict=True)
        ]  # fmt: skip
    run.save_image("channels.png", sheets.draw(groups))
    run.save_table("channels.csv", rows)
    words = ["dllab", "run", "deepdream", "--image", params.image.reference]
    words += [] if params.backbone == "backbone" else ["--backbone", params.backbone]
    words += [] if params.weights is None else ["--weights", params.weights.reference]
    words += ["--layers", rows[0]["layer"], "--channels", str(rows[0]["channel"])]
    command = shlex.join(words)
    run.message(run.words(f"to dream of the first: {command}", f"첫째 채널을 꿈꾸려면: {command}"))
    if beaten:  # else the photo is so small that every place looks beyond its edge
        is_finished = params.steps >= STEPS_TO_JUDGE
        run.check(
            "ideal pictures that excite their channel more than any patch of the photo",
            ko="사진의 어느 조각보다 채널이 더 반응하는 이상적인 그림의 비율",
            got=sum(beaten) / len(beaten),
            at_least=min(0.9, 1 - 1 / len(beaten)) if is_finished else 0.0,
            source="a picture made for a channel beats what was taken for something else, nine times in ten",
        )


def _title(run: dllab.Run, net: SeeingNet, layer: str) -> str:
    count = net.channels[layer]
    return run.words(
        f"{layer}, {count} channels: what a channel looks for, and where it finds that in your picture",
        f"{layer}, 채널 {count}개: 채널이 찾는 것과 그것을 사진에서 찾은 자리",
    )


def _pairs(pictures: Tensor, of_photo: Tensor, chosen: list[int], subject: Subject) -> list[Tile]:
    """For each channel its ideal picture beside the lit photo, and the channel's number."""
    size = pictures.shape[-1]
    height, width = subject.box(size)
    tiles = []
    for picture, number in zip(pictures, chosen, strict=True):
        found = of_photo[number].cpu()
        light = (found / found.quantile(0.99).clamp_min(1e-6)).clamp(0, 1)
        light = functional.interpolate(
            light[None, None], (height, width), mode="bicubic", align_corners=False
        )
        found_there = sheets.lit(subject.tile(size), light[0, 0].clamp(0, 1).numpy())
        tiles.append(Tile(sheets.beside(sheets.to_uint8(picture.cpu().numpy()), found_there), str(number)))
    return tiles


def within(net: SeeingNet, layer: str, maps: Tensor) -> Tensor:
    """The maps (C, h, w) without the places that look beyond the photo's edge; nothing may be left."""
    reach = net.reaches[layer]
    cut = max(-(reach.first // reach.stride), -(-reach.last // reach.stride))
    return maps[:, cut : max(cut, maps.shape[1] - cut), cut : max(cut, maps.shape[2] - cut)]


def best_patch(maps: Tensor, places: int) -> Tensor:
    """The highest mean over any square of so many places (or all there are) of each map (C, h, w): (C,)."""
    if not maps.numel():
        return maps.new_zeros(len(maps))
    height, width = (min(places, side) for side in maps.shape[-2:])
    return functional.avg_pool2d(maps, (height, width), stride=1).amax(dim=(1, 2))


def _means(net: SeeingNet, layer: str, x: Tensor, chosen: list[int]) -> Tensor:
    """The mean response (N, len(chosen)) of channels to pictures (N, 3, H, W)."""
    return net.activations(x, (layer,))[layer][:, chosen].float().mean(dim=(2, 3))


def _ideals(
    run: dllab.Run,
    params: FeaturesParams,
    net: SeeingNet,
    subject: Subject,
    respond: Callable[[Tensor, list[int]], Tensor],
    targets: list[int],
    name: str,
    scale: float = 1.0,
    korean: str = "",
) -> Tensor:
    """The ideal picture of each target, pixels (n, 3, s, s); respond(x, some targets) as `paint` wants.

    scale: of the size and of the number of steps that the user set; korean: the name in Korean, if another.
    """
    parts = []
    generator = run.torch_generator(f"ideals of {name}")
    for start in range(0, len(targets), AT_ONCE):
        some = targets[start : start + AT_ONCE]
        first, last = start + 1, start + len(some)
        label = run.words(
            f"painting what {name} looks for" + (f", {first} to {last}" if start else ""),
            f"{korean or name}이(가) 찾는 것 그리기" + (f", {first}~{last}" if start else ""),
        )
        parts.append(
            paint(
                net,
                lambda x, some=some: respond(x, some),
                size=round(scale * params.size),
                steps=round(scale * params.steps),
                patches=subject.patches(net, round(scale * params.size), generator),
                generator=generator,
                device=run.device,
                autocast=run.autocast,
                progress=lambda steps, label=label: run.progress(steps, label=label),
                show=lambda pixels: run.preview(pixels[0]),
            )
        )
    return torch.cat(parts)


def guesses(net: SeeingNet, view: Tensor, labels: list[int], count: int) -> tuple[list[int], Tensor]:
    """The classes to show (those asked for, else the likeliest), and the probabilities of all, (classes,)."""
    with torch.no_grad():
        probs = net(view).float().softmax(dim=1)[0]
    return labels or probs.argsort(descending=True, stable=True)[:count].tolist(), probs


def named(net: SeeingNet, label: int, probs: Tensor) -> str:
    """A class in a few words: "lemon (185), 12.3 %"."""
    return f"{net.class_names[label].split(',')[0]} ({label}), {probs[label]:.1%}".replace("%", " %")


def classes(
    run: dllab.Run, params: FeaturesParams, net: SeeingNet, subject: Subject, labels: list[int]
) -> None:
    """classes.png: the picture that a class is most sure of, for what the net takes the photo for."""
    chosen, probs = guesses(net, subject.view, labels, params.guesses)
    pictures = _ideals(
        run, params, net, subject, lambda x, some: net(x)[:, some].float(), chosen, "a class", CLASS_SCALE,
        korean="클래스",
    )  # fmt: skip
    with torch.no_grad():
        names = net(net.normalise(pictures)).topk(min(5, len(net.class_names)), dim=1).indices.tolist()
    tiles = [
        Tile(sheets.to_uint8(one.cpu().numpy()), named(net, label, probs))
        for one, label in zip(pictures, chosen, strict=True)
    ]
    tile = 2 * TILE
    tiles = [one._replace(pixels=sheets.resized(one.pixels, tile, tile)) for one in tiles]
    photo = Group(run.words("your picture", "입력 사진"), [Tile(subject.tile(tile))], 1)
    title = run.words(
        "what these classes look for, and how likely the net finds each in your picture",
        "클래스마다 찾는 것과, 신경망이 본 입력 사진의 클래스 확률",
    )
    run.save_image("classes.png", sheets.draw([photo, Group(title, tiles, min(len(tiles), 3))]))
    run.check(
        "ideal pictures of classes that the net gives that name, among its first five",
        ko="신경망의 추측 다섯 가운데 그 클래스가 든 이상적인 그림의 비율",
        got=sum(label in five for five, label in zip(names, chosen, strict=True)) / len(chosen),
        at_least=0.9 if params.steps >= STEPS_TO_JUDGE else 0.0,
        source="the picture was made so that the net sees that class in it",
    )


def why(run: dllab.Run, params: FeaturesParams, net: SeeingNet, subject: Subject, labels: list[int]) -> None:
    """why.png: for the likeliest classes, which pixels matter and where the net saw them."""
    chosen, probs = guesses(net, subject.view, labels, min(params.guesses, 3))
    tile = 2 * TILE
    tiles = []
    pixels = run.words("pixels that matter", "중요한 픽셀")
    places = run.words("where it was seen", "찾아낸 자리")
    for label in run.progress(chosen, label=run.words("asking why", "이유 묻기")):
        matters = explain.over_shifts(
            lambda x, label=label: explain.saliency(net, x, label)[0].abs().amax(0), subject.view
        )
        seen = explain.over_shifts(lambda x, label=label: explain.grad_cam(net, x, label), subject.view)
        coloured = sheets.heat(matters.cpu().numpy(), high=float(matters.quantile(0.995)))
        tiles += [
            Tile(subject.tile(tile), named(net, label, probs)),
            Tile(sheets.resized(coloured, *subject.box(tile)), pixels),
            Tile(_lit(seen, subject, tile), places),
        ]
    title = run.words(
        "what the net takes your picture for, which pixels matter (saliency), where it saw it (Grad-CAM)",
        "신경망의 추측, 중요한 픽셀(현저성), 찾아낸 자리(Grad-CAM)",
    )
    run.save_image("why.png", sheets.draw([Group(title, tiles, 3)]))
    feature_checks.check_gradient(run, net, subject.view, chosen[0])
    feature_checks.check_grad_cam(run, net, subject.view, chosen[0])


def _lit(seen: Tensor, subject: Subject, height: int) -> np.ndarray:
    """The photo, lit where a map (H, W) is high; dark where it is lowest, or not above zero."""
    light = functional.interpolate(
        seen[None, None].cpu(), subject.box(height), mode="bicubic", align_corners=False
    )
    light = light[0, 0].clamp_min(0) - light.min().clamp_min(0)
    light = (light / light.max().clamp_min(1e-6)).square()  # squared, so that the middle of it stands out
    return sheets.lit(subject.tile(height), light.numpy(), glow=0.25)
