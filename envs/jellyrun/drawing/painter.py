"""The picture of a moment: scenery, things, runner, particles and figures, from a snapshot."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pygame

from jellyrun import rules
from jellyrun.drawing import runner, things
from jellyrun.drawing.effects import Effects
from jellyrun.drawing.hud import Hud
from jellyrun.drawing.lettering import Lettering
from jellyrun.drawing.moods import mood_of
from jellyrun.drawing.scenery import Scenery
from jellyrun.drawing.sprites import Sprites

UNIT = things.UNIT
NATURAL_SIZE = rules.VIEW_WIDTH, rules.VIEW_HEIGHT  # world pixels
MAGNET_FIELD = 2.4  # units of the ring that shows a magnet at work


class Painter:
    """Paints snapshots of the game on pictures of width x height pixels. Needs no display.

    language: "en" or "ko": of the few words in the picture. Larger pictures show the same in finer detail;
    the view keeps the area of 512 x 288 world pixels, so that 288 x 512 sees less ahead and more sky.
    """

    def __init__(
        self, width: int = NATURAL_SIZE[0], height: int = NATURAL_SIZE[1], language: str = "en"
    ) -> None:
        self.width, self.height = int(width), int(height)
        self.zoom = math.sqrt(width * height / math.prod(NATURAL_SIZE))
        self.line = self.height - round(rules.GROUND_Y * self.zoom)
        self.sprites = Sprites(self.width, self.height, UNIT * self.zoom)
        self.lettering = Lettering()
        self.hud = Hud(self.width, self.height, self.zoom, self.sprites, self.lettering, language)
        self.effects = Effects(self.sprites, self.lettering)
        self.target = pygame.Surface((self.width, self.height), 0, 32)

    def array(self, snapshot: Any) -> np.ndarray:
        """The picture as uint8 (height, width, 3), the figures on it."""
        self.effects.observe(snapshot)
        return pixels_of(self.paint(snapshot))

    def paint(
        self, snapshot: Any, previous: Any = None, t: float = 1.0, *,
        ghosts: tuple[tuple[Any, Any], ...] = (), hud: bool = True, boxes: bool = False,
    ) -> pygame.Surface:  # fmt: skip
        """The picture a share t of the way from the snapshot of the step before to this one.

        ghosts: pairs (snapshot, snapshot before) of others on the same level; boxes: show what touches what.
        The surface is painted over by the next call.
        """
        target, zoom = self.target, self.zoom
        x, y = between(previous, snapshot, t)
        camera = x - rules.PLAYER_SCREEN_X
        scenery = self.sprites.scenery(mood_of(snapshot.difficulty, int(snapshot.level)))
        now = float(snapshot.step) - 1 + t
        shake = self.effects.shake * zoom * math.sin(now * 2.7)
        line = self.line + round(shake * 0.5)
        target.blit(scenery.sky, (0, 0))
        for layer in scenery.layers:
            layer.draw(target, camera * zoom)
        self._ground(scenery, snapshot, camera, line)
        self._obstacles(snapshot, camera, line)
        self._items(snapshot, camera, line, now)
        for ghost, before in ghosts:
            self._runner(ghost, *between(before, ghost, t), camera, line, "ghost")
        self._runner(snapshot, x, y, camera, line, "runner")
        self.effects.draw(target, camera, line, zoom, now)
        if boxes:
            self._boxes(snapshot, camera, line)
        if hud:
            self.hud.draw(target, snapshot)
        return target

    def _ground(self, scenery: Scenery, snapshot: Any, camera: float, line: int) -> None:
        zoom, target = self.zoom, self.target
        ground = scenery.ground
        ground.top = line
        ground.draw(target, camera * zoom)
        rim = max(1, round(3 * zoom))
        for x0, x1, kind, _ in snapshot.obstacles:
            if kind != rules.PIT:
                continue
            left, right = round((x0 - camera) * zoom), round((x1 - camera) * zoom)
            target.blit(scenery.pit, (left, line), (0, 0, right - left, self.height - line))
            for side in (left, right - rim):
                pygame.draw.rect(target, (60, 30, 50), (side, line, rim, self.height - line))

    def _obstacles(self, snapshot: Any, camera: float, line: int) -> None:
        zoom, batch = self.zoom, []
        margin = things.MARGIN * UNIT * zoom
        for x0, x1, kind, smashed in snapshot.obstacles:
            name = rules.OBSTACLE_NAMES[kind]
            left = (x0 - camera) * zoom
            if smashed or name == "pit" or left > self.width or (x1 - camera) * zoom < -margin:
                continue
            wide = float(x1 - x0) / UNIT
            if name == "overhead":
                tall = (line / zoom - rules.OVERHEAD_BOTTOM) / UNIT
                picture = self.sprites.obstacle(name, wide, math.ceil(tall))
                top = line - rules.OVERHEAD_BOTTOM * zoom + margin - picture.get_height()
            else:
                picture = self.sprites.obstacle(name, wide, rules.OBSTACLE_TOP[kind] / UNIT)
                top = line + margin - picture.get_height()
            batch.append((picture, (left - margin, top)))
        self.target.blits(batch, doreturn=False)

    def _items(self, snapshot: Any, camera: float, line: int, now: float) -> None:
        zoom, batch, sprites = self.zoom, [], self.sprites
        for x, y, kind in snapshot.items:
            place = (x - camera) * zoom
            if not -40 * zoom < place < self.width + 40 * zoom:
                continue
            name = rules.ITEM_NAMES[kind]
            if name == "jelly":
                picture, bob = sprites.jelly(int(x) // 48), 0.0
            elif name == "coin":
                picture, bob = sprites.coin(int(now / 2 + x / 24)), 0.0
            else:
                picture, bob = sprites.power(name), 3 * math.sin(now / 6 + x)
            half_wide, half_tall = picture.get_width() / 2, picture.get_height() / 2
            batch.append((picture, (place - half_wide, line - (y + bob) * zoom - half_tall)))
        self.target.blits(batch, doreturn=False)

    def _runner(self, snapshot: Any, x: float, y: float, camera: float, line: int, kind: str) -> None:
        zoom, sprites, target = self.zoom, self.sprites, self.target
        size = 2.0 if snapshot.giant else 1.0
        name, stride = pose_of(snapshot, x)
        place = (x - camera) * zoom
        if y >= 0 and not snapshot.falling:
            shade = sprites.shadow(size * max(0.5, 1.1 - y / 200))
            target.blit(shade, (place - shade.get_width() / 2, line - shade.get_height() * 0.4))
        if kind == "runner" and snapshot.magnet:
            ring = sprites.ring(MAGNET_FIELD + 0.2 * (int(snapshot.step) // 3 % 3), (110, 160, 255))
            target.blit(
                ring, (place - ring.get_width() / 2, line - (y + 22 * size) * zoom - ring.get_height() / 2)
            )
        is_flash = (
            kind == "runner" and snapshot.invulnerable and int(snapshot.step) % 4 < 2 and not snapshot.giant
        )
        picture = sprites.runner(name, stride, size, "flash" if is_flash else kind)
        left = place - picture.get_width() / 2
        top = line - y * zoom + runner.FOOT * UNIT * zoom * size - picture.get_height()
        if kind == "runner" and snapshot.dash:
            trail = sprites.runner(name, stride, size, "trail")
            for back in (36, 18):
                target.blit(trail, (left - back * zoom, top))
        target.blit(picture, (left, top))

    def _boxes(self, snapshot: Any, camera: float, line: int) -> None:
        """Rectangles of what touches what: red hurts, green is the body, yellow is to be had."""
        zoom, target = self.zoom, self.target

        def box(colour: tuple[int, int, int], x0: float, y0: float, x1: float, y1: float) -> None:
            area = pygame.Rect((x0 - camera) * zoom, line - y1 * zoom, (x1 - x0) * zoom, (y1 - y0) * zoom)
            pygame.draw.rect(target, colour, area, max(1, round(1.4 * zoom)))

        for x0, x1, kind, smashed in snapshot.obstacles:
            low = {rules.OVERHEAD: rules.OVERHEAD_BOTTOM, rules.PIT: -rules.GROUND_Y}.get(int(kind), 0)
            inset = 0 if kind == rules.PIT else rules.OBSTACLE_INSET
            colour = (150, 150, 160) if smashed else (255, 60, 60)
            box(colour, x0 + inset, low, x1 - inset, rules.OBSTACLE_TOP[kind])
        for x, y, _ in snapshot.items:
            reach = rules.ITEM_RADIUS
            box((255, 226, 60), x - reach, y - reach, x + reach, y + reach)
        box((70, 255, 120), *snapshot.hitbox)


def between(previous: Any, snapshot: Any, t: float) -> tuple[float, float]:
    """Where the feet are a share t of the way; the present place where there was none in the same game."""
    x, y = float(snapshot.x), float(snapshot.y)
    if previous is None or previous.step != snapshot.step - 1 or t >= 1:
        return x, y
    return float(previous.x) + (x - float(previous.x)) * t, float(previous.y) + (y - float(previous.y)) * t


def pose_of(snapshot: Any, x: float) -> tuple[str, int]:
    """Which pose and which picture of the stride a snapshot shows."""
    if snapshot.ending == "finished":
        return "happy", 0
    if snapshot.ending is not None or snapshot.falling or any(name == "hit" for name, *_ in snapshot.events):
        return "hurt", 0
    if snapshot.sliding:
        return "slide", 0
    if snapshot.on_ground:
        return "run", int(x / (96 / runner.STRIDES)) % runner.STRIDES
    if snapshot.vy > 0:
        return ("double" if int(snapshot.jumps_left) == 0 else "jump"), 0
    return "fall", 0


def pixels_of(surface: pygame.Surface) -> np.ndarray:
    """A surface of 32 bits as a fresh array, uint8 (height, width, 3)."""
    width, height = surface.get_size()
    return np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8).reshape(height, width, 3)
