"""How fast JellyRun is, beside the environments that people know.

    python benchmarks/jellyrun_speed.py [single|vector|tables|compile ...]

Peers come with the extra `bench` (flappy-bird-gymnasium asks for an old pygame: install it with --no-deps).
Each pair takes turns in one process on one thread; a figure is the median over the turns of steps per second
of CPU time, and a ratio the median of the turns' ratios. Actions are random and drawn beforehand. Exit status
1 when a limit is missed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import gymnasium
import numpy as np

TURNS = 7
SINGLE_STEPS = 30_000
NUM_ENVS, VECTOR_STEPS = 1024, 400
UPDATES = 4_000_000
# (least, what): a ratio to the peer, or millions a second
LEAST = {
    "single / CartPole-v1": 2.5,
    "single / FlappyBird-v0": 2.5,
    "vector / EnvPool CartPole": 8.0,
    "Q-learning, M updates/s": 5.0,
}
MOST = {"compiled cold, s": 8.0, "from the cache, s": 0.3}
GAME = "jellyrun:jellyrun/JellyRun-v0"


def rate(steps: int, action: Callable[[], object]) -> float:
    """Steps per second of CPU time, all threads of this process."""
    began = time.process_time()
    action()
    return steps / (time.process_time() - began)


def in_turns(contenders: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The rates of each, measured one after another TURNS times."""
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(TURNS):
        for name, measure in contenders.items():
            rates[name].append(measure())
    return rates


def show(rates: dict[str, list[float]], unit: str, scale: float) -> None:
    """Print the median of each."""
    for name, values in rates.items():
        print(f"  {name:34} {statistics.median(values) / scale:10.2f} {unit}")


def ratio(rates: dict[str, list[float]], one: str, other: str) -> float:
    """The median of the turns' ratios."""
    return statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))


def single() -> dict[str, float]:
    """One environment at a time, as gymnasium.make makes it, resets included."""
    import flappy_bird_gymnasium  # noqa: F401 - registers FlappyBird-v0

    def player(env: gymnasium.Env) -> Callable[[], float]:
        actions = np.random.default_rng(0).integers(0, env.action_space.n, SINGLE_STEPS).tolist()
        env.reset(seed=0)

        def play() -> None:
            for action in actions:
                _, _, terminated, truncated, _ = env.step(action)
                if terminated or truncated:
                    env.reset()

        play()
        return lambda: rate(SINGLE_STEPS, play)

    rates = in_turns(
        {
            "JellyRun, state": player(gymnasium.make(GAME)),
            "CartPole-v1": player(gymnasium.make("CartPole-v1")),
            "FlappyBird-v0, features": player(gymnasium.make("FlappyBird-v0", use_lidar=False)),
        }
    )
    show(rates, "thousand steps/s", 1e3)
    return {
        "single / CartPole-v1": ratio(rates, "JellyRun, state", "CartPole-v1"),
        "single / FlappyBird-v0": ratio(rates, "JellyRun, state", "FlappyBird-v0, features"),
    }


def vector() -> dict[str, float]:
    """1,024 environments in one call."""
    import envpool
    from stable_baselines3.common.vec_env import VecEnv

    def player(env: object, actions: int) -> Callable[[], float]:
        drawn = np.random.default_rng(0).integers(0, actions, (VECTOR_STEPS, NUM_ENVS))
        if not isinstance(env, gymnasium.vector.VectorEnv | VecEnv):
            drawn = drawn.astype(np.int32)  # what EnvPool takes
        env.reset()

        def play() -> None:
            for row in drawn:
                env.step(row)

        play()
        return lambda: rate(VECTOR_STEPS * NUM_ENVS, play)

    many = {"num_envs": NUM_ENVS, "vectorization_mode": "vector_entry_point"}
    game = gymnasium.make(GAME).unwrapped
    rates = in_turns(
        {
            "JellyRun, Gymnasium vector": player(gymnasium.make_vec(GAME, **many), 3),
            "EnvPool CartPole, one thread": player(
                envpool.make("CartPole-v1", env_type="gymnasium", num_envs=NUM_ENVS, num_threads=1), 2
            ),
            "Gymnasium CartPoleVectorEnv": player(gymnasium.make_vec("CartPole-v1", **many), 2),
            "JellyRun, SB3 VecEnv": player(game.sb3_vec_env(NUM_ENVS), 3),
        }
    )
    show(rates, "million steps/s", 1e6)
    numpy_ratio = ratio(rates, "JellyRun, Gymnasium vector", "Gymnasium CartPoleVectorEnv")
    print(f"  {'vector / CartPoleVectorEnv':34} {numpy_ratio:10.2f}")
    ours = "JellyRun, Gymnasium vector"
    return {"vector / EnvPool CartPole": ratio(rates, ours, "EnvPool CartPole, one thread")}


def tables() -> dict[str, float]:
    """Q-learning inside the kernel."""
    learner = gymnasium.make(GAME).unwrapped.tables()
    q = learner.new_table()
    learner.q_learning(q, 1000)
    rates = in_turns({"Q-learning": lambda: rate(UPDATES, lambda: learner.q_learning(q, UPDATES))})
    show(rates, "million updates/s", 1e6)
    return {"Q-learning, M updates/s": statistics.median(rates["Q-learning"]) / 1e6}


FIRST_STEPS = f"""
import json, time, numba
import numba.core.typed_passes, numba.np.arrayobj
import gymnasium, jellyrun.env, jellyrun.vector
began = time.process_time()
env = gymnasium.make({GAME!r})
env.reset(seed=0)
env.step(1)
many = gymnasium.make_vec({GAME!r}, num_envs=2, vectorization_mode="vector_entry_point")
many.reset(seed=0)
many.step(many.action_space.sample())
print(json.dumps(time.process_time() - began))
"""


def compilation() -> dict[str, float]:
    """CPU seconds of the first steps, single and vector, in a new process without and with the cache."""
    cold, cached = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory(prefix="jellyrun-bench-") as folder:
            environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
            for times in (cold, cached):
                done = subprocess.run(
                    [sys.executable, "-c", FIRST_STEPS],
                    env=environment, capture_output=True, text=True, check=True,
                )  # fmt: skip
                times.append(json.loads(done.stdout))
    return {"compiled cold, s": statistics.median(cold), "from the cache, s": statistics.median(cached)}


PARTS = {"single": single, "vector": vector, "tables": tables, "compile": compilation}


def main(names: list[str]) -> int:
    """Measure the parts of these names, or all; print figures beside their limits; 1 when one is missed."""
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        print(f"{', '.join(unknown)}: must be of {', '.join(PARTS)}", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    figures: dict[str, float] = {}
    for name in names or PARTS:
        figures |= PARTS[name]()
    missed = False
    for label, figure in figures.items():
        least, most = LEAST.get(label), MOST.get(label)
        is_met = figure >= least if least is not None else figure <= most
        limit = f"at least {least}" if least is not None else f"at most {most}"
        print(f"{label:36} {figure:8.2f}  ({limit})  {'ok' if is_met else 'MISSED'}")
        missed |= not is_met
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
