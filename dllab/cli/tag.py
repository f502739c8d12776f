"""`dllab tag`: put tags on a run, or take them off."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser, Namespace

from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """A run and tags: `+best` or `best` is put on, `-old` is taken off."""
    parser.add_argument("run", metavar="RUN", help=text("runs.help_run"))
    parser.add_argument("tags", nargs=REMAINDER, metavar=text("runs.word_tags"), help=text("runs.help_tags"))


def main(args: Namespace) -> int:
    """Change the tags and print those that are left. Raises NotFoundError, and UsageError for a bad tag."""
    from dllab.store import Store

    put = [tag.removeprefix("+") for tag in args.tags if not tag.startswith("-")]
    taken = [tag.removeprefix("-") for tag in args.tags if tag.startswith("-")]
    with Store(args.store) as store:
        run = store.run(args.run)
        if put:
            store.add_tags(run.id, put)
        if taken:
            store.remove_tags(run.id, taken)
        print(" ".join([run.id, *store.tags(run.id)]))
    return 0
