"""CPU time that PPO takes to play JellyRun three times as well as the heuristic, by settings and environment.

    python benchmarks/ppo.py [--seeds 3]

Three times stable-baselines3's PPO on difficulty `easy`, in turn for each seed, on one thread:
ours      the settings of `dllab run ppo` on the game's own VecEnv;
rl-zoo    the settings that rl-baselines3-zoo has tuned for a small game, CartPole-v1, in 8 environments of
          DummyVecEnv;
defaults  what stable-baselines3 does when it is told nothing: one environment in DummyVecEnv.
The CPU time counts gathering and learning, not the trials on 64 held-back levels that tell when the score
is reached. A side that takes longer than GIVE_UP times ours is stopped there; its ratio is then a bound.
Exit status 1 when a limit is passed.
"""

import argparse
import statistics
import sys
import time
from typing import Any

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv

import dllab
from dllab_rl.environments import Task, open_task
from dllab_rl.evaluation import play
from dllab_rl.policy import Policy
from dllab_rl.ppo import TUNED, PpoParams
from dllab_rl.sb3_models import ACTIVATIONS, schedule
from dllab_rl.sb3_nets import chains, facts
from dllab_rl.spaces import spaces_of
from dllab_rl.vec_envs import make_vec_env

FACTOR = 3  # of the heuristic's score
LIMITS = {"rl-zoo": 1 / 5, "defaults": 1 / 10}
GIVE_UP = {"rl-zoo": 7.0, "defaults": 13.0}
LEVELS = 64
FIRST = 100_000  # of the held-back levels
OUR_STEPS = 2_000_000  # over which our learning rate falls
LOOKS_S = 1.0  # CPU seconds between trials


class UntilScore(BaseCallback):
    """Ends the training when the score on held-back levels, or the greatest CPU time, is reached."""

    def __init__(self, task: Task, activation: str, target: float, most_s: float) -> None:
        super().__init__()
        self.task, self.activation, self.target, self.most_s = task, activation, target, most_s
        env = task.make()
        self.spaces = spaces_of(env)
        env.close()
        self.spent_s, self.score, self.looked_s = 0.0, 0.0, 0.0
        self.began: float | None = None
        self.is_over = False

    def _on_step(self) -> bool:
        return not self.is_over

    def _on_rollout_start(self) -> None:
        if self.began is not None:
            self.spent_s += time.process_time() - self.began
        if self.spent_s - self.looked_s >= LOOKS_S or self.spent_s >= self.most_s:
            self.looked_s = self.spent_s
            about = facts(
                self.task,
                self.spaces,
                algorithm="ppo",
                activation=self.activation,
                timesteps=self.num_timesteps,
            )
            agent = Policy(chains(self.model.policy.state_dict(), "ppo"), about)
            self.score = float(play(agent, self.task, LEVELS, first=FIRST).scores.mean())
            self.is_over = self.score >= self.target or self.spent_s >= self.most_s
        self.began = time.process_time()


def ours(task: Task, seed: int) -> tuple[PPO, str, int]:
    settings = PpoParams().model_dump() | TUNED[True]
    model = PPO(
        "MlpPolicy",
        make_vec_env(task, settings["num_envs"], split="train", seed=seed),
        learning_rate=schedule(settings["learning_rate"], settings["anneal"]),
        n_steps=settings["num_steps"],
        batch_size=settings["batch_size"],
        n_epochs=settings["epochs"],
        gamma=settings["gamma"],
        gae_lambda=settings["gae_lambda"],
        clip_range=settings["clip_range"],
        ent_coef=settings["entropy_coef"],
        vf_coef=settings["value_coef"],
        max_grad_norm=settings["max_grad_norm"],
        policy_kwargs={
            "net_arch": list(settings["hidden"]),
            "activation_fn": ACTIVATIONS[settings["activation"]],
        },
        seed=seed,
        device="cpu",
    )
    return model, settings["activation"], OUR_STEPS


def single(task: Task) -> Any:
    return Monitor(task.make(split="train"))


def rl_zoo(task: Task, seed: int) -> tuple[PPO, str, int]:
    """hyperparams/ppo.yml of rl-baselines3-zoo, entry CartPole-v1."""
    steps = (
        1_000_000  # over which its rates fall; theirs are 100,000, which would be over before it plays well
    )
    model = PPO(
        "MlpPolicy",
        DummyVecEnv([lambda: single(task) for _ in range(8)]),
        n_steps=32,
        batch_size=256,
        gae_lambda=0.8,
        gamma=0.98,
        n_epochs=20,
        ent_coef=0.0,
        learning_rate=schedule(0.001, True),
        clip_range=schedule(0.2, True),
        seed=seed,
        device="cpu",
    )
    return model, "tanh", steps


def defaults(task: Task, seed: int) -> tuple[PPO, str, int]:
    return PPO("MlpPolicy", DummyVecEnv([lambda: single(task)]), seed=seed, device="cpu"), "tanh", 100_000_000


SIDES = {"ours": ours, "rl-zoo": rl_zoo, "defaults": defaults}


def measure(side: str, task: Task, target: float, seed: int, most_s: float) -> tuple[float, float, int]:
    """CPU seconds until the target, the score then, and the steps."""
    model, activation, steps = SIDES[side](task, seed)
    watch = UntilScore(task, activation, target, most_s)
    model.learn(steps, callback=watch, log_interval=None)  # type: ignore[arg-type]
    model.get_env().close()
    if watch.score < target:  # its steps or its time were over
        return float("inf"), watch.score, model.num_timesteps
    return watch.spent_s, watch.score, model.num_timesteps


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--most", type=float, default=600.0, help="CPU seconds that ours may take")
    args = parser.parse_args()
    torch.set_num_threads(1)
    task = open_task("jellyrun", difficulty="easy")
    heuristic = float(play(dllab.load_agent("jellyrun/heuristic"), task, LEVELS, first=FIRST).scores.mean())
    target = FACTOR * heuristic
    print(f"heuristic {heuristic:.1f}, to reach {target:.1f}")
    ratios: dict[str, list[float]] = {side: [] for side in LIMITS}
    for seed in range(args.seeds):
        own_s = 0.0
        for side in SIDES:
            most_s = args.most if side == "ours" else own_s * GIVE_UP[side]
            spent_s, score, steps = measure(side, task, target, seed, most_s)
            if side == "ours":
                own_s = spent_s
                if own_s == float("inf"):
                    print(f"seed {seed}: ours did not reach it ({score:.1f}, {steps:,} steps)")
                    return 1
            else:
                ratios[side].append(own_s / min(spent_s, most_s))
            reached = f"{spent_s:.1f} CPU-s" if spent_s < float("inf") else f"not within {most_s:.1f} CPU-s"
            print(f"seed {seed}  {side:9}{reached}, score {score:.1f}, {steps:,} steps", flush=True)
    is_passed = False
    for side, limit in LIMITS.items():
        ratio = statistics.median(ratios[side])
        is_passed |= ratio > limit
        print(f"ours / {side}: {ratio:.3f} (at most {limit:.2f}) {'missed' if ratio > limit else 'met'}")
    return int(is_passed)


if __name__ == "__main__":
    sys.exit(main())
