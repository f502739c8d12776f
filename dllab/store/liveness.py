"""Is anybody still working on a run? A process is known by host, boot, number and start time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

HEARTBEAT_LIMIT_S = 60.0


class ProcessMark(NamedTuple):
    """A process that no later one can be taken for. started and boot are opaque texts, "" where unknown."""

    host: str
    pid: int
    started: str
    boot: str


def process_mark(pid: int | None = None) -> ProcessMark:
    """The mark of a process of this machine; of the calling one by default."""
    number = os.getpid() if pid is None else pid
    return ProcessMark(socket.gethostname(), number, _start_time(number) or "", _boot())


def is_alive(mark: ProcessMark, heartbeat: float, now: float) -> bool:
    """Whether the process still lives.

    On this machine, since the same boot (and in the same container), the process table says it at
    once. Of any other machine only the heartbeat is known: older than HEARTBEAT_LIMIT_S is dead.
    heartbeat, now: unix seconds.
    """
    if (mark.host, mark.boot) == (socket.gethostname(), _boot()):
        started = _start_time(mark.pid)
        return started is not None and (not started or not mark.started or started == mark.started)
    return now - heartbeat <= HEARTBEAT_LIMIT_S


@lru_cache(maxsize=1)
def _boot() -> str:
    if sys.platform == "linux":
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"  # a container numbers its processes anew
    if sys.platform == "darwin":
        return _output(["sysctl", "-n", "kern.bootsessionuuid"])
    return ""


def _start_time(pid: int) -> str | None:
    """When the process started, as the system counts it; "" where it does not say, None where it is dead."""
    if sys.platform == "win32":
        return _start_time_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass  # somebody else's, but alive
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return None if fields[0] in "ZX" else fields[19]  # proc(5): state is field 3, starttime field 22
    state, _, started = _output(["ps", "-o", "stat=,lstart=", "-p", str(pid)]).partition(" ")
    return None if state.startswith("Z") else started.strip()


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _start_time_on_windows(pid: int) -> str | None:
    import ctypes
    from ctypes import wintypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        denied = ctypes.get_last_error() == 5  # type: ignore[attr-defined]  # ERROR_ACCESS_DENIED
        return "" if denied else None
    try:
        code = wintypes.DWORD()
        kernel.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(code))
        times = [wintypes.FILETIME() for _ in range(4)]
        kernel.GetProcessTimes(wintypes.HANDLE(handle), *(ctypes.byref(each) for each in times))
    finally:
        kernel.CloseHandle(wintypes.HANDLE(handle))
    still_active = 259
    return f"{times[0].dwHighDateTime}:{times[0].dwLowDateTime}" if code.value == still_active else None
