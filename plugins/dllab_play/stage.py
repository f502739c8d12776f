"""The game, whoever drives it and all that is laid over it: what a window shows and a film records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pygame

from dllab_play.game import Game, Ghost, Thought, reset_agent, think
from dllab_play.games import name_of
from dllab_play.panels import MINT, WHITE, Panels
from dllab_play.views import view_of
from dllab_play.words import Words

if TYPE_CHECKING:
    from dllab_play.learner import Learner


class Stage:
    """One game on a picture of width x height pixels. Moves by `advance`, shows itself by `paint`.

    agent: drives while `is_agent_driving`; ghosts run beside; learner: brings ever newer agents.
    """

    def __init__(
        self, game: Game, size: tuple[int, int], words: Words, *, title: str = "", agent: Any = None,
        ghosts: tuple[Ghost, ...] = (), learner: Learner | None = None, boxes: bool = False,
    ) -> None:  # fmt: skip
        self.game, self.words, self.title = game, words, title
        self.agent, self.ghosts, self.learner = agent, list(ghosts), learner
        self.is_agent_driving = agent is not None or learner is not None
        self.boxes, self.hides_agent = boxes, False
        self.view = view_of(game, *size, words.language)
        self.panels = Panels(*size, words)
        self.thought, self.chosen = Thought(), None
        self.action_names = self._action_names()
        self.happened: list[str] = []  # the names of the last step's events, for sounds

    def _action_names(self) -> list[str]:
        if self.game.is_jellyrun:
            return [self.words(f"action_{name}") for name in ("run", "jump", "slide")]
        return []

    def begin(self) -> None:
        """Start an episode, of ghosts too."""
        self.game.begin()
        level = None if self.game.snapshot is None else self.game.snapshot.level
        for ghost in self.ghosts:
            ghost.begin(None if level is None or level < 0 else int(level))
        reset_agent(self.agent)
        self.view.observe()
        self.thought, self.chosen, self.happened = Thought(), None, []

    def advance(self, person: int | None = 0) -> None:
        """One step: the agent's where it drives, else the person's action (0 for none)."""
        if self.learner is not None:
            self.agent = self.learner.agent or self.agent
        if self.is_agent_driving and self.agent is not None:
            self.thought = think(self.agent, self.game.observation)
            action, driver = self.agent.act(self.game.observation), name_of(self.agent)
            self.chosen = int(action) if np.ndim(action) == 0 else None
        elif self.is_agent_driving:
            action, driver = 0, "waiting"
        else:
            action, driver = person or 0, "person"
        self.game.step(action, driver)
        for ghost in self.ghosts:
            ghost.step()
        self.view.observe()
        snapshot = self.game.snapshot
        self.happened = [] if snapshot is None else [name for name, *_ in snapshot.events]

    def hand_over(self) -> bool:
        """Let the agent drive, or take back; False where there is no agent to drive."""
        if self.agent is None and self.learner is None:
            return False
        if not self.game.is_jellyrun:
            return False
        self.is_agent_driving = not self.is_agent_driving
        reset_agent(self.agent)
        self.thought, self.chosen = Thought(), None
        return True

    def paint(self, t: float = 1.0) -> pygame.Surface:
        """The picture a share t of the way into the present step, with everything that lies over it."""
        target = self.view.paint(t, self.ghosts, self.boxes)
        panels, words = self.panels, self.words
        if not self.game.is_jellyrun:
            panels.heading(target, self.title, words("reward", value=self.game.total, step=self.game.steps))
        if self.is_agent_driving and self.agent is not None and not self.hides_agent:
            panels.agent(target, name_of(self.agent), self.action_names, self.thought, self.chosen)
        if self.boxes and self.game.observation is not None:
            panels.seen(target, self.game.observation)
        if self.learner is not None:
            panels.learning(target, *self.learner.shown(words))
        for row, ghost in enumerate(self.ghosts):
            line = f"{words('ghost', name=ghost.name)}  {ghost.game.score:,.0f}"
            panels.line(target, line, MINT if ghost.game.score > self.game.score else WHITE, row)
        return target

    def remarks(self) -> list[str]:
        """How the game compares with each ghost's."""
        lines = []
        for ghost in self.ghosts:
            gap = round(self.game.score - ghost.game.score)
            key = "beat" if gap > 0 else "lost_to" if gap < 0 else "drew"
            lines.append(self.words(key, name=ghost.name, gap=abs(gap)))
        return lines

    def close(self) -> None:
        self.game.close()
        for ghost in self.ghosts:
            ghost.game.close()
        if self.learner is not None:
            self.learner.stop()
