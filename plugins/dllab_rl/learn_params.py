"""Parameters that ppo, a2c and dqn share: where to learn, how long, and what to leave."""

from __future__ import annotations

from typing import Literal

import dllab

TINY = {
    "env": "CartPole-v1", "difficulty": None, "total_timesteps": 512, "evaluation_episodes": 2,
    "video": "none",
}  # fmt: skip


class LearnParams(dllab.Params):
    """Each algorithm adds its own; a value left out that says "tuned" is taken from its table."""

    env: str = dllab.param("jellyrun", min_length=1, help="jellyrun, or the id of any Gymnasium environment")
    difficulty: Literal["easy", "normal", "hard", "ramp"] | None = dllab.param(
        "easy", help="difficulty of jellyrun"
    )
    observation: Literal["state", "grid", "pixels"] | None = dllab.param(
        None, help="what the agent sees of jellyrun; none: state"
    )
    num_levels: int | None = dllab.param(
        None, ge=1, le=1_000_000, help="training levels of jellyrun; none: new ones for ever"
    )
    env_args: tuple[str, ...] = dllab.param(
        (), max_length=32, help="what else the environment takes: --env-args map_name=8x8 is_slippery=false"
    )
    total_timesteps: int = dllab.param(
        2_000_000, ge=1, le=10_000_000_000, help="steps to learn for, of all environments together"
    )
    target: float | None = dllab.param(
        None,
        ge=-1e9,
        le=1e9,
        help="stop at this mean score on held-back levels, and check that it was reached",
    )
    evaluations: int = dllab.param(10, ge=1, le=1000, help="how often to try the agent on held-back levels")
    evaluation_episodes: int = dllab.param(64, ge=1, le=10_000, help="episodes each time")
    video: Literal["mp4", "gif", "none"] = dllab.param("mp4", help="video of the best agent")
    video_seconds: float = dllab.param(20.0, gt=0, le=600, unit="s", help="its greatest length")


KO = {
    "env": "jellyrun 또는 아무 Gymnasium 환경의 id",
    "difficulty": "jellyrun의 난이도",
    "observation": "jellyrun에서 에이전트가 보는 것. none이면 state",
    "num_levels": "jellyrun의 훈련 레벨 수. none이면 끝없이 새 레벨",
    "env_args": "환경에 더 넘길 값: --env-args map_name=8x8 is_slippery=false",
    "total_timesteps": "학습할 걸음 수(모든 환경 합계)",
    "target": "따로 떼어 둔 레벨의 평균 점수가 여기 이르면 멈추고, 이르렀는지 검사",
    "evaluations": "따로 떼어 둔 레벨에서 에이전트를 시험하는 횟수",
    "evaluation_episodes": "시험마다 치를 에피소드 수",
    "video": "가장 좋은 에이전트의 동영상",
    "video_seconds": "동영상의 최대 길이",
}
