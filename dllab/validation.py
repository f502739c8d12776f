"""Raw values, from flags, files or pictures, made into an experiment's parameters, with errors that teach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dllab.errors import UsageError
from dllab.printable import printable_line
from dllab.texts import did_you_mean, text

if TYPE_CHECKING:
    from dllab.declare import Experiment
    from dllab.params import Params

# pydantic's error types that our own words tell better, and the text for each.
TEXT_KEYS = {
    "greater_than_equal": "validation.ge",
    "greater_than": "validation.gt",
    "less_than_equal": "validation.le",
    "less_than": "validation.lt",
    "int_parsing": "validation.int",
    "int_type": "validation.int",
    "int_from_float": "validation.int",
    "float_parsing": "validation.float",
    "float_type": "validation.float",
    "finite_number": "validation.float",
    "bool_parsing": "validation.bool",
    "bool_type": "validation.bool",
    "literal_error": "validation.choice",
    "missing": "validation.missing",
    "too_short": "validation.too_short",
    "too_long": "validation.too_long",
    "string_too_short": "validation.text_too_short",
    "string_too_long": "validation.text_too_long",
}
LONGEST_VALUE = 60  # characters of a value that a message shows
MOST_FLAGS = 16  # parameters that a message lists


def validate_params(experiment: Experiment, raw: Mapping[str, Any]) -> Params:
    """The experiment's parameters from raw values; "none" means None where a parameter may be empty.

    Raises UsageError with every fault at once, each with value, flag and remedy.
    """
    from pydantic import ValidationError

    fields = experiment.params_type.model_fields
    values = {}
    for name, value in raw.items():
        field = fields.get(name)
        is_none = isinstance(value, str) and value.lower() == "none"
        if field is None:
            values[name] = value
        elif is_none and _takes_none(field.annotation):
            values[name] = None
        else:
            given = value.split(",") if isinstance(value, str) and _takes_list(field.annotation) else value
            values[name] = _as_choices(given, _typed_choices(field.annotation))
    try:
        return experiment.params_type(**values)
    except ValidationError as error:
        faults = [
            _fault(dict(entry), experiment.name, list(fields)) for entry in error.errors(include_url=False)
        ]
        raise UsageError("; ".join(dict.fromkeys(faults))) from None


def _takes_none(annotation: Any) -> bool:
    from types import NoneType
    from typing import get_args

    return annotation is NoneType or NoneType in get_args(annotation)


def _takes_list(annotation: Any) -> bool:
    """Whether a value is a list: one word then stands for a list, its entries parted by commas."""
    from typing import get_args, get_origin

    return get_origin(annotation) in (tuple, list) or any(
        get_origin(part) in (tuple, list) for part in get_args(annotation)
    )


def _typed_choices(annotation: Any) -> dict[str, Any]:
    """The choices of an annotation that are no strings, by how they are written: {"48": 48}."""
    from typing import Literal, get_args, get_origin

    if get_origin(annotation) is Literal:
        return {str(choice): choice for choice in get_args(annotation) if not isinstance(choice, str)}
    found: dict[str, Any] = {}
    for part in get_args(annotation):
        found.update(_typed_choices(part))
    return found


def _as_choices(value: Any, choices: Mapping[str, Any]) -> Any:
    """A word, or each word of a list, as the choice that is written so."""
    if isinstance(value, list | tuple):
        return [_as_choices(one, choices) for one in value]
    return choices.get(value, value) if isinstance(value, str) else value


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _unknown(experiment: str, name: str, names: list[str]) -> str:
    """What is said of a parameter that the experiment does not have: the nearest, or which it has."""
    hint = did_you_mean(name, names)
    if not hint and names:
        flags = [_flag(known) for known in names[:MOST_FLAGS]] + ["…"] * (len(names) > MOST_FLAGS)
        hint = " " + text("validation.known", experiment=experiment, flags=", ".join(flags))
    return text("validation.unknown", flag=_flag(printable_line(name, LONGEST_VALUE))) + hint


def _fault(entry: Mapping[str, Any], experiment: str, names: list[str]) -> str:
    """One fault of pydantic's in our words; a long value is shortened."""
    place = [str(part) for part in entry["loc"]]
    flag = _flag(place[0]) if place else "--"
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(experiment, place[0], names)
    given = entry.get("input")
    words = ",".join(map(str, given)) if isinstance(given, list | tuple) else str(given)
    value = printable_line(words, LONGEST_VALUE)
    key = TEXT_KEYS.get(kind)
    if kind == "missing":
        return text("validation.missing", flag=flag)
    if key is None:
        return text("validation.other", flag=flag, value=value, fault=entry["msg"])
    limits = {name: limit for name, limit in context.items() if name in ("ge", "gt", "le", "lt")}
    return text(
        key,
        flag=flag,
        value=value,
        length=len(words),
        limit=next(iter(limits.values()), context.get("min_length", context.get("max_length", ""))),
        choices=str(context.get("expected", "")).replace("'", ""),
    )


def json_params(params: Params, inputs: Mapping[str, str]) -> dict[str, Any]:
    """The parameters as plain JSON, without the input fields: those are told by their digests."""
    return params.model_dump(mode="json", exclude=set(inputs))
