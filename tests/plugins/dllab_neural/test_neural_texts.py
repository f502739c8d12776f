"""The experiments' texts in both languages, and their places in the lectures."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import dllab_neural
from dllab_neural.texts import ABOUT

EXPERIMENTS = {one.name: one for one in dllab_neural.dllab_experiments()}
HANGUL = re.compile("[가-힣]")
LECTURES = (
    Path(os.environ.get("DLLAB_TEST_DATA", Path(__file__).parents[4] / "shared" / "data")).parent / "lectures"
)


def test_every_experiment_has_its_texts_in_the_one_place_and_no_text_is_left_over() -> None:
    assert set(EXPERIMENTS) == set(ABOUT)
    assert all(one.about is ABOUT[name] for name, one in EXPERIMENTS.items())


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_each_text_is_in_its_language(name: str) -> None:
    about = ABOUT[name]
    for english, korean in (about.summary, about.details, about.look):
        assert not HANGUL.search(english)
        assert HANGUL.search(korean)
    assert len(about.summary[0]) < 75
    assert 100 < len(about.details[0]) < 420
    assert set(EXPERIMENTS[name].ko) == {"", *EXPERIMENTS[name].params_type.model_fields}


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_the_slides_words_stand_where_the_place_says(name: str) -> None:
    """A place is ten times the line of the lecture's text, and a number for several on one line."""
    assert EXPERIMENTS[name].topic.startswith("course/")
    assert EXPERIMENTS[name].lectures
    if not LECTURES.is_dir():
        pytest.skip("the lectures are not here")
    for declared in EXPERIMENTS[name].lectures:
        lecture, _, rest = declared.partition("@")
        place, _, words = rest.partition(":")
        (file,) = LECTURES.glob(f"00{lecture}_*.txt")
        line = file.read_text(encoding="utf-8").splitlines()[int(place) // 10 - 1]
        assert words in line, declared
