"""Loads plugins one after the other and describes them, in a process of its own.

Run as a script by `dllab.index_build`, for a plugin may hang, print without end, call `os._exit`
or crash the interpreter. It reads one JSON line from standard input (the search path and the
plugins), and writes one line when it begins a plugin and one when it is done with it, so that the
parent knows the culprit when no more lines come. What plugins print goes nowhere.
"""

import json
import os
import sys
import time

# What the command line adds to every experiment: no parameter may be called so.
RESERVED = frozenset(
    "seed device threads dtype executor out params tag resume tiny quiet json"
    " lang debug store plugins_dir version help".split()
)


def main() -> None:
    """Describe the plugins that standard input names."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    job = json.loads(sys.stdin.readline())
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    def say(**message: object) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    sys.path[:] = job["path"]
    sys.argv = ["dllab"]
    from dllab import params, plugin_modules  # noqa: F401  before the clock of the first plugin runs

    for number, name, kind, source in job["plugins"]:
        say(begin=number)
        say(end=number, record=describe(name, kind, source))
    say(done=True)
    out.flush()
    os._exit(0)  # a plugin may have left threads, or something to say at exit


def describe(name: str, kind: str, source: str) -> dict:
    """The record of one plugin; of a broken one, its error and traceback."""
    from dllab import plugin_modules

    record: dict = {"name": name, "error": None, "traceback": "", "seconds": 0.0, "hooks": [], "version": ""}
    for hook in plugin_modules.LISTING_HOOKS:
        record[hook.removeprefix("dllab_")] = []
    record["root"], record["loaded"] = "", []
    modules_before = set(sys.modules)
    start = time.perf_counter()
    try:
        root = plugin_modules.locate(kind, source)
        record["root"] = str(root or "")
        plugin = plugin_modules.import_plugin(kind, source)
        record["seconds"] = time.perf_counter() - start
        manager = plugin_modules.register(name, plugin)
        record["hooks"] = sorted(plugin_modules.hooks_of(manager))
        record["version"] = str(getattr(plugin, "__version__", ""))
        for hook, describe_one in DESCRIBE.items():
            things = plugin_modules.brought(manager, hook)
            record[hook.removeprefix("dllab_")] = _plain([describe_one(one) for one in things])
    except BaseException as error:  # the plugin boundary: SystemExit and KeyboardInterrupt too
        import traceback

        for hook in plugin_modules.LISTING_HOOKS:
            record[hook.removeprefix("dllab_")] = []
        record["seconds"] = record["seconds"] or time.perf_counter() - start
        record["error"] = {"key": "raised", "values": {"error": _in_one_line(error)}}
        record["traceback"] = "".join(traceback.format_exception(error))
    record["loaded"] = _loaded_files(modules_before)
    return record


def _in_one_line(error: BaseException) -> str:
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message:.300}" if message else type(error).__name__


def _loaded_files(modules_before: set[str]) -> list[str]:
    """The source files of the modules that came in with a plugin and belong to no installed package.

    Those of installed packages change with the search path's listing; the standard library's and the
    lab's own are not a plugin's.
    """
    outside = (os.path.dirname(os.__file__), os.path.dirname(os.path.abspath(__file__)))
    files = []
    for name in set(sys.modules) - modules_before:
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str) and file.endswith(".py") and not file.startswith(outside):
            parts = file.replace("\\", "/").split("/")
            if "site-packages" not in parts and "dist-packages" not in parts:
                files.append(os.path.abspath(file))
    return sorted(files)


def _describe_experiment(experiment) -> dict:  # noqa: ANN001
    reserved = sorted(RESERVED & set(experiment.params_type.model_fields))
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
        "lectures": list(experiment.lectures),
        "tiny": dict(experiment.tiny),
        "ko": dict(experiment.ko),
        "schema": _without_titles(experiment.params_type.model_json_schema()),
    }


def _plain(values: list) -> list:
    """As JSON holds it, so that what JSON cannot hold makes the plugin broken here."""
    return json.loads(json.dumps(values))


def _without_titles(schema):  # noqa: ANN001, ANN202
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


def _describe_resource(resource) -> dict:  # noqa: ANN001
    names = ("kind", "name", "summary", "media", "licence", "source", "size_bytes", "ko")
    return {name: getattr(resource, name) for name in names}


def _describe_named(thing) -> dict:  # noqa: ANN001
    return {"name": thing.name, "summary": thing.summary, "ko": thing.ko}


DESCRIBE = {
    "dllab_experiments": _describe_experiment,
    "dllab_resources": _describe_resource,
    "dllab_commands": _describe_named,
    "dllab_executors": _describe_named,
    "dllab_exporters": _describe_named,
}

if __name__ == "__main__":
    main()
