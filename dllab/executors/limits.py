"""A bound on the memory of a run in a process of its own: past it, the run fails and the machine goes on."""

from __future__ import annotations

import os
import sys

from dllab.errors import UsageError
from dllab.texts import text

VARIABLE = "DLLAB_MEMORY_GB"


def memory_limit() -> int | None:
    """The bytes that a run's process may allocate, from DLLAB_MEMORY_GB; None for no limit.

    Raises UsageError for a value that is no size, and where the system knows no such limit.
    """
    given = os.environ.get(VARIABLE, "")
    if not given:
        return None
    try:
        limit = float(given) * 1e9
        if not 1e6 <= limit <= 1e15:
            raise ValueError
    except ValueError as error:
        raise UsageError(text("run.bad_memory", variable=VARIABLE, given=given)) from error
    if sys.platform != "linux":
        raise UsageError(text("run.no_memory_limit", variable=VARIABLE))
    return int(limit)


def apply_memory_limit() -> None:
    """Hold this process, and those it will start, to the limit: then allocating raises MemoryError."""
    limit = memory_limit()
    if limit is not None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))
