"""The window itself, driven by real key events on SDL's dummy screen."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest

from dllab_play.film import Film
from dllab_play.game import Game, Ghost
from dllab_play.games import load_agent, make_env
from dllab_play.scores import Scores
from dllab_play.sound import Sounds, made
from dllab_play.stage import Stage
from dllab_play.window import SPEEDS, Window
from dllab_play.words import TEXTS, Words, language_of

SIZE = (320, 180)
FRAME_S = 1 / 60


@pytest.fixture(autouse=True)
def dummy_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    yield
    pygame.display.quit()


@pytest.fixture
def window(home: Path) -> Iterator[Window]:
    """On level 2 of easy, the heuristic beside; in the menu."""
    words = Words("en")

    def stage_of(difficulty: str = "easy") -> Stage:
        agent = load_agent("jellyrun/heuristic")
        stage = Stage(
            Game(make_env("jellyrun", words, agent, difficulty=difficulty), level=2), SIZE, words, agent=agent
        )
        stage.is_agent_driving = False
        return stage

    def race(stage: Stage) -> Ghost:
        agent = load_agent("jellyrun/heuristic")
        return Ghost("heuristic", make_env("jellyrun", words, agent), agent=agent)

    opened = Window(
        stage_of(), SIZE, words, scores=Scores(home), sounds=Sounds(False), stage_of=stage_of, race=race,
        player="Ada", with_menu=True,
    )  # fmt: skip
    yield opened
    opened.stage.close()


def press(window: Window, key: int, letter: str = "") -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=letter))
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=key))
    frames(window, 1)


def frames(window: Window, count: int, until: Callable[[], bool] = lambda: False) -> None:
    for _ in range(count):
        for event in pygame.event.get():
            window.hear(event)
        window.move(FRAME_S)
        window.show(FRAME_S)
        if until():
            return


def pixels(window: Window) -> bytes:
    return pygame.image.tobytes(window.screen, "RGB")


def test_sixty_pictures_a_second_show_thirty_steps(window: Window) -> None:
    press(window, pygame.K_RETURN)
    before = window.stage.game.steps
    pictures = set()
    for _ in range(20):
        frames(window, 1)
        pictures.add(pixels(window))
    assert window.stage.game.steps - before == 10
    assert len(pictures) >= 19, "pictures between steps differ: the movement is interpolated"


def test_jump_and_slide_reach_the_game(window: Window) -> None:
    press(window, pygame.K_RETURN)
    frames(window, 10)
    press(window, pygame.K_SPACE)
    frames(window, 4)
    assert not window.stage.game.snapshot.on_ground and 1 in window.stage.game.actions
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_DOWN, unicode=""))
    frames(window, 60)
    assert window.stage.game.snapshot.sliding


def test_pause_stops_the_game_and_a_single_step_is_one_step(window: Window) -> None:
    press(window, pygame.K_RETURN)
    frames(window, 6)
    press(window, pygame.K_p)
    steps = window.stage.game.steps
    frames(window, 10)
    assert window.stage.game.steps == steps
    for _ in range(3):
        press(window, pygame.K_PERIOD, ".")
    assert window.stage.game.steps == steps + 3 and window.mode == "pause"
    press(window, pygame.K_p)
    frames(window, 4)
    assert window.stage.game.steps > steps + 3


def test_again_and_next_level(window: Window) -> None:
    press(window, pygame.K_RETURN)
    frames(window, 20)
    press(window, pygame.K_r)
    assert window.stage.game.snapshot.level == 2 and window.stage.game.steps <= 1
    press(window, pygame.K_n)
    assert window.stage.game.snapshot.level == 3


def test_speed_changes_by_plus_and_minus_within_bounds(window: Window) -> None:
    press(window, pygame.K_RETURN)
    for _ in range(10):
        press(window, pygame.K_PLUS, "+")
    assert window.speed == max(SPEEDS)
    for _ in range(10):
        press(window, pygame.K_MINUS, "-")
    assert window.speed == min(SPEEDS)


def test_the_menu_changes_difficulty_and_level(window: Window) -> None:
    press(window, pygame.K_RIGHT)
    assert window.stage.game.snapshot.difficulty == "normal"
    press(window, pygame.K_UP)
    assert window.stage.game.snapshot.level == 3
    for _ in range(5):
        press(window, pygame.K_DOWN)
    assert window.stage.game.snapshot.level == 0
    press(window, pygame.K_LEFT)
    press(window, pygame.K_LEFT)
    assert window.stage.game.snapshot.difficulty == "ramp" and window.mode == "menu"


def test_help_pause_hitboxes_and_menu_each_look_their_own_way(window: Window) -> None:
    looks = {pixels(window)} if frames(window, 1) is None else set()
    press(window, pygame.K_RETURN)
    press(window, pygame.K_p)
    looks.add(pixels(window))
    press(window, pygame.K_F1)
    assert window.shows_help
    looks.add(pixels(window))
    press(window, pygame.K_F1)
    press(window, pygame.K_h)
    assert window.stage.boxes
    looks.add(pixels(window))
    assert len(looks) == 4


def test_the_agent_takes_over_and_gives_back(window: Window) -> None:
    press(window, pygame.K_RETURN)
    press(window, pygame.K_a)
    frames(window, 20)
    assert window.stage.is_agent_driving and "heuristic" in window.stage.game.drivers
    press(window, pygame.K_a)
    frames(window, 4)
    assert not window.stage.is_agent_driving and "person" in window.stage.game.drivers


def test_play_lends_the_best_agent_of_the_lab(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dllab.cli import main

    drivers = set()

    def keys(window: Window) -> None:
        press(window, pygame.K_a)
        frames(window, 20)
        drivers.update(window.stage.game.drivers)

    monkeypatch.setattr(Window, "run", keys)
    assert main(["play", "jellyrun", "--level", "2", "--size", "320x180", "--mute", "--no-keep"]) == 0
    assert any("ppo-easy" in driver for driver in drivers)


def test_a_race_runs_both_on_the_same_level_and_tells_who_was_ahead(window: Window) -> None:
    press(window, pygame.K_RETURN)
    press(window, pygame.K_g)
    (ghost,) = window.stage.ghosts
    window.speed = 8.0
    frames(window, 500, until=lambda: window.mode == "over")
    assert ghost.game.snapshot.level == window.stage.game.snapshot.level == 2
    assert ghost.game.steps == min(ghost.game.steps, window.stage.game.steps)
    (remark,) = window.stage.remarks()
    assert "heuristic" in remark


def test_a_ghost_runs_on_after_the_person_is_out(window: Window) -> None:
    press(window, pygame.K_RETURN)
    press(window, pygame.K_g)
    (ghost,) = window.stage.ghosts
    window.speed = 8.0
    frames(window, 500, until=lambda: window.mode == "over")
    frames(window, 1500, until=lambda: ghost.game.is_over)
    assert ghost.game.is_over and ghost.game.steps >= window.stage.game.steps


def test_a_replay_in_the_window_stops_at_its_end_and_starts_again(home: Path) -> None:
    from dllab_play.replaying import Recorded

    words = Words("en")
    game = Game(make_env("jellyrun", words), level=1)
    stage = Stage(game, SIZE, words, agent=Recorded("Ada", [0] * 30 + [1] * 5, game))
    window = Window(stage, SIZE, words, scores=Scores(home, False), sounds=Sounds(False), is_replay=True)
    frames(window, 200, until=lambda: window.mode == "over")
    assert game.steps == 35 and not game.is_over, "it was broken off there"
    frames(window, 120)
    press(window, pygame.K_n)
    assert window.mode == "over" and game.snapshot.level == 1
    press(window, pygame.K_r)
    assert window.mode == "run" and game.steps <= 1
    stage.close()


def test_a_finished_game_is_kept_as_a_proved_score_and_shown(window: Window, home: Path) -> None:
    import dllab

    press(window, pygame.K_RETURN)
    window.speed = 8.0
    frames(window, 500, until=lambda: window.mode == "over")
    frames(window, 1)
    score = int(window.stage.game.score)
    assert window.scores.best("easy") == [("Ada", score, 2)]
    assert window.scores.best_on("easy", 2) == score and window.scores.best_on("easy", 3) is None
    with dllab.Store(home) as store:
        (run,) = store.runs(experiment="jellyrun-replay", tags=("high-score",))
        assert run.status == "succeeded" and len(store.checks(run.id)) == 2


def test_a_game_that_an_agent_helped_with_is_no_high_score(window: Window) -> None:
    press(window, pygame.K_RETURN)
    frames(window, 10)
    press(window, pygame.K_a)
    frames(window, 10)
    press(window, pygame.K_a)
    window.speed = 8.0
    frames(window, 500, until=lambda: window.mode == "over")
    assert window.scores.best("easy") == []


def test_a_video_is_recorded_and_stopped_by_a_key(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import av

    monkeypatch.chdir(tmp_path)
    press(window, pygame.K_RETURN)
    press(window, pygame.K_v)
    frames(window, 30)
    press(window, pygame.K_v)
    (path,) = tmp_path.glob("*.mp4")
    with av.open(str(path)) as video:
        assert 12 <= sum(1 for _ in video.decode(video=0)) <= 18, "thirty pictures a second"


def test_closing_the_window_ends_the_loop(window: Window) -> None:
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    window.run()
    assert window.is_done


def test_a_film_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    import dllab

    film = Film(tmp_path / "gone" / "film.mp4", Words("en"))
    with pytest.raises(dllab.UsageError, match="cannot be written"):
        film.add(pygame.Surface((64, 64)))
        film.close()


def test_sounds_are_soft_and_silence_without_a_device_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(np.abs(samples).max() < 0.7 for samples in made().values())
    playing = Sounds()
    playing.open()
    playing.play(["jumped", "collected:jelly", "collected:giant", "nothing"])
    playing.close()
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    silent = Sounds()
    silent.open()
    silent.play(["jumped"])
    assert not silent.is_on and not silent.toggle()


def test_every_text_has_both_languages_with_the_same_places() -> None:
    import string

    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key for key, (english, korean) in TEXTS.items() if places(english) != places(korean)} == set()
    assert len(TEXTS["help"][0].split("\n")) == len(TEXTS["help"][1].split("\n"))


@pytest.mark.parametrize("locale", ["ko_KR.UTF-8", "en_US.UTF-8", "C.UTF-8", ""])
def test_the_window_speaks_the_language_of_the_lab(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from dllab.texts import language

    for name in ("DLLAB_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert language_of(object()) == language()


def test_without_a_display_the_command_names_the_remedy_in_one_line(home: Path) -> None:
    """Nor do the C libraries for screen and sound add lines of theirs."""
    environment = {**os.environ, "SDL_VIDEODRIVER": "x11", "DISPLAY": ":987"}
    del environment["SDL_AUDIODRIVER"]
    for command in (["play"], ["watch", "CartPole-v1"]):
        done = subprocess.run(
            [sys.executable, "-m", "dllab", *command],
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2
        assert "--headless" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_snapshots_are_not_touched_by_the_window(window: Window) -> None:
    before: Any = dataclasses.asdict(window.stage.game.snapshot)
    window.show(0)
    after: Any = dataclasses.asdict(window.stage.game.snapshot)
    assert str(before) == str(after)
