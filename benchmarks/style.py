"""Style transfer against common ways to do it: the W2 step, the Gram step, and the memory of a large picture.

    python benchmarks/style.py [w2] [gram] [memory]

Two sides take turns on one thread; the figures are ratios of medians of CPU time. The net is VGG-16 with
random weights: it takes as long as with the published ones. Exit status 1 when an aim is missed.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from dllab_style import losses
from dllab_style.losses import LOSSES, Goal, by_layer, covariance_root
from dllab_style.painting import Eye, Manner, Region, Scene
from dllab_vision.published import random_net

STYLE = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
CONTENT = ("relu4_2",)
SIDE, ROUNDS, WARM_UP = 320, 5, 1
AIMS = {"w2": 2.5, "gram": 1.7, "cosine": 0.995, "activations": 1.2}
COPIES = 6  # of the picture, beside the activations


class NewtonSchulzRoot(torch.autograd.Function):
    """Root of a matrix by coupled Newton-Schulz iterations, its slope by those of the Lyapunov equation.

    Source: Lin & Maji 2017, "Improved Bilinear Pooling with CNNs", algorithms 1 and 2.
    """

    ITERATIONS = 12

    @staticmethod
    def forward(context, matrix: Tensor) -> Tensor:
        size = matrix.norm()
        three = 3 * torch.eye(len(matrix))
        root, inverse = matrix / size, torch.eye(len(matrix))
        for _ in range(NewtonSchulzRoot.ITERATIONS):
            step = (three - inverse @ root) / 2
            root, inverse = root @ step, step @ inverse
        root = root * size.sqrt()
        context.save_for_backward(root)
        return root

    @staticmethod
    def backward(context, slope: Tensor) -> Tensor:
        (root,) = context.saved_tensors
        size = root.norm()
        three = 3 * torch.eye(len(root))
        a, q = root / size, slope / size
        for _ in range(NewtonSchulzRoot.ITERATIONS):
            square = a @ a
            q = (q @ (three - square) - a.T @ (a.T @ q - q @ a)) / 2
            a = a @ (three - square) / 2
        return q / 2


def newton_schulz_w2(found: losses.Statistics, goal: Goal) -> Tensor:
    """The W2 loss with the root of the product itself instead of its eigenvalues."""
    wanted = goal.statistics
    covariance = found.covariance
    product = goal.root @ covariance @ goal.root + 1e-6 * torch.eye(len(covariance))
    overlap = NewtonSchulzRoot.apply(product).trace()
    spread = covariance.trace() + wanted.covariance.trace() - 2 * overlap
    return ((found.mean - wanted.mean).square().sum() + spread) / wanted.second.trace()


LOSSES["newton-schulz"] = newton_schulz_w2


def pictures(side: int) -> tuple[Tensor, Tensor, Tensor]:
    """A photo, a style and a picture on the way: smooth noise in model units, (1, 3, side, side)."""
    generator = torch.Generator().manual_seed(0)

    def blobs() -> Tensor:
        coarse = torch.rand(1, 3, side // 8, side // 8, generator=generator)
        return 3 * functional.interpolate(coarse, size=(side, side), mode="bicubic") - 1.5

    photo, style = blobs(), blobs()
    return photo, style, photo + 0.3 * torch.randn(photo.shape, generator=generator)


def scene(net, loss: str, autocast: Callable, photo: Tensor, style: Tensor) -> Scene:
    """Ours, with the style loss of that name."""
    eye = Eye(net, autocast)
    manner = Manner(by_layer(dict.fromkeys(STYLE, 1.0)), CONTENT, loss, 0.03, 0.1, 0.0)
    goals = {name: (goal,) for name, goal in eye.goals(style, manner, 1.0).items()}
    windows = net.windows(SIDE, SIDE, manner.seen, 4 * SIDE)
    return Scene(eye, photo, [Region(None, goals)], manner, windows)


def plain_gram_step(net, photo: Tensor, style: Tensor) -> Callable[[Tensor], Tensor]:
    """The usual loop: float32, contiguous channels, Gram matrices, autograd through all."""
    net = net.to(memory_format=torch.contiguous_format)
    names = (*STYLE, *CONTENT)

    def gram(activation: Tensor) -> Tensor:
        flat = activation.flatten(2)
        return flat @ flat.transpose(1, 2) / flat.shape[2]

    with torch.no_grad():
        wanted = {name: gram(value) for name, value in net.activations(style, STYLE).items()}
        forms = net.activations(photo, CONTENT)

    def step(picture: Tensor) -> Tensor:
        x = picture.detach().requires_grad_(True)
        found = net.activations(x, names)
        loss = sum(
            (gram(found[name]) - wanted[name]).square().sum() / wanted[name].square().sum() / len(STYLE)
            for name in STYLE
        )
        for name in CONTENT:
            loss = loss + 0.03 * functional.mse_loss(found[name], forms[name]) / forms[name].square().mean()
        down, across = x[:, :, 1:] - x[:, :, :-1], x[:, :, :, 1:] - x[:, :, :, :-1]
        loss = loss + 0.1 * (down.square().sum() + across.square().sum()) / x.numel()
        loss.backward()
        return x.grad

    return step


def in_turns(sides: dict[str, Callable[[Tensor], Tensor]], picture: Tensor) -> tuple[dict[str, float], float]:
    """Median CPU seconds of each side, and the cosine between the two gradients."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    grads = {}
    for _ in range(ROUNDS + WARM_UP):
        for name, step in sides.items():
            start = time.process_time()
            grads[name] = step(picture)
            seconds[name].append(time.process_time() - start)
    one, other = (grad.flatten() for grad in grads.values())
    cosine = float(functional.cosine_similarity(one, other, dim=0))
    return {name: statistics.median(values[WARM_UP:]) for name, values in seconds.items()}, cosine


def bfloat16() -> contextlib.AbstractContextManager:
    return torch.autocast("cpu", dtype=torch.bfloat16)


def compare(name: str) -> bool:
    """One pair; prints its figures and returns whether the aims are met."""
    photo, style, picture = pictures(SIDE)
    net = random_net("vgg16")
    ours = scene(net, name, bfloat16, photo, style)
    if name == "w2":  # the same net, the same number format: only the root differs
        theirs = scene(net, "newton-schulz", contextlib.nullcontext, photo, style)
        other = ("float32, Newton-Schulz", lambda x: theirs.gradient(x)[0])
    else:
        other = ("plain float32 loop", plain_gram_step(random_net("vgg16"), photo, style))
    seconds, cosine = in_turns({other[0]: other[1], "ours": lambda x: ours.gradient(x)[0]}, picture)
    ratio = seconds[other[0]] / seconds["ours"]
    is_met = ratio >= AIMS[name]
    print(
        f"{name} step, VGG-16, {SIDE} px: {other[0]} {seconds[other[0]]:.2f} s, ours {seconds['ours']:.2f} s"
    )
    print(
        f"  {ratio:.2f} x (aim {AIMS[name]}): {'met' if is_met else 'MISSED'}; gradient cosine {cosine:.4f}"
    )
    return is_met


def compare_roots(channels: int = 512) -> bool:
    """The loss and its slope alone, in one number format, for a layer of that many channels."""
    generator = torch.Generator().manual_seed(0)
    found, wanted = (torch.rand(1, channels, 40, 40, generator=generator) for _ in range(2))
    target = losses.statistics(wanted)
    goal = Goal(target, covariance_root(target.covariance), 1.0)

    def side(loss: str) -> Callable[[Tensor], Tensor]:
        def step(x: Tensor) -> Tensor:
            x = x.detach().requires_grad_(True)
            (grad,) = torch.autograd.grad(LOSSES[loss](losses.statistics(x), goal), x)
            return grad

        return step

    seconds, cosine = in_turns({"theirs": side("newton-schulz"), "ours": side("w2")}, found)
    ratio, is_met = seconds["theirs"] / seconds["ours"], cosine >= AIMS["cosine"]
    print(f"W2 loss and slope alone, {channels} channels: Newton-Schulz {seconds['theirs']:.3f} s,", end=" ")
    print(f"eigenvalues {seconds['ours']:.3f} s, {ratio:.1f} x")
    print(f"  gradient cosine {cosine:.4f} (aim {AIMS['cosine']}): {'met' if is_met else 'MISSED'}")
    return is_met


MEASURED = """
import resource, sys, torch
from pathlib import Path
from PIL import Image
import dllab
from dllab_style.style_transfer import style_transfer
import dllab_style.coarse_to_fine, dllab_vision.net, dllab_vision.backbone
side, folder = int(sys.argv[1]), Path(sys.argv[2])
dllab_vision.backbone.load_backbone()
if not (folder / f"{side}.png").exists():
    Image.effect_noise((side, side), 80).convert("RGB").save(folder / f"{side}.png", compress_level=1)
    sys.exit()
params = {"image": str(folder / f"{side}.png"), "style": "sample:brick", "max_size": 0, "steps": 1}
dllab.launch("style-transfer", {**params, "learning_rate": 0.01}, threads=1)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def peak_mb(side: int, folder: Path) -> float:
    """The greatest memory (MiB) of a process that paints a picture of that size, one step per size."""
    environment = {**os.environ, "DLLAB_HOME": str(folder / "home"), "DLLAB_MAX_MEGAPIXELS": "100"}
    command = [sys.executable, "-c", MEASURED, str(side), str(folder)]
    subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )  # makes the picture
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.splitlines()[-1])


def measure_memory() -> bool:
    """Peak memory at 4096 px against 1024 px."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, small, large = (peak_mb(side, folder) for side in (64, 1024, 4096))
    copy = 4096 * 4096 * 3 * 4 / 2**20
    activations = small - bare
    limit = AIMS["activations"] * activations + COPIES * copy
    is_met = large - bare <= limit
    print(f"memory: bare {bare:.0f} MiB, 1024 px {small:.0f} MiB, 4096 px {large:.0f} MiB")
    print(
        f"  4096 px beyond bare: {large - bare:.0f} MiB, aim {limit:.0f} MiB "
        f"({AIMS['activations']} x {activations:.0f} + {COPIES} x {copy:.0f}): "
        f"{'met' if is_met else 'MISSED'}"
    )
    return is_met


def main() -> None:
    parser = argparse.ArgumentParser(description="Style transfer against common ways to do it.")
    parser.add_argument("what", nargs="*", default=["w2", "gram", "memory"], help="w2, gram, memory")
    asked = parser.parse_args().what
    torch.set_num_threads(1)
    is_met = True
    for name in ("w2", "gram"):
        if name in asked:
            is_met &= compare(name)
    if "w2" in asked:
        is_met &= compare_roots()
    if "memory" in asked:
        is_met &= measure_memory()
    sys.exit(0 if is_met else 1)


if __name__ == "__main__":
    main()
