"""A column of prices from a user's CSV, in the order of its rows."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    import numpy as np

MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "결측")
MOST_BYTES = 64_000_000
ENCODINGS = ("utf-8-sig", "cp949")  # the second is what a Korean spreadsheet writes


def read_prices(data: dllab.Input, target: str = "") -> tuple[str, np.ndarray, int]:
    """The name of the column, its numbers (days,), and how many rows were left out for a missing one.

    Unlike dllab.read_table it needs no second column of numbers: a date and a price will do. A file whose
    first column is a date and newest row is on top is turned round. Thousands may be set apart by commas.

    Raises InputError with the row for a word among numbers, a price that isn't finite, or a file that is no
    table; UsageError for a column that isn't there.
    """
    import numpy as np

    rows = _rows(data)
    header = rows[0]
    column = _column(data.name, header, target)
    values: list[float] = []
    days: list[str] = []
    left_out = 0
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise dllab.InputError(
                f"{data.name!r}, row {number}: {len(row)} cells, the header {len(header)}; repair this row"
            )
        cell = row[column].strip()
        if cell.casefold() in MISSING:
            left_out += 1
            continue
        values.append(_number(cell, data.name, number, header[column]))
        days.append(row[0].strip())
    prices = np.array(values)
    is_dated = bool(days) and all(day[:4].isdigit() and len(day) >= 8 for day in days) and column != 0
    if is_dated and days == sorted(days, reverse=True) and days[0] != days[-1]:
        prices = prices[::-1].copy()
    return header[column].strip(), prices, left_out


def _rows(data: dllab.Input) -> list[list[str]]:
    """All rows that aren't empty, header first."""
    if data.path is None:
        raise ValueError("read_prices takes an input field of the parameters, resolved by the runner")
    if data.path.stat().st_size > MOST_BYTES:
        raise dllab.InputError(f"{data.name!r} is larger than {MOST_BYTES // 10**6} MB; cut it into parts")
    content = data.path.read_bytes()
    for encoding in ENCODINGS:
        try:
            words = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise dllab.InputError(f"{data.name!r} is no text; save it as CSV (UTF-8)")
    first = words.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(words), delimiter=max(",;\t", key=first.count), strict=True))
    except csv.Error as error:
        raise dllab.InputError(f"{data.name!r} is no CSV: {error}; save it as CSV (UTF-8)") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise dllab.InputError(f"{data.name!r} has no rows below its header; one row a day is needed")
    return rows


def _column(name: str, header: list[str], target: str) -> int:
    names = [one.strip() for one in header]
    if not target:
        return len(names) - 1
    if target not in names:
        raise dllab.UsageError(
            f"--target {target!r} is no column of {name!r}; it has {', '.join(names[:12])}"
        )
    return names.index(target)


def _number(cell: str, name: str, row: int, column: str) -> float:
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        raise dllab.InputError(
            f"{name!r}, row {row}, column {column!r}: {cell[:40]!r} is no number; repair it or set --target"
        ) from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise dllab.InputError(
            f"{name!r}, row {row}, column {column!r}: {cell[:40]!r} is no price; repair it"
        )
    return value
