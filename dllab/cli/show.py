"""`dllab show`: everything about one run."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dllab.checks import shown_name
from dllab.cli.figures import duration, moment, number, plain, sparkline
from dllab.cli.layout import definitions, heading, size, table
from dllab.errors import NotFoundError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import MetricPoint, RunRecord, Store

PACKAGES_SHOWN = ("dllab", "torch", "numpy")


def add_arguments(parser: ArgumentParser) -> None:
    """A run, and the form."""
    parser.add_argument("run", nargs="?", default="last", metavar="RUN", help=text("runs.help_run"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Print a run. Raises NotFoundError."""
    from dllab.store import Store
    from dllab.store.records import readable_json

    with Store(args.store) as store:
        run = find_run(store, args.run)
        if args.json:
            print(readable_json(run_facts(store, run)), end="")
        else:
            _print_run(store, run, is_debug=args.debug)
    return 0


def find_run(store: Store, reference: str) -> RunRecord:
    """The run of this name, or the one that left the file at this path. Raises NotFoundError."""
    from dllab.store.blobs import digest_of

    try:
        return store.run(reference)
    except NotFoundError:
        path = Path(reference)
        if not path.is_file():
            raise
    makers = [run for run, file in store.find_digest(digest_of(path)) if file.role != "in"]
    if not makers:
        raise NotFoundError(text("runs.no_maker", file=plain(path.name), path=plain(reference)))
    return makers[0]


def metric_series(store: Store, run_id: str) -> dict[str, list[MetricPoint]]:
    """The points of each metric of a run, by step."""
    series: dict[str, list[MetricPoint]] = {}
    for point in store.metrics(run_id):
        series.setdefault(point.key, []).append(point)
    return series


def run_facts(store: Store, run: RunRecord) -> dict[str, Any]:
    """All that the store knows of a run, as plain values."""
    metrics = {
        key: _extremes([point.value for point in points])
        | {"steps": [point.step for point in points], "values": [point.value for point in points]}
        for key, points in metric_series(store, run.id).items()
    }
    artifacts = [
        artifact.to_json() | {"path": str(artifact.copy or artifact.path or "")}
        for artifact in store.artifacts(run.id)
    ]
    return run.to_json() | {
        "checks": store.checks(run.id),
        "metrics": metrics,
        "artifacts": artifacts,
        "messages": store.events(run.id, "log"),
        "children": [{"id": child.id, "relation": child.relation} for child in store.children(run.id)],
        "environment": store.environment(run.id),
    }


def _extremes(values: list[float]) -> dict[str, float]:
    finite = [value for value in values if not math.isnan(value)] or [math.nan]
    return {"first": values[0], "last": values[-1], "min": min(finite), "max": max(finite)}


def _print_run(store: Store, run: RunRecord, is_debug: bool) -> None:
    status = text(f"show.status_{run.status}")
    print(heading(f"{plain(run.experiment)}  {run.id}  {status}"))
    print("\n".join(definitions(_summary(store, run))))
    sections = (
        (
            text("runs.section_params"),
            definitions([(plain(key), plain(value)) for key, value in run.params.items()]),
        ),
        (text("runs.section_inputs"), _inputs(run)),
        (text("runs.section_checks"), _checks(store, run)),
        (text("runs.section_metrics"), _metrics(store, run)),
        (text("runs.section_files"), _files(store, run)),
        (text("runs.section_warnings"), _warnings(store, run)),
        (text("runs.section_environment"), _environment(store, run)),
    )
    for title, lines in sections:
        if lines:
            print("\n".join(["", heading(title), *lines]))
    if is_debug:
        for event in store.events(run.id, "traceback"):
            print("\n" + "\n".join(map(plain, event["text"].rstrip().splitlines())))


def _summary(store: Store, run: RunRecord) -> list[tuple[str, str]]:
    where = text("runs.executor", executor=run.executor, host=run.host, pid=run.pid)
    place = [*filter(None, [run.device, run.dtype]), text("runs.threads", threads=run.threads)]
    rows = [
        (text("runs.row_error"), plain(run.error or "")),
        (text("runs.row_created"), moment(run.created)),
        (text("runs.row_duration"), duration(run.duration)),
        (text("runs.row_seed"), str(run.seed)),
        (text("runs.row_device"), plain(", ".join(place))),
        (text("runs.row_executor"), plain(where)),
        (text("runs.row_plugin"), plain(f"{run.plugin} {run.plugin_version}".strip())),
        (text("runs.row_tags"), plain(" ".join(run.tags))),
        (text("runs.row_lineage"), ", ".join(_lineage(store, run))),
        (text("runs.row_folder"), plain(run.folder)),
    ]
    return [(name, words) for name, words in rows if words]


def _lineage(store: Store, run: RunRecord) -> list[str]:
    """What the run came from, what came from it, and how many runs are part of it."""
    from_parent = {
        "resume": text("runs.resume"), "rerun": text("runs.rerun"), "sweep": text("runs.sweep"),
        "vary": text("runs.vary"), None: "←",
    }  # fmt: skip
    of_child = {"resume": text("runs.is_resume"), "rerun": text("runs.is_rerun"), None: "→"}
    lineage = []
    if run.parent:
        with suppress(NotFoundError):  # imported without it
            lineage.append(f"{from_parent[run.relation]} {store.run(run.parent).id}")
    children, members = store.children(run.id), store.members(run.id)
    if members:
        lineage.append(text("runs.members", count=len(members), run=run.id))
    within = {member.id for member in members}
    return lineage + [
        f"{child.id} ({of_child[child.relation]})" for child in children if child.id not in within
    ]


def _inputs(run: RunRecord) -> list[str]:
    return definitions(
        [
            (plain(field), plain(f"{value.get('name', '')}  sha256 {str(value.get('digest', ''))[:12]}…"))
            for field, value in run.inputs.items()
        ]
    )


def _checks(store: Store, run: RunRecord) -> list[str]:
    rows = [
        (
            "✓" if check.get("passed") else "✗",
            plain(shown_name(check)),
            number(check.get("got")),
            text("runs.expected", expected=plain(check.get("expected", ""))),
            plain(check.get("source", "")),
        )
        for check in store.checks(run.id)
    ]
    return table(rows)


def _metrics(store: Store, run: RunRecord) -> list[str]:
    rows = []
    for key, points in metric_series(store, run.id).items():
        values = [point.value for point in points]
        figures = _extremes(values)
        cells = [number(figure) for figure in figures.values()]
        rows.append([plain(key), str(len(values)), *cells, sparkline(values)])
    if not rows:
        return []
    figures_shown = (text("runs.first"), text("runs.last"), text("runs.min"), text("runs.max"))
    return table([["", text("runs.points"), *figures_shown, ""], *rows])


def _files(store: Store, run: RunRecord) -> list[str]:
    rows = []
    for artifact in store.artifacts(run.id):
        if artifact.role != "in":
            where = artifact.copy if artifact.copy is not None and artifact.copy.exists() else artifact.path
            rows.append((plain(artifact.name), size(artifact.size), plain(where or text("runs.not_kept"))))
    return table(rows)


def _warnings(store: Store, run: RunRecord) -> list[str]:
    events = store.events(run.id, "log")
    return [f"  {plain(event['text'])}" for event in events if event.get("level") == "warning"]


def _environment(store: Store, run: RunRecord) -> list[str]:
    environment = store.environment(run.id)
    packages = environment.get("packages", {})
    versions = [f"{name} {packages[name]}" for name in PACKAGES_SHOWN if name in packages]
    facts = [str(environment[key]) for key in ("system", "processor") if environment.get(key)]
    python = [f"Python {environment['python']}"] if "python" in environment else []
    words = ", ".join([*python, *versions, *facts])
    return [f"  {plain(words)}"] if words else []
