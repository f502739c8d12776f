"""A claim of a lecture's slide that can be computed: the slide's words, what comes out, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["confirmed", "corrected", "depends"]


@dataclass(frozen=True)
class Claim:
    """One claim.

    id, id_ko: what is computed, in English and Korean. words: the slide's own, shortened. en, ko: what the
    computation says of it. compute: returns the figure, which is to be `expected` within `tolerance`, or
    within [at_least, at_most]. source: where the known figure is from.
    """

    id: str
    id_ko: str
    lecture: int
    words: str
    verdict: Verdict
    en: str
    ko: str
    source: str
    compute: Callable[[], float]
    expected: float | None = None
    tolerance: float = 0.0
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, got: float) -> bool:
        """Whether a computed figure is the one that the verdict rests on."""
        if self.expected is not None:
            return math.isfinite(got) and abs(got - self.expected) <= self.tolerance
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return low <= got <= high

    @property
    def known(self) -> str:
        """The known figure as text: 6, or ≤ 3."""
        if self.expected is not None:
            return f"{self.expected:g}"
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def sigmoid(z: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-z))
