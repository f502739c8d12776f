"""Typed parameters of an experiment: pydantic models with help, bounds and units.

Imported when a plugin is loaded, never for help or listing: those read the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticUndefined, core_schema

from dllab.errors import DeclarationError

INPUT_KINDS = ("image", "audio", "midi", "video", "table", "text", "folder", "model", "agent", "file")


class Params(BaseModel):
    """Base of every experiment's parameters: frozen, and no unknown names."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=False,
        protected_namespaces=(),
        allow_inf_nan=False,
    )


@dataclass(frozen=True)
class Input:
    """A file that goes into a run: what the user wrote, and what the runner made of it.

    reference: a path, `sample:NAME` or `RUN:artifact`. The rest is empty until the runner has
    resolved it: path of the bytes, digest (sha256 in hex) and the file's name as the user knows it.
    """

    reference: str
    kind: str = "file"
    path: Path | None = None
    digest: str = ""
    name: str = ""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        from_text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema(min_length=1))
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.reference),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "path"}


def param(
    default: Any = PydanticUndefined,
    *,
    help: str,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    unit: str = "",
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """One parameter: its default, its help, its bounds and its unit.

    Choices are declared by the type (`typing.Literal`), lists by `tuple[int, ...]`, an optional
    value by `int | None`. Without a default the parameter must be given.
    """
    extra: dict[str, Any] | None = {"unit": unit} if unit else None
    return Field(
        default,
        description=help,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        json_schema_extra=extra,
        validate_default=True,
    )


def input(kind: str, *, help: str, default: Any = PydanticUndefined) -> Any:
    """A parameter that names a file: a path, `sample:NAME`, or another run's `RUN:artifact`.

    kind: one of INPUT_KINDS. Annotate it as `dllab.Input`, or `dllab.Input | None` with default=None.
    Raises DeclarationError for an unknown kind.
    """
    if kind not in INPUT_KINDS:
        raise DeclarationError(f"input kind {kind!r} is not one of {', '.join(INPUT_KINDS)}")
    return Field(default, description=help, json_schema_extra={"input": kind}, validate_default=True)


def input_kinds(params_type: type[Params]) -> dict[str, str]:
    """The input fields of a parameter model: field name to input kind."""
    kinds = {}
    for name, field in params_type.model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "input" in extra:
            kinds[name] = str(extra["input"])
    return kinds
