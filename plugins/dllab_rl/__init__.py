"""Reinforcement learning: from tables to deep agents."""

import dllab
from dllab_rl.a2c import a2c
from dllab_rl.agents import agent_resources
from dllab_rl.bandit import bandit
from dllab_rl.dqn import dqn
from dllab_rl.evaluate_agent import evaluate_agent
from dllab_rl.import_agent import import_agent
from dllab_rl.mdp import mdp
from dllab_rl.ppo import ppo
from dllab_rl.rl_benchmark import rl_benchmark
from dllab_rl.tabular import monte_carlo, q_learning, sarsa


@dllab.hookimpl
def dllab_experiments():
    tables = [bandit, mdp, q_learning, sarsa, monte_carlo]
    return [*tables, ppo, a2c, dqn, evaluate_agent, import_agent, rl_benchmark]


@dllab.hookimpl
def dllab_resources():
    return [*agent_resources()]
