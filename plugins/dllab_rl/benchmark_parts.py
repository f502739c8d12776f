"""The parts of rl-benchmark: train quietly, play the test levels, make the table and the figures."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

import dllab
from dllab_rl.environments import Task, open_task
from dllab_rl.evaluation import interquartile_mean, play

TRAIN_SEED = 1000  # added to a training's number, so that nobody confuses it with a level's


class Benchmark:
    """One rl-benchmark: what is still to do, and what came out so far."""

    def __init__(self, run: dllab.Run, params: Any) -> None:
        self.run, self.params = run, params
        self.task = open_task("jellyrun", difficulty=params.difficulty)
        self.scores: dict[str, np.ndarray] = {}  # by agent: (trainings, levels)
        self.gaps: dict[str, list[float]] = {}  # by training levels: mean on those, on test levels

    def carry_out(self) -> None:
        """Everything that no checkpoint has, then the table and the figures."""
        from dllab_rl.benchmark_report import leave_figures, leave_tables

        done = self.run.restored or {"scores": {}, "gaps": {}}
        self.scores, self.gaps = dict(done["scores"]), dict(done["gaps"])
        jobs = [("scripted", name) for name in self.params.scripted]
        jobs += [("learnt", name) for name in self.params.learnt]
        jobs += [("gap", str(count)) for count in self.params.gap_levels]
        label = self.run.words("agents", "에이전트")
        for number, (kind, name) in enumerate(self.run.progress(jobs, label=label)):
            if name not in (self.gaps if kind == "gap" else self.scores):
                getattr(self, f"_{kind}")(name)
                self._log(number, kind, name)
                self.run.checkpoint({"scores": self.scores, "gaps": self.gaps})
        leave_tables(self.run, self.params, self.scores)
        leave_figures(self.run, self.params, self.scores, self.gaps)
        self._check()

    def _log(self, number: int, kind: str, name: str) -> None:
        if kind == "gap":
            self.run.log(
                number, gap_levels=float(name), train_score=self.gaps[name][0], test_score=self.gaps[name][1]
            )
        else:
            self.run.log(
                number, score=float(self.scores[name].mean()), iqm=interquartile_mean(self.scores[name])
            )

    def _scripted(self, name: str) -> None:
        agent = self.run.agent(name)
        self.scores[name] = self._test(agent)[None]

    def _learnt(self, name: str) -> None:
        rows = []
        for seed in range(self.params.seeds):
            began = time.process_time()
            agent = TRAINERS[name](self.run, self.task, self.params, TRAIN_SEED + seed)
            rows.append(self._test(agent))
            seconds = time.process_time() - began
            mean = f"{rows[-1].mean():.1f}"
            self.run.message(
                self.run.words(
                    f"{name}, training {seed + 1}: {mean} after {seconds:.0f} CPU-seconds",
                    f"{name}, 훈련 {seed + 1}: CPU {seconds:.0f}초에 {mean}",
                )
            )
        self.scores[name] = np.stack(rows)

    def _gap(self, name: str) -> None:
        count = int(name)
        task = Task(self.task.env_id, self.task.args, self.task.observation, True, {"num_levels": count})
        agent = train_net(self.run, "ppo", task, self.params.gap_steps, TRAIN_SEED)
        seen = play(agent, self.task, min(count, self.params.levels), split="train").scores
        self.gaps[name] = [float(seen.mean()), float(self._test(agent).mean())]

    def _test(self, agent: Any) -> np.ndarray:
        kind = getattr(agent, "observation", None) or self.task.observation
        return play(agent, replace(self.task, observation=kind), self.params.levels).scores

    def _check(self) -> None:
        """What must hold among them: who has rules of thumb beats who does nothing, and so on."""
        means = {name: float(scores.mean()) for name, scores in self.scores.items()}
        pairs = [("jellyrun/heuristic", "no-op", 3.0), ("jellyrun/planner", "jellyrun/heuristic", 1.0)]
        for better, worse, factor in pairs:
            if better in means and worse in means:
                self.run.check(
                    f"{better} against {worse}", ko=f"{worse}에 견준 {better}",
                    got=means[better], at_least=factor * means[worse],
                    source=f"{factor:g} times the mean of {worse} on the same levels",
                )  # fmt: skip
        self.run.check(
            "levels played", ko="치른 레벨 수", got=min(scores.shape[1] for scores in self.scores.values()),
            expected=self.params.levels, source="--levels",
        ) if self.scores else None  # fmt: skip


def train_net(run: dllab.Run, algorithm: str, task: Task, steps: int, seed: int) -> Any:
    """A policy of ppo or dqn with their own defaults, without curves or files."""
    from stable_baselines3.common.logger import Logger

    from dllab_rl import sb3_models
    from dllab_rl.dqn import TUNED as DQN_TUNED
    from dllab_rl.dqn import DqnParams
    from dllab_rl.policy import Policy
    from dllab_rl.ppo import TUNED as PPO_TUNED
    from dllab_rl.ppo import PpoParams
    from dllab_rl.sb3_nets import chains, facts
    from dllab_rl.spaces import spaces_of

    tuned, params = (PPO_TUNED, PpoParams()) if algorithm == "ppo" else (DQN_TUNED, DqnParams())
    given = {key: value for key, value in params.model_dump().items() if value is not None}
    settings = {**tuned[True], **given}
    make = sb3_models.make_ppo if algorithm == "ppo" else sb3_models.make_dqn
    model = make(run, task, settings, seed)
    model.set_logger(Logger(folder=None, output_formats=[]))
    model.learn(steps, callback=stops_with(run), log_interval=None)  # type: ignore[arg-type]
    env = task.make()
    spaces = spaces_of(env)
    env.close()
    about = facts(task, spaces, algorithm=algorithm, activation=settings["activation"], timesteps=steps)
    return Policy(chains(model.policy.state_dict(), algorithm), about)


def stops_with(run: dllab.Run) -> Any:
    """A callback of stable-baselines3 that ends the training when the run is asked to stop."""

    def look(model_locals: dict[str, Any], model_globals: dict[str, Any]) -> bool:
        return not run.cancelled

    return look


def _ppo(run: dllab.Run, task: Task, params: Any, seed: int) -> Any:
    return train_net(run, "ppo", task, params.ppo_steps, seed)


def _dqn(run: dllab.Run, task: Task, params: Any, seed: int) -> Any:
    return train_net(run, "dqn", task, params.dqn_steps, seed)


def _q_learning(run: dllab.Run, task: Task, params: Any, seed: int) -> Any:
    """A table on the game's `discrete` view; rates fall evenly, as those of the experiment do."""
    from dllab_rl.q_table import QTableAgent, metadata

    env = replace(task, observation="discrete").make()
    tables = env.unwrapped.tables()
    env.close()
    q, parts = tables.new_table(), 20  # a wish to stop is heard between them
    for part in range(parts):
        if run.cancelled:
            break
        begin, end = (params.q_steps * place // parts for place in (part, part + 1))
        left = 1 - part / parts
        tables.q_learning(
            q, end - begin, learning_rate=0.02 + 0.28 * left, discount=0.99, epsilon=0.01 + 0.19 * left,
            seed=seed, begin=begin,
        )  # fmt: skip
    return QTableAgent(q, metadata("q-learning", task.env_id, "discrete", task.args))


TRAINERS = {"ppo": _ppo, "dqn": _dqn, "q-learning": _q_learning}
