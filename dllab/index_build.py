"""Makes the index: finds the plugins, has them loaded in a subprocess, and writes the cache file.

One subprocess loads all plugins, one after the other, and reports on each. When it dies or a plugin
takes longer than DLLAB_PLUGIN_TIMEOUT seconds (20), the plugin it was at is the culprit; a new
subprocess goes on with the next.
"""

import contextlib
import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dllab.errors import PluginError, UsageError
from dllab.index_file import Index, files_are_unchanged, listing, pack, stamp
from dllab.index_records import KINDS, broken_record, checked_record
from dllab.plugin_search import UNLOADABLE, Candidate, find_candidates
from dllab.printable import printable
from dllab.selection import left_out_by
from dllab.texts import text

MOST_FILES = 2000  # of one plugin, that are watched and go into its digest
LONGEST_MESSAGE = 1 << 26  # bytes of one line from the subprocess
LONGEST_TIMEOUT_S = 86400.0
UNLISTED = ("details", "about", "tiny", "schema")  # what the header leaves to the records


def build_index(made_from: Mapping[str, Any], path: str, previous: Index | None = None) -> Index:
    """Find, load and describe every plugin; write the index to `path` and return it.

    previous: an index of the same distributions, whose records are taken over for the plugins
    whose files have not changed. Raises PluginError when the subprocess cannot be started.
    """
    folders = [
        [directory, is_plugins, stamp(directory), listing(directory, is_plugins)]
        for is_plugins, directories in ((False, made_from["path"]), (True, made_from["plugins_dirs"]))
        for directory in directories
    ]
    candidates, left_out, missing = _in_force(find_candidates(made_from), made_from["selection"])
    records: dict[str, dict[str, Any]] = {}
    lights: dict[str, dict[str, Any]] = {}
    for one in candidates:
        before = previous.plugins.get(one.name) if previous else None
        if previous and before and _is_same(one, before) and files_are_unchanged(before):
            records[one.name], lights[one.name] = previous.record(one.name), dict(before)
    _load([one for one in candidates if one.name not in records], made_from, records)
    for one in candidates:
        if one.name not in lights:
            lights[one.name] = _light(one, records[one.name])
    header = _header(made_from, folders, {one.name: lights[one.name] for one in candidates}, records)
    return _write(header | {"left_out": left_out, "missing": missing}, records, path)


def _in_force(
    found: Sequence[Candidate], chosen: dict[str, Any]
) -> tuple[list[Candidate], list[dict[str, str]], list[str]]:
    """The plugins to load; those left out, and why; the names that were asked for and are not there."""
    in_force, left_out = [], []
    for one in found:
        by = left_out_by(one.name, one.distribution, chosen)
        if by:
            left_out.append(
                {"name": one.name, "distribution": one.distribution, "version": one.version,
                 "source": one.source, "by": by}
            )  # fmt: skip
        else:
            in_force.append(one)
    names = {one.name for one in found}
    return in_force, left_out, [name for name in chosen["only"] or () if name not in names]


def _is_same(one: Candidate, before: Mapping[str, Any]) -> bool:
    return all(getattr(one, key) == before[key] for key in ("distribution", "kind", "source"))


def plugin_timeout() -> float:
    """Seconds that a plugin may take to load, from DLLAB_PLUGIN_TIMEOUT. Raises UsageError."""
    given = os.environ.get("DLLAB_PLUGIN_TIMEOUT") or "20"
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT_S:  # which "nan" is not either
        raise UsageError(text("plugins.no_timeout", given=printable(given), most=f"{LONGEST_TIMEOUT_S:.0f}"))
    return seconds


def _load(
    candidates: list[Candidate], made_from: Mapping[str, Any], records: dict[str, dict[str, Any]]
) -> None:
    """Fill records with what each candidate brings, through as many subprocesses as the plugins break."""
    for one in candidates:
        if one.kind in UNLOADABLE:
            records[one.name] = broken_record(one.name, UNLOADABLE[one.kind], path=printable(one.source))
    waiting = [one for one in candidates if one.kind not in UNLOADABLE]
    limit = plugin_timeout()
    while waiting:
        waiting = waiting[_load_in_one(waiting, made_from, limit, records) :]
    # A plugin before it may have spoilt the subprocess for it: what failed gets one of its own.
    for one in candidates[1:]:
        error = records[one.name]["error"]
        if error and error["key"] in ("plugins.raised", "plugins.no_record"):
            _load_in_one([one], made_from, limit, records)


def _load_in_one(
    waiting: Sequence[Candidate],
    made_from: Mapping[str, Any],
    limit: float,
    records: dict[str, dict[str, Any]],
) -> int:
    """Load plugins in one subprocess, as far as it comes; returns how many of them have a record now."""
    begun = -1
    with _Worker(waiting, made_from) as worker:
        while True:
            message = worker.next_message(limit)
            if "begin" in message:
                begun = message["begin"]
            elif "end" in message:
                one = waiting[message["end"]]
                records[one.name] = checked_record(one.name, message["record"])
            else:
                break
    if "done" in message:
        reached = len(waiting)
    elif begun < 0:
        raise PluginError(text("plugins.cannot_index", executable=sys.executable, error=worker.last_words()))
    else:
        reached = begun + 1
        key = "plugins.hung" if "hung" in message else "plugins.died"
        culprit = waiting[begun].name
        if culprit not in records or len(waiting) == 1:
            records[culprit] = broken_record(
                culprit, key, seconds=f"{limit:g}", status=message.get("died", 0)
            )
    for one in waiting[:reached]:
        if one.name not in records:
            records[one.name] = broken_record(one.name, "plugins.no_record")
    return reached


class _Worker:
    """The subprocess that loads plugins, and the messages that come from it."""

    def __init__(self, candidates: Sequence[Candidate], made_from: Mapping[str, Any]) -> None:
        core = str(Path(__file__).parent.parent)
        path = [*made_from["path"], *([] if core in made_from["path"] else [core])]
        plugins = [(number, one.name, one.kind, one.source) for number, one in enumerate(candidates)]
        self.nonce = os.urandom(16).hex()  # what else comes through the pipe, a plugin has written there
        job = {"path": path, "plugins": plugins, "nonce": self.nonce}
        self.number = len(plugins)
        self.words = ""
        self.messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("index_worker.py"))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=os.name == "posix",
            )  # fmt: skip
        except (OSError, TypeError, ValueError) as error:
            raise PluginError(
                text("plugins.cannot_index", executable=sys.executable or "Python", error=error)
            ) from error
        with contextlib.suppress(OSError):  # it stays open: when we end, the subprocess sees it and ends too
            self.process.stdin.write(json.dumps(job).encode() + b"\n")  # type: ignore[union-attr]
            self.process.stdin.flush()  # type: ignore[union-attr]
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        stdout = self.process.stdout
        while stdout is not None and (line := stdout.readline(LONGEST_MESSAGE)):
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):  # the half line of a process that died
                continue
            if self._is_message(message):
                self.messages.put(message)
        self.messages.put(None)

    def _is_message(self, message: Any) -> bool:
        """Whether it is one of ours: {"nonce", "begin"}, {"nonce", "end", "record"} or {"nonce", "done"}."""
        if not isinstance(message, dict) or message.get("nonce") != self.nonce:
            return False
        if "end" in message and "record" not in message:
            return False
        numbers = [message[key] for key in ("begin", "end") if key in message]
        return all(type(one) is int and 0 <= one < self.number for one in numbers)

    def next_message(self, limit: float) -> dict[str, Any]:
        """What it says next; {"hung": …} after `limit` seconds, {"died": exit status} at its end."""
        try:
            message = self.messages.get(timeout=limit)
            return {"died": self.process.wait(limit)} if message is None else message
        except queue.Empty:
            status = self.process.poll()  # a process that it started may hold the pipe open
            return {"hung": limit} if status is None else {"died": status}
        except subprocess.TimeoutExpired:  # it has closed the pipe, and goes on
            return {"hung": limit}

    def last_words(self) -> str:
        """The last line of its standard error: why it could not even start."""
        return [f"exit status {self.process.returncode}", *self.words.strip().splitlines()][-1]

    def __enter__(self) -> "_Worker":
        return self

    def __exit__(self, *exception: object) -> None:
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)  # whatever a plugin has started, too
        with contextlib.suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]
        self.process.kill()
        self.process.wait()
        self.reader.join(timeout=1)
        with self.process.stderr as stderr:  # type: ignore[union-attr]
            self.words = stderr.read().decode(errors="replace")
        if not self.reader.is_alive():
            self.process.stdout.close()  # type: ignore[union-attr]


def _light(one: Candidate, record: Mapping[str, Any]) -> dict[str, Any]:
    """What the header says of a plugin: all but its experiments' schemas and its traceback."""
    own = own_files(Path(record["root"])) if record["root"] else []
    if one.kind == "file" and not own:
        own = own_files(Path(one.source))
    watched = (
        {str(path) for path in own} | set(record["loaded"]) | ({one.metadata} if one.metadata else set())
    )
    if record["error"]:  # a module that was missing may come
        watched |= {str(path.parent) for path in own}
    return {
        "distribution": one.distribution,
        "version": one.version or record["version"],
        "kind": one.kind,
        "source": one.source,
        "seconds": round(record["seconds"], 4),
        "hooks": record["hooks"],
        **{kind: [thing["name"] for thing in record[kind]] for kind in KINDS if kind != "resources"},
        "resources": [f"{thing['kind']}:{thing['name']}" for thing in record["resources"]],
        "error": record["error"],
        "digest": digest_of(own),
        "files": {path: stamp(path) for path in sorted(watched)},
    }


def own_files(root: Path) -> list[Path]:
    """The source files of a plugin: the one file, or every .py file of its package."""
    if root.is_file():
        return [root]
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        found += [Path(folder, name) for name in sorted(names) if name.endswith(".py")]
        if len(found) > MOST_FILES:
            break
    return found[:MOST_FILES]


def digest_of(files: Sequence[Path]) -> str:
    """One sha256 over a plugin's source files, by their names within it; "" when there are none."""
    if not files:
        return ""
    top = files[0].parent
    total = hashlib.sha256()
    for path in files:
        with contextlib.suppress(OSError):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            name = path.relative_to(top).as_posix()
            total.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def _header(
    made_from: Mapping[str, Any],
    folders: list[list[Any]],
    lights: dict[str, dict[str, Any]],
    records: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The first line of the index. Of two plugins with one name, the first in order keeps it."""
    from dllab.reserved import COMMANDS

    tables: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    clashes = []
    for plugin, light in lights.items():
        for kind, table in tables.items():
            for key, thing in zip(light[kind], records[plugin][kind], strict=True):
                built_in = kind == "commands" and key in COMMANDS
                if key in table or built_in:
                    winner = "dllab" if built_in else table[key]["plugin"]
                    clashes.append({"kind": kind, "name": key, "winner": winner, "loser": plugin})
                    continue
                entry = {name: value for name, value in thing.items() if name not in UNLISTED}
                if kind == "experiments":
                    entry["ko"] = thing["ko"].get("", "")
                table[key] = entry | {"plugin": plugin}
    return {"made_from": made_from, "folders": folders, "plugins": lights, **tables, "clashes": clashes}


def _write(header: dict[str, Any], records: Mapping[str, Any], path: str) -> Index:
    """Write the cache file, whole or not at all; where it cannot be written the index says why."""
    body = bytearray()
    for plugin, light in header["plugins"].items():
        line = json.dumps(records[plugin]).encode() + b"\n"
        light["line"] = [len(body), len(line)]
        body += line
    index = Index(header, bytes(body), path)
    unfinished = f"{path}.{os.getpid()}.{threading.get_ident()}"
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(unfinished).write_bytes(pack(header, bytes(body)))
        Path(unfinished).replace(path)
    except OSError as error:
        index.path, index.problem = None, f"{path}: {error.strerror}"
        with contextlib.suppress(OSError):
            Path(unfinished).unlink()
    return index
