"""The recipe inside a picture: canonical, small, and never trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from dllab.recipe import canonical_json, read_recipe, recipe

FACTS = recipe(
    experiment="plasma",
    version="0.1",
    params={"size": 3},
    seed=1,
    inputs={"image": {"reference": "sample:cat", "digest": "ab", "path": "/secret/place", "name": "cat.png"}},
    threads=2,
)


def png(tmp_path: Path, text: str | None, keyword: str = "dllab", compress: bool = False) -> Path:
    chunk = PngImagePlugin.PngInfo()
    if text is not None:
        chunk.add_text(keyword, text, zip=compress)
    path = tmp_path / "a.png"
    Image.new("RGB", (2, 2)).save(path, pnginfo=chunk)
    return path


def test_a_recipe_comes_back_as_it_was(tmp_path: Path) -> None:
    assert read_recipe(png(tmp_path, canonical_json(FACTS))) == FACTS


def test_a_recipe_names_no_path_run_time_or_host() -> None:
    raw = canonical_json(FACTS)
    assert "secret" not in raw
    assert set(FACTS) == {"dllab", "experiment", "version", "params", "seed", "inputs", "threads"}
    assert FACTS["inputs"] == {"image": {"digest": "ab", "sample": "cat"}}


def test_equal_facts_give_equal_text() -> None:
    assert (
        canonical_json({"b": 1, "a": "한"}) == canonical_json({"a": "한", "b": 1}) == '{"a":"\\ud55c","b":1}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({**FACTS, "dllab": 99}),
        json.dumps({**FACTS, "seed": "1"}),
        json.dumps({**FACTS, "params": []}),
        "[" * 100_000,
    ],
)
def test_a_foreign_or_broken_recipe_is_none(tmp_path: Path, text: str) -> None:
    assert read_recipe(png(tmp_path, text)) is None


def test_other_keywords_compressed_text_and_other_files_have_no_recipe(tmp_path: Path) -> None:
    assert read_recipe(png(tmp_path, canonical_json(FACTS), keyword="comment")) is None
    assert read_recipe(png(tmp_path, canonical_json(FACTS), compress=True)) is None
    assert read_recipe(png(tmp_path, None)) is None
    other = tmp_path / "x.txt"
    other.write_text("hello")
    assert read_recipe(other) is None
    cut = tmp_path / "cut.png"
    cut.write_bytes(png(tmp_path, canonical_json(FACTS)).read_bytes()[:60])
    assert read_recipe(cut) is None


def test_a_recipe_that_spells_half_a_character_is_none(tmp_path: Path) -> None:
    for facts in ({**FACTS, "experiment": "\ud800"}, {**FACTS, "params": {"a": ["\udfff"]}}):
        assert read_recipe(png(tmp_path, json.dumps(facts))) is None
