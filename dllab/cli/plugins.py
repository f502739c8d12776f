"""`dllab plugins`: what each brings, which are broken and why; check them, disable and enable them."""

import argparse
from collections.abc import Mapping
from typing import Any

from dllab.cli.layout import heading, print_json, table, wrap
from dllab.errors import DllabError, NotFoundError
from dllab.index import Index, read_index
from dllab.texts import did_you_mean, text

KINDS = ("experiments", "resources", "commands", "executors", "exporters")
OBSERVES = "dllab_run_"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab plugins` takes."""
    what = parser.add_mutually_exclusive_group()
    name = text("cli.word_name")
    what.add_argument("--check", metavar=f"{name}|all", help=text("cli.plugins_check"))
    what.add_argument("--disable", metavar=name, help=text("cli.plugins_disable"))
    what.add_argument("--enable", metavar=name, help=text("cli.plugins_enable"))
    parser.add_argument("--refresh", action="store_true", help=text("cli.plugins_refresh"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the plugins; with --debug the tracebacks of broken ones.

    Exit status 0 even when some are broken; 1 in strict mode, and when --check finds a fault.
    """
    if args.disable is not None:
        return disable(args.disable)
    if args.enable is not None:
        return enable(args.enable)
    index = read_index(refresh=args.refresh)
    if args.check is not None:
        from dllab.cli.contract import check

        return check(index, args.check, as_json=args.json)
    if args.json:
        print_json(_as_json(index))
    else:
        _print(index, is_debug=args.debug)
    from dllab.plugins import faults

    return 1 if args.strict and faults(index) else 0


def disable(name: str) -> int:
    """Keep a plugin from being loaded from now on. Raises NotFoundError for an unknown name."""
    from dllab.selection import disabled_plugins

    index = read_index()
    if name not in [one["name"] for one in index.left_out]:
        index.find("plugin", name)
    _keep({*disabled_plugins(), name})
    print(text("cli.plugins_disabled", name=name))
    return 0


def enable(name: str) -> int:
    """Let a plugin be loaded again. Raises NotFoundError when it is not disabled."""
    from dllab.selection import disabled_plugins

    disabled = disabled_plugins()
    if name not in disabled:
        names = ", ".join(disabled) or text("cli.no_parameters")
        message = text("cli.plugins_not_disabled", name=name, names=names)
        raise NotFoundError(message + did_you_mean(name, disabled))
    _keep(set(disabled) - {name})
    print(text("cli.plugins_enabled", name=name))
    return 0


def _keep(names: set[str]) -> None:
    from dllab.selection import write_disabled

    try:
        write_disabled(names)
    except OSError as error:
        raise DllabError(text("cli.plugins_cannot_keep", error=error)) from error


def _print(index: Index, is_debug: bool) -> None:
    from dllab.plugins import clash_text, origin, plugin_error

    whole = [(name, one) for name, one in index.plugins.items() if not one["error"]]
    broken = [(name, one) for name, one in index.plugins.items() if one["error"]]
    rows = [(name, origin(one), f"{one['seconds'] * 1000:.0f} ms", brings(one)) for name, one in whole]
    print("\n".join(table(rows)) if rows else text("cli.no_plugins"))
    if broken:
        print("\n" + heading(text("cli.plugins_broken")))
        print("\n".join(table([(name, origin(one), plugin_error(name, one)) for name, one in broken])))
        for name, _ in broken:
            traceback = index.record(name)["traceback"]
            if is_debug and traceback:
                print(f"\n{heading(name)}\n{traceback.rstrip()}")
    if index.left_out:
        print("\n" + heading(text("cli.plugins_left_out")))
        print("\n".join(table([(one["name"], origin(one), _why(one)) for one in index.left_out])))
    notes = [clash_text(index, clash) for clash in index.clashes]
    notes += [text("plugins.named_and_missing", name=name) for name in index.missing]
    for number, note in enumerate(notes):
        print(("\n" if number == 0 else "") + "\n".join(wrap(note, 100)))
    if index.problem:
        print("\n" + text("cli.no_cache", problem=index.problem))


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
    return "; ".join(parts) or text("cli.nothing" if plugin["hooks"] else "cli.no_hook")


def _why(left_out: Mapping[str, str]) -> str:
    return text(f"cli.plugins_by_{left_out['by']}", name=left_out["name"])


def _as_json(index: Index) -> dict[str, Any]:
    from dllab.plugins import plugin_error

    hidden = ("line", "files", "error")
    plugins = [
        {"name": name, **{key: value for key, value in one.items() if key not in hidden},
         "error": plugin_error(name, one) or None, "traceback": index.record(name)["traceback"] or None}
        for name, one in index.plugins.items()
    ]  # fmt: skip
    return {
        "plugins": plugins, "left_out": index.left_out, "missing": index.missing,
        "clashes": index.clashes, "index": index.path,
    }  # fmt: skip
