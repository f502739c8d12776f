"""High scores: finished games, each kept in the lab's store as a run of jellyrun-replay that proves it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import dllab
from dllab_play.games import replays_of

EXPERIMENT, TAG = "jellyrun-replay", "high-score"


class Scores:
    """The scores in a store; with is_keeping False nothing is added."""

    def __init__(self, home: Path | str | None, is_keeping: bool = True) -> None:
        self.home, self.is_keeping = home, is_keeping

    def keep(self, env: Any, replay: Any, player: str) -> str | None:
        """Keep a finished game, simulated again to prove it; returns the run's id, None where that failed.

        A store that cannot be written does not end a game.
        """
        if not self.is_keeping or replay.level < 0 or not replay.steps:
            return None
        try:
            with tempfile.TemporaryDirectory(prefix="dllab-play-") as folder, dllab.Store(self.home) as store:
                path = Path(folder) / "game.jellyrun"
                replays_of(env).write(replay, path)
                tags = (TAG, replay.difficulty)
                values = {"replay": str(path), "player": player[:40]}
                return dllab.launch(EXPERIMENT, values, store=store, tags=tags).id
        except (dllab.DllabError, OSError):
            return None

    def best(self, difficulty: str, limit: int = 5) -> list[tuple[str, int, int]]:
        """(player, score, level) of the best kept games on a difficulty, the best first."""
        try:
            with dllab.Store(self.home, read_only=True) as store:
                runs = store.runs(
                    experiment=EXPERIMENT, tags=(TAG, difficulty), statuses=("succeeded",),
                    sort="metric:score", limit=limit,
                )  # fmt: skip
                figures = [(run.params.get("player", ""), store.latest_metrics(run.id)) for run in runs]
        except (dllab.DllabError, OSError):
            return []
        return [(str(name), round(found["score"]), round(found.get("level", 0))) for name, found in figures]

    def best_on(self, difficulty: str, level: int) -> int | None:
        """The best kept score on one level, None where there is none."""
        scores = [score for _, score, where in self.best(difficulty, 200) if where == level]
        return max(scores, default=None)
