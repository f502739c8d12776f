"""Agents: whoever chooses the actions in an environment, found by a name, a run or a path.

An agent is any object with `act(observation)`; docs/agents.md says what else it may have. An agent's
file is safetensors whose metadata names its format under "agent"; a plugin brings the reader of a format
as a resource of the kind "agent-format". Nothing in such a file is ever run.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.errors import DllabError, InputError, NotFoundError
from dllab.index import read_index
from dllab.paths import RUN_ARTIFACT, find_path
from dllab.texts import did_you_mean, text

if TYPE_CHECKING:
    from dllab.store import Store

FILES_OF_A_RUN = ("agent.safetensors", "latest.safetensors")  # the best, else the newest so far
NAMED = "agent:"  # begins the shown name of an input that is an agent's name
LONGEST_POINTER = 200  # bytes of a file that only names an agent


def load_agent(reference: str | Path, store: Store | None = None) -> Any:
    """The agent that a reference means: the path of an agent's file, an agent's name, or a run.

    Looked up in that order. A run is named as everywhere (id, beginning, `last`, `last:ppo`), and its
    agent is `agent.safetensors`, while it is still learning `latest.safetensors`; RUN:FILE names another
    of its files. store: where runs are looked up; the lab's by default.
    Raises InputError, in one line, for a file that is damaged or no agent's, and for a name that nothing
    goes by; PluginError when the plugin that brings the agent fails.
    """
    from dllab.store import Store

    if store is not None:
        return _load(store, str(reference))
    with Store(read_only=True) as opened:
        return _load(opened, str(reference))


def _load(store: Store, reference: str) -> Any:
    found = _find(store, reference)
    return _named(found) if isinstance(found, str) else read_agent(*found)


@contextmanager
def agent_file(store: Store, reference: str) -> Iterator[tuple[Path, str]]:
    """A file that stands for the agent, for the time of a block, and its shown name.

    For an agent's name it is a file that says that name, so that a run can keep it among its inputs.
    Raises as load_agent.
    """
    found = _find(store, reference)
    if not isinstance(found, str):
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="dllab-agent-") as folder:
        pointer = Path(folder) / "agent.json"
        pointer.write_text(json.dumps({"agent": found}), encoding="utf-8")
        yield pointer, f"{NAMED}{found}"


def _find(store: Store, reference: str) -> tuple[Path, str] | str:
    """The file of a reference and its shown name, or the name of an agent that a plugin brings."""
    try:
        path = find_path(reference)
    except OSError as error:
        fault = error.strerror or error
        raise InputError(text("inputs.unusable_path", reference=reference[:80], fault=fault)) from error
    if path is not None and not path.is_dir():
        return path.absolute(), path.name
    if f"agent:{reference}" in read_index().resources:
        return reference
    left = _left_by_run(store, reference)
    if left is None:
        if path is not None:
            raise InputError(text("agents.is_a_folder", reference=reference))
        names = agent_names()
        near = did_you_mean(reference, names)
        raise InputError(text("agents.missing", reference=reference, near=near, names=", ".join(names)))
    return left


def agent_names() -> list[str]:
    """The names of the agents that plugins bring."""
    return sorted(one["name"] for one in read_index().resources.values() if one["kind"] == "agent")


def _left_by_run(store: Store, reference: str) -> tuple[Path, str] | None:
    """The agent's file of a run, or the file that RUN:FILE names; None where there is no such run."""
    try:
        record = store.run(reference)
    except NotFoundError as error:
        match = RUN_ARTIFACT.fullmatch(reference)
        if match is None:
            return None
        if match["run"] == "last" and "." not in match["artifact"]:
            raise InputError(str(error)) from error  # last:EXPERIMENT, of which there is no run
        try:
            record = store.run(match["run"])
        except NotFoundError:
            return None
        artifact = store.artifact(record.id, match["artifact"])
    else:
        left = {artifact.name: artifact for artifact in store.artifacts(record.id, role="out")}
        names = [name for name in FILES_OF_A_RUN if name in left]
        if not names:
            raise InputError(text("agents.run_left_none", run=record.id, experiment=record.experiment))
        artifact = left[names[0]]
    if artifact.path is None:
        raise InputError(text("inputs.not_kept", reference=reference))
    return artifact.path, artifact.name


def read_agent(path: Path, name: str) -> Any:
    """The agent in a file, made by the reader that the file's format has. name: the file's, for messages.

    Raises InputError for a file that is damaged, no agent's, or of a format that no plugin reads.
    """
    from dllab.plugins import load_value

    pointed = _pointed_at(path, name)
    if pointed is not None:
        return _named(pointed)
    agent_format = _format(path, name)
    if f"agent-format:{agent_format}" not in read_index().resources:
        raise InputError(text("agents.unknown_format", file=name, format=agent_format[:80]))
    reader = load_value("agent-format", agent_format)
    try:
        return reader(path)
    except DllabError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(text("agents.broken", file=name, reason=reason)) from error


def _pointed_at(path: Path, name: str) -> str | None:
    """The agent that the file only names, or None where it is more than a name."""
    try:
        with path.open("rb") as file:
            head = file.read(LONGEST_POINTER + 1)
    except OSError as error:
        raise InputError(text("store.input_unreadable", path=path, reason=error.strerror)) from error
    if not head:
        raise InputError(text("inputs.empty", file=name))
    if head[:2] == b"PK" or head[:1] == b"\x80":
        raise InputError(text("agents.pickle", file=name))
    if len(head) > LONGEST_POINTER:
        return None
    try:
        pointed = json.loads(head)
    except ValueError:
        return None
    return pointed["agent"] if isinstance(pointed, dict) and isinstance(pointed.get("agent"), str) else None


def _named(name: str) -> Any:
    from dllab.plugins import load_value

    return load_value("agent", name)


def _format(path: Path, name: str) -> str:
    """What the metadata says under "agent". The whole file is held to safetensors' form by the opening."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
    except (SafetensorError, OSError, ValueError) as error:
        reason = (str(error).splitlines() or ["?"])[0][:200]
        raise InputError(text("agents.broken", file=name, reason=reason)) from error
    if not metadata.get("agent"):
        raise InputError(text("agents.no_agent", file=name))
    return str(metadata["agent"])
