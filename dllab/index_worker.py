"""Loads plugins one after the other and describes them, in a process of its own.

Run as a script by `dllab.index_build`, for a plugin may hang, print without end, call `os._exit`
or crash the interpreter. It reads one JSON line from standard input (the search path and the
plugins), and writes one line when it begins a plugin and one when it is done with it, so that the
parent knows the culprit when no more lines come. What plugins print goes nowhere. Each line of ours
carries the nonce that the parent gave, for a plugin may write to any descriptor that it finds open.
"""

import contextlib
import functools
import gc
import os
import sys
import threading
from json import dumps, loads  # bound before a plugin can patch them
from pathlib import Path
from time import perf_counter

TYPE_CHECKING = False  # `dllab` can be imported only once standard input has said where it is
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pydantic.json_schema import GenerateJsonSchema

    from dllab.declare import Command, ExecutorFactory, Experiment, Exporter, Resource
    from dllab.params import Params


def main() -> None:
    """Describe the plugins that standard input names."""
    out = os.fdopen(_out_of_reach(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    job = loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, args=(os.dup(0),), daemon=True).start()
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    def say(**message: object) -> None:
        # a new line first: a plugin may have left half a line of its own
        out.write("\n" + dumps({"nonce": job["nonce"], **message}) + "\n")
        out.flush()

    sys.path[:] = job["path"]
    sys.argv = ["dllab"]
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # they read every distribution's metadata
    gc.disable()  # a tenth of the time, in a process that ends soon
    from dllab import params, plugin_modules  # noqa: F401  before the clock of the first plugin runs

    for number, name, kind, source in job["plugins"]:
        say(begin=number)
        record = None
        with contextlib.suppress(BaseException):  # of what a plugin has patched that describes it
            record = describe(name, kind, source)
        say(end=number, record=record)
    say(done=True)
    out.flush()
    os._exit(0)  # a plugin may have left threads, or something to say at exit


def _out_of_reach(descriptor: int) -> int:
    """A copy of a descriptor, of a number that no plugin hits by counting up from 3."""
    try:
        import fcntl
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, most - 8 if 64 < most < 65536 else 1000)
    except (ImportError, OSError):  # Windows has no fcntl
        return os.dup(descriptor)


def _end_with_parent(descriptor: int) -> None:
    """Wait for the end of standard input, which comes when the parent is gone, and end too."""
    os.read(descriptor, 1)
    os._exit(1)


def describe(name: str, kind: str, source: str) -> dict:
    """The record of one plugin; of a broken one, its error and traceback."""
    from dllab import plugin_modules
    from dllab.errors import one_line

    record: dict = {"name": name, "error": None, "traceback": "", "seconds": 0.0, "hooks": [], "version": ""}
    for hook in plugin_modules.LISTING_HOOKS:
        record[hook.removeprefix("dllab_")] = []
    record["root"], record["loaded"] = "", []
    modules_before = set(sys.modules)
    start = perf_counter()
    try:
        root = plugin_modules.locate(kind, source)
        record["root"] = str(root or "")
        plugin = plugin_modules.import_plugin(kind, source)
        record["seconds"] = perf_counter() - start
        manager = plugin_modules.register(name, plugin)
        record["hooks"] = sorted(plugin_modules.hooks_of(manager))
        record["version"] = str(getattr(plugin, "__version__", ""))
        for hook, describe_one in DESCRIBE.items():
            things = plugin_modules.brought(manager, hook)
            record[hook.removeprefix("dllab_")] = _plain([describe_one(one) for one in things])
    except BaseException as error:  # noqa: BLE001  the plugin boundary: SystemExit too
        import traceback

        for hook in plugin_modules.LISTING_HOOKS:
            record[hook.removeprefix("dllab_")] = []
        record["seconds"] = record["seconds"] or perf_counter() - start
        record["error"] = {"key": "plugins.raised", "values": {"error": one_line(error)}}
        with contextlib.suppress(BaseException):  # of an exception whose text raises another
            record["traceback"] = "".join(traceback.format_exception(error))
    record["loaded"] = _loaded_files(modules_before)
    return record


def _loaded_files(modules_before: set[str]) -> list[str]:
    """The source files of the modules that came in with a plugin and belong to no installed package.

    Those of installed packages change with the search path's listing; the standard library's and the
    lab's own are not a plugin's.
    """
    outside = (str(Path(os.__file__).parent), str(Path(__file__).absolute().parent))
    files = []
    for name in set(sys.modules) - modules_before:
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str) and file.endswith(".py") and not file.startswith(outside):
            parts = file.replace("\\", "/").split("/")
            if "site-packages" not in parts and "dist-packages" not in parts:
                files.append(str(Path(file).absolute()))
    return sorted(files)


def _describe_experiment(experiment: "Experiment") -> dict:
    from dllab.reserved import PARAMETER_NAMES

    reserved = sorted(PARAMETER_NAMES & set(experiment.params_type.model_fields))
    if reserved:
        from dllab.errors import DeclarationError

        raise DeclarationError(
            f"experiment {experiment.name!r}: the lab itself gives every run '{reserved[0]}'; "
            "call the parameter something else"
        )
    return {
        "name": experiment.name,
        "topic": experiment.topic,
        "summary": experiment.summary,
        "details": experiment.details,
        "about": dict(vars(experiment.about)) if experiment.about else {},
        "lectures": list(experiment.lectures),
        "tiny": dict(experiment.tiny),
        "ko": dict(experiment.ko),
        "schema": schema_of(experiment.params_type),
    }


def _plain(values: list) -> list:
    """As JSON holds it, so that what JSON cannot hold makes the plugin broken here."""
    return loads(dumps(values))


def schema_of(params_type: "type[Params]") -> dict:
    """The JSON schema of a parameter model, without titles."""
    return _without_titles(params_type.model_json_schema(schema_generator=_generator()))


@functools.cache
def _generator() -> "type[GenerateJsonSchema]":
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        def encode_default(self, default: "Any") -> "Any":
            """As it is, where it is JSON already: pydantic builds a serializer for each."""
            is_json = default is None or type(default) in (bool, int, float, str)
            return default if is_json else super().encode_default(default)

    return Generator


def _without_titles(schema: "Any") -> "Any":
    """A JSON schema without the titles that pydantic makes from the names."""
    if isinstance(schema, dict):
        kept = {}
        for key, value in schema.items():
            if key == "properties":
                kept[key] = {name: _without_titles(one) for name, one in value.items()}
            elif key in ("default", "enum", "const", "examples"):
                kept[key] = value
            elif key != "title":
                kept[key] = _without_titles(value)
        return kept
    if isinstance(schema, list):
        return [_without_titles(one) for one in schema]
    return schema


def _describe_resource(resource: "Resource") -> dict:
    names = ("kind", "name", "summary", "media", "licence", "source", "size_bytes", "ko", "url", "sha256")
    return {name: getattr(resource, name) for name in names}


def _describe_named(thing: "Command | ExecutorFactory | Exporter") -> dict:
    return {"name": thing.name, "summary": thing.summary, "ko": thing.ko}


DESCRIBE: "dict[str, Callable[[Any], dict]]" = {
    "dllab_experiments": _describe_experiment,
    "dllab_resources": _describe_resource,
    "dllab_commands": _describe_named,
    "dllab_executors": _describe_named,
    "dllab_exporters": _describe_named,
}

if __name__ == "__main__":
    main()
