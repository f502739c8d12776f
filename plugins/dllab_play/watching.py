"""`dllab watch`: an agent at the keys, in a window or on a film; or one that learns meanwhile."""

from __future__ import annotations

import sys
from typing import Any

import dllab
from dllab_play import preparing
from dllab_play.words import Words, language_of

LEARN_STEPS = 2_000_000  # of PPO: about a minute on two cores


def watch(args: Any) -> int:
    """Show or film it. Raises UsageError and InputError for what does not fit, before anything is shown."""
    words = Words(language_of(args))
    if args.headless:
        preparing.go_headless()
    size = preparing.parsed_size(args.size, words)
    _check(args, words)
    from dllab_play.film import SUFFIXES, Film, checked_path

    film = Film(checked_path(args.record, "--record", words, SUFFIXES), words) if args.record else None
    save = checked_path(args.save, "--save", words) if args.save else None
    level, options = preparing.level_options(args, words) if args.env == "jellyrun" else (None, {})
    ghosts: tuple[Any, ...] = ()
    if args.ghost:
        ghost, level, options = preparing.ghost_of(args.ghost, args, words)
        ghosts = (ghost,)
    reference = None if args.learn else args.agent or preparing.default_agent(args.env)
    stage_of = _stages(args, words, size, reference, options)
    stage = stage_of(None)
    stage.game.level, stage.ghosts = level, list(ghosts)
    if args.learn:
        stage.learner = _learner(args, words)
        stage.is_agent_driving = True
    try:
        if args.headless:
            _without_window(args, words, stage, film, save)
        else:
            _in_window(
                args, words, stage, stage_of, size, film, save, preparing.racer(reference, words, options)
            )
    finally:
        stage.close()
    if stage.learner is not None:
        if stage.learner.status == "failed":
            raise dllab.DllabError(words("no_learner", error=stage.learner.error))
        print(
            words("learn_ended", run=stage.learner.run_id or "ppo", status=stage.learner.status),
            file=sys.stderr,
        )
    return 0


def _check(args: Any, words: Words) -> None:
    if args.env != "jellyrun":
        for option in ("difficulty", "level", "split", "ghost", "learn", "save"):
            if getattr(args, option):
                raise dllab.UsageError(words("only_jellyrun", option=f"--{option}", name=args.env))
    if args.learn and args.agent:
        raise dllab.UsageError(words("not_with_learn", option="--agent"))


def _stages(
    args: Any, words: Words, size: tuple[int, int], reference: str | None, options: dict[str, Any]
) -> Any:
    """A function that makes the stage of a difficulty, with an agent of its own."""
    from dllab_play.game import Game
    from dllab_play.games import load_agent, make_env
    from dllab_play.stage import Stage

    def stage_of(difficulty: str | None) -> Stage:
        agent = load_agent(reference) if reference else None
        chosen = {**options, **({"difficulty": difficulty} if difficulty else {})}
        env = make_env(args.env, words, agent, **chosen)
        game = Game(
            env, seed=args.seed, level=0 if args.env == "jellyrun" and "level" not in chosen else None
        )
        return Stage(game, size, words, title=args.env, agent=agent, boxes=args.boxes)

    return stage_of


def _learner(args: Any, words: Words) -> Any:
    from dllab_play.learner import Learner

    steps = args.learn_steps or LEARN_STEPS
    options = {
        "env": "jellyrun", "difficulty": args.difficulty or "easy", "total_timesteps": steps, "video": "none",
        "seed": args.seed,
    }  # fmt: skip
    learner = Learner(args.store, words, options)
    learner.start()
    return learner


def _without_window(args: Any, words: Words, stage: Any, film: Any, save: Any) -> None:
    from dllab_play.headless import play_headless
    from dllab_play.window import STEPS_PER_S

    def tell(game: Any) -> None:
        if not game.is_jellyrun:
            print(words("watched", title=args.env, value=game.total, steps=game.steps))
            return
        now = game.snapshot
        ending = words(f"ending_{now.ending or 'none'}")
        print(words("played", title=now.seed_name, ending=ending, score=int(now.score), steps=game.steps))
        if save is not None:
            from dllab_play.games import save_replay

            save_replay(game.env, game.replay("+".join(sorted(game.drivers))), save, words)
            print(words("wrote", path=save))

    pace = STEPS_PER_S * args.speed if stage.learner is not None else None
    episodes = args.episodes or (10**9 if args.steps else 1)
    play_headless(stage, film=film, episodes=episodes, steps=args.steps, pace=pace, on_end=tell)
    if film is not None and film.close() is not None:
        print(words("wrote", path=film.path))


def _in_window(
    args: Any, words: Words, stage: Any, stage_of: Any, size: tuple[int, int], film: Any, save: Any, race: Any
) -> None:
    from dllab_play.scores import Scores
    from dllab_play.sound import Sounds
    from dllab_play.window import Window

    sounds = Sounds(not args.mute)
    window = Window(
        stage, size, words, scores=Scores(args.store), sounds=sounds,
        race=race if stage.game.is_jellyrun else None, film=film, speed=args.speed, episodes=args.episodes,
        steps=args.steps, save=save,
    )  # fmt: skip
    try:
        window.run()
    finally:
        sounds.close()
