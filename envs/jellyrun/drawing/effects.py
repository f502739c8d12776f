"""Particles and rising numbers: what a step's events leave in the air for a moment.

Each is a closed formula of its age, so that it looks the same at any frame rate and in any replay.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import pygame

from jellyrun.drawing.lettering import Lettering
from jellyrun.drawing.sprites import Sprites

Colour = tuple[int, int, int]
MOST = 260  # particles alive at once
GOLD, WHITE, DUST = (255, 214, 70), (255, 255, 255), (250, 240, 224)
BURSTS: dict[str, tuple[Colour, ...]] = {
    "jelly": ((255, 150, 90), (160, 226, 110), (130, 190, 255), (222, 150, 255)),
    "coin": (GOLD, WHITE),
    "potion": ((255, 120, 160), WHITE),
    "giant": ((255, 160, 60), WHITE),
    "magnet": ((110, 160, 255), WHITE),
    "dash": (GOLD, WHITE),
}


@dataclass(frozen=True)
class Particle:
    """born: the step; (x, y), (vx, vy), gravity in world pixels and steps; life in steps; radius in units."""

    born: int
    x: float
    y: float
    vx: float
    vy: float
    gravity: float
    life: float
    colour: Colour
    radius: float
    words: str = ""


class Effects:
    """The particles of one runner's game. Tell it of each step once, in order; another game clears it."""

    def __init__(self, sprites: Sprites, lettering: Lettering) -> None:
        self.sprites, self.lettering = sprites, lettering
        self.particles: list[Particle] = []
        self.shake = 0.0
        self._last: tuple[str, int] = ("", -1)
        self._score = 0

    def observe(self, snapshot: Any) -> None:
        """Take in a step's events. A step that was seen already adds nothing."""
        game, step = f"{snapshot.seed_name}", int(snapshot.step)
        if game != self._last[0] or step < self._last[1]:
            self.particles.clear()
            self._score, self.shake = int(snapshot.score), 0.0
        elif step == self._last[1]:
            return
        self._last = (game, step)
        self.shake *= 0.7
        rng = random.Random(step * 7919 + int(snapshot.x))
        for name, x, y in snapshot.events:
            self._spawn(name, float(x), float(y), snapshot, rng)
        if (
            snapshot.on_ground
            and snapshot.ending is None
            and step % (2 if snapshot.dash or snapshot.sliding else 4) == 0
        ):
            self._puff(snapshot.x - 10, snapshot.y + 2, 1, DUST, step, rng, pace=0.6)
        if snapshot.dash and snapshot.ending is None:
            self._streak(snapshot, rng)
        gained = int(snapshot.score) - self._score
        self._score = int(snapshot.score)
        if gained >= 40:
            self._say(f"+{gained}", snapshot, GOLD)
        self.particles = [one for one in self.particles if step - one.born < one.life][-MOST:]

    def _spawn(self, name: str, x: float, y: float, snapshot: Any, rng: random.Random) -> None:
        what, _, thing = name.partition(":")
        step = int(snapshot.step)
        if what == "collected":
            colours = BURSTS.get(thing, (WHITE,))
            self._burst(x, y, 5 if thing in ("jelly", "coin") else 18, colours, step, rng, 2.2)
        elif what == "smashed":
            self.shake = 5.0
            self._burst(
                x,
                max(y, 20),
                22,
                ((176, 190, 208), (232, 62, 72), (206, 140, 255), WHITE),
                step,
                rng,
                6.5,
                0.09,
            )
        elif what == "hit":
            self.shake = 8.0
            self._burst(
                snapshot.x, snapshot.y + 20, 16, ((240, 62, 112), (255, 247, 230)), step, rng, 4.5, 0.08
            )
        elif what == "landed":
            self._puff(snapshot.x, snapshot.y + 2, 6, DUST, step, rng, pace=1.6)
        elif what in ("jumped", "double_jumped"):
            self._puff(snapshot.x, snapshot.y, 5 if what == "jumped" else 9, WHITE, step, rng, pace=1.4)
        elif what == "finished":
            for _ in range(5):
                place = snapshot.x + rng.uniform(-80, 260), rng.uniform(60, 200)
                self._burst(*place, 22, (*BURSTS["jelly"], GOLD), step, rng, 4.0, 0.07, 40)

    def _burst(
        self, x: float, y: float, count: int, colours: tuple[Colour, ...], step: int, rng: random.Random,
        pace: float, radius: float = 0.07, life: float = 16,
    ) -> None:  # fmt: skip
        for i in range(count):
            angle, speed = rng.uniform(0, 2 * math.pi), pace * rng.uniform(0.4, 1.0)
            self.particles.append(Particle(
                step, x, y, speed * math.cos(angle) + 1.5, speed * math.sin(angle) + 1, -0.25,
                life * rng.uniform(0.6, 1.0), colours[i % len(colours)], radius * rng.uniform(0.6, 1.2),
            ))  # fmt: skip

    def _puff(
        self, x: float, y: float, count: int, colour: Colour, step: int, rng: random.Random, pace: float
    ) -> None:
        for _ in range(count):
            self.particles.append(Particle(
                step, x + rng.uniform(-8, 8), y, pace * rng.uniform(-1, 1), pace * rng.uniform(0, 0.7), 0.02,
                rng.uniform(7, 12), colour, rng.uniform(0.07, 0.14),
            ))  # fmt: skip

    def _streak(self, snapshot: Any, rng: random.Random) -> None:
        y = snapshot.y + rng.uniform(4, 44)
        self.particles.append(Particle(snapshot.step, snapshot.x - 20, y, -3, 0, 0, 8, GOLD, 0.06))

    def _say(self, words: str, snapshot: Any, colour: Colour) -> None:
        x, y = snapshot.x + 14, snapshot.y + 62
        self.particles.append(
            Particle(snapshot.step, x, y, snapshot.speed * 0.9, 1.4, -0.03, 22, colour, 0.1, words)
        )

    def draw(self, target: pygame.Surface, camera: float, line: float, zoom: float, now: float) -> None:
        """camera: world x of the left edge; line: the ground's y; now: the step, with its fraction."""
        batch = []
        for one in self.particles:
            age = now - one.born
            if not 0 <= age < one.life:
                continue
            x = (one.x + one.vx * age - camera) * zoom
            y = line - (one.y + one.vy * age + one.gravity * age * age / 2) * zoom
            left = 1 - age / one.life
            if one.words:
                picture = self.lettering.write(one.words, 15 * zoom, one.colour)
            else:
                eighths = max(1, round(8 * left))
                picture = self.sprites.dot(one.colour, round(one.radius, 2) * eighths / 8, 230)
            batch.append((picture, (x - picture.get_width() / 2, y - picture.get_height() / 2)))
        target.blits(batch, doreturn=False)
