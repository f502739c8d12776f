"""`dllab gc`: clear away what no run needs. Says what would go, and does it with --yes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dllab.cli.layout import print_json, size
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """Whether to do it."""
    parser.add_argument("--yes", "-y", action="store_true", help=text("care.help_gc_yes"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Print what goes or would go. What a run that is alive may need stays."""
    from dllab.store import Store
    from dllab.store.care import clear, find_waste

    with Store(args.store) as store:
        waste = find_waste(store)
        if args.yes and waste:
            waste = clear(store, waste)
    total = sum(each.size for each in waste)
    if args.json:
        print_json({"is_done": args.yes, "bytes": total, "waste": [each.to_json() for each in waste]})
        return 0
    for each in waste:
        place = each.path.relative_to(store.home).as_posix()
        print(f"{place}  {size(each.size)}  {text(f'care.kind_{each.kind}')}")
    if not waste:
        print(text("care.clean"))
    else:
        key = "care.cleared" if args.yes else "care.would_clear"
        print(text(key, count=len(waste), size=size(total)))
    return 0
