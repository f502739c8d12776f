"""The environment that an agent learns in: any Gymnasium id, and what it takes to make it again."""

from __future__ import annotations

import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import dllab

SHORT_NAMES = {"jellyrun": "jellyrun:jellyrun/JellyRun-v0"}


@dataclass(frozen=True)
class Task:
    """An environment by its Gymnasium id and arguments.

    has_levels: it is one with levels in a train and a test split, a game score in `info["score"]`, and
    many games in one step (JellyRun): what `env.unwrapped.sb3_vec_env` tells.
    levels: arguments that choose the levels to train on; they do not belong to what an agent is made for.
    """

    env_id: str
    args: dict[str, Any] = field(default_factory=dict)
    observation: str = ""
    has_levels: bool = False
    levels: dict[str, Any] = field(default_factory=dict)

    def make(self, **more: Any) -> Any:
        """The single environment; more: further arguments, such as render_mode or split."""
        import gymnasium

        kind = {"observation": self.observation} if self.observation else {}
        with warnings.catch_warnings():  # a newer version exists: the user asked for this one
            warnings.simplefilter("ignore", DeprecationWarning)
            return gymnasium.make(self.env_id, **{**self.args, **kind, **more})

    @property
    def score_name(self) -> str:
        """What the score of an episode is."""
        return "score" if self.has_levels else "return"


def open_task(
    env: str,
    *,
    difficulty: str | None = None,
    observation: str | None = None,
    env_args: Sequence[str] = (),
    **levels: Any,
) -> Task:
    """The task of --env and its companions, tried out once.

    difficulty, observation, levels (num_levels, start_level; None: as the environment has it): only of
    environments with levels. Raises dllab.UsageError, in one line, for an id that Gymnasium does not know,
    arguments that the environment does not take, and spaces that the agents cannot take.
    """
    from dllab_rl.spaces import spaces_of

    env_id = SHORT_NAMES.get(env, env)
    args = parse_args(env_args)
    made = _try(env_id, args)
    has_levels = hasattr(made.unwrapped, "sb3_vec_env")
    made.close()
    if has_levels:
        if difficulty is not None:
            args = {"difficulty": difficulty, **args}
        given = {key: value for key, value in levels.items() if value is not None}
        task = Task(env_id, args, observation or "state", True, given)
    else:
        if observation is not None:
            raise dllab.UsageError(
                f"--observation {observation}: {env_id} has one kind of observation; leave it out"
            )
        task = Task(env_id, args)
    made = _try(task.env_id, {**task.args, **({"observation": task.observation} if has_levels else {})})
    try:
        spaces_of(made)
    finally:
        made.close()
    return task


def parse_args(words: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE words as arguments; a value is JSON where it can be, else text. Raises dllab.UsageError."""
    args: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key.isidentifier():
            raise dllab.UsageError(f"--env-args {word}: must be NAME=VALUE, such as map_name=8x8")
        try:
            args[key] = json.loads(value)
        except ValueError:
            args[key] = value
    return args


def _try(env_id: str, args: dict[str, Any]) -> Any:
    """Make the environment, what it raises told in one line."""
    import gymnasium

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            env = gymnasium.make(env_id, **args)
        except (gymnasium.error.Error, ImportError, TypeError, ValueError, KeyError, AttributeError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
            shown = " ".join(f"{key}={json.dumps(value, default=str)}" for key, value in args.items())
            raise dllab.UsageError(
                f"--env {env_id}{' --env-args ' + shown if shown else ''}: {reason}; "
                "give jellyrun, or an id that gymnasium.make takes with these arguments, such as CartPole-v1"
            ) from error
    return env
