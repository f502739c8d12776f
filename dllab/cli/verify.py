"""`dllab verify`: is all that the store recorded still there, byte for byte?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dllab.cli.layout import print_json, size
from dllab.texts import text


def add_arguments(parser: ArgumentParser) -> None:
    """The form of the answer."""
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Print each fault in a line, and the sum. Returns 1 when there is a fault."""
    from dllab.store import Store
    from dllab.store.care import verified, verify

    faults = []
    with Store(args.store) as store:
        for fault in verify(store):
            faults.append(fault)
            if not args.json:
                print(fault.message, flush=True)
        extent = verified(store)
    if args.json:
        print_json({"is_sound": not faults, **extent, "faults": [fault.to_json() for fault in faults]})
    else:
        facts = {"runs": extent["runs"], "files": extent["files"], "size": size(extent["bytes"])}
        print(text("care.faults", count=len(faults), **facts) if faults else text("care.sound", **facts))
    return 1 if faults else 0
