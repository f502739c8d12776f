"""`dllab course`: the experiments of a topic or a lecture run, and a gallery shows every check."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dllab.store import Store

Lab = Callable[..., "subprocess.CompletedProcess[str]"]

LESSONS = """
import dllab


class NoParams(dllab.Params):
    pass


def declare(name, lectures, got):
    def function(run, params: NoParams):
        figure, axes = dllab.new_figure(size=(2, 1.5))
        axes.plot([1, 2])
        run.save_figure("line.png", figure)
        run.save_json("facts.json", {"got": got})
        run.check("answer <&>", got=got, expected=42, source="Adams 1979")

    about = dllab.About(
        summary=(f"Lesson {name} <b>", f"{name} 수업"),
        details=("It computes.", "계산합니다."),
        look=("The answer.", "답을 보세요."),
    )
    return dllab.experiment(name, topic="lessons/maths", lectures=lectures, about=about)(function)


@dllab.hookimpl
def dllab_experiments():
    return [declare("first", ["96@20:나중"], 42), declare("second", ["96@10:먼저", "97:그림 1"], WRONG)]
"""


class Reader(HTMLParser):
    """Collects what a page refers to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words += data


FILMS = """
import dllab


@dllab.experiment("reel", topic="films")
def reel(run, params: dllab.Params):
    '''A reel.'''
    import numpy as np

    for name in ("a.png", "b.png", "c.png"):
        run.save_image(name, np.zeros((3, 8, 8)))
    run.save_video("film.gif", [np.full((3, 8, 8), level) for level in (0.0, 1.0)], fps=2)


@dllab.hookimpl
def dllab_experiments():
    return [reel]
"""


WAITS = """
import time

import dllab


class WaitParams(dllab.Params):
    rounds: int = dllab.param(600, ge=1, help="tenths of a second")


@dllab.experiment("a-quick", topic="waits")
def quick(run, params: dllab.Params):
    '''Nothing to wait for.'''


@dllab.experiment("b-slow", topic="waits", tiny={"rounds": 1})
def slow(run, params: WaitParams):
    '''A wait.'''
    for _ in run.progress(range(params.rounds)):
        time.sleep(0.1)


@dllab.hookimpl
def dllab_experiments():
    return [quick, slow]
"""


@pytest.fixture
def lessons(plugin: Callable[..., Path]) -> Callable[[int], Path]:
    return lambda answer: plugin("lessons", LESSONS.replace("WRONG", str(answer)))


def test_the_gallery_shows_picture_texts_and_checks(
    lessons: Callable[[int], Path], lab: Lab, tmp_path: Path
) -> None:
    lessons(42)
    done = lab("course", "--topic", "lessons", "--out", "gallery", "--jobs", "1", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (len(facts["runs"]), facts["checks"], facts["held"], facts["failed"]) == (2, 2, 2, [])
    page = (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")
    read = Reader(page)
    assert "Lesson first <b>" in read.words and "answer <&>" in read.words and "Adams 1979" in read.words
    files = [one for one in read.addresses if not one.startswith("#")]
    assert {"first/line.png", "second/facts.json"} <= set(files)
    assert all((tmp_path / "gallery" / one).is_file() for one in files)
    assert not re.search(r"https?://|<script", page)
    again = lab("course", "--topic", "lessons", "--out", "gallery", "--quiet", "--lang", "ko", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "답을 보세요." in (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")


def test_the_gallery_says_that_it_is_tiny_and_gives_the_command_that_makes_it_again(
    plugin: Callable[..., Path], lab: Lab, tmp_path: Path
) -> None:
    plugin("films", FILMS)
    page = tmp_path / "gallery" / "index.html"
    words = ("course", "--topic", "films", "--out", "gallery", "--threads", "2", "--json")
    done = lab(*words, "--tiny", "--seed", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Made with --tiny" in page.read_text(encoding="utf-8")
    (command,) = re.findall(r"<code>(.*?)</code>", page.read_text(encoding="utf-8"))
    assert command == "dllab run reel --tiny --seed 3 --threads 2"
    again = lab(*command.split()[1:], "--json")
    assert again.returncode == 0, again.stderr
    with Store() as store:
        first, second = (
            {one.name: one.digest for one in store.artifacts(run, role="out")}
            for run in (json.loads(done.stdout)["runs"][0], json.loads(again.stdout)["id"])
        )
    assert first == second and len(first) == 4
    assert lab(*words, cwd=tmp_path).returncode == 0
    assert "--tiny" not in page.read_text(encoding="utf-8")
    assert "<code>dllab run reel --threads 2</code>" in page.read_text(encoding="utf-8")


def test_the_gallery_shows_a_film_among_the_first_pictures(
    plugin: Callable[..., Path], lab: Lab, tmp_path: Path
) -> None:
    plugin("films", FILMS)
    done = lab("course", "--topic", "films", "--out", "gallery", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "at once" not in done.stderr  # of a single experiment there is nothing to expect
    page = (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<img src="([^"]*)" alt="([^"]*)"', page) == [
        (f"reel/{name}", f"A reel. ({name})") for name in ("a.png", "b.png", "film.gif")
    ]


def test_a_red_check_fails_the_course_and_the_rest_is_still_shown(
    lessons: Callable[[int], Path], lab: Lab, tmp_path: Path
) -> None:
    lessons(41)
    done = lab(
        "course", "--lecture", "96", "--topic", "lessons", "--out", "gallery", "--jobs", "1", cwd=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.startswith("2 experiments, 1 at once: some minutes")
    assert "[1/2] second: failed" in done.stderr and "these failed: second" in done.stderr
    assert "2 experiments, 1 of 2 checks hold" in done.stdout
    words = Reader((tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")).words
    assert words.index("Lesson second") < words.index("Lesson first")
    assert "✘" in words and "✔" in words


@pytest.mark.slow
def test_a_cancelled_course_leaves_the_earlier_gallery_as_it_was(
    plugin: Callable[..., Path], lab: Lab, home: Path, tmp_path: Path
) -> None:
    plugin("waits", WAITS)
    page = tmp_path / "gallery" / "index.html"
    words = ("course", "--topic", "waits", "--out", "gallery", "--jobs", "1")
    assert lab(*words, "--tiny", cwd=tmp_path).returncode == 0
    earlier = page.read_bytes()
    for folder, told in (
        (
            "gallery",
            "cancelled after 1 of 2 experiments; the earlier gallery is as it was: gallery/index.html",
        ),
        ("other", "cancelled after 1 of 2 experiments\n"),
    ):
        done = interrupted([*words[:4], folder, *words[5:]], home, tmp_path)
        assert done.returncode == 130 and told in done.stderr
        assert "failed" not in done.stderr
    assert page.read_bytes() == earlier
    shown = (tmp_path / "other" / "index.html").read_text(encoding="utf-8")
    assert 'id="a-quick"' in shown and 'id="b-slow"' not in shown


def interrupted(words: list[str], home: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, stopped by a Ctrl-C while its slow experiment runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    with Store(home, read_only=True) as store:
        while time.monotonic() < deadline:
            if any(run.status == "running" for run in store.runs(experiment="b-slow")):
                break
            time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def test_a_folder_with_other_things_is_left_alone(
    lessons: Callable[[int], Path], lab: Lab, tmp_path: Path
) -> None:
    lessons(42)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    done = lab("course", "--topic", "lessons", "--out", "mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "--out mine: the folder holds other things; name a new one" in done.stderr
    assert [one.name for one in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    assert lab("course", "--topic", "lessons", "--out", "mine/thesis.txt", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--lecture", "99"), "nothing belongs to lecture '99'"),
        (("--topic", "lesson"), "there is no topic 'lesson'"),
        (("--jobs", "0"), "--jobs 0"),
        (("--threads", "0"), "--threads 0"),
        (("--out", f"{__file__}/gallery"), "test_course.py/gallery' cannot be used"),
        (("--seed", "-1"), "--seed -1"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    lessons: Callable[[int], Path], lab: Lab, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    lessons(42)
    done = lab("course", "--topic", "lessons", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
    assert not (tmp_path / "course").exists()
