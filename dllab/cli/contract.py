"""`dllab plugins --check`: experiments held to the contract, run at their tiny size and made again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dllab.cli.layout import heading, pad, print_json, width, wrap
from dllab.errors import DllabError, NotFoundError
from dllab.index import Index
from dllab.texts import did_you_mean, text

if TYPE_CHECKING:
    from dllab.testing import Fault
    from dllab.testing.workshop import Workshop


def check(index: Index, name: str, as_json: bool = False) -> int:
    """Check an experiment, all of a plugin, or `all`, and print a table; 0 when there is no fault, else 1.

    Raises NotFoundError for a name that is neither a plugin's nor an experiment's.
    """
    from dllab.plugins import broken, faults
    from dllab.testing.workshop import Workshop

    plugins, experiments = chosen(index, name)
    others = [str(broken(one, index.plugins[one])) for one in plugins if index.plugins[one]["error"]]
    if name == "all":
        others = faults(index)
    rows = []
    left = max((width(one) for one in experiments), default=0)
    with Workshop() as workshop:
        for experiment in experiments:
            start = time.monotonic()
            found = _faults(experiment, workshop)
            seconds = time.monotonic() - start
            rows.append((experiment, found))
            if not as_json:
                said = text("kit.good") if not found else text("kit.faults", number=len(found))
                print(f"  {pad(experiment, left)}  {seconds:5.1f} s  {said}", flush=True)
    if as_json:
        print_json({"experiments": dict(_as_json(rows)), "faults": others})
    else:
        _print_faults(rows, others)
    return 1 if others or any(found for _, found in rows) else 0


def chosen(index: Index, name: str) -> tuple[list[str], list[str]]:
    """The plugins and the experiments that a name stands for. Raises NotFoundError."""
    if name == "all":
        return list(index.plugins), list(index.experiments)
    if name in index.plugins:
        brought = index.plugins[name]["experiments"]
        return [name], [one for one in brought if index.experiments[one]["plugin"] == name]
    if name in index.experiments:
        return [], [name]
    names = [*index.plugins, *index.experiments]
    raise NotFoundError(text("kit.nothing_called", name=name) + did_you_mean(name, names))


def _faults(experiment: str, workshop: Workshop) -> list[Fault]:
    from dllab.testing import Fault, faults_of

    try:
        return faults_of(experiment, workshop=workshop)
    except DllabError as error:
        return [Fault(experiment, "imports", str(error))]


def _as_json(rows: list[tuple[str, list[Fault]]]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    for experiment, found in rows:
        yield experiment, [{"rule": one.rule, "message": one.message} for one in found]


def _print_faults(rows: list[tuple[str, list[Fault]]], others: list[str]) -> None:
    lines = [str(fault) for _, found in rows for fault in found] + others
    if lines:
        print("\n" + heading(text("kit.faults_heading")))
        print("\n".join("  " + "\n    ".join(wrap(line, 110)) for line in lines))
    elif not rows:
        print(text("kit.nothing_to_check"), file=sys.stderr)
