"""The window: a loop of sixty pictures a second over a game of thirty steps a second, and the keys."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pygame

import dllab
from dllab_play.film import FPS, Film
from dllab_play.game import Ghost
from dllab_play.games import name_of, save_replay
from dllab_play.keys import Controls
from dllab_play.panels import GOLD, PINK
from dllab_play.quiet import quiet_libraries
from dllab_play.scores import Scores
from dllab_play.sound import Sounds
from dllab_play.stage import Stage
from dllab_play.words import Words

PICTURES_PER_S = 60
STEPS_PER_S = 30
SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
MOST_STEPS = 16  # in one picture: a window that was held up does not race afterwards
REST_S = 1.2  # between an agent's games
NOTE_S = 3.0
DIFFICULTIES = ("easy", "normal", "hard", "ramp")
JUMP_KEYS = (pygame.K_SPACE, pygame.K_UP)
SLIDE_KEYS = (pygame.K_DOWN,)


def open_screen(size: tuple[int, int], words: Words) -> pygame.Surface:
    """The window. Raises UsageError, with the remedy, where there is no display."""
    try:
        with quiet_libraries():
            pygame.display.init()
        if pygame.display.get_driver() == "offscreen":
            raise pygame.error("offscreen")
        with warnings.catch_warnings(), quiet_libraries():
            warnings.simplefilter("ignore")  # "no fast renderer": it is fast enough
            screen = pygame.display.set_mode(size, pygame.SCALED | pygame.RESIZABLE)
    except pygame.error as error:
        pygame.display.quit()
        raise dllab.UsageError(words("no_display", error=error)) from error
    pygame.display.set_caption(words("title"))
    return screen


class Window:
    """Shows a stage until the user has enough.

    stage_of: makes the stage of a difficulty, for the menu. race: makes the ghost of the agent, None where
    there is none to race.
    """

    def __init__(
        self, stage: Stage, size: tuple[int, int], words: Words, *, scores: Scores, sounds: Sounds,
        stage_of: Callable[[str], Stage] | None = None, race: Callable[[Stage], Ghost | None] | None = None,
        player: str = "", film: Film | None = None, speed: float = 1.0, episodes: int | None = None,
        steps: int | None = None, with_menu: bool = False, save: Path | None = None,
        is_replay: bool = False,
    ) -> None:  # fmt: skip
        self.stage, self.words, self.scores, self.sounds = stage, words, scores, sounds
        self.stage_of, self.race, self.player = stage_of, race, player
        self.film, self.save, self.is_replay = film, save, is_replay
        self.speed, self.episodes, self.steps = speed, episodes, steps
        self.screen = open_screen(size, words)
        self.sounds.open()
        self.mode = "menu" if with_menu else "run"
        self.controls, self.clock = Controls(), pygame.time.Clock()
        self.shows_help = self.is_done = False
        self.note, self.note_until = "", 0.0
        self.owed, self.rest_until, self.film_owed = 0.0, 0.0, 0.0
        self.best_before: int | None = None
        self.menu_scores: list[tuple[str, int, int]] = []
        self.cpu_ms: list[float] = []  # of each picture, for the measurement
        self._take_stage(stage)

    # ---- the loop

    def run(self) -> None:
        """Until the user quits, or the episodes or steps that were asked for are over."""
        try:
            while not self.is_done:
                passed = min(self.clock.tick(PICTURES_PER_S) / 1000, 0.25)
                began = time.process_time()
                for event in pygame.event.get():
                    self.hear(event)
                self.move(passed)
                self.show(passed)
                self.cpu_ms.append((time.process_time() - began) * 1000)
        finally:
            if self.film is not None:
                self._end_film()
            pygame.display.quit()

    def move(self, passed: float) -> None:
        """As many steps as the time that has passed holds."""
        stage = self.stage
        is_resting = self.mode == "over"
        if (
            is_resting
            and stage.is_agent_driving
            and not self.is_replay
            and time.monotonic() > self.rest_until
        ):
            self.start()
        if self.mode not in ("run", "over") or self.shows_help:
            return
        self.owed += passed * STEPS_PER_S * self.speed
        for _ in range(min(int(self.owed), MOST_STEPS)):
            if self.mode == "run":
                self.step()
            elif is_resting:  # ghosts run on, so that the comparison is one of whole games
                for ghost in stage.ghosts:
                    ghost.step()
        self.owed %= 1.0

    def step(self) -> None:
        """One step of the game, with its sounds, and its end."""
        self.stage.advance(self.controls.action())
        self.sounds.play(self.stage.happened)
        if self.steps is not None:
            self.steps -= 1
            self.is_done = self.is_done or self.steps <= 0
        if (
            self.is_replay
            and self.stage.is_agent_driving
            and self.stage.game.steps >= len(self.stage.agent.actions)
        ):
            self.mode = "over"  # also where the recording was broken off
        elif self.stage.game.is_over:
            self._end_game()

    def show(self, passed: float) -> None:
        """The present picture, on the window and on the film."""
        share = self.owed if self.mode == "run" and self.stage.view.is_smooth else 1.0
        picture = self.stage.paint(share)
        self._lay_over(picture)
        if self.film is not None:
            self.film_owed += passed * FPS
            while self.film_owed >= 1:
                self.film.add(picture)
                self.film_owed -= 1
            self._mark(picture)
        with suppress(pygame.error):  # a window that was closed between two pictures
            self.screen.blit(picture, (0, 0))
            pygame.display.flip()

    def _lay_over(self, picture: pygame.Surface) -> None:
        panels, stage = self.stage.panels, self.stage
        if self.speed != 1 and self.mode in ("run", "pause"):
            said, top = self.words("speed", speed=self.speed), 70 * panels.unit
            panels.text(picture, said, panels.width / 2, top, 20, GOLD, align=0.5, outline=True)
        if self.mode == "menu":
            snapshot = stage.game.snapshot
            panels.menu(picture, snapshot.difficulty, int(snapshot.level), self.menu_scores)
        elif self.mode == "pause":
            panels.paused(picture)
        elif self.mode == "over" and stage.game.is_jellyrun and not stage.is_agent_driving:
            ending = stage.game.snapshot.ending or "time"
            panels.over(picture, ending, int(stage.game.score), self.best_before, stage.remarks())
        elif self.mode == "over" and stage.game.is_jellyrun:
            panels.ended(
                picture, stage.game.snapshot.ending or "none", int(stage.game.score), stage.remarks()
            )
        if self.shows_help:
            panels.help(picture)
        if self.note and time.monotonic() < self.note_until:
            panels.line(picture, self.note, GOLD, len(stage.ghosts))

    def _mark(self, picture: pygame.Surface) -> None:
        """The sign that a film is being made, on the window only."""
        u, right, low = (
            self.stage.panels.unit,
            picture.get_width(),
            picture.get_height() - 48 * self.stage.panels.unit,
        )
        pygame.draw.circle(picture, (255, 60, 60), (right - 74 * u, low + 10 * u), 7 * u)
        self.stage.panels.text(picture, self.words("recording"), right - 62 * u, low, 16, PINK, outline=True)

    # ---- what happens

    def _take_stage(self, stage: Stage) -> None:
        self.stage = stage
        if stage.game.snapshot is None and stage.game.observation is None:
            stage.begin()
        if stage.game.is_jellyrun:
            self.menu_scores = self.scores.best(stage.game.snapshot.difficulty)

    def start(self, level: int | None = None) -> None:
        """Begin a game: on this level, or on the same again."""
        if self.episodes is not None and self.stage.game.episodes >= self.episodes:
            self.is_done = True
            return
        if level is not None:
            self.stage.game.level = level
        self.stage.begin()
        self.controls.clear()
        self.mode, self.owed = "run", 0.0

    def _end_game(self) -> None:
        """What a finished game leaves: a replay, a score in the store, a table."""
        self.mode, self.rest_until = "over", time.monotonic() + REST_S
        game = self.stage.game
        if not game.is_jellyrun:
            return
        is_persons = game.drivers == {"person"}
        if self.stage.is_agent_driving and not self.stage.ghosts and game.level is not None:
            game.level += 1  # an agent goes on to the next level by itself
        replay = game.replay(self.player if is_persons else "+".join(sorted(game.drivers)))
        if self.save is not None:
            save_replay(game.env, replay, self.save, self.words)
        if is_persons:
            snapshot = game.snapshot
            self.best_before = self.scores.best_on(snapshot.difficulty, int(snapshot.level))
            self.show(0)
            run_id = self.scores.keep(game.env, replay, self.player)
            if run_id is not None:
                self.say(self.words("kept", run=run_id))
            self.menu_scores = self.scores.best(snapshot.difficulty)

    def say(self, note: str) -> None:
        self.note, self.note_until = note, time.monotonic() + NOTE_S

    # ---- keys

    def hear(self, event: pygame.event.Event) -> None:
        """One event of the window."""
        if event.type == pygame.QUIT:
            self.is_done = True
        elif event.type == pygame.KEYUP:
            if event.key in JUMP_KEYS:
                self.controls.release_jump()
            elif event.key in SLIDE_KEYS:
                self.controls.release_slide()
        elif event.type == pygame.KEYDOWN:
            if self.shows_help and event.key not in (pygame.K_q, pygame.K_F1):
                self.shows_help = False
            elif self.mode == "menu":
                self._menu_key(event.key)
            else:
                self._key(event.key, event.unicode)

    def _key(self, key: int, letter: str) -> None:
        if self.mode == "run" and not self.stage.is_agent_driving and key in JUMP_KEYS:
            self.controls.press_jump()
        elif self.mode == "run" and not self.stage.is_agent_driving and key in SLIDE_KEYS:
            self.controls.press_slide()
        elif letter and letter in "+=":
            self._change_speed(1)
        elif letter and letter in "-_":
            self._change_speed(-1)
        elif self.mode == "over" and key in (pygame.K_SPACE, pygame.K_RETURN):
            self.start()
        elif key in self._ACTIONS:
            self._ACTIONS[key](self)

    def _menu_key(self, key: int) -> None:
        game = self.stage.game
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE):
            self.stage.is_agent_driving = False
            self.start()
        elif key in (pygame.K_LEFT, pygame.K_RIGHT) and self.stage_of is not None:
            at = DIFFICULTIES.index(game.snapshot.difficulty) + (1 if key == pygame.K_RIGHT else -1)
            before, level = self.stage, game.level
            stage = self.stage_of(DIFFICULTIES[at % len(DIFFICULTIES)])
            stage.game.level = level
            stage.is_agent_driving = before.is_agent_driving
            before.close()
            self._take_stage(stage)
        elif key in (pygame.K_UP, pygame.K_DOWN):
            game.level = max(0, (game.level or 0) + (1 if key == pygame.K_UP else -1))
            self.stage.begin()
        elif key == pygame.K_w:
            if self._has_agent():
                self.stage.is_agent_driving = True
                self.start()
        elif key in (pygame.K_F1, pygame.K_QUESTION):
            self.shows_help = True
        elif key in (pygame.K_q, pygame.K_ESCAPE):
            self.is_done = True

    def _has_agent(self) -> bool:
        if self.stage.agent is None and self.stage.learner is None:
            self.say(self.words("no_agent"))
            return False
        return True

    def _pause(self) -> None:
        self.mode = {"run": "pause", "pause": "run"}.get(self.mode, self.mode)

    def _single_step(self) -> None:
        if self.mode == "run":
            self.mode = "pause"
        elif self.mode == "pause":
            self.mode = "run"
            self.step()
            self.mode = "pause" if self.mode == "run" else self.mode

    def _next_level(self) -> None:
        if self.is_replay:
            return
        game = self.stage.game
        is_numbered = game.is_jellyrun and int(game.snapshot.level) >= 0
        self.start(
            (game.level if game.level is not None else int(game.snapshot.level)) + 1 if is_numbered else None
        )

    def _hand_over(self) -> None:
        if self._has_agent() and self.stage.hand_over():
            self.controls.clear()
            name = name_of(self.stage.agent) if self.stage.agent is not None else "ppo"
            said = (
                self.words("agent_drives", name=name)
                if self.stage.is_agent_driving
                else self.words("you_drive")
            )
            self.say(said)
            if self.mode == "over":
                self.start()

    def _race(self) -> None:
        """The person against the agent on the same level, from its beginning."""
        ghost = self.race(self.stage) if self.race is not None and self._has_agent() else None
        if ghost is None:
            return
        for old in self.stage.ghosts:
            old.game.close()
        self.stage.ghosts = [ghost]
        self.stage.is_agent_driving = False
        self.start(int(self.stage.game.snapshot.level))

    def _change_speed(self, by: int) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - self.speed))
        self.speed = SPEEDS[min(max(nearest + by, 0), len(SPEEDS) - 1)]

    def _toggle_film(self) -> None:
        if self.film is None:
            name = time.strftime("jellyrun-%Y%m%d-%H%M%S.mp4")
            self.film = Film(Path.cwd() / name, self.words)
            self.film_owed = 0.0
        else:
            self._end_film()

    def _end_film(self) -> None:
        film, self.film = self.film, None
        if film is not None and (path := film.close()) is not None:
            self.say(self.words("saved_video", path=path.name))

    def _menu(self) -> None:
        if self.stage_of is not None:
            self.mode = "menu"
            self.stage.ghosts = []
            self.stage.begin()

    def _toggle_boxes(self) -> None:
        self.stage.boxes = not self.stage.boxes

    def _help(self) -> None:
        self.shows_help = not self.shows_help

    def _quit(self) -> None:
        self.is_done = True

    def _sound(self) -> None:
        self.sounds.toggle()

    _ACTIONS = {  # noqa: RUF012  a table of keys
        pygame.K_p: _pause, pygame.K_PERIOD: _single_step, pygame.K_r: lambda self: self.start(),
        pygame.K_n: _next_level, pygame.K_h: _toggle_boxes, pygame.K_a: _hand_over, pygame.K_g: _race,
        pygame.K_v: _toggle_film, pygame.K_s: _sound, pygame.K_m: _menu, pygame.K_F1: _help,
        pygame.K_QUESTION: _help, pygame.K_q: _quit, pygame.K_ESCAPE: _quit,
    }  # fmt: skip
