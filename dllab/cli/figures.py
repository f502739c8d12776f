"""Numbers, times and names as a person reads them on a terminal."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.-:=+*#"


def number(value: float | None) -> str:
    """Six significant digits; "-" for nothing."""
    return "-" if value is None else f"{value:.6g}"


def duration(seconds: float | None) -> str:
    """`0.84 s`, `12.3 s`, `3 min 05 s`, `2 h 10 min`; "-" for nothing."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def moment(seconds: float | None) -> str:
    """Local date and time to the minute; "-" for nothing."""
    return "-" if seconds is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def sparkline(values: Sequence[float], places: int = 24) -> str:
    """A curve in one line: the values averaged into at most that many places, with gaps where none is finite.

    Nothing for a single value.
    """
    buckets = min(places, len(values)) if len(values) > 1 else 0
    means = []
    for i in range(buckets):
        part = values[i * len(values) // buckets : (i + 1) * len(values) // buckets]
        finite = [value for value in part if math.isfinite(value)]
        means.append(math.fsum(value / len(finite) for value in finite) if finite else None)
    known = [mean for mean in means if mean is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    bars = BARS if "utf" in (sys.stdout.encoding or "").lower() else PLAIN_BARS
    # halves, so that the span of two very large numbers does not overflow
    span = high / 2 - low / 2
    levels = [None if mean is None else (mean / 2 - low / 2) / span if span else 0.5 for mean in means]
    return "".join(" " if level is None else bars[round(level * (len(bars) - 1))] for level in levels)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines of aligned cells; on a terminal they are cut to its width."""
    from dllab.cli.layout import columns_of_terminal, pad, width

    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(map(pad, row, widths)).rstrip() for row in rows]
    if not sys.stdout.isatty():
        return lines
    room = columns_of_terminal()
    return [line if width(line) <= room else _cut(line, room - 1) + "…" for line in lines]


def _cut(line: str, room: int) -> str:
    from dllab.cli.layout import width

    while width(line) > room:
        line = line[:-1]
    return line


def plain(value: Any) -> str:
    """A value as text without control characters: what comes out of files may try to steer the terminal."""
    if isinstance(value, float):
        words = f"{value:g}" if float(f"{value:g}") == value else repr(value)
    elif isinstance(value, Mapping):
        words = "; ".join(f"{plain(key)}={plain(item)}" for key, item in value.items()) or "-"
    elif isinstance(value, list | tuple):
        words = ", ".join(plain(item) for item in value) or "-"
    elif value is None or isinstance(value, bool):
        words = str(value).lower()
    else:
        words = str(value)
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode()
        for letter in words
    )
