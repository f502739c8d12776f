"""The index: what every plugin brings, in one file that costs next to nothing to read.

Listing, help and completion read this alone. It imports `os`, `sys` and `json`, no plugin and not
even the modules that load plugins; `dllab.index_build` makes it in a subprocess when it is stale.

The file's first line is a checksum of the rest, the second the header: what it was made from
(`made_from`), and all that `list` and `--help` show. Each further line is one plugin's full record,
with the JSON schemas of its experiments; the header says where it lies.
"""

# Paths are strings here: pathlib costs more to import than the whole index does to read.

import json
import os
import sys
import zlib

from dllab import __version__
from dllab.errors import NotFoundError
from dllab.selection import selection
from dllab.texts import did_you_mean, text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO, Any

FORMAT = 3
OBSERVER_HOOKS = ("dllab_run_started", "dllab_run_event", "dllab_run_finished")
_CORE_FILES = ("index_build.py", "index_worker.py", "plugin_search.py", "plugin_modules.py", "declare.py",
               "index_records.py", "printable.py", "params.py", "hookspecs.py")  # fmt: skip
# The index that this process read last, by path, inode, mtime (ns) and size of its file: parsing takes 1 ms.
_last_read: "dict[tuple[str, int, int, int], Index]" = {}


class Index:
    """What the plugins bring, by name; each value is a dictionary of JSON values.

    experiments, commands, executors, exporters, plugins: by name; resources: by "KIND:NAME".
    clashes: names that two plugins claim. left_out: plugins that are there and not loaded, each with
    name, distribution, version, source and by ("settings": disabled, "environment": DLLAB_LOAD_PLUGINS);
    missing: names in DLLAB_LOAD_PLUGINS that no plugin has. path: the cache file, or None with the reason in
    `problem` when it cannot be written. file: path, inode, modification time (ns) and size of that file,
    where it was read from one.
    """

    def __init__(self, header: "dict[str, Any]", body: bytes, path: "str | None") -> None:
        self.header = header
        self.path = path
        self.file: list[Any] | None = None
        self.problem = ""
        self.plugins: dict[str, dict[str, Any]] = header["plugins"]
        self.experiments: dict[str, dict[str, Any]] = header["experiments"]
        self.resources: dict[str, dict[str, Any]] = header["resources"]
        self.commands: dict[str, dict[str, Any]] = header["commands"]
        self.executors: dict[str, dict[str, Any]] = header["executors"]
        self.exporters: dict[str, dict[str, Any]] = header["exporters"]
        self.clashes: list[dict[str, Any]] = header["clashes"]
        self.left_out: list[dict[str, Any]] = header["left_out"]
        self.missing: list[str] = header["missing"]
        self._body = body
        self._records: dict[str, dict[str, Any]] = {}

    def record(self, plugin: str) -> "dict[str, Any]":
        """The full record of a plugin: its experiments with schemas, its traceback if it is broken."""
        if plugin not in self._records:
            offset, length = self.plugins[plugin]["line"]
            self._records[plugin] = json.loads(self._body[offset : offset + length])
        return self._records[plugin]

    def experiment(self, name: str) -> "dict[str, Any]":
        """All that is known of an experiment: name, topic, summary, details, lectures, tiny, ko, schema.

        Raises NotFoundError, with the nearest name, when no plugin brings it.
        """
        plugin = self.find("experiment", name)["plugin"]
        return next(one for one in self.record(plugin)["experiments"] if one["name"] == name)

    def schema(self, name: str) -> "dict[str, Any]":
        """The JSON schema of an experiment's parameters. Raises NotFoundError."""
        return self.experiment(name)["schema"]

    def find(self, kind: str, name: str) -> "dict[str, Any]":
        """The light entry of an experiment, command, executor, exporter or resource of that kind.

        Raises NotFoundError with the nearest name.
        """
        own = {"experiment": self.experiments, "command": self.commands, "executor": self.executors,
               "exporter": self.exporters, "plugin": self.plugins}  # fmt: skip
        table = own.get(kind)
        if table is None:
            prefix = kind + ":"
            table = {key[len(prefix) :]: one for key, one in self.resources.items() if key.startswith(prefix)}
        if name in table:
            return table[name]
        message = text("plugins.unknown", kind=text(f"plugins.kind_{kind}"), name=name)
        broken = [one for one, plugin in self.plugins.items() if plugin["error"]]
        hint = " " + text("plugins.perhaps_broken", names=", ".join(broken)) if broken else ""
        out = [one["name"] for one in self.left_out]
        hint += " " + text("plugins.perhaps_left_out", names=", ".join(out)) if out else ""
        raise NotFoundError(message + (did_you_mean(name, list(table)) or hint))


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


def listing(directory: str, is_plugins: bool) -> str:
    """The names in a folder that decide which plugins it holds, parted by "/", which no name has.

    Distributions' metadata folders; in a folder of plugins its modules and packages. A working
    folder on the path changes all the time, its list of distributions does not.
    """
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry in entries if _counts(entry, is_plugins)]
    except OSError:
        return ""
    return "/".join(sorted(names))


def _counts(entry: "os.DirEntry[str]", is_plugins: bool) -> bool:
    if is_plugins:
        return entry.name[0] not in "._" and (entry.name.endswith(".py") or entry.is_dir())
    return entry.name.endswith((".dist-info", ".egg-info")) and entry.name[0] != "~"  # pip's leftovers


def stamp(path: str) -> "list[int] | None":
    """Modification time (ns) and size of a file, None when it isn't there."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


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


def folders_are_unchanged(header: "Mapping[str, Any]") -> bool:
    """Whether each folder of the search path still holds the same distributions and plugins."""
    for directory, is_plugins, before, names in header["folders"]:
        if stamp(directory) != before and listing(directory, is_plugins) != names:
            return False
    return True


def files_are_unchanged(plugin: "Mapping[str, Any]") -> bool:
    """Whether a plugin's files are those that the index was made from."""
    return all(stamp(path) == before for path, before in plugin["files"].items())


def pack(header: "Mapping[str, Any]", body: bytes) -> bytes:
    """The bytes of a cache file: the checksum of the rest, the header, and the plugins' records."""
    rest = json.dumps(header).encode() + b"\n" + body
    return b"%08x\n" % zlib.crc32(rest) + rest


def read_cache(path: str, made_from: "Mapping[str, Any]") -> "Index | None":
    """The index in a cache file if it is whole and made from these sources, else None.

    It may have been made before a plugin was disabled or enabled.
    """
    try:
        index = _read(path)
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
        index = _read(file[0])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return index if index is not None and index.file == [*file] else None


def _read(path: str) -> "Index | None":
    """The index in a file that is whole, parsed once."""
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        key = (path, status.st_ino, status.st_mtime_ns, status.st_size)
        index = _last_read.get(key) or _parsed(file, path)
    if index is not None:
        index.file = [*key]
        _last_read.clear()
        _last_read[key] = index
    return index


def _parsed(file: "IO[bytes]", path: str) -> "Index | None":
    checksum = file.readline(16)
    rest = file.read()
    if checksum != b"%08x\n" % zlib.crc32(rest):  # cut short, or damaged
        return None
    end = rest.index(b"\n") + 1
    return Index(json.loads(rest[:end]), rest[end:], path)


def read_index(plugins_dirs: "Sequence[str] | None" = None, refresh: bool = False) -> Index:
    """The index of all plugins, made anew when a plugin, a distribution or the lab has changed.

    plugins_dirs: folders of one-file plugins; None takes DLLAB_PLUGINS_DIR. refresh: load every
    plugin again. Raises PluginError when the subprocess that loads the plugins cannot be started.
    """
    dirs = plugins_directories() if plugins_dirs is None else [os.path.abspath(part) for part in plugins_dirs]
    made_from = sources(dirs)
    path = index_path(made_from)
    index = None if refresh else read_cache(path, made_from)
    if index is not None and not folders_are_unchanged(index.header):
        index = None
    is_same = index is not None and index.header["made_from"] == made_from
    if index is not None and is_same and all(map(files_are_unchanged, index.plugins.values())):
        return index
    if sys.stderr is not None and sys.stderr.isatty():
        print(text("plugins.indexing"), file=sys.stderr)
    from dllab.index_build import build_index

    if index is None and dirs and not refresh:
        index = _of_distributions(made_from)
    return build_index(made_from, path, previous=index)


def _of_distributions(made_from: "Mapping[str, Any]") -> "Index | None":
    """The index of the installed plugins alone, where it is sound: most of one with a folder of plugins."""
    alone = {**made_from, "plugins_dirs": []}
    index = read_cache(index_path(alone), alone)
    return index if index is not None and folders_are_unchanged(index.header) else None
