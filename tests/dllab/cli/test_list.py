"""`dllab list`, `models`, `samples` and `plugins`: chosen, ordered, aligned."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.cli.layout import definitions, pad, paragraphs, size, table, width, wrap

Lab = Callable[..., "subprocess.CompletedProcess[str]"]

SEVERAL = """
import dllab


class NoParams(dllab.Params):
    pass


def declare(name, topic, lectures=(), ko=""):
    def function(run, params: NoParams):
        pass

    function.__doc__ = f"About {name}."
    return dllab.experiment(name, topic=topic, lectures=lectures, ko={"": ko} if ko else None)(function)


@dllab.hookimpl
def dllab_experiments():
    return [
        declare("waves", "art", ["91:그림 1-20", "92:waves"], ko="물결 그리기"),
        declare("bars", "art", ["91:그림 1-9"]),
        declare("jelly-game", "games", ["91:그림 2-1", "91:그림 1-3"]),
    ]


@dllab.hookimpl
def dllab_resources():
    return [
        dllab.Resource("model", "big", "A net.", load=int, licence="CC0-1.0", size_bytes=1800000, ko="망"),
        dllab.Resource("sample", "meow", "A cat.", load=str, media="audio", licence="CC-BY-4.0"),
    ]
"""


@pytest.fixture
def several(plugin: Callable[..., Path]) -> Path:
    return plugin("several", SEVERAL)


def names(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [one["name"] for one in json.loads(done.stdout) if one["plugin"] == "several"]


def test_the_list_is_by_topic_and_aligned(several: Path, lab: Lab) -> None:
    lines = lab("list").stdout.splitlines()
    art = lines.index("art")
    assert lines[art + 1].split() == ["bars", "About", "bars."]
    assert lines[art + 2].split() == ["waves", "About", "waves."]
    assert len({line.index("About") for line in lines if "About" in line}) == 1


def test_a_topic_a_lecture_or_a_word_chooses(several: Path, lab: Lab) -> None:
    assert names(lab("list", "--topic", "art", "--json")) == ["bars", "waves"]
    assert names(lab("list", "--lecture", "92", "--json")) == ["waves"]
    assert names(lab("list", "JELLY", "--json")) == ["jelly-game"]
    assert names(lab("list", "물결", "--json")) == ["waves"]
    assert names(lab("list", "games", "--json")) == ["jelly-game"]


def test_a_lecture_is_listed_in_its_order_with_the_slides_words(several: Path, lab: Lab) -> None:
    lines = lab("list", "--lecture", "91").stdout.splitlines()
    named = [line.split()[0] if line.startswith(" ") else line for line in lines]
    assert named == [
        "그림 1-3", "jelly-game", "그림 1-9", "bars", "그림 1-20", "waves", "그림 2-1", "jelly-game"
    ]  # fmt: skip


def test_nothing_found_says_what_there_is(several: Path, lab: Lab) -> None:
    done = lab("list", "--topic", "arts")
    assert done.returncode == 2
    assert "there is no topic 'arts'; there are: art, " in done.stderr
    assert "Did you mean 'art'?" in done.stderr
    assert "nothing belongs to lecture '93'; lectures: " in lab("list", "--lecture", "93").stderr
    assert "no experiment mentions 'wavez'. Did you mean 'waves'?" in lab("list", "wavez").stderr


def test_summaries_are_korean_where_there_is_korean(several: Path, lab: Lab) -> None:
    listed = lab("list", "--topic", "art", "--lang", "ko").stdout
    assert "물결 그리기" in listed
    assert "About bars." in listed


def test_models_and_samples_show_size_licence_and_plugin(several: Path, lab: Lab) -> None:
    assert "big 1.8 MB A net. [CC0-1.0; several]" in " ".join(lab("models", COLUMNS="120").stdout.split())
    assert "망" in lab("models", "--lang", "ko").stdout
    samples = json.loads(lab("samples", "--json").stdout)
    meow = next(one for one in samples if one["name"] == "meow")
    assert (meow["media"], meow["licence"], meow["plugin"]) == ("audio", "CC-BY-4.0", "several")


def test_plugins_says_what_each_brings(several: Path, lab: Lab) -> None:
    whole = " ".join(lab("plugins", COLUMNS="120").stdout.split())
    assert "experiments: waves, bars, jelly-game; resources: model:big, sample:meow" in whole
    facts = json.loads(lab("plugins", "--json").stdout)
    one = next(plugin for plugin in facts["plugins"] if plugin["name"] == "several")
    assert one["error"] is None
    assert one["seconds"] >= 0
    assert lab("plugins", "--refresh").returncode == 0


def test_completion_offers_commands_experiments_flags_and_samples(several: Path, lab: Lab) -> None:
    def offered(*words: str) -> list[str]:
        return [line.partition("\t")[0] for line in lab("--complete", *words).stdout.splitlines()]

    assert offered("inf") == ["info"]
    assert "waves" in offered("run", "")
    assert offered("run", "jelly-g") == ["jelly-game"]
    assert offered("run", "waves", "--se") == ["--seed"]
    assert offered("list", "--to") == ["--topic"]
    assert offered("--lang", "") == ["en", "ko"]
    assert offered("completion", "z") == ["zsh"]
    assert offered("plugins", "--check", "sev") == ["several"]
    assert offered("plugins", "--disable", "jelly-g") == []
    lab("plugins", "--disable", "several")
    assert offered("plugins", "--enable", "") == ["several"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_calls_the_lab(lab: Lab, shell: str) -> None:
    assert "dllab --complete" in lab("completion", shell).stdout


def test_the_bash_script_completes_in_bash(several: Path, lab: Lab, tmp_path: Path) -> None:
    import shutil
    import sys

    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash here")
    script = lab("completion", "bash").stdout
    program = (
        f'dllab() {{ "{sys.executable}" -m dllab "$@"; }}\n{script}\n'
        'COMP_WORDS=(dllab run jelly-g); COMP_CWORD=2; _dllab; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        [bash, "--norc", "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == ("jelly-game\n", "")


def test_korean_counts_two_columns_for_a_syllable() -> None:
    assert (width("abc"), width("그림 1"), width("é")) == (3, 6, 1)
    assert pad("그림", 6) == "그림  "
    assert wrap("그림 하나 둘", 9) == ["그림 하나", "둘"]
    assert wrap("", 9) == [""]


def test_definitions_are_aligned_and_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert definitions([("가", "one"), ("b" * 12, "two " * 8), ("c" * 40, "three")]) == [
        "  가" + " " * 30 + "one",
        "  " + "b" * 12 + " " * 20 + "two two two two two two",
        " " * 34 + "two two",
        "  " + "c" * 40,
        " " * 34 + "three",
    ]


def test_tables_and_paragraphs_and_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert table([("a", "bbb", "c"), ("aa", "b", "cc")]) == ["  a   bbb  c", "  aa  b    cc"]
    assert table([]) == []
    assert paragraphs("one\ntwo\n\n- a\n- b", 20) == ["one two", "", "- a", "- b"]
    assert [size(n) for n in (0, 999, 1800, 1_800_000, 2_000_000_000)] == [
        "0 B",
        "999 B",
        "1.8 kB",
        "1.8 MB",
        "2.0 GB",
    ]
