"""Deep Q-learning: the experiment `dqn`."""

from __future__ import annotations

from typing import Literal

import dllab
from dllab_rl.learn_params import KO, TINY, LearnParams
from dllab_rl.texts import ABOUT

TUNED = {
    True: {
        "num_envs": 16, "train_every": 4, "gradient_steps": 8, "batch_size": 256, "learning_rate": 1e-3,
        "target_every": 4096, "learning_starts": 10_000,
    },
    False: {
        "num_envs": 1, "train_every": 64, "gradient_steps": 32, "batch_size": 64, "learning_rate": 1e-3,
        "target_every": 512, "learning_starts": 1000,
    },
}  # fmt: skip


class DqnParams(LearnParams):
    total_timesteps: int = dllab.param(
        500_000, ge=1, le=10_000_000_000, help="steps to learn for, of all environments together"
    )
    num_envs: int | None = dllab.param(None, ge=1, le=1024, help="environments side by side; none: tuned")
    train_every: int | None = dllab.param(
        None, ge=1, le=65_536, help="steps of each environment between updates; none: tuned"
    )
    gradient_steps: int | None = dllab.param(None, ge=1, le=65_536, help="gradients each time; none: tuned")
    batch_size: int | None = dllab.param(None, ge=1, le=1_048_576, help="steps in one gradient; none: tuned")
    learning_rate: float | None = dllab.param(None, gt=0, le=1, help="step size of Adam; none: tuned")
    anneal: bool = dllab.param(False, help="let the learning rate fall to zero towards the end")
    buffer_size: int = dllab.param(100_000, ge=1, le=10_000_000, help="steps remembered")
    learning_starts: int | None = dllab.param(
        None, ge=0, le=10_000_000, help="random steps before the first update; none: tuned"
    )
    target_every: int | None = dllab.param(
        None, ge=1, le=10_000_000, help="steps between copies to the target net; none: tuned"
    )
    exploration_fraction: float = dllab.param(
        0.2, gt=0, le=1, help="share of the training in which random actions get rarer"
    )
    exploration_final: float = dllab.param(0.02, ge=0, le=1, help="share of random actions after that")
    gamma: float = dllab.param(0.99, gt=0, le=1, help="what a reward one step later is worth")
    max_grad_norm: float = dllab.param(10.0, gt=0, le=1000, help="greatest norm of a gradient")
    hidden: tuple[int, ...] = dllab.param((128, 128), max_length=8, help="sizes of the hidden layers")
    activation: Literal["tanh", "relu"] = dllab.param("relu", help="what the hidden layers compute")


@dllab.experiment(
    "dqn",
    topic="reinforcement learning",
    lectures=("0:그림 1-9",),
    about=ABOUT["dqn"],
    tiny={**TINY, "learning_starts": 100, "gradient_steps": 4, "buffer_size": 1000, "evaluations": 2},
    ko={
        **KO,
        "num_envs": "나란히 돌리는 환경 수. none이면 맞춰 둔 값",
        "train_every": "갱신 사이에 환경마다 걷는 걸음 수. none이면 맞춰 둔 값",
        "gradient_steps": "갱신마다 계산하는 기울기 수. none이면 맞춰 둔 값",
        "batch_size": "기울기 하나에 쓰는 걸음 수. none이면 맞춰 둔 값",
        "learning_rate": "Adam의 학습률. none이면 맞춰 둔 값",
        "anneal": "끝으로 갈수록 학습률을 0으로 줄이기",
        "buffer_size": "기억하는 걸음 수",
        "learning_starts": "첫 갱신 전의 무작위 걸음 수. none이면 맞춰 둔 값",
        "target_every": "목표망에 복사하는 간격(걸음). none이면 맞춰 둔 값",
        "exploration_fraction": "무작위 행동이 줄어드는 기간의 비율",
        "exploration_final": "그 뒤 무작위 행동의 비율",
        "gamma": "한 걸음 뒤 보상의 가치",
        "max_grad_norm": "기울기의 최대 크기",
        "hidden": "은닉층 크기",
        "activation": "은닉층의 활성화 함수",
    },
)
def dqn(run: dllab.Run, params: DqnParams) -> None:
    """DQN: reinforcement learning by a net that foretells what each action is worth.

    Source: Mnih et al. 2015. The algorithm is stable-baselines3's.
    """
    from dllab_rl.environments import open_task
    from dllab_rl.learning import Plan, learn
    from dllab_rl.outcome import hold_and_show
    from dllab_rl.sb3_models import make_dqn

    task = open_task(
        params.env, difficulty=params.difficulty, observation=params.observation, env_args=params.env_args,
        num_levels=params.num_levels,
    )  # fmt: skip
    given = {key: value for key, value in params.model_dump().items() if value is not None}
    settings = {**TUNED[task.has_levels], **given}
    model = make_dqn(run, task, settings)
    gathered = settings["num_envs"] * settings["train_every"]
    plan = Plan(
        params.total_timesteps,
        log_every=gathered * max(1, params.total_timesteps // 200 // gathered),
        evaluate_every=max(1, params.total_timesteps // params.evaluations),
        evaluation_episodes=params.evaluation_episodes,
        target=params.target,
    )
    learned = learn(run, model, task, "dqn", params.activation, plan)
    hold_and_show(run, model, task, learned, params)
