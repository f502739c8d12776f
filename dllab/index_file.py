"""The index's file: what every plugin brings, and what it was made from.

Its first line is a checksum of the rest, the second the header: what it was made from (`made_from`),
and all that `list` and `--help` show. Each further line is one plugin's full record, with the JSON
schemas of its experiments; the header says where it lies.
"""

# Paths are strings here: pathlib costs more to import than the whole index does to read.

import json
import os
import zlib

from dllab.errors import NotFoundError
from dllab.texts import did_you_mean, text

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO, Any

FORMAT = 3
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
        raise NotFoundError(message + did_you_mean(name, list(table)) + hint)


def pack(header: "Mapping[str, Any]", body: bytes) -> bytes:
    """The bytes of a cache file: the checksum of the rest, the header, and the plugins' records."""
    rest = json.dumps(header).encode() + b"\n" + body
    return b"%08x\n" % zlib.crc32(rest) + rest


def read_file(path: str) -> "Index | None":
    """The index in a file, parsed once; None when the file is cut short or damaged.

    Raises OSError, ValueError, KeyError or TypeError for a file that is no index.
    """
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
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]


def folders_are_unchanged(header: "Mapping[str, Any]") -> bool:
    """Whether each folder of the search path still holds the same distributions and plugins."""
    for directory, is_plugins, before, names in header["folders"]:
        if stamp(directory) != before and listing(directory, is_plugins) != names:
            return False
    return True


def files_are_unchanged(plugin: "Mapping[str, Any]") -> bool:
    """Whether a plugin's files are those that the index was made from."""
    return all(stamp(path) == before for path, before in plugin["files"].items())
