"""`dllab info NAME`: all that is known of an experiment, without loading its plugin."""

import argparse

from dllab.cli.help import parameter_lines, shown, summary, wrapped_details
from dllab.cli.layout import definitions, heading, print_json
from dllab.cli.list import place_of
from dllab.index import read_index
from dllab.texts import language, text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab info` takes."""
    parser.add_argument("name", metavar=text("cli.word_name"), help=text("cli.info_name"))
    parser.add_argument("--json", action="store_true", help=text("cli.json_schema"))


def main(args: argparse.Namespace) -> int:
    """Print what an experiment does and takes. Raises NotFoundError."""
    index = read_index()
    facts = index.experiment(args.name)
    light = index.experiments[args.name]
    plugin = index.plugins[light["plugin"]]
    if args.json:
        whole = {**facts, "plugin": light["plugin"], "distribution": plugin["distribution"],
                 "version": plugin["version"], "digest": plugin["digest"]}  # fmt: skip
        print_json(whole)
        return 0
    print(f"{heading(args.name)}: {summary(light)}\n")
    about = facts["about"]
    chosen = 1 if language() == "ko" else 0
    details = about["details"][chosen] if about else facts["details"]
    if details:
        print(wrapped_details(details) + "\n")
    if about:
        print(wrapped_details(f"{text('cli.info_look')}: {about['look'][chosen]}") + "\n")
    print(heading(text("cli.group_parameters")))
    print("\n".join(parameter_lines(facts)) + "\n")
    origin = f"{plugin['distribution']} {plugin['version']}" if plugin["distribution"] else plugin["source"]
    rows = [
        (text("cli.info_topic"), facts["topic"]),
        (text("cli.info_plugin"), f"{light['plugin']} ({origin})"),
    ]
    if facts["lectures"]:
        rows.append((text("cli.info_lectures"), "; ".join(map(_place, facts["lectures"]))))
    if facts["tiny"]:
        tiny = " ".join(f"--{key.replace('_', '-')} {shown(value)}" for key, value in facts["tiny"].items())
        rows.append((text("cli.info_tiny"), tiny))
    rows.append((text("cli.info_run"), f"dllab run {args.name}"))
    print("\n".join(definitions(rows, indent=0)))
    return 0


def _place(declared: str) -> str:
    """Where a lecture has it, in words: "0:Figure 1-20" is declared."""
    lecture, _, words = place_of(declared)
    return text("cli.info_lecture", lecture=lecture, words=words)
