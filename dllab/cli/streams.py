"""The command line's standard streams and signals: closed, broken or cut off from outside."""

import _signal  # what `signal` wraps, which takes 1 ms to import
import os
import sys

TYPE_CHECKING = False  # as typing's own, which costs 2 ms to import
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any


def open_closed_streams() -> None:
    """Give a process that was started without standard streams (`2>&-`) ones that lead nowhere.

    Else the next file to be opened, say the store's, would take the number of standard error.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)  # of the lowest number that is free
            os.set_inheritable(nowhere, True)
            setattr(sys, name, open(nowhere, mode, encoding="utf-8"))  # noqa: SIM115  for good


def interrupt_on_signals() -> "dict[int, Any]":
    """Let SIGTERM and SIGHUP end a command as Ctrl+C does; returns the handlers that were there.

    A run installs its own for its time. A signal that is ignored, as under nohup, stays so.
    """

    def interrupt(number: int, frame: "FrameType | None") -> None:
        raise KeyboardInterrupt

    handlers: dict[int, Any] = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(_signal, name, None)  # Windows has no SIGHUP
        if number is not None and _signal.getsignal(number) == _signal.SIG_DFL:
            try:
                handlers[number] = _signal.signal(number, interrupt)
            except ValueError:  # only the main thread may
                return {}
    return handlers


def restore_signals(handlers: "dict[int, Any]") -> None:
    """Put back what `interrupt_on_signals` has returned."""
    for number, handler in handlers.items():
        _signal.signal(number, handler)


def forget_interrupt() -> None:
    """Let the process end with the status it returns, although a KeyboardInterrupt has been raised in it.

    Raised in code that `exec` takes from a string, as where a dataclass or a named tuple is made, CPython
    remembers it until the next `exec`, and under `python -m` ends the process by SIGINT, whatever main
    returns.
    """
    exec("")


def drop_output() -> None:
    """Send what is still to be written to standard output nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(line: str) -> None:
    """Print a line on standard error, if it takes one."""
    from contextlib import suppress

    with suppress(OSError, ValueError):
        print("dllab: " + line, file=sys.stderr)


def is_output_broken(error: OSError) -> bool:
    """Whether it was standard output that took no more, as on a full disk.

    Then it does not take a line either. An error that names a file is about that file.
    """
    import errno

    if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EBADF):
        return False
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return True
    return False
