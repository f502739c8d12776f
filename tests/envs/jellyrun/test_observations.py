"""What is seen: within its bounds, the same for the same game, and with nothing hidden that matters."""

from __future__ import annotations

import numpy as np
import pytest

from jellyrun import rules
from jellyrun.env import JellyRunEnv
from jellyrun.kernel import layout as at
from jellyrun.kernel import pictures, tables_view, views
from jellyrun.settings import OBSERVATIONS, observation_space

NAMES = (
    *views.PLAYER_NAMES,
    *(f"obstacle {n} {name}" for n in range(views.SEEN_OBSTACLES) for name in views.OBSTACLE_FIELDS),
    *(f"item {n} {name}" for n in range(views.SEEN_ITEMS) for name in views.ITEM_FIELDS),
    *views.SPECIAL_NAMES,
)


def seen(env: JellyRunEnv) -> dict[str, float]:
    assert len(set(NAMES)) == len(NAMES) == views.STATE_NUMBERS
    return dict(zip(NAMES, env.observe("state").tolist(), strict=True))


@pytest.fixture(scope="module")
def games() -> list[JellyRunEnv]:
    """Moments of games of every difficulty, by planner and heuristic and a little by chance."""
    rng = np.random.default_rng(0)
    found = []
    for difficulty in rules.DIFFICULTIES:
        for level in range(4):
            env = JellyRunEnv(difficulty=difficulty)
            env.reset(options={"level": level})
            agent = env.planner() if level == 0 else env.heuristic()
            for _ in range(int(rng.integers(50, 500))):
                if env.snapshot().ending is None:
                    env.step(agent.act() if level == 0 or rng.random() < 0.9 else int(rng.integers(3)))
            found.append(env)
    return found


@pytest.mark.parametrize("kind", OBSERVATIONS)
def test_every_observation_lies_in_its_space(kind: str, games: list[JellyRunEnv]) -> None:
    space = observation_space(kind)
    for env in games:
        assert space.contains(env.observe(kind))


def test_state_tells_about_the_player(make_game) -> None:
    env = make_game({(30, 1): "+"})
    start = seen(env)
    assert start["on ground"] == start["energy"] == start["jumps left"] == start["coyote"] == 1
    assert start["rise"] == start["height"] == start["jump held"] == 0
    env.step(1)
    after = seen(env)
    assert after["jump held"] == 1 and after["jumps left"] == 0.5 and after["on ground"] == 0
    assert after["height"] == pytest.approx((4220 - 456) / 256 / 160)
    assert after["progress"] == pytest.approx(env.snapshot().x / env.snapshot().length)


def test_state_tells_how_many_steps_away_things_are(make_game) -> None:
    """The player starts at column 2 and runs 6 px a step; 60 steps are the whole of what is told."""
    env = make_game({(14, 0): "H", (20, 1): "o", (21, 4): "+", (23, 4): "M"}, columns=1000)
    start = seen(env)
    speed = rules.START_SPEED[rules.EASY] / rules.FP
    assert start["obstacle 0 high"] == 1 and start["obstacle 0 low"] == 0
    assert start["obstacle 0 from"] == pytest.approx((14 - 2) * 16 / speed / views.SEEN_STEPS)
    assert start["obstacle 0 to"] - start["obstacle 0 from"] == pytest.approx(16 / speed / views.SEEN_STEPS)
    assert start["item 0 ahead"] == pytest.approx((20.5 - 2) * 16 / speed / views.SEEN_STEPS)
    assert (
        start["item 0 jelly"] == start["item 1 potion"] == start["item 2 power"] == start["power magnet"] == 1
    )
    assert start["potion above"] == pytest.approx((4 * 16 + 8) / 160)
    assert start["obstacle 1 from"] == 1 and start["obstacle 1 low"] == 0


def test_a_potion_behind_many_jellies_is_seen(make_game) -> None:
    env = make_game({(column, 1): "o" for column in range(4, 20)} | {(20, 5): "+"})
    assert seen(env)["potion ahead"] < 1 and seen(env)["item 2 potion"] == 0
    assert seen(make_game({(50, 5): "+"}))["potion ahead"] == 1


def test_what_is_broken_or_taken_is_seen_no_more(make_game) -> None:
    env = make_game({(6, 1): "o", (8, 0): "A", (20, 0): "V"})
    for _ in range(20):
        env.step(0)
    assert seen(env)["obstacle 0 overhead"] == 1 and seen(env)["item 0 ahead"] == 1
    assert seen(env)["invulnerable"] > 0


def test_two_moments_that_differ_in_the_rules_differ_in_state(make_game) -> None:
    """Markov: jump held, the time left of a slide, of being safe and of powers are all told."""
    base = make_game({(20, 0): "A"})
    for field in (
        at.HELD, at.BUFFER, at.COYOTE, at.SLIDING, at.INVULNERABLE, at.GIANT, at.MAGNET, at.DASH, at.JUMPS, at.ENERGY,
        at.COMBO, at.FALLING, at.VY, at.Y,
    ):  # fmt: skip
        row = base.state_array()
        row[field] += 1 if field != at.ENERGY else -1000
        other = make_game({(20, 0): "A"})
        other.restore(row)
        assert not np.array_equal(base.observe("state"), other.observe("state")), field


def test_the_grid_shows_ground_pits_obstacles_and_the_player(make_game) -> None:
    env = make_game({(column, -1): "_" for column in (10, 11)} | {(5, 0): "A", (8, 1): "o", (7, 1): "G"})
    planes = dict(zip(pictures.GRID_PLANES, env.observe("grid"), strict=True))
    left = pictures.GRID_BEHIND // 8 - 2 * 2  # the cell of column 0
    ground = 36 - rules.GROUND_Y // 8
    assert (planes["pit"][ground:, left + 20 : left + 24] == 255).all() and planes["pit"].sum() == 255 * 4 * 6
    assert (planes["solid"][ground:, left + 20 : left + 24] == 0).all()
    assert (planes["solid"][ground - 3 : ground, left + 10 : left + 12] == 255).all()
    assert planes["treat"].any() and planes["power"].any()
    rows, columns = np.nonzero(planes["player"])
    assert (
        set(rows) == set(range(ground - 5, ground))
        and set(columns) <= {4, 5, 6, 7}
        and len(set(columns)) >= 3
    )


def test_the_small_picture_shows_a_jump(make_game) -> None:
    env = make_game()
    body = np.array(pictures.BODY, dtype=np.uint8)
    lowest = []
    for _ in range(9):
        env.step(1)
        lowest.append(np.flatnonzero((env.observe("pixels") == body).all(axis=2).any(axis=1)).max())
    assert lowest == sorted(lowest, reverse=True) and lowest[-1] < lowest[0] - 10


def test_the_number_for_tables_tells_posture_and_what_comes(make_game) -> None:
    env = make_game({(12, 0): "H"})
    numbers = set()
    for action in [0] * 10 + [1] * 8 + [0, 1] + [0] * 12:
        env.step(action)
        numbers.add(env.observe("discrete"))
    assert len(numbers) > 12 and max(numbers) < tables_view.DISCRETE_STATES
    assert isinstance(env.observe("discrete"), int)


def test_a_snapshot_changes_nothing_and_tells_what_was_taken(make_game) -> None:
    env = make_game({(4, 1): "o", (30, 0): "V"})
    before = env.state_array()
    snapshot = env.snapshot()
    assert np.array_equal(env.state_array(), before)
    assert snapshot.obstacles.tolist() == [[480, 496, rules.OVERHEAD, 0]]
    assert snapshot.items.tolist() == [[72, 24, rules.JELLY]]
    assert snapshot.seed_name == "level" and snapshot.hitbox == (20.0, 0.0, 44.0, 40.0)
