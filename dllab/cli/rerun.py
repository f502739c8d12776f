"""`dllab rerun`: make a run again, from the store or from a file, and say whether it is the same."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace

from dllab.errors import UsageError
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """RUN or FILE, inputs that this machine lacks, and what may be chosen anew."""
    parser.add_argument("reference", metavar="RUN|FILE", help=text("rerun.help_reference"))
    parser.add_argument(
        "--input", action="append", default=[], metavar="NAME=PATH", help=text("rerun.help_input")
    )
    parser.add_argument("--threads", type=int, help=text("rerun.help_threads"))
    parser.add_argument("--device", help=text("rerun.help_device"))
    parser.add_argument("--dtype", help=text("rerun.help_dtype"))
    parser.add_argument("--executor", help=text("rerun.help_executor"))
    parser.add_argument("--out", metavar="FOLDER", help=text("rerun.help_out"))
    parser.add_argument("--quiet", action="store_true", help=text("rerun.help_quiet"))
    parser.add_argument("--json", action="store_true", help=text("rerun.help_json"))


def main(args: Namespace) -> int:
    """Repeat a run; 0 when nothing but recipes differs, 1 when something does or the replay failed."""
    from dllab.cli.outputs import copy_out, out_folder
    from dllab.cli.run import carry_out_shown, tell_failure
    from dllab.replay import compare_replay, find_origin, replay_request
    from dllab.store import Store

    folder = out_folder(args.out)
    with Store(args.store) as store:
        origin = find_origin(store, args.reference)
        request, warnings = replay_request(
            store,
            origin,
            given_inputs(args.input),
            threads=args.threads,
            device=args.device,
            dtype=args.dtype,
            executor=args.executor,
        )
        for warning in warnings:
            print(f"dllab: {warning}", file=sys.stderr)
        outcome = carry_out_shown(store, request, args)
        record = outcome.record
        tell_failure(outcome, args.debug, can_resume=False)
        if outcome.traceback or record.status not in ("succeeded", "failed"):
            return outcome.exit_status or 1
        copies = copy_out(store, record.id, folder)
        comparison = compare_replay(store, origin, record)
        if args.json:
            facts = {
                "run": record.id, "original": origin.record.id if origin.record else None,
                "equal": comparison.is_equal, "same": comparison.equal, "differing": comparison.differing,
                "same_pictures": comparison.same_pictures, "causes": comparison.causes, "warnings": warnings,
            }  # fmt: skip
            print(json.dumps(facts, ensure_ascii=False))
        elif not args.quiet:
            _print_comparison(store, record.id, comparison, copies)
        return 0 if comparison.is_same else 1


def given_inputs(pairs: list[str]) -> dict[str, str]:
    """field: reference, from "field=reference". Raises UsageError for a word without an equals sign."""
    given = {}
    for pair in pairs:
        field, equals, reference = pair.partition("=")
        if not equals or not field or not reference:
            raise UsageError(text("rerun.bad_input", given=pair))
        given[field.replace("-", "_")] = reference
    return given


def _print_comparison(store, run_id, comparison, copies) -> None:  # type: ignore[no-untyped-def]
    artifacts = store.artifacts(run_id, role="out")
    for artifact in artifacts:
        print(f"  {copies.get(artifact.name) or artifact.copy or artifact.path}")
    if comparison.is_equal:
        files = {artifact.name for artifact in artifacts}
        count = sum(name in files for name in comparison.equal)
        print(text("replay.equal", files=count, metrics=len(comparison.equal) - count))
        return
    if not comparison.differing:
        print(text("replay.same_pictures", names=", ".join(comparison.same_pictures)))
        if comparison.causes:
            print(text("replay.why"))
        for cause in comparison.causes:
            print(f"  {cause}")
        return
    print(text("replay.differs"))
    for name in comparison.same_pictures:
        print(f"  {name}: {text('replay.same_pixels')}")
    for name, what in comparison.differing.items():
        print(f"  {name}: {what}")
    if comparison.causes:
        print(text("replay.why"))
        for cause in comparison.causes:
            print(f"  {cause}")
    else:
        print(text("replay.no_cause"))
