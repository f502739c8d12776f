"""Replays: a few hundred bytes from which anybody makes the same game again, or a refusal in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jellyrun import replays, rules
from jellyrun.env import JellyRunEnv
from jellyrun.replays import Replay, ReplayError

TEXT = """name: steps
difficulty: easy
---
..............o.......o.......
..............................
.......A............A.........
##############################
"""


@pytest.fixture(scope="module")
def replay() -> Replay:
    """The heuristic's game on a normal level of the test split, to its end."""
    env = JellyRunEnv(difficulty="normal", split="test")
    observation, _ = env.reset(seed=0, options={"level": 5})
    agent, actions, is_over = env.heuristic(), [], False
    while not is_over:
        actions.append(int(agent.act(observation)))
        observation, _, terminated, truncated, _ = env.step(actions[-1])
        is_over = terminated or truncated
    return replays.record(env, actions, "heuristic")


def test_a_replay_reads_back_as_it_was_written_and_is_small(replay: Replay, tmp_path: Path) -> None:
    path = replays.write(replay, tmp_path / "game.jellyrun")
    again = replays.read(path)
    assert replays.encode(again) == path.read_bytes() == replays.encode(replay)
    assert path.stat().st_size < 4000
    assert [entry.name for entry in tmp_path.iterdir()] == ["game.jellyrun"], "nothing half-written stays"


def test_a_replay_is_verified_to_the_last_step(replay: Replay) -> None:
    verdict = replays.verify(replay)
    assert verdict.is_same
    assert (verdict.score, verdict.steps, verdict.ending) == (replay.score, replay.steps, replay.ending)


def test_a_score_that_was_not_reached_is_found_out(replay: Replay) -> None:
    """A forged file with a right checksum is read, and does not hold."""
    forged = replays.decode(replays.encode(replay.shortened(replay.steps, replay.score + 500, replay.ending)))
    verdict = replays.verify(forged)
    assert not verdict.is_same and verdict.score == replay.score


def test_actions_after_the_end_are_found_out(replay: Replay) -> None:
    longer = Replay(**{**vars(replay), "actions": np.append(replay.actions, np.uint8(0))})
    assert not replays.verify(longer).is_same


def test_a_game_that_was_broken_off_can_be_kept(replay: Replay) -> None:
    env = replays.open_env(replay)
    for action in replay.actions[:50]:
        env.step(int(action))
    part = replays.record(env, replay.actions[:50])
    assert part.ending is None and replays.verify(part).is_same


def test_a_level_of_ones_own_travels_in_the_replay(tmp_path: Path) -> None:
    env = JellyRunEnv(level=TEXT)
    env.reset(seed=0)
    for _ in range(20):
        env.step(1)
    kept = replays.read(replays.write(replays.record(env, [1] * 20), tmp_path / "own.jellyrun"))
    assert kept.level == -1 and kept.level_text is not None
    assert replays.verify(kept).is_same


def _changed(replay: Replay, **changes: Any) -> bytes:
    facts = {**json.loads(replays.encode(replay)), **changes}
    facts["checksum"] = replays._checksum(facts)
    return json.dumps(facts).encode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"game": "chess"}, "no replay of JellyRun"),
        ({"format": 2}, "format 2"),
        ({"rules_version": rules.RULES_VERSION + 1}, "version"),
        ({"difficulty": "nightmare"}, "nightmare"),
        ({"split": "../../etc"}, "etc"),
        ({"score": "many"}, "'score' is 'many'"),
        ({"score": True}, "'score' is True"),
        ({"steps": 3}, "3 steps"),
        ({"actions": "!!!"}, "unpacked"),
        ({"actions": 7}, "unpacked"),
        ({"actions": "eJxLBAAAYgBi", "steps": 1}, "action 97"),
        ({"level_text": 3}, "'level_text' is 3"),
    ],
)
def test_a_wrong_field_is_named_in_one_line(replay: Replay, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ReplayError) as error:
        replays.decode(_changed(replay, **changes), "game.jellyrun")
    assert said in str(error.value) and "\n" not in str(error.value)


def test_every_flipped_byte_is_noticed(replay: Replay) -> None:
    content = replays.encode(replay)
    rng = np.random.default_rng(0)
    for place in rng.integers(0, len(content) - 2, 60):
        broken = bytearray(content)
        broken[place] ^= 0x15
        try:
            read = replays.decode(bytes(broken))
        except ReplayError:
            continue
        assert replays.encode(read) == content, "only white space may differ"


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"[]", b"[" * 100_000, b"{}", b"null", "젤리".encode("utf-16")]
)
def test_a_file_that_is_no_replay_is_refused_in_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.jellyrun"
    path.write_bytes(content)
    with pytest.raises(ReplayError) as error:
        replays.read(path)
    assert "bad.jellyrun" in str(error.value) and "\n" not in str(error.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jellyrun"
    with huge.open("wb") as file:
        file.truncate(replays.LARGEST_FILE + 1)
    for path in (tmp_path / "none.jellyrun", tmp_path, huge):
        with pytest.raises(ReplayError):
            replays.read(path)


def test_actions_that_unpack_to_gigabytes_are_not_unpacked(replay: Replay) -> None:
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(bytes(50_000_000), 9)).decode()
    with pytest.raises(ReplayError, match="actions"):
        replays.decode(_changed(replay, actions=bomb, steps=50_000_000))


def test_a_level_that_is_none_is_refused_when_it_is_opened(replay: Replay) -> None:
    broken = replays.decode(_changed(replay, level=-1, level_text="name: x\n---\n?"))
    with pytest.raises(ReplayError, match="level"):
        replays.open_env(broken)
