"""What play, watch and replay prepare alike: sizes, levels, ghosts, and SDL without a screen."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import dllab
from dllab_play.words import Words

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

SMALLEST, LARGEST = 160, 3840  # pixels of a side
DEFAULT_AGENTS = ("jellyrun/ppo-easy", "jellyrun/q-table", "jellyrun/heuristic")


def go_headless() -> None:
    """No screen and no sound: to be called before pygame is imported."""
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"


def parsed_size(given: str, words: Words) -> tuple[int, int]:
    """(width, height) of "960x540". Raises UsageError."""
    found = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", given.strip())
    if found is None or not all(SMALLEST <= int(side) <= LARGEST for side in found.groups()):
        raise dllab.UsageError(words("bad_size", given=given[:40]))
    return int(found[1]), int(found[2])


def level_options(args: Any, words: Words) -> tuple[int | None, dict[str, Any]]:
    """(the level's number or None for a text, what the environment is made with) of --level and its like."""
    options = {name: value for name in ("difficulty", "split") if (value := getattr(args, name)) is not None}
    given = args.level
    if given is None:
        return 0, options
    if re.fullmatch(r"\d{1,9}", given):
        return int(given), options
    if re.fullmatch(r"[-+]?\d+", given):
        raise dllab.UsageError(words("bad_level", given=given))
    return None, {**options, "level": Path(given)}


def default_agent(env: str) -> str:
    """The best agent that comes with the lab; anywhere else, chance."""
    if env != "jellyrun":
        return "random"
    for name in DEFAULT_AGENTS:
        try:
            dllab.load_agent(name)
        except dllab.UsageError:
            continue
        return name
    return DEFAULT_AGENTS[-1]


def ghost_of(path: str, args: Any, words: Words) -> tuple[Any, int | None, dict[str, Any]]:
    """(the ghost, the level's number, what the environment is made with) of a replay to race against.

    Raises InputError for a file that is no replay; UsageError where --level and its like say another level.
    """
    import gymnasium

    from dllab_play.game import Ghost
    from dllab_play.games import GAMES, replays_of

    probe = gymnasium.make(GAMES["jellyrun"], disable_env_checker=True)
    replays = replays_of(probe)
    probe.close()
    try:
        replay = replays.read(path)
        env = replays.open_env(replay)
    except replays.ReplayError as error:
        raise dllab.InputError(str(error)) from error
    theirs = f"{replay.difficulty} · {replay.split} · {replay.level}"
    wanted = (
        args.difficulty or replay.difficulty,
        args.split or replay.split,
        args.level or str(replay.level),
    )
    if replay.level_text is None and wanted != (replay.difficulty, replay.split, str(replay.level)):
        raise dllab.UsageError(words("bad_ghost", path=path, theirs=theirs, ours=" · ".join(wanted)))
    options: dict[str, Any] = {"difficulty": replay.difficulty, "split": replay.split}
    if replay.level_text is not None:
        options["level"] = replay.level_text
    name = replay.player or words("someone")
    return Ghost(name, env, replay.actions), None if replay.level < 0 else replay.level, options


def racer(reference: str | None, words: Words, options: dict[str, Any]) -> Any:
    """A function that makes a stage's agent a ghost: loaded anew, for an agent may be bound to its game."""

    def make(stage: Any) -> Any:
        from dllab_play.game import Ghost
        from dllab_play.games import load_agent, make_env, name_of

        agent = load_agent(reference) if reference else stage.agent
        if agent is None:
            return None
        chosen = {**options, "difficulty": stage.game.snapshot.difficulty}
        return Ghost(name_of(agent), make_env("jellyrun", words, agent, **chosen), agent=agent)

    return make
