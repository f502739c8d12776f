"""Headless rendering: JellyRun beside FlappyBird-v0, each as rgb_array at 288 x 512 pixels, in one run.

    pip install --no-deps flappy-bird-gymnasium==0.4.0
    python benchmarks/jellyrun_render.py

flappy-bird-gymnasium asks for an older pygame than dllab's; without its dependencies it takes this one. Each
turn times both, step and picture, in CPU seconds of this process; the figure is the median of the turns'
ratios. Exit status 1 when it is below the target.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import warnings
from typing import Any

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

TARGET = 1.5  # times the frames of the peer
PEER = "FlappyBird-v0 288 x 512"


def frames_per_cpu_s(env: Any, frames: int) -> float:
    """Steps with random actions and a picture after each."""
    env.action_space.seed(0)
    env.reset(seed=0)
    began = time.process_time()
    for _ in range(frames):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        env.render()
        if terminated or truncated:
            env.reset()
    return frames / (time.process_time() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", type=int, default=400, help="in each turn")
    parser.add_argument("--turns", type=int, default=7)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    import gymnasium

    make = {"render_mode": "rgb_array", "disable_env_checker": True}
    name = "jellyrun:jellyrun/JellyRun-v0"
    envs = {
        "JellyRun 288 x 512": gymnasium.make(name, render_size=(288, 512), **make),
        "JellyRun 512 x 288": gymnasium.make(name, render_size=(512, 288), **make),
    }
    try:
        peer = "flappy_bird_gymnasium:FlappyBird-v0"
        envs[PEER] = gymnasium.make(peer, use_lidar=False, **make)
    except ImportError:
        print("flappy-bird-gymnasium is not installed: without it there is nothing to compare with")
    for env in envs.values():
        frames_per_cpu_s(env, 60)  # pictures are painted when they are first needed
    figures: dict[str, list[float]] = {name: [] for name in envs}
    for _ in range(args.turns):
        for name, env in envs.items():
            figures[name].append(frames_per_cpu_s(env, args.frames))
    status = 0
    for name, rates in figures.items():
        line = f"{name:26s} {statistics.median(rates):8,.0f} frames/CPU-s"
        if "JellyRun" in name and PEER in figures:
            ratio = statistics.median(
                mine / theirs for mine, theirs in zip(rates, figures[PEER], strict=True)
            )
            line += f"   {ratio:5.2f} x (at least {TARGET})"
            status = max(status, int(ratio < TARGET))
        print(line)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
