"""The index: what every plugin brings, in one file that costs next to nothing to read.

Listing, help and completion read this alone. It imports `os`, `sys` and `json`, no plugin and not
even the modules that load plugins; `dllab.index_build` makes it in a subprocess when it is stale.
"""

# Paths are strings here: pathlib costs more to import than the whole index does to read.

import json
import os
import sys
import zlib

from dllab import __version__
from dllab.index_file import (
    FORMAT,
    Index,
    files_are_unchanged,
    folders_are_unchanged,
    listing,
    read_file,
    stamp,
)
from dllab.selection import selection
from dllab.texts import text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

OBSERVER_HOOKS = ("dllab_run_started", "dllab_run_event", "dllab_run_finished")
_CORE_FILES = ("index_build.py", "index_worker.py", "plugin_search.py", "plugin_modules.py", "declare.py",
               "index_records.py", "printable.py", "params.py", "hookspecs.py")  # fmt: skip


def plugins_directories() -> list[str]:
    """The folders of one-file plugins, from DLLAB_PLUGINS_DIR, absolute."""
    value = os.environ.get("DLLAB_PLUGINS_DIR", "")
    return [os.path.abspath(part) for part in value.split(os.pathsep) if part]


def cache_directory() -> str:
    """Where the lab keeps what it can make again: DLLAB_CACHE, else the platform's cache directory."""
    chosen = os.environ.get("DLLAB_CACHE")
    if chosen:
        return os.path.abspath(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "dllab")


def search_path() -> list[str]:
    """The folders of `sys.path`, without the first when that is the script's or the working folder.

    Python puts that one there; it counts only where distributions lie in it.
    """
    first, rest = sys.path[:1] or [""], sys.path[1:]
    if not sys.flags.safe_path and not (first[0] and listing(first[0], is_plugins=False)):
        first = []
    return list(dict.fromkeys(os.path.abspath(part) for part in [*first, *rest] if part))


def sources(plugins_dirs: "Sequence[str]") -> "dict[str, Any]":
    """What an index is made from and called after: Python, the lab, where plugins are looked for."""
    core = os.path.dirname(os.path.abspath(__file__))
    return {
        "format": FORMAT,
        "python": [sys.version, sys.prefix],
        "dllab": [__version__, core, [stamp(os.path.join(core, name)) for name in _CORE_FILES]],
        "path": search_path(),
        "plugins_dirs": list(plugins_dirs),
        "selection": selection(),
    }


def index_path(made_from: "Mapping[str, Any]") -> str:
    """The cache file for these sources: one for each Python, search path, folders and choice of plugins."""
    key = json.dumps(
        [made_from["python"], made_from["dllab"][1], made_from["path"], made_from["plugins_dirs"],
         made_from["selection"]["only"]]
    )  # fmt: skip
    return os.path.join(cache_directory(), f"index-{zlib.crc32(key.encode()):08x}.jsonl")


def read_cache(path: str, made_from: "Mapping[str, Any]") -> "Index | None":
    """The index in a cache file if it is whole and made from these sources, else None.

    It may have been made before a plugin was disabled or enabled.
    """
    try:
        index = read_file(path)
        if index is None or index.header["made_from"] | {"selection": made_from["selection"]} != made_from:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index


def read_same(file: "Sequence[Any]") -> "Index | None":
    """The index in the very file that another process has read (`Index.file`), which saw that it is sound.

    None when the file is not that one any more.
    """
    try:
        index = read_file(file[0])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index if index is not None and index.file == [*file] else None


def read_index(
    plugins_dirs: "Sequence[str] | None" = None, refresh: bool = False, is_whole: bool = True
) -> Index:
    """The index of all plugins, made anew when a plugin, a distribution or the lab has changed.

    plugins_dirs: folders of one-file plugins; None takes DLLAB_PLUGINS_DIR. refresh: load every
    plugin again. is_whole: hold it against the files of every plugin; if not, those of a plugin are for
    the caller to hold against it (`files_are_unchanged`) before that plugin is used.
    Raises PluginError when the subprocess that loads the plugins cannot be started.
    """
    dirs = plugins_directories() if plugins_dirs is None else [os.path.abspath(part) for part in plugins_dirs]
    made_from = sources(dirs)
    path = index_path(made_from)
    index = None if refresh else read_cache(path, made_from)
    if index is not None and not folders_are_unchanged(index.header):
        index = None
    is_same = index is not None and index.header["made_from"] == made_from
    if index is not None and is_same and not (is_whole and _has_edited_plugins(index)):
        return index
    if sys.stderr is not None and sys.stderr.isatty():
        print(text("plugins.indexing"), file=sys.stderr)
    from dllab.index_build import build_index

    if index is None and dirs and not refresh:
        index = _of_distributions(made_from)
    return build_index(made_from, path, previous=index)


def _has_edited_plugins(index: Index) -> bool:
    return not all(map(files_are_unchanged, index.plugins.values()))


def _of_distributions(made_from: "Mapping[str, Any]") -> "Index | None":
    """The index of the installed plugins alone, where it is sound: most of one with a folder of plugins."""
    alone = {**made_from, "plugins_dirs": []}
    index = read_cache(index_path(alone), alone)
    return index if index is not None and folders_are_unchanged(index.header) else None
