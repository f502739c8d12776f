"""How the game looks: always the same for the same moment, at any size, without a display."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest

from jellyrun import rules
from jellyrun.drawing import DisplayError, Painter, Window, render
from jellyrun.drawing.effects import Effects
from jellyrun.drawing.moods import BY_DIFFICULTY, MOODS, mood_of
from jellyrun.drawing.painter import between, pose_of
from jellyrun.drawing.runner import pose
from jellyrun.drawing.scenery import paint_scenery
from jellyrun.env import JellyRunEnv
from jellyrun.snapshot import Snapshot


@pytest.fixture(scope="module")
def moments() -> list[Snapshot]:
    """The first 150 moments of the heuristic's game on a normal level."""
    env = JellyRunEnv(difficulty="normal")
    observation, _ = env.reset(seed=0, options={"level": 3})
    agent, moments = env.heuristic(), [env.snapshot()]
    while len(moments) < 150 and moments[-1].ending is None:
        observation, *_ = env.step(int(agent.act(observation)))
        moments.append(env.snapshot())
    return moments


@pytest.mark.parametrize(("width", "height"), [(512, 288), (288, 512), (320, 180), (301, 407)])
def test_a_moment_is_painted_at_any_size(moments: list[Snapshot], width: int, height: int) -> None:
    picture = render(moments[30], width, height)
    assert picture.shape == (height, width, 3) and picture.dtype == np.uint8
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 500, "a picture has more than a few flat colours"


def test_the_same_moment_gives_the_same_picture_and_another_another(moments: list[Snapshot]) -> None:
    first = render(moments[40]).copy()
    assert not np.array_equal(first, render(moments[41]))
    assert np.array_equal(first, render(moments[40]))


def test_the_runner_stands_where_the_rules_say(moments: list[Snapshot]) -> None:
    """Without the runner, only pixels about its body differ: its column is PLAYER_SCREEN_X."""
    painter = Painter()
    with_runner = np.asarray(painter.array(moments[0])).astype(int)
    gone = dataclasses.replace(moments[0], y=-400.0, falling=True)
    changed = np.abs(with_runner - np.asarray(painter.array(gone)).astype(int)).sum(2) > 30
    rows, columns = np.nonzero(changed)
    assert abs((columns.min() + columns.max()) / 2 - rules.PLAYER_SCREEN_X) < 12
    ground = rules.VIEW_HEIGHT - rules.GROUND_Y
    assert ground - 60 < rows.min() < ground - 40 and ground - 2 <= rows.max() < ground + 10


def test_a_picture_between_two_steps_lies_between_them(moments: list[Snapshot]) -> None:
    before, after = moments[50], moments[51]
    assert between(before, after, 0.5)[0] == pytest.approx((before.x + after.x) / 2)
    assert between(before, after, 1.0) == (after.x, after.y)
    assert between(moments[10], after, 0.5) == (after.x, after.y), (
        "moments that are no neighbours do not blend"
    )


def test_hitboxes_are_drawn_where_the_kernel_has_them(moments: list[Snapshot]) -> None:
    moment = moments[20]
    picture = Painter().paint(moment, boxes=True, hud=False)
    x0, _, x1, _ = (side - moment.x + rules.PLAYER_SCREEN_X for side in moment.hitbox)
    y = rules.VIEW_HEIGHT - rules.GROUND_Y - round(moment.hitbox[1]) - 15
    assert tuple(picture.get_at((round(x0), y)))[:3] == (70, 255, 120)
    assert tuple(picture.get_at((round(x1) - 1, y)))[:3] == (70, 255, 120)


def test_every_power_and_ending_has_a_look_of_its_own(moments: list[Snapshot]) -> None:
    plain = moments[20]
    changes = (
        {}, {"giant": 50}, {"magnet": 50}, {"dash": 20}, {"invulnerable": 20, "step": 20},
        {"sliding": True, "on_ground": True}, {"ending": "finished"}, {"ending": "exhausted"},
    )  # fmt: skip
    pictures = [render(dataclasses.replace(plain, **change)).tobytes() for change in changes]
    assert len(set(pictures)) == len(changes)


def test_poses_follow_what_the_runner_does(moments: list[Snapshot]) -> None:
    still = dataclasses.replace(moments[0], events=[])
    air = dataclasses.replace(still, on_ground=False, y=30.0)
    assert pose_of(still, 0.0) == ("run", 0)
    assert pose_of(dataclasses.replace(still, sliding=True), 0.0)[0] == "slide"
    assert pose_of(dataclasses.replace(air, vy=5.0, jumps_left=1), 0.0)[0] == "jump"
    assert pose_of(dataclasses.replace(air, vy=5.0, jumps_left=0), 0.0)[0] == "double"
    assert pose_of(dataclasses.replace(air, vy=-5.0), 0.0)[0] == "fall"
    with pytest.raises(ValueError, match="no pose 'sit'"):
        pose("sit")


def test_each_difficulty_has_moods_that_take_turns() -> None:
    assert set(BY_DIFFICULTY) == set(rules.DIFFICULTIES)
    for difficulty, names in BY_DIFFICULTY.items():
        assert [mood_of(difficulty, level).name for level in range(len(names))] == list(names)


@pytest.mark.parametrize("name", list(MOODS))
def test_scenery_repeats_without_a_seam(name: str) -> None:
    """The last column of a strip is as near the first as neighbours within it are."""
    import pygame

    for layer in paint_scenery(MOODS[name], 256, 144, 16).layers[1:]:
        columns = pygame.surfarray.array_alpha(layer.strip).astype(int)
        within = np.abs(np.diff(columns, axis=0)).sum(1)
        assert np.abs(columns[0] - columns[-1]).sum() <= within.max() + 255


def test_particles_are_the_same_in_every_replay_and_clear_in_another_game(moments: list[Snapshot]) -> None:
    first, second = (Painter() for _ in range(2))
    for moment in moments:
        first.effects.observe(moment)
        second.effects.observe(moment)
        second.effects.observe(moment)  # a moment that was seen adds nothing
    assert first.effects.particles and first.effects.particles == second.effects.particles
    effects: Effects = first.effects
    effects.observe(dataclasses.replace(moments[0], seed_name="easy/train/9"))
    assert [one for one in effects.particles if one.born > 0] == []


def test_without_a_display_the_window_says_what_to_do() -> None:
    environment = {**os.environ, "SDL_VIDEODRIVER": "x11", "DISPLAY": ":987"}
    script = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from jellyrun.env import JellyRunEnv\nfrom jellyrun.drawing import DisplayError\n"
        "env = JellyRunEnv(render_mode='human')\n"
        "try:\n    env.reset()\nexcept DisplayError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert "rgb_array" in done.stdout and len(done.stdout.splitlines()) == 1


def test_a_closed_window_is_let_go(moments: list[Snapshot], monkeypatch: pytest.MonkeyPatch) -> None:
    import pygame

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = Window(320, 180)
    window.show(moments[0])
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    window.show(moments[1])
    assert not window.is_open
    window.show(moments[2])
    window.close()
    assert issubclass(DisplayError, RuntimeError)


def test_letters_survive_that_another_environment_quits_pygame() -> None:
    """Gymnasium's CartPole ends its window by pygame.quit(); a font kept over that crashes the process."""
    code = (
        "import gymnasium, pygame\n"
        "from jellyrun.drawing.lettering import Lettering\n"
        "letters = Lettering()\n"
        "letters.write('one', 20)\n"
        "for number in range(50):\n"
        "    env = gymnasium.make('CartPole-v1', render_mode='rgb_array')\n"
        "    env.reset(); env.render(); env.close()\n"
        "    pygame.font.init()\n"
        "    assert letters.write(f'text {number}', 20).get_width() > 20\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert ended.returncode == 0, ended.stderr
