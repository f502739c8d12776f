"""A sweep: one experiment over a grid of parameters and several seeds, with intervals at the end."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dllab.errors import UsageError
from dllab.printable import printable_line
from dllab.replay import TIMED_SUFFIXES
from dllab.runner import RunRequest
from dllab.texts import text

if TYPE_CHECKING:
    from dllab.store import RunRecord, Store

MAX_RUNS = 10_000
LONGEST_WORD = 60  # characters of what was given that a message shows
CONFIDENCE = 0.95


@dataclass(frozen=True)
class SweepPlan:
    """What to sweep: fixed values, a list of values for each parameter of the grid, and the seeds."""

    experiment: str
    grid: Mapping[str, Sequence[str]]
    seeds: Sequence[int]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 1
    is_tiny: bool = False

    def points(self) -> list[dict[str, str]]:
        """Every combination of the grid's values, the last parameter changing fastest."""
        return [
            dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())
        ]

    def requests(self, parent: str) -> list[RunRequest]:
        """One request for each combination and seed. Raises UsageError for more than MAX_RUNS."""
        points = self.points()
        if len(points) * len(self.seeds) > MAX_RUNS:
            raise UsageError(text("sweep.too_many", runs=len(points) * len(self.seeds), limit=MAX_RUNS))
        return [
            RunRequest(
                self.experiment,
                {**self.fixed, **point},
                seed=seed,
                threads=self.threads,
                executor="process",
                is_tiny=self.is_tiny,
                parent=parent,
                relation="sweep",
            )
            for point in points
            for seed in self.seeds
        ]

    def to_params(self) -> dict[str, Any]:
        """The plan as the parent's parameters."""
        return {
            "experiment": self.experiment,
            "grid": {name: list(values) for name, values in self.grid.items()},
            "seeds": list(self.seeds),
            "fixed": dict(self.fixed),
            "threads": self.threads,
            "tiny": self.is_tiny,
        }

    @classmethod
    def of(cls, record: RunRecord) -> SweepPlan:
        """The plan of a sweep that was begun. Raises UsageError when the run is no sweep."""
        if record.experiment != "sweep":
            raise UsageError(text("sweep.no_sweep", run=record.id, experiment=record.experiment))
        facts = record.params
        return cls(
            facts["experiment"],
            facts["grid"],
            facts["seeds"],
            facts["fixed"],
            facts["threads"],
            facts["tiny"],
        )


def parse_grid(words: Sequence[str]) -> dict[str, list[str]]:
    """{"lr": ["0.1", "0.01"]} from ["lr=0.1,0.01"].

    Raises UsageError for a word of another form, and for a name that is given twice.
    """
    grid: dict[str, list[str]] = {}
    for word in words:
        name, equals, values = word.partition("=")
        listed = [value.strip() for value in values.split(",") if value.strip()]
        if not equals or not name or not listed:
            raise UsageError(text("sweep.bad_grid", given=printable_line(word, LONGEST_WORD)))
        field = name.strip().lstrip("-").replace("-", "_")
        if field in grid:
            raise UsageError(text("sweep.twice", name=field))
        grid[field] = listed
    return grid


def parse_seeds(words: str) -> list[int]:
    """[0, 1, 2] from "0..2", [1, 5] from "1,5".

    Raises UsageError for words of another form, for a seed given twice and for more than MAX_RUNS.
    """
    shown = printable_line(words, LONGEST_WORD)
    seeds: list[int] = []
    for part in words.split(","):
        first, dots, last = part.partition("..")
        try:
            low, high = int(first), int(last if dots else first)
        except ValueError:
            raise UsageError(text("sweep.bad_seeds", given=shown)) from None
        if not 0 <= low <= high:
            raise UsageError(text("sweep.bad_seeds", given=shown))
        if high >= 2**63:
            raise UsageError(text("sweep.large_seed", given=shown))
        if len(seeds) + high - low + 1 > MAX_RUNS:
            raise UsageError(text("sweep.many_seeds", given=shown, limit=MAX_RUNS))
        seeds.extend(range(low, high + 1))
    twice = next((seed for seed, count in Counter(seeds).items() if count > 1), None)
    if twice is not None:
        raise UsageError(text("sweep.seed_twice", given=shown, seed=twice))
    return seeds


def check_points(store: Store, plan: SweepPlan) -> None:
    """Validate every combination before anything runs. Raises UsageError for the first that is wrong."""
    from dllab.plugins import load_experiment
    from dllab.runner import bind

    experiment, _ = load_experiment(plan.experiment)
    for point in plan.points():
        values = {**plan.fixed, **point}
        bind(store, experiment, RunRequest(plan.experiment, values, is_tiny=plan.is_tiny))


def finished_children(store: Store, parent: str) -> dict[tuple[str, int], RunRecord]:
    """The children of a sweep that succeeded, by point and seed."""
    done = {}
    for child in store.children(parent):
        if child.relation == "sweep" and child.status == "succeeded":
            done[(point_key(child.params), child.seed)] = child
    return done


def point_key(params: Mapping[str, Any]) -> str:
    """A text that is equal for equal parameters."""
    from dllab.recipe import canonical_json

    return canonical_json(dict(params))


def run_rows(store: Store, plan: SweepPlan, children: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """One row for each finished run: its point, seed, status and last metrics, all with the same columns."""
    metrics = {child.id: store.latest_metrics(child.id) for child in children}
    keys = list(dict.fromkeys(key for values in metrics.values() for key in values))
    return [
        {
            "run": child.id,
            **{name: _cell(child.params.get(name)) for name in plan.grid},
            "seed": child.seed,
            "status": child.status,
            **{key: metrics[child.id].get(key) for key in keys},
        }
        for child in children
    ]


def _cell(value: Any) -> Any:
    """A parameter's value as one cell of a table: a list as its entries, parted by commas."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def summary_rows(plan: SweepPlan, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each combination: how many runs, and for each metric its mean and the half-width of its
    95 % confidence interval (Student's t over the seeds; None for a single run).
    """
    point_columns = list(plan.grid)
    metrics = [
        key
        for key in (rows[0] if rows else {})
        if key not in ("run", "seed", "status", *point_columns) and not key.endswith(TIMED_SUFFIXES)
    ]
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["status"] == "succeeded":
            groups.setdefault(tuple(row[name] for name in point_columns), []).append(row)
    summary = []
    for point, members in groups.items():
        facts: dict[str, Any] = {**dict(zip(point_columns, point, strict=True)), "runs": len(members)}
        for key in metrics:
            values = [row[key] for row in members if row[key] is not None and math.isfinite(row[key])]
            mean, half_width = interval(values)
            facts[key], facts[f"{key} ±"] = mean, half_width
        summary.append(facts)
    return summary


def interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Mean and half-width of the 95 % confidence interval by Student's t; None for too few values."""
    if not values:
        return None, None
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, None
    from scipy.special import stdtrit

    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    quantile = float(stdtrit(len(values) - 1, 0.5 + CONFIDENCE / 2))
    return mean, quantile * math.sqrt(variance / len(values))
