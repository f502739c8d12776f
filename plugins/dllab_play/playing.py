"""`dllab play`: a person at the keys."""

from __future__ import annotations

from typing import Any

import dllab
from dllab_play import preparing
from dllab_play.words import Words, language_of


def play(args: Any) -> int:
    """Open the window. Raises UsageError and InputError for what cannot be played, before it opens."""
    words = Words(language_of(args))
    if args.game != "jellyrun":
        raise dllab.UsageError(words("no_game", name=args.game))
    size = preparing.parsed_size(args.size, words)
    from dllab_play.film import SUFFIXES, Film, checked_path
    from dllab_play.games import load_agent, make_env
    from dllab_play.scores import Scores
    from dllab_play.sound import Sounds
    from dllab_play.stage import Stage
    from dllab_play.window import Window

    film = Film(checked_path(args.record, "--record", words, SUFFIXES), words) if args.record else None
    save = checked_path(args.save, "--save", words) if args.save else None
    reference = args.agent or preparing.default_agent(args.game)
    agent = load_agent(reference)
    level, options = preparing.level_options(args, words)
    ghosts: tuple[Any, ...] = ()
    if args.ghost:
        ghost, level, options = preparing.ghost_of(args.ghost, args, words)
        ghosts = (ghost,)

    def stage_of(difficulty: str | None = None) -> Stage:
        from dllab_play.game import Game

        chosen = {**options, **({"difficulty": difficulty} if difficulty else {})}
        env = make_env(args.game, words, agent, **chosen)
        stage = Stage(Game(env, level=level), size, words, agent=agent, ghosts=ghosts, boxes=args.boxes)
        stage.is_agent_driving = False
        return stage

    has_menu = args.level is None and args.difficulty is None and not args.ghost
    window = Window(
        stage_of(), size, words, scores=Scores(args.store, not args.no_keep), sounds=Sounds(not args.mute),
        stage_of=None if args.ghost or level is None else stage_of,
        race=preparing.racer(reference, words, options), player=args.player,
        film=film, speed=args.speed, with_menu=has_menu, save=save,
    )  # fmt: skip
    try:
        window.run()
    finally:
        window.stage.close()
        window.sounds.close()
    return 0
