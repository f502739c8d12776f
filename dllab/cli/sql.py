"""`dllab sql`: ask the store in SQL. It can be read so, and in no way changed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from dllab.cli.figures import columns, plain
from dllab.cli.layout import print_json
from dllab.errors import UsageError
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """The question, its limits, and the form of the answer."""
    parser.add_argument("statement", metavar="SELECT", help=text("care.help_statement"))
    parser.add_argument(
        "--limit", type=int, default=1000, metavar=text("cli.kind_integer"), help=text("care.help_limit")
    )
    parser.add_argument(
        "--seconds", type=float, default=30.0, metavar=text("cli.kind_number"), help=text("care.help_seconds")
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=text("cli.json"))
    form.add_argument("--csv", action="store_true", help=text("care.help_csv"))


def main(args: Namespace) -> int:
    """Print the answer. Raises UsageError for what is no question, or takes too long."""
    from dllab.store import home_directory
    from dllab.store.sql import ask

    for flag, given in (("--limit", args.limit), ("--seconds", args.seconds)):
        if not given >= 0:
            raise UsageError(text("care.bad_limit", flag=flag, given=given))
    home = home_directory(args.store)
    answer = ask(home, args.statement, limit=args.limit or None, seconds=args.seconds)
    if args.json:
        print_json([dict(zip(answer.columns, map(_json_value, row), strict=True)) for row in answer.rows])
    elif args.csv:
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
    else:
        cells = [["" if value is None else plain(value) for value in row] for row in answer.rows]
        print("\n".join(columns([answer.columns, *cells])))
    if answer.is_cut:
        print(text("care.cut", limit=args.limit), file=sys.stderr)
    return 0


def _json_value(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
