"""From keys that go down and up at any time to one action for each step of the game."""

from __future__ import annotations

RUN, JUMP, SLIDE = 0, 1, 2


class Controls:
    """What a person wants. A tap between two steps counts; a second tap is a second jump.

    The game starts a jump when the action turns to JUMP, so between two jumps there is a step of another.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._is_jump_down = self._is_slide_down = False
        self._jumps, self._slid = 0, False
        self._last = RUN

    def press_jump(self) -> None:
        self._is_jump_down = True
        self._jumps = min(self._jumps + 1, 2)

    def release_jump(self) -> None:
        self._is_jump_down = False

    def press_slide(self) -> None:
        self._is_slide_down = self._slid = True

    def release_slide(self) -> None:
        self._is_slide_down = False

    def action(self) -> int:
        """The action of the next step."""
        if self._jumps and self._last != JUMP:
            self._jumps -= 1
            self._last = JUMP
        elif self._jumps:
            self._last = RUN  # let go for a step, so that the next jump is another
        elif self._is_slide_down or self._slid:
            self._slid = False
            self._last = SLIDE
        elif not (self._is_jump_down and self._last == JUMP):
            self._last = RUN
        return self._last
