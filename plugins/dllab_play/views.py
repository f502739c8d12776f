"""What a game looks like: JellyRun by its own painter, smooth between steps; anything else by its frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from dllab_play.game import Game, Ghost


class JellyView:
    """JellyRun at any size, its particles, ghosts and hitboxes."""

    is_smooth = True

    def __init__(self, game: Game, width: int, height: int, language: str) -> None:
        self.game = game
        self.painter = game.env.unwrapped.painter.Painter(width, height, language)

    def observe(self) -> None:
        """To be called after each step: particles are born of what happened in it."""
        self.painter.effects.observe(self.game.snapshot)

    def paint(self, t: float, ghosts: Sequence[Ghost] = (), boxes: bool = False) -> pygame.Surface:
        pairs = tuple(ghost.pair for ghost in ghosts)
        return self.painter.paint(self.game.snapshot, self.game.previous, t, ghosts=pairs, boxes=boxes)


class FrameView:
    """The frames of any environment, as large as fits, on a dark ground."""

    is_smooth = False

    def __init__(self, game: Game, width: int, height: int) -> None:
        self.game = game
        self.target = pygame.Surface((width, height), 0, 32)
        self._frame: np.ndarray | None = None

    def observe(self) -> None:
        frame = np.asarray(self.game.env.render())
        self._frame = frame if frame.dtype == np.uint8 and frame.ndim == 3 and frame.shape[2] >= 3 else None

    def paint(self, t: float, ghosts: Sequence[Ghost] = (), boxes: bool = False) -> pygame.Surface:
        self.target.fill((30, 20, 44))
        if self._frame is not None:
            height, width = self._frame.shape[:2]
            pixels = np.ascontiguousarray(self._frame[:, :, :3]).tobytes()
            picture = pygame.image.frombuffer(pixels, (width, height), "RGB")
            room_wide, room_tall = self.target.get_size()
            scale = min(room_wide / width, room_tall / height)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            shrink = pygame.transform.smoothscale if scale != int(scale) else pygame.transform.scale
            place = (room_wide - size[0]) // 2, (room_tall - size[1]) // 2
            self.target.blit(shrink(picture, size), place)
        return self.target


def view_of(game: Game, width: int, height: int, language: str) -> JellyView | FrameView:
    return JellyView(game, width, height, language) if game.is_jellyrun else FrameView(game, width, height)
