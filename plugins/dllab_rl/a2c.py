"""Advantage actor-critic: the experiment `a2c`."""

from __future__ import annotations

from typing import Literal

import dllab
from dllab_rl.learn_params import KO, TINY, LearnParams
from dllab_rl.texts import ABOUT

TUNED = {
    True: {"num_envs": 256, "num_steps": 8},
    False: {"num_envs": 16, "num_steps": 8},
}


class A2cParams(LearnParams):
    num_envs: int | None = dllab.param(None, ge=1, le=4096, help="environments side by side; none: tuned")
    num_steps: int | None = dllab.param(
        None, ge=1, le=65_536, help="steps of each between updates; none: tuned"
    )
    learning_rate: float = dllab.param(1e-3, gt=0, le=1, help="step size of RMSprop")
    anneal: bool = dllab.param(True, help="let the learning rate fall to zero towards the end")
    gamma: float = dllab.param(0.99, gt=0, le=1, help="what a reward one step later is worth")
    gae_lambda: float = dllab.param(0.95, ge=0, le=1, help="weight of longer estimates of the advantage")
    entropy_coef: float = dllab.param(0.01, ge=0, le=1, help="reward for staying undecided")
    value_coef: float = dllab.param(0.5, ge=0, le=10, help="weight of the value's loss")
    max_grad_norm: float = dllab.param(0.5, gt=0, le=1000, help="greatest norm of a gradient")
    hidden: tuple[int, ...] = dllab.param((64, 64), max_length=8, help="sizes of the hidden layers")
    activation: Literal["tanh", "relu"] = dllab.param("tanh", help="what the hidden layers compute")


@dllab.experiment(
    "a2c",
    topic="reinforcement learning",
    lectures=("0:그림 1-9",),
    about=ABOUT["a2c"],
    tiny={**TINY, "num_envs": 4, "num_steps": 8, "evaluations": 2},
    ko={
        **KO,
        "num_envs": "나란히 돌리는 환경 수. none이면 맞춰 둔 값",
        "num_steps": "갱신 사이에 환경마다 걷는 걸음 수. none이면 맞춰 둔 값",
        "learning_rate": "RMSprop의 학습률",
        "anneal": "끝으로 갈수록 학습률을 0으로 줄이기",
        "gamma": "한 걸음 뒤 보상의 가치",
        "gae_lambda": "더 멀리 보는 어드밴티지 추정의 가중치",
        "entropy_coef": "행동을 섣불리 정하지 않는 데 주는 보상",
        "value_coef": "가치 손실의 가중치",
        "max_grad_norm": "기울기의 최대 크기",
        "hidden": "은닉층 크기",
        "activation": "은닉층의 활성화 함수",
    },
)
def a2c(run: dllab.Run, params: A2cParams) -> None:
    """A2C: reinforcement learning by an actor and a critic that learn together.

    Source: Mnih et al. 2016, without their asynchrony. The algorithm is stable-baselines3's.
    """
    from dllab_rl.environments import open_task
    from dllab_rl.learning import Plan, learn
    from dllab_rl.outcome import hold_and_show
    from dllab_rl.sb3_models import make_a2c

    task = open_task(
        params.env, difficulty=params.difficulty, observation=params.observation, env_args=params.env_args,
        num_levels=params.num_levels,
    )  # fmt: skip
    given = {key: value for key, value in params.model_dump().items() if value is not None}
    settings = {**TUNED[task.has_levels], **given}
    model = make_a2c(run, task, settings)
    gathered = settings["num_envs"] * settings["num_steps"]
    plan = Plan(
        params.total_timesteps,
        log_every=gathered * max(1, params.total_timesteps // 200 // gathered),
        evaluate_every=max(1, params.total_timesteps // params.evaluations),
        evaluation_episodes=params.evaluation_episodes,
        target=params.target,
    )
    learned = learn(run, model, task, "a2c", params.activation, plan)
    hold_and_show(run, model, task, learned, params)
