"""Ways out of the lab: a run's figures and files to TensorBoard and to MLflow."""

from __future__ import annotations

from pathlib import Path

import dllab


def export_tensorboard(record: dllab.RunRecord, destination: Path) -> Path:
    """Event files in a folder of the run's own below destination, which `tensorboard --logdir` shows."""
    from dllab_exporters.tensorboard import write_events

    return write_events(record, destination)


def export_mlflow(record: dllab.RunRecord, destination: Path) -> Path:
    """A run in the MLflow store at destination: a folder with mlflow.db and the files."""
    from dllab_exporters.mlflow import write_run

    return write_run(record, destination)


@dllab.hookimpl
def dllab_exporters() -> list[dllab.Exporter]:
    return [
        dllab.Exporter(
            "tensorboard",
            "event files for TensorBoard; needs the extra dllab[tensorboard]",
            export_tensorboard,
            ko="텐서보드 이벤트 파일 (dllab[tensorboard] 필요)",
        ),
        dllab.Exporter(
            "mlflow",
            "a run in an MLflow store of SQLite; needs the extra dllab[mlflow]",
            export_mlflow,
            ko="SQLite 방식 MLflow 저장소의 실행 (dllab[mlflow] 필요)",
        ),
    ]
