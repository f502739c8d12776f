"""What a person sees of a run while it goes, and when it is over."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from dllab.checks import shown_name
from dllab.cli.figures import plain
from dllab.events import Event
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.runner import Outcome
    from dllab.store import Store

BAR_WIDTH = 28


class RunDisplay:
    """A progress line on a terminal, lines on a pipe, nothing when quiet. Everything goes to standard error.

    Called with each event of a run.
    """

    def __init__(self, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}
        self._figures: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        kind = event["kind"]
        if kind == "log" and (event["level"] == "warning" or not self._is_quiet):
            self._say(event["text"])
        elif self._is_quiet:
            return
        elif kind == "status" and event["status"] == "queued":
            self._say(text("run.waits_for", device=event["waits_for"]))
        elif kind == "progress" and sys.stderr is not None and sys.stderr.isatty():
            self._move(event)
        elif kind == "metric":
            self._figures.update(event["values"])
        elif kind == "finished":
            self.close()

    def _say(self, line: str) -> None:
        if self._progress is not None:
            self._progress.console.print(plain(line), markup=False, highlight=False)
        else:
            print(plain(line), file=sys.stderr)

    def _move(self, event: Event) -> None:
        if self._progress is None:
            self._progress = _make_progress()
            self._progress.start()
        label = plain(event["label"]) or text("show.working")
        if label not in self._tasks:
            for ended in [one for one in self._tasks if self._is_done(one)]:
                self._progress.remove_task(self._tasks.pop(ended))
            self._tasks[label] = self._progress.add_task(label, total=event["total"], figures="")
        figures = "  ".join(f"{key} {value:.4g}" for key, value in list(self._figures.items())[:3])
        self._progress.update(
            self._tasks[label], completed=event["done"], total=event["total"], figures=figures
        )

    def _is_done(self, label: str) -> bool:
        return any(task.id == self._tasks[label] and task.finished for task in self._progress.tasks)

    def close(self) -> None:
        """Take the progress line off the terminal."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _make_progress() -> Any:
    """A rich progress bar with amount, rate and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class RateColumn(TextColumn):
        def render(self, task: Any) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=BAR_WIDTH),
        MofNCompleteColumn(),
        RateColumn(""),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[figures]}", style="cyan", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


def outcome_json(store: Store, outcome: Outcome) -> str:
    """All that is known of a finished run, as one line of JSON."""
    record = outcome.record
    artifacts = [
        {
            "name": one.name,
            "path": str(one.copy or one.path),
            "digest": one.digest,
            "media_type": one.media_type,
        }
        for one in store.artifacts(record.id, role="out")
    ]
    facts = {
        **record.to_json(),
        "folder": str(record.folder),
        "checks": store.checks(record.id),
        "metrics": store.latest_metrics(record.id),
        "artifacts": artifacts,
    }
    return json.dumps(facts, ensure_ascii=False)


def print_outcome(store: Store, outcome: Outcome, copies: dict[str, str]) -> None:
    """The end of a run, in a few lines: what it made and where, its checks, its id and time.

    copies: artifact name to the place it was copied to by --out.
    """
    record = outcome.record
    for artifact in store.artifacts(record.id, role="out"):
        print(f"  {copies.get(artifact.name) or artifact.copy or artifact.path}")
    for check in store.checks(record.id):
        mark = "✓" if check["passed"] else "✗"
        name, got = plain(shown_name(check)), "-" if check["got"] is None else f"{check['got']:.6g}"
        print("  " + text("show.check", mark=mark, name=name, got=got, expected=check["expected"]))
        if not check["passed"]:
            print("    " + text("show.source", source=plain(check["source"])))
    duration = "" if record.duration is None else f"{record.duration:.1f} s"
    status = text(f"show.status_{record.status}")
    print(text("show.ended", run=record.id, experiment=record.experiment, status=status, duration=duration))
