"""Devices, their leases and the number format that is fastest on them.

One code path by `torch.accelerator`. An accelerator is leased to one run at a time by a file lock,
which the operating system drops with the process that holds it; the CPU needs no lease.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    import torch
    from filelock import FileLock

T = TypeVar("T")
DTYPES = ("auto", "float32", "bfloat16", "float16")


def accelerators() -> list[str]:
    """The accelerators of this machine, e.g. ["cuda:0", "cuda:1"]; empty on a machine without one."""
    import torch

    current = torch.accelerator.current_accelerator(check_available=True)
    if current is None:
        return []
    return [f"{current.type}:{index}" for index in range(torch.accelerator.device_count())]


def candidates(wanted: str, available: Sequence[str]) -> list[str]:
    """The devices that satisfy a wish ("auto", "cpu", "cuda", "cuda:1" …), the best first.

    Raises UsageError for a device that is not here, naming those that are.
    """
    if wanted == "auto":
        return list(available) or ["cpu"]
    if wanted == "cpu":
        return ["cpu"]
    found = [name for name in available if wanted in (name, name.split(":")[0])]
    if not found:
        raise UsageError(text("run.no_such_device", wanted=wanted, available=", ".join([*available, "cpu"])))
    return found


@dataclass
class Lease:
    """A device that belongs to this process until it is released or the process ends."""

    device: str
    lock: FileLock | None = None

    def release(self) -> None:
        if self.lock is not None:
            self.lock.release()


def lease(names: Sequence[str], folder: Path, on_wait: Callable[[str], None], poll_s: float = 0.2) -> Lease:
    """Lease the first free device of names; where none is free, say so once and wait.

    on_wait: called once with the names when the wait begins. Whoever cancels the wait raises from
    a signal handler: the loop holds no lock while it sleeps.
    """
    from filelock import FileLock, Timeout

    if "cpu" in names:
        return Lease("cpu")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = False
    while True:
        for name in names:
            lock = FileLock(folder / f"{name.replace(':', '-')}.lock")
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            return Lease(name, lock)
        if not waiting:
            waiting = True
            on_wait(", ".join(names))
        time.sleep(poll_s)


def choose_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """The number format for heavy arithmetic on a device.

    "auto" takes bfloat16 where the hardware multiplies in it (CPUs with AVX512-BF16 or AMX, where
    training and dreaming run 2.2 to 2.9 times faster; accelerators that say so), and float32 elsewhere: a CPU
    that only emulates bfloat16 is 7 times slower with it. Raises UsageError for an unknown name.
    """
    import torch

    if wanted not in DTYPES:
        raise UsageError(text("run.no_such_dtype", wanted=wanted, choices=", ".join(DTYPES)))
    if wanted != "auto":
        return getattr(torch, wanted)
    return torch.bfloat16 if has_fast_bfloat16(device) else torch.float32


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether the device's own instructions multiply bfloat16; asked of the hardware, not timed."""
    import torch

    if device.type == "cpu":
        facts = torch.cpu.get_capabilities()
        return bool(facts.get("avx512_bf16") or facts.get("amx_bf16"))
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "xpu"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on an accelerator or on the CPU."""
    import sys

    if isinstance(error, MemoryError):
        return True
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return False
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator: can't allocate memory" in str(error)


def fit_memory(
    work: Callable[[int], T], size: int, minimum: int, say: Callable[[str], None]
) -> tuple[T, int]:
    """work(size), with size halved, and that said, each time memory runs out. See Run.fit_memory."""
    while True:
        try:
            return work(size), size
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error) or size // 2 < minimum:
                raise
        size //= 2
        say(f"out of memory: going on with {size} instead of {size * 2}")
        empty_cache()


def empty_cache() -> None:
    """Give cached accelerator memory back, where there is an accelerator."""
    import torch

    if torch.accelerator.is_available():
        torch.accelerator.empty_cache()
