"""The experiment `mdp`: a Markov decision process, solved in three ways that must agree."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_rl.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

    from dllab_rl.mdps import Mdp

GAMMAS = {
    "book": 1.0,
    "aima": 1.0,
    "cookie": 0.95,
    "frozen-lake": 0.99,
    "cliff": 1.0,
    "taxi": 0.99,
    "jellyrun": 0.99,
}
BOOK = (0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0)
AIMA = (0.812, 0.868, 0.918, 0.762, 0.660, 0.705, 0.655, 0.611, 0.388)  # of the cells that are no ends
AGREEMENT = 1e-8
EPISODES = 4000
MOST_FRAMES = 40


class MdpParams(dllab.Params):
    world: Literal["book", "aima", "cookie", "frozen-lake", "cliff", "taxi", "jellyrun"] = dllab.param(
        "cookie",
        help="which world: the book's grid, Russell and Norvig's, the cookie in the bakery, or Gymnasium's",
    )
    grid: dllab.Input | None = dllab.input(
        "text", default=None, help="a world of your own: rows of # . S G O T in a text file"
    )
    gamma: float | None = dllab.param(
        None, ge=0, le=1, help="what a reward one step later is worth; none: as is usual in the world"
    )
    slip: float | None = dllab.param(
        None,
        ge=0,
        le=0.5,
        help="chance to slip to the left, and as much to the right; none: as is usual there",
    )
    step_reward: float | None = dllab.param(
        None, ge=-10, le=0, help="reward of every step in a world written as text; none: as is usual there"
    )
    samples: int = dllab.param(
        3_000_000, ge=1000, le=50_000_000, help="steps of jellyrun that its transitions are counted from"
    )


@dllab.experiment(
    "mdp",
    topic="reinforcement learning",
    lectures=("0:마르코프 결정 과정(Markov Decision Process)",),
    about=ABOUT["mdp"],
    tiny={"world": "book", "samples": 20_000},
    ko={
        "world": "세계: 교과서의 4 x 4 격자, 러셀·노빅의 격자, 빵집의 쿠키, 또는 Gymnasium의 것",
        "grid": "직접 쓴 세계: # . S G O T로 이루어진 줄의 텍스트 파일",
        "gamma": "한 걸음 뒤 보상의 가치. none이면 그 세계에서 쓰는 값",
        "slip": "왼쪽으로(그리고 같은 확률로 오른쪽으로) 미끄러질 확률. none이면 그 세계의 값",
        "step_reward": "텍스트로 쓴 세계에서 걸음마다 받는 보상. none이면 그 세계의 값",
        "samples": "jellyrun의 전이를 세는 데 쓰는 걸음 수",
    },
)
def mdp(run: dllab.Run, params: MdpParams) -> None:
    """A Markov decision process, solved by value iteration, policy iteration and exact evaluation.

    Source: Sutton, Barto 2018, chapter 4.
    """
    from dllab_rl import mdps, worlds

    if params.world == "jellyrun" and params.grid is None:
        from dllab_rl.mdp_jellyrun import solve_jellyrun

        solve_jellyrun(run, params.samples, GAMMAS["jellyrun"] if params.gamma is None else params.gamma)
        return
    if params.grid is not None:
        solved = worlds.read_world(params.grid.path, params.grid.name, params.slip, params.step_reward)
    else:
        solved = worlds.world(params.world, params.slip, params.step_reward)
    gamma = params.gamma
    if gamma is None:
        gamma = GAMMAS[params.world] if params.grid is None else 0.95
    if gamma == 1 and params.step_reward == 0:
        raise dllab.UsageError(
            "--gamma 1 with --step-reward 0: going in circles costs nothing; lower one of them"
        )
    if gamma == 1 and mdps.unending(solved).any():
        raise dllab.UsageError(
            "--gamma 1: from some places of this world no end can be reached, and they have no value; "
            "open a way or take --gamma 0.99"
        )
    sweeps = mdps.value_iteration(solved, gamma)
    policies = mdps.policy_iteration(solved, gamma)
    values = sweeps[-1]
    for i, (one, following) in enumerate(pairwise(sweeps)):
        run.log(i + 1, change=float(abs(following - one).max()))
    best = mdps.greedy(solved, values, gamma)
    _leave(run, solved, sweeps, policies, best, gamma)
    _check(run, params, solved, values, policies[-1], best, gamma)


def _check(
    run: dllab.Run,
    params: MdpParams,
    solved: Mdp,
    values: np.ndarray,
    by_policy: np.ndarray,
    best: Any,
    gamma: float,
) -> None:
    import numpy as np

    from dllab_rl import mdps

    policy = mdps.evenly(solved, best)
    exact = mdps.evaluate_policy(solved, policy, gamma)
    source = "Sutton, Barto 2018, chapter 4: both end at the one solution of Bellman's optimality equation"
    run.check(
        "value iteration and policy iteration agree", ko="가치 반복과 정책 반복의 차이",
        got=float(abs(values - by_policy).max()),
        at_most=AGREEMENT,
        source=source,
    )  # fmt: skip
    run.check(
        "the linear equations of the best policy agree", ko="가장 좋은 정책의 선형 방정식을 푼 값과의 차이",
        got=float(abs(values - exact).max()),
        at_most=AGREEMENT,
        source="(I - gamma P) v = r, solved by elimination",
    )  # fmt: skip
    returns = mdps.simulate(solved, policy, gamma, EPISODES, run.rng)
    promised = float(values[solved.starts].mean())
    run.check(
        "return of the best policy in play", ko="가장 좋은 정책이 실제로 받은 보상의 합",
        got=float(returns.mean()), expected=promised,
        abs=max(1e-5, 5 * float(returns.std()) / EPISODES**0.5),
        source=f"the values of the starts; within five standard errors of {EPISODES} episodes",
    )  # fmt: skip
    is_usual = params.grid is None and params.slip is None and params.step_reward is None and gamma == 1
    if is_usual and params.world == "book":
        by_chance = mdps.evaluate_policy(solved, mdps.evenly(solved), 1.0)
        run.check(
            "values of the policy that goes anywhere", ko="아무 데로나 가는 정책의 가치와 책의 차이",
            got=float(abs(by_chance - np.array(BOOK)).max()),
            at_most=1e-9,
            source="Sutton, Barto 2018, figure 4.1, k = infinity: -14 -18 -20 -22",
        )  # fmt: skip
    if is_usual and params.world == "aima":
        found = values[[i for i in range(solved.num_states) if solved.is_known[i].any()]]
        run.check(
            "values of the 4 x 3 world", ko="4 x 3 세계의 가치와 책의 차이",
            got=float(abs(found - np.array(AIMA)).max()), at_most=0.0006,
            source="Russell, Norvig 2010, figure 17.3, printed with three decimals",
        )  # fmt: skip


def _leave(
    run: dllab.Run, solved: Mdp, sweeps: list[Any], policies: list[Any], best: Any, gamma: float
) -> None:
    """values.csv, convergence.png, and of a gridworld policy.png and values.gif."""
    import numpy as np

    final = sweeps[-1]
    names = solved.action_names
    run.save_table("values.csv", {
        "state": list(range(solved.num_states)),
        "value": [float(value) for value in final],
        "actions": [" ".join(names[a] for a in np.flatnonzero(row)) for row in best],
    })  # fmt: skip
    figure, axes = dllab.new_figure(size=(6.4, 3.8))
    for kept, label in (
        (sweeps, run.words("value iteration", "가치 반복")),
        (policies, run.words("policy iteration", "정책 반복")),
    ):  # fmt: skip
        away = [float(abs(one - final).max()) + 1e-16 for one in kept]
        axes.semilogy(range(len(away)), away, marker="o", markersize=3, label=label)
    axes.set(xlabel=run.words("sweep", "반복"), ylabel=run.words("distance from the solution", "해와의 차이"))
    axes.set_title(run.words("Two ways to one solution", "한 해에 이르는 두 길"))
    axes.legend()
    run.save_figure("convergence.png", figure)
    if solved.grid is None:
        return
    from dllab_rl.world_pictures import draw_values, film, size_of

    figure, axes = dllab.new_figure(size=size_of(solved))
    limits = float(min(final.min(), 0)), float(max(final.max(), 0)) + 1e-9
    title = run.words("What each place is worth, and where to go", "자리마다의 가치와 갈 방향")
    draw_values(axes, solved, final, title, limits, best)
    run.save_figure("policy.png", figure)
    chosen = sorted({round(i) for i in np.linspace(0, min(len(sweeps) - 1, 60), MOST_FRAMES)})
    word = run.words("sweep", "반복")
    titles = [f"{word} {i}" for i in chosen]
    run.save_video("values.gif", film(solved, [sweeps[i] for i in chosen], titles, gamma), fps=4)
