"""`dllab replay`: a recorded game is shown, confirmed or filmed."""

from __future__ import annotations

from typing import Any

import dllab
from dllab_play import preparing
from dllab_play.words import Words, language_of


def replay(args: Any) -> int:
    """Exit status 1 where --verify finds another score. Raises InputError for a file that is no replay."""
    words = Words(language_of(args))
    size = preparing.parsed_size(args.size, words)
    if args.video:
        preparing.go_headless()
    import gymnasium

    from dllab_play.film import SUFFIXES, Film, checked_path
    from dllab_play.games import GAMES, replays_of

    film = Film(checked_path(args.video, "--video", words, SUFFIXES), words) if args.video else None
    probe = gymnasium.make(GAMES["jellyrun"], disable_env_checker=True)
    replays = replays_of(probe)
    try:
        recorded = replays.read(args.file)
        if args.verify:
            status = _verify(recorded, replays, words, probe.unwrapped.kernel_digest)
            if film is None:
                return status
        env = replays.open_env(recorded, render_mode="rgb_array")
    except replays.ReplayError as error:
        raise dllab.InputError(str(error)) from error
    finally:
        probe.close()
    _show(args, words, recorded, env, size, film)
    return status if args.verify else 0


def _verify(recorded: Any, replays: Any, words: Words, kernel: str) -> int:
    """Simulate it again and say what came of it; 0 where it is what the file says, else 1."""
    verdict = replays.verify(recorded)
    ending, said = (words(f"ending_{one or 'none'}") for one in (verdict.ending, recorded.ending))
    if not verdict.is_same:
        print(words(
            "differs", said=recorded.score, said_steps=recorded.steps, said_ending=said,
            score=verdict.score, steps=verdict.steps, ending=ending,
        ))  # fmt: skip
        if recorded.kernel != kernel:
            print(words("other_kernel", theirs=recorded.kernel[:12], ours=kernel[:12]))
        return 1
    player = recorded.player or words("someone")
    title = f"{recorded.difficulty}/{recorded.split}/{recorded.level}"
    print(
        words("verified", title=title, player=player, score=verdict.score, steps=verdict.steps, ending=ending)
    )
    return 0


class Recorded:
    """An agent that does again what a replay says, at whatever step of it the game is."""

    def __init__(self, name: str, actions: Any, game: Any) -> None:
        self.name, self.actions, self.game = name, actions, game

    def act(self, observation: Any) -> int:
        return int(self.actions[self.game.steps]) if self.game.steps < len(self.actions) else 0


def _show(args: Any, words: Words, recorded: Any, env: Any, size: tuple[int, int], film: Any) -> None:
    from dllab_play.game import Game
    from dllab_play.headless import play_headless
    from dllab_play.scores import Scores
    from dllab_play.sound import Sounds
    from dllab_play.stage import Stage
    from dllab_play.window import Window

    game = Game(env, level=None if recorded.level < 0 else recorded.level)
    agent = Recorded(recorded.player or words("someone"), recorded.actions, game)
    stage = Stage(game, size, words, agent=agent, boxes=args.boxes)
    try:
        if film is not None:
            play_headless(stage, film=film, steps=max(1, recorded.steps))
            film.close()
            print(words("wrote", path=film.path))
            return
        sounds = Sounds(not args.mute)
        Window(
            stage,
            size,
            words,
            scores=Scores(args.store, False),
            sounds=sounds,
            speed=args.speed,
            is_replay=True,
        ).run()
        sounds.close()
    finally:
        stage.close()
