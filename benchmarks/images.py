"""What the lab's runner costs a training: `ddpm` through the lab beside a plain loop over the same net.

Both train the same UNet on the same digits for the same steps, in turns in one process; compared is CPU time,
and the smallest of several turns, since other programs only ever add to it.

    python benchmarks/images.py --steps 150 --turns 3
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path

import torch

import dllab
from dllab_images import nets
from dllab_images.data import read_pictures
from dllab_images.denoise import scheduler
from dllab_images.training import warm_cosine

BATCH, WIDTH, DROPOUT, RATE, EMA = 128, 32, 0.15, 2e-3, 0.995  # of both


def plain(steps: int) -> None:
    """A training of the same net as one would write it without the lab."""
    import copy

    digits = read_pictures("digits", None, 8, lambda name: None, lambda items, label="": items)
    images, labels = torch.from_numpy(digits.train), torch.from_numpy(digits.train_labels)
    net = nets.unet(1, 8, 10, WIDTH, dropout=DROPOUT).train()
    averaged = copy.deepcopy(net).requires_grad_(False)
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    shares = scheduler("ddpm").alphas_cumprod
    losses = []
    for step in range(steps):
        chosen = torch.randint(len(images), (BATCH,))
        pictures, noise, moments = images[chosen], torch.randn(BATCH, 1, 8, 8), torch.randint(1000, (BATCH,))
        root, rest = shares[moments].sqrt().view(-1, 1, 1, 1), (1 - shares[moments]).sqrt().view(-1, 1, 1, 1)
        told = net(root * pictures + rest * noise, moments, labels[chosen]).sample
        loss = torch.nn.functional.mse_loss(told, root * noise - rest * pictures)
        for group in optimiser.param_groups:
            group["lr"] = RATE * warm_cosine(step, steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            for mine, new in zip(averaged.parameters(), net.parameters(), strict=True):
                mine.lerp_(new, 1 - EMA)
        losses.append(loss.item())


def through_the_lab(steps: int, home: Path) -> None:
    """The experiment, all that it leaves included; its one sheet and film are the least it can draw."""
    same = {"batch_size": BATCH, "width": WIDTH, "dropout": DROPOUT, "learning_rate": RATE, "ema": EMA}
    with dllab.Store(home) as store, contextlib.redirect_stderr(io.StringIO()):
        dllab.launch("ddpm", {"steps": steps, "sampling_steps": 1, **same}, threads=1, store=store)


def cpu_seconds(work, *args) -> float:
    """CPU time of the whole process for one call."""
    start = time.process_time()
    work(*args)
    return time.process_time() - start


def main() -> None:
    """Print both and their ratio, per step: a long run less a short one, which leaves the fixed costs out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--turns", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    few = max(1, args.steps // 10)
    found: dict[str, list[float]] = {"plain loop": [], "dllab": []}
    with tempfile.TemporaryDirectory() as folder:
        plain(1)
        through_the_lab(1, Path(folder))
        for _ in range(args.turns):
            for name, work, rest in (("plain loop", plain, ()), ("dllab", through_the_lab, (Path(folder),))):
                taken = cpu_seconds(work, args.steps, *rest) - cpu_seconds(work, few, *rest)
                found[name].append(taken / (args.steps - few))
    best = {name: min(each) for name, each in found.items()}
    for name, seconds in best.items():
        print(f"{name:>10}: {1000 * seconds:.1f} ms of CPU per step, {BATCH / seconds:.0f} pictures/s")
    print(f"overhead: {best['dllab'] / best['plain loop'] - 1:+.1%}")


if __name__ == "__main__":
    main()
