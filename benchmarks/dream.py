"""A step of DeepDream against the common recipe, and the memory that a large picture takes.

    python benchmarks/dream.py [--threads 2] [--size 512] [--net vgg16] [--skip-speed] [--skip-memory]

The common recipe, kept below in full, is what public implementations do: all of VGG-16's features,
in float32 and in the usual memory layout, the mean square of relu4_3 kept by a hook, a jitter that
wraps round, three Gaussian blurs of the gradient one after another, a step of equal mean size. Weights are
random, since speed does not depend on them. Both climb the same octaves, in turns; of each, the CPU time is
taken. The gradients are compared at the same pictures, step by step, without what the two treat differently.

Ends with exit status 1 when a limit is passed.
"""

import argparse
import statistics
import subprocess
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

LAYER, OCTAVES, OCTAVE_SCALE = "relu4_3", 3, 1.4
FASTER, NEVER_SLOWER, COSINE, MEMORY = 2.2, 1.0, 0.99, 1.2
SIDES = (1024, 4096)  # px


def plain_gradient(net, x: Tensor) -> Tensor:
    """The gradient of the layer's mean square as the common recipe takes it."""
    x = x.detach().clone().requires_grad_(True)
    maps = x
    loss = None
    for one in net.steps():  # the common recipe runs all of the features and keeps what it wants by a hook
        maps = one.call(maps)
        if one.name == LAYER:
            loss = maps.square().mean()
    loss.backward()
    return x.grad


def blur(grad: Tensor, sigma: float) -> Tensor:
    """A Gaussian blur, as the common recipe does one after another."""
    at = torch.arange(-4, 5, dtype=torch.float32)
    line = torch.exp(-0.5 * (at / sigma) ** 2)
    kernel = (torch.outer(line, line) / line.sum() ** 2).expand(3, 1, 9, 9)
    return functional.conv2d(functional.pad(grad, (4, 4, 4, 4), mode="reflect"), kernel, groups=3)


def plain_step(net, x: Tensor, generator: torch.Generator) -> Tensor:
    """One step of the common recipe."""
    shift = torch.randint(-16, 17, (2,), generator=generator).tolist()
    rolled = torch.roll(x, shift, dims=(2, 3))
    grad = plain_gradient(net, rolled)
    grad = sum(blur(grad, sigma) for sigma in (0.35, 0.7, 1.4)) / 3
    grad = torch.roll(grad, [-s for s in shift], dims=(2, 3))
    return x + 0.03 * grad / (grad.abs().mean() + 1e-12)


def our_step(net, x: Tensor, generator: torch.Generator, how, target, dtype: torch.dtype) -> Tensor:
    """One step of ours, with all that it does by default but the wider jitter, which the other has not.

    Around it stands `memory.kept`, as in the experiment.
    """
    from dllab_dream import dream

    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == torch.bfloat16):
        grad, _ = dream.gradient(net, x, target, how, generator)
    return dream.step(net, x, grad, how)


def climb(step, photo: Tensor, steps: int, around: AbstractContextManager) -> tuple[float, float]:
    """Seconds of CPU and by the clock for all octaves, in a block of `around`."""
    from dllab_dream import dream

    cpu, clock = time.process_time(), time.perf_counter()
    change = None
    with around:
        for size in dream.octave_sizes(tuple(photo.shape[-2:]), OCTAVES, OCTAVE_SCALE):
            view = dream.resize(photo, size)
            x = view if change is None else view + dream.resize(change, size)
            for _ in range(steps):
                x = step(x)
            change = x - view
    return time.process_time() - cpu, time.perf_counter() - clock


def speed(side: int, steps: int, rounds: int) -> bool:
    """Print how much faster ours is in bfloat16 and in float32, and how alike the gradients are."""
    from dllab_dream import dream, memory
    from dllab_dream.targets import LayerTarget
    from dllab_vision.published import random_net

    ours = random_net("vgg16", is_headless=True)
    plain = random_net("vgg16", is_headless=True).to(memory_format=torch.contiguous_format)
    photo = some_photo(side)
    target, how = LayerTarget((LAYER,), equalise=False), dream.Ascent(jitter=0, learning_rate=0.03)
    from dllab.device import has_fast_bfloat16

    dtypes = [torch.float32, *([torch.bfloat16] if has_fast_bfloat16(torch.device("cpu")) else [])]
    cosines = []
    x = photo
    for _ in range(steps * 2):
        exact = plain_gradient(plain, x)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.bfloat16 in dtypes):
            grad, _ = dream.gradient(ours, x, target, how, torch.Generator())
        cosines.append(float(functional.cosine_similarity(exact.flatten(), grad.flatten(), dim=0)))
        x = dream.step(ours, x, grad, how)
    times: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        generator = torch.Generator().manual_seed(0)
        step = partial(plain_step, plain, generator=generator)
        times.setdefault("plain", []).append(climb(step, photo, steps, nullcontext()))
        for dtype in dtypes:
            step = partial(our_step, ours, generator=generator, how=how, target=target, dtype=dtype)
            took = climb(step, photo, steps, memory.kept(side, side))
            times.setdefault(str(dtype).removeprefix("torch."), []).append(took)
    ok = min(cosines) >= COSINE
    print(f"VGG-16 to {LAYER}, {side} px, {OCTAVES} octaves x {steps} steps, {rounds} rounds in turns")
    print(f"gradient, cosine with float32, least of {len(cosines)} steps: {min(cosines):.4f} (aim {COSINE})")
    for name in list(times)[1:]:
        ratios = [p[0] / o[0] for p, o in zip(times["plain"], times[name], strict=True)]
        clocks = [p[1] / o[1] for p, o in zip(times["plain"], times[name], strict=True)]
        aim = FASTER if name == "bfloat16" else NEVER_SLOWER
        ok &= statistics.median(ratios) >= aim
        print(
            f"{name}: {statistics.median(ratios):.2f} x as fast as the common recipe by CPU time "
            f"({min(ratios):.2f} to {max(ratios):.2f}), "
            f"{statistics.median(clocks):.2f} by the clock (aim {aim:g})"
        )
    return ok


def some_photo(side: int) -> Tensor:
    """The astronaut that scikit-image brings, (1, 3, side, side), in model units."""
    from skimage.data import astronaut

    from dllab_dream import dream

    pixels = torch.from_numpy(astronaut()).permute(2, 0, 1)[None].float() / 255
    return (dream.resize(pixels, (side, side)) - 0.46) / 0.27


def peak(side: int, name: str) -> None:
    """In a process of its own: print the MB that one gradient and step take beyond what stood before."""
    from dllab_dream import dream
    from dllab_dream.targets import LayerTarget
    from dllab_vision.backbone import load_backbone
    from dllab_vision.published import random_net

    is_vgg = name == "vgg16"  # in bfloat16, as it dreams; the net that ships in float32, where it needs most
    net = random_net(name, is_headless=True) if is_vgg else load_backbone()
    photo, target, how = some_photo(side), LayerTarget((net.dream_layer,)), dream.Ascent()

    def gradient(picture: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_vgg):
            return dream.gradient(net, picture, target, how, torch.Generator().manual_seed(0))[0]

    gradient(photo[:, :, :64, :64])  # what torch sets up once
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = resident("VmRSS")
    grad = gradient(photo)
    looked = resident("VmHWM")
    dream.step(net, photo, grad, how)
    print(looked - before, resident("VmHWM") - before)


def resident(key: str) -> float:
    """MB of memory, now (VmRSS) or at most (VmHWM); Linux only."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))


def memory(name: str) -> bool:
    """Print the peak memory of a step at two sizes; the windows apart, in copies of the picture."""
    activations, totals = {}, {}
    for side in SIDES:
        command = [sys.executable, __file__, "--net", name, "--peak", str(side)]
        looked, total = map(
            float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        )
        picture = side * side * 12 / 2**20
        activations[side], totals[side] = looked - picture, total  # less the gradient itself
        print(f"{side} px: gradient {looked:.0f} MB, and step {total:.0f} MB; a copy is {picture:.0f} MB")
    small, large = SIDES
    ratio = activations[large] / activations[small]
    copies = (totals[large] - activations[small]) / (large * large * 12 / 2**20)
    print(f"activations at {large} px: {ratio:.2f} of those at {small} px (at most {MEMORY})")
    print(f"the rest at {large} px: {copies:.1f} copies of the picture (at most 6)")
    return ratio <= MEMORY and copies <= 6


def main() -> None:
    """Measure, print, and end with status 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-memory", action="store_true")
    parser.add_argument(
        "--net", choices=("backbone", "vgg16"), default="backbone", help="whose memory is measured"
    )
    parser.add_argument("--skip-speed", action="store_true")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    if given.peak:
        peak(given.peak, given.net)
        return
    ok = given.skip_speed or speed(given.size, given.steps, given.rounds)
    ok &= given.skip_memory or memory(given.net)
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
