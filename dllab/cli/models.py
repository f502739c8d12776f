"""`dllab models`: the models that plugins bring."""

import argparse
from collections.abc import Mapping
from typing import Any

from dllab.cli.help import summary
from dllab.cli.layout import print_json, size, table
from dllab.index import read_index
from dllab.texts import text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab models` takes."""
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the models: name, size, summary, licence, plugin."""
    return print_resources("model", args.json)


def print_resources(kind: str, as_json: bool) -> int:
    """Print the resources of a kind, as a table or as JSON; returns the exit status 0."""
    found = [one for one in read_index().resources.values() if one["kind"] == kind]
    found.sort(key=lambda one: one["name"])
    if as_json:
        print_json(found)
    elif not found:
        print(text("cli.no_resources"))
    else:
        rows = [
            (one["name"], one["media"], size(one["size_bytes"]) if one["size_bytes"] else "", _about(one))
            for one in found
        ]
        columns = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
        print("\n".join(table([[row[i] for i in columns] for row in rows])))
    return 0


def _about(one: Mapping[str, Any]) -> str:
    """Its summary, and in brackets its licence and its plugin."""
    return f"{summary(one)} [{'; '.join(filter(None, (one['licence'], one['plugin'])))}]"
