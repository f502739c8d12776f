"""The contract: what every experiment keeps, rule by rule, each fault told in one line with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dllab.cli.flags import Flag, flags_of
from dllab.errors import DllabError, UsageError
from dllab.index import Index, read_index
from dllab.plugins import load_experiment
from dllab.testing.imports import heavy_imports
from dllab.testing.workshop import Workshop
from dllab.texts import did_you_mean, text
from dllab.validation import validate_params

if TYPE_CHECKING:
    from dllab.declare import Experiment

LIMITS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
RUN_RULES = ("inline", "process", "replay", "clean")


@dataclass(frozen=True)
class Fault:
    """What an experiment does not keep: the rule, what is wrong in one line, and a traceback or ""."""

    experiment: str
    rule: str
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"{self.experiment}: {self.rule}: {self.message}"


class ContractError(DllabError):
    """An experiment does not keep the contract; one line for each of `faults`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
        for fault in faults:
            if fault.traceback:
                self.add_note(fault.traceback)


def check_experiment(name: str, rules: Sequence[str] | None = None) -> None:
    """Hold an experiment to the contract, or to some of its RULES.

    help: every parameter says what it is. bounds: every number has a least or a greatest value.
    defaults: they are valid, and so is `tiny`. korean: complete, where there is any. imports: listing
    the plugin imports nothing heavy. inline, process: the tiny run works in this way. replay: made
    again it gives the same bytes. clean: it leaves nothing outside its run.

    Raises ContractError with a line for every fault; NotFoundError, PluginError for an experiment
    that cannot be loaded; UsageError for an unknown rule.
    """
    found = faults_of(name, rules)
    if found:
        raise ContractError(found)


def faults_of(
    name: str, rules: Sequence[str] | None = None, *, workshop: Workshop | None = None
) -> list[Fault]:
    """The faults of an experiment, [] when it keeps the contract.

    workshop: where its tiny runs happen; one of its own, for the time of the call, where none is given.
    Raises NotFoundError, PluginError and UsageError, as check_experiment does.
    """
    asked = list(RULES if rules is None else rules)
    for rule in asked:
        if rule not in RULES:
            message = text("kit.no_rule", rule=rule, rules=", ".join(RULES))
            raise UsageError(message + did_you_mean(rule, RULES))
    index = read_index()
    experiment, _ = load_experiment(name)
    subject = _Subject(experiment, index.experiment(name), index)
    found = [
        Fault(name, rule, message)
        for rule, look in DECLARATION_RULES.items()
        if rule in asked
        for message in look(subject)
    ]
    if any(rule in RUN_RULES for rule in asked):
        runs = [Fault(name, *fault) for fault in _run_faults(name, index, workshop)]
        found += [fault for fault in runs if fault.rule in asked]
    return found


@dataclass(frozen=True)
class _Subject:
    """What the rules look at: the experiment, its record in the index, and the index."""

    experiment: Experiment
    facts: Mapping[str, Any]
    index: Index

    @property
    def flags(self) -> dict[str, Flag]:
        return flags_of(self.facts["schema"])


def _without_help(subject: _Subject) -> list[str]:
    return [
        text("kit.no_help", flag=flag.name)
        for flag in subject.flags.values()
        if not str(flag.facts.get("description", "")).strip()
    ]


def _without_bounds(subject: _Subject) -> list[str]:
    return [
        text("kit.no_bounds", flag=flag.name)
        for flag in subject.flags.values()
        if flag.takes == "one"
        and flag.type in ("integer", "number")
        and not flag.choices
        and not any(limit in flag.item for limit in LIMITS)
    ]


def _with_bad_defaults(subject: _Subject) -> list[str]:
    required = list(subject.facts["schema"].get("required", []))
    tiny = dict(subject.facts["tiny"])
    flags = subject.flags
    lacking = [name for name in required if name not in tiny]
    if lacking:
        return [text("kit.no_default", flag=flags[name].name) for name in lacking]
    needed = {name: tiny[name] for name in required}
    for what, values in (("kit.bad_default", needed), ("kit.bad_tiny", tiny)):
        try:
            validate_params(subject.experiment, values)
        except UsageError as error:
            return [text(what, error=error)]
    return []


def _with_half_korean(subject: _Subject) -> list[str]:
    given = subject.facts["ko"]
    if not given:
        return []
    lacking = [name for name in ("", *subject.flags) if not given.get(name, "").strip()]
    return [text("kit.no_korean", key=name) for name in lacking]


def _with_heavy_imports(subject: _Subject) -> list[str]:
    plugin = subject.index.plugins[subject.index.find("experiment", subject.experiment.name)["plugin"]]
    found = heavy_imports(plugin["kind"], plugin["source"], plugin["digest"])
    return [text("kit.heavy", module=module, place=place) for module, place in found.items()]


DECLARATION_RULES: dict[str, Callable[[_Subject], list[str]]] = {
    "help": _without_help,
    "bounds": _without_bounds,
    "defaults": _with_bad_defaults,
    "korean": _with_half_korean,
    "imports": _with_heavy_imports,
}
RULES = (*DECLARATION_RULES, *RUN_RULES)

_run_before: dict[tuple[str, str], list[tuple[str, str, str]]] = {}  # by experiment and digest of its plugin


def _run_faults(name: str, index: Index, workshop: Workshop | None) -> list[tuple[str, str, str]]:
    """What the tiny runs of an experiment showed; run once for each state of its plugin's files."""
    plugin = index.plugins[index.find("experiment", name)["plugin"]]
    key = (name, f"{plugin['source']} {plugin['digest']}")
    if key not in _run_before:
        if workshop is not None:
            _run_before[key] = workshop.hold(name)
        else:
            with Workshop() as own:
                _run_before[key] = own.hold(name)
    return _run_before[key]
