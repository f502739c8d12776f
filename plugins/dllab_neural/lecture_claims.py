"""Every claim on the slides that can be computed, confirmed or corrected: the experiment `lecture-claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dllab
from dllab_neural.texts import ABOUT

if TYPE_CHECKING:
    from dllab_neural.claim import Claim

COLOURS = {"confirmed": "#0f766e", "corrected": "#c2410c", "depends": "#a16207"}
LONGEST = 46  # letters of the slide's words in the picture


class ClaimsParams(dllab.Params):
    lecture: Literal["all", "0", "1", "2", "3", "4"] = dllab.param("all", help="one lecture's claims, or all")


@dllab.experiment(
    "lecture-claims",
    topic="course/neural",
    lectures=(
        "0@2860:(784 + 1) * 200 = 157.000 weights",
        "1@1600:h / f(x+h) - f(x)",
        "2@3170:학습 데이터를 10개로 분할",
        "3@910:CLASS A : (0, 3), (3, 0)",
        "4@1270:Local Minima 문제",
    ),
    about=ABOUT["lecture-claims"],
    tiny={"lecture": "3"},
    ko={"lecture": "강의 하나의 주장만, 또는 모두"},
)
def lecture_claims(run: dllab.Run, params: ClaimsParams) -> None:
    """What the slides claim, computed."""
    from dllab_neural.claims import VERDICTS, every_claim

    asked = [claim for claim in every_claim() if params.lecture in ("all", str(claim.lecture))]
    rows: list[dict[str, Any]] = []
    for claim in run.progress(asked):
        got = claim.compute()
        rows.append({
            "lecture": claim.lecture, "slide": claim.words, "claim": claim.id, "verdict": claim.verdict,
            "got": got, "known": claim.known, "source": claim.source, "en": claim.en, "ko": claim.ko,
        })  # fmt: skip
        _check(run, claim, got)
    run.save_table("claims.csv", rows)
    run.save_json("claims.json", rows)
    _draw(run, rows)
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    run.message(
        run.words(
            f"{len(rows)} claims: {counts['confirmed']} confirmed, {counts['corrected']} corrected, "
            f"{counts['depends']} that depend",
            f"주장 {len(rows)}개: 맞음 {counts['confirmed']}, 고쳐야 함 {counts['corrected']}, "
            f"조건에 따라 다름 {counts['depends']}",
        )
    )


def _check(run: dllab.Run, claim: Claim, got: float) -> None:
    name, ko = f"lecture {claim.lecture}, {claim.id}", f"강의 {claim.lecture}, {claim.id_ko}"
    if claim.expected is not None:
        run.check(name, got=got, expected=claim.expected, abs=claim.tolerance, source=claim.source, ko=ko)
    else:
        run.check(name, got=got, at_least=claim.at_least, at_most=claim.at_most, source=claim.source, ko=ko)


def _draw(run: dllab.Run, rows: list[dict[str, Any]]) -> None:
    """The claims that do not simply hold, each with what is right."""
    from dllab_neural.claims import VERDICTS

    notable = [row for row in rows if row["verdict"] != "confirmed"]
    figure, axes = dllab.new_figure(size=(13.2, 0.9 + 0.36 * max(len(notable), 3)))
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(-len(notable) - 0.3, 0.9))
    place = 0.0
    for at, verdict in enumerate(VERDICTS):
        count = sum(row["verdict"] == verdict for row in rows)
        words = f"{run.words(*VERDICTS[verdict])} {count}"
        axes.text(0.17 * at, 0.45, words, color=COLOURS[verdict], weight="bold", fontsize=13)
    for row in notable:
        place -= 1
        words = row["slide"] if len(row["slide"]) <= LONGEST else row["slide"][: LONGEST - 1] + "…"
        said = run.words(row["en"], row["ko"])
        axes.plot(0.004, place + 0.3, "o", color=COLOURS[row["verdict"]], markersize=8, clip_on=False)
        axes.text(0.016, place + 0.3, f"{row['lecture']}", va="center", fontsize=9, color="#64748b")
        axes.text(0.032, place + 0.3, words, va="center", fontsize=9, parse_math=False)
        axes.text(0.345, place + 0.3, said, va="center", fontsize=9, parse_math=False)
    run.save_figure("claims.png", figure)
