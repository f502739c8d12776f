"""What a run says while it goes: plain dictionaries with a "kind", fit for JSON.

started    pid
progress   label, done, total (None when unknown)
metric     step, values {key: float}, time
check      name, got, expected, tolerance, passed, source
artifact   name, staged, digest, size, media_type, role ("out" or "checkpoint"), step
preview    staged
log        level ("info" or "warning"), text
device     device, dtype, threads
status     status ("queued" while it waits for an accelerator, then "running")
finished   status ("succeeded", "failed", "cancelled"), error, traceback
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Event = dict[str, Any]
Emit = Callable[[Event], None]

KINDS = (
    "started", "progress", "metric", "check", "artifact", "preview", "log", "device", "status", "finished",
)  # fmt: skip
