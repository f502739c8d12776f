"""What ppo, a2c and dqn share around stable-baselines3: curves, evaluation, checkpoints, the best agent.

The algorithm itself is stable-baselines3's. Here it is watched from between its updates, where its state is
whole: there the curves are logged, the policy is tried on held-back levels, and all that it takes to go on
is kept, so that a run that was stopped goes on to the same bytes.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.vec_env import VecTransposeImage

import dllab
from dllab_rl.environments import Task
from dllab_rl.evaluation import Episodes, play
from dllab_rl.policy import Policy, save_policy
from dllab_rl.sb3_nets import chains, facts
from dllab_rl.spaces import spaces_of

RECENT = 100  # episodes that the curves are the mean of
EVALUATION_FIRST = 100_000  # first of the held-back levels or seeds; evaluate-agent uses those from 0
LATEST_EVERY_S = 1.0  # so often the newest policy is left for who watches
CHECKPOINT_EVERY_S = 30.0
LOSSES = {  # our names of the figures that stable-baselines3 takes of its updates
    "train/loss": "loss",
    "train/value_loss": "value_loss",
    "train/entropy_loss": "entropy",
    "train/approx_kl": "approx_kl",
    "train/clip_fraction": "clip_fraction",
    "train/explained_variance": "explained_variance",
    "rollout/exploration_rate": "exploration_rate",
}


@dataclass(frozen=True)
class Plan:
    """How long to learn, and how to look at it; all in steps of the environment.

    target: stop once the score on held-back levels has reached it; None: learn to the end.
    """

    total_timesteps: int
    log_every: int
    evaluate_every: int
    evaluation_episodes: int
    target: float | None = None


@dataclass
class Learned:
    """What came out: the best agent on held-back levels, how good it was there, and the last one."""

    best: Policy
    best_score: float
    last: Policy
    evaluations: list[dict[str, float]]
    curve: list[list[float]]


def learn(
    run: dllab.Run, model: BaseAlgorithm, task: Task, algorithm: str, activation: str, plan: Plan
) -> Learned:
    """Train the model and leave `latest.safetensors` while it goes and `agent.safetensors` at the end.

    Goes on from the run's checkpoint where there is one. Raises dllab.Cancelled, with a checkpoint kept.
    """
    model.set_logger(Logger(folder=None, output_formats=[]))
    watch = Watch(run, model, task, algorithm, activation, plan)
    state = run.restored
    if state is not None:
        watch.restore(state)
    remaining = plan.total_timesteps - model.num_timesteps
    model.learn(remaining, callback=watch, reset_num_timesteps=state is None, log_interval=None)  # type: ignore[call-arg]
    learned = watch.finish()
    save_policy(run, "latest.safetensors", learned.last)
    save_policy(run, "agent.safetensors", learned.best)
    return learned


class Watch(BaseCallback):
    """Looks at the training whenever its state is whole, which is before new experience is gathered."""

    def __init__(
        self, run: dllab.Run, model: BaseAlgorithm, task: Task, algorithm: str, activation: str, plan: Plan
    ) -> None:
        super().__init__()
        self.lab, self.sb3, self.task, self.algorithm, self.activation, self.plan = (
            run,
            model,
            task,
            algorithm,
            activation,
            plan,
        )
        env = task.make()
        self.spaces = spaces_of(env)
        env.close()
        self.recent: deque[tuple[float, float, float]] = deque(maxlen=RECENT)  # score, return, length
        self.evaluations: list[dict[str, float]] = []
        self.curve: list[list[float]] = []  # steps, mean score of the recent training episodes
        self.best: dict[str, np.ndarray] | None = None
        self.best_score, self.best_timesteps = -np.inf, 0
        self.seen_at = -1  # steps at the last look
        self.is_done = False
        self.started, self.latest_at = time.perf_counter(), 0.0
        self.first = model.num_timesteps
        self.total = max(1, -(-plan.total_timesteps // plan.log_every))
        self.bar = run.progress(range(self.total), label=run.words("learning", "학습"))
        self.shown = 0

    # What stable-baselines3 calls

    def _on_step(self) -> bool:
        dones = self.locals["dones"]
        if dones.any():
            infos = self.locals["infos"]
            for i in np.flatnonzero(dones):
                episode = infos[i]["episode"]
                self.recent.append((float(infos[i]["score"]), float(episode["r"]), float(episode["l"])))
        return not self.is_done

    def _on_rollout_start(self) -> None:
        at = self.sb3.num_timesteps
        if at > 0 and at // self.plan.log_every > max(self.seen_at, 0) // self.plan.log_every:
            self.look(at)

    def look(self, at: int) -> None:
        """Log, try the policy where it is time, leave the newest one, keep a checkpoint.

        Whatever part of it a wish to stop breaks off, the checkpoint has either all of this look or nothing.
        """
        try:
            is_time = at // self.plan.evaluate_every > max(self.seen_at, 0) // self.plan.evaluate_every
            self.log(at, is_time)
            while self.shown < min(self.total, at // self.plan.log_every):
                self.shown += 1
                next(self.bar, None)
        except dllab.Cancelled:
            self.lab.checkpoint(self.state())
            raise
        if time.perf_counter() - self.latest_at > LATEST_EVERY_S:
            self.latest_at = time.perf_counter()
            save_policy(self.lab, "latest.safetensors", self.policy())
        self.lab.checkpoint(self.state(), every_s=CHECKPOINT_EVERY_S)

    def log(self, at: int, is_evaluation: bool) -> None:
        """The curves' points here; of an evaluation also the policy on held-back levels, the best kept."""
        known = self.sb3.logger.name_to_value
        values = {name: float(known[key]) for key, name in LOSSES.items() if key in known}
        if "entropy" in values:
            values["entropy"] = -values["entropy"]  # theirs is a loss
        if self.recent:
            score, episode_return, length = np.mean(self.recent, axis=0)
            values |= {"score": score, "episode_return": episode_return, "episode_length": length}
        point = [float(at), float(values["score"])] if self.recent else None
        values["steps_per_s"] = (at - self.first) / max(time.perf_counter() - self.started, 1e-9)
        episodes = None
        if is_evaluation:
            episodes = play(self.policy(), self.task, self.plan.evaluation_episodes, first=EVALUATION_FIRST)
            values["test_score"] = float(episodes.scores.mean())
        self.lab.log(at, **values)  # the last place where a wish to stop can break off this look
        self.seen_at = at
        if point is not None:
            self.curve.append(point)
        if episodes is not None:
            self._judge(at, episodes)

    def _judge(self, at: int, episodes: Episodes) -> None:
        score = float(episodes.scores.mean())
        self.evaluations.append(figures(at, episodes))
        if score > self.best_score:
            self.best, self.best_score, self.best_timesteps = self.tensors(), score, at
        self.is_done = self.plan.target is not None and score >= self.plan.target

    def tensors(self) -> dict[str, np.ndarray]:
        return {
            key: value.copy() for key, value in chains(self.sb3.policy.state_dict(), self.algorithm).items()
        }

    def policy(self, tensors: dict[str, np.ndarray] | None = None, timesteps: int | None = None) -> Policy:
        """The policy as an agent: the present one, or that of the tensors."""
        made_at = self.sb3.num_timesteps if timesteps is None else timesteps
        about = facts(
            self.task, self.spaces, algorithm=self.algorithm, activation=self.activation, timesteps=made_at
        )
        return Policy(tensors or self.tensors(), about)

    def finish(self) -> Learned:
        """The last look, and what came out."""
        at = self.sb3.num_timesteps
        if not self.is_done:
            self.log(at, True)
        for _ in self.bar:
            pass
        best = self.policy(self.best, self.best_timesteps)
        return Learned(best, self.best_score, self.policy(), self.evaluations, self.curve)

    # Stopping and going on

    def state(self) -> dict[str, Any]:
        """All that it takes to go on: nets, optimizer, games, counters; the run adds the generators."""
        model = self.sb3
        kept: dict[str, Any] = {
            "policy": model.policy.state_dict(),
            "optimizer": _plain_optimizer(model.policy.optimizer),
            "environments": model.env.get_state(),
            "last_obs": model._last_obs,
            "last_episode_starts": model._last_episode_starts,
            "num_timesteps": model.num_timesteps,
            "n_updates": model._n_updates,
            "progress": float(model._current_progress_remaining),
            "action_space": model.action_space.np_random.bit_generator.state,
            "figures": {key: float(value) for key, value in model.logger.name_to_value.items()},
            "recent": [list(episode) for episode in self.recent],
            "evaluations": self.evaluations,
            "curve": self.curve,
            "best": self.best or {},
            "best_score": self.best_score if self.best else 0.0,
            "best_timesteps": self.best_timesteps,
            "seen_at": self.seen_at,
        }
        if hasattr(model, "replay_buffer"):
            kept["replay"] = _replay_state(model)
        return kept

    def restore(self, state: dict[str, Any]) -> None:
        """Put everything back as it was in state()."""
        model = self.sb3
        model.policy.load_state_dict(state["policy"])
        _restore_optimizer(model.policy.optimizer, state["optimizer"])
        model.env.set_state(state["environments"])
        model._last_obs = state["last_obs"]
        observed = _observed(model.env)
        if not np.array_equal(model._last_obs, observed):
            told = self.lab.words(
                f"{self.task.env_id} did not come back to where it was: its chance does not come from "
                "np_random alone; learning goes on from another game",
                f"{self.task.env_id}이(가) 멈춘 곳으로 돌아오지 않았습니다. np_random 밖의 우연이 있어, "
                "다른 판에서 이어 배웁니다",
            )
            self.lab.message(told, level="warning")
            model._last_obs = observed
        model._last_episode_starts = state["last_episode_starts"]
        model.num_timesteps, model._n_updates = state["num_timesteps"], state["n_updates"]
        model._current_progress_remaining = state["progress"]
        model.action_space.np_random.bit_generator.state = state["action_space"]
        model.logger.name_to_value.update(state["figures"])
        self.recent.extend(tuple(episode) for episode in state["recent"])
        self.evaluations, self.curve = state["evaluations"], state["curve"]
        self.best = state["best"] or None
        self.best_score = state["best_score"] if self.best else -np.inf
        self.best_timesteps, self.seen_at = state["best_timesteps"], state["seen_at"]
        self.first = model.num_timesteps
        if "replay" in state:
            _restore_replay(model, state["replay"])


def _observed(env: Any) -> np.ndarray:
    """What the algorithm would see now; pictures come to it with their channels first."""
    seen = env.observe()
    return env.transpose_observations(seen) if isinstance(env, VecTransposeImage) else seen


def figures(at: int, episodes: Episodes) -> dict[str, float]:
    """A row of the table of evaluations."""
    return {
        "timesteps": at,
        "test_score": float(episodes.scores.mean()),
        "test_return": float(episodes.returns.mean()),
        "test_length": float(episodes.lengths.mean()),
    }


def _plain_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    state = optimizer.state_dict()
    groups = [
        {key: value for key, value in group.items() if not isinstance(value, torch.Tensor)}
        for group in state["param_groups"]
    ]
    return {"state": state["state"], "param_groups": groups}


def _restore_optimizer(optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
    """The keys of an optimizer's state are numbers, which a checkpoint keeps as text."""
    numbered = {int(key): value for key, value in state["state"].items()}
    optimizer.load_state_dict({"state": numbered, "param_groups": state["param_groups"]})


REPLAY_ARRAYS = ("observations", "next_observations", "actions", "rewards", "dones", "timeouts")


def _replay_state(model: Any) -> dict[str, Any]:
    buffer = model.replay_buffer
    filled = buffer.buffer_size if buffer.full else buffer.pos
    arrays = {name: getattr(buffer, name)[:filled] for name in REPLAY_ARRAYS}
    return {**arrays, "pos": buffer.pos, "full": buffer.full, "calls": model._n_calls,
            "exploration_rate": float(model.exploration_rate), "episodes": model._episode_num}  # fmt: skip


def _restore_replay(model: Any, state: dict[str, Any]) -> None:
    buffer = model.replay_buffer
    for name in REPLAY_ARRAYS:
        getattr(buffer, name)[: len(state[name])] = state[name]
    buffer.pos, buffer.full = state["pos"], state["full"]
    model._n_calls, model._episode_num = state["calls"], state["episodes"]
    model.exploration_rate = state["exploration_rate"]
