"""A lab of its own, in a process of its own, whose surroundings are watched while experiments run in it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dllab.index import cache_directory, search_path
from dllab.selection import config_directory
from dllab.texts import language, text

LIMIT_S = 600.0


class Workshop:
    """Runs experiments at their tiny size, in both executors and again, one after the other.

    The process has an empty home, working folder and folder for temporary files; its store lies
    elsewhere. All is removed on leaving. limit_s: seconds that one experiment may take. preloaded: modules
    that runs in processes of their own find imported, which saves time where many experiments need them.
    """

    def __init__(self, limit_s: float = LIMIT_S, preloaded: Sequence[str] = ()) -> None:
        self.limit_s, self.preloaded = limit_s, list(preloaded)
        self._folder = tempfile.TemporaryDirectory(prefix="dllab-workshop-", ignore_cleanup_errors=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *exception: object) -> None:
        self._end()
        self._folder.cleanup()

    def hold(self, experiment: str) -> list[tuple[str, str, str]]:
        """(rule, message, traceback) of every fault that running an experiment shows."""
        if self._process is None:
            self._begin()
        process = self._process
        if process is None or process.stdin is None:
            raise RuntimeError("the workshop has no process")
        with contextlib.suppress(OSError):  # it has died: told below
            process.stdin.write(json.dumps({"experiment": experiment}).encode() + b"\n")
            process.stdin.flush()
        try:
            answer = self._messages.get(timeout=self.limit_s)
        except queue.Empty:
            self._end()
            return [("inline", text("kit.hangs", seconds=f"{self.limit_s:g}"), "")]
        if answer is None:
            status = process.wait()
            self._end()
            return [("inline", text("kit.dies", status=status), "")]
        return [(rule, message, traceback) for rule, message, traceback in answer["faults"]]

    def _begin(self) -> None:
        root = Path(self._folder.name)
        for name in ("lab", "home", "work", "tmp"):
            (root / name).mkdir(exist_ok=True)
        core = str(Path(__file__).parents[2])
        job = {
            "path": [*dict.fromkeys([*search_path(), core])],
            "watched": {name: str(root / name) for name in ("home", "work", "tmp")},
            "preloaded": self.preloaded,
        }
        self._messages = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=self._environment(root), cwd=root / "work", start_new_session=os.name == "posix",
        )  # fmt: skip
        self._process.stdin.write(json.dumps(job).encode() + b"\n")  # type: ignore[union-attr]
        threading.Thread(target=self._read, args=(self._process, self._messages), daemon=True).start()

    @staticmethod
    def _environment(root: Path) -> dict[str, str]:
        """This process's, but for the places; the caches of libraries stay where they are."""
        user = Path.home()
        caches = {
            "XDG_CACHE_HOME": str(user / ".cache"),
            "XDG_CONFIG_HOME": str(user / ".config"),
            "DLLAB_CACHE": cache_directory(),
            "DLLAB_CONFIG": config_directory(),
        }
        places = {
            "DLLAB_HOME": str(root / "lab"),
            "DLLAB_LANG": language(),
            "HOME": str(root / "home"),
            "USERPROFILE": str(root / "home"),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(root / "tmp")),
        }
        return {**caches, **os.environ, "DLLAB_CACHE": caches["DLLAB_CACHE"],
                "DLLAB_CONFIG": caches["DLLAB_CONFIG"], **places}  # fmt: skip

    @staticmethod
    def _read(process: subprocess.Popen[bytes], messages: queue.Queue[dict[str, Any] | None]) -> None:
        with contextlib.suppress(ValueError, OSError):
            for line in process.stdout or ():
                messages.put(json.loads(line))
        messages.put(None)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if os.name == "posix":
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]
