"""`dllab compare`: runs side by side, and what is different about them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dllab.cli.figures import columns, duration, moment, number, plain
from dllab.errors import UsageError
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

FACTS = ("experiment", "plugin", "plugin_version", "seed", "device", "dtype", "threads", "executor")
WIDEST_CELL = 40


@dataclass(frozen=True)
class Row:
    """One fact of all runs. section: a key of SECTIONS; values: one for each run, None where it has none.

    unknown: the runs, by number, of which nothing was recorded in this section; they differ from none.
    """

    section: str
    name: str
    values: tuple[Any, ...]
    unknown: frozenset[int] = frozenset()

    @property
    def differs(self) -> bool:
        known = [repr(value) for i, value in enumerate(self.values) if i not in self.unknown]
        return len(set(known)) > 1  # nan is equal to nan here


def add_arguments(parser: ArgumentParser) -> None:
    """Two runs or more."""
    parser.add_argument("runs", nargs="+", metavar="RUN", help=text("runs.help_compare"))
    parser.add_argument("--all", action="store_true", help=text("runs.help_all"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def main(args: Namespace) -> int:
    """Print what differs. Raises NotFoundError, and UsageError for a single run."""
    from dllab.store import Store
    from dllab.store.records import readable_json

    if len(args.runs) < 2:
        raise UsageError(text("runs.compare_two"))
    with Store(args.store) as store:
        runs = [store.run(reference) for reference in args.runs]
        rows = [row for row in compare(store, runs) if args.all or row.differs]
    if args.json:
        facts = [
            {"section": row.section, "name": row.name, "values": row.values, "differs": row.differs}
            for row in rows
        ]
        print(readable_json({"runs": [run.id for run in runs], "rows": facts}), end="")
    else:
        _print_table(runs, rows)
    return 0


def compare(store: Store, runs: Sequence[RunRecord]) -> list[Row]:
    """All facts of the runs, section by section, those of the run itself first."""
    environments = [store.environment(run.id) for run in runs]
    sections: dict[str, list[Mapping[str, Any]]] = {
        "run": [{name: getattr(run, name) for name in FACTS} for run in runs],
        "params": [run.params for run in runs],
        "inputs": [
            {field: _short(value.get("digest", "")) for field, value in run.inputs.items()} for run in runs
        ],
        "metrics": [store.latest_metrics(run.id) for run in runs],
        "checks": [
            {check.get("name", ""): check.get("got") for check in store.checks(run.id)} for run in runs
        ],
        "files": [
            {file.name: _short(file.digest) for file in store.artifacts(run.id, "out")} for run in runs
        ],
        "environment": [
            {key: value for key, value in one.items() if not isinstance(value, dict)}
            | one.get("packages", {})
            for one in environments
        ],
    }
    bare = frozenset(i for i, environment in enumerate(environments) if not environment)
    return [
        Row(
            section,
            name,
            tuple(one.get(name) for one in facts),
            bare if section == "environment" else frozenset(),
        )
        for section, facts in sections.items()
        for name in dict.fromkeys(name for one in facts for name in one)
    ]


def _short(digest: str) -> str:
    return f"sha256 {digest[:12]}"


def _print_table(runs: Sequence[RunRecord], rows: Sequence[Row]) -> None:
    from dllab.cli.layout import heading

    titles = {
        "run": text("runs.section_run"),
        "params": text("runs.section_params"),
        "inputs": text("runs.section_inputs"),
        "metrics": text("runs.section_metrics"),
        "checks": text("runs.section_checks"),
        "files": text("runs.section_files"),
        "environment": text("runs.section_environment"),
    }
    head = [
        ["", *(run.id for run in runs)],
        [text("runs.column_status"), *(text(f"show.status_{run.status}") for run in runs)],
        [text("runs.column_created"), *(moment(run.created) for run in runs)],
        [text("runs.column_duration"), *(duration(run.duration) for run in runs)],
    ]
    cells = [[f"  {plain(row.name)}", *(_cell(value) for value in row.values)] for row in rows]
    lines = columns([*head, *cells])
    print("\n".join([heading(lines[0]), *lines[1 : len(head)]]))
    section = ""
    for row, line in zip(rows, lines[len(head) :], strict=True):
        if row.section != section:
            section = row.section
            print("\n" + heading(titles[section]))
        print(line)
    if not rows:
        print("\n" + text("runs.no_difference"))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    words = number(value) if isinstance(value, float) else plain(value)
    return words if len(words) <= WIDEST_CELL else words[: WIDEST_CELL - 1] + "…"
