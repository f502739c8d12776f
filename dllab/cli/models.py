"""`dllab models`: the models that plugins bring; `dllab models get NAME`: download one."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from dllab.cli.help import summary
from dllab.cli.layout import print_json, size, table
from dllab.errors import UsageError
from dllab.index import Index, read_index
from dllab.texts import text

Resource = Mapping[str, Any]  # as the index has it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `dllab models` takes."""
    parser.add_argument("words", nargs="*", metavar=f"get {text('cli.word_name')}", help=text("models.what"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: argparse.Namespace) -> int:
    """Print the models (name, whether it is here, size, summary, licence, plugin), or download some.

    Raises UsageError for another word than `get`, NotFoundError for an unknown model, DllabError when a
    download fails.
    """
    if not args.words:
        return print_resources("model", args.json)
    action, *names = args.words
    if action != "get":
        raise UsageError(text("models.unknown_action", action=action))
    index = read_index()
    if not names:
        raise UsageError(text("models.get_what", names=_offered(index)))
    chosen = [_find(index, name) for name in names]
    found = [{"name": one["name"], "path": _get(one, args.json)} for one in chosen]
    if args.json:
        print_json(found)
    return 0


def print_resources(kind: str, as_json: bool) -> int:
    """Print the resources of a kind, as a table or as JSON; returns the exit status 0."""
    found = [one for one in read_index().resources.values() if one["kind"] == kind]
    found.sort(key=lambda one: one["name"])
    if as_json:
        print_json([one | {"path": _path(one)} for one in found])
    elif not found:
        print(text("cli.no_resources"))
    else:
        rows = [
            (
                one["name"],
                one["media"],
                _state(one),
                size(one["size_bytes"]) if one["size_bytes"] else "",
                _about(one),
            )
            for one in found
        ]
        columns = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
        print("\n".join(table([[row[i] for i in columns] for row in rows])))
    return 0


def _about(one: Resource) -> str:
    """Its summary, and in brackets its licence and its plugin."""
    return f"{summary(one)} [{'; '.join(filter(None, (one['licence'], one['plugin'])))}]"


def _path(one: Resource) -> str | None:
    """Where the downloaded file lies; None when it is not here, or nothing is downloaded for it."""
    if not one["url"]:
        return None
    from dllab.downloads import Download

    path = Download(one["name"], one["url"], one["sha256"]).path
    return str(path) if path.is_file() else None


def _state(one: Resource) -> str:
    if not one["url"]:
        return ""
    return text("models.state_here" if _path(one) else "models.state_not_here")


def _find(index: Index, name: str) -> Resource:
    """The model of that name, or the only one whose name ends in it. Raises NotFoundError."""
    models = [one for one in index.resources.values() if one["kind"] == "model"]
    short = [one for one in models if one["name"].rpartition("/")[2] == name]
    if len(short) == 1 and not any(one["name"] == name for one in models):
        return short[0]
    return index.find("model", name)


def _offered(index: Index) -> str:
    """The names of what can be downloaded."""
    names = [one["name"] for one in index.resources.values() if one["kind"] == "model" and one["url"]]
    return ", ".join(sorted(names)) or text("models.none_to_get")


def _get(one: Resource, is_quiet: bool) -> str | None:
    """Download a model and say where it lies; None for one that comes with its plugin."""
    if not one["url"]:
        if not is_quiet:
            print(text("models.embedded", name=one["name"]))
        return None
    from dllab.downloads import Download, fetch, megabytes

    download = Download(one["name"], one["url"], one["sha256"], one["size_bytes"])
    if not download.path.is_file() and not is_quiet:
        facts = {"name": one["name"], "size": megabytes(one["size_bytes"]), "url": one["url"]}
        print(text("models.getting", **facts), file=sys.stderr)
    if is_quiet or sys.stderr is None or not sys.stderr.isatty():
        path = fetch(download)
    else:
        path = _fetch_with_bar(download)
    if not is_quiet:
        print(text("models.is_here", name=one["name"], path=path))
    return str(path)


def _fetch_with_bar(download: Any) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    from dllab.downloads import fetch

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=download.size_bytes or None)
        return fetch(download, lambda done, total: progress.update(task, completed=done, total=total))
