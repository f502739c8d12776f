"""Compiling the rules, with a cache that forgets when any of their sources changes.

Numba's cache looks at the file of the compiled function alone: a caller in another file would go on with
the old code of what it calls. So here the stamp of every cached function is a digest of all the sources
that are compiled: this folder and rules.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba


def digest_of(folder: Path) -> str:
    """SHA-256 over the compiled sources of the package in a folder, in hexadecimal."""
    digest = hashlib.sha256()
    for path in [*sorted((folder / "kernel").glob("*.py")), folder / "rules.py"]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


KERNEL_DIGEST = digest_of(Path(__file__).parents[1])


# _nrt=False: arrays are not counted as they are passed on. Counting is atomic and took two thirds of a step's time;
# it is needed only where arrays are made.
PLAIN = {"error_model": "numpy", "_nrt": False}
MAKING_ARRAYS = {"error_model": "numpy"}


def compiled(function: Callable[..., Any]) -> Any:
    """`function` compiled without Python objects, from the cache where KERNEL_DIGEST is the same.

    It makes no arrays. Where no folder can be written, or Numba keeps its cache otherwise than known here, it is
    compiled anew in each process: slower to start, never wrong.
    """
    return _compiled(function, PLAIN)


def compiled_making_arrays(function: Callable[..., Any]) -> Any:
    """As `compiled`, for a function that makes arrays of its own."""
    return _compiled(function, MAKING_ARRAYS)


def part(function: Callable[..., Any]) -> Any:
    """`function` for other compiled functions to call, and not for Python."""
    return numba.njit(no_cpython_wrapper=True, **PLAIN)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """As `part`, and repeated in each function that calls it: for the steps that millions of games take."""
    return numba.njit(no_cpython_wrapper=True, forceinline=True, **PLAIN)(function)


def _compiled(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    try:
        dispatcher = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder for the cache
        return numba.njit(**options)(function)
    files = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if not hasattr(files, "_source_stamp"):
        return numba.njit(**options)(function)
    files._source_stamp = KERNEL_DIGEST
    return dispatcher
