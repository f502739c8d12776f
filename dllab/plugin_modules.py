"""Loading one plugin's module, and holding what its hooks return against the contract."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from dllab import hookspecs
from dllab.declare import Command, ExecutorFactory, Experiment, Exporter, Resource
from dllab.errors import DeclarationError

# hook: what it returns a list of
LISTING_HOOKS: dict[str, type] = {
    "dllab_experiments": Experiment,
    "dllab_resources": Resource,
    "dllab_commands": Command,
    "dllab_executors": ExecutorFactory,
    "dllab_exporters": Exporter,
}


def locate(kind: str, source: str) -> Path | None:
    """The file or package folder of a plugin, found without running its code; None if it isn't there.

    kind: "entry" (source is an entry point's value) or "file" (source is a path).
    """
    if kind == "file":
        return Path(source)
    name = ""
    for part in source.partition(":")[0].split("."):
        name = f"{name}.{part}" if name else part
        spec = importlib.util.find_spec(name)
        if spec is None:
            return None
        if spec.origin not in (None, "built-in", "frozen"):
            path = Path(spec.origin)
            return path.parent if path.name == "__init__.py" else path
    return None


def import_plugin(kind: str, source: str) -> Any:
    """Import a plugin: the module, or the object in it that an entry point "module:object" names."""
    if kind == "file":
        return _import_file(Path(source))
    module_name, _, attributes = source.partition("[")[0].strip().partition(":")
    plugin: Any = importlib.import_module(module_name.strip())
    for attribute in filter(None, attributes.strip().split(".")):
        plugin = getattr(plugin, attribute)
    return plugin


def _import_file(path: Path) -> ModuleType:
    """Import a one-file plugin, or a package folder, under its own name unless another module has it."""
    file = path / "__init__.py" if path.is_dir() else path
    name = path.stem if path.is_file() else path.name
    if getattr(sys.modules.get(name), "__file__", None) == str(file):
        return sys.modules[name]
    if not name.isidentifier() or name in sys.modules or importlib.util.find_spec(name):
        name = f"dllab_plugin_{name}"
    folders = [str(path)] if path.is_dir() else None
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def register(name: str, plugin: Any) -> pluggy.PluginManager:
    """A plugin manager that holds this one plugin, its hooks held against the contract.

    Raises pluggy.PluginValidationError for a hook with arguments that the contract doesn't give,
    or of a name that it doesn't know.
    """
    manager = pluggy.PluginManager("dllab")
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name)
    manager.check_pending()
    return manager


def hooks_of(manager: pluggy.PluginManager) -> frozenset[str]:
    """The names of the hooks that the plugin in this manager implements."""
    return frozenset(
        name for name in vars(hookspecs) if name.startswith("dllab_") and _implements(manager, name)
    )


def _implements(manager: pluggy.PluginManager, hook: str) -> bool:
    return bool(getattr(manager.hook, hook).get_hookimpls())


def brought(manager: pluggy.PluginManager, hook: str) -> list[Any]:
    """What the plugin in this manager returns for a hook of LISTING_HOOKS.

    Raises DeclarationError when it is no list, or holds something of another type, or one name twice.
    """
    wanted = LISTING_HOOKS[hook]
    found: list[Any] = []
    for result in getattr(manager.hook, hook)():
        if not isinstance(result, (list, tuple)):
            raise DeclarationError(f"{hook} must return a list, got {type(result).__name__}")
        found.extend(result)
    for one in found:
        if not isinstance(one, wanted):
            remedy = "; decorate it with @dllab.experiment" if wanted is Experiment and callable(one) else ""
            raise DeclarationError(
                f"{hook} must return a list of dllab.{wanted.__name__}, it holds "
                f"{getattr(one, '__name__', None) or repr(one)!s:.60} ({type(one).__name__}){remedy}"
            )
    keys = [(getattr(one, "kind", ""), one.name) for one in found]
    for key in keys:
        if keys.count(key) > 1:
            raise DeclarationError(f"{hook} returns the name {key[1]!r} twice")
    return found


def by_name(things: list[Any]) -> Mapping[str, Any]:
    """What a hook returned, by name; resources by "KIND:NAME"."""
    return {f"{one.kind}:{one.name}" if isinstance(one, Resource) else one.name: one for one in things}
