"""What a plugin declares: experiments, resources, commands, executors and exporters."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dllab.errors import DeclarationError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from dllab.params import Params
    from dllab.store import RunRecord

NAME = re.compile(r"[a-z0-9]+([-_./][a-z0-9]+)*")
RESOURCE_KINDS = ("model", "dataset", "sample", "environment", "agent")


@dataclass(frozen=True)
class Experiment:
    """A named thing to run: a function of (run, params) and the type of its parameters."""

    name: str
    topic: str
    function: Callable[..., None]
    params_type: type[Params]
    summary: str
    details: str
    lectures: tuple[str, ...] = ()
    tiny: Mapping[str, Any] = field(default_factory=dict)
    ko: Mapping[str, str] = field(default_factory=dict)


def experiment(
    name: str,
    *,
    topic: str,
    lectures: Sequence[str] = (),
    tiny: Mapping[str, Any] | None = None,
    ko: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., None]], Experiment]:
    """Declare the decorated function of (run, params) as an experiment.

    lectures: where the course names it, as "LECTURE:the slide's words" ("0:그림 1-20").
    tiny: parameters that make it run in about a second; the contract tests use them.
    ko: Korean texts, "" for the summary and one for each parameter's help.

    The first line of the docstring is the summary, the rest the details; the annotation of the
    second argument is the parameter model. Raises DeclarationError when one of them is missing.
    """
    _check_name("experiment", name)

    def declare(function: Callable[..., None]) -> Experiment:
        params_type = _params_type(name, function)
        docstring = inspect.getdoc(function)
        if not docstring:
            raise DeclarationError(f"experiment {name!r} needs a docstring: its first line is the summary")
        summary, _, details = docstring.partition("\n")
        for given, meaning in ((tiny, "tiny"), (ko, "ko")):
            unknown = set(given or ()) - set(params_type.model_fields) - ({""} if meaning == "ko" else set())
            if unknown:
                names = ", ".join(sorted(unknown))
                raise DeclarationError(f"experiment {name!r}: {meaning} names no parameter of it: {names}")
        return Experiment(
            name, topic, function, params_type, summary.strip(), details.strip(), tuple(lectures),
            dict(tiny or {}), dict(ko or {}),
        )  # fmt: skip

    return declare


def _check_name(kind: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise DeclarationError(
            f"{kind} name {name!r} must be lower-case letters and digits, joined by '-', '_', '.' or '/'"
        )


def _params_type(name: str, function: Callable[..., None]) -> type[Params]:
    from dllab.params import Params

    arguments = list(inspect.signature(function).parameters.values())
    if len(arguments) != 2:
        raise DeclarationError(f"experiment {name!r} must take two arguments, (run, params)")
    annotation = arguments[1].annotation
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, function.__globals__)  # the plugin's own source
        except NameError as error:
            raise DeclarationError(
                f"experiment {name!r}: its parameters' type {annotation!r}: {error}"
            ) from error
    if not (isinstance(annotation, type) and issubclass(annotation, Params)):
        raise DeclarationError(
            f"experiment {name!r}: annotate its second argument with a class derived from dllab.Params"
        )
    return annotation


@dataclass(frozen=True)
class Resource:
    """A named model, data set, sample, environment or agent that any experiment may ask the core for.

    kind: one of RESOURCE_KINDS; load: called without arguments when somebody asks for it. A sample's
    load returns the path of a file, and media says what it is ("image", "midi" …).
    """

    kind: str
    name: str
    summary: str
    load: Callable[[], Any]
    media: str = ""
    licence: str = ""
    source: str = ""
    size_bytes: int = 0
    ko: str = ""

    def __post_init__(self) -> None:
        if self.kind not in RESOURCE_KINDS:
            raise DeclarationError(f"resource kind {self.kind!r} is not one of {', '.join(RESOURCE_KINDS)}")
        _check_name(self.kind, self.name)


@dataclass(frozen=True)
class Command:
    """A command of the lab's command line: `dllab NAME`.

    add_arguments: called with an argparse parser; run: called with the parsed arguments, returns
    the exit status. Errors derived from DllabError are reported in one line.
    """

    name: str
    summary: str
    run: Callable[[argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None
    ko: str = ""

    def __post_init__(self) -> None:
        _check_name("command", self.name)


@dataclass(frozen=True)
class Exporter:
    """A way out of the store: export is called with a run's record and a destination, and returns it."""

    name: str
    summary: str
    export: Callable[[RunRecord, Path], Path]
    ko: str = ""

    def __post_init__(self) -> None:
        _check_name("exporter", self.name)


@dataclass(frozen=True)
class ExecutorFactory:
    """A place where runs happen; make is called without arguments and returns a dllab.executors.Executor."""

    name: str
    summary: str
    make: Callable[[], Any]
    ko: str = ""

    def __post_init__(self) -> None:
        _check_name("executor", self.name)
