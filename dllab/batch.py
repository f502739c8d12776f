"""Many runs under one parent: queued, a few at a time in processes of their own, cancelled together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dllab.cancel import CancelFlag, on_stop_signals
from dllab.recorder import Recorder
from dllab.run import Run
from dllab.runner import Outcome, RunRequest, carry_out
from dllab.spec import RunSpec

if TYPE_CHECKING:
    from dllab.executors import Handle
    from dllab.store import RunRecord, Store

OnEnd = Callable[[int, Outcome], None]


def open_parent(
    store: Store, experiment: str, params: Mapping[str, Any], seed: int, threads: int
) -> RunRecord:
    """A record for the parent of many runs: what was asked for is its parameters."""
    from dllab import __version__

    return store.create_run(
        experiment=experiment,
        plugin="dllab",
        plugin_version=__version__,
        params=dict(params),
        inputs={},
        seed=seed,
        device="",
        dtype="",
        threads=threads,
        executor="process",
        facts={},
    )


def run_children(
    store: Store,
    requests: Sequence[RunRequest],
    jobs: int,
    on_end: OnEnd,
) -> tuple[list[Outcome | None], bool]:
    """Carry requests out, `jobs` at a time, in their order.

    on_end: called with the number of a request and how it ended, one call at a time. Returns the
    outcomes, None for those that were never begun, and whether somebody cancelled. An error of the
    store ends the batch and is raised.
    """
    from dllab.executors.process import ProcessExecutor

    executor = ProcessExecutor()
    batch = _Batch()
    told = threading.Lock()

    def carry(number: int, request: RunRequest) -> Outcome | None:
        if batch.is_cancelled:
            return None
        outcome = carry_out(store, request, executor=executor, on_submit=batch.add)
        with told:
            on_end(number, outcome)
        return outcome

    with batch.cancelled_by_signals(), ThreadPoolExecutor(jobs, thread_name_prefix="batch") as pool:
        futures = [pool.submit(carry, number, request) for number, request in enumerate(requests)]
        try:
            outcomes = [_result(future) for future in futures]
        except BaseException:
            batch.cancel()
            raise
    return outcomes, batch.is_cancelled


def _result(future: Future[Outcome | None]) -> Outcome | None:
    """The future's result, waited for in short steps so that signals are heard meanwhile."""
    from concurrent.futures import TimeoutError as NotYet

    while True:
        try:
            return future.result(timeout=0.2)
        except NotYet:
            if future.done():
                return future.result()


class _Batch:
    """The handles of the runs under way, to cancel them all."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self._handles: list[Handle] = []

    def add(self, handle: Handle) -> None:
        self._handles.append(handle)
        if self.is_cancelled:
            handle.cancel()

    def cancel(self) -> None:
        self.is_cancelled = True
        for handle in self._handles:
            handle.cancel()

    @contextmanager
    def cancelled_by_signals(self) -> Iterator[None]:
        """A signal to stop cancels every run, for the time of a block in the main thread."""
        with on_stop_signals(lambda *_: self.cancel()):
            yield


@contextmanager
def parent_run(store: Store, record: RunRecord) -> Iterator[Run]:
    """The parent as a run of its own that can save files; close_parent ends it."""
    recorder = Recorder(store, record, [])
    spec = RunSpec(
        run_id=record.id,
        experiment=record.experiment,
        plugin="dllab",
        version=record.plugin_version,
        params=record.params,
        inputs={},
        seed=record.seed,
        device="cpu",
        dtype="float32",
        threads=record.threads,
        staging=str(store.staging(record.id)),
        leases=str(store.home / "leases"),
        use_recipe=False,
    )
    store.set_process(record.id)
    store.set_status(record.id, "running")
    try:
        yield Run(spec, recorder, CancelFlag())
    finally:
        recorder.close()


def close_parent(
    store: Store, record: RunRecord, outcomes: Sequence[Outcome | None], is_cancelled: bool
) -> RunRecord:
    """Give the parent its final status: as good as the worst of its children."""
    from dllab.texts import text

    bad = [one.record.id for one in outcomes if one is not None and one.record.status != "succeeded"]
    if is_cancelled:
        store.set_status(record.id, "cancelled")
    elif bad:
        error = text("sweep.children_failed", failed=len(bad), total=len(outcomes), runs=", ".join(bad[:5]))
        store.set_status(record.id, "failed", error=error)
    else:
        store.set_status(record.id, "succeeded")
    return store.run(record.id)
