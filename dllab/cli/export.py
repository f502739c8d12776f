"""`dllab export`: hand runs to another tool, or to somebody else's lab as a zip file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dllab.cli.layout import print_json
from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord

ZIP = "zip"  # the one way out that is the core's own, for `dllab import` is its way back


def add_arguments(parser: ArgumentParser) -> None:
    """Runs and where to, and the way out."""
    parser.add_argument(
        "words", nargs="+", metavar=text("care.word_export"), help=text("care.help_export_words")
    )
    parser.add_argument("--to", metavar=text("cli.word_name"), help=text("runs.help_to"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))
    parser.takes_words_between = True  # type: ignore[attr-defined]  # RUN … --to NAME DESTINATION


def main(args: Namespace) -> int:
    """Export runs and print where they are.

    Raises NotFoundError for an unknown run, UsageError, and PluginError that names who failed.
    """
    from dllab.index import read_index
    from dllab.store import Store

    if not args.to and args.words[-1].lower().endswith(".zip"):
        args.to = ZIP
    if not args.to:
        choices = ", ".join(sorted([ZIP, *read_index().exporters]))
        raise UsageError(text("runs.export_to", choices=choices))
    *references, last = args.words
    if not references:
        raise UsageError(text("care.no_destination", to=args.to))
    destination = Path(last).expanduser()
    with Store(args.store) as store:
        runs = list({run.id: run for run in map(store.run, references)}.values())
        if args.to == ZIP:
            from dllab.store.transfer import export_zip

            places = [export_zip(store, runs, destination)]
        else:
            places = _by_plugin(args.to, runs, destination)
    if args.json:
        print_json([str(place) for place in places])
    else:
        print("\n".join(map(str, places)))
    return 0


def _by_plugin(name: str, runs: Sequence[RunRecord], destination: Path) -> list[Path]:
    """What a plugin's exporter wrote for one run after the other, each place once."""
    from dllab.plugins import guarded, load_exporter

    exporter, plugin = load_exporter(name)
    with guarded(plugin):
        return list(dict.fromkeys(Path(exporter.export(run, destination)) for run in runs))
