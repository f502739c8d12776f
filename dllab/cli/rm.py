"""`dllab rm`: remove runs, and the files that only they have."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dllab.cli.figures import moment, plain
from dllab.cli.layout import print_json
from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store


def add_arguments(parser: ArgumentParser) -> None:
    """Runs, and whether to ask."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help=text("runs.help_rm"))
    parser.add_argument("--yes", "-y", action="store_true", help=text("runs.help_yes"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Remove the runs; all are found and none is alive before the first one goes.

    With a sweep or a contact sheet go the runs that are part of it.
    Returns 1 when the user says no. Raises NotFoundError, and UsageError for a living run or where
    nobody can be asked.
    """
    from dllab.store import Store

    with Store(args.store) as store:
        asked = {run.id: run for run in map(store.run, args.runs)}
        members = {run_id: store.members(run_id) for run_id in asked}
        within = {member.id for each in members.values() for member in each}
        runs = [run for run in asked.values() if run.id not in within]
        going = [each for run in runs for each in (run, *members[run.id])]
        for each in going:
            if each.is_open:
                raise UsageError(
                    text("store.alive", run=each.id, status=each.status, pid=each.pid, host=each.host)
                )
        if not args.yes and not _is_wanted(store, runs, members):
            print(text("runs.nothing_removed"))
            return 1
        for run in runs:
            store.remove(run.id)
            if not args.json:
                removed = text("runs.removed", run=run.id, experiment=plain(run.experiment))
                print(" ".join([removed, *_and_members(members[run.id])]))
        if args.json:
            print_json([each.id for each in going])
    return 0


def _is_wanted(store: Store, runs: Sequence[RunRecord], members: Mapping[str, Sequence[RunRecord]]) -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(text("runs.cannot_ask"))
    for run in runs:
        files = len(store.artifacts(run.id, "out"))
        words = [run.id, plain(run.experiment), moment(run.created), text("runs.files", count=files)]
        print("  " + "  ".join([*words, *_and_members(members[run.id])]))
    answer = input(text("runs.ask", count=sum(1 + len(members[run.id]) for run in runs)) + " ")
    return answer.strip().lower() in ("y", "yes", "예", "네", "ㅇ")


def _and_members(members: Sequence[RunRecord]) -> list[str]:
    """In words what goes with a sweep or a contact sheet; nothing for other runs."""
    return [text("runs.its_members", count=len(members))] if members else []
