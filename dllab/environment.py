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
        "packages": _packages(),
    }


def _packages() -> dict[str, str]:
    """Version by lower-case name of every installed distribution; of one that is there twice, the first."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for name, version in _packages_in(folder, Path(folder or ".").stat().st_mtime_ns):
                found.setdefault(name, version)
    return dict(sorted(found.items()))


@lru_cache(maxsize=64)
def _packages_in(folder: str, _: int) -> list[tuple[str, str]]:
    """The distributions in a folder, kept until it changes: reading them all takes 60 ms of CPU.

    One whose metadata are damaged is left out.
    """
    from importlib.metadata import distributions

    found = []
    for one in distributions(path=[folder]):
        with contextlib.suppress(OSError, ValueError):
            facts = one.metadata
            if facts["Name"]:
                found.append((facts["Name"].lower(), facts["Version"]))
    return found


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
