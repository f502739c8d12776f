"""A game without a window: as fast as it goes, or at a pace, onto a film."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from dllab_play.film import FPS, Film
from dllab_play.stage import Stage


def play_headless(
    stage: Stage, *, film: Film | None = None, episodes: int = 1, steps: int | None = None,
    pace: float | None = None, on_end: Callable[[Any], None] | None = None,
) -> None:  # fmt: skip
    """Play, a picture for each step on the film; pace: steps a second, None as fast as it goes."""
    left = steps if steps is not None else -1
    while stage.game.episodes < episodes and left != 0:
        stage.begin()
        if film is not None:
            film.add(stage.paint())
        while not stage.game.is_over and left != 0:
            began = time.monotonic()
            stage.advance()
            left -= 1
            if film is not None:
                film.add(stage.paint())
            if pace is not None:
                time.sleep(max(0.0, 1 / pace - (time.monotonic() - began)))
        if on_end is not None:
            on_end(stage.game)
        if stage.game.level is not None and not stage.ghosts:
            stage.game.level += 1
    if film is not None:
        for _ in range(FPS // 2):
            film.add(stage.paint())
