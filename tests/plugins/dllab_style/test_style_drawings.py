"""The lab's own drawings: made once, kept, always the same."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab
from dllab_style.brushes import DRAWN, smooth_noise
from dllab_style.drawings import DRAWINGS, drawing


def test_every_drawing_that_is_listed_can_be_drawn() -> None:
    assert {name for name, _, _ in DRAWINGS} == set(DRAWN)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_drawing_is_the_same_each_time_and_uses_the_whole_range(name: str) -> None:
    first, again = (np.asarray(DRAWN[name](96)) for _ in range(2))
    assert first.shape == (96, 96, 3)
    np.testing.assert_array_equal(first, again)
    assert first.std() > 30


def test_a_drawing_is_kept_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "cache"))
    path = drawing("mosaic")
    with Image.open(path) as picture:
        assert picture.size == (640, 640)
    before = path.stat().st_mtime_ns
    assert drawing("mosaic") == path
    assert path.stat().st_mtime_ns == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="a file in the folder's place")
def test_a_cache_that_cannot_be_written_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(dllab.InputError, match=r"sample:glass cannot be kept in .*; set DLLAB_CACHE"):
        drawing("glass")


def test_smooth_noise_is_smooth_and_fills_its_range() -> None:
    noise = smooth_noise(120, 4, np.random.default_rng(0))
    assert noise.shape == (120, 120)
    assert np.abs(np.diff(noise, axis=0)).max() < 0.15
    assert noise.std() > 0.25
