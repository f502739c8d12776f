"""What a training run leaves at its end: checks, the curve, the table of evaluations, a video."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

import dllab
from dllab_rl.environments import Task
from dllab_rl.learning import EVALUATION_FIRST, Learned
from dllab_rl.policy import Policy
from dllab_rl.report import title_of
from dllab_rl.spaces import SpaceFacts

PROBES = 64  # observations on which the net in NumPy is held against torch's


def hold_and_show(run: dllab.Run, model: Any, task: Task, learned: Learned, params: Any) -> None:
    """Check what came out, save the table and the curve, and film the best agent."""
    run.save_table("evaluations.csv", learned.evaluations)
    plot_learning(run, task, learned)
    hold_against_torch(run, model, learned.last)
    if params.target is not None:
        run.check(
            f"{task.score_name} on held-back levels",
            ko=f"따로 떼어 둔 레벨의 {'점수' if task.has_levels else '이득'}",
            got=learned.best_score,
            at_least=params.target,
            source=f"--target; mean of {params.evaluation_episodes} episodes from {EVALUATION_FIRST} on",
        )
    score, steps = f"{learned.best_score:.1f}", f"{learned.best.timesteps:,}"
    run.message(
        run.words(
            f"best on held-back levels: {task.score_name} {score} after {steps} steps",
            f"따로 떼어 둔 레벨에서 최고: {steps}걸음 뒤 {score}점",
        )
    )
    if params.video != "none":
        film(run, f"agent.{params.video}", learned.best, task, params.video_seconds)


def hold_against_torch(run: dllab.Run, model: Any, policy: Policy) -> None:
    """The agent that is saved computes in NumPy what the trained net computes in torch."""
    import torch

    space = model.get_env().observation_space
    space.seed(run.seed % 2**31)
    probes = np.stack([np.clip(space.sample(), -10, 10) if space.dtype.kind == "f" else space.sample()
                       for _ in range(PROBES)])  # fmt: skip
    tensor, _ = model.policy.obs_to_tensor(probes)
    with torch.no_grad():
        if policy.head == "q-values":
            theirs = model.policy.q_net(tensor)
        else:
            distribution = model.policy.get_distribution(tensor).distribution
            theirs = distribution.mean if policy.head == "gaussian" else distribution.logits
    ours = policy.outputs(_as_seen(probes, policy.observation_space))
    if policy.head == "categorical":  # torch has normalised them
        ours = (
            ours
            - np.log(np.exp(ours - ours.max(1, keepdims=True)).sum(1, keepdims=True))
            - ours.max(1, keepdims=True)
        )
    theirs = theirs.cpu().numpy()
    scale = max(1.0, float(np.abs(theirs).max()))
    run.check(
        "saved agent computes what was trained",
        ko="저장된 에이전트와 훈련된 신경망의 차이",
        got=float(np.abs(ours - theirs).max()) / scale,
        at_most=1e-3,
        source=f"the same net in torch on {PROBES} random observations; greatest difference",
    )


def _as_seen(probes: np.ndarray, space: SpaceFacts) -> np.ndarray:
    """What the trained net takes, as the environment gives it: there, channels may come last."""
    return probes.transpose(0, 2, 3, 1) if space.is_picture and not space.has_planes else probes


def film(run: dllab.Run, name: str, agent: Any, task: Task, seconds: float) -> None:
    """A video of the agent on the first held-back level; word of it where the environment draws nothing."""
    import gymnasium

    split = {"split": "test"} if task.has_levels else {}
    try:
        env = task.make(render_mode="rgb_array", **split)
    except (gymnasium.error.Error, TypeError, ValueError, ImportError) as error:
        reason = str(error).splitlines()[0][:200]
        told = run.words(
            f"no video: {task.env_id} draws no pictures ({reason})",
            f"동영상이 없습니다. {task.env_id}에는 그림이 없습니다 ({reason})",
        )
        run.message(told, level="warning")
        return
    fps = float(env.metadata.get("render_fps") or 30)
    try:
        agent.attach(env)
        with _no_window():
            run.save_video(name, islice(_frames(agent, env, task), max(1, round(seconds * fps))), fps)
    except gymnasium.error.DependencyNotInstalled as error:
        reason = str(error).splitlines()[0][:200]
        run.message(run.words(f"no video: {reason}", f"동영상이 없습니다: {reason}"), level="warning")
    finally:
        env.close()


@contextmanager
def _no_window() -> Iterator[None]:
    """Keep SDL, with which many environments draw, from looking for a screen, and complaining of none."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = before or "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]


def _frames(agent: Any, env: Any, task: Task) -> Iterator[np.ndarray]:
    """Pictures (3, H, W) in [0, 1], one before each step and one at the end."""
    drawn: list[np.ndarray] = []
    observation, _ = env.reset(
        seed=EVALUATION_FIRST, **({"options": {"level": EVALUATION_FIRST}} if task.has_levels else {})
    )
    agent.reset(seed=EVALUATION_FIRST)
    is_over = False
    while True:
        drawn[:] = [env.render()]
        yield np.asarray(drawn[0]).transpose(2, 0, 1).astype(np.float32) / 255
        if is_over:
            return
        observation, _, terminated, truncated, _ = env.step(agent.act(observation))
        is_over = bool(terminated or truncated)


def plot_learning(run: dllab.Run, task: Task, learned: Learned) -> None:
    """The score over the steps: of the games it learns from, and on held-back levels."""
    steps, scores = ([row[key] for row in learned.evaluations] for key in ("timesteps", "test_score"))
    learning = [[point[place] for point in learned.curve] for place in (0, 1)]
    figure, axes = dllab.new_figure(size=(7, 4))
    label = run.words("while learning, still exploring", "배우는 동안(아직 탐험 중)")
    axes.plot(*learning, color="#94a3b8", label=label)
    label = run.words("on held-back levels, best actions", "따로 떼어 둔 레벨에서(가장 좋은 행동)")
    axes.plot(steps, scores, marker="o", color="#c2410c", label=label)
    best = (learned.best.timesteps, learned.best_score)
    axes.plot(*best, "*", markersize=15, color="#c2410c", label=run.words("the best", "최고"))
    axes.set_xlabel(run.words("steps of the environment", "환경의 걸음 수"))
    axes.set_ylabel(run.words(f"mean {task.score_name}", "평균 점수" if task.has_levels else "평균 이득"))
    axes.set_title(f"{learned.best.algorithm} · {title_of(task)}", fontsize=11)
    axes.set_ylim(bottom=min([0.0, *scores, *learning[1]]))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, fontsize=9)
    run.save_figure("learning.png", figure)
