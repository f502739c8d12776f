"""`dllab sweep`: an experiment over a grid of parameters and several seeds."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.runner import Outcome, RunRequest
    from dllab.store import RunRecord, Store
    from dllab.sweep import SweepPlan


def add_arguments(parser: ArgumentParser) -> None:
    """What to sweep, over what, and how many runs at once."""
    parser.add_argument("experiment", nargs="?", metavar="EXPERIMENT", help=text("sweep.help_experiment"))
    parser.add_argument(
        "--grid", action="append", default=[], metavar="NAME=A,B", help=text("sweep.help_grid")
    )
    parser.add_argument("--seeds", metavar="0..4", help=text("sweep.help_seeds"))
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=text("sweep.help_set")
    )
    parser.add_argument("--jobs", type=int, default=1, help=text("sweep.help_jobs"))
    parser.add_argument("--threads", type=int, help=text("sweep.help_threads"))
    parser.add_argument("--tiny", action="store_true", help=text("sweep.help_tiny"))
    parser.add_argument("--resume", metavar="RUN", help=text("sweep.help_resume"))
    parser.add_argument("--quiet", action="store_true", help=text("rerun.help_quiet"))
    parser.add_argument("--json", action="store_true", help=text("sweep.help_json"))


def main(args: Namespace) -> int:
    """Run what is missing of a sweep; 0 when every run succeeded, 1 when not, 130 when cancelled."""
    from dllab.batch import close_parent, open_parent, parent_run, run_children
    from dllab.store import Store
    from dllab.sweep import SweepPlan, check_points, run_rows, summary_rows
    from dllab.sweep_figure import draw

    check_jobs(args.jobs)
    with Store(args.store) as store:
        parent = store.run(args.resume) if args.resume else None
        plan = SweepPlan.of(parent) if parent else _plan(args)
        check_points(store, plan)
        record = parent or open_parent(store, "sweep", plan.to_params(), plan.seeds[0], plan.threads)
        requests = _missing(store, plan, record.id)
        teller = Teller(len(requests), is_silent=args.quiet or args.json)
        with parent_run(store, record) as run:
            outcomes, is_cancelled = run_children(store, requests, args.jobs, teller.ended)
            children = [child for child in store.children(record.id) if child.relation == "sweep"]
            rows = run_rows(store, plan, [child for child in children if child.status == "succeeded"])
            summary = summary_rows(plan, rows)
            run.save_table("runs.csv", rows)
            run.save_table("summary.csv", summary)
            if summary:
                run.save_figure("sweep.png", draw(plan, summary))
        record = close_parent(store, record, outcomes, is_cancelled)
        _print(store, record, summary, args)
    return {"succeeded": 0, "cancelled": 130}.get(record.status, 1)


def check_jobs(jobs: int) -> None:
    """Raise UsageError for a number of jobs that is out of bounds."""
    if not 1 <= jobs <= 256:
        raise UsageError(text("sweep.bad_jobs", jobs=jobs))


def _plan(args: Namespace) -> SweepPlan:
    from dllab.environment import available_cores
    from dllab.runner import checked_threads
    from dllab.sweep import SweepPlan, parse_grid, parse_seeds

    if not args.experiment:
        raise UsageError(text("cli.which_experiment"))
    grid = parse_grid(args.grid)
    fixed = {name: ",".join(values) for name, values in parse_grid(args.set).items()}
    seeds = parse_seeds(args.seeds) if args.seeds is not None else [0]
    both = sorted(set(grid) & set(fixed))
    if both:
        raise UsageError(text("sweep.twice", name=both[0]))
    shared = max(1, available_cores() // args.jobs)
    threads = shared if args.threads is None else checked_threads(args.threads)
    if not grid and len(seeds) == 1 and not (args.quiet or args.json):
        print("dllab: " + text("sweep.single", experiment=args.experiment), file=sys.stderr)
    return SweepPlan(args.experiment, grid, seeds, fixed, threads, args.tiny)


def _missing(store: Store, plan: SweepPlan, parent: str) -> list[RunRequest]:
    """The requests of a plan that no finished child answers yet."""
    from dllab.plugins import load_experiment
    from dllab.runner import bind
    from dllab.sweep import finished_children, point_key

    experiment, _ = load_experiment(plan.experiment)
    done = finished_children(store, parent)
    requests = plan.requests(parent)
    if not done:
        return requests
    keys = [point_key(bind(store, experiment, request)[0]) for request in requests]
    return [request for request, key in zip(requests, keys, strict=True) if (key, request.seed) not in done]


class Teller:
    """Says on standard error how far the sweep is."""

    def __init__(self, total: int, is_silent: bool) -> None:
        self.total, self.done, self.is_silent = total, 0, is_silent

    def ended(self, number: int, outcome: Outcome) -> None:
        self.done += 1
        record = outcome.record
        if not self.is_silent:
            status = text(f"show.status_{record.status}")
            line = text("sweep.child_ended", done=self.done, total=self.total, run=record.id, status=status)
            print(line + (f": {record.error}" if record.error else ""), file=sys.stderr)


def _print(store: Store, record: RunRecord, summary: list[dict[str, Any]], args: Namespace) -> None:
    from dllab.cli.figures import columns, number, plain

    artifacts = store.artifacts(record.id, role="out")
    if args.json:
        facts = {
            **record.to_json(),
            "summary": summary,
            "artifacts": {one.name: str(one.copy) for one in artifacts},
        }
        print(json.dumps(facts, ensure_ascii=False))
    elif summary and not args.quiet:
        names = [name for name in summary[0] if not name.endswith(" ±")]
        rows = [[plain(name) for name in names]]
        for facts in summary:
            rows.append([plain(_cell(facts, name, number)) for name in names])
        print("\n".join(columns(rows)))
        for artifact in artifacts:
            print(f"  {artifact.copy}")
    if record.error:
        print(f"dllab: {record.error}", file=sys.stderr)
    if record.status != "succeeded":
        print(text("sweep.resume_hint", run=record.id), file=sys.stderr)


def _cell(facts: dict[str, Any], name: str, number: Any) -> str:
    value, half_width = facts[name], facts.get(f"{name} ±")
    words = number(value) if isinstance(value, float) else str(value)
    return f"{words} ± {half_width:.2g}" if half_width is not None else words
