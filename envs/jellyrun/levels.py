"""Levels as lists of obstacles and items, as text, and as the rows that the kernel plays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jellyrun import rules
from jellyrun.kernel import generator
from jellyrun.kernel import layout as at

OBSTACLE_LETTERS = {"A": rules.LOW, "H": rules.HIGH, "V": rules.OVERHEAD}
ITEM_LETTERS = {
    "o": rules.JELLY, "$": rules.COIN, "+": rules.POTION, "G": rules.GIANT, "M": rules.MAGNET, "D": rules.DASH,
}  # fmt: skip
GROUND_LETTERS = {"#": 0, "_": rules.PIT}
EMPTY = "."
RULE = "---"
MAX_ROWS = 16  # above the ground
MAX_ITEMS_IN_COLUMN = 3  # so that those within reach fit into the bits of a state
MAX_OBSTACLE_COLUMNS = 4095 // rules.TILE
MIN_COLUMNS = 8
MAX_TEXT_BYTES = 1_000_000


class LevelError(ValueError):
    """A level that cannot be played, told in one line."""


@dataclass(frozen=True)
class Level:
    """What stands where. obstacles: int (n, 3) of x0, x1, kind; items: int (m, 3) of x, y, kind; in px, by x.

    index and split say which generated level it is; they are -1 and "given" for any other.
    """

    name: str
    difficulty: str
    length: int
    obstacles: np.ndarray
    items: np.ndarray
    index: int = -1
    split: str = "given"

    def row(self) -> np.ndarray:
        """The level as the kernel reads it; no player stands in it yet."""
        row = np.zeros(at.ROW, dtype=np.int32)
        row[at.LENGTH] = self.length
        generator.set_difficulty(row, rules.DIFFICULTIES.index(self.difficulty))
        row[at.DIFFICULTY] = rules.DIFFICULTIES.index(self.difficulty)
        row[at.SPLIT] = rules.SPLITS.index(self.split) if self.split in rules.SPLITS else rules.GIVEN
        row[at.LEVEL] = self.index
        row[at.NUM_OBSTACLES], row[at.NUM_ITEMS] = len(self.obstacles), len(self.items)
        x0, x1, kind = self.obstacles.T
        row[at.OBSTACLES : at.OBSTACLES + len(x0)] = x0 | (x1 - x0) << 15 | kind << 27
        x, y, kind = self.items.T
        row[at.ITEMS : at.ITEMS + len(x)] = x | y << 15 | kind << 25
        generator.close(row)
        return row


def level_of_row(row: np.ndarray) -> Level:
    """The level that stands in a row."""
    obstacles, items = obstacles_of(row), items_of(row)
    difficulty = rules.DIFFICULTIES[row[at.DIFFICULTY]]
    index = int(row[at.LEVEL])
    split = rules.SPLITS[row[at.SPLIT]] if row[at.SPLIT] != rules.GIVEN else "given"
    name = f"{difficulty}/{split}/{index}" if split != "given" else "level"
    return Level(name, difficulty, int(row[at.LENGTH]), obstacles, items, index, split)


def obstacles_of(row: np.ndarray) -> np.ndarray:
    """(n, 3) of x0, x1, kind."""
    words = row[at.OBSTACLES : at.OBSTACLES + row[at.NUM_OBSTACLES]].astype(np.int64)
    x0 = words & 32767
    return np.stack([x0, x0 + (words >> 15 & 4095), words >> 27], axis=1)


def items_of(row: np.ndarray) -> np.ndarray:
    """(m, 3) of x, y, kind."""
    words = row[at.ITEMS : at.ITEMS + row[at.NUM_ITEMS]].astype(np.int64)
    return np.stack([words & 32767, words >> 15 & 1023, words >> 25], axis=1)


def make_level(index: int, difficulty: str = "easy", split: str = "train") -> Level:
    """The level of that number. Raises ValueError for an unknown difficulty or split, or a number out of range."""
    if difficulty not in rules.DIFFICULTIES:
        raise ValueError(f"difficulty={difficulty!r}: must be one of {', '.join(rules.DIFFICULTIES)}")
    if split not in rules.SPLITS:
        raise ValueError(f"split={split!r}: must be one of {', '.join(rules.SPLITS)}")
    if not 0 <= index < 2**31:
        raise ValueError(f"level {index}: must be from 0 to {2**31 - 1}")
    row = np.zeros(at.ROW, dtype=np.int32)
    generator.generate(row, rules.SPLITS.index(split), index, rules.DIFFICULTIES.index(difficulty))
    return level_of_row(row)


def level_text(level: Level) -> str:
    """The level as text; parse_level makes the same obstacles and items of it."""
    columns = level.length // rules.TILE
    heights = level.items[:, 1] // rules.TILE
    rows = [[EMPTY] * columns for _ in range(max(10, int(heights.max(initial=0)) + 1))]
    ground = ["#"] * columns
    obstacle_letters = {kind: letter for letter, kind in OBSTACLE_LETTERS.items()}
    item_letters = {kind: letter for letter, kind in ITEM_LETTERS.items()}
    for x0, x1, kind in level.obstacles // (rules.TILE, rules.TILE, 1):
        line = ground if kind == rules.PIT else rows[0]
        line[x0:x1] = ["_" if kind == rules.PIT else obstacle_letters[kind]] * (x1 - x0)
    for (x, _, kind), height in zip(level.items, heights, strict=True):
        rows[height][x // rules.TILE] = item_letters[kind]
    lines = ["".join(row) for row in [*reversed(rows), ground]]
    return "\n".join([f"name: {level.name}", f"difficulty: {level.difficulty}", RULE, *lines, ""])


def read_level(path: str | Path) -> Level:
    """The level in a text file. Raises LevelError, also for a file that is not there or not a text."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LevelError(
            f"level {path}: {error.strerror or error}; give the path of a level's text"
        ) from error
    if len(content) > MAX_TEXT_BYTES:
        raise LevelError(f"level {path}: {len(content)} bytes; a level's text has at most {MAX_TEXT_BYTES}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LevelError(f"level {path}: not a text in UTF-8; give the path of a level's text") from error
    return parse_level(text, path.name)


def parse_level(text: str, name: str = "level") -> Level:
    """The level that a text describes.

    Lines `name:` and `difficulty:`, a line `---`, then rows of cells of 16 px, the top one first, the ground last:
    `#` ground, `_` pit; above it `.` nothing, `o` jelly, `$` coin, `+` potion, `G` giant, `M` magnet, `D` dash; right
    above the ground also `A` low, `H` high and `V` overhead obstacles, of which neighbours are one.
    Raises LevelError with the line.
    """
    facts, rows, first = _split(text, name)
    width = len(rows[-1])
    if not MIN_COLUMNS <= width <= rules.MAX_COLUMNS:
        raise LevelError(f"{name}: {width} columns; a level has {MIN_COLUMNS} to {rules.MAX_COLUMNS}")
    if not 2 <= len(rows) <= MAX_ROWS + 1:
        raise LevelError(f"{name}: {len(rows)} rows; a level has 2 to {MAX_ROWS + 1}, the last is the ground")
    for number, row in enumerate(rows, first):
        if len(row) != width:
            raise LevelError(
                f"{name}, line {number}: {len(row)} cells, but the ground has {width}; make them equal"
            )
        is_ground, is_low = number == first + len(rows) - 1, number == first + len(rows) - 2
        allowed = (
            GROUND_LETTERS
            if is_ground
            else {EMPTY: 0, **ITEM_LETTERS, **(OBSTACLE_LETTERS if is_low else {})}
        )
        for column, letter in enumerate(row, 1):
            if letter not in allowed:
                hint = (
                    "; obstacles stand in the row right above the ground"
                    if letter in OBSTACLE_LETTERS
                    else ""
                )
                raise LevelError(
                    f"{name}, line {number}, column {column}: {letter!r} is not one of {' '.join(allowed)}{hint}"
                )
    obstacles = sorted(_runs(rows[-1], {"_": rules.PIT}) + _runs(rows[-2], OBSTACLE_LETTERS))
    items = _items(rows[:-1])
    _check_counts(name, obstacles, items)
    return Level(
        facts["name"], facts["difficulty"], width * rules.TILE,
        np.array(obstacles, dtype=np.int64).reshape(-1, 3), np.array(items, dtype=np.int64).reshape(-1, 3),
    )  # fmt: skip


def _split(text: str, name: str) -> tuple[dict[str, str], list[str], int]:
    """(what the head says, the rows, the number of the first row's line)."""
    lines = text.rstrip().splitlines()
    if RULE not in (line.strip() for line in lines):
        raise LevelError(f"{name}: no line {RULE} between the head and the rows; it is no level")
    rule = [line.strip() for line in lines].index(RULE)
    facts = {"name": name, "difficulty": "easy"}
    for number, line in enumerate(lines[:rule], 1):
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not line.strip():
            continue
        if not colon or key not in facts:
            raise LevelError(
                f"{name}, line {number}: {line[:40]!r} is neither `name: ...` nor `difficulty: ...`"
            )
        facts[key] = value[:60]
    if facts["difficulty"] not in rules.DIFFICULTIES:
        known = ", ".join(rules.DIFFICULTIES)
        raise LevelError(f"{name}: difficulty: {facts['difficulty']!r} must be one of {known}")
    rows = [line.rstrip() for line in lines[rule + 1 :]]
    if not rows:
        raise LevelError(f"{name}: no rows below {RULE}")
    return facts, rows, rule + 2


def _runs(row: str, letters: dict[str, int]) -> list[tuple[int, int, int]]:
    """Neighbours of the same letter as (x0, x1, kind); those too wide for one obstacle are cut."""
    found, start = [], 0
    for end in range(1, len(row) + 1):
        if end < len(row) and row[end] == row[start] and end - start < MAX_OBSTACLE_COLUMNS:
            continue
        if row[start] in letters:
            found.append((start * rules.TILE, end * rules.TILE, letters[row[start]]))
        start = end
    return found


def _items(rows: list[str]) -> list[tuple[int, int, int]]:
    """(x, y, kind) of every item, from left to right, the lowest of a column first."""
    half = rules.TILE // 2
    return [
        (column * rules.TILE + half, height * rules.TILE + half, ITEM_LETTERS[row[column]])
        for column in range(len(rows[0]))
        for height, row in enumerate(reversed(rows))
        if row[column] in ITEM_LETTERS
    ]


def _check_counts(
    name: str, obstacles: list[tuple[int, int, int]], items: list[tuple[int, int, int]]
) -> None:
    most_obstacles, most_items = at.MAX_OBSTACLES - at.GUARD, at.MAX_ITEMS - at.GUARD
    if len(obstacles) > most_obstacles:
        raise LevelError(f"{name}: {len(obstacles)} obstacles and pits; a level has at most {most_obstacles}")
    if len(items) > most_items:
        raise LevelError(f"{name}: {len(items)} items; a level has at most {most_items}")
    for (x, _, _), (later, _, _) in zip(items, items[MAX_ITEMS_IN_COLUMN:], strict=False):
        if x == later:
            column = x // rules.TILE + 1
            raise LevelError(f"{name}, column {column}: at most {MAX_ITEMS_IN_COLUMN} items in one column")
