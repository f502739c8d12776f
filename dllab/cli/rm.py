"""`dllab rm`: remove runs, and the files that only they have."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dllab.cli.figures import moment
from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store


def add_arguments(parser: ArgumentParser) -> None:
    """Runs, and whether to ask."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help=text("runs.help_rm"))
    parser.add_argument("--yes", "-y", action="store_true", help=text("runs.help_yes"))


def main(args: Namespace) -> int:
    """Remove the runs; all are found and none is alive before the first one goes.

    Returns 1 when the user says no. Raises NotFoundError, and UsageError for a living run or where
    nobody can be asked.
    """
    from dllab.store import Store

    with Store(args.store) as store:
        runs = list({run.id: run for run in map(store.run, args.runs)}.values())
        for run in runs:
            if run.is_open:
                raise UsageError(
                    text("store.alive", run=run.id, status=run.status, pid=run.pid, host=run.host)
                )
        if not args.yes and not _is_wanted(store, runs):
            print(text("runs.nothing_removed"))
            return 1
        for run in runs:
            store.remove(run.id)
            print(text("runs.removed", run=run.id, experiment=run.experiment))
    return 0


def _is_wanted(store: Store, runs: Sequence[RunRecord]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(text("runs.cannot_ask"))
    for run in runs:
        files = len(store.artifacts(run.id, "out"))
        print(f"  {run.id}  {run.experiment}  {moment(run.created)}  {text('runs.files', count=files)}")
    answer = input(text("runs.ask", count=len(runs)) + " ")
    return answer.strip().lower() in ("y", "yes", "예", "네", "ㅇ")
