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
SHA256 = re.compile(r"[0-9a-f]{8,64}")  # of a file: the whole, or its beginning
LONGEST_NAME = 64  # characters
RESOURCE_KINDS = ("model", "dataset", "sample", "environment", "agent", "agent-format")


@dataclass(frozen=True)
class About:
    """What an experiment tells of itself, each in English and Korean, so that a plugin has it in one place.

    summary: one line; details: a paragraph; look: what to look at in what it leaves.
    """

    summary: tuple[str, str]
    details: tuple[str, str]
    look: tuple[str, str]

    def __post_init__(self) -> None:
        for name in ("summary", "details", "look"):
            pair = getattr(self, name)
            if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(one, str) for one in pair)):
                raise DeclarationError(f"About: {name} must be (English, Korean), got {pair!r:.60}")
            if not all(one.strip() for one in pair):
                raise DeclarationError(f"About: {name} is empty in one language: {pair!r:.60}")


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
    about: About | None = None

    def __post_init__(self) -> None:
        _check_name("experiment", self.name)
        place = f"experiment {self.name!r}"
        _check_runs_at_once(place, self.function)
        _check_texts(place, topic=self.topic, summary=self.summary, details=self.details)
        if not self.topic.strip():
            raise DeclarationError(f"{place}: its topic is empty; `dllab list` groups by it")
        if not isinstance(self.lectures, tuple) or not all(isinstance(one, str) for one in self.lectures):
            raise DeclarationError(f"{place}: lectures must be strings, got {self.lectures!r:.60}")
        for meaning, given in (("tiny", self.tiny), ("ko", self.ko)):
            if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
                raise DeclarationError(f"{place}: {meaning} must map names to values, got {given!r:.60}")
        _check_texts(f"{place}: ko", **self.ko)
        if self.about is not None and not isinstance(self.about, About):
            raise DeclarationError(f"{place}: about must be a dllab.About, got {self.about!r:.60}")
        _check_fields(place, self.params_type)


def experiment(
    name: str,
    *,
    topic: str,
    lectures: Sequence[str] = (),
    tiny: Mapping[str, Any] | None = None,
    ko: Mapping[str, str] | None = None,
    about: About | None = None,
) -> Callable[[Callable[..., None]], Experiment]:
    """Declare the decorated function of (run, params) as an experiment.

    lectures: where the course names it, as "LECTURE:the slide's words" ("0:그림 1-20"), or, where the words
    have no number to sort by, "LECTURE@PLACE:words" with a whole number that grows through the lecture.
    tiny: parameters that make it run in about a second; the contract tests use them.
    ko: Korean texts, "" for the summary and one for each parameter's help.

    about: the texts in both languages, instead of the docstring and of ko[""].

    The first line of the docstring is the summary, the rest the details; the annotation of the
    second argument is the parameter model. Raises DeclarationError when one of them is missing, or
    something is of another type than it must be.
    """
    _check_name("experiment", name)

    def declare(function: Callable[..., None]) -> Experiment:
        params_type = _params_type(name, function)
        _check_defaults(name, params_type)
        docstring = inspect.getdoc(function)
        if isinstance(about, About):
            docstring = "\n".join((about.summary[0], about.details[0]))
        if not docstring:
            raise DeclarationError(f"experiment {name!r} needs a docstring: its first line is the summary")
        summary, _, details = docstring.partition("\n")
        for given, meaning in ((tiny, "tiny"), (ko, "ko")):
            unknown = set(given or ()) - set(params_type.model_fields) - ({""} if meaning == "ko" else set())
            if unknown:
                names = ", ".join(sorted(map(str, unknown)))
                raise DeclarationError(f"experiment {name!r}: {meaning} names no parameter of it: {names}")
        if isinstance(lectures, str):  # a tuple of it would be its letters
            raise DeclarationError(f"experiment {name!r}: lectures must be a list, got {lectures!r:.60}")
        korean = dict(ko or {})
        if isinstance(about, About):
            korean[""] = about.summary[1]
        return Experiment(
            name, topic, function, params_type, summary.strip(), details.strip(), tuple(lectures),
            dict(tiny or {}), korean, about,
        )  # fmt: skip

    return declare


def _check_name(kind: str, name: str) -> None:
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not NAME.fullmatch(name):
        raise DeclarationError(
            f"{kind} name {name!r:.80} must be lower-case letters and digits joined by '-', '_', '.' or '/', "
            f"at most {LONGEST_NAME}"
        )


def _check_texts(place: str, /, **texts: Any) -> None:
    for name, value in texts.items():
        if not isinstance(value, str):
            raise DeclarationError(f"{place}: {name or 'summary'} must be a string, got {value!r:.60}")


def _check_callables(place: str, /, **functions: Any) -> None:
    for name, value in functions.items():
        if not callable(value):
            raise DeclarationError(f"{place}: {name} must be a function, got {value!r:.60}")


def _check_runs_at_once(place: str, function: Any) -> None:
    """Refuse what only makes an object when it is called: the run would succeed, having done nothing."""
    _check_callables(place, function=function)
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise DeclarationError(f"{place}: it is called, not awaited; write def instead of async def")
    if inspect.isgeneratorfunction(function):
        raise DeclarationError(f"{place}: its function yields, so calling it does nothing; take out yield")


def _check_fields(place: str, params_type: type[Params]) -> None:
    """Refuse a parameter under an alias: the command line and the store call it by its field's name."""
    for name, one in params_type.model_fields.items():
        if one.alias is not None or one.validation_alias is not None:
            raise DeclarationError(f"{place}: parameter {name!r} has an alias; name the field itself so")


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


def _check_defaults(name: str, params_type: type[Params]) -> None:
    """Raise DeclarationError for a default that its own field refuses: a user never typed it."""
    from pydantic import ValidationError

    fields = params_type.model_fields.items()
    defaults = {
        field: info.get_default(call_default_factory=True) for field, info in fields if not info.is_required()
    }
    try:
        params_type.model_validate(defaults)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            if fault["type"] != "extra_forbidden" and fault["loc"] and fault["loc"][0] in defaults:
                field = str(fault["loc"][0])
                raise DeclarationError(
                    f"experiment {name!r}: the default {defaults[field]!r:.60} of {field}: {fault['msg']}"
                ) from None


@dataclass(frozen=True)
class Resource:
    """A named model, data set, sample, environment or agent that any experiment may ask the core for.

    kind: one of RESOURCE_KINDS; load: called without arguments when somebody asks for it. With `url`, the
    address of a file that `dllab models get` downloads, and `sha256`, at least the first 8 hex digits of
    its digest, load is called with the path of that file; and so is a load that takes an argument when the
    user hands in a file of weights. size_bytes: of that file, or of what comes with the plugin. A sample's
    load returns the path of a file, and media says what it is ("image", "midi" …); that of an
    agent-format returns a function from the path of an agent's file to the agent.
    """

    kind: str
    name: str
    summary: str
    load: Callable[..., Any]
    media: str = ""
    licence: str = ""
    source: str = ""
    size_bytes: int = 0
    ko: str = ""
    url: str = ""
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.kind not in RESOURCE_KINDS:
            kinds = ", ".join(RESOURCE_KINDS)
            raise DeclarationError(f"resource kind {self.kind!r:.60} is not one of {kinds}")
        _check_name(self.kind, self.name)
        place = f"{self.kind} {self.name!r}"
        _check_texts(place, summary=self.summary, media=self.media, licence=self.licence, source=self.source,
                     ko=self.ko, url=self.url, sha256=self.sha256)  # fmt: skip
        _check_callables(place, load=self.load)
        if self.url and not self.url.startswith(("https://", "http://")):
            raise DeclarationError(f"{place}: url must begin with https:// or http://, got {self.url!r:.60}")
        if self.url and not SHA256.fullmatch(self.sha256):
            raise DeclarationError(
                f"{place}: sha256 must be the first 8 to 64 hex digits of its digest, got {self.sha256!r:.80}"
            )
        if type(self.size_bytes) is not int or self.size_bytes < 0:
            raise DeclarationError(
                f"{place}: size_bytes must be a whole number, 0 or more, got {self.size_bytes!r:.60}"
            )


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
        _check_texts(f"command {self.name!r}", summary=self.summary, ko=self.ko)
        _check_callables(f"command {self.name!r}", run=self.run, add_arguments=self.add_arguments)


@dataclass(frozen=True)
class Exporter:
    """A way out of the store: export is called with a run's record and a destination, and returns it."""

    name: str
    summary: str
    export: Callable[[RunRecord, Path], Path]
    ko: str = ""

    def __post_init__(self) -> None:
        _check_name("exporter", self.name)
        _check_texts(f"exporter {self.name!r}", summary=self.summary, ko=self.ko)
        _check_callables(f"exporter {self.name!r}", export=self.export)


@dataclass(frozen=True)
class ExecutorFactory:
    """A place where runs happen; make is called without arguments and returns a dllab.executors.Executor."""

    name: str
    summary: str
    make: Callable[[], Any]
    ko: str = ""

    def __post_init__(self) -> None:
        _check_name("executor", self.name)
        _check_texts(f"executor {self.name!r}", summary=self.summary, ko=self.ko)
        _check_callables(f"executor {self.name!r}", make=self.make)
