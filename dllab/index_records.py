"""What the subprocess said of a plugin: held to its form, and made safe to show on a terminal.

A plugin may have patched what the subprocess runs, so nothing that comes from there is taken as it is.
"""

from collections.abc import Mapping
from typing import Any

from dllab.printable import printable, printable_line

KINDS = ("experiments", "resources", "commands", "executors", "exporters")
LONGEST_TEXT = 1000  # characters of a text that is shown in one line
_FORM: dict[str, type | tuple[type, ...]] = {
    "name": str, "error": (dict, type(None)), "traceback": str, "seconds": (int, float), "version": str,
    "root": str, "hooks": list, "loaded": list, **dict.fromkeys(KINDS, list),
}  # fmt: skip
_SCHEMA_TEXTS = ("description", "unit")


def broken_record(name: str, key: str, **values: Any) -> dict[str, Any]:
    """The record of a plugin that could not be loaded. key, values: of the text that says why."""
    record: dict[str, Any] = {kind: [] for kind in ("hooks", "loaded", *KINDS)}
    error = {"key": key, "values": values}
    return record | {"name": name, "error": error, "traceback": "", "seconds": 0.0, "version": "", "root": ""}


def checked_record(name: str, record: Any) -> dict[str, Any]:
    """The record as the index keeps it; a broken one where it has not the form of a record."""
    if not _is_record(record):
        return broken_record(name, "plugins.no_record")
    kept = dict(record)
    kept["name"] = name
    kept["version"] = printable_line(record["version"], LONGEST_TEXT)
    kept["traceback"] = _lines(record["traceback"])
    if record["error"]:
        values = {key: _shown(value) for key, value in record["error"]["values"].items()}
        kept["error"] = {"key": record["error"]["key"], "values": values}
    for kind in KINDS:
        kept[kind] = [_thing(thing) for thing in record[kind]]
    return kept


def _is_record(record: Any) -> bool:
    if not isinstance(record, dict) or not all(isinstance(record.get(key), of) for key, of in _FORM.items()):
        return False
    things = [thing for kind in KINDS for thing in record[kind]]
    words = [*record["hooks"], *record["loaded"]]
    error = record["error"]
    return (
        all(isinstance(thing, dict) and isinstance(thing.get("name"), str) for thing in things)
        and all(isinstance(word, str) for word in words)
        and (
            error is None or (error.get("key") == "plugins.raised" and isinstance(error.get("values"), dict))
        )
    )


def _thing(thing: Mapping[str, Any]) -> dict[str, Any]:
    """An experiment, a resource, a command …; its name was held to its form when it was declared."""
    shown = {}
    for key, value in thing.items():
        if key == "schema":
            shown[key] = _schema(value)
        elif key == "details":
            shown[key] = _lines(str(value))
        else:
            shown[key] = value if key == "tiny" else _shown(value)
    return shown


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return printable_line(value, LONGEST_TEXT)
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    return value


def _schema(schema: Any) -> Any:
    """A JSON schema with its texts made safe, and its values as they are."""
    if isinstance(schema, list):
        return [_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        is_text = key in _SCHEMA_TEXTS and isinstance(value, str)
        is_value = key in ("default", "enum", "const", "examples")
        kept[key] = _shown(value) if is_text else value if is_value else _schema(value)
    return kept


def _lines(words: str) -> str:
    return "\n".join(printable(line) for line in words.expandtabs(4).split("\n"))
