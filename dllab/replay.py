"""Make a run again from the store or from a file, and say whether it is the same, or what differs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.errors import InputError, NotFoundError, StoreError, UsageError
from dllab.index import read_index
from dllab.inputs import resolve_input
from dllab.params import input_kinds
from dllab.paths import find_path
from dllab.recipe import read_recipe
from dllab.runner import RunRequest
from dllab.savers import MEDIA_TYPES
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import ArtifactRecord, RunRecord, Store

TIMED_SUFFIXES = ("_s",)


@dataclass(frozen=True)
class Origin:
    """What is to be made again: the facts, the original run if the store knows it, and the file handed in."""

    facts: Mapping[str, Any]
    record: RunRecord | None = None
    file: Path | None = None
    file_digest: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a replay gave beside the original.

    equal: names that are bit-equal; same_pictures: names of pictures that are the same to the last bit with
    another recipe in them; differing: name to what is different about it; causes: facts of the two runs
    that differ and may be why.
    """

    equal: tuple[str, ...]
    differing: Mapping[str, str]
    causes: tuple[str, ...] = field(default=())
    same_pictures: tuple[str, ...] = field(default=())

    @property
    def is_equal(self) -> bool:
        """Whether every byte is the same."""
        return not self.differing and not self.same_pictures

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but what recipes tell, say of the code that has been edited since."""
        return not self.differing


def find_origin(store: Store, reference: str) -> Origin:
    """The origin of a run's reference, or of a file: by the recipe inside a PNG first, then by its digest.

    Raises NotFoundError when neither the file nor the store knows how it was made.
    """
    try:
        path = find_path(reference)
    except OSError:
        path = None
    if path is not None and path.is_file():
        return origin_of_file(store, path)
    looks_like_path = "/" in reference or os.sep in reference or Path(reference).suffix.lower() in MEDIA_TYPES
    if path is None and looks_like_path:
        raise InputError(text("replay.no_such_file", file=reference))
    record = store.run(reference)
    return Origin(facts_of(record), record)


def origin_of_file(store: Store, path: Path) -> Origin:
    """The origin of a file on disk. Raises NotFoundError when nobody knows how it was made."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    known = [(record, artifact) for record, artifact in store.find_digest(digest) if artifact.role != "in"]
    record = known[0][0] if known else None
    facts = read_recipe(path)
    if facts is None and record is None:
        raise NotFoundError(text("replay.unknown_file", file=path.name))
    return Origin(facts if facts is not None else facts_of(record), record, path, digest)


def facts_of(record: RunRecord | None) -> dict[str, Any]:
    """What makes a run again. Raises UsageError for a run that consists of other runs."""
    if record is None:
        return {}
    if record.experiment in ("sweep", "vary") and not record.facts:
        raise UsageError(text(f"replay.is_{record.experiment}", run=record.id))
    return {**record.facts, "device": record.device, "dtype": record.dtype, "threads": record.threads}


def replay_request(
    store: Store, origin: Origin, given_inputs: Mapping[str, str], **overrides: Any
) -> tuple[RunRequest, list[str]]:
    """The request that makes an origin again, and warnings about inputs that are not the same files.

    given_inputs: field to reference, for inputs that this store does not hold. overrides: fields of
    RunRequest (threads, device …) that the user set himself; None keeps the original's.
    """
    from dllab.plugins import load_experiment

    facts = origin.facts
    try:
        experiment, _ = load_experiment(str(facts["experiment"]))
    except NotFoundError as error:
        if origin.record is None:
            raise
        raise NotFoundError(f"{error} {text('replay.made_with', plugin=origin.record.plugin)}") from error
    kinds = input_kinds(experiment.params_type)
    params = dict(facts["params"])
    if set(params) & set(kinds):
        raise UsageError(text("replay.path_in_recipe", field=sorted(set(params) & set(kinds))[0]))
    unknown = set(given_inputs) - set(kinds)
    if unknown:
        raise UsageError(
            text("replay.no_such_input", field=sorted(unknown)[0], choices=", ".join(kinds) or "-")
        )
    inputs: dict[str, dict[str, str]] = {}
    warnings: list[str] = []
    for name, wanted in dict(facts.get("inputs", {})).items():
        if name not in kinds or not isinstance(wanted, Mapping):
            raise UsageError(text("replay.no_such_input", field=name, choices=", ".join(kinds) or "-"))
        inputs[name] = _find_input(store, origin, name, kinds[name], wanted, given_inputs.get(name), warnings)
    original = {
        "threads": int(facts.get("threads") or 0) or None,
        "device": str(facts.get("device") or "auto").split(":")[0],
        "dtype": str(facts.get("dtype") or "auto"),
        "language": str(facts.get("language") or "en"),
    }
    chosen = {key: value for key, value in overrides.items() if value is not None}
    request = RunRequest(
        experiment.name,
        params=params,
        inputs=inputs,
        seed=int(facts["seed"]),
        parent=origin.record.id if origin.record else None,
        relation="rerun" if origin.record else None,
        **{**original, **chosen},
    )
    return request, warnings


def _find_input(
    store: Store,
    origin: Origin,
    name: str,
    kind: str,
    wanted: Mapping[str, Any],
    given: str | None,
    warnings: list[str],
) -> dict[str, str]:
    """The input of a replay: the one given, the one kept in the store, or the sample of that name."""
    digest = str(wanted.get("digest", ""))
    named, shown = _named(wanted)
    recorded = dict(origin.record.inputs.get(name, {})) if origin.record else {}
    if given is None:
        shown = shown or digest[:12]
        value = {"reference": named or shown, "name": shown, **recorded, "kind": kind, "digest": digest}
        try:
            return kept_input(store, name, value)
        except InputError:
            if not named:
                raise
            given = named
    found = resolve_input(store, given, kind)
    if found["digest"] != digest:
        warnings.append(
            text(
                "inputs.digest_differs",
                reference=given,
                field=name,
                got=found["digest"][:12],
                wanted=digest[:12],
            )
        )
    return found


def _named(wanted: Mapping[str, Any]) -> tuple[str, str]:
    """Of an input that was a sample or an agent by name: its reference and its shown name; else "", "".

    A recipe is untrusted: what it calls an agent must be one that a plugin brings, or it might be a path.
    """
    sample, agent = wanted.get("sample"), wanted.get("agent")
    if isinstance(sample, str):
        return f"sample:{sample}", f"sample:{sample}"
    if isinstance(agent, str) and f"agent:{agent}" in read_index().resources:
        return agent, f"agent:{agent}"
    return "", ""


def kept_input(store: Store, name: str, value: Mapping[str, str]) -> dict[str, str]:
    """An input as it was recorded, read from the store, or from where it was if it is still the same.

    Raises InputError when the bytes are in neither place.
    """
    digest = value["digest"]
    is_digest = len(digest) == 64 and all(character in "0123456789abcdef" for character in digest)
    path = store.blob_path(digest) if is_digest and value["kind"] != "folder" else None
    if path is not None:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise StoreError(text("replay.input_damaged", field=name, digest=digest[:12]))
        return {**value, "path": str(path)}
    if is_digest and value["kind"] == "folder" and store.blob_path(digest) is not None:
        folder = store.restore_folder(digest, store.home / "staging" / f"folder-{digest[:16]}")
        return {**value, "path": str(folder)}
    recorded = Path(value["path"]) if value.get("path") else None
    if recorded is not None and recorded.exists():
        found = resolve_input(store, str(recorded), value["kind"])
        if found["digest"] == digest:
            return {**value, "path": str(recorded)}
    raise InputError(text("inputs.input_unknown", field=name, digest=digest[:12]))


def compare_replay(store: Store, origin: Origin, again: RunRecord) -> Comparison:
    """Hold a replay against its original: artifacts by digest, metrics but timed ones value by value."""
    if origin.record is None:
        return _compare_with_file(store, origin, again)
    return compare_runs(store, origin.record, again)


def compare_runs(store: Store, first: RunRecord, second: RunRecord) -> Comparison:
    """What is bit-equal between two runs and what is not, with the facts that may be why."""
    equal: list[str] = []
    same_pictures: list[str] = []
    differing: dict[str, str] = {}
    before = {artifact.name: artifact.digest for artifact in store.artifacts(first.id, role="out")}
    after = {artifact.name: artifact.digest for artifact in store.artifacts(second.id, role="out")}
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            differing[name] = text("replay.missing_now")
        elif name not in before:
            differing[name] = text("replay.new_now")
        elif before[name] == after[name]:
            equal.append(name)
        elif _is_same_picture(store.artifact(first.id, name), store.artifact(second.id, name)):
            same_pictures.append(name)
        else:
            differing[name] = text("replay.other_bytes", was=before[name][:12], now=after[name][:12])
    was, now = _untimed(store, first.id), _untimed(store, second.id)
    for key in dict.fromkeys([*was, *now]):
        if was.get(key) == now.get(key):
            equal.append(key)
        else:
            differing[key] = _first_difference(was.get(key, []), now.get(key, []))
    causes = differences(store, first, second) if differing or same_pictures else []
    if differing and first.status != "succeeded":
        causes.insert(
            0, text("replay.original_ended", run=first.id, status=text(f"show.status_{first.status}"))
        )
    return Comparison(tuple(equal), differing, tuple(causes), tuple(same_pictures))


def _is_same_picture(was: ArtifactRecord, now: ArtifactRecord) -> bool:
    """Whether two files of one name are PNGs that differ in their recipe alone."""
    from dllab.pictures import same_pixels

    is_png = was.media_type == now.media_type == "image/png"
    return is_png and was.path is not None and now.path is not None and same_pixels(was.path, now.path)


def _compare_with_file(store: Store, origin: Origin, again: RunRecord) -> Comparison:
    """Without the original run all that can be held against the replay is the file that was handed in."""
    artifacts = store.artifacts(again.id, role="out")
    name = origin.file.name if origin.file else ""
    if any(artifact.digest == origin.file_digest for artifact in artifacts):
        return Comparison(tuple(one.name for one in artifacts if one.digest == origin.file_digest), {})
    causes = [
        text("replay.cause", fact=key, was=was, now=now)
        for key, was, now in _recipe_differences(origin.facts, store, again)
    ]
    if same := tuple(artifact.name for artifact in artifacts if _shows_file(artifact, origin.file)):
        return Comparison((), {}, tuple(causes), same)
    if not causes:
        causes = [text("replay.older_recipe")] if "code" not in origin.facts else []
    return Comparison((), {name: text("replay.not_among")}, tuple(causes))


def _shows_file(artifact: ArtifactRecord, file: Path | None) -> bool:
    """Whether a PNG shows the same picture as the PNG that was handed in."""
    from dllab.pictures import same_pixels

    if artifact.media_type != "image/png" or artifact.path is None or file is None:
        return False
    return read_recipe(file) is not None and same_pixels(artifact.path, file)


def _recipe_differences(
    facts: Mapping[str, Any], store: Store, again: RunRecord
) -> list[tuple[str, Any, Any]]:
    """What a recipe tells of its run beside what the replay's own recipe tells."""
    now: dict[str, Any] = facts_of(again)
    for artifact in store.artifacts(again.id, role="out"):
        if artifact.media_type == "image/png" and artifact.path is not None:
            now = read_recipe(artifact.path) or now
            break
    keys = ("version", "code", "threads", "device", "dtype", "torch", "models")
    return [(key, facts[key], now.get(key)) for key in keys if key in facts and facts[key] != now.get(key)]


def _untimed(store: Store, run_id: str) -> dict[str, list[tuple[int, str]]]:
    """Metrics by key as (step, exact value); clock figures are left out."""
    points: dict[str, list[tuple[int, str]]] = {}
    for point in store.metrics(run_id):
        if not point.key.endswith(TIMED_SUFFIXES):
            points.setdefault(point.key, []).append((point.step, float(point.value).hex()))
    return points


def _first_difference(was: list[tuple[int, str]], now: list[tuple[int, str]]) -> str:
    for (step, old), (other_step, new) in zip(was, now, strict=False):
        if (step, old) != (other_step, new):
            return text(
                "replay.from_step",
                step=step,
                was=f"{float.fromhex(old):.9g}",
                now=f"{float.fromhex(new):.9g}",
            )
    return text("replay.other_length", was=len(was), now=len(now))


def differences(store: Store, first: RunRecord, second: RunRecord) -> list[str]:
    """The facts that may make two runs differ: seed, parameters, inputs, threads, device, code, versions."""
    found = []
    pairs: list[tuple[str, Any, Any]] = [
        (name, getattr(first, name), getattr(second, name))
        for name in ("experiment", "plugin_version", "seed", "device", "dtype", "threads")
    ]
    pairs += [
        (f"--{key}", first.params.get(key), second.params.get(key))
        for key in {**first.params, **second.params}
    ]
    digests = [
        {key: value.get("digest", "")[:12] for key, value in run.inputs.items()} for run in (first, second)
    ]
    pairs += [(f"--{key}", digests[0].get(key), digests[1].get(key)) for key in {**digests[0], **digests[1]}]
    pairs.append(("code", first.facts.get("code"), second.facts.get("code")))
    old, new = store.environment(first.id), store.environment(second.id)
    pairs += [(key, old.get(key), new.get(key)) for key in ("python", "system", "processor")]
    was, now = old.get("packages", {}), new.get("packages", {})
    pairs += [(name, was.get(name), now.get(name)) for name in ("torch", "numpy", "pillow", "dllab")]
    for name, before, after in pairs:
        if before != after:
            found.append(text("replay.cause", fact=name, was=before, now=after))
    return found
