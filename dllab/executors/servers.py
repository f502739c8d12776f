"""The servers that processes of runs are forked from: one has what every run needs, the other torch as well.

A process forked from one with torch takes longer to come and to go, and importing torch more than a second.
So an experiment whose first process imported torch has its next ones forked from the latter, and so have
those that come after it for the first time.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from multiprocessing import forkserver, get_context
from types import ModuleType
from typing import Any

PRELOADED: tuple[str, ...] = ("dllab.executors.preload",)
PRELOADED_WITH_TORCH = ("dllab.executors.preload_torch",)

_START_LOCK = threading.Lock()
_server_with_torch: forkserver.ForkServer | None = None


def process_context() -> Any:
    """The way to make processes here: a server to fork from, or spawning on Windows."""
    if sys.platform == "win32":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


def start(process: Any, has_torch: bool) -> None:
    """Start a process of the context above, from the server with torch if so wished."""
    with _START_LOCK, _main_module_hidden(), _server(has_torch):
        process.start()


@contextlib.contextmanager
def _main_module_hidden() -> Iterator[None]:
    """Keep multiprocessing from importing the caller's script again in the child: the spec says it all."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _server(has_torch: bool) -> Iterator[None]:
    """Have multiprocessing, which knows one server only, ask the other for the time of a block."""
    global _server_with_torch
    if not has_torch or sys.platform == "win32":
        yield
        return
    if _server_with_torch is None:
        _server_with_torch = forkserver.ForkServer()
        _server_with_torch.set_forkserver_preload(list(PRELOADED_WITH_TORCH))
    usual = forkserver.connect_to_new_process
    forkserver.connect_to_new_process = _server_with_torch.connect_to_new_process
    try:
        yield
    finally:
        forkserver.connect_to_new_process = usual
