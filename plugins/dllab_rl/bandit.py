"""The experiment `bandit`: which advertisement to show, and how much is lost until one knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_rl.texts import ABOUT

if TYPE_CHECKING:
    import numpy as np

CLICK_RATES = (0.04, 0.05, 0.06, 0.08, 0.12)  # of the advertisements; the last one is the best
# Share of games that take the best arm at step 1000: read off figure 2.2 of the book.
BOOK_SHARES = {0.0: (0.36, 0.05), 0.01: (0.60, 0.08), 0.1: (0.80, 0.04)}


class BanditParams(dllab.Params):
    problem: Literal["ads", "testbed", "contextual"] = dllab.param(
        "ads", help="five advertisements; the book's ten-armed testbed; or ads for visitors who differ"
    )
    games: int = dllab.param(
        500, ge=10, le=10_000, help="games played side by side; the testbed takes 2000 at least"
    )
    steps: int = dllab.param(
        4000, ge=100, le=100_000, help="advertisements shown in each; the testbed takes 1000"
    )
    epsilon: float = dllab.param(0.1, ge=0, le=1, help="share of random choices of epsilon-greedy")
    alpha: float = dllab.param(0.6, ge=0, le=10, help="how much LinUCB is drawn to what it hardly knows")


@dllab.experiment(
    "bandit",
    topic="reinforcement learning",
    lectures=("0:광고", "3:광고 타게팅"),
    about=ABOUT["bandit"],
    tiny={"games": 40, "steps": 400},
    ko={
        "problem": "광고 다섯 개, 교과서의 팔 열 개짜리 시험대, 또는 방문자마다 다른 광고",
        "games": "나란히 하는 게임 수. 시험대는 적어도 2000",
        "steps": "게임마다 보여 주는 광고 수. 시험대는 1000",
        "epsilon": "엡실론 탐욕이 무작위로 고르는 비율",
        "alpha": "LinUCB가 잘 모르는 것에 끌리는 정도",
    },
)
def bandit(run: dllab.Run, params: BanditParams) -> None:
    """Which advertisement to show: epsilon-greedy, UCB1, Thompson sampling and LinUCB, and what they lose.

    Source: Sutton, Barto 2018, chapter 2; Auer, Cesa-Bianchi, Fischer 2002; Li, Chu, Langford, Schapire 2010.
    """
    {"ads": _ads, "testbed": _testbed, "contextual": _contextual}[params.problem](run, params)


def _ads(run: dllab.Run, params: BanditParams) -> None:
    import numpy as np

    from dllab_rl import bandits

    rates = np.array(CLICK_RATES)
    values = np.broadcast_to(rates, (params.games, len(rates)))
    players = {
        f"ε-greedy, ε = {params.epsilon:g}": bandits.epsilon_greedy(params.epsilon),
        "UCB1": bandits.ucb1(),
        "Thompson": bandits.thompson(),
    }
    played = {
        name: bandits.play(player, values, True, params.steps, run.rng)
        for name, player in run.progress(players.items(), total=len(players))
    }
    lower = bandits.lai_robbins(rates, params.steps)
    _leave(
        run,
        {name: one.regret for name, one in played.items()},
        {name: one.is_best for name, one in played.items()},
    )
    regret = {name: float(one.regret[-1]) for name, one in played.items()}
    bound = bandits.ucb1_bound(rates, params.steps)
    run.check(
        "clicks that UCB1 loses", ko="UCB1이 놓친 클릭 수", got=regret["UCB1"], at_most=bound,
        source="Auer, Cesa-Bianchi, Fischer 2002, theorem 1: proven for every set of advertisements",
    )  # fmt: skip
    by_chance = params.steps * float(rates.max() - rates.mean())
    room = 5 * float(rates.std()) * (params.steps / params.games) ** 0.5  # five standard errors of chance
    run.check(
        "clicks that Thompson sampling loses", ko="톰슨 샘플링이 놓친 클릭 수", got=regret["Thompson"],
        at_least=0.2 * lower if params.steps >= 2000 else 0,
        at_most=min(3 * lower + 10, by_chance) + room,
        source=f"Lai, Robbins 1985: about {lower:.0f} in the long run, for any good player",
    )  # fmt: skip
    if params.epsilon > 0:
        name = next(iter(regret))
        run.check(
            "clicks that ε-greedy loses", ko="ε-탐욕이 놓친 클릭 수",
            got=regret[name], at_least=params.epsilon * by_chance - room,
            at_most=by_chance + room,
            source="it goes on trying: epsilon of what showing anything by chance would lose, at least",
        )  # fmt: skip


def _testbed(run: dllab.Run, params: BanditParams) -> None:
    from dllab_rl import bandits

    games = max(params.games, 2000)
    values = run.rng.normal(size=(games, 10))
    played = {
        epsilon: bandits.play(bandits.epsilon_greedy(epsilon), values, False, 1000, run.rng)
        for epsilon in run.progress(BOOK_SHARES)
    }
    _leave(
        run,
        {f"ε = {epsilon:g}": one.regret for epsilon, one in played.items()},
        {f"ε = {epsilon:g}": one.is_best for epsilon, one in played.items()},
    )
    for epsilon, (share, room) in BOOK_SHARES.items():
        run.check(
            f"share of best choices at step 1000, ε = {epsilon:g}",
            ko=f"1000걸음째에 가장 좋은 것을 고른 비율, ε = {epsilon:g}",
            got=float(played[epsilon].is_best[-50:].mean()), expected=share, abs=room,
            source="Sutton, Barto 2018, figure 2.2, read off the drawing",
        )  # fmt: skip


def _contextual(run: dllab.Run, params: BanditParams) -> None:
    import numpy as np

    from dllab_rl import bandits

    games, steps = min(params.games, 200), min(params.steps, 4000)
    weights = run.rng.normal(size=(games, 5, 4))
    weights /= np.maximum(1.0, np.linalg.norm(weights, axis=2, keepdims=True))
    regret = bandits.play_in_context(weights, steps, run.rng, params.alpha, params.epsilon)
    words = {
        "linear epsilon-greedy": run.words("ε-greedy, same model", "같은 모형의 ε-greedy"),
        "epsilon-greedy": run.words("ε-greedy, looks at nobody", "방문자를 안 보는 ε-greedy"),
    }
    _leave(run, regret, {}, words)
    half = steps // 2
    late = float(regret["LinUCB"][-1] - regret["LinUCB"][half])
    run.check(
        "clicks that LinUCB loses, of what ε-greedy loses", ko="LinUCB가 놓친 클릭, ε-탐욕에 대한 비",
        got=float(regret["LinUCB"][-1] / regret["epsilon-greedy"][-1]),
        at_most=0.5 if steps >= 1000 else 1.0,
        source="who looks at the visitor must lose less than who does not; no fixed ad is best for all",
    )  # fmt: skip
    run.check(
        "clicks that LinUCB loses in the second half, of those in the first",
        ko="LinUCB가 후반에 놓친 클릭, 전반에 대한 비",
        got=late / float(regret["LinUCB"][half]),
        at_most=0.8,
        source="it grows as the root of the steps (Chu, Li, Reyzin, Schapire 2011): 0.41, and logarithms",
    )  # fmt: skip


def _leave(
    run: dllab.Run, regret: dict[str, Any], is_best: dict[str, Any], words: dict[str, str] | None = None
) -> None:
    """regret.csv and curves.png. words: what a player is called in the picture, where not by its name."""
    import numpy as np

    steps = len(next(iter(regret.values())))
    shown: np.ndarray = np.unique(np.linspace(0, steps - 1, 400).astype(int))
    run.save_table("regret.csv", {
        "step": (shown + 1).tolist(), **{name: one[shown].round(4).tolist() for name, one in regret.items()}
    })  # fmt: skip
    for i in shown[::20]:
        values = {_key(name): float(one[i]) for name, one in regret.items()}
        run.log(int(i) + 1, **values)
    figure, axes = dllab.new_figure(1, 2 if is_best else 1, size=(9.6 if is_best else 5.6, 3.8))
    left, right = (axes[0], axes[1]) if is_best else (axes, None)
    for name, one in regret.items():
        left.plot(shown + 1, one[shown], label=(words or {}).get(name, name))
    left.set(xlabel=run.words("shown", "보여 준 수"), ylabel=run.words("lost so far", "지금까지 잃은 것"))
    left.set_title(run.words("What not knowing costs", "모르는 값"))
    left.legend()
    if right is not None:
        width = max(1, steps // 100)
        for name, one in is_best.items():
            smooth = np.convolve(one, np.ones(width) / width, mode="valid")
            right.plot(np.arange(len(smooth)) + width, 100 * smooth, label=name)
        right.set(
            xlabel=run.words("shown", "보여 준 수"), ylabel=run.words("best choice, %", "가장 좋은 선택, %")
        )
        right.set_title(run.words("How often the best is chosen", "가장 좋은 것을 고르는 비율"))
        right.set_ylim(0, 100)
    run.save_figure("curves.png", figure)


def _key(name: str) -> str:
    """A metric's name from a player's."""
    return "regret_" + "".join(
        c if c.isascii() and c.isalnum() else "_" for c in name.replace("ε", "epsilon")
    ).strip("_")
