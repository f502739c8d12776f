"""`dllab runs`: the runs of the store, filtered and sorted."""

from __future__ import annotations

import re
import sys
import time
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dllab.cli.figures import columns, duration, moment, number, plain
from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
COMPARISON = re.compile(r"\s*([^<>=!]+?)\s*(<=|>=|==|!=|<|>|=)\s*([^<>=!]+?)\s*")
METRICS_SHOWN = 3


def add_arguments(parser: ArgumentParser) -> None:
    """Filters, order and form."""
    parser.add_argument("--experiment", metavar=text("cli.word_name"), help=text("runs.help_experiment"))
    parser.add_argument(
        "--status",
        action="append",
        default=[],
        metavar=text("runs.word_status"),
        help=text("runs.help_status"),
    )
    parser.add_argument(
        "--tag", action="append", default=[], metavar=text("cli.metavar_tag"), help=text("runs.help_tag")
    )
    parser.add_argument(
        "--metric", action="append", default=[], metavar="'loss<0.5'", help=text("runs.help_metric")
    )
    parser.add_argument("--since", metavar="2h|3d|2026-11-01", help=text("runs.help_since"))
    parser.add_argument("--until", metavar="2h|3d|2026-11-01", help=text("runs.help_until"))
    parser.add_argument(
        "--sort", default="created", metavar=text("cli.word_name"), help=text("runs.help_sort")
    )
    parser.add_argument("--parent", metavar="RUN", help=text("runs.help_parent"))
    parser.add_argument("--all", action="store_true", help=text("runs.help_members"))
    parser.add_argument("--ascending", action="store_true", help=text("runs.help_ascending"))
    parser.add_argument(
        "--limit", type=int, default=20, metavar=text("cli.kind_integer"), help=text("runs.help_limit")
    )
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Print the runs that fit. Raises UsageError for a filter that cannot be read."""
    from dllab.store import Store

    if args.limit < 0:
        raise UsageError(text("runs.bad_limit", limit=args.limit))
    with Store(args.store) as store:
        filters = _filters(store, args)
        is_whole = args.all or args.parent is not None
        limit = args.limit + 1 if args.limit else None
        found = store.runs(**filters, limit=limit, members=None if is_whole else False)
        shown = found[: args.limit] if args.limit else found
        if args.json:
            _print_json(store, shown)
        else:
            _print_table(store, shown)
            if len(found) > len(shown):
                print(text("runs.more", limit=args.limit), file=sys.stderr)
            hidden = 0 if is_whole else len(store.runs(**filters, limit=None, members=True))
            if hidden:
                print(text("runs.hidden", count=hidden), file=sys.stderr)
    return 0


def _filters(store: Store, args: Namespace) -> dict[str, Any]:
    """What the line asks for, as Store.runs takes it. Raises UsageError for what cannot be read."""
    from dllab.store.store import is_tag

    for tag in args.tag:
        if not is_tag(tag):
            raise UsageError(text("store.bad_tag", tag=tag))
    return {
        "experiment": args.experiment,
        "statuses": [status for given in args.status for status in given.split(",")],
        "tags": args.tag,
        "since": parse_time(args.since),
        "until": parse_time(args.until),
        "metrics": [parse_comparison(each) for each in args.metric],
        "sort": _sort(store, args.sort),
        "descending": not args.ascending,
        "parent": store.run(args.parent).id if args.parent is not None else None,
    }


def parse_time(words: str | None, now: float | None = None) -> float | None:
    """Unix seconds of `2h` (ago), `3d`, a date or a date and time (local). Raises UsageError for others."""
    if words is None:
        return None
    age = AGE.fullmatch(words.strip())
    if age:
        return (time.time() if now is None else now) - float(age[1]) * UNITS_S[age[2]]
    try:
        return datetime.fromisoformat(words.strip()).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(text("runs.bad_time", given=words)) from error


def parse_comparison(words: str) -> tuple[str, str, float]:
    """("loss", "<", 0.5) of `loss<0.5`. Raises UsageError for words that are no comparison."""
    match = COMPARISON.fullmatch(words)
    if match:
        with suppress(ValueError):
            return match[1], match[2], float(match[3])
    raise UsageError(text("runs.bad_metric", given=words))


def _sort(store: Store, name: str) -> str:
    """A column of the store, or the metric of this name where some run has logged one."""
    from dllab.store.queries import SORTS

    return f"metric:{name}" if name not in SORTS and name in store.metric_keys() else name


def _print_json(store: Store, runs: list[RunRecord]) -> None:
    from dllab.store.records import readable_json

    facts = [run.to_json() | {"metrics": store.latest_metrics(run.id)} for run in runs]
    print(readable_json(facts), end="")


def _print_table(store: Store, runs: list[RunRecord]) -> None:
    from dllab.cli.layout import heading

    if not runs:
        print(text("runs.none"))
        return
    rows = [
        (
            run.id,
            plain(run.experiment),
            text(f"show.status_{run.status}"),
            moment(run.created),
            duration(run.duration),
            plain(" ".join(run.tags)),
            _metrics(store, run),
        )
        for run in runs
    ]
    titles = (
        text("runs.column_run"), text("runs.column_experiment"), text("runs.column_status"),
        text("runs.column_created"), text("runs.column_duration"), text("runs.column_tags"),
        text("runs.column_metrics"),
    )  # fmt: skip
    used = [i for i in range(len(titles)) if any(row[i] for row in rows)]
    lines = columns([[row[i] for i in used] for row in (titles, *rows)])
    print("\n".join([heading(lines[0]), *lines[1:]]))


def _metrics(store: Store, run: RunRecord) -> str:
    latest = list(store.latest_metrics(run.id).items())
    words = [f"{plain(key)} {number(value)}" for key, value in latest[:METRICS_SHOWN]]
    return "  ".join(words + (["…"] if len(latest) > METRICS_SHOWN else []))
