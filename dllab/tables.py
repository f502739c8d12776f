"""Tables of the user's own: a CSV with a header becomes features and a target, or one line says why not."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dllab.errors import InputError, UsageError
from dllab.printable import printable_line
from dllab.texts import did_you_mean, text

if TYPE_CHECKING:
    import numpy as np

    from dllab.params import Input

TASKS = ("class", "number")
MOST_BYTES = 64_000_000
MOST_CELLS = 5_000_000
MOST_COLUMNS = 1000
MOST_KINDS = 12  # different words that a text column may have to become columns of zeros and ones
MOST_CLASSES = 50
FEWEST_ROWS = 10
FEWEST_WORDS, SHARE_OF_WORDS = 5, 0.2  # from which a column of numbers and words counts as one of words
ENCODINGS = ("utf-8-sig", "cp949")  # the second is what a Korean spreadsheet writes
MISSING = frozenset(("", "na", "n/a", "nan", "null", "none", "?", "-", "결측"))
LONGEST_CELL = 40  # characters of a cell that a message shows


@dataclass(frozen=True)
class Table:
    """Features and a target, as numbers.

    X: (n_samples, n_features) float64. y: (n_samples,), of the task "class" the number of the class in
    class_names as int64, of "number" the value as float64, and class_names is empty.
    notes: what was left out or turned into something else, each in one line for the user.
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    target_name: str
    class_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sheet:
    """The cells as they stand: rows of stripped strings, each with its number in the file (header: 1)."""

    name: str
    columns: list[str]
    rows: list[list[str]]
    numbers: list[int]

    def column(self, index: int) -> list[str]:
        return [row[index] for row in self.rows]

    def place(self, row: int, column: int) -> dict[str, object]:
        return {"file": self.name, "row": self.numbers[row], "column": self.columns[column]}


def read_table(
    data: Input, target: str = "", task: str = "class", *, fewest_rows: int = FEWEST_ROWS
) -> Table:
    """Read a CSV that a user handed in: features from all columns but the target.

    data: an input field of the kind "table", resolved by the runner. target: the column to predict, the
    last one where "". task: "class", or "number" for regression.

    UTF-8 (with or without a mark) and CP949; commas, semicolons or tabs. A text column of few different
    words becomes columns of zeros and ones; one of many is left out. A row with a missing cell is left out,
    and a column of which more than half is missing. All that is said in the table's notes.

    Raises InputError, in one line with row and column, for a ragged row, a word among numbers, an infinite
    number, a table too large or too small; UsageError for a target that is no column.
    """
    import numpy as np

    if task not in TASKS:
        raise ValueError(f"read_table: task is one of {', '.join(TASKS)}, not {task!r}")
    sheet, notes = _sheet(data)
    at = _target_index(sheet, target)
    is_missing = np.array([[cell.casefold() in MISSING for cell in row] for row in sheet.rows], dtype=bool)
    kept, words = _kept_columns(sheet, at, is_missing, notes)
    whole = np.logical_not(is_missing[:, [*kept, at]].any(axis=1))  # (n_rows,)
    sheet, notes = _without_gaps(sheet, whole, is_missing, [*kept, at], notes, fewest_rows)
    y, class_names = _target(sheet, at, task)
    names: list[str] = []
    features: list[np.ndarray] = []
    for index in kept:
        column = sheet.column(index)
        if index not in words:
            names.append(sheet.columns[index])
            features.append(_numbers(sheet, index))
            continue
        kinds = sorted(set(column))
        shown = kinds[1:] if len(kinds) == 2 else kinds  # of two kinds, one column says all
        names += [f"{sheet.columns[index]}={kind}" for kind in shown]
        features += [np.array([cell == kind for cell in column], dtype=np.float64) for kind in shown]
    if not features:
        raise InputError(text("tables.no_features", file=sheet.name, target=sheet.columns[at]))
    shown_names = tuple(printable_line(name, LONGEST_CELL) for name in names)
    return Table(
        sheet.name, np.column_stack(features), y, shown_names, sheet.columns[at], class_names, tuple(notes)
    )


def _sheet(data: Input) -> tuple[_Sheet, list[str]]:
    """The cells of a file, with a header of its own or a made one."""
    if data.path is None:
        raise ValueError("read_table takes an input field of the parameters, resolved by the runner")
    name, size = data.name, data.path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(
            text("tables.too_large", file=name, size=f"{size / 1e6:.0f}", most=MOST_BYTES // 10**6)
        )
    words, notes = _decoded(data.path.read_bytes(), name)
    first_line = words.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    rows, numbers = [], []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(words), delimiter=delimiter, strict=True), 1):
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                numbers.append(number)
    except csv.Error as error:
        place = numbers[-1] + 1 if numbers else 1
        raise InputError(text("tables.broken", file=name, row=place, fault=error)) from None
    if not rows:
        raise InputError(text("inputs.empty", file=name))
    header = [printable_line(cell, LONGEST_CELL) for cell in rows[0]]
    if all(_number(cell) is not None for cell in header):  # no header: the first row is data
        header = [f"c{index + 1}" for index in range(len(header))]
        notes.append(text("tables.no_header", file=name, last=header[-1]))
    else:
        rows, numbers = rows[1:], numbers[1:]
        header = [cell or f"c{index + 1}" for index, cell in enumerate(header)]
    sheet = _Sheet(name, header, rows, numbers)
    _check_shape(sheet)
    return sheet, notes


def _decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    for encoding in ENCODINGS:
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in words:
            break
        return words, [] if encoding == ENCODINGS[0] else [text("tables.cp949", file=name)]
    raise InputError(text("tables.not_text", file=name))


def _check_shape(sheet: _Sheet) -> None:
    """Raise InputError for doubled names, ragged rows, and more cells than fit."""
    width = len(sheet.columns)
    for index, name in enumerate(sheet.columns):
        if name in sheet.columns[:index]:
            raise InputError(text("tables.doubled", file=sheet.name, column=name))
    if width > MOST_COLUMNS or width * len(sheet.rows) > MOST_CELLS:
        raise InputError(
            text("tables.too_many", file=sheet.name, rows=len(sheet.rows), columns=width,
                 most_columns=MOST_COLUMNS, most_cells=MOST_CELLS)
        )  # fmt: skip
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if len(row) != width:
            raise InputError(text("tables.ragged", file=sheet.name, row=number, got=len(row), wanted=width))
    if not sheet.rows:
        raise InputError(text("tables.header_only", file=sheet.name))


def _target_index(sheet: _Sheet, target: str) -> int:
    if not target:
        return len(sheet.columns) - 1
    if target not in sheet.columns:
        message = text(
            "tables.no_target", target=target, file=sheet.name, columns=", ".join(sheet.columns[:20])
        )
        raise UsageError(message + did_you_mean(target, sheet.columns))
    return sheet.columns.index(target)


def _kept_columns(
    sheet: _Sheet, target: int, is_missing: np.ndarray, notes: list[str]
) -> tuple[list[int], set[int]]:
    """The columns that become features, and which of them hold words. Adds what is left out to notes."""
    kept, words = [], set()
    for index, name in enumerate(sheet.columns):
        if index == target:
            continue
        if is_missing[:, index].mean() > 0.5:
            notes.append(text("tables.mostly_missing", column=name, missing=int(is_missing[:, index].sum()),
                              rows=len(sheet.rows)))  # fmt: skip
            continue
        present = [
            cell for cell, gone in zip(sheet.column(index), is_missing[:, index], strict=True) if not gone
        ]
        if _holds_words(present):
            kinds = len(set(present))
            if kinds > MOST_KINDS or kinds < 2:
                notes.append(text("tables.left_out", column=name, kinds=kinds, most=MOST_KINDS))
                continue
            notes.append(text("tables.one_hot", column=name, kinds=kinds))
            words.add(index)
        kept.append(index)
    return kept, words


def _without_gaps(
    sheet: _Sheet,
    whole: np.ndarray,
    is_missing: np.ndarray,
    columns: Sequence[int],
    notes: list[str],
    fewest_rows: int,
) -> tuple[_Sheet, list[str]]:
    """The sheet without the rows that lack a cell. Raises InputError when too few are left."""
    gaps = [row for row, is_whole in enumerate(whole) if not is_whole]
    place: dict[str, object] = {}
    if gaps:
        column = next(index for index in columns if is_missing[gaps[0], index])
        place = sheet.place(gaps[0], column)
    left = len(whole) - len(gaps)
    for index in columns:  # a word among numbers is told before the number of rows is
        _check_numbers(sheet, index, is_missing[:, index], index == columns[-1])
    if left < fewest_rows:
        key = "tables.too_few_whole" if gaps else "tables.too_few"
        said = {"file": sheet.name, **place, "left": left, "rows": len(whole), "fewest": fewest_rows}
        raise InputError(text(key, **said))
    if not gaps:
        return sheet, notes
    note = text(
        "tables.rows_left_out", gaps=len(gaps), rows=len(whole), row=place["row"], column=place["column"]
    )
    rows = [row for row, is_whole in zip(sheet.rows, whole, strict=True) if is_whole]
    numbers = [number for number, is_whole in zip(sheet.numbers, whole, strict=True) if is_whole]
    return _Sheet(sheet.name, sheet.columns, rows, numbers), [*notes, note]


def _check_numbers(sheet: _Sheet, index: int, is_missing: np.ndarray, is_target: bool) -> None:
    """Raise InputError for a word in a column of numbers, and for a number that is not finite."""
    cells = sheet.column(index)
    present = [row for row in range(len(cells)) if not is_missing[row]]
    values = {row: _number(cells[row]) for row in present}
    if _holds_words([cells[row] for row in present]):
        return
    for row, value in values.items():
        shown = printable_line(cells[row], LONGEST_CELL)
        if value is None and not is_target:
            raise InputError(text("tables.word_among_numbers", cell=shown, **sheet.place(row, index)))
        if value is not None and not math.isfinite(value):
            raise InputError(text("tables.infinite", cell=shown, **sheet.place(row, index)))


def _holds_words(cells: Sequence[str]) -> bool:
    """Whether a column is one of words: all of them are, or too many for slips of the pen."""
    words = sum(_number(cell) is None for cell in cells)
    return words == len(cells) or (words >= FEWEST_WORDS and words > SHARE_OF_WORDS * len(cells))


def _numbers(sheet: _Sheet, index: int) -> np.ndarray:
    import numpy as np

    return np.array([_number(cell) for cell in sheet.column(index)], dtype=np.float64)


def _target(sheet: _Sheet, index: int, task: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The target's values: of classes their numbers, with their names sorted."""
    import numpy as np

    cells = sheet.column(index)
    numbers = [_number(cell) for cell in cells]
    if task == "number":
        for row, value in enumerate(numbers):
            if value is None:
                shown = printable_line(cells[row], LONGEST_CELL)
                raise InputError(text("tables.word_among_numbers", cell=shown, **sheet.place(row, index)))
        return np.array(numbers, dtype=np.float64), ()
    kinds = sorted(
        set(cells), key=lambda cell: (value if (value := _number(cell)) is not None else math.inf, cell)
    )
    if not 2 <= len(kinds) <= MOST_CLASSES:
        key = "tables.one_class" if len(kinds) < 2 else "tables.no_classes"
        raise InputError(
            text(key, file=sheet.name, column=sheet.columns[index], kinds=len(kinds), most=MOST_CLASSES)
        )
    names = tuple(printable_line(kind, LONGEST_CELL) for kind in kinds)
    return np.array([kinds.index(cell) for cell in cells], dtype=np.int64), names


def _number(cell: str) -> float | None:
    """The number that a cell holds, or None. Underscores, which Python would take, are no number."""
    if "_" in cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return None
