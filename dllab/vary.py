"""Variations of a run: the same experiment with other seeds and slightly moved parameters, on one sheet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dllab.errors import UsageError
from dllab.runner import RunRequest
from dllab.seeds import integer_seed, seed_sequence
from dllab.texts import text

if TYPE_CHECKING:
    import numpy as np

    from dllab.declare import Experiment
    from dllab.store import RunRecord, Store

MAX_VARIATIONS = 100


@dataclass(frozen=True)
class Variation:
    """One variation: its request, and what was moved in it, as "name value" words."""

    request: RunRequest
    moved: tuple[str, ...]


def variations(
    experiment: Experiment, origin: RunRequest, count: int, amount: float, sheet_seed: int
) -> list[Variation]:
    """The origin itself first, then count - 1 others, each with a seed of its own and parameters moved.

    amount: how far a parameter moves, as the deviation of the logarithm of its factor; 0 moves seeds
    alone. sheet_seed: another one gives other variations. Raises UsageError for a count below 2.
    """
    import numpy as np

    if not 2 <= count <= MAX_VARIATIONS:
        raise UsageError(text("vary.bad_count", count=count, limit=MAX_VARIATIONS))
    if not 0 <= amount <= 2:
        raise UsageError(text("vary.bad_move", amount=amount))
    movable = movable_fields(experiment)
    found = [Variation(replace(origin, executor="process"), ())]
    for number in range(1, count):
        rng = np.random.default_rng(seed_sequence(sheet_seed, f"variation/{number}"))
        moved = {}
        for name, limits in movable.items() if amount else ():
            value = origin.params.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                new = move(value, limits, amount, rng)
                if new != value:
                    moved[name] = new
        request = replace(
            origin,
            params={**origin.params, **moved},
            seed=integer_seed(sheet_seed, f"seed/{number}"),
            executor="process",
        )
        words = tuple(
            f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in moved.items()
        )
        found.append(Variation(request, words))
    return found


def movable_fields(experiment: Experiment) -> dict[str, dict[str, float]]:
    """The numeric parameters, but sizes in pixels, with their limits by JSON schema's names."""
    properties = experiment.params_type.model_json_schema()["properties"]
    names = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    return {
        name: {limit: facts[limit] for limit in names if limit in facts}
        for name, facts in properties.items()
        if facts.get("type") in ("integer", "number") and facts.get("unit") != "px"
    }


def move(value: float, limits: Mapping[str, float], amount: float, rng: np.random.Generator) -> float:
    """The value times a log-normal factor, within its limits; whole numbers stay whole. Zero stays zero."""
    moved = value * math.exp(amount * rng.standard_normal())
    low = max(limits.get("minimum", -math.inf), limits.get("exclusiveMinimum", -math.inf))
    high = min(limits.get("maximum", math.inf), limits.get("exclusiveMaximum", math.inf))
    if isinstance(value, int):
        moved = round(moved)
        low += "exclusiveMinimum" in limits
        high -= "exclusiveMaximum" in limits
        return int(min(max(moved, low), high))
    is_on_open_end = (moved <= low and "exclusiveMinimum" in limits) or (
        moved >= high and "exclusiveMaximum" in limits
    )
    if is_on_open_end:
        return value
    return float(f"{min(max(moved, low), high):.4g}")


def picked(store: Store, sheet: RunRecord, number: int) -> RunRecord:
    """The run of a number on a contact sheet. Raises UsageError for another number or another run."""
    if sheet.experiment != "vary":
        raise UsageError(text("vary.no_sheet", run=sheet.id, experiment=sheet.experiment))
    runs: Sequence[str] = next((event["runs"] for event in store.events(sheet.id, "sheet")), [])
    if not 1 <= number <= len(runs):
        raise UsageError(text("vary.bad_pick", number=number, count=len(runs)))
    return store.run(runs[number - 1])
