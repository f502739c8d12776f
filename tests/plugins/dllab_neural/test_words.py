"""Word vectors, the word cloud and sentiment: on texts made up and texts of the user's own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

import dllab
from dllab_neural import words
from dllab_neural.sentiment import made_up_reviews, split

DATA = Path(os.environ.get("DLLAB_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
NSMC = DATA / "text" / "nsmc_test.tsv"


@pytest.mark.parametrize("experiment", ["word2vec", "glove"])
@pytest.mark.parametrize("language", ["english", "korean"])
def test_a_queen_is_a_king_less_a_man_and_a_woman(home: Path, experiment: str, language: str) -> None:
    run = dllab.launch(experiment, {"language": language}, seed=1, threads=1)
    assert run.status == "succeeded"
    table = json.loads((run.folder / "vectors.json").read_text(encoding="utf-8"))
    a, b, c, d = words.ANALOGY[language]
    assert words.solve(np.array(list(table.values())), list(table), a, b, c) == d


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("experiment", ["word2vec", "glove", "word-cloud", "sentiment"])
def test_the_checks_on_words_hold_for_ten_seeds(home: Path, experiment: str, seed: int) -> None:
    assert dllab.launch(experiment, {}, seed=seed, threads=1).status == "succeeded"


def test_vectors_learnt_from_a_shuffled_text_turn_the_check_red(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neighbours at random tell nothing of a word."""
    true = words.co_occurrences

    def astray(sentences: list[list[str]], names: list[str], window: int) -> np.ndarray:
        every = [word for sentence in sentences for word in sentence]
        np.random.default_rng(0).shuffle(every)
        return true([every[i : i + 7] for i in range(0, len(every), 7)], names, window)

    monkeypatch.setattr(words, "co_occurrences", astray)
    with pytest.raises(dllab.DllabError, match="king - man"):
        dllab.launch("glove", {}, threads=1)


def test_words_are_counted_within_the_window_on_both_sides() -> None:
    counts = words.co_occurrences([["a", "b", "c", "a"]], ["a", "b", "c"], 1)
    assert counts.tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_a_cloud_of_a_text_of_ones_own_is_as_large_as_its_counts(home: Path, tmp_path: Path) -> None:
    text = tmp_path / "mine.txt"
    text.write_text("사과 " * 8 + "바나나 " * 4 + "pear " * 2, encoding="cp949")
    run = dllab.launch("word-cloud", {"data": str(text)}, threads=1)
    assert run.status == "succeeded"
    rows = (run.folder / "counts.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [["사과", "8"], ["바나나", "4"], ["pear", "2"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "no text"),
        (b"one two three", "3 words; 200 are the least"),
        (b"la " * 300, "1 different words"),
        (b"word\n" * 300, "0 different words"),
    ],
)
def test_a_text_that_cannot_be_learnt_from_is_refused_in_one_line(
    home: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    text = tmp_path / "mine.txt"
    text.write_bytes(content)
    with pytest.raises(dllab.UsageError, match=said):
        dllab.launch("word2vec", {"data": str(text)}, threads=1)


def test_a_label_that_is_neither_good_nor_bad_is_refused_with_its_row(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text("id\tdocument\tlabel\n1\tgood\t1\n2\tbad\tperhaps\n", encoding="utf-8")
    with pytest.raises(dllab.UsageError, match="row 3, label: 'perhaps' is neither 0 nor 1"):
        dllab.launch("sentiment", {"data": str(table)}, threads=1)


def test_a_negation_turns_a_made_up_review_round() -> None:
    texts, labels, _ = made_up_reviews("english", 200, np.random.default_rng(0))
    for text, label in zip(texts, labels, strict=True):
        assert (any(word in text for word in ("great", "lovely", "moving", "funny", "brilliant"))
                != (" not " in text)) == bool(label)  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not NSMC.exists(), reason="the reviews of NSMC are not here")
def test_real_reviews_are_told_better_than_by_guessing(home: Path) -> None:
    run = dllab.launch("sentiment", {"data": str(NSMC), "reviews": 4000, "epochs": 2}, threads=1)
    assert run.status == "succeeded"
    assert run.metrics["letters"] > run.metrics["majority"] + 0.1


def test_no_kind_of_review_is_both_learnt_and_asked() -> None:
    texts, _, kinds = made_up_reviews("korean", 1000, np.random.default_rng(0))
    train, test = split(kinds, np.random.default_rng(1))
    assert not {texts[i] for i in train} & {texts[i] for i in test}
    assert len(train) + len(test) == 1000 and 100 < len(test) < 300
