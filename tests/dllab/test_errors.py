"""Errors as one line: whatever a plugin raises."""

from __future__ import annotations

import pytest

from dllab.errors import LONGEST_LINE, one_line
from dllab.printable import printable, printable_line


class SpoiltError(Exception):
    """Its text raises what it was given."""

    def __str__(self) -> str:
        raise self.args[0]


@pytest.mark.parametrize("second", [ValueError, SystemExit, KeyboardInterrupt, RecursionError])
def test_an_exception_whose_text_raises_still_makes_a_line(second: type[BaseException]) -> None:
    assert one_line(SpoiltError(second())) == f"SpoiltError: (its text raises {second.__name__})"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("no"), "ValueError: no"),
        (KeyError(), "KeyError"),
        (ValueError(" a\n b\tc "), "ValueError: a b c"),
        (ValueError("\x1b[31m\udcff\u202e"), r"ValueError: \x1b[31m\udcff\u202e"),
        (SystemExit(0), "SystemExit: 0"),
        (ValueError("그림 없음"), "ValueError: 그림 없음"),
    ],
)
def test_an_exception_becomes_one_printable_line(error: BaseException, line: str) -> None:
    assert one_line(error) == line


@pytest.mark.parametrize("letter", ["a", "\x1b", "\n a"])
def test_a_long_error_is_cut(letter: str) -> None:
    line = one_line(ValueError(letter * 100_000))
    assert len(line) <= LONGEST_LINE
    assert line.endswith("…")


def test_text_that_is_printable_stays_as_it_is() -> None:
    assert printable("그림 1-20: é ☂") == "그림 1-20: é ☂"
    assert printable_line("abc", 3) == "abc"
    assert printable_line("abcd", 3) == "ab…"
