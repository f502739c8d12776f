"""The promise of docs/compatibility.md: what was public stays, and what is public is promised knowingly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from public_api import DECLARED, LISTING, READING, listing

import dllab
from dllab.recipe import canonical_json, read_recipe, recipe
from dllab.testing import RULES

REMEDY = "record it if it is meant: python tests/dllab/public_api.py"
PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"

# As dllab 0.1 wrote it into pictures. Never to be changed: such pictures are out there.
RECIPE_OF_0_1 = (
    '{"dllab":1,"device":"cpu","dtype":"float32","experiment":"deepdream","inputs":{"image":{"digest":"'
    + "0" * 64
    + '","sample":"cat"}},"params":{"layers":["c4_2"],"octave_scale":1.4,"smooth":true},"seed":7,'
    '"threads":2,"version":"0.1.0"}'
)


def recorded() -> list[str]:
    return LISTING.read_text(encoding="utf-8").splitlines()


def test_nothing_that_was_promised_is_gone_or_changed() -> None:
    assert [line for line in recorded() if line not in listing()] == [], f"a broken promise; {REMEDY}"


def test_nothing_is_public_that_is_not_recorded() -> None:
    assert [line for line in listing() if line not in recorded()] == [], REMEDY


def test_the_listing_covers_what_plugins_are_handed() -> None:
    text = LISTING.read_text(encoding="utf-8")
    assert "hook dllab_experiments()" in text
    assert "dllab.Run.save_image(name, image, alpha=None)" in text
    assert len(recorded()) == len(set(recorded())) > 200
    assert not re.search(r"0x[0-9a-f]{6}", text)


@pytest.mark.parametrize(
    "name", [*(f"dllab.{name}" for name in dllab.__all__ if name != "__version__"), *RULES]
)
def test_a_public_name_and_a_rule_of_the_contract_is_on_the_page(name: str) -> None:
    assert f"`{name}" in PAGE.read_text(encoding="utf-8"), f"docs/compatibility.md does not name {name}"


def test_the_page_names_what_is_promised_of_the_store() -> None:
    page = PAGE.read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `dllab.Store`")]
    assert set(re.findall(r"`(\w+)`", row)) >= set(READING)
    assert all(f"`dllab.{name}" in page for name in DECLARED)


def test_a_recipe_of_the_first_format_is_read_and_written_as_then(tmp_path: Path) -> None:
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text("dllab", RECIPE_OF_0_1)
    Image.new("RGB", (2, 2)).save(tmp_path / "then.png", pnginfo=chunk)
    facts = read_recipe(tmp_path / "then.png")
    assert facts is not None
    again = recipe(
        experiment="deepdream", version="0.1.0", seed=7, threads=2, device="cpu", dtype="float32",
        params={"layers": ["c4_2"], "octave_scale": 1.4, "smooth": True},
        inputs={"image": {"digest": "0" * 64, "reference": "sample:cat"}},
    )  # fmt: skip
    assert canonical_json(again) == canonical_json(facts)
    assert sorted(RECIPE_OF_0_1) == sorted(canonical_json(facts))


def test_the_page_tells_how_the_listing_is_recorded() -> None:
    (script,) = re.findall(r"`python ([\w/]+\.py)` records", PAGE.read_text(encoding="utf-8"))
    assert Path(__file__).parents[2] / script == LISTING.with_suffix(".py")
