"""The plain window of Gymnasium's render mode "human". `dllab play` brings a richer one."""

from __future__ import annotations

from typing import Any

import pygame

from jellyrun import rules
from jellyrun.drawing.painter import Painter


class DisplayError(RuntimeError):
    """There is no display to open a window on."""


class Window:
    """Shows snapshots at the game's own pace. Raises DisplayError where there is no display."""

    def __init__(self, width: int = 1024, height: int = 576) -> None:
        self.painter = Painter(width, height)
        try:
            pygame.display.init()
            self.screen = pygame.display.set_mode((width, height))
        except pygame.error as error:
            pygame.display.quit()
            message = f"no display for a window ({error}): use render_mode='rgb_array', which needs none"
            raise DisplayError(message) from error
        pygame.display.set_caption("JellyRun")
        self.clock = pygame.time.Clock()
        self.is_open = True

    def show(self, snapshot: Any) -> None:
        """Paint a snapshot and wait until the next is due. After the user closed the window, does nothing."""
        if not self.is_open:
            return
        if pygame.event.peek(pygame.QUIT):
            self.close()
            return
        pygame.event.pump()
        self.painter.effects.observe(snapshot)
        self.screen.blit(self.painter.paint(snapshot), (0, 0))
        pygame.display.flip()
        self.clock.tick(rules.STEPS_PER_SECOND)

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            pygame.display.quit()
