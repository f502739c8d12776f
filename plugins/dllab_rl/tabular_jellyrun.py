"""Tables on the game itself: its compiled learners, and the table as an agent that plays."""

from __future__ import annotations

from typing import Any

import numpy as np

import dllab
from dllab_rl.q_table import JELLYRUN, metadata

ROUNDS = 20
TEST_LEVELS = 256


def learn_jellyrun(run: dllab.Run, params: Any, method: str) -> None:
    """Learn on the levels for training, from params.updates steps; play levels that were never seen."""
    import gymnasium
    import torch

    env = gymnasium.make(JELLYRUN, observation="discrete").unwrapped
    tables = env.tables()
    q, counts = tables.new_table(), np.zeros((tables.num_states, tables.num_actions), dtype=np.int64)
    gamma = 0.99 if params.gamma is None else params.gamma
    each, done = max(1, params.updates // ROUNDS), 0
    seed = int(run.rng.integers(2**31))
    best, best_score = q.copy(), -np.inf
    for part in run.progress(range(ROUNDS), label=run.words("learning", "학습")):
        left = 1 - part / ROUNDS
        rate = 0.02 + 0.28 * left if params.learning_rate is None else params.learning_rate
        epsilon = 0.01 + 0.19 * left if params.epsilon is None else params.epsilon
        if method == "monte-carlo":
            learnt = tables.monte_carlo(
                q,
                counts,
                max(1, each // 300),
                discount=gamma,
                epsilon=epsilon,
                learning_rate=rate / 10,
                seed=seed,
                begin=done,
            )
        else:
            learn = tables.q_learning if method == "q-learning" else tables.sarsa
            learnt = learn(
                q, each, learning_rate=rate, discount=gamma, epsilon=epsilon, seed=seed, begin=done
            )
        done += learnt.updates
        held = float(
            tables.evaluate(q, range(100_000, 100_000 + TEST_LEVELS)).mean()
        )  # levels for training, set apart
        mean = float(learnt.scores.mean()) if len(learnt.scores) else 0.0
        run.log(done, score=mean, held_back_score=held)
        if held > best_score:
            best, best_score = q.copy(), held
    scores = {method: tables.evaluate(best, range(TEST_LEVELS), split="test")}
    test = gymnasium.make(JELLYRUN, observation="discrete", split="test").unwrapped
    for policy in ("heuristic", "no-op"):
        scores[policy] = test.play_scripted(range(TEST_LEVELS), policy=policy)[0]
    run.save_model(
        "agent.safetensors",
        {"q": torch.from_numpy(best.astype(np.float32))},
        metadata(method, JELLYRUN, "discrete", {}),
    )
    run.save_table(
        "scores.csv", {"level": list(range(TEST_LEVELS)), **{k: v.tolist() for k, v in scores.items()}}
    )
    figure, axes = dllab.new_figure(size=(6.8, 3.2))
    axes.boxplot(
        [scores[name] for name in reversed(scores)], orientation="horizontal", tick_labels=[*reversed(scores)]
    )
    axes.set_xlabel(
        run.words(f"score on {TEST_LEVELS} unseen levels", f"처음 보는 {TEST_LEVELS}개 레벨의 점수")
    )
    axes.set_title(run.words("A table plays the game", "표가 하는 게임"))
    run.save_figure("scores.png", figure)
    got, rules, nothing = (float(scores[name].mean()) for name in (method, "heuristic", "no-op"))
    is_usual = params.learning_rate is None and params.epsilon is None and params.gamma is None
    if method == "q-learning" and params.updates >= 5_000_000 and is_usual:
        run.check(
            "mean score on unseen levels", ko="처음 보는 레벨의 평균 점수", got=got, at_least=rules,
            source="the game's own rules of thumb on the same levels; what is learnt must beat them",
        )  # fmt: skip
    else:
        has_learnt = is_usual and params.updates >= 1_000_000
        run.check(
            "mean score on unseen levels", ko="처음 보는 레벨의 평균 점수",
            got=got, at_least=nothing if has_learnt else 0,
            source="running on without a jump, on the same levels; 0 where it hardly learnt, or not as usual",
        )  # fmt: skip
