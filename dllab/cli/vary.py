"""`dllab vary`: variations of a run on one contact sheet, and on from the one that pleases."""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dllab.texts import text

if TYPE_CHECKING:
    from dllab.runner import RunRequest
    from dllab.store import RunRecord, Store
    from dllab.vary import Variation


def add_arguments(parser: ArgumentParser) -> None:
    """RUN, FILE or an earlier sheet, and how to vary."""
    parser.add_argument("reference", metavar="RUN|FILE", help=text("vary.help_reference"))
    parser.add_argument("--n", type=int, default=9, help=text("vary.help_n"))
    parser.add_argument("--move", type=float, default=0.25, help=text("vary.help_move"))
    parser.add_argument("--seed", type=int, default=0, help=text("vary.help_seed"))
    parser.add_argument("--pick", type=int, metavar="NUMBER", help=text("vary.help_pick"))
    parser.add_argument(
        "--input", action="append", default=[], metavar="NAME=PATH", help=text("rerun.help_input")
    )
    parser.add_argument("--jobs", type=int, default=1, help=text("sweep.help_jobs"))
    parser.add_argument("--threads", type=int, help=text("vary.help_threads"))
    parser.add_argument("--quiet", action="store_true", help=text("rerun.help_quiet"))
    parser.add_argument("--json", action="store_true", help=text("vary.help_json"))


def main(args: Namespace) -> int:
    """Make the variations and their sheet; 0 when every run succeeded, 1 when not, 130 when cancelled."""
    from dataclasses import replace

    import numpy as np

    from dllab.batch import close_parent, open_parent, parent_run, run_children
    from dllab.cli.sweep import Teller, check_jobs
    from dllab.plugins import load_experiment
    from dllab.runner import checked_threads
    from dllab.store import Store
    from dllab.vary import variations
    from dllab.vary_sheet import contact_sheet, shown_picture

    check_jobs(args.jobs)
    if args.threads is not None:
        checked_threads(args.threads)
    with Store(args.store) as store:
        origin = _origin(store, args)
        experiment, _ = load_experiment(origin.experiment)
        found = variations(experiment, origin, args.n, args.move, args.seed)
        facts = {"experiment": origin.experiment, "n": args.n, "move": args.move, "origin": origin.parent}
        record = open_parent(store, "vary", facts, args.seed, checked_threads(origin.threads))
        requests = [replace(one.request, parent=record.id, relation="vary") for one in found]
        teller = Teller(len(requests), is_silent=args.quiet or args.json)
        with parent_run(store, record) as run:
            outcomes, is_cancelled = run_children(store, requests, args.jobs, teller.ended)
            done = [
                (one.record.id, variation)
                for one, variation in zip(outcomes, found, strict=True)
                if one is not None and one.record.status == "succeeded"
            ]
            ids = [run_id for run_id, _ in done]
            store.add_event(record.id, "sheet", {"runs": ids})
            if ids:
                captions = [_caption(variation, origin) for _, variation in done]
                sheet = contact_sheet([shown_picture(store, run_id) for run_id in ids], captions)
                run.save_image("sheet.png", np.asarray(sheet).transpose(2, 0, 1))
        record = close_parent(store, record, outcomes, is_cancelled)
        path = str(record.folder / "sheet.png") if ids else None
        if args.json:
            print(json.dumps({**record.to_json(), "runs": ids, "sheet": path}, ensure_ascii=False))
        elif ids and not args.quiet:
            print(f"  {path}")
            print(text("vary.pick_hint", run=record.id))
        if record.error:
            print(f"dllab: {record.error}", file=sys.stderr)
    return {"succeeded": 0, "cancelled": 130}.get(record.status, 1)


def _caption(variation: Variation, origin: RunRequest) -> Sequence[str]:
    """What is told under a picture: its seed and what was moved."""
    if variation.request.seed == origin.seed and not variation.moved:
        return (text("vary.original"),)
    return (text("vary.seed", digits=f"{variation.request.seed % 10**6:06d}"), *variation.moved)


def _origin(store: Store, args: Namespace) -> RunRequest:
    """The request to vary: of the run, of the file, or of the picked number on a sheet."""
    from dllab.cli.rerun import given_inputs
    from dllab.replay import find_origin, replay_request
    from dllab.vary import picked

    if args.pick is None:
        origin = find_origin(store, args.reference)
    else:
        chosen = picked(store, _sheet(store, args.reference), args.pick)
        origin = find_origin(store, chosen.id)
    request, warnings = replay_request(store, origin, given_inputs(args.input), threads=args.threads)
    for warning in warnings:
        print(f"dllab: {warning}", file=sys.stderr)
    return request


def _sheet(store: Store, reference: str) -> RunRecord:
    """The run that made a contact sheet, by the run or by the picture."""
    from pathlib import Path

    path = Path(reference)
    if path.is_file():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        for record, _ in store.find_digest(digest):
            if record.experiment == "vary":
                return record
    return store.run(reference)
