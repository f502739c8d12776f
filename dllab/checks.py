"""A check: a known figure beside the obtained one, with its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from dllab.events import Event
from dllab.names import well_formed
from dllab.texts import language


def judge(
    name: str,
    got: float,
    expected: float | None,
    abs: float | None,
    rel: float | None,
    at_least: float | None,
    at_most: float | None,
    source: str,
    ko: str = "",
) -> Event:
    """The check event for a figure: expected within abs or rel, or at_least and/or at_most.

    Raises ValueError when neither or both ways are given, or no source.
    """
    if not source:
        raise ValueError(f"check {name!r} needs a source: where is the known figure from?")
    has_bounds = at_least is not None or at_most is not None
    if (expected is not None) == has_bounds:
        raise ValueError(
            f"check {name!r} needs either expected= (with abs= or rel=), or at_least= and/or at_most="
        )
    value = as_number(got, f"check {name!r}", "got")
    if expected is not None:
        tolerance = max(abs or 0.0, (rel or 0.0) * math.fabs(expected))
        passed = math.fabs(value - float(expected)) <= tolerance
        wanted = f"{expected:.6g}" + (f" ± {tolerance:.2g}" if tolerance else "")
    else:
        passed = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
        limits = [
            f"≥ {at_least:.6g}" if at_least is not None else "",
            f"≤ {at_most:.6g}" if at_most is not None else "",
        ]
        wanted = ", ".join(limit for limit in limits if limit)
    return {
        "kind": "check", "name": name, "got": value if math.isfinite(value) else None,
        "expected": wanted, "passed": bool(passed), "source": source, **({"ko": ko} if ko else {}),
    }  # fmt: skip


def as_number(value: Any, place: str, name: str) -> float:
    """A number, an array or tensor of one, as a float. Raises TypeError that says what was to be one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{place}: {name} must be a number, not {value!r:.60}") from None


def as_metrics(values: Mapping[str, Any]) -> dict[str, float]:
    """What was given to `run.log`, as floats by printable names. Raises TypeError as `as_number` does."""
    numbers = {}
    for key, value in values.items():  # amid other work a call costs several times as much: none where it can
        number = value if type(value) is float else as_number(value, "run.log", key)
        numbers[key if key.isascii() else well_formed(key)] = number
    return numbers


def shown_name(check: Mapping[str, Any]) -> str:
    """A recorded check's name, in Korean where that is spoken and was given."""
    return str((language() == "ko" and check.get("ko")) or check.get("name", ""))
