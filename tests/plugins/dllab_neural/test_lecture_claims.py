"""The lectures under test: every claim is computed, told in both languages, and can turn red."""

from __future__ import annotations

import csv
import dataclasses
from collections import Counter
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

import dllab
from dllab_neural import claims_lecture_2
from dllab_neural.claim import Claim, sigmoid
from dllab_neural.claims import VERDICTS, every_claim

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return every_claim()


@pytest.fixture(scope="module")
def lecture_page() -> ModuleType:
    spec = util.spec_from_file_location("lecture_page", REPOSITORY / "docs" / "lecture_page.py")
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_lecture_has_claims_and_each_claim_its_own_name(claims: list[Claim]) -> None:
    assert {claim.lecture for claim in claims} == {0, 1, 2, 3, 4}
    assert [name for name, count in Counter(claim.id for claim in claims).items() if count > 1] == []
    assert {claim.verdict for claim in claims} == set(VERDICTS)


def test_every_claim_is_told_in_both_languages_with_a_source_and_a_known_figure(claims: list[Claim]) -> None:
    for claim in claims:
        assert claim.en and claim.source and claim.known, claim.id
        assert any("가" <= letter <= "힣" for letter in claim.ko), claim.id


def test_the_run_checks_every_claim_and_leaves_them_in_a_table(home: Path) -> None:
    run = dllab.launch("lecture-claims", {"lecture": "3"}, threads=1)
    assert run.status == "succeeded"
    with (run.folder / "claims.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["lecture"] for row in rows} == {"3"}
    assert {row["verdict"] for row in rows} >= {"confirmed", "corrected"}


def test_a_net_with_another_weight_turns_the_claims_on_it_red(monkeypatch: pytest.MonkeyPatch) -> None:
    of_xor = [claim for claim in claims_lecture_2.CLAIMS if "the slide's XOR with σ" in claim.id]
    assert len(of_xor) == 2 and all(claim.holds(claim.compute()) for claim in of_xor)
    monkeypatch.setattr(claims_lecture_2, "_xor", lambda x1, x2: sigmoid(x1 + x2))
    assert not any(claim.holds(claim.compute()) for claim in of_xor)


def test_a_figure_is_held_by_value_or_by_bounds(claims: list[Claim]) -> None:
    exact = dataclasses.replace(claims[0], expected=2.0, tolerance=0.1, at_least=None, at_most=None)
    assert exact.holds(2.05) and not exact.holds(2.2) and not exact.holds(float("nan"))
    bound = dataclasses.replace(claims[0], expected=None, at_least=1.0, at_most=3.0)
    assert bound.holds(3.0) and not bound.holds(3.1) and bound.known == "≥ 1, ≤ 3"


def test_every_claim_holds_and_the_page_of_the_lectures_is_up_to_date(
    lecture_page: ModuleType, claims: list[Claim]
) -> None:
    figures = {claim.id: claim.compute() for claim in claims}
    assert [claim.id for claim in claims if not claim.holds(figures[claim.id])] == []
    written = lecture_page.PAGE.read_text(encoding="utf-8")
    assert written == lecture_page.page(figures), "run: python docs/lecture_page.py"
