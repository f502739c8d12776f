"""`dllab export`: hand a run to another tool."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from dllab.errors import DllabError, UsageError
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """A run, the way out, and where to."""
    parser.add_argument("run", metavar="RUN", help=text("runs.help_run"))
    parser.add_argument(
        "destination", metavar=text("runs.word_destination"), help=text("runs.help_destination")
    )
    parser.add_argument("--to", metavar=text("cli.word_name"), help=text("runs.help_to"))


def main(args: Namespace) -> int:
    """Export a run and print where it is. Raises NotFoundError, UsageError; PluginError names who failed."""
    from dllab.index import read_index
    from dllab.plugins import failed, load_exporter
    from dllab.store import Store

    index = read_index()
    if not args.to:
        raise UsageError(text("runs.export_to", choices=", ".join(sorted(index.exporters)) or "-"))
    with Store(args.store) as store:
        run = store.run(args.run)
        exporter, plugin = load_exporter(args.to)
        try:
            place = exporter.export(run, Path(args.destination).expanduser())
        except DllabError:
            raise
        except Exception as error:  # the plugin boundary
            raise failed(plugin.name, index.plugins[plugin.name], error) from error
    print(place)
    return 0
