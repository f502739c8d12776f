"""Write docs/lecture.md: every claim on the slides that can be computed, and what comes out.

    python docs/lecture_page.py

The claims are those of `dllab run lecture-claims`; each is computed anew here. A test fails when the
file is not what this writes.
"""

from __future__ import annotations

from pathlib import Path

from dllab_neural.claims import VERDICTS, Claim, every_claim

PAGE = Path(__file__).with_name("lecture.md")
HEAD = """# The lectures under test

<!-- written by docs/lecture_page.py from the claims of dllab_neural -->

Every claim on the slides that a computer can decide, computed: {confirmed} are confirmed, {corrected}
corrected, and {depends} depend on something that the slide leaves out. `dllab run lecture-claims` computes
them again, each as a check.

슬라이드의 주장 가운데 컴퓨터로 판단할 수 있는 것을 모두 계산했습니다. {confirmed}개는 맞고,
{corrected}개는 고쳐야 하며, {depends}개는 슬라이드에 없는 조건에 따라 다릅니다.
`dllab run lecture-claims --lang ko`로 다시 계산할 수 있습니다.
"""
MARKS = {"confirmed": "✓", "corrected": "✗", "depends": "?"}
NOISE = 1e-5  # of a bound up to this the bound is shown: rounding differs between machines
COLUMNS = ("on the slide · 슬라이드", "verdict · 판정", "figure · 값", "what is right", "설명")


def page(figures: dict[str, float] | None = None) -> str:
    """The whole page; figures: what the claims compute to, by id, computed here where none are given."""
    claims = every_claim()
    figures = figures or {claim.id: claim.compute() for claim in claims}
    counts = {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in VERDICTS}
    parts = [HEAD.format(**counts)]
    for lecture in sorted({claim.lecture for claim in claims}):
        parts.append(f"## Lecture {lecture} · 강의 {lecture}\n")
        parts.append(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
        parts.extend(line(claim, figures[claim.id]) for claim in claims if claim.lecture == lecture)
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def line(claim: Claim, got: float) -> str:
    """One claim as a line of its lecture's table."""
    english, korean = VERDICTS[claim.verdict]
    verdict = f"{MARKS[claim.verdict]} {english} · {korean}"
    figure = f"{claim.id}: {shown(claim, got)} ({claim.source})"
    cells = (claim.words, verdict, figure, claim.en, claim.ko)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("*", "\\*") for cell in cells) + " |"


def shown(claim: Claim, got: float) -> str:
    """The figure to three places, or the bound that it keeps, where rounding makes it up."""
    if claim.at_most is not None and 0 < claim.at_most <= NOISE:
        return claim.known
    if abs(got) >= 1000:
        return f"{got:,.0f}"
    return "0" if abs(got) < 1e-12 else f"{got:.3g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
