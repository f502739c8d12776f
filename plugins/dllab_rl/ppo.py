"""Proximal policy optimisation: the experiment `ppo`."""

from __future__ import annotations

from typing import Literal

import dllab
from dllab_rl.learn_params import KO, TINY, LearnParams
from dllab_rl.texts import ABOUT

# What is left out. On JellyRun, whose steps cost next to nothing: many games side by side, small nets, large
# batches. With 256 games and 2 passes two seeds of five never found out what sliding is for.
TUNED = {
    True: {
        "num_envs": 128, "num_steps": 64, "batch_size": 2048, "epochs": 4, "learning_rate": 2e-3,
        "activation": "relu",
    },
    False: {
        "num_envs": 16, "num_steps": 128, "batch_size": 256, "epochs": 10, "learning_rate": 1e-3,
        "activation": "tanh",
    },
}  # fmt: skip


class PpoParams(LearnParams):
    total_timesteps: int = dllab.param(
        4_000_000, ge=1, le=10_000_000_000, help="steps to learn for, of all environments together"
    )
    num_envs: int | None = dllab.param(None, ge=1, le=4096, help="environments side by side; none: tuned")
    num_steps: int | None = dllab.param(
        None, ge=1, le=65_536, help="steps of each between updates; none: tuned"
    )
    batch_size: int | None = dllab.param(None, ge=2, le=1_048_576, help="steps in one gradient; none: tuned")
    epochs: int | None = dllab.param(None, ge=1, le=1000, help="passes over what was gathered; none: tuned")
    learning_rate: float | None = dllab.param(None, gt=0, le=1, help="step size of Adam; none: tuned")
    anneal: bool = dllab.param(True, help="let the learning rate fall to zero towards the end")
    gamma: float = dllab.param(0.99, gt=0, le=1, help="what a reward one step later is worth")
    gae_lambda: float = dllab.param(0.95, ge=0, le=1, help="weight of longer estimates of the advantage")
    clip_range: float = dllab.param(0.2, gt=0, lt=1, help="how far the policy may move in one update")
    entropy_coef: float = dllab.param(0.01, ge=0, le=1, help="reward for staying undecided")
    value_coef: float = dllab.param(0.5, ge=0, le=10, help="weight of the value's loss")
    max_grad_norm: float = dllab.param(0.5, gt=0, le=1000, help="greatest norm of a gradient")
    hidden: tuple[int, ...] = dllab.param((64, 64), max_length=8, help="sizes of the hidden layers")
    activation: Literal["tanh", "relu"] | None = dllab.param(
        None, help="what the hidden layers compute; none: tuned"
    )


@dllab.experiment(
    "ppo",
    topic="reinforcement learning",
    lectures=("0:그림 1-9",),
    about=ABOUT["ppo"],
    tiny={**TINY, "num_envs": 4, "num_steps": 64, "epochs": 2, "evaluations": 2},
    ko={
        **KO,
        "num_envs": "나란히 돌리는 환경 수. none이면 맞춰 둔 값",
        "num_steps": "갱신 사이에 환경마다 걷는 걸음 수. none이면 맞춰 둔 값",
        "batch_size": "기울기 하나에 쓰는 걸음 수. none이면 맞춰 둔 값",
        "epochs": "모은 경험을 훑는 횟수. none이면 맞춰 둔 값",
        "learning_rate": "Adam의 학습률. none이면 맞춰 둔 값",
        "anneal": "끝으로 갈수록 학습률을 0으로 줄이기",
        "gamma": "한 걸음 뒤 보상의 가치",
        "gae_lambda": "더 멀리 보는 어드밴티지 추정의 가중치",
        "clip_range": "한 번의 갱신에 정책이 움직일 수 있는 폭",
        "entropy_coef": "행동을 섣불리 정하지 않는 데 주는 보상",
        "value_coef": "가치 손실의 가중치",
        "max_grad_norm": "기울기의 최대 크기",
        "hidden": "은닉층 크기",
        "activation": "은닉층의 활성화 함수. none이면 맞춰 둔 값",
    },
)
def ppo(run: dllab.Run, params: PpoParams) -> None:
    """PPO: reinforcement learning by small, safe changes of the policy.

    Source: Schulman et al. 2017. The algorithm is stable-baselines3's.
    """
    from dllab_rl.environments import open_task
    from dllab_rl.learning import Plan, learn
    from dllab_rl.outcome import hold_and_show
    from dllab_rl.sb3_models import make_ppo

    task = open_task(
        params.env, difficulty=params.difficulty, observation=params.observation, env_args=params.env_args,
        num_levels=params.num_levels,
    )  # fmt: skip
    given = {key: value for key, value in params.model_dump().items() if value is not None}
    settings = {**TUNED[task.has_levels], **given}
    model = make_ppo(run, task, settings)
    plan = Plan(
        params.total_timesteps,
        log_every=settings["num_envs"] * settings["num_steps"],
        evaluate_every=max(1, params.total_timesteps // params.evaluations),
        evaluation_episodes=params.evaluation_episodes,
        target=params.target,
    )
    learned = learn(run, model, task, "ppo", settings["activation"], plan)
    hold_and_show(run, model, task, learned, params)
