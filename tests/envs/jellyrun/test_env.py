"""The Gymnasium face: checked by Gymnasium and by stable-baselines3, and plain about mistakes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

import jellyrun  # noqa: F401 - registers the ids
from jellyrun.env import JellyRunEnv
from jellyrun.settings import OBSERVATIONS

GAME = "jellyrun:jellyrun/JellyRun-v0"


@pytest.mark.parametrize("observation", OBSERVATIONS)
def test_gymnasium_finds_nothing_to_complain_about(observation: str) -> None:
    check_env(gymnasium.make(GAME, observation=observation).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("observation", OBSERVATIONS)
def test_stable_baselines3_finds_nothing_to_complain_about(observation: str) -> None:
    from stable_baselines3.common.env_checker import check_env as sb3_check_env

    sb3_check_env(gymnasium.make(GAME, observation=observation).unwrapped)


def test_rendering_passes_the_check_too() -> None:
    check_env(gymnasium.make(GAME, render_mode="rgb_array", render_size=(144, 256)).unwrapped)


def test_making_it_by_its_full_name_imports_it() -> None:
    script = f"import gymnasium; print(gymnasium.make({GAME!r}).unwrapped.settings.difficulty)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "easy"


def test_the_package_stands_alone() -> None:
    """It can be used without the lab, and needs no pygame, torch or stable-baselines3 to be played."""
    script = (
        "import sys; from jellyrun.env import JellyRunEnv; env = JellyRunEnv(); env.reset(seed=0); env.step(1); "
        "print(*sorted({name.split('.')[0] for name in sys.modules} & "
        "{'dllab', 'pygame', 'torch', 'stable_baselines3', 'pydantic'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("difficulty", ["easy", "normal", "hard"])
def test_each_difficulty_has_an_id(difficulty: str) -> None:
    env = gymnasium.make(f"jellyrun/JellyRun-{difficulty.title()}-v0")
    assert env.reset(seed=0)[1]["difficulty"] == difficulty


def test_what_is_told_at_the_start_and_at_the_end() -> None:
    env = JellyRunEnv(split="test", max_steps=5)
    _, info = env.reset(options={"level": 9})
    assert info == {"score": 0, "level": 9, "split": "test", "difficulty": "easy"}
    for _ in range(4):
        _, _, terminated, truncated, info = env.step(0)
        assert not terminated and not truncated and list(info) == ["score"]
    _, _, terminated, truncated, info = env.step(0)
    assert truncated and not terminated and info["ending"] == "time"


def test_a_seed_chooses_the_level_and_levels_stay_in_their_range() -> None:
    env = JellyRunEnv(start_level=10, num_levels=3)
    assert env.reset(seed=5)[1]["level"] == env.reset(seed=5)[1]["level"]
    assert {env.reset()[1]["level"] for _ in range(50)} == {10, 11, 12}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"observation": "smell"}, "observation='smell': must be one of state, grid, pixels, discrete"),
        ({"difficulty": "absurd"}, "difficulty='absurd': must be one of easy, normal, hard, ramp"),
        ({"split": "dev"}, "split='dev': must be one of train, test"),
        ({"start_level": -1}, "start_level=-1: must be a whole number from 0"),
        ({"num_levels": 0}, "num_levels=0: must be a whole number from 1"),
        ({"num_levels": 1.5}, "num_levels=1.5: must be a whole number"),
        (
            {"start_level": 5, "num_levels": 2**31},
            "num_levels=2147483648: must be a whole number from 1 to 2147483643",
        ),
        ({"max_steps": True}, "max_steps=True: must be a whole number"),
        ({"render_mode": "ascii"}, "render_mode='ascii': must be None or one of human, rgb_array"),
        ({"level": 7}, "level=7: must be a Level"),
        ({"render_size": (0, 5)}, r"render_size=\(0, 5\): must be"),
        ({"render_size": 512}, "render_size=512: must be"),
    ],
)
def test_a_wrong_argument_is_refused_in_one_line(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        JellyRunEnv(**arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("action", [3, -1, 1.0, None, "jump", [0, 1], True, np.array([1, 2]), np.float32(1)])
def test_an_action_that_there_is_not_is_refused(action: object) -> None:
    env = JellyRunEnv()
    env.reset(seed=0)
    before = env.state_array()
    with pytest.raises(ValueError, match=r"must be 0 \(run\), 1 \(jump\) or 2 \(slide\)"):
        env.step(action)
    assert np.array_equal(env.state_array(), before)


@pytest.mark.parametrize("action", [1, np.int64(1), np.int8(1), np.array(1), np.array([1])])
def test_an_action_may_be_any_whole_number(action: object) -> None:
    env = JellyRunEnv()
    env.reset(seed=0)
    env.step(action)
    assert env.snapshot().events[0][0] == "jumped"


def test_a_step_out_of_turn_is_refused_in_one_line() -> None:
    env = JellyRunEnv(max_steps=1)
    with pytest.raises(gymnasium.error.ResetNeeded, match="call reset"):
        env.step(0)
    env.reset(seed=0)
    env.step(0)
    with pytest.raises(gymnasium.error.ResetNeeded, match="call reset"):
        env.step(0)


@pytest.mark.parametrize("level", [-1, 2**31, 1.5, "3", True])
def test_a_level_that_there_is_not_is_refused_at_reset(level: object) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 0 to 2147483647"):
        JellyRunEnv().reset(options={"level": level})


def test_going_back_to_a_kept_state_plays_on_as_before() -> None:
    env = JellyRunEnv(difficulty="normal")
    env.reset(seed=0)
    actions = np.random.default_rng(1).integers(0, 3, 60).tolist()
    for action in actions[:30]:
        env.step(action)
    kept = env.state_array()
    first = [env.step(action) for action in actions[30:]]
    env.snapshot(), env.observe("grid"), env.level_text()
    env.restore(kept)
    again = [env.step(action) for action in actions[30:]]
    assert all(np.array_equal(a[0], b[0]) and a[1:] == b[1:] for a, b in zip(first, again, strict=True))
    with pytest.raises(ValueError, match="a state of shape"):
        env.restore(kept[:-1])


def test_rgb_array_needs_no_display() -> None:
    env = JellyRunEnv(render_mode="rgb_array", render_size=(288, 512))
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.render()
    env.reset(seed=0)
    picture = env.render()
    assert picture.shape == (512, 288, 3) and picture.dtype == np.uint8 and len(np.unique(picture)) > 20


def test_rendering_without_a_mode_is_told(caplog: pytest.LogCaptureFixture) -> None:
    env = JellyRunEnv()
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode='rgb_array'"):
        assert env.render() is None


def test_gymnasiums_play_takes_it() -> None:
    """Without a display and sound: three frames with the space key down, then the callback stops it."""
    script = f"""
import gymnasium, pygame
from gymnasium.utils.play import play
env = gymnasium.make({GAME!r}, render_mode="rgb_array", render_size=(144, 256))
seen = []
def callback(before, after, action, reward, terminated, truncated, info):
    seen.append(action)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
    if len(seen) == 3:
        pygame.event.post(pygame.event.Event(pygame.QUIT))
play(env, callback=callback, noop=0, seed=0)
print(seen)
"""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[0, 1, 1]"
