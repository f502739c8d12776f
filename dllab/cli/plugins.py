"""`dllab plugins`: what each plugin brings, how long it takes to import, and which are broken and why."""

import argparse
from collections.abc import Mapping
from typing import Any

from dllab.cli.layout import heading, print_json, table, wrap
from dllab.index import Index, read_index
from dllab.texts import text

KINDS = ("experiments", "resources", "commands", "executors", "exporters")
OBSERVES = "dllab_run_"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab plugins` takes."""
    parser.add_argument("--refresh", action="store_true", help=text("cli.plugins_refresh"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the plugins; with --debug the tracebacks of broken ones. Exit status 0 even when some are."""
    from dllab.plugins import clash_text, plugin_error

    index = read_index(refresh=args.refresh)
    if args.json:
        print_json(_as_json(index))
        return 0
    whole = [(name, one) for name, one in index.plugins.items() if not one["error"]]
    broken = [(name, one) for name, one in index.plugins.items() if one["error"]]
    rows = [(name, _origin(one), f"{one['seconds'] * 1000:.0f} ms", brings(one)) for name, one in whole]
    print("\n".join(table(rows)) if rows else text("cli.no_plugins"))
    if broken:
        print("\n" + heading(text("cli.plugins_broken")))
        print("\n".join(table([(name, _origin(one), plugin_error(name, one)) for name, one in broken])))
        for name, _ in broken:
            traceback = index.record(name)["traceback"]
            if args.debug and traceback:
                print(f"\n{heading(name)}\n{traceback.rstrip()}")
    for number, clash in enumerate(index.clashes):
        print(("\n" if number == 0 else "") + "\n".join(wrap(clash_text(index, clash), 100)))
    if index.problem:
        print("\n" + text("cli.no_cache", problem=index.problem))
    return 0


def brings(plugin: Mapping[str, Any]) -> str:
    """In a few words what a plugin brings: "experiments: deepdream; samples …"."""
    parts = []
    for kind in KINDS:
        names = plugin[kind]
        if names:
            rest = text("cli.and_more", number=len(names) - 4) if len(names) > 4 else ""
            parts.append(text(f"cli.bring_{kind}", names=", ".join(names[:4]) + rest))
    if any(hook.startswith(OBSERVES) for hook in plugin["hooks"]):
        parts.append(text("cli.bring_observer"))
    return "; ".join(parts) or text("cli.nothing")


def _origin(plugin: Mapping[str, Any]) -> str:
    return f"{plugin['distribution']} {plugin['version']}" if plugin["distribution"] else plugin["source"]


def _as_json(index: Index) -> dict[str, Any]:
    from dllab.plugins import plugin_error

    hidden = ("line", "files", "error")
    plugins = [
        {"name": name, **{key: value for key, value in one.items() if key not in hidden},
         "error": plugin_error(name, one) or None, "traceback": index.record(name)["traceback"] or None}
        for name, one in index.plugins.items()
    ]  # fmt: skip
    return {"plugins": plugins, "clashes": index.clashes, "index": index.path}
