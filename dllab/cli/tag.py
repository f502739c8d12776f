"""`dllab tag`: put tags on a run, or take them off."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser, Namespace

from dllab.cli.figures import plain
from dllab.cli.layout import print_json
from dllab.errors import UsageError
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """A run and tags: `+best` or `best` is put on, `-old` is taken off."""
    parser.add_argument("--json", action="store_true", help=text("cli.json"))
    parser.add_argument("run", metavar="RUN", help=text("runs.help_run"))
    parser.add_argument("tags", nargs=REMAINDER, metavar=text("runs.word_tags"), help=text("runs.help_tags"))


def main(args: Namespace) -> int:
    """Change the tags and print those that are left. Raises NotFoundError, and UsageError for a bad tag."""
    from dllab.store import Store
    from dllab.store.store import is_tag

    tags = [tag for tag in args.tags if tag not in ("--json", "--")]  # REMAINDER takes options for tags
    for tag in tags:
        if tag.startswith("--"):
            option = plain(tag.partition("=")[0])
            raise UsageError(text("cli.unknown_option", option=option))
        if not is_tag(tag[1:] if tag[:1] in ("+", "-") else tag):
            raise UsageError(text("store.bad_tag", tag=tag.lstrip("+-")))
    put = [tag.removeprefix("+") for tag in tags if not tag.startswith("-")]
    taken = [tag.removeprefix("-") for tag in tags if tag.startswith("-")]
    with Store(args.store) as store:
        run = store.run(args.run)
        if put:
            store.add_tags(run.id, put)
        if taken:
            store.remove_tags(run.id, taken)
        left = store.tags(run.id)
    if args.json or "--json" in args.tags:
        print_json({"id": run.id, "tags": left})
    else:
        print(" ".join([run.id, *map(plain, left)]))
    return 0
