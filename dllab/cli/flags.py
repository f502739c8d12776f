"""The flags of `dllab run EXPERIMENT`, made from the cached JSON schema of its parameters.

Parsed here and not by argparse: a value may begin with a dash (`--image -cat.jpg`), lists end at
the next flag, and argparse costs as much as everything else. Values stay as they were typed;
the runner holds them against the parameter model.
"""

import json
import os

from dllab.errors import PluginError, UsageError
from dllab.index import Index, read_index
from dllab.reserved import RUN_FLAGS
from dllab.texts import did_you_mean, text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

WHOLE_NUMBERS = {"seed": 0, "threads": 1}  # and the least that each may be


class RunArguments:
    """What the line of `dllab run` said. None and [] where it said nothing.

    values: parameter to what was typed: a string, a list of strings, a bool, None for `none`.
    params: the path of a JSON file with parameters. store, debug, lang: the options of every command.
    """

    def __init__(self, experiment: str) -> None:
        self.experiment = experiment
        self.values: dict[str, Any] = {}
        self.seed: int | None = None
        self.threads: int | None = None
        self.device: str | None = None
        self.dtype: str | None = None
        self.executor: str | None = None
        self.out: str | None = None
        self.params: str | None = None
        self.resume: str | None = None
        self.tag: list[str] = []
        self.tiny = False
        self.no_recipe = False
        self.quiet = False
        self.json = False
        self.store: str | None = None
        self.debug = False
        self.lang: str | None = None


class Flag:
    """How one parameter is given on the command line, read from its JSON schema.

    field: the parameter; takes: "bool", "one" or "list"; type: the JSON type of one value; choices:
    the values it may have, [] for any; is_optional: whether `none` is a value; facts: its schema.
    """

    def __init__(self, field: str, facts: "Mapping[str, Any]", definitions: "Mapping[str, Any]") -> None:
        self.field = field
        self.name = "--" + field.replace("_", "-")
        self.facts = facts
        inner = _resolved(facts, definitions)
        variants = [_resolved(one, definitions) for one in inner.get("anyOf", [inner])]
        self.is_optional = any(one.get("type") == "null" for one in variants)
        self.inner = next((one for one in variants if one.get("type") != "null"), inner)
        items = _resolved(self.inner.get("items") or (self.inner.get("prefixItems") or [{}])[0], definitions)
        is_list = self.inner.get("type") == "array"
        self.item = items if is_list else self.inner
        self.type: str = self.item.get("type", "string")
        self.is_path = self.item.get("format") == "path"
        constant = [self.item["const"]] if "const" in self.item else []
        self.choices: list[Any] = self.item.get("enum", constant)
        self.takes = "list" if is_list else "bool" if self.type == "boolean" else "one"

    @property
    def input(self) -> str:
        """The kind of file it takes, "" when it takes none."""
        return self.facts.get("input", "")


def _resolved(schema: "Mapping[str, Any]", definitions: "Mapping[str, Any]") -> "Mapping[str, Any]":
    reference = schema.get("$ref")
    return {**definitions[reference.rsplit("/", 1)[1]], **schema} if reference else schema


def flags_of(schema: "Mapping[str, Any]") -> dict[str, Flag]:
    """The flags of an experiment's parameters, by parameter, in the order of their declaration."""
    definitions = schema.get("$defs", {})
    return {name: Flag(name, facts, definitions) for name, facts in schema.get("properties", {}).items()}


def experiment_named(words: list[str]) -> str:
    """The experiment that the words name.

    The first word, where it is no flag. Else the first that is an experiment, for those before it may
    be values of parameters; where none is, the first that is neither a flag nor a runner's flag's value.
    """
    if words and not words[0].startswith("-"):
        return words[0]
    words, found = [*words], []
    while words:
        word = words.pop(0)
        name = word.partition("=")[0].lstrip("-").replace("_", "-")
        if not word.startswith("-"):
            found.append(word)
        elif "=" not in word and RUN_FLAGS.get(name):
            words[:1] = []
    known = read_index().experiments if len(found) > 1 else {}
    return next((word for word in found if word in known), found[0] if found else "")


def is_like_input(word: str) -> bool:
    """Whether a word that stands alone looks as what an input takes: a sample, a path, a file's name."""
    return word.startswith("sample:") or any(mark in word for mark in "./\\:") or os.path.exists(word)


def parse_run(words: list[str], index: Index | None = None) -> RunArguments:
    """Read the words after `dllab run`.

    The experiment is "" when there is only a run to resume. Raises UsageError for a missing
    experiment, an unknown flag, a value that is missing or too many, and NotFoundError for an
    experiment that isn't there.
    """
    index = index or read_index()
    experiment = experiment_named(words)
    if not experiment:
        args = _Reader("", {}, [*words]).read()
        if args.resume is None:  # a run to go on from names its experiment
            raise UsageError(text("cli.which_experiment"))
        return args
    if experiment not in index.experiments and experiment in index.plugins:
        raise _is_plugin(experiment, index)
    if experiment not in index.experiments and is_like_input(experiment):
        raise UsageError(text("cli.is_input", word=experiment))
    parameters = {flag.name: flag for flag in flags_of(index.schema(experiment)).values()}
    words = [*words]
    del words[len(words) - 1 - words[::-1].index(experiment) if words[0].startswith("-") else 0]
    return _Reader(experiment, parameters, words).read()


def _is_plugin(name: str, index: Index) -> UsageError | PluginError:
    """The error for a plugin's name where an experiment's is due."""
    plugin = index.plugins[name]
    if plugin["error"]:
        from dllab.plugins import broken

        return broken(name, plugin)
    experiments = ", ".join(plugin["experiments"]) or text("cli.no_parameters")
    return UsageError(text("cli.is_plugin", name=name, experiments=experiments))


class _Reader:
    """Goes through the words of one line, flag by flag."""

    def __init__(self, experiment: str, parameters: "Mapping[str, Flag]", words: list[str]) -> None:
        self.parameters = parameters
        self.words = words
        self.args = RunArguments(experiment)
        self.known = {*parameters, *(f"--{name}" for name in RUN_FLAGS)}
        self.known |= {"--no-" + name[2:] for name, flag in parameters.items() if flag.takes == "bool"}

    def read(self) -> RunArguments:
        while self.words:
            word = self.words.pop(0)
            name, equals, value = word.partition("=")
            name = _normal(name)
            given = value if equals else None
            if name in self.parameters:
                self.args.values[self.parameters[name].field] = self._value(self.parameters[name], given)
            elif name in self.known and name[2:] in RUN_FLAGS:
                self._run_flag(name[2:], given)
            elif name in self.known:
                self._reject_value(name, given)
                self.args.values[self.parameters["--" + name[5:]].field] = False
            else:
                self._unknown(word)
        return self.args

    def _value(self, flag: Flag, given: str | None) -> "Any":
        """What was typed for a parameter; the next words where it isn't after an equals sign."""
        if flag.takes == "bool":
            is_none = flag.is_optional and [word.lower() for word in self.words[:1]] == ["none"]
            if given is None and is_none:
                given = self.words.pop(0)
            return True if given is None else self._optional(flag, given)
        if flag.takes == "one":
            one = self._next(flag.name) if given is None else given
            return _from_json(flag, one) if flag.type == "object" else self._optional(flag, one)
        several = [given] if given is not None else self._several(flag.name)
        if not flag.is_path:
            several = [part.strip() for one in several for part in one.split(",") if part.strip()]
        if several == ["none"]:
            return None if flag.is_optional else []
        return several

    def _optional(self, flag: Flag, given: str) -> str | None:
        return None if flag.is_optional and given.lower() == "none" else given

    def _is_flag(self, word: str) -> bool:
        return _normal(word.partition("=")[0]) in self.known

    def _next(self, name: str) -> str:
        if not self.words or self._is_flag(self.words[0]):
            raise UsageError(text("cli.needs_value", flag=name))
        return self.words.pop(0)

    def _several(self, name: str) -> list[str]:
        found = [self._next(name)]
        while self.words and not self._is_flag(self.words[0]):
            if self.words[0].startswith("--"):
                self._unknown(self.words[0])
            found.append(self.words.pop(0))
        return found

    def _run_flag(self, name: str, given: str | None) -> None:
        if not RUN_FLAGS[name]:
            self._reject_value("--" + name, given)
            setattr(self.args, name.replace("-", "_"), True)
            return
        value: Any = self._next("--" + name) if given is None else given
        if name in WHOLE_NUMBERS:
            least = WHOLE_NUMBERS[name]
            if not (value.isascii() and value.isdecimal() and int(value) >= least):
                raise UsageError(text("cli.whole_number", flag="--" + name, least=least, value=value))
            value = int(value)
        if RUN_FLAGS[name] == "many":
            self.args.tag.append(value)
        else:
            setattr(self.args, name, value)

    def _reject_value(self, name: str, given: str | None) -> None:
        if given is not None:
            raise UsageError(text("cli.takes_no_value", flag=name, value=given))

    def _unknown(self, word: str) -> None:
        help_command = f"dllab run {self.args.experiment} --help".replace("  ", " ")
        hint = f" ({text('cli.see_help', command=help_command)})"
        if not word.startswith("-"):
            inputs = [flag for flag in self.parameters.values() if flag.input]
            free = [flag.name for flag in inputs if flag.field not in self.args.values]
            if free and is_like_input(word):
                raise UsageError(text("cli.unexpected_input", word=word, flag=free[0]) + hint)
            raise UsageError(text("cli.unexpected_word", word=word) + hint)
        name = _normal(word.partition("=")[0])
        message = text("cli.unknown_flag", experiment=self.args.experiment, flag=name)
        raise UsageError(message + did_you_mean(name, sorted(self.known)) + hint)


def _normal(name: str) -> str:
    """A flag's name with dashes, whichever way it was written."""
    return "--" + name[2:].replace("_", "-") if name.startswith("--") else name


def _from_json(flag: Flag, given: str) -> "Any":
    try:
        return json.loads(given)
    except ValueError as error:
        raise UsageError(text("cli.not_json", flag=flag.name, value=given, error=error)) from error
