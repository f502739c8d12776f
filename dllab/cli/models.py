"""`dllab models`: the models that plugins bring."""

import argparse
import json

from dllab.cli.help import summary
from dllab.cli.layout import size, table
from dllab.index import read_index
from dllab.texts import text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab models` takes."""
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the models: name, size, licence, plugin, summary."""
    return print_resources("model", args.json)


def print_resources(kind: str, as_json: bool) -> int:
    """Print the resources of a kind, as a table or as JSON; returns the exit status 0."""
    found = [one for one in read_index().resources.values() if one["kind"] == kind]
    found.sort(key=lambda one: one["name"])
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif not found:
        print(text("cli.no_resources"))
    else:
        rows = [
            (one["name"], one["media"], size(one["size_bytes"]) if one["size_bytes"] else "",
             one["licence"], one["plugin"], summary(one))
            for one in found
        ]  # fmt: skip
        columns = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
        print("\n".join(table([[row[i] for i in columns] for row in rows])))
    return 0
