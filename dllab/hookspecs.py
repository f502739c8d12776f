"""The whole contract between the lab and its plugins.

A plugin is a module named by an entry point of the group `dllab`. It implements the hooks it
wants, each a function decorated with `dllab.hookimpl`; none is compulsory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from dllab.declare import Command, ExecutorFactory, Experiment, Exporter, Resource
    from dllab.store import RunRecord

hookspec = pluggy.HookspecMarker("dllab")
hookimpl = pluggy.HookimplMarker("dllab")


@hookspec
def dllab_experiments() -> list[Experiment]:  # type: ignore[empty-body]
    """The experiments that this plugin brings."""


@hookspec
def dllab_resources() -> list[Resource]:  # type: ignore[empty-body]
    """The models, data sets, samples, environments and agents that this plugin brings."""


@hookspec
def dllab_commands() -> list[Command]:  # type: ignore[empty-body]
    """Commands for the command line, called as `dllab NAME`."""


@hookspec
def dllab_executors() -> list[ExecutorFactory]:  # type: ignore[empty-body]
    """Places where runs can happen, chosen by `dllab run --executor NAME`."""


@hookspec
def dllab_exporters() -> list[Exporter]:  # type: ignore[empty-body]
    """Ways to hand a run to other tools, chosen by `dllab export RUN --to NAME`."""


@hookspec
def dllab_run_started(record: RunRecord) -> None:
    """A run begins. Called in the process that keeps the store, never in the experiment's."""


@hookspec
def dllab_run_event(record: RunRecord, event: dict[str, Any]) -> None:
    """A running experiment said something: a metric, check, artifact, preview, log or progress."""


@hookspec
def dllab_run_finished(record: RunRecord) -> None:
    """A run ended, in whatever way: record.status says which."""
