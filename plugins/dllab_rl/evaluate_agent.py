"""How good an agent is on levels that it has never seen: the experiment `evaluate-agent`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import dllab
from dllab_rl.texts import ABOUT


class EvaluateParams(dllab.Params):
    agent: dllab.Input = dllab.input(
        "agent", default="jellyrun/heuristic", help="an agent's name, a run that left one, or its file"
    )
    env: str | None = dllab.param(
        None, min_length=1, help="jellyrun or a Gymnasium id; none: the one that the agent was made for"
    )
    difficulty: Literal["easy", "normal", "hard", "ramp"] | None = dllab.param(
        None, help="difficulty of jellyrun; none: the agent's own, else easy"
    )
    env_args: tuple[str, ...] = dllab.param(
        (), max_length=32, help="what else the environment takes: --env-args map_name=8x8"
    )
    episodes: int = dllab.param(256, ge=2, le=100_000, help="test levels to play, each once; elsewhere seeds")
    first: int = dllab.param(0, ge=0, le=1_000_000_000, help="the first of them")
    train_levels: int | None = dllab.param(
        None,
        ge=1,
        le=1_000_000,
        help="levels that it was trained on, for the gap; none: as many as the test's",
    )


@dllab.experiment(
    "evaluate-agent",
    topic="reinforcement learning",
    about=ABOUT["evaluate-agent"],
    tiny={"agent": "random", "env": "CartPole-v1", "episodes": 4},
    ko={
        "agent": "에이전트 이름, 에이전트를 남긴 실행, 또는 그 파일",
        "env": "jellyrun 또는 Gymnasium id. none이면 에이전트가 만들어진 환경",
        "difficulty": "jellyrun의 난이도. none이면 에이전트의 난이도, 없으면 easy",
        "env_args": "환경에 더 넘길 값: --env-args map_name=8x8",
        "episodes": "치를 시험 레벨 수(한 번씩). 레벨이 없는 환경에서는 시드",
        "first": "그 첫 번호",
        "train_levels": "격차를 잴 훈련 레벨 수. none이면 시험 레벨만큼",
    },
)
def evaluate_agent(run: dllab.Run, params: EvaluateParams) -> None:
    """How good an agent is on levels that it has never seen.

    Source: the interval and the interquartile mean are those of Agarwal et al. 2021.
    """
    from dllab_rl.evaluation import bootstrap_interval, interquartile_mean, play
    from dllab_rl.report import plot_episodes, title_of

    agent = run.agent(params.agent)
    task = _task_of(agent, params)
    rng = run.rng
    splits = ("test", "train") if task.has_levels else ("test",)
    played, summary = {}, {}
    for split in splits:
        episodes = (
            min(params.episodes, params.train_levels or params.episodes)
            if split == "train"
            else params.episodes
        )
        levels = (f"{split} levels", "시험 레벨" if split == "test" else "훈련 레벨")
        label = run.words(*(levels if task.has_levels else ("episodes", "에피소드")))
        bar = run.progress(range(episodes), label=label)

        def after(done: int, bar: Any = bar, seen: list[int] = [0]) -> None:  # noqa: B006 counts for this bar
            while seen[0] < done:
                seen[0] += 1
                next(bar, None)

        first = 0 if split == "train" else params.first
        played[split] = play(agent, task, episodes, first=first, split=split, after=after)
        for _ in bar:
            pass
        scores = played[split].scores
        low, high = bootstrap_interval(scores, rng)
        summary[split] = {
            "mean": float(scores.mean()), "low": low, "high": high, "iqm": interquartile_mean(scores),
            "episodes": len(scores), "mean_return": float(played[split].returns.mean()),
            "mean_length": float(played[split].lengths.mean()),
        }  # fmt: skip
    if "train" in summary:
        summary["gap"] = {"mean": summary["train"]["mean"] - summary["test"]["mean"]}
    run.log(0, **{f"{split}_{key}": value for split, each in summary.items() for key, value in each.items()})
    _leave(run, params, task, played, summary)
    plot_episodes(run, f"{params.agent.reference} · {title_of(task)}", task, played, summary)


def _leave(run: dllab.Run, params: EvaluateParams, task: Any, played: Any, summary: Any) -> None:
    rows = [
        {"split": split, "number": i + (0 if split == "train" else params.first), "score": score,
         "return": total, "steps": int(length)}
        for split, episodes in played.items()
        for i, (score, total, length) in enumerate(
            zip(episodes.scores, episodes.returns, episodes.lengths, strict=True)
        )
    ]  # fmt: skip
    run.save_table("episodes.csv", rows)
    run.save_json("summary.json", {"agent": params.agent.name, "environment": task.env_id, **summary})
    test = summary["test"]
    run.check(
        "interval holds the mean",
        ko="구간 안에 있는 평균",
        got=test["mean"],
        at_least=test["low"],
        at_most=test["high"],
        source="a bootstrap interval is drawn around the mean of the very same episodes",
    )
    _tell(run, task, test, summary.get("gap"))


def _tell(run: dllab.Run, task: Any, test: dict[str, float], gap: dict[str, float] | None) -> None:
    """The figures of the test levels in one line, and by how much the training levels are better."""
    mean, low, high, iqm = (f"{test[key]:.1f}" for key in ("mean", "low", "high", "iqm"))
    more, ko_more = "", ""
    if gap is not None:
        more, ko_more = f"; on training levels {gap['mean']:+.1f}", f"; 훈련 레벨에서는 {gap['mean']:+.1f}"
    run.message(
        run.words(
            f"{task.score_name} {mean} (95 % {low} to {high}), "
            f"interquartile mean {iqm}, {test['episodes']} episodes{more}",
            f"{'점수' if task.has_levels else '이득'} {mean} (95 % {low}~{high}), "
            f"사분위 평균 {iqm}, 에피소드 {test['episodes']}개{ko_more}",
        )
    )


def _task_of(agent: Any, params: EvaluateParams) -> Any:
    """The environment that is asked for, else the agent's own."""
    from dllab_rl.environments import SHORT_NAMES, open_task

    own_id = getattr(agent, "env_id", None)
    own_args = dict(getattr(agent, "env_args", None) or {})
    env_id = SHORT_NAMES.get(params.env, params.env) if params.env else own_id
    if env_id is None:
        raise dllab.UsageError(
            f"--agent {params.agent.reference} plays anything: say where by --env, such as jellyrun"
        )
    difficulty = params.difficulty or own_args.pop("difficulty", None) or "easy"
    kept = {} if env_id != own_id else {key: value for key, value in own_args.items() if key != "difficulty"}
    task = open_task(env_id, difficulty=difficulty, env_args=params.env_args)
    if not task.has_levels:  # what is seen there is not for us to choose
        return replace(task, args={**kept, **task.args})
    kind = getattr(agent, "observation", None) or "state"
    return replace(task, args={**kept, **task.args}, observation=kind)
