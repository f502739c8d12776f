"""The agents, and the formats of agents, that this plugin brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dllab

WEIGHTS = Path(__file__).with_name("weights")
JELLYRUN = "jellyrun:jellyrun/JellyRun-v0"
LICENCE = "Apache-2.0; learnt in the game itself"


def agent_resources() -> list[dllab.Resource]:
    return [
        dllab.Resource(
            "agent-format", "rl/policy", "policy nets and Q-nets of ppo, a2c and dqn, as safetensors",
            load=_policy_reader, ko="ppo, a2c, dqn의 정책망과 Q망(safetensors)",
        ),
        dllab.Resource(
            "agent", "random", "every action as likely as the others, in any environment",
            load=_random, ko="어느 환경에서나 모든 행동을 고르게 무작위로",
        ),
        dllab.Resource(
            "agent", "no-op", "always action 0: on jellyrun, run on and never jump",
            load=_no_op, ko="언제나 행동 0: jellyrun에서는 뛰지 않고 달리기만",
        ),
        dllab.Resource(
            "agent", "jellyrun/heuristic", "jumps and slides by a few rules of thumb",
            load=_heuristic, ko="몇 가지 어림 규칙으로 뛰고 미끄러지기",
        ),
        dllab.Resource(
            "agent", "jellyrun/planner", "tries out what would happen in the game itself: the best there is",
            load=_planner, ko="게임 자체로 앞일을 시험해 보는 최고의 에이전트",
        ),
        dllab.Resource(
            "agent-format", "rl/q-table", "tables of q-learning, sarsa, monte-carlo and mdp, as safetensors",
            load=_table_reader, ko="q-learning, sarsa, monte-carlo, mdp의 표(safetensors)",
        ),
        *_embedded(),
        *_table(),
    ]  # fmt: skip


def _embedded() -> list[dllab.Resource]:
    return [
        dllab.Resource(
            "agent",
            f"jellyrun/ppo-{difficulty}",
            f"learnt by PPO on levels of the difficulty {difficulty}",
            load=_policy_loader(path),
            licence=LICENCE,
            source=f"dllab run ppo --difficulty {difficulty}; see weights/MODEL_CARD.md in dllab_rl",
            size_bytes=path.stat().st_size,
            ko=f"난이도 {difficulty} 레벨에서 PPO로 배운 에이전트",
        )
        for difficulty in ("easy", "normal")
        if (path := WEIGHTS / f"ppo-{difficulty}.safetensors").exists()
    ]


def _table() -> list[dllab.Resource]:
    path = WEIGHTS / "q-table.safetensors"
    if not path.exists():
        return []
    return [
        dllab.Resource(
            "agent",
            "jellyrun/q-table",
            "a table learnt by Q-learning on levels of the difficulty easy",
            load=_table_loader(path),
            licence=LICENCE,
            source="dllab run q-learning --world jellyrun; see weights/MODEL_CARD.md in dllab_rl",
            size_bytes=path.stat().st_size,
            ko="쉬운 난이도 레벨에서 Q-러닝으로 배운 표",
        )
    ]


def _table_reader() -> Any:
    from dllab_rl.q_table import read_q_table

    return read_q_table


def _table_loader(path: Path) -> Any:
    def load() -> Any:
        agent = _table_reader()(path)
        agent.name = "jellyrun/q-table"
        return agent

    return load


def _policy_reader() -> Any:
    from dllab_rl.policy import read_policy

    return read_policy


def _policy_loader(path: Path) -> Any:
    def load() -> Any:
        agent = _policy_reader()(path)
        agent.name = f"jellyrun/{path.stem}"
        return agent

    return load


def _random() -> Any:
    from dllab_rl.scripted import RandomAgent

    return RandomAgent()


def _no_op() -> Any:
    from dllab_rl.scripted import NoOpAgent

    return NoOpAgent()


def _heuristic() -> Any:
    from dllab_rl.scripted import BroughtAgent

    return BroughtAgent("jellyrun/heuristic", "heuristic", JELLYRUN)


def _planner() -> Any:
    from dllab_rl.scripted import BroughtAgent

    return BroughtAgent("jellyrun/planner", "planner", JELLYRUN)
