"""Figures: one style, Korean text, the same bytes each time, and nothing of Matplotlib itself touched."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import dllab
from dllab.savers import write_figure


def png(title: str) -> bytes:
    figure, axes = dllab.new_figure(size=(3, 2))
    axes.plot([1, 10, 100], [-1, 0, 1], label="a")
    axes.set_title(title, loc="left")
    axes.set_yscale("symlog", linthresh=0.01)
    axes.legend()
    file = io.BytesIO()
    write_figure(file, figure, ".png", None)
    return file.getvalue()


def test_korean_minus_signs_and_mathematics_have_all_their_glyphs() -> None:
    """A missing glyph is a warning, and warnings are errors here."""
    figure, (left, right) = dllab.new_figure(1, 2, size=(6, 2))
    left.set_title("꽃잎 길이 −3 · 가중치 $x_1^2$ ≤ 5", loc="left")
    left.plot([-1, 1])
    right.plot([1e-3, 1e3])
    right.set_yscale("log")
    image = dllab.figure_image(figure)
    assert image.shape == (3, 240, 720)
    assert image.dtype == np.float32
    assert 0 <= image.min() < 0.3 and image.max() == 1


def test_the_cells_of_a_table_have_their_glyphs_too() -> None:
    figure, axes = dllab.new_figure(size=(3, 2))
    axes.table([["1"]], colLabels=["원하는 값"], loc="center")
    assert dllab.figure_image(figure).min() < 0.3


def test_the_words_of_the_title_are_in_the_picture() -> None:
    assert png("길이") != png("너비")


def test_the_same_figure_gives_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(png, ["무게"] * 6))) == 1


def test_no_figure_touches_pyplot_or_the_settings() -> None:
    script = (
        "import sys, matplotlib; before = matplotlib.rcParams.copy()\n"
        "import dllab; figure, axes = dllab.new_figure(); axes.set_title('가'); dllab.figure_image(figure)\n"
        "assert 'matplotlib.pyplot' not in sys.modules and 'koreanize_matplotlib' not in sys.modules\n"
        "assert matplotlib.rcParams.copy() == before"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_shape_of_the_axes_is_as_asked() -> None:
    assert dllab.new_figure(2, 3)[1].shape == (2, 3)
    with pytest.raises(ValueError, match="1 to 12 rows and columns, not 0 x 1"):
        dllab.new_figure(0)
