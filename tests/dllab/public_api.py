"""The public API as lines of text, for holding it against the recorded listing, public_api.txt.

Run as a script it records the listing anew: `python tests/dllab/public_api.py`. A line that goes or
changes breaks the promise of docs/compatibility.md; one that comes is a promise from then on.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import dllab
from dllab import executors, hookspecs, recipe, testing
from dllab.cli import INTERRUPTED
from dllab.cli.parsers import Parser
from dllab.declare import RESOURCE_KINDS
from dllab.params import INPUT_KINDS
from dllab.reserved import COMMANDS, COMMON_FLAGS, RUN_FLAGS
from dllab.runner import RunRequest
from dllab.spec import RunSpec
from dllab.store.records import STATUSES

LISTING = Path(__file__).with_name("public_api.txt")
# Promised of Store is what reads: what writes is the lab's own business.
READING = ("run", "runs", "children", "metrics", "latest_metrics", "metric_keys", "events", "checks",
           "artifacts", "artifact", "environment", "tags", "close")  # fmt: skip
DECLARED = ("About", "Command", "ExecutorFactory", "Exporter", "Resource")  # what a plugin makes itself
DATA = ("Experiment", "Input", "RunRecord", "Table")  # what it is handed
LAUNCH_OPTIONS = ("seed", "device", "dtype", "threads", "executor", "is_tiny", "use_recipe", "tags",
                  "language")  # fmt: skip


def listing() -> list[str]:
    """Every promised name, signature and value, one on a line, sorted."""
    parts = (names(), methods(), errors(), hooks(), command_line(), formats(), kit())
    return sorted(line for part in parts for line in part)


def names() -> Iterator[str]:
    for name in dllab.__all__:
        value = getattr(dllab, name)
        if name in DATA:
            yield from (f"dllab.{name}.{field.name}" for field in dataclasses.fields(value))
            yield from (
                f"dllab.{name}.{key}" for key, one in vars(value).items() if isinstance(one, property)
            )
        elif name in DECLARED or inspect.isfunction(value):
            yield f"dllab.{name}{bare(value)}"
        elif not (isinstance(value, type) and issubclass(value, BaseException)):
            yield f"dllab.{name}"
    options = {field.name: field.default for field in dataclasses.fields(RunRequest)}
    yield from (f"dllab.launch option {name}={options[name]!r}" for name in LAUNCH_OPTIONS)


def methods() -> Iterator[str]:
    for name, value in vars(dllab.Run).items():
        if not name.startswith("_") and name != "close":
            yield f"dllab.Run.{name}{bare(value) if inspect.isfunction(value) else ''}"
    for name in READING:
        yield f"dllab.Store.{name}{bare(getattr(dllab.Store, name))}"
    yield f"dllab.Store{bare(dllab.Store.__init__)}"
    for protocol in (executors.Executor, executors.Handle):
        for name, value in vars(protocol).items():
            if inspect.isfunction(value) and not name.startswith("_"):
                yield f"dllab.executors.{protocol.__name__}.{name}{bare(value)}"
    yield from (f"spec of a run: {field.name}" for field in dataclasses.fields(RunSpec))


def errors() -> Iterator[str]:
    for name in dllab.__all__:
        value = getattr(dllab, name)
        if isinstance(value, type) and issubclass(value, BaseException):
            bases = ", ".join(base.__name__ for base in value.__bases__)
            yield f"dllab.{name}({bases})"
            if issubclass(value, dllab.DllabError):
                yield f"exit status of dllab.{name}: {value.exit_status}"
    yield f"exit status of an interrupted command: {INTERRUPTED}"


def hooks() -> Iterator[str]:
    for name, value in vars(hookspecs).items():
        if name.startswith("dllab_"):
            yield f"hook {name}{bare(value)}"


def command_line() -> Iterator[str]:
    yield from (f"option --{name.replace('_', '-')}" for name in COMMON_FLAGS)
    yield from (f"dllab run EXPERIMENT --{name}" for name in RUN_FLAGS)
    for command in COMMANDS:
        yield f"dllab {command}"
        if command != "run":
            yield from arguments(command)


def arguments(command: str) -> Iterator[str]:
    """The words and flags of one of the lab's own commands."""
    parser = Parser(f"dllab {command}", "")
    import_module("dllab.cli." + command.replace("-", "_")).add_arguments(parser)
    for number, action in enumerate(one for one in parser._actions if not one.option_strings):
        yield f"dllab {command} word {number + 1}" + ("" if action.required else " (may be left out)")
    for action in parser._actions:
        for option in action.option_strings:
            takes = "" if isinstance(action, argparse._StoreTrueAction) else " VALUE"
            yield f"dllab {command} {option}{takes}"


def formats() -> Iterator[str]:
    facts = recipe.recipe(
        experiment="x", version="1", params={}, seed=0, threads=1, device="cpu", dtype="float32",
        language="ko",
        inputs={"image": {"digest": "0", "reference": "sample:cat"}},
    )  # fmt: skip
    yield f"recipe keyword {recipe.KEYWORD}"
    yield f"recipe format {recipe.FORMAT}"
    yield from (f"recipe key {key}" for key in facts)
    yield from (f"recipe key inputs.FIELD.{key}" for key in facts["inputs"]["image"])
    yield from (f"status of a run: {status}" for status in STATUSES)
    yield from (f"kind of an input: {kind}" for kind in INPUT_KINDS)
    yield from (f"kind of a resource: {kind}" for kind in RESOURCE_KINDS)


def kit() -> Iterator[str]:
    for name in testing.__all__:
        value = getattr(testing, name)
        yield f"dllab.testing.{name}{bare(value) if inspect.isfunction(value) else ''}"
    yield from (f"rule of the contract: {rule}" for rule in testing.RULES)
    yield "fixture of dllab.testing.fixtures: lab_store"


def bare(function: Any) -> str:
    """A callable's signature without annotations: names, kinds and defaults, a function's as "..."."""
    signature = inspect.signature(function)
    parameters = [
        one.replace(annotation=inspect.Parameter.empty, default=... if callable(one.default) else one.default)
        if one.default is not inspect.Parameter.empty
        else one.replace(annotation=inspect.Parameter.empty)
        for one in signature.parameters.values()
        if one.name != "self"
    ]
    bare = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return str(bare).replace("Ellipsis", "...").replace("PydanticUndefined", "...")


if __name__ == "__main__":
    LISTING.write_text("\n".join(listing()) + "\n", encoding="utf-8")
