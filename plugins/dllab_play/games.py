"""Making an environment by its name, and an agent that fits it; every fault is told in one line."""

from __future__ import annotations

from typing import Any

import dllab
from dllab_play.words import Words

GAMES = {"jellyrun": "jellyrun:jellyrun/JellyRun-v0"}  # the lab's own, by their short names


def make_env(name: str, words: Words, agent: Any = None, **options: Any) -> Any:
    """The environment of a short name or a Gymnasium id, with pictures, observed as the agent wants it.

    Raises UsageError for a name that nothing goes by, arguments that it does not take, and an environment
    without pictures; InputError where the agent does not fit.
    """
    import warnings

    import gymnasium

    settings = dict(getattr(agent, "env_args", None) or {})
    if getattr(agent, "observation", None):
        settings["observation"] = agent.observation
    settings.update(options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Gymnasium's own remarks on versions and render modes
            env = gymnasium.make(
                GAMES.get(name, name), render_mode="rgb_array", disable_env_checker=True, **settings
            )
    except (gymnasium.error.Error, ImportError, TypeError, ValueError, OSError) as error:
        raise dllab.UsageError(words("no_env", name=name, error=_first_line(error))) from error
    modes = env.metadata.get("render_modes", [])
    if env.render_mode != "rgb_array":
        env.close()
        raise dllab.UsageError(words("no_render", name=name, modes=", ".join(modes) or "-"))
    if agent is not None:
        attach(agent, env)
    return env


def attach(agent: Any, env: Any) -> None:
    """Tell the agent of its environment. Raises InputError where it does not fit, as the agent says."""
    if hasattr(agent, "attach"):
        agent.attach(env)


def load_agent(reference: str, store: Any = None) -> Any:
    """The agent of a reference, with a name to show."""
    agent = dllab.load_agent(reference, store=store)
    if not getattr(agent, "name", None):
        try:
            agent.name = reference
        except AttributeError:  # an agent with fixed attributes keeps its own
            return agent
    return agent


def name_of(agent: Any) -> str:
    """What a window calls an agent: its name without the game's, such as "ppo-easy"."""
    name = str(getattr(agent, "name", None) or getattr(agent, "algorithm", None) or type(agent).__name__)
    return name.rpartition("/")[2]


def is_jellyrun(env: Any) -> bool:
    """Whether the window can draw this environment's snapshots itself."""
    return hasattr(env.unwrapped, "snapshot") and hasattr(env.unwrapped, "painter")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def replays_of(env: Any) -> Any:
    """The module of replays that lies beside the game, reached without importing the game by its name."""
    from importlib import import_module

    package = type(env.unwrapped).__module__.partition(".")[0]
    return import_module(f"{package}.replays")


def save_replay(env: Any, replay: Any, path: Any, words: Words) -> None:
    """Write a replay's file. Raises UsageError where that cannot be."""
    try:
        replays_of(env).write(replay, path)
    except OSError as error:
        raise dllab.UsageError(words("cannot_write", path=path, error=error.strerror or error)) from error
