"""Help, written from the texts and the index alone."""

from dllab import __version__
from dllab.cli.flags import RUN_FLAGS, Flag, flags_of
from dllab.cli.layout import columns_of_terminal, definitions, heading, paragraphs
from dllab.index import read_index
from dllab.reserved import COMMAND_GROUPS, EXECUTORS
from dllab.texts import language, text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

EXAMPLES = (
    ("dllab run deepdream --image sample:cat", "cli.example_run"),
    ("dllab list", "cli.example_list"),
    ("dllab show last", "cli.example_show"),
)
COMMON_OPTIONS = (
    ("--lang en|ko", "cli.option_lang"),
    ("--store FOLDER", "cli.option_store"),
    ("--plugins-dir FOLDER", "cli.option_plugins_dir"),
    ("--strict", "cli.option_strict"),
    ("--debug", "cli.option_debug"),
    ("--version", "cli.option_version"),
    ("-h, --help", "cli.option_help"),
)


def print_short_help() -> None:
    """What `dllab` alone says: what it is, and three examples."""
    print(f"dllab {__version__}: {text('cli.about')}\n")
    print("\n".join(definitions([(command, text(key)) for command, key in EXAMPLES], widest=44)))
    print("\n" + text("cli.see_help", command="dllab --help"))


def print_help() -> None:
    """`dllab --help`: every command, those of plugins too, and the options of all."""
    print(f"{text('cli.usage')}: dllab {text('cli.usage_command')}\n\n{text('cli.about')}")
    for group, commands in COMMAND_GROUPS.items():
        print("\n" + heading(text(group)))
        print("\n".join(definitions([(name, text(f"cli.command_{name}")) for name in commands])))
    added = read_index().commands
    if added:
        print("\n" + heading(text("cli.group_plugins")))
        rows = [(name, f"{summary(one)} ({one['plugin']})") for name, one in sorted(added.items())]
        print("\n".join(definitions(rows)))
    print("\n" + heading(text("cli.group_options")))
    folder = text("cli.word_folder")
    rows = [(flag.replace("FOLDER", folder), text(key)) for flag, key in COMMON_OPTIONS]
    print("\n".join(definitions(rows)))
    print("\n" + text("cli.see_help", command=f"dllab {text('cli.word_command')} --help"))


def summary(entry: "Mapping[str, Any]") -> str:
    """An entry's summary in the language in force."""
    return (language() == "ko" and entry["ko"]) or entry["summary"]


def print_run_help(experiment: str) -> None:
    """`dllab run X --help`, or, without an experiment, what `dllab run` takes."""
    if not experiment:
        print(f"{text('cli.usage')}: dllab run {text('cli.usage_run_any')}\n\n{text('cli.command_run')}\n")
        print(text("cli.see_help", command="dllab list") + "\n")
    else:
        facts = read_index().experiment(experiment)
        light = {"summary": facts["summary"], "ko": facts["ko"].get("", "")}
        print(f"{text('cli.usage')}: dllab run {experiment} {text('cli.usage_run')}\n\n{summary(light)}\n")
        print(heading(text("cli.group_parameters")))
        print("\n".join(parameter_lines(facts)) + "\n")
    print(heading(text("cli.group_run")))
    print("\n".join(definitions([(_run_flag(name), _run_help(name)) for name in RUN_FLAGS])))
    print("\n" + text("cli.see_help", command=f"dllab info {experiment}" if experiment else "dllab --help"))


def _run_flag(name: str) -> str:
    return f"--{name} {text(f'cli.metavar_{name}')}" if RUN_FLAGS[name] else f"--{name}"


def _run_help(name: str) -> str:
    """What a flag of the run does, and in brackets its choices and default."""
    said = text(f"cli.run_{name}")
    if name == "seed":
        return f"{said} [{text('cli.default', value=0)}]"
    if name == "executor":
        choices = text("cli.one_of", choices=", ".join([*EXECUTORS, *sorted(read_index().executors)]))
        return f"{said} [{choices}; {text('cli.default', value=EXECUTORS[0])}]"
    return said


def parameter_lines(facts: "Mapping[str, Any]") -> list[str]:
    """The parameters of an experiment: flag, help, and in brackets choices, bounds, unit and default."""
    rows = []
    is_korean = language() == "ko"
    required = facts["schema"].get("required", [])
    for flag in flags_of(facts["schema"]).values():
        said = (is_korean and facts["ko"].get(flag.field)) or flag.facts.get("description", "")
        notes = "; ".join(filter(None, (*_limits(flag), _default(flag, flag.field in required))))
        rows.append((f"{flag_name(flag)} {metavar(flag)}".strip(), f"{said} [{notes}]" if notes else said))
    return definitions(rows) if rows else ["  " + text("cli.no_parameters")]


def flag_name(flag: Flag) -> str:
    """`--name`, of a boolean `--name/--no-name`."""
    return f"{flag.name}/--no-{flag.name[2:]}" if flag.takes == "bool" else flag.name


def metavar(flag: Flag) -> str:
    """What stands for the flag's value in the help: its choices when they are few, else its kind."""
    if flag.takes == "bool":
        return ""
    choices = "|".join(str(one) for one in flag.choices)
    kind = flag.input or {"integer": "integer", "number": "number", "object": "json"}.get(flag.type, "text")
    name = choices if choices and len(choices) <= 24 else text(f"cli.kind_{kind}")
    return f"{name} ..." if flag.takes == "list" else name


def _limits(flag: Flag) -> list[str]:
    """Choices that the metavar doesn't show, and bounds with their unit."""
    notes = []
    if flag.choices and "|" not in metavar(flag) and len(flag.choices) > 1:
        notes.append(text("cli.one_of", choices=", ".join(str(one) for one in flag.choices)))
    unit = f" {flag.facts['unit']}" if flag.facts.get("unit") else ""
    least, above = flag.item.get("minimum"), flag.item.get("exclusiveMinimum")
    most, below = flag.item.get("maximum"), flag.item.get("exclusiveMaximum")
    if least is not None and most is not None:
        notes.append(f"{shown(least)}..{shown(most)}{unit}")
    else:
        signs = ((">=", least), (">", above), ("<=", most), ("<", below))
        bounds = [f"{sign} {shown(bound)}" for sign, bound in signs if bound is not None]
        if bounds or unit:
            notes.append(", ".join(bounds) + (unit if bounds else unit.strip()))
    fewest, largest = flag.inner.get("minItems") or 0, flag.inner.get("maxItems")
    if flag.takes == "list" and (fewest or largest is not None):
        number = (
            str(fewest)
            if fewest == largest
            else f">= {fewest}"
            if largest is None
            else f"{fewest}..{largest}"
        )
        notes.append(text("cli.this_many", number=number))
    return notes


def _default(flag: Flag, is_required: bool) -> str:
    if is_required:
        return text("cli.required")
    default = flag.facts.get("default")
    if flag.takes == "bool" and default is not None:
        return text("cli.default", value=flag.name if default else "--no-" + flag.name[2:])
    return text("cli.default", value=shown(default))


def shown(value: "Any") -> str:
    """A value as it is typed on the command line."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list):
        return ",".join(shown(one) for one in value) or "none"
    return str(value) or '""'


def wrapped_details(details: str) -> str:
    """An experiment's details as paragraphs as wide as the terminal."""
    return "\n".join(paragraphs(details, columns_of_terminal()))
