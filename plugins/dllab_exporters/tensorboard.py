"""TensorBoard event files: one point an event, in the order of their steps, at the time they were logged."""

from __future__ import annotations

import math
from pathlib import Path

import dllab
from dllab_exporters.facts import missing_package, parameters, store_of

SHOWN_PICTURES = ("image/png", "image/jpeg")


def write_events(record: dllab.RunRecord, destination: Path) -> Path:
    """Metrics as scalars, parameters as a table, pictures as images; returns the run's folder.

    A folder that already has event files is refused: TensorBoard would draw both over each other.
    Raises UsageError for that, and where tensorboard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise missing_package("tensorboard") from error
    folder = destination / record.folder.name
    if any(folder.glob("events.out.tfevents.*")):
        raise dllab.UsageError(f"{folder} has event files already; export to another folder")
    with store_of(record) as store, SummaryWriter(str(folder)) as writer:
        for point in store.metrics(record.id):
            value = math.nan if point.value is None else point.value
            writer.add_scalar(point.key, value, point.step, walltime=point.time)
        rows = [f"| {name} | {value} |" for name, value in parameters(record).items()]
        writer.add_text(
            "parameters", "\n".join(["| parameter | value |", "|---|---|", *rows]), 0, record.created
        )
        for artifact in store.artifacts(record.id, role="out"):
            if artifact.path is not None and artifact.media_type in SHOWN_PICTURES:
                writer.add_image(artifact.name, _pixels(artifact.path), 0, artifact.created)
    return folder


def _pixels(path: Path):  # type: ignore[no-untyped-def]  # a NumPy array, which is not imported for a type
    """A picture as uint8 of shape (3, H, W)."""
    import numpy as np
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).transpose(2, 0, 1)
