"""Runs experiments at their tiny size and tells what they do not keep; the inside of a workshop.

Run as a script by `dllab.testing.workshop`. It reads one JSON line with the search path and the folders
that are watched, then one line for each experiment, and answers each with one line.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dllab.runner import Outcome
    from dllab.store import Store

Faults = list[tuple[str, str, str]]
# What the interpreter and libraries keep there for themselves, by the beginnings of their paths.
NOT_THE_EXPERIMENTS = {
    "home": (".cache", ".config", ".matplotlib", ".nv", "Library", "AppData"),
    "work": (),
    "tmp": ("pymp-", "torchinductor_"),
}


def main() -> None:
    """Answer for one experiment after the other, until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    questions = os.fdopen(os.dup(0), encoding="utf-8")
    job = json.loads(questions.readline())
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.path[:] = job["path"]
    watched = {name: Path(folder) for name, folder in job["watched"].items()}
    if job["preloaded"]:
        from dllab.executors import servers

        servers.PRELOADED += tuple(job["preloaded"])
    for line in questions:
        faults = hold(json.loads(line)["experiment"], watched)
        answers.write(json.dumps({"faults": faults}) + "\n")
        answers.flush()
    answers.flush()
    os._exit(0)  # an experiment may have left threads


def hold(experiment: str, watched: dict[str, Path]) -> Faults:
    """The faults that running an experiment shows: it fails, does not repeat, or leaves something behind."""
    from dllab.store import Store

    before = {name: _listing(name, folder) for name, folder in watched.items()}
    try:
        with Store() as store:
            faults = _run(store, experiment)
    except Exception as error:  # noqa: BLE001  the plugin boundary, and whatever the lab itself raises
        from dllab.texts import text

        line = " ".join(f"{type(error).__name__}: {error}".split())
        return [("inline", text("kit.run_fails", error=line), traceback.format_exc())]
    return faults + _left_behind(before, watched)


def _run(store: Store, experiment: str) -> Faults:
    from dllab.replay import compare_runs, find_origin, replay_request
    from dllab.runner import RunRequest, carry_out
    from dllab.texts import text

    faults: Faults = []

    def differences(rule: str, first: Outcome, second: Outcome) -> None:
        comparison = compare_runs(store, first.record, second.record)
        unequal = {name: text("replay.same_pixels") for name in comparison.same_pictures}
        for name, what in {**unequal, **comparison.differing}.items():
            causes = f" ({'; '.join(comparison.causes)})" if comparison.causes else ""
            faults.append((rule, text(f"kit.differs_{rule}", name=name, what=what) + causes, ""))

    requests = {
        executor: RunRequest(experiment, is_tiny=True, device="cpu", executor=executor)
        for executor in ("inline", "process")
    }
    inline = carry_out(store, requests["inline"])
    process = carry_out(store, requests["process"])
    faults += _failure("inline", inline) + _failure("process", process)
    if inline.record.status != "succeeded":
        return faults
    if process.record.status == "succeeded":
        differences("process", inline, process)
    request, _ = replay_request(store, find_origin(store, inline.record.id), {})
    again = carry_out(store, request)
    faults += _failure("replay", again)
    if again.record.status == "succeeded":
        differences("replay", inline, again)
    return faults


def _failure(rule: str, outcome: Outcome) -> Faults:
    from dllab.texts import text

    if outcome.record.status == "succeeded":
        return []
    error = outcome.record.error or outcome.record.status
    return [(rule, text("kit.run_fails", error=error), outcome.traceback)]


def _left_behind(before: dict[str, Any], watched: dict[str, Path]) -> Faults:
    """What is in the watched folders that was not; and a change of working folder, which is taken back."""
    from dllab.texts import text

    faults: Faults = []
    if not _is_in(watched["work"]):
        faults.append(("clean", text("kit.changes_folder"), ""))
        os.chdir(watched["work"])
    for name, folder in watched.items():
        after = _listing(name, folder)
        changed = [path for path, stamp in after.items() if before[name].get(path) != stamp]
        for path in changed[:5]:
            faults.append(("clean", text(f"kit.leaves_in_{name}", path=path), ""))
    return faults


def _is_in(folder: Path) -> bool:
    try:
        return Path.cwd() == folder.resolve()
    except OSError:  # the folder that it went to is gone
        return False


def _listing(name: str, folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and empty folder, by its path within the folder, with its time of change and size."""
    found = {}
    for root, folders, files in os.walk(folder):
        paths = [Path(root, file) for file in files]
        for path in paths if files or folders or Path(root) == folder else [Path(root)]:
            relative = path.relative_to(folder).as_posix()
            if not relative.startswith(NOT_THE_EXPERIMENTS[name]):
                status = path.lstat()
                found[relative] = (status.st_mtime_ns, status.st_size)
    return found


if __name__ == "__main__":
    main()
