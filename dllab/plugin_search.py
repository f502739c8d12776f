"""Finds plugins without loading them: entry points of installed distributions, and folders of plugins."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dllab.index_file import listing
from dllab.printable import printable, printable_line

GROUP = "dllab"
LONGEST_WORD = 200  # characters of a name or a version out of a distribution's metadata
# kinds of candidates that are not loaded: the text that says why
UNLOADABLE = {"missing": "plugins.no_folder", "unnameable": "plugins.not_utf8"}


class Candidate(NamedTuple):
    """A plugin that was found and not yet loaded.

    kind: "entry", "file", or one of UNLOADABLE; source: as in `plugin_modules`. All but source is printable.
    """

    name: str
    distribution: str
    version: str
    kind: str
    source: str
    metadata: str  # the file that names it, or ""


def find_candidates(made_from: Mapping[str, Any]) -> list[Candidate]:
    """Every plugin on the search path, the lab's own first, then by distribution; then one-file plugins.

    A later one of a taken name is called NAME@DISTRIBUTION or NAME@FOLDER. Reads the entry points'
    files itself: importlib.metadata costs 28 ms to import.
    """
    entries: list[Candidate] = []
    seen: set[str] = set()
    for directory in made_from["path"]:
        for name in filter(None, listing(directory, is_plugins=False).split("/")):
            file = Path(directory, name, "entry_points.txt")
            distribution = (
                name.removesuffix(".egg-info").split("-")[0].lower().replace("_", "-").replace(".", "-")
            )
            if distribution in seen:
                continue  # hidden by one of the same name earlier on the path
            seen.add(distribution)
            entries += _entries(file)
    entries.sort(key=lambda one: (one.distribution != "dllab", one.distribution.lower(), one.name))
    for directory in made_from["plugins_dirs"]:
        entries += _in_folder(Path(directory))
    return _unique(entries)


def _entries(file: Path) -> Iterator[Candidate]:
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    group = ""
    for line in map(str.strip, content.splitlines()):
        if line.startswith("["):
            group = line.strip("[] ")
        elif group == GROUP and "=" in line and line[0] not in "#;":
            name, _, value = line.partition("=")
            distribution, version = _name_and_version(file.parent)
            plugin = printable_line(name, LONGEST_WORD)
            yield Candidate(plugin, distribution, version, "entry", value.strip(), str(file))


def _name_and_version(folder: Path) -> tuple[str, str]:
    """A distribution's name and version, from its metadata, else from the folder's name."""
    name, _, version = folder.stem.partition("-")
    for metadata in (folder / "METADATA", folder / "PKG-INFO"):
        with contextlib.suppress(OSError), metadata.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Name:"):
                    name = line[5:].strip()
                elif line.startswith("Version:"):
                    version = line[8:].strip()
                elif not line.strip():
                    break
            break
    return printable_line(name, LONGEST_WORD), printable_line(version, LONGEST_WORD)


def _in_folder(folder: Path) -> Iterator[Candidate]:
    if not folder.is_dir():
        yield Candidate(printable(str(folder)), "", "", "missing", str(folder), "")
    for name in filter(None, listing(str(folder), is_plugins=True).split("/")):
        path = folder / name
        if (path.suffix == ".py" and path.is_file()) or (path / "__init__.py").is_file():
            plugin = printable(path.stem if path.is_file() else name)
            yield Candidate(plugin, "", "", "file" if _is_utf8(name) else "unnameable", str(path), "")


def _is_utf8(name: str) -> bool:
    """Whether a file's name is text: Python hands a byte that is none over as a lone surrogate."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def _unique(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same plugins, a later one of a taken name called NAME@DISTRIBUTION or NAME@FOLDER."""
    taken: dict[str, Candidate] = {}
    for one in candidates:
        name = one.name
        if name in taken:
            name = f"{one.name}@{one.distribution or printable(str(Path(one.source).parent))}"
        while name in taken:
            name += "'"
        taken[name] = one._replace(name=name)
    return list(taken.values())
