"""`dllab samples`: the pictures, sounds and tables that plugins bring to try things with."""

import argparse

from dllab.cli.models import print_resources
from dllab.texts import text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab samples` takes."""
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the samples: name, kind, size, summary, licence, plugin. Use one as `sample:NAME`."""
    return print_resources("sample", args.json)
