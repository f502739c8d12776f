"""The game as a Markov decision process: its transitions counted in play, then solved as any other."""

from __future__ import annotations

import numpy as np

import dllab
from dllab_rl.mdps import Mdp, value_iteration
from dllab_rl.q_table import JELLYRUN, metadata

PARTS = 5  # rounds of playing and solving; the later ones play where the table leads
TEST_LEVELS = 256


def counted(tables: object, counts: object, least: int = 1) -> Mdp:
    """The MDP that counts of transitions estimate; what was seen fewer than `least` times is not known."""
    pairs = counts.states * tables.num_actions + counts.actions
    totals = np.bincount(pairs, weights=counts.counts, minlength=tables.num_states * tables.num_actions)
    keep = totals[pairs] >= least
    probs = counts.counts / np.maximum(totals[pairs], 1)
    return Mdp(
        "jellyrun", tables.num_states, ("run", "jump", "slide"), counts.states[keep], counts.actions[keep],
        counts.following[keep], probs[keep], counts.rewards[keep], np.zeros(1, dtype=np.int64),
    )  # fmt: skip


def solve_jellyrun(run: dllab.Run, samples: int, gamma: float) -> None:
    """Count, solve, play; beside Q-learning after as many steps, the heuristic and running on."""
    import gymnasium

    env = gymnasium.make(JELLYRUN, observation="discrete").unwrapped
    tables = env.tables()
    each = max(1, samples // PARTS)
    seen, q = None, None
    for part in run.progress(range(PARTS), label=run.words("counting and solving", "전이 세고 풀기")):
        more = tables.transitions(q, each, epsilon=0.3 if q is not None else 1.0, seed=run.seed + part)
        seen = more if seen is None else _together(seen, more, tables)
        model = counted(tables, seen)
        values = value_iteration(model, gamma, tolerance=1e-6)[-1]
        q = np.ascontiguousarray(np.where(model.is_known, model.q_values(values, gamma), -1e3))
        score = float(tables.evaluate(q, range(TEST_LEVELS), split="test").mean())
        run.log((part + 1) * each, test_score=score, known=float(model.is_known.any(axis=1).mean()))
    learnt = tables.new_table()
    tables.q_learning(
        learnt, each * PARTS, learning_rate=(0.3, 0.02), discount=gamma, epsilon=(0.3, 0.02), seed=run.seed
    )
    scores = {
        run.words("planned in the counted model", "센 모형에서 계획"): score,
        run.words("Q-learning, as many steps", "같은 걸음 수의 Q-러닝"): float(
            tables.evaluate(learnt, range(TEST_LEVELS), split="test").mean()
        ),
    }
    test = gymnasium.make(JELLYRUN, observation="discrete", split="test").unwrapped
    for policy, words in (
        ("heuristic", ("rules of thumb", "어림 규칙")),
        ("no-op", ("running on", "달리기만")),
    ):
        scores[run.words(*words)] = float(test.play_scripted(range(TEST_LEVELS), policy=policy)[0].mean())
    figure, axes = dllab.new_figure(size=(7, 3.4))
    axes.barh(list(scores)[::-1], list(scores.values())[::-1], color=dllab.COLOURS[0], height=0.6)
    axes.set_xlabel(
        run.words(f"mean score on {TEST_LEVELS} unseen levels", f"처음 보는 {TEST_LEVELS}개 레벨의 평균 점수")
    )
    axes.set_title(run.words("The game, solved as a table", "표로 푼 게임"))
    run.save_figure("scores.png", figure)
    run.save_json("scores.json", scores)
    run.save_model("agent.safetensors", *_tensors(q, "mdp"))
    nothing = list(scores.values())[-1]
    run.check(
        "mean score on unseen levels", ko="처음 보는 레벨의 평균 점수", got=score,
        at_least=3 * nothing if samples >= 1_000_000 and gamma >= 0.95 else 0,
        source="three times that of running on; 0 where too few steps were counted, or gamma is low",
    )  # fmt: skip
    known = model.is_known
    residual = np.abs(model.q_values(values, gamma).max(axis=1) - values)[known.any(axis=1)].max()
    run.check(
        "Bellman's equation holds in the counted model", ko="센 모형에서 벨만 방정식의 잔차",
        got=float(residual), at_most=1e-5,
        source="Sutton, Barto 2018, eq. 3.19; iteration stopped at 1e-6",
    )  # fmt: skip


def _tensors(q: np.ndarray, algorithm: str) -> tuple[dict[str, object], dict[str, str]]:
    import torch

    return {"q": torch.from_numpy(q.astype(np.float32))}, metadata(algorithm, JELLYRUN, "discrete", {})


def _together(one: object, other: object, tables: object) -> object:
    """Two counts of transitions as one."""
    keys = [
        (c.states * tables.num_actions + c.actions) * (tables.num_states + 1) + c.following
        for c in (one, other)
    ]
    every, place = np.unique(np.concatenate(keys), return_inverse=True)
    counts = np.bincount(place, weights=np.concatenate([one.counts, other.counts]))
    totals = np.bincount(
        place, weights=np.concatenate([one.counts * one.rewards, other.counts * other.rewards])
    )
    pairs, following = np.divmod(every, tables.num_states + 1)
    states, actions = np.divmod(pairs, tables.num_actions)
    return type(one)(states, actions, following, counts.astype(np.int64), totals / counts)
