"""The experiments `q-learning`, `sarsa` and `monte-carlo`: learning by trying, in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_rl.texts import ABOUT

if TYPE_CHECKING:
    from dllab_rl.mdps import Mdp

GAMMAS = {"cookie": 0.95, "cliff": 1.0, "frozen-lake": 0.99, "taxi": 0.99, "jellyrun": 0.99}
EPISODES = {"cookie": 20_000, "cliff": 5000, "frozen-lake": 50_000, "taxi": 30_000}
CHUNKS = 100  # the run is heard of so often while it learns
MOST_STEPS = 400  # of an episode


class TabularParams(dllab.Params):
    world: Literal["cookie", "cliff", "frozen-lake", "taxi", "jellyrun"] = dllab.param(
        "cliff", help="where to learn: the cookie in the bakery, Gymnasium's small worlds, or the game itself"
    )
    grid: dllab.Input | None = dllab.input(
        "text", default=None, help="a world of your own: rows of # . S G O T in a text file"
    )
    episodes: int | None = dllab.param(
        None, ge=1, le=10_000_000, help="episodes to learn from; none: enough for the world"
    )
    updates: int = dllab.param(
        20_000_000, ge=1000, le=2_000_000_000, help="steps to learn from on jellyrun, instead of episodes"
    )
    learning_rate: float | None = dllab.param(
        None, gt=0, le=1, help="how far a value moves to what was just seen; none: falls while it learns"
    )
    epsilon: float | None = dllab.param(
        None, ge=0, le=1, help="share of actions that are tried at random; none: as is good in the world"
    )
    gamma: float | None = dllab.param(
        None, ge=0, le=1, help="what a reward one step later is worth; none: as is usual in the world"
    )


class MonteCarloParams(TabularParams):
    world: Literal["cookie", "cliff", "frozen-lake", "taxi", "jellyrun"] = dllab.param(
        "cookie",
        help="where to learn: the cookie in the bakery, Gymnasium's small worlds, or the game itself",
    )


TINY = {"world": "cookie", "episodes": 3000, "updates": 20_000}
KO = {
    "world": "배울 세계: 빵집의 쿠키, Gymnasium의 작은 세계, 또는 게임 자체",
    "grid": "직접 쓴 세계: # . S G O T로 이루어진 줄의 텍스트 파일",
    "episodes": "배우는 에피소드 수. none이면 세계에 맞게",
    "updates": "jellyrun에서 에피소드 대신 배우는 걸음 수",
    "learning_rate": "방금 본 것 쪽으로 값을 옮기는 정도. none이면 배우는 동안 줄어듦",
    "epsilon": "무작위로 해 보는 행동의 비율. none이면 세계에 맞게",
    "gamma": "한 걸음 뒤 보상의 가치. none이면 그 세계에서 쓰는 값",
}


@dllab.experiment(
    "q-learning",
    topic="reinforcement learning",
    lectures=("0:강화 학습(Reinforcement Learning)",),
    about=ABOUT["q-learning"],
    tiny=TINY,
    ko=KO,
)
def q_learning(run: dllab.Run, params: TabularParams) -> None:
    """Q-learning: a table of what each action is worth, learnt as if the best were done from then on.

    Source: Sutton, Barto 2018, section 6.5.
    """
    _learn(run, params, "q-learning")


@dllab.experiment(
    "sarsa",
    topic="reinforcement learning",
    lectures=("0:강화 학습(Reinforcement Learning)",),
    about=ABOUT["sarsa"],
    tiny=TINY,
    ko=KO,
)
def sarsa(run: dllab.Run, params: TabularParams) -> None:
    """SARSA: a table of what each action is worth, learnt from what is really done next.

    Source: Sutton, Barto 2018, section 6.4.
    """
    _learn(run, params, "sarsa")


@dllab.experiment(
    "monte-carlo",
    topic="reinforcement learning",
    lectures=("0:강화 학습(Reinforcement Learning)",),
    about=ABOUT["monte-carlo"],
    tiny=TINY,
    ko=KO,
)
def monte_carlo(run: dllab.Run, params: MonteCarloParams) -> None:
    """Monte Carlo control: a table of what each action is worth, learnt from whole episodes.

    Source: Sutton, Barto 2018, section 5.4.
    """
    _learn(run, params, "monte-carlo")


def _learn(run: dllab.Run, params: TabularParams, method: str) -> None:
    if params.world == "jellyrun" and params.grid is None:
        from dllab_rl.tabular_jellyrun import learn_jellyrun

        learn_jellyrun(run, params, method)
        return
    from dllab_rl import worlds
    from dllab_rl.table_learners import Learner, greedy_value, walk

    if params.grid is not None:
        mdp = worlds.read_world(params.grid.path, params.grid.name, None, None)
    else:
        mdp = worlds.world(params.world)
    name = params.world if params.grid is None else ""
    gamma = GAMMAS.get(name, 0.95) if params.gamma is None else params.gamma
    episodes = params.episodes or EPISODES.get(name, 20_000)
    rate = (0.02, 0.005) if method == "monte-carlo" else (0.5, 0.05)
    # on the cliff the slips stay, as in the book: they are what the two methods are told apart by
    epsilon = (0.1, 0.1) if name == "cliff" else (0.3, 0.02)
    learner = Learner(
        mdp,
        ("q-learning", "sarsa", "monte-carlo").index(method),
        episodes,
        rate if params.learning_rate is None else (params.learning_rate,) * 2,
        epsilon if params.epsilon is None else (params.epsilon,) * 2,
        gamma,
        MOST_STEPS,
        int(run.rng.integers(2**62)),
    )
    curve: list[tuple[int, float]] = []
    each = -(-episodes // CHUNKS)
    for begin in run.progress(range(0, episodes, each), label=run.words("learning", "학습")):
        learnt = learner.learn(min(each, episodes - begin))
        curve.append((begin + len(learnt.returns), float(learnt.returns.mean())))
        run.log(curve[-1][0], episode_return=curve[-1][1], episode_length=float(learnt.lengths.mean()))
    _leave(run, mdp, learner.q, curve, method, name)
    is_usual = params.learning_rate is None and params.epsilon is None and gamma == GAMMAS.get(name)
    _check(run, mdp, learner, curve, method, name, gamma, walk(mdp, learner.q), greedy_value, is_usual)


def _check(
    run: dllab.Run,
    mdp: Mdp,
    learner: Any,
    curve: Any,
    method: str,
    name: str,
    gamma: float,
    path: list[int],
    value: Any,
    is_usual: bool,
) -> None:
    import math

    from dllab_rl.mdps import evaluate_policy, evenly, value_iteration

    if name == "cliff" and method != "monte-carlo" and learner.episodes >= 2000 and is_usual:
        edge = method == "q-learning"
        run.check(
            "steps of the way that was learnt", ko="배운 길의 걸음 수", got=len(path),
            source="Sutton, Barto 2018, example 6.6: Q-learning goes along the edge, SARSA keeps away",
            **({"expected": 13} if edge else {"at_least": 15, "at_most": 19}),
        )  # fmt: skip
        late = [mean for _, mean in curve[len(curve) // 2 :]]
        run.check(
            "return while it still tries things out", ko="시험 삼아 움직이는 동안 받은 보상의 합",
            got=sum(late) / len(late),
            source="Sutton, Barto 2018, figure in example 6.6: about -50 for Q-learning, about -25 for SARSA",
            at_least=-62 if edge else -32, at_most=-38 if edge else -17,
        )  # fmt: skip
        return
    got = value(mdp, learner.q, gamma)
    if not math.isfinite(got):  # no sum of rewards comes to an end on such a way
        circles = (
            "the greedy way goes in circles somewhere: more episodes help",
            "탐욕 정책이 어디선가 맴돎: 에피소드를 늘려 볼 것",
        )
        run.message(run.words(*circles), level="warning")
        gamma = 0.999
        got = value(mdp, learner.q, gamma)
    best = float(value_iteration(mdp, gamma)[-1][mdp.starts].mean())
    by_chance = float(evaluate_policy(mdp, evenly(mdp), min(gamma, 0.999))[mdp.starts].mean())
    bounds = {"at_least": -1e-8}
    if is_usual and learner.episodes >= 3000 and gamma != 0.999:
        bounds["at_most"] = _allowed(method, name, learner, best, by_chance)
    run.check(
        "value that is lost against the best policy", ko="가장 좋은 정책에 견주어 잃은 가치",
        got=best - got, **bounds,
        source="value iteration on the same world; the table's policy, valued by the exact equations",
    )  # fmt: skip


def _allowed(method: str, name: str, learner: Any, best: float, by_chance: float) -> float:
    """How much value a table may lose: little after enough episodes; else less than chance loses."""
    has_learnt = name in EPISODES and learner.episodes >= EPISODES[name]
    if has_learnt and not (method == "monte-carlo" and name in ("taxi", "cliff")):
        return 0.15 if name == "taxi" else 0.02 * max(1.0, abs(best))
    return best - by_chance


def _leave(run: dllab.Run, mdp: Mdp, q: Any, curve: list[tuple[int, float]], method: str, name: str) -> None:
    """q.csv, curve.png, agent.safetensors, and of a gridworld way.png."""
    import numpy as np
    import torch

    from dllab_rl.q_table import metadata
    from dllab_rl.table_learners import walk
    from dllab_rl.worlds import GYMNASIUM

    run.save_table("q.csv", {
        "state": list(range(mdp.num_states)), **{mdp.action_names[a]: q[:,
        a].tolist() for a in range(mdp.num_actions)}
    })  # fmt: skip
    about = metadata(method, GYMNASIUM.get(name, ""), "", {})
    run.save_model("agent.safetensors", {"q": torch.from_numpy(q.astype(np.float32))}, about)
    figure, axes = dllab.new_figure(size=(6.4, 3.6))
    axes.plot(*zip(*curve, strict=True))
    axes.set(xlabel=run.words("episode", "에피소드"), ylabel=run.words("return", "보상의 합"))
    if name == "cliff":
        axes.set_ylim(max(-150, min(mean for _, mean in curve)), 0)
    axes.set_title(run.words(f"What {method} gets while it learns", f"배우는 동안 {method}가 받는 보상"))
    run.save_figure("curve.png", figure)
    if mdp.grid is None:
        return
    from dllab_rl.world_pictures import draw_path, draw_values, size_of

    figure, axes = dllab.new_figure(size=size_of(mdp))
    known = mdp.is_known
    values = np.where(known.any(axis=1), np.where(known, q, -np.inf).max(axis=1), 0.0)
    best = known & (q >= values[:, None] - 1e-12)
    limits = float(min(values.min(), 0)), float(max(values.max(), 0)) + 1e-9
    if name == "cliff":
        limits = (-30.0, 0.0)
    title = run.words(f"What {method} learnt, and its way", f"{method}가 배운 것과 그 길")
    draw_values(axes, mdp, values, title, limits, best)
    path = [*walk(mdp, q)]
    end = _after(mdp, path)
    draw_path(axes, mdp, path + end, method, "#e06c00")
    run.save_figure("way.png", figure)


def _after(mdp: Mdp, path: list[int]) -> list[int]:
    """The end that the way leads to, as a state to draw; none where Gymnasium does not number it."""
    import numpy as np

    ends = [int(state) for state in range(mdp.num_states) if not mdp.is_known[state].any()]
    if mdp.grid is None or len(path) >= 500 or not ends:
        return []
    places = {int(state): where for where, state in np.ndenumerate(mdp.grid.cells) if state >= 0}
    row, column = places[path[-1]]
    near = [end for end in ends if abs(places[end][0] - row) + abs(places[end][1] - column) == 1]
    goals = [end for end in near if mdp.grid.marks[places[end]] in "GT"]
    return (goals or near)[:1]
