"""`dllab import`: take in the runs of a zip file, from whomever it may be."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from dllab.cli.layout import print_json
from dllab.errors import UsageError
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """The file, and how large it may become."""
    parser.add_argument("file", metavar=text("runs.word_file"), help=text("care.help_import_file"))
    parser.add_argument(
        "--max-gb", type=float, default=32.0, metavar=text("cli.kind_number"), help=text("care.help_max_gb")
    )
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Take the runs in, all or none, and name them. Raises InputError for a file that is refused."""
    from dllab.store import Store
    from dllab.store.arrival import import_zip

    if not args.max_gb >= 0:
        raise UsageError(text("care.bad_limit", flag="--max-gb", given=args.max_gb))
    with Store(args.store) as store:
        arrived = import_zip(store, Path(args.file).expanduser(), args.max_gb)
    if args.json:
        print_json([{"id": one.record.id, "was": one.was, "is_known": one.is_known} for one in arrived])
        return 0
    for one in arrived:
        key = "is_known" if one.is_known else "imported" if one.was == one.record.id else "imported_as"
        print(text(f"care.{key}", run=one.record.id, was=one.was, experiment=one.record.experiment))
    return 0
