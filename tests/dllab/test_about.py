"""What an experiment tells in two languages, its place in a lecture, and the language of its pictures."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import dllab
from dllab.errors import DeclarationError
from dllab.recipe import read_recipe

Lab = Callable[..., "subprocess.CompletedProcess[str]"]

TOLD = """
import dllab

ABOUT = dllab.About(
    summary=("Tosses a coin", "동전을 던집니다"),
    details=("Again and again.", "거듭 던집니다."),
    look=("How it settles.", "어떻게 자리 잡는지 보세요."),
)


class NoParams(dllab.Params):
    pass


def declare(name, topic, lectures, about=ABOUT):
    def function(run, params: NoParams):
        run.save_figure("words.png", _figure(run.words("heads", "앞면")))

    return dllab.experiment(name, topic=topic, lectures=lectures, about=about)(function)


def _figure(title):
    figure, axes = dllab.new_figure(size=(2, 1.5))
    axes.set_title(title)
    return figure


@dllab.hookimpl
def dllab_experiments():
    return [
        declare("coin", "toys/chance", ["95@1201:동전"]),
        declare("die", "toys", ["95@30:주사위", "95:그림 1-2"]),
        declare("wheel", "toyshop", ["95@1202:가"]),
    ]
"""


@pytest.fixture
def told(plugin: Callable[..., Path]) -> Path:
    return plugin("told", TOLD)


def test_info_tells_it_in_the_language_in_force(told: Path, lab: Lab) -> None:
    english, korean = (lab("info", "coin", "--lang", one).stdout for one in ("en", "ko"))
    assert "coin: Tosses a coin" in english and "Again and again." in english
    assert "What to look at: How it settles." in english
    assert "동전을 던집니다" in korean and "거듭 던집니다." in korean and "눈여겨볼 점: 어떻게" in korean
    assert "Again" not in korean
    assert "Tosses" in lab("list", "--topic", "toys").stdout
    assert (
        json.loads(lab("info", "coin", "--json").stdout)["about"]["look"][1] == "어떻게 자리 잡는지 보세요."
    )


def test_a_topic_holds_its_parts_but_not_what_only_begins_alike(told: Path, lab: Lab) -> None:
    listed = json.loads(lab("list", "--topic", "toys", "--json").stdout)
    assert [one["name"] for one in listed] == ["die", "coin"]


def test_a_lecture_is_listed_by_place_then_by_number(told: Path, lab: Lab) -> None:
    lines = lab("list", "--lecture", "95").stdout.splitlines()
    named = [line.split()[0] if line.startswith(" ") else line for line in lines]
    assert named == ["주사위", "die", "동전", "coin", "가", "wheel", "그림 1-2", "die"]
    assert "@" not in lab("info", "coin").stdout


@pytest.mark.parametrize("look", ["once", ("one",), ("", "빈칸"), ("en", None)])
def test_a_text_that_is_missing_in_one_language_is_a_broken_declaration(look: object) -> None:
    with pytest.raises(DeclarationError, match="About: look"):
        dllab.About(summary=("a", "b"), details=("a", "b"), look=look)  # type: ignore[arg-type]


def test_a_replay_keeps_the_language_of_the_pictures(told: Path, lab: Lab, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert lab("run", "coin", "--lang", "ko", "--out", str(out)).returncode == 0
    facts = read_recipe(out / "words.png")
    assert facts is not None and facts["language"] == "ko"
    again = lab("rerun", str(out / "words.png"), "--lang", "en")
    assert again.returncode == 0, again.stdout + again.stderr
    english = tmp_path / "english"
    assert lab("run", "coin", "--lang", "en", "--out", str(english)).returncode == 0
    assert "language" not in (read_recipe(english / "words.png") or {})
    assert (english / "words.png").read_bytes() != (out / "words.png").read_bytes()


def test_the_pictures_have_one_language_in_every_executor(told: Path, home: Path) -> None:
    digests = set()
    with dllab.Store() as store:
        for executor in ("inline", "process"):
            run = dllab.launch("coin", executor=executor, language="ko", store=store)
            digests.add(store.artifact(run.id, "words.png").digest)
    assert len(digests) == 1


def test_a_language_that_there_is_not_is_refused(told: Path, home: Path) -> None:
    with pytest.raises(dllab.UsageError, match="there is no language 'fr'; there are: en, ko"):
        dllab.launch("coin", language="fr")
