"""Levels: the same for ever, apart between splits, there and back as text, and broken ones refused in
one line.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from jellyrun import levels, rules
from jellyrun.env import JellyRunEnv
from jellyrun.kernel import layout as at
from jellyrun.levels import LevelError, make_level, parse_level

DATA = Path(os.environ.get("DLLAB_TEST_DATA", Path(__file__).parents[4] / "shared" / "data")) / "bad"

SMALL = """name: Steps
difficulty: normal
---
....o...
..A...VV
###__###
"""


def same(one: levels.Level, other: levels.Level) -> bool:
    return np.array_equal(one.obstacles, other.obstacles) and np.array_equal(one.items, other.items)


def test_a_text_says_what_stands_where() -> None:
    level = parse_level(SMALL)
    assert (level.name, level.difficulty, level.length) == ("Steps", "normal", 8 * 16)
    assert level.obstacles.tolist() == [[32, 48, rules.LOW], [48, 80, rules.PIT], [96, 128, rules.OVERHEAD]]
    assert level.items.tolist() == [[4 * 16 + 8, 24, rules.JELLY]]


@pytest.mark.parametrize("difficulty", rules.DIFFICULTIES)
def test_a_generated_level_reads_back_from_its_text(difficulty: str, tmp_path: Path) -> None:
    for index in range(5):
        level = make_level(index, difficulty, "test")
        path = tmp_path / "level.txt"
        path.write_text(levels.level_text(level), encoding="utf-8")
        read = levels.read_level(path)
        assert same(read, level) and (read.length, read.difficulty) == (level.length, difficulty)
        assert np.array_equal(read.row()[at.OBSTACLES :], level.row()[at.OBSTACLES :])


def test_a_level_given_as_text_is_played_as_the_generated_one() -> None:
    one, other = JellyRunEnv(difficulty="hard"), JellyRunEnv(level=levels.level_text(make_level(3, "hard")))
    one.reset(options={"level": 3})
    other.reset()
    for action in np.random.default_rng(0).integers(0, 3, 100).tolist():
        mine, its = one.step(action), other.step(action)
        assert np.array_equal(mine[0], its[0]) and mine[1:4] == its[1:4]
    assert other.level_text() == levels.level_text(other.level)


def test_the_same_number_is_the_same_level_and_others_differ() -> None:
    texts = [
        levels.level_text(make_level(index, difficulty, split)).partition("---")[2]
        for difficulty in rules.DIFFICULTIES
        for split in rules.SPLITS
        for index in (0, 1, 2, 2**31 - 1)
    ]
    assert len(set(texts)) == len(texts)
    assert texts[0] == levels.level_text(make_level(0)).partition("---")[2]


def test_train_and_test_share_no_level() -> None:
    """By construction: the key of a level is a bijection of (split, index).

    Here 1,000 of each are looked at.
    """
    seen = {
        split: {make_level(i, "easy", split).items.tobytes() for i in range(1000)} for split in rules.SPLITS
    }
    assert len(seen["train"]) == len(seen["test"]) == 1000
    assert not seen["train"] & seen["test"]


def test_every_generated_level_keeps_the_limits_that_a_state_needs() -> None:
    for difficulty in rules.DIFFICULTIES:
        for index in range(100):
            level = make_level(index, difficulty)
            assert 10 <= len(level.obstacles) < at.MAX_OBSTACLES - at.GUARD
            assert 60 <= len(level.items) < at.MAX_ITEMS - at.GUARD
            assert (np.diff(level.items[:, 0]) > 0).all() and (np.diff(level.obstacles[:, 0]) > 0).all()
            assert level.items[:, 0].max() < level.length - rules.TILE
            assert level.obstacles[:, 1].max() <= level.length - 10 * rules.TILE
            assert (level.items[:, 2] == rules.POTION).sum() >= 2
            if difficulty == "easy":
                assert rules.PIT not in level.obstacles[:, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no line ---"),
        ("name: x\n---\n", "no rows"),
        ("colour: red\n---\n" + "#" * 8, "line 1: 'colour: red' is neither"),
        ("difficulty: absurd\n---\n" + "#" * 8, "'absurd' must be one of easy, normal, hard, ramp"),
        ("---\n" + "#" * 8, "1 rows; a level has 2 to 17"),
        ("---\n....\n####", "4 columns; a level has 8 to 2000"),
        ("---\n.......\n########", "line 2: 7 cells, but the ground has 8"),
        ("---\n...?....\n########", "line 2, column 4: '?' is not one of . o"),
        ("---\n..A.....\n........\n########", "obstacles stand in the row right above the ground"),
        ("---\n........\n###x####", "line 3, column 4: 'x' is not one of # _"),
        ("---\n" + "oo......\n" * 4 + "########", "column 1: at most 3 items in one column"),
        ("---\n" + "A." * 130 + "\n" + "#" * 260, "130 obstacles and pits; a level has at most 124"),
        ("---\n" + "o" * 500 + "\n" + "#" * 500, "500 items; a level has at most 476"),
    ],
)
def test_a_broken_level_text_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(LevelError) as caught:
        parse_level(text, "my.txt")
    assert (
        said in str(caught.value) and str(caught.value).startswith("my.txt") and "\n" not in str(caught.value)
    )


@pytest.mark.parametrize("name", ["gone.txt", "picture.png", "empty.txt", "folder", "huge.txt"])
def test_a_file_that_is_no_level_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif name != "gone.txt":
        content = {"picture.png": b"\x89PNG\r\n\xff\xfe", "empty.txt": b"", "huge.txt": b"#" * 1_000_001}
        path.write_bytes(content[name])
    with pytest.raises(LevelError) as caught:
        JellyRunEnv(level=path)
    assert name in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.skipif(not DATA.is_dir(), reason="no test data")
def test_no_broken_file_of_any_kind_is_taken_for_a_level() -> None:
    paths = [path for path in sorted(DATA.iterdir()) if path.is_file()]
    for path in paths:
        with pytest.raises(LevelError):
            JellyRunEnv(level=path)
    assert len(paths) > 10


def test_a_wide_pit_and_a_byte_order_mark_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "level.txt"
    path.write_bytes(
        b"\xef\xbb\xbfname: \xec\xa0\xa4\xeb\xa6\xac\r\n---\r\n" + b"." * 400 + b"\r\n##" + b"_" * 398
    )
    level = levels.read_level(path)
    assert level.name == "젤리" and level.obstacles[:, 1].max() == 400 * 16
    assert (level.obstacles[1:, 0] == level.obstacles[:-1, 1]).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((-1,), "level -1: must be from 0"),
        ((0, "mild"), "difficulty='mild': must be one of easy, normal, hard, ramp"),
        ((0, "easy", "all"), "split='all': must be one of train, test"),
    ],
)
def test_a_level_that_there_is_not_is_refused(arguments: tuple, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make_level(*arguments)


def test_what_the_readme_shows_works() -> None:
    text = (Path(levels.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    shown = dict(blocks)
    level = parse_level(shown[""])
    assert level.name == "First steps" and set(level.obstacles[:, 2]) == {
        rules.LOW,
        rules.OVERHEAD,
        rules.PIT,
    }
    exec(shown["python"], {})
