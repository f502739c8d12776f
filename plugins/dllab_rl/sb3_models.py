"""The algorithms of stable-baselines3, made from a run's settings, all on the run's own random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from stable_baselines3 import A2C, DQN, PPO

import dllab
from dllab_rl.environments import Task
from dllab_rl.spaces import space_facts
from dllab_rl.vec_envs import make_vec_env

ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def make_ppo(run: dllab.Run, task: Task, settings: Mapping[str, Any], seed: int | None = None) -> PPO:
    """PPO with a batch of at most what is gathered between two updates."""
    seed = seed_of(run) if seed is None else seed
    envs = make_envs(task, settings["num_envs"], seed)
    gathered = settings["num_envs"] * settings["num_steps"]
    if gathered < 2:
        raise dllab.UsageError(
            f"--num-envs {settings['num_envs']} --num-steps {settings['num_steps']}: PPO needs 2 steps"
        )
    batch_size = min(settings["batch_size"], gathered)
    while gathered % batch_size:  # a last small batch would weigh as much as a whole one
        batch_size -= 1
    if batch_size != settings["batch_size"]:
        run.message(
            run.words(
                f"batches of {batch_size} steps, which share {gathered} evenly",
                f"{gathered}걸음을 고르게 나누도록 배치를 {batch_size}걸음으로 합니다",
            )
        )
    return PPO(
        policy_name(envs),
        envs,
        learning_rate=schedule(settings["learning_rate"], settings["anneal"]),
        n_steps=settings["num_steps"],
        batch_size=batch_size,
        n_epochs=settings["epochs"],
        gamma=settings["gamma"],
        gae_lambda=settings["gae_lambda"],
        clip_range=settings["clip_range"],
        ent_coef=settings["entropy_coef"],
        vf_coef=settings["value_coef"],
        max_grad_norm=settings["max_grad_norm"],
        policy_kwargs=net(settings),
        seed=seed,
        device=device_of(run, envs),
    )


def make_a2c(run: dllab.Run, task: Task, settings: Mapping[str, Any], seed: int | None = None) -> A2C:
    """A2C; its optimizer is RMSprop, as in the paper."""
    seed = seed_of(run) if seed is None else seed
    envs = make_envs(task, settings["num_envs"], seed)
    return A2C(
        policy_name(envs),
        envs,
        learning_rate=schedule(settings["learning_rate"], settings["anneal"]),
        n_steps=settings["num_steps"],
        gamma=settings["gamma"],
        gae_lambda=settings["gae_lambda"],
        ent_coef=settings["entropy_coef"],
        vf_coef=settings["value_coef"],
        max_grad_norm=settings["max_grad_norm"],
        policy_kwargs=net(settings),
        seed=seed,
        device=device_of(run, envs),
    )


def make_dqn(run: dllab.Run, task: Task, settings: Mapping[str, Any], seed: int | None = None) -> DQN:
    """DQN; numbers of steps are counted over all environments together, as everywhere."""
    seed = seed_of(run) if seed is None else seed
    envs = make_envs(task, settings["num_envs"], seed)
    if space_facts(envs.action_space, task.env_id, "actions").kind != "discrete":
        raise dllab.UsageError(
            f"--env {task.env_id}: its actions are numbers, dqn chooses among a few; take ppo or a2c"
        )
    return DQN(
        policy_name(envs),
        envs,
        learning_rate=schedule(settings["learning_rate"], settings["anneal"]),
        buffer_size=settings["buffer_size"],
        learning_starts=settings["learning_starts"],
        batch_size=settings["batch_size"],
        gamma=settings["gamma"],
        train_freq=settings["train_every"],
        gradient_steps=settings["gradient_steps"],
        target_update_interval=settings["target_every"],
        exploration_fraction=settings["exploration_fraction"],
        exploration_final_eps=settings["exploration_final"],
        max_grad_norm=settings["max_grad_norm"],
        policy_kwargs=net(settings),
        seed=seed,
        device=device_of(run, envs),
    )


def make_envs(task: Task, num_envs: int, seed: int) -> Any:
    """The training environments; those of Gymnasium are seeded by the algorithm itself."""
    if task.has_levels:
        return make_vec_env(task, num_envs, split="train", seed=seed)
    return make_vec_env(task, num_envs)


def seed_of(run: dllab.Run) -> int:
    """A seed of 31 bits, which is what stable-baselines3 takes."""
    import numpy as np

    return int(np.random.SeedSequence(run.seed).generate_state(1)[0] >> 1)


def policy_name(envs: Any) -> str:
    """The kind of net: convolutions for pictures."""
    is_picture = space_facts(envs.observation_space, "", "observations").is_picture
    return "CnnPolicy" if is_picture else "MlpPolicy"


def device_of(run: dllab.Run, envs: Any) -> Any:
    """Nets for pictures go where the run computes. Small ones are fastest on one core of the CPU.

    On one core their results are the same however many threads the run has.
    """
    if policy_name(envs) == "CnnPolicy":
        return run.device
    torch.set_num_threads(1)
    return "cpu"


def net(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"net_arch": list(settings["hidden"]), "activation_fn": ACTIVATIONS[settings["activation"]]}


def schedule(rate: float, anneal: bool) -> float | Callable[[float], float]:
    """The learning rate by what is left of the training, 1 … 0."""
    return (lambda left: rate * max(left, 0.0)) if anneal else rate
