"""Replays: a level and a list of actions, from which anybody can make the same game again.

A replay is a small JSON file. The actions are kept as zlib-compressed bytes in base64; a checksum over
everything else tells a damaged file from a different one. Nothing in it is ever run but the game.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from jellyrun import rules

GAME, FORMAT = "jellyrun", 1
SUFFIX = ".jellyrun"
LARGEST_FILE = 2_000_000  # bytes
LONGEST = 200_000  # steps
FIELDS = {
    "rules_version": int, "kernel": str, "difficulty": str, "split": str, "level": int,
    "level_text": (str, type(None)), "max_steps": int, "steps": int, "score": int,
    "ending": (str, type(None)), "player": str,
}  # fmt: skip


class ReplayError(ValueError):
    """A file that is no replay, is damaged, or belongs to other rules; told in one line."""


@dataclass(frozen=True)
class Replay:
    """One game. level: its index in the split, or -1 with level_text; actions: uint8 (steps,).

    score, ending: as they were when it was recorded; kernel: digest of the compiled rules, for information.
    """

    difficulty: str
    split: str
    level: int
    actions: np.ndarray = field(repr=False)
    score: int
    ending: str | None
    max_steps: int = rules.MAX_STEPS
    level_text: str | None = None
    player: str = ""
    kernel: str = ""
    rules_version: int = rules.RULES_VERSION

    @property
    def steps(self) -> int:
        return len(self.actions)

    def shortened(self, steps: int, score: int, ending: str | None) -> Replay:
        """The same game, ended earlier."""
        return replace(self, actions=self.actions[:steps], score=score, ending=ending)


@dataclass(frozen=True)
class Verdict:
    """What a replay came to when it was simulated again."""

    score: int
    steps: int
    ending: str | None
    is_same: bool


def record(env: Any, actions: list[int] | np.ndarray, player: str = "") -> Replay:
    """A replay of the game that env is in, after these actions since its reset."""
    game = env.unwrapped
    now = game.snapshot()
    given = int(now.level) < 0
    return Replay(
        difficulty=now.difficulty, split="train" if given else now.split,
        level=-1 if given else int(now.level), level_text=game.level_text() if given else None,
        actions=np.asarray(actions, np.uint8), score=int(now.score), ending=now.ending,
        max_steps=int(game.settings.max_steps), player=player,
        kernel=game.kernel_digest, rules_version=int(game.rules_version),
    )  # fmt: skip


def encode(replay: Replay) -> bytes:
    """The bytes of a replay's file: the same replay gives the same bytes."""
    facts = {key: value for key, value in asdict(replay).items() if key != "actions"}
    facts["actions"] = base64.b64encode(zlib.compress(replay.actions.tobytes(), 9)).decode()
    facts.update(game=GAME, format=FORMAT, steps=replay.steps)
    facts["checksum"] = _checksum(facts)
    return (json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write(replay: Replay, path: Path | str) -> Path:
    """Write a replay's file, whole or not at all; returns its path."""
    target = Path(path)
    partial = target.with_name(target.name + ".part")
    partial.write_bytes(encode(replay))
    partial.replace(target)
    return target


def read(path: Path | str) -> Replay:
    """The replay in a file. Raises ReplayError, in one line, for what is none, is damaged or is too large."""
    source = Path(path)
    if source.is_dir():
        raise ReplayError(f"{source}: a folder; name a file in it")
    try:
        size = source.stat().st_size
        content = source.read_bytes() if source.is_file() and size <= LARGEST_FILE else b""
    except OSError as error:
        raise ReplayError(f"{source}: cannot be read: {error.strerror}") from error
    if not content:
        raise ReplayError(f"{source.name}: {size:,} bytes; a replay has between 1 and {LARGEST_FILE:,}")
    return decode(content, source.name)


def decode(content: bytes, name: str = "replay") -> Replay:
    """The replay in these bytes; name: for messages. Raises ReplayError as `read` does."""
    try:
        facts = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReplayError(f"{name}: no replay of JellyRun, which is JSON") from error
    if not isinstance(facts, dict) or facts.get("game") != GAME:
        raise ReplayError(f'{name}: no replay of JellyRun: it does not say "game": "{GAME}"')
    if facts.get("format") != FORMAT:
        raise ReplayError(
            f"{name}: format {facts.get('format')!r:.20} of replays; this version reads {FORMAT}"
        )
    for key, kinds in FIELDS.items():
        if not isinstance(facts.get(key), kinds) or isinstance(facts.get(key), bool):
            raise ReplayError(f"{name}: damaged: {key!r} is {facts.get(key)!r:.40}")
    if facts.get("checksum") != _checksum(facts):
        raise ReplayError(f"{name}: damaged: its checksum does not fit; take an undamaged copy")
    if facts["difficulty"] not in rules.DIFFICULTIES or facts["split"] not in rules.SPLITS:
        raise ReplayError(
            f"{name}: unknown difficulty or split: {facts['difficulty']!r:.20}, {facts['split']!r:.20}"
        )
    if facts["rules_version"] != rules.RULES_VERSION:
        raise ReplayError(
            f"{name}: recorded under version {facts['rules_version']} of the rules; these are version "
            f"{rules.RULES_VERSION}, under which the same actions lead elsewhere"
        )
    actions = _actions(facts, name)
    kept = {key: value for key, value in facts.items() if key in FIELDS and key not in ("steps", "kernel")}
    return Replay(**kept, actions=actions, kernel=facts["kernel"])


def _actions(facts: dict[str, Any], name: str) -> np.ndarray:
    try:
        packed = base64.b64decode(facts.get("actions", ""), validate=True)
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, LONGEST + 1)
    except (binascii.Error, TypeError, ValueError, zlib.error) as error:
        raise ReplayError(f"{name}: damaged: its actions cannot be unpacked") from error
    if len(plain) > LONGEST or len(plain) != facts["steps"]:
        raise ReplayError(f"{name}: damaged: {len(plain):,} actions, but {facts['steps']:,} steps")
    actions = np.frombuffer(plain, np.uint8)
    if actions.size and actions.max() >= len(rules.ACTION_NAMES):
        raise ReplayError(f"{name}: action {actions.max()}; there are 0 to {len(rules.ACTION_NAMES) - 1}")
    return actions


def _checksum(facts: dict[str, Any]) -> str:
    said = {key: value for key, value in facts.items() if key != "checksum"}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def open_env(replay: Replay, **options: Any) -> Any:
    """An environment that stands at the beginning of the replay's level. options: for its constructor.

    Raises ReplayError where the level in the replay is none.
    """
    from jellyrun.env import JellyRunEnv

    level = {"level": replay.level_text} if replay.level_text is not None else {}
    try:
        env = JellyRunEnv(
            difficulty=replay.difficulty, split=replay.split, max_steps=replay.max_steps, **level, **options
        )
        env.reset(seed=0, options=None if level else {"level": replay.level})
    except ValueError as error:  # LevelError is one
        raise ReplayError(f"the replay's level: {error}") from error
    return env


def verify(replay: Replay) -> Verdict:
    """Simulate a replay again and hold its score, length and ending against what it says."""
    env = open_env(replay)
    now, taken = env.snapshot(), 0
    for action in replay.actions:
        if now.ending is not None:
            break
        env.step(int(action))
        now, taken = env.snapshot(), taken + 1
    is_same = (now.score, taken, now.ending) == (replay.score, replay.steps, replay.ending)
    env.close()
    return Verdict(int(now.score), taken, now.ending, is_same)
