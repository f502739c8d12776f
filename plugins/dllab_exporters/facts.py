"""What every exporter tells of a run, and the word about a package that is not installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dllab


@contextmanager
def store_of(record: dllab.RunRecord) -> Iterator[dllab.Store]:
    """The store that a run lies in, open for reading."""
    with dllab.Store(record.folder.parents[1], read_only=True) as store:
        yield store


def parameters(record: dllab.RunRecord) -> dict[str, str]:
    """Parameters, inputs by name and the runner's settings, as texts."""
    values: dict[str, Any] = {**record.params, "seed": record.seed, "device": record.device}
    values |= {name: value.get("name", "") for name, value in record.inputs.items()}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in values.items()
    }


def missing_package(name: str) -> dllab.UsageError:
    """The error for a package that is not here, with what to install."""
    return dllab.UsageError(f"--to {name} needs a package that is not installed: pip install 'dllab[{name}]'")
