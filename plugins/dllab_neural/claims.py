"""Every claim of the lectures that can be computed, and the words for the verdicts."""

from __future__ import annotations

from dllab_neural import (
    claims_lecture_0,
    claims_lecture_1,
    claims_lecture_2,
    claims_lecture_3,
    claims_lecture_4,
)
from dllab_neural.claim import Claim, Verdict

LECTURES = (claims_lecture_0, claims_lecture_1, claims_lecture_2, claims_lecture_3, claims_lecture_4)
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "confirmed": ("confirmed", "맞음"),
    "corrected": ("corrected", "고쳐야 함"),
    "depends": ("it depends", "조건에 따라 다름"),
}


def every_claim() -> list[Claim]:
    """All claims, lecture by lecture, in the order of the slides."""
    return [claim for lecture in LECTURES for claim in lecture.CLAIMS]
