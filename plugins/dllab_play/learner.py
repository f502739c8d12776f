"""A run of the experiment ppo in a process of its own, and the newest agent it has left so far."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any

import dllab
from dllab_play.games import load_agent
from dllab_play.words import Words

POLL_S = 0.5
PATIENCE_S = 20.0  # that a run may take to stop when it is asked


class Learner:
    """Learns in the background; `agent` is the newest policy, None before the first.

    options: parameters of ppo, by name. The run is an ordinary one: it stays in the store.
    """

    def __init__(self, home: Any, words: Words, options: dict[str, Any], threads: int = 1) -> None:
        self.home, self.words, self.options, self.threads = home, words, options, threads
        self.agent: Any = None
        self.run_id: str | None = None
        self.status = "starting"
        self.points: list[tuple[float, float]] = []
        self.timesteps, self.error = 0, ""
        self._tag = f"watch-{secrets.token_hex(4)}"
        self._process: subprocess.Popen[bytes] | None = None
        self._complaint: Any = None
        self._began = self._ended = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="learner", daemon=True)

    def start(self) -> None:
        """Begin to learn."""
        command = [
            sys.executable,
            "-m",
            "dllab",
            "run",
            "ppo",
            "--quiet",
            "--tag",
            self._tag,
            "--threads",
            str(self.threads),
        ]
        if self.home is not None:
            command += ["--store", str(self.home)]
        for name, value in self.options.items():
            command += [f"--{name.replace('_', '-')}", str(value)]
        self._complaint = tempfile.TemporaryFile()  # noqa: SIM115  closed by stop
        environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaint,
            env=environment,
        )
        self._began = time.monotonic()
        self._thread.start()

    @property
    def is_learning(self) -> bool:
        return self.status in ("starting", "queued", "running")

    @property
    def seconds(self) -> float:
        return (time.monotonic() if self.is_learning else self._ended) - self._began

    def _follow(self) -> None:
        """Look after the run until it ends: its newest agent, its curve, its status."""
        while not self._stopping.wait(POLL_S):
            is_over = self._process is not None and self._process.poll() is not None
            with suppress(dllab.DllabError, OSError), dllab.Store(self.home, read_only=True) as store:
                self._look(store)
            if is_over:
                self._ended = time.monotonic()
                if self.is_learning:
                    self.status = "failed"
                    self.error = self._last_words()
                return

    def _look(self, store: Any) -> None:
        if self.run_id is None:
            found = store.runs(experiment="ppo", tags=(self._tag,), limit=1)
            if not found:
                return
            self.run_id = found[0].id
        record = store.run(self.run_id)
        self.points = [(point.step, point.value) for point in store.metrics(self.run_id, "score")]
        if record.status != "running":
            self._ended = time.monotonic()
        self.status, self.error = record.status, record.error or ""
        names = {artifact.name: artifact.digest for artifact in store.artifacts(self.run_id)}
        name = "agent.safetensors" if "agent.safetensors" in names else "latest.safetensors"
        if name in names and names[name] != getattr(self, "_digest", None):
            agent = load_agent(f"{self.run_id}:{name}", store)
            agent.name = "ppo"
            self._digest, self.agent = names[name], agent
            self.timesteps = int(getattr(agent, "timesteps", 0))

    def _last_words(self) -> str:
        self._complaint.seek(0)
        lines = self._complaint.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else f"status {self._process.returncode if self._process else '?'}"

    def shown(self, words: Words) -> tuple[str, list[str], list[tuple[float, float]]]:
        """For the panel: a heading, lines and the points of the curve."""
        if self.agent is None:
            heading = words("learn_wait") if self.is_learning else words("learn_failed", status=self.status)
            return heading, [self.error[:44]] if self.error else [], []
        heading = words("learning" if self.is_learning else "learnt")
        steps = max(self.timesteps, round(self.points[-1][0]) if self.points else 0)
        lines = [words("learn_steps", steps=steps, seconds=self.seconds)]
        if self.points:
            lines.append(words("learn_score", score=self.points[-1][1]))
        lines.append(words("race_hint"))
        return f"PPO: {heading}", lines, self.points

    def stop(self) -> None:
        """Ask the run to stop, as Ctrl-C does, and wait until it has: what it learnt stays in the store."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)
        with suppress(dllab.DllabError, OSError), dllab.Store(self.home, read_only=True) as store:
            self._look(store)
        self._complaint.close()
        self._process = None
