"""`dllab run`: run an experiment, or go on with one that was stopped."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.cli.display import RunDisplay, outcome_json, print_outcome
from dllab.cli.outputs import copy_out, out_folder
from dllab.errors import InputError, UsageError
from dllab.paths import expanded
from dllab.replay import kept_input
from dllab.runner import Outcome, RunRequest, carry_out, last_checkpoint
from dllab.store import Store
from dllab.texts import text

MAX_PARAMS_BYTES = 1_000_000

if TYPE_CHECKING:
    from dllab.cli.flags import RunArguments


def main(args: RunArguments) -> int:
    """Run what the line asks for; returns 0, 1 (failed, or a check failed) or 130 (cancelled)."""
    folder = out_folder(args.out)
    with Store(args.store) as store:
        request = _resumed(store, args) if args.resume else _request(args)
        return perform(store, request, args, folder)


def perform(store: Store, request: RunRequest, args: Any, folder: Path | None = None) -> int:
    """Carry out a request with a display, print how it ended, and return the exit status.

    args: has quiet, json and debug.
    """
    outcome = carry_out_shown(store, request, args)
    copies = copy_out(store, outcome.record.id, folder)
    if args.json:
        print(outcome_json(store, outcome))
    elif not args.quiet:
        print_outcome(store, outcome, copies)
    tell_failure(outcome, args.debug, can_resume=bool(store.artifacts(outcome.record.id, role="checkpoint")))
    return outcome.exit_status


def carry_out_shown(store: Store, request: RunRequest, args: Any) -> Outcome:
    """Carry out a request with the display that the line asks for."""
    display = RunDisplay(is_quiet=args.quiet or args.json)
    # under --json standard output is for the one object alone, whatever the experiment prints
    printed = contextlib.redirect_stdout(sys.stderr) if args.json else contextlib.nullcontext()
    try:
        with printed:
            return carry_out(store, request, [display])
    finally:
        display.close()


def tell_failure(outcome: Outcome, is_debug: bool, can_resume: bool) -> None:
    """One line for a run that did not succeed, after its traceback with --debug."""
    record = outcome.record
    if record.status == "failed":
        if is_debug and outcome.traceback:
            print(outcome.traceback, file=sys.stderr)
        print(f"dllab: {record.error}", file=sys.stderr)
    was_stopped = record.status == "cancelled" or bool(outcome.traceback)
    if was_stopped and can_resume:
        print(text("show.resume_hint", run=record.id), file=sys.stderr)


def _request(args: RunArguments) -> RunRequest:
    values = {**_params_file(args.params), **args.values}
    return RunRequest(
        args.experiment,
        values,
        seed=args.seed if args.seed is not None else 0,
        device=args.device or "auto",
        dtype=args.dtype or "auto",
        threads=args.threads,
        executor=args.executor or "inline",
        is_tiny=args.tiny,
        use_recipe=not args.no_recipe,
        tags=tuple(args.tag),
    )


def _resumed(store: Store, args: RunArguments) -> RunRequest:
    """The request that goes on with a run: its own parameters, inputs, seed and threads.

    Raises UsageError when it succeeded, left no checkpoint, or parameters are given anew.
    """
    record = store.run(args.resume or "")
    if args.experiment and args.experiment != record.experiment:
        raise UsageError(
            text("run.resume_other", run=record.id, was=record.experiment, wanted=args.experiment)
        )
    if args.values or args.params:
        raise UsageError(text("run.resume_params", run=record.id))
    if record.status == "succeeded":
        raise UsageError(text("run.resume_ended", run=record.id))
    last_checkpoint(store, record.id)
    return RunRequest(
        record.experiment,
        record.params,
        inputs={name: kept_input(store, name, value) for name, value in record.inputs.items()},
        seed=record.seed,
        device=args.device or record.device.split(":")[0],
        dtype=args.dtype or record.dtype,
        threads=args.threads or record.threads,
        executor=args.executor or record.executor,
        tags=(*record.tags, *args.tag),
        parent=record.id,
        relation="resume",
    )


def _params_file(path: str | None) -> dict[str, Any]:
    """The parameters in a JSON file. Raises InputError when it holds no object."""
    if path is None:
        return {}
    file = expanded(path)
    try:
        if file.exists() and (not file.is_file() or file.stat().st_size > MAX_PARAMS_BYTES):
            raise InputError(text("show.params_no_file", file=path))
        values = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        fault = getattr(error, "strerror", None) or error
        raise InputError(text("show.params_unreadable", file=path, fault=fault)) from error
    if not isinstance(values, dict):
        raise InputError(text("show.params_not_object", file=path))
    return values
