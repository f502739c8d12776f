"""The catalogue: every text that is asked for is there, in both languages, and none is left over."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import dllab.texts
from dllab.texts.argparse_words import WORDS

CORE = Path(dllab.__file__).parent
AREAS = sorted(
    module.name for module in pkgutil.iter_modules(dllab.texts.__path__) if module.name != "argparse_words"
)
CATALOGUE = {
    f"{area}.{name}": texts
    for area in AREAS
    for name, texts in importlib.import_module(f"dllab.texts.{area}").TEXTS.items()
}
KEY = re.compile(rf"({'|'.join(AREAS)})\.[A-Za-z0-9_-]+(?<!_)")


def uses() -> Iterator[tuple[str, str, bool]]:
    """(where, pattern, is asked for) of each string in the lab that is a key, or builds one.

    A pattern is a regular expression; a key that stands in a table is used, and not asked for there.
    """
    for file in sorted(CORE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        parts = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            where = f"{file.relative_to(CORE)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "text" and node.args:
                yield from ((where, pattern, True) for pattern in patterns_of(node.args[0]))
            elif isinstance(node, ast.Constant) and id(node) not in parts and KEY.fullmatch(str(node.value)):
                yield where, re.escape(str(node.value)), False


def patterns_of(key: ast.expr) -> Iterator[str]:
    """A regular expression for the keys that the first argument of text() may be."""
    if isinstance(key, ast.Constant):
        yield re.escape(str(key.value))
    elif isinstance(key, ast.JoinedStr):
        yield "".join(
            re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in key.values
        )


def test_every_text_that_is_asked_for_exists() -> None:
    missing = [
        f"{where}: {pattern}"
        for where, pattern, is_asked_for in uses()
        if is_asked_for and not any(re.fullmatch(pattern, key) for key in CATALOGUE)
    ]
    assert missing == []


def test_no_text_is_left_over() -> None:
    patterns = {pattern for _, pattern, _ in uses()}
    assert [key for key in CATALOGUE if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_placeholders(area: str) -> None:
    def placeholders(template: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}

    for key, texts in CATALOGUE.items():
        if key.startswith(f"{area}."):
            assert len(texts) == 2, key
            assert all(texts), key
            assert placeholders(texts[0]) == placeholders(texts[1]), key


def test_argparses_words_are_those_of_argparse() -> None:
    source = inspect.getsource(argparse)
    for english, korean in WORDS.items():
        assert english in source.replace('"\n', "").replace("'\n", ""), english
        placeholder = r"%(?:\(\w+\))?[sr]"
        assert sorted(re.findall(placeholder, english)) == sorted(re.findall(placeholder, korean)), english
