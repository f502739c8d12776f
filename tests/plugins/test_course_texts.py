"""The texts of the lab's plugins in both languages, and the places of the course's in the lectures."""

from __future__ import annotations

import ast
import os
import re
from importlib import import_module
from pathlib import Path

import pytest

from dllab import About

FOLDERS = Path(__file__).parents[2] / "plugins"
PLUGINS = [
    path.parent.name
    for path in sorted(FOLDERS.glob("*/__init__.py"))
    if hasattr(import_module(path.parent.name), "dllab_experiments")
]
COURSE = ("dllab_neural", "dllab_supervised", "dllab_unsupervised")
EXPERIMENTS = {one.name: one for name in PLUGINS for one in import_module(name).dllab_experiments()}
OF_COURSE = sorted(one.name for name in COURSE for one in import_module(name).dllab_experiments())
HANGUL = re.compile("[가-힣]")
QUOTED = "10개로 분할"  # words of a slide, in an English text
LECTURES = (
    Path(os.environ.get("DLLAB_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "lectures"
)


def texts_of(plugin: str) -> dict[str, About]:
    """All texts of a plugin: those in texts.py, and in modules beside it that end in _texts.py."""
    found: dict[str, About] = {}
    for path in sorted((FOLDERS / plugin).glob("*texts.py")):
        found |= import_module(f"{plugin}.{path.stem}").ABOUT
    return found


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_experiment_has_its_texts_in_the_one_place_and_no_text_is_left_over(plugin: str) -> None:
    texts = texts_of(plugin)
    experiments = {one.name: one for one in import_module(plugin).dllab_experiments()}
    assert set(experiments) == set(texts)
    assert all(one.about is texts[name] for name, one in experiments.items())


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_each_text_is_in_its_language(name: str) -> None:
    about = EXPERIMENTS[name].about
    for english, korean in (about.summary, about.details, about.look):
        assert not HANGUL.search(english.replace(QUOTED, ""))
        assert HANGUL.search(korean)
    longest_summary, longest_details = (75, 420) if name in OF_COURSE else (110, 600)
    assert len(about.summary[0]) < longest_summary
    assert 100 < len(about.details[0]) < longest_details
    assert set(EXPERIMENTS[name].ko) == {"", *EXPERIMENTS[name].params_type.model_fields}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_check_has_a_korean_name(plugin: str) -> None:
    for path in (FOLDERS / plugin).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "check":
                named = {keyword.arg for keyword in node.keywords}
                assert "source" not in named or "ko" in named, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_is_said_at_work_goes_through_the_words_of_the_run(plugin: str) -> None:
    """No words stand bare in `run.message(...)`, nor as the label of `run.progress(...)`."""
    bare = [
        f"{path.name}:{call.lineno}"
        for path in sorted((FOLDERS / plugin).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        for said in said_by(call, call.func.attr)
        if has_words(said)
    ]
    assert bare == []


def said_by(call: ast.Call, method: str) -> list[ast.expr]:
    """What a call of this method shows to the user."""
    if method == "message":
        return call.args[:1]
    return [each.value for each in call.keywords if method == "progress" and each.arg == "label"]


def has_words(said: ast.expr) -> bool:
    """Whether an expression is a text with words of a language, which are in lower case; names are not."""
    if not isinstance(said, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp):
        return False
    parts = [part.value for part in ast.walk(said) if isinstance(part, ast.Constant)]
    return any(isinstance(part, str) and re.search("[a-z]{2}", part) for part in parts)


@pytest.mark.parametrize("name", OF_COURSE)
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
