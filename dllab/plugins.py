"""Guarded loading: one plugin at a time, found through the index, its failures set aside and named."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from dllab import plugin_modules
from dllab.declare import Command, ExecutorFactory, Experiment, Exporter, Resource
from dllab.errors import (
    Cancelled,
    DeclarationError,
    DllabError,
    InputError,
    NotFoundError,
    PluginError,
    UsageError,
    one_line,
)
from dllab.index import OBSERVER_HOOKS, Index, read_index, read_same
from dllab.index_file import files_are_unchanged
from dllab.printable import printable
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.params import Input


@dataclass(frozen=True)
class LoadedPlugin:
    """A plugin in this process.

    source: an entry point's value, or the path of a one-file plugin; distribution: "" for those.
    digest: sha256 over its source files, "" when there are none. hooks: those it implements.
    """

    name: str
    distribution: str
    version: str
    source: str
    module: Any
    hooks: frozenset[str]
    digest: str = ""
    manager: pluggy.PluginManager = field(
        repr=False, compare=False, default_factory=lambda: pluggy.PluginManager("dllab")
    )


_loaded: dict[tuple[str, str], LoadedPlugin] = {}  # by name and source
_loading = threading.RLock()  # a plugin may load another one


@dataclass
class _Held:
    """The index of a block, and the plugins whose files were held against it, which takes time."""

    index: Index
    sound: set[str] = field(default_factory=set)

    def hold(self, plugin: str) -> Index:
        """The index, once it is sure to be true of this plugin's files as they are now."""
        if plugin not in self.sound:
            if plugin not in self.index.plugins or not files_are_unchanged(self.index.plugins[plugin]):
                return self.read_anew()
            self.sound.add(plugin)
        return self.index

    def read_anew(self) -> Index:
        """The index, held against the files of every plugin."""
        self.index = read_index()
        self.sound = set(self.index.plugins)
        return self.index


_held: ContextVar[_Held | None] = ContextVar("held index", default=None)


@contextlib.contextmanager
def one_index() -> Iterator[None]:
    """A block that sees one index throughout: a run finds the plugins that were there when it began.

    Only the files of the plugins that it uses are held against the index, when it first uses them.
    """
    token = _held.set(_Held(read_index(is_whole=False)))
    try:
        yield
    finally:
        _held.reset(token)


@contextlib.contextmanager
def same_index(file: Sequence[Any] | None) -> Iterator[None]:
    """A block that sees the index that another process has read from this file (`Index.file`).

    One that reads for itself, where the file was written anew since then.
    """
    index = read_same(file) if file is not None else None
    token = _held.set(_Held(index) if index is not None else None)
    try:
        yield
    finally:
        _held.reset(token)


def index_in_force() -> Index:
    """The index of the block of `one_index` that we are in, else as it is now."""
    held = _held.get()
    return held.index if held is not None else read_index()


def _index_that_tells(kind: str, name: str) -> Index:
    """The index in force, true of the plugin that brings this thing; of all of them where none does."""
    held = _held.get()
    if held is None:
        return read_index()
    try:
        found = held.index.find(kind, name)
    except NotFoundError:
        return held.read_anew()  # a plugin that was edited may bring it
    return held.hold(name if kind == "plugin" else found["plugin"])


def plugin_error(name: str, plugin: Mapping[str, Any]) -> str:
    """Why a plugin is broken, as the index recorded it, in one line; "" when it is whole."""
    error = plugin["error"]
    return text(error["key"], **error["values"]) if error else ""


def origin(plugin: Mapping[str, Any]) -> str:
    """Where a plugin comes from, for messages: its distribution and version, or its path."""
    if plugin["distribution"]:
        return f"{plugin['distribution']} {plugin['version']}"
    return printable(plugin["source"])


def load_plugin(name: str, index: Index | None = None) -> LoadedPlugin:
    """Import a plugin and register its hooks, once per process.

    What it prints while it is imported goes to standard error. Raises NotFoundError for an unknown
    name, and PluginError, naming plugin, distribution and error, when it fails or is known to.
    """
    index = index or _index_that_tells("plugin", name)
    plugin = index.find("plugin", name)
    key = (name, plugin["source"])
    with _loading:  # another thread would find a module that is not executed to its end
        if key not in _loaded:
            _loaded[key] = _import(name, plugin)
        return _loaded[key]


def _import(name: str, plugin: Mapping[str, Any]) -> LoadedPlugin:
    if plugin["error"]:
        raise broken(name, plugin)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            module = plugin_modules.import_plugin(plugin["kind"], plugin["source"])
            manager = plugin_modules.register(name, module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the plugin boundary: SystemExit too
        raise failed(name, plugin, error) from error
    return LoadedPlugin(
        name, plugin["distribution"], plugin["version"], plugin["source"], module,
        plugin_modules.hooks_of(manager), plugin["digest"], manager,
    )  # fmt: skip


def broken(name: str, plugin: Mapping[str, Any]) -> PluginError:
    """The PluginError for a plugin that the index knows to be broken."""
    return PluginError(
        text("plugins.broken", name=name, origin=origin(plugin), error=plugin_error(name, plugin))
    )


def failed(name: str, plugin: Mapping[str, Any], error: BaseException) -> PluginError:
    """The PluginError that says which plugin raised this, whatever its exception's class does."""
    raised = text("plugins.raised", error=one_line(error))
    return PluginError(text("plugins.broken", name=name, origin=origin(plugin), error=raised))


@contextlib.contextmanager
def guarded(plugin: LoadedPlugin) -> Iterator[None]:
    """A block that runs a plugin's code: what that raises becomes a PluginError that names the plugin.

    SystemExit too, or the plugin would end a command as if it had succeeded. An error of the lab's own
    kinds, and the user's wish to stop, pass as they are.
    """
    try:
        yield
    except (DllabError, KeyboardInterrupt, Cancelled):
        raise
    except BaseException as error:  # the plugin boundary
        raise failed(plugin.name, vars(plugin), error) from error


def _load(kind: str, name: str, hook: str, key: str) -> tuple[Any, LoadedPlugin]:
    index = _index_that_tells(kind, name)
    found = index.find(kind, name)
    warn_of_clash(index, hook.removeprefix("dllab_"), key)
    loaded = load_plugin(found["plugin"], index)
    try:
        brought = plugin_modules.by_name(plugin_modules.brought(loaded.manager, hook))
        return brought[key], loaded
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the plugin boundary
        raise failed(loaded.name, index.plugins[loaded.name], error) from error


def load_experiment(name: str) -> tuple[Experiment, LoadedPlugin]:
    """An experiment, by loading only the plugin that brings it. Raises NotFoundError, PluginError."""
    return _load("experiment", name, "dllab_experiments", name)


def load_resource(kind: str, name: str) -> tuple[Resource, LoadedPlugin]:
    """A model, dataset, sample, environment or agent. Raises NotFoundError, PluginError."""
    return _load(kind, name, "dllab_resources", f"{kind}:{name}")


def load_value(kind: str, name: str, file: Path | None = None) -> Any:
    """What a resource's `load` returns: a model, a data set …; of a sample, the path of a file that is there.

    file: what it is to be read from; None takes what was downloaded, or what comes with the plugin. Raises
    NotFoundError, InputError when it is not downloaded yet, UsageError when it is read from no file, and
    PluginError, naming the plugin, when it cannot be loaded.
    """
    resource, plugin = load_resource(kind, name)
    if file is not None:
        _check_takes_a_file(resource)
    elif resource.url:
        from dllab.downloads import Download

        file = Download(name, resource.url, resource.sha256, resource.size_bytes).local()
    with guarded(plugin):
        value = resource.load() if file is None else resource.load(file)
        if kind != "sample":
            return value
        fault = f"sample {name!r}: load must return the path of a file, got {type(value).__name__}"
        if isinstance(value, str | os.PathLike):
            path = Path(value)
            if path.exists():
                return path
            fault = f"sample {name!r}: there is no file {path}"
    raise failed(plugin.name, vars(plugin), DeclarationError(fault))


def load_model(name: str, weights: Path | Input | None = None) -> Any:
    """The model of that name, read from a file or an input field of a run's parameters; None takes its own.

    Raises as load_value does; of an input, an error tells the name that the user knows it by.
    """
    if weights is None or isinstance(weights, Path):
        return load_value("model", name, weights)
    try:
        return load_value("model", name, weights.path)
    except InputError as error:  # in the store the file goes by its digest
        if weights.path is None:
            raise
        raise InputError(str(error).replace(weights.path.name, weights.name)) from error


def _check_takes_a_file(resource: Resource) -> None:
    import inspect

    try:
        inspect.signature(resource.load).bind(Path())
    except (TypeError, ValueError):
        kind = resource.kind
        raise UsageError(text("models.takes_no_weights", kind=kind, name=resource.name)) from None


def load_command(name: str) -> tuple[Command, LoadedPlugin]:
    """A command that a plugin adds to the command line. Raises NotFoundError, PluginError."""
    return _load("command", name, "dllab_commands", name)


def load_executor(name: str) -> tuple[ExecutorFactory, LoadedPlugin]:
    """A place where runs can happen. Raises NotFoundError, PluginError."""
    return _load("executor", name, "dllab_executors", name)


def load_exporter(name: str) -> tuple[Exporter, LoadedPlugin]:
    """A way out of the store. Raises NotFoundError, PluginError."""
    return _load("exporter", name, "dllab_exporters", name)


_warned: set[tuple[str, str]] = set()


def warn_of_clash(index: Index, kind: str, name: str) -> None:
    """Say on standard error, once, that another plugin claims this name too, and which one has it.

    kind: "experiments", "resources", "commands", "executors" or "exporters".
    """
    for clash in index.clashes:
        if (clash["kind"], clash["name"]) == (kind, name) and (kind, name) not in _warned:
            _warned.add((kind, name))
            print("dllab: " + clash_text(index, clash), file=sys.stderr)


def clash_text(index: Index, clash: Mapping[str, str]) -> str:
    """One line about a name that two plugins claim, with both distributions."""
    winner, loser = (
        f"{name} ({origin(index.plugins[name])})" if name in index.plugins else name
        for name in (clash["winner"], clash["loser"])
    )
    kind = clash["kind"].removesuffix("s")
    name = clash["name"]
    if kind == "resource":
        kind, name = name.split(":", 1)
    return text("plugins.clash", kind=text(f"plugins.kind_{kind}"), name=name, winner=winner, loser=loser)


def faults(index: Index) -> list[str]:
    """What strict mode does not let pass, a line each: broken plugins, clashes, named plugins not there."""
    found = [str(broken(name, plugin)) for name, plugin in index.plugins.items() if plugin["error"]]
    found += [clash_text(index, clash) for clash in index.clashes]
    return found + [text("plugins.named_and_missing", name=name) for name in index.missing]


def hold_strictly(index: Index) -> None:
    """Raise PluginError, with every fault in one line, when strict mode finds any."""
    found = faults(index)
    if found:
        raise PluginError(text("plugins.strict", number=len(found), faults="; ".join(found)))


class Observers:
    """The plugins that watch runs. One that fails is set aside for the rest, and reported once."""

    def __init__(self, on_failure: Callable[[str], None]) -> None:
        """on_failure: called with one line that names a plugin, its distribution and its error."""
        self.on_failure = on_failure
        self.watching: list[LoadedPlugin] = []
        self.index = index_in_force()
        for name, plugin in self.index.plugins.items():
            if not set(OBSERVER_HOOKS).isdisjoint(plugin["hooks"]):
                try:
                    self.watching.append(load_plugin(name))
                except DllabError as error:
                    on_failure(str(error))

    def __bool__(self) -> bool:
        return bool(self.watching)

    def call(self, hook: str, **values: Any) -> None:
        """Call one of OBSERVER_HOOKS in every plugin that still watches."""
        for loaded in list(self.watching):
            if hook not in loaded.hooks:
                continue
            try:
                getattr(loaded.manager.hook, hook)(**values)
            except BaseException as error:  # noqa: BLE001  the plugin boundary: no observer ends a run
                self.watching.remove(loaded)
                self.on_failure(str(failed(loaded.name, vars(loaded), error)))


def observers(on_failure: Callable[[str], None]) -> Observers:
    """The plugins that implement an observer hook, loaded; only those."""
    return Observers(on_failure)
