"""The machine and the software that a run ran on, for telling later why two runs differ."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any


def environment_facts() -> dict[str, Any]:
    """Python, system, processor and the versions of every installed distribution."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": available_cores(),
        "packages": dict(_packages(_path_stamp())),
    }


def _path_stamp() -> tuple[tuple[str, int], ...]:
    """The import path's folders and when each last changed: the same until something is installed."""
    found = []
    for folder in sys.path:
        with contextlib.suppress(OSError):
            found.append((folder, Path(folder or ".").stat().st_mtime_ns))
    return tuple(found)


@lru_cache(maxsize=1)
def _packages(_: tuple[tuple[str, int], ...]) -> dict[str, str]:
    """Version by lower-case name of every installed distribution. About 60 ms of CPU, so kept."""
    from importlib.metadata import distributions

    packages: dict[str, str] = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name:
            packages.setdefault(name.lower(), distribution.version)
    return dict(sorted(packages.items()))


@lru_cache(maxsize=1)
def processor() -> str:
    """The processor's model, as the system names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
