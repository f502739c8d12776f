"""What a zip file of runs may say: every field with its type and bounds, as data from a stranger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from dllab.declare import NAME as EXPERIMENT_NAME
from dllab.names import check_artifact_name
from dllab.store.folders import check_relative_path
from dllab.store.records import FINAL_STATUSES, RELATIONS, ROLES

MAX_INTEGER = 2**63 - 1  # SQLite's

Text = Annotated[str, Field(max_length=1000)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
RunId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{7}$")]
Seconds = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Number = Annotated[float, Field(allow_inf_nan=True)] | None


class Facts(BaseModel):
    """Strict, and nothing that is not named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Facts):
    sha256: Digest
    size: Count


class Manifest(Facts):
    format: Literal["dllab-runs"]
    version: int
    runs: list[str]
    entries: dict[str, Entry]


class RunFacts(Facts):
    id: RunId
    experiment: Text
    plugin: Text
    plugin_version: Text
    params: dict[str, Any]
    inputs: dict[str, dict[str, str]]
    seed: Count
    device: Text
    dtype: Text
    threads: Count
    executor: Text
    status: Literal[FINAL_STATUSES]  # type: ignore[valid-type]
    created: Seconds
    started: Seconds | None
    ended: Seconds | None
    error: str | None
    parent: RunId | None
    relation: Literal[RELATIONS] | None  # type: ignore[valid-type]
    facts: dict[str, Any]
    host: Text
    pid: Count | None

    @field_validator("experiment")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if not EXPERIMENT_NAME.fullmatch(name):  # it becomes part of a folder's name
            raise ValueError("not the name of an experiment")
        return name


class ArtifactFacts(Facts):
    role: Literal[ROLES]  # type: ignore[valid-type]
    field: Text
    name: Text
    digest: Digest
    size: Count
    media_type: Text
    created: Seconds

    def check_name(self) -> None:
        """Raise UsageError where the run's folder would get a file with a name that it must not have."""
        check_relative_path(self.name)
        if self.role != "in":
            for part in self.name.split("/"):
                check_artifact_name(part)


class EventFacts(Facts):
    kind: Text
    time: Seconds
    data: dict[str, Any]


class Arrival(Facts):
    """One run, with all that is known of it."""

    run: RunFacts
    tags: list[Annotated[str, Field(pattern=r"^[^\s,+-][^\s,]*$", max_length=200)]]
    artifacts: list[ArtifactFacts]
    members: list[tuple[Digest, Digest]]
    metrics: list[tuple[Text, Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)], Number, Seconds]]
    events: list[EventFacts]
    environment: dict[str, Any]
