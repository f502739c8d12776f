"""MLflow: parameters, tags and a thousand points at a time by log_batch, and the files as artifacts."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import dllab
from dllab_exporters.facts import missing_package, parameters, store_of

POINTS_AT_ONCE = 1000  # what MLflow takes in one log_batch
PARAMS_AT_ONCE = 100
MAX_VALUE = 6000  # characters of a parameter or tag that MLflow keeps
STATUSES = {"succeeded": "FINISHED", "failed": "FAILED", "cancelled": "KILLED", "lost": "FAILED"}


def write_run(record: dllab.RunRecord, destination: Path) -> Path:
    """Add a run to the MLflow store in the folder destination, made where there is none; returns the folder.

    Look at it with `mlflow ui --backend-store-uri sqlite:///DESTINATION/mlflow.db`. A run that is there
    already is refused. Raises UsageError for that, for one that is alive, and where mlflow is not installed.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    try:
        from mlflow.tracking import MlflowClient
    except ImportError as error:
        raise missing_package("mlflow") from error
    if record.is_open:
        raise dllab.UsageError(f"run {record.id} is {record.status}; export it when it is over")
    destination.mkdir(parents=True, exist_ok=True)
    client = MlflowClient(f"sqlite:///{destination.resolve() / 'mlflow.db'}")
    experiment = _experiment(client, record.experiment, destination)
    if client.search_runs([experiment], f"tags.`dllab.run` = '{record.id}'"):
        raise dllab.UsageError(f"{destination} has run {record.id} already")
    tags = {"dllab.run": record.id, "dllab.plugin": f"{record.plugin} {record.plugin_version}"}
    tags |= {f"dllab.tag.{tag}": "" for tag in record.tags}
    name = f"{record.experiment}-{record.id}"
    run = client.create_run(experiment, _milliseconds(record.started or record.created), tags, name)
    _write(client, run.info.run_id, record)
    client.set_terminated(
        run.info.run_id, STATUSES[record.status], _milliseconds(record.ended or record.created)
    )
    return destination


def _experiment(client: Any, name: str, destination: Path) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    return client.create_experiment(name, (destination.resolve() / "artifacts" / name).as_uri())


def _write(client: Any, run_id: str, record: dllab.RunRecord) -> None:
    from mlflow.entities import Metric, Param

    params = [Param(name, value[:MAX_VALUE]) for name, value in parameters(record).items()]
    for start in range(0, len(params), PARAMS_AT_ONCE):
        client.log_batch(run_id, params=params[start : start + PARAMS_AT_ONCE])
    with store_of(record) as store:
        points = [
            Metric(point.key, point.value, _milliseconds(point.time), point.step)
            for point in store.metrics(record.id)
        ]
        for start in range(0, len(points), POINTS_AT_ONCE):
            client.log_batch(run_id, metrics=points[start : start + POINTS_AT_ONCE])
        for artifact in store.artifacts(record.id, role="out"):
            if artifact.path is not None:
                _log_artifact(client, run_id, artifact.path, artifact.name)


def _log_artifact(client: Any, run_id: str, path: Path, name: str) -> None:
    """Log the stored bytes under the artifact's name; the copy in the run's folder may have been edited."""
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder, Path(name).name)
        shutil.copyfile(path, named)
        client.log_artifact(run_id, str(named), Path(name).parent.as_posix() if "/" in name else None)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
