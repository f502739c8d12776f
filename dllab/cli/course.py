"""`dllab course`: run the course, or one lecture of it, and leave a gallery that shows every check."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.cli.list import by_lecture, select
from dllab.errors import UsageError
from dllab.index import read_index
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.runner import Outcome, RunRequest
    from dllab.store import RunRecord

TOPIC = "course"


def add_arguments(parser: ArgumentParser) -> None:
    """Which experiments, where to, and how many at once."""
    parser.add_argument("--lecture", metavar=text("cli.word_lecture"), help=text("course.help_lecture"))
    parser.add_argument(
        "--topic", default=TOPIC, metavar=text("cli.word_topic"), help=text("course.help_topic")
    )
    parser.add_argument(
        "--out", default="course", metavar=text("cli.word_folder"), help=text("course.help_out")
    )
    parser.add_argument("--jobs", type=int, help=text("course.help_jobs"))
    parser.add_argument("--threads", type=int, help=text("sweep.help_threads"))
    parser.add_argument("--seed", type=int, default=0, help=text("cli.run_seed"))
    parser.add_argument("--tiny", action="store_true", help=text("sweep.help_tiny"))
    parser.add_argument("--quiet", action="store_true", help=text("rerun.help_quiet"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Run them and write the page; 0 when every check holds, 1 when not, 130 when cancelled.

    Cancelled, it leaves an earlier gallery as it was, and makes one of what is done where there is none.
    Raises NotFoundError for a lecture or topic without experiments, UsageError for a folder in use.
    """
    from dllab.batch import run_children
    from dllab.cli.outputs import out_folder
    from dllab.cli.sweep import check_jobs
    from dllab.environment import available_cores
    from dllab.gallery import PAGE, Exhibit, check_folder, write_gallery
    from dllab.runner import checked_threads
    from dllab.store import Store

    names = chosen(args.topic, args.lecture)
    jobs = min(available_cores(), len(names)) if args.jobs is None else args.jobs
    check_jobs(jobs)
    threads = max(1, available_cores() // jobs) if args.threads is None else checked_threads(args.threads)
    if args.seed < 0:
        raise UsageError(text("run.bad_seed", seed=args.seed))
    check_folder(Path(args.out).expanduser())
    folder = out_folder(args.out) or Path()
    page, index = folder / PAGE, read_index()
    teller = _Teller(names, is_silent=args.quiet or args.json)
    if len(names) > 1 and not teller.is_silent and not args.tiny:
        print(text("course.begins", total=len(names), jobs=jobs), file=sys.stderr)
    with Store(args.store) as store:
        requests = [_request(name, args, threads) for name in names]
        outcomes, is_cancelled = run_children(store, requests, jobs, teller.ended)
        ended = [store.run(one.record.id) for one in outcomes if one is not None]
        records = [record for record in ended if record.status != "cancelled"]
        exhibits = [Exhibit(index.experiment(record.experiment), record) for record in records]
        lecture = text("cli.word_lecture") + f" {args.lecture}" if args.lecture is not None else args.topic
        is_new = bool(exhibits) and not (is_cancelled and page.exists())
        if is_new:
            try:
                write_gallery(folder, text("course.title", what=lecture), exhibits, store, is_tiny=args.tiny)
            except OSError as error:
                fault = error.strerror or error
                raise UsageError(text("show.out_unusable", folder=args.out, fault=fault)) from error
        checks = [check for record in records for check in store.checks(record.id)]
    if is_cancelled:
        key = "course.cancelled_new" if is_new or not page.exists() else "course.cancelled"
        words = text(key, done=len(records), total=len(names), page=page)
        print(f"dllab: {words}", file=sys.stderr)
    _tell(args, page if is_new else None, records, checks)
    return 130 if is_cancelled else int(any(record.status != "succeeded" for record in records))


def _tell(args: Namespace, page: Path | None, records: list[RunRecord], checks: list[dict[str, Any]]) -> None:
    """Say how many checks hold, where the page is, if one was written, and what failed."""
    held = sum(bool(check["passed"]) for check in checks)
    failed = [record.experiment for record in records if record.status != "succeeded"]
    if args.json:
        facts: dict[str, Any] = {
            "page": str(page) if page else None,
            "runs": [record.id for record in records],
            "failed": failed,
            "checks": len(checks),
            "held": held,
        }
        print(json.dumps(facts, ensure_ascii=False))
        return
    if page is not None:
        print(text("course.total", runs=len(records), held=held, checks=len(checks)))
        print(page)
    if failed:
        print("dllab: " + text("course.failed", names=", ".join(failed)), file=sys.stderr)


def chosen(topic: str, lecture: str | None) -> list[str]:
    """The names of the experiments, in the lecture's order or by topic, each once."""
    found = select(read_index(), None, topic, lecture)
    if lecture is not None:
        found = [one for _, one in by_lecture(found, lecture)]
    return list(dict.fromkeys(one["name"] for one in found))


def _request(name: str, args: Namespace, threads: int) -> RunRequest:
    from dllab.runner import RunRequest

    return RunRequest(
        name, seed=args.seed, threads=threads, executor="process", is_tiny=args.tiny, tags=("course",)
    )


class _Teller:
    """Says on standard error which experiment has ended, how, and after how long."""

    def __init__(self, names: list[str], is_silent: bool) -> None:
        self.names, self.done, self.is_silent, self.began = names, 0, is_silent, time.monotonic()

    def ended(self, number: int, outcome: Outcome) -> None:
        self.done += 1
        if self.is_silent:
            return
        status = text(f"show.status_{outcome.record.status}")
        line = text(
            "course.ended",
            done=self.done,
            total=len(self.names),
            name=self.names[number],
            status=status,
            seconds=f"{time.monotonic() - self.began:.0f}",
        )
        print(line + (f": {outcome.record.error}" if outcome.record.error else ""), file=sys.stderr)
