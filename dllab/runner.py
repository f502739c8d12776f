"""From a name and values to a finished run in the store."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.cancel import on_stop_signals
from dllab.environment import available_cores
from dllab.errors import DllabError, NotFoundError, RunFailedError, StoreError, UsageError
from dllab.inputs import resolve_input
from dllab.observing import Observing
from dllab.params import input_kinds
from dllab.recipe import recipe
from dllab.recorder import Listener, Recorder
from dllab.savers import media_type
from dllab.spec import RunSpec
from dllab.texts import LANGUAGES, language, text
from dllab.validation import json_params, validate_params

if TYPE_CHECKING:
    from dllab.declare import Experiment
    from dllab.executors import Executor, Handle
    from dllab.plugins import LoadedPlugin
    from dllab.store import RunRecord, Store

MAX_THREADS = 1024
OWN_EXECUTORS = ("inline", "process")
DEVICE_WORD = re.compile(r"[a-z]+(:\d{1,3})?")


@dataclass(frozen=True)
class RunRequest:
    """What somebody asks for: an experiment, its raw values, and how to run it.

    inputs: resolved inputs that replace what params says of those fields (a replay brings them).
    relation: how the run stands to parent: "resume", "rerun", "sweep" or "vary".
    language: of the words in pictures, "en" or "ko"; the one in force, where none is given.
    """

    experiment: str
    params: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, dict[str, str]] = field(default_factory=dict)
    seed: int = 0
    device: str = "auto"
    dtype: str = "auto"
    threads: int | None = None
    executor: str = "inline"
    is_tiny: bool = False
    use_recipe: bool = True
    tags: Sequence[str] = ()
    parent: str | None = None
    relation: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its record, and the exit status for the command line."""

    record: RunRecord
    exit_status: int
    traceback: str = ""


def launch(
    experiment: str, params: Mapping[str, Any] | None = None, *, store: Store | None = None, **options: Any
) -> RunRecord:
    """Run an experiment and return its record; for scripts and notebooks.

    options: the fields of RunRequest (seed, device, threads, executor, tags …).
    Raises UsageError for wrong values, RunFailedError when the run or one of its checks failed.
    """
    from dllab.store import Store

    opened = store or Store()
    try:
        outcome = carry_out(opened, RunRequest(experiment, params or {}, **options))
    finally:
        if store is None:
            opened.close()
    if outcome.record.status != "succeeded":
        raise RunFailedError(f"run {outcome.record.id} {outcome.record.status}: {outcome.record.error}")
    return outcome.record


def carry_out(
    store: Store,
    request: RunRequest,
    listeners: Sequence[Listener] = (),
    *,
    executor: Executor | None = None,
    on_submit: Callable[[Handle], None] | None = None,
) -> Outcome:
    """Validate a request, run it, and record it. Nothing is recorded of a request that is refused.

    executor: one to share between runs, instead of a new one of the request's kind. on_submit: is
    given the run's handle, so that another thread can cancel it.
    Raises UsageError and its kin for wrong values and inputs, StoreError for a store that fails.
    """
    from dllab.plugins import one_index

    wait_politely()
    with one_index():
        return _carry_out(store, request, listeners, executor, on_submit)


def _carry_out(
    store: Store,
    request: RunRequest,
    listeners: Sequence[Listener],
    executor: Executor | None,
    on_submit: Callable[[Handle], None] | None,
) -> Outcome:
    from dllab.executors import make_executor
    from dllab.plugins import load_experiment

    experiment, plugin = load_experiment(request.experiment)
    params, inputs = bind(store, experiment, request)
    threads = checked_threads(request.threads)
    check_machine_words(request)
    owned = make_executor(request.executor) if executor is None else None
    control = _Control()
    try:
        with on_stop_signals(control.ask):
            record = _create(store, experiment, plugin, request, params, inputs, threads)
            spec = _spec(store, record, request, describe(plugin), _checkpoint(store, request, record))
            outcome = _execute(store, record, spec, executor or owned, list(listeners), on_submit, control)
        if outcome.exit_status == 2 and request.relation is None and not _left_anything(store, record.id):
            store.remove(record.id)  # the experiment refused a value before it began
            raise UsageError(outcome.record.error or "")
        return outcome
    finally:
        if owned is not None:
            owned.close()


def _left_anything(store: Store, run_id: str) -> bool:
    return bool(store.artifacts(run_id, role="out") or store.latest_metrics(run_id))


def wait_politely() -> None:
    """Let threads of OpenMP and OpenBLAS sleep while they wait, in this process and those it starts.

    By default they spin. On a machine whose cores have other work too, a dream on two cores then took
    17 to 54 s instead of 4 to 15; on an idle one nothing changes. Read when torch and NumPy are loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")  # 2**16 cycles, in place of 2**26


def bind(
    store: Store, experiment: Experiment, request: RunRequest
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The request's parameters as validated JSON, and its inputs, found, checked and kept."""
    raw = {**(experiment.tiny if request.is_tiny else {}), **request.params}
    given = {name: value["reference"] for name, value in request.inputs.items()}
    model = validate_params(experiment, {**raw, **given})
    kinds = input_kinds(experiment.params_type)
    inputs = {}
    for name, kind in kinds.items():
        value = getattr(model, name)
        if name in request.inputs:
            inputs[name] = request.inputs[name]
        elif value is not None:
            inputs[name] = resolve_input(store, value.reference, kind)
    return json_params(model, kinds), inputs


def checked_threads(threads: int | None) -> int:
    """The number of threads: as given, or every core that this process may use. Raises UsageError."""
    if threads is None:
        return available_cores()
    if not isinstance(threads, int) or not 1 <= threads <= MAX_THREADS:
        raise UsageError(text("run.bad_threads", threads=threads, limit=MAX_THREADS))
    return threads


def check_machine_words(request: RunRequest) -> None:
    """Raise UsageError for a seed, device or number format that can be wrong anywhere."""
    from dllab.device import DTYPES, accelerators, candidates

    for name, value, kinds in (
        ("seed", request.seed, int),
        ("device", request.device, str),
        ("dtype", request.dtype, str),
        ("executor", request.executor, str),
        ("tags", request.tags, (list, tuple)),
    ):
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise UsageError(text("run.bad_type", name=name, value=repr(value)[:80]))
    if not 0 <= request.seed < 2**63:
        raise UsageError(text("run.bad_seed", seed=request.seed))
    if request.language not in (None, *LANGUAGES):
        raise UsageError(
            text("cli.no_language", given=str(request.language)[:80], languages=", ".join(LANGUAGES))
        )
    if not DEVICE_WORD.fullmatch(request.device):
        raise UsageError(text("run.bad_device", device=request.device))
    if request.device not in ("auto", "cpu"):
        candidates(request.device, accelerators())
    if request.dtype not in DTYPES:
        raise UsageError(text("run.no_such_dtype", wanted=request.dtype, choices=", ".join(DTYPES)))
    if request.executor not in OWN_EXECUTORS:
        _check_executor(request.executor)


def _check_executor(name: str) -> None:
    """Raise NotFoundError, with those there are, unless a plugin brings an executor of that name."""
    from dllab.index import read_index

    index = read_index()
    try:
        index.find("executor", name)
    except NotFoundError as error:
        choices = ", ".join([*OWN_EXECUTORS, *index.executors])
        raise NotFoundError(f"{error} {text('run.executors', choices=choices)}") from None


def describe(plugin: LoadedPlugin) -> str:
    """A plugin by name and distribution, for messages."""
    return f"{plugin.name} ({plugin.distribution} {plugin.version})" if plugin.distribution else plugin.name


def _create(
    store: Store,
    experiment: Experiment,
    plugin: LoadedPlugin,
    request: RunRequest,
    params: dict[str, Any],
    inputs: dict[str, dict[str, str]],
    threads: int,
) -> RunRecord:
    version = plugin.version or plugin.digest[:12]
    facts = recipe(
        experiment=experiment.name,
        version=version,
        params=params,
        seed=request.seed,
        inputs=inputs,
        threads=threads,
        code=plugin.digest[:12],
        language=request.language or language(),
    )
    record = store.create_run(
        experiment=experiment.name,
        plugin=plugin.name,
        plugin_version=version,
        params=params,
        inputs=inputs,
        seed=request.seed,
        device=request.device,
        dtype=request.dtype,
        threads=threads,
        executor=request.executor,
        facts=facts,
        parent=request.parent,
        relation=request.relation,
    )
    for name, value in inputs.items():
        path = Path(value["path"])
        size = path.stat().st_size if path.is_file() else 0
        store.link_input(
            record.id,
            name,
            value["digest"],
            name=value["name"],
            media_type=media_type(value["name"]),
            size=size,
        )
    if request.tags:
        store.add_tags(record.id, request.tags)
    return record


def _spec(
    store: Store,
    record: RunRecord,
    request: RunRequest,
    plugin: str,
    checkpoint: str,
) -> RunSpec:
    return RunSpec(
        run_id=record.id,
        experiment=record.experiment,
        plugin=plugin,
        version=record.plugin_version,
        params=record.params,
        inputs=record.inputs,
        seed=record.seed,
        device=request.device,
        dtype=request.dtype,
        threads=record.threads,
        staging=str(store.staging(record.id)),
        leases=str(store.home / "leases"),
        code=record.facts.get("code", ""),
        checkpoint=checkpoint,
        use_recipe=request.use_recipe,
        language=request.language or language(),
    )


def _checkpoint(store: Store, request: RunRequest, record: RunRecord) -> str:
    """The path of the checkpoint that a resumed run goes on from; its metrics up to there are copied."""
    if request.relation != "resume" or request.parent is None:
        return ""
    artifact = last_checkpoint(store, request.parent)
    steps = [event["step"] for event in store.events(request.parent, "checkpoint")]
    store.copy_metrics(request.parent, record.id, up_to_step=steps[-1])
    return str(artifact.path)


def last_checkpoint(store: Store, run_id: str) -> Any:
    """The newest checkpoint of a run. Raises UsageError where it left none."""
    checkpoints = store.artifacts(run_id, role="checkpoint")
    if not checkpoints:
        raise UsageError(text("run.nothing_to_resume", run=run_id))
    return checkpoints[-1]


def _execute(
    store: Store,
    record: RunRecord,
    spec: RunSpec,
    executor: Any,
    listeners: list[Listener],
    on_submit: Callable[[Handle], None] | None,
    control: _Control,
) -> Outcome:
    observers = Observing(store, record)
    recorder = Recorder(store, record, [*listeners, observers] if observers else listeners)
    try:
        if control.is_asked:
            recorder({"kind": "finished", "status": "cancelled", "error": None})
        else:
            handle = executor.submit(spec, recorder)
            control.attach(handle)
            if on_submit is not None:
                on_submit(handle)
            handle.wait()
        if recorder.finished is None:
            error = text("run.no_word", executor=record.executor, experiment=record.experiment)
            recorder({"kind": "finished", "status": "failed", "error": error, "exit_status": 1})
    except (OSError, StoreError) as failure:
        _close_failed(store, record, failure)
        if isinstance(failure, StoreError):
            raise
        raise StoreError(
            text("run.no_space", home=store.home, error=failure.strerror or failure)
        ) from failure
    finally:
        recorder.close()
    finished = recorder.finished or {}
    status = store.run(record.id)
    observers.finish(status)
    codes = {"succeeded": 0, "cancelled": 130}
    code = codes.get(status.status, int(finished.get("exit_status", 1)))
    return Outcome(status, code, finished.get("traceback", ""))


def _close_failed(store: Store, record: RunRecord, error: Exception) -> None:
    """Mark the run failed if the store can still take a row; else it will show as lost."""
    try:
        store.set_status(record.id, "failed", error=str(error))
    except (DllabError, OSError):
        return


class _Control:
    """Hears the signals to stop from before the run is recorded until it has ended."""

    def __init__(self) -> None:
        self.is_asked = False
        self._handle: Handle | None = None

    def ask(self, *_: object) -> None:
        self.is_asked = True
        if self._handle is not None:
            self._handle.cancel()

    def attach(self, handle: Handle) -> None:
        """From now on the run itself is asked; a signal that came before is passed on."""
        self._handle = handle
        if self.is_asked:
            handle.cancel()
