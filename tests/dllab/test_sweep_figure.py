"""The figure of a sweep: the language in force, whole ticks for whole numbers, words that do not meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from matplotlib.figure import Figure

from dllab.sweep import SweepPlan
from dllab.sweep_figure import MAX_PANELS, draw
from dllab.texts import set_language


@pytest.fixture
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language(None)


def rows(name: str, values: list[Any], *metrics: str) -> list[dict[str, Any]]:
    return [
        {name: value, "runs": 2, **{key: 0.5 for metric in metrics for key in (metric, f"{metric} ±")}}
        for value in values
    ]


def drawn(figure: Figure) -> Figure:
    figure.canvas.draw()
    return figure


def ticks(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_xticklabels()]


def test_each_value_has_its_tick_and_whole_numbers_are_whole() -> None:
    plan = SweepPlan("knn", {"k": ["20", "1", "5"]}, [0, 1])
    figure = drawn(draw(plan, rows("k", [20, 1, 5], "accuracy")))
    assert ticks(figure) == ["1", "5", "20"]
    (line,) = [one for one in figure.axes[0].lines if one.get_linestyle() == "-"]
    assert list(line.get_xdata()) == [1, 5, 20]  # from left to right, however the grid was given
    many = drawn(draw(plan, rows("k", list(range(1, 60)), "accuracy")))
    assert many.axes[0].get_xscale() == "linear"
    assert all(float(word.replace("−", "-")).is_integer() for word in ticks(many))


def test_a_long_span_is_logarithmic_with_the_values_at_its_ticks() -> None:
    plan = SweepPlan("net", {"rate": ["0.001", "0.01", "0.1"]}, [0])
    figure = drawn(draw(plan, rows("rate", [0.001, 0.01, 0.1], "loss")))
    assert figure.axes[0].get_xscale() == "log" and ticks(figure) == ["0.001", "0.01", "0.1"]


def test_the_words_are_in_the_language_in_force(korean: None) -> None:
    plan = SweepPlan("knn", {"k": ["1", "2"]}, [0, 1, 2])
    metrics = [f"m{number}" for number in range(MAX_PANELS + 2)]
    figure = drawn(draw(plan, rows("k", [1, 2], *metrics)))
    told = figure.get_suptitle()
    assert told.startswith("knn: 시드 3개의 평균, 막대는 95 % 신뢰구간")
    assert "지표 6개 가운데 4개" in told and len(figure.axes) == MAX_PANELS
    assert figure.texts[0].get_fontfamily()[0] == "NanumGothic"


def test_long_words_stand_aslant_so_that_none_meets_its_neighbour() -> None:
    words = ["a_long_name_of_a_method", "another_long_name", "the_third_of_the_names", "none"]
    plan = SweepPlan("net", {"method": words}, [0])
    figure = drawn(draw(plan, rows("method", words, "loss")))
    labels = figure.axes[0].get_xticklabels()
    assert [label.get_text() for label in labels] == words
    assert {label.get_rotation() for label in labels} == {30}
    short = drawn(draw(plan, rows("method", [True, False], "loss")))
    assert ticks(short) == ["true", "false"]
    assert {label.get_rotation() for label in short.axes[0].get_xticklabels()} == {0}


def test_seeds_alone_make_one_point_with_its_bar(korean: None) -> None:
    figure = drawn(draw(SweepPlan("net", {}, [0, 1]), [{"runs": 2, "loss": 1.0, "loss ±": 0.1}]))
    assert ticks(figure) == ["전체 실행"]


def test_a_metric_that_some_points_lack_and_two_lines_are_drawn() -> None:
    plan = SweepPlan("net", {"k": ["1", "2"], "kind": ["a", "b"]}, [0])
    summary = [
        {"k": k, "kind": kind, "runs": 1, "loss": None if (k, kind) == (2, "b") else 3.0, "loss ±": None}
        for k in (1, 2)
        for kind in "ab"
    ]
    figure = drawn(draw(plan, summary))
    legend = figure.axes[0].get_legend()
    assert [words.get_text() for words in legend.get_texts()] == ["kind = a", "kind = b"]
    assert [len(line.get_xdata()) for line in figure.axes[0].lines] == [2, 1]
