"""The frame of the command line: options, exit statuses, complaints, languages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dllab
from dllab.cli import Options, main, take_options
from dllab.cli.layout import width
from dllab.errors import UsageError
from dllab.reserved import COMMANDS
from dllab.texts import language

Lab = Callable[..., "subprocess.CompletedProcess[str]"]


def test_dllab_alone_gives_three_examples(lab: Lab) -> None:
    done = lab()
    assert done.returncode == 0
    assert len(re.findall(r"^  dllab ", done.stdout, re.MULTILINE)) == 3


def test_the_help_names_every_command_in_both_languages(lab: Lab) -> None:
    english, korean = lab("--help").stdout, lab("--lang", "ko", "-h").stdout
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", english, re.MULTILINE)
        assert re.search(rf"^  {command} +[^a-z]", korean, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_command_has_its_help(
    home: Path, capsys: pytest.CaptureFixture[str], command: str, lang: str
) -> None:
    assert main([command, "--help", "--lang", lang]) == 0
    first = capsys.readouterr().out
    assert first.startswith(f"{'usage' if lang == 'en' else '사용법'}: dllab {command}")
    assert main(["help", command, "--lang", lang]) == 0
    assert capsys.readouterr().out == first


def test_the_version_is_that_of_the_package(lab: Lab) -> None:
    assert lab("--version").stdout == f"dllab {dllab.__version__}\n"


WRONG = [
    (["lsit"], r"there is no command 'lsit'\. Did you mean 'list'\?"),
    (["--nonsense"], r"there is no option --nonsense \(see dllab --help\)"),
    (["--lang", "fr"], r"there is no language 'fr'; there are: en, ko"),
    (["--lang"], r"--lang needs a value"),
    (["list", "--plugins-dir", "/no/such folder"], r"--plugins-dir /no/such folder: there is no such folder"),
    (["list", "--topik", "x"], r"unknown: --topik\. Did you mean '--topic'\? \(see dllab list --help\)"),
    (["list", "--topic"], r"argument --topic: expected one argument \(see dllab list --help\)"),
    (["info"], r"the following arguments are required: NAME \(see dllab info --help\)"),
    (
        ["completion", "bsh"],
        r"argument shell: 'bsh' is not one of bash, zsh, fish\. Did you mean 'bash'\? \(see .*\)",
    ),
    (["run"], r"which experiment\? dllab list shows them"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_wrong_use_is_one_line_and_status_2(lab: Lab, words: list[str], message: str) -> None:
    done = lab(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(f"dllab: {message}\n", done.stderr), done.stderr


def test_argparses_own_words_are_korean_too(lab: Lab) -> None:
    assert "--topic: 값 하나가 필요함" in lab("list", "--topic", "--lang", "ko").stderr
    assert "필요한 인자가 빠짐: 이름" in lab("info", "--lang", "ko").stderr


def test_korean_help_is_aligned_as_the_terminal_shows_it(lab: Lab) -> None:
    """A Hangul syllable takes two columns; usage lines fit, and every explanation begins in one column."""
    lines = lab("runs", "--help", "--lang", "ko", COLUMNS="100").stdout.splitlines()
    assert all(width(line) < 100 for line in lines)
    rows = [re.match(r"  (--\w+ .*?  +)\S", line) for line in lines]
    assert len({width(row[1]) for row in rows if row}) == 1
    assert any("--tag 태그" in line for line in lines)
    assert not any("\0" in line for line in lines)


def test_what_stands_for_a_value_is_korean_in_korean_help(lab: Lab) -> None:
    shown = lab("rerun", "--help", "--lang", "ko").stdout
    assert "--input 이름=경로" in shown
    assert "--threads 개수" in shown
    assert "필요한 인자가 빠짐: 실행|파일" in lab("rerun", "--lang", "ko").stderr


def test_the_name_of_an_experiment_is_no_command_and_the_answer_says_so(plasma: Path, lab: Lab) -> None:
    assert "It is an experiment: dllab run plasma" in lab("plasma").stderr


def test_common_options_are_taken_from_anywhere_before_two_dashes() -> None:
    options = Options()
    words = [
        "--lang",
        "ko",
        "run",
        "--store=/a b",
        "x",
        "--debug",
        "--plugins-dir",
        "p",
        "--plugins-dir=q",
        "-h",
    ]
    assert take_options([*words, "--", "--lang", "en"], options) == ["run", "x", "--", "--lang", "en"]
    assert (options.lang, options.store, options.plugins_dir) == ("ko", "/a b", ["p", "q"])
    assert (options.debug, options.help, options.version) == (True, True, False)
    with pytest.raises(UsageError, match="--store needs a value"):
        take_options(["list", "--store"], Options())


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DLLAB_LANG": "ko"}, "실험"),
        ({"DLLAB_LANG": "", "LC_ALL": "ko_KR.UTF-8"}, "실험"),
        ({"DLLAB_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "ko_KR.UTF-8"}, "실험"),
        ({"DLLAB_LANG": "en", "LC_ALL": "ko_KR.UTF-8"}, "experiments"),
        ({"DLLAB_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "fr_FR.UTF-8"}, "experiments"),
    ],
)
def test_the_language_comes_from_the_environment(
    lab: Lab, environment: dict[str, str], expected: str
) -> None:
    assert f"\n{expected}\n" in lab("--help", PYTHONUTF8="1", **environment).stdout


def test_a_console_without_korean_shows_question_marks(lab: Lab) -> None:
    done = lab("--help", "--lang", "ko", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "??" in done.stdout
    assert done.stdout.isascii()


def test_json_keeps_its_korean_on_a_console_without_it(plugin: Callable[..., Path], lab: Lab) -> None:
    source = "import dllab\n\n@dllab.hookimpl\ndef dllab_resources():\n"
    plugin("korean", source + "    return [dllab.Resource('sample', 'a', 'b', load=str, ko='고양이')]")
    for encoding in ("ascii", "utf-8"):
        found = json.loads(lab("samples", "--json", PYTHONIOENCODING=encoding).stdout)
        assert "고양이" in [one["ko"] for one in found]


def test_a_closed_pipe_ends_quietly(plasma: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dllab", "info", "plasma", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()  # type: ignore[union-attr]
    assert process.stderr.read() == b""  # type: ignore[union-attr]
    assert process.wait() == 0
    process.stderr.close()  # type: ignore[union-attr]


def test_main_leaves_language_and_environment_as_they_were(
    plasma: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    before = os.environ["DLLAB_PLUGINS_DIR"]
    assert main(["list", "--lang", "ko", "--plugins-dir", str(more)]) == 0
    assert "plasma" in capsys.readouterr().out
    assert os.environ["DLLAB_PLUGINS_DIR"] == before
    assert language() == "en"


def test_a_plugins_dir_on_the_line_is_added_to_that_of_the_environment(
    plasma: Path, tmp_path: Path, lab: Lab
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "other.py").write_text(plasma.read_text(encoding="utf-8").replace('"plasma"', '"ripples"'))
    listed = lab("list", "--plugins-dir", str(more)).stdout
    assert "plasma" in listed
    assert "ripples" in listed
    assert "ripples" not in lab("list").stdout


def test_debug_shows_the_traceback_before_the_one_line(lab: Lab) -> None:
    lines = lab("info", "nothing-like-it", "--debug").stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1].startswith("dllab: there is no experiment called 'nothing-like-it'.")


def test_a_bug_of_the_lab_is_told_in_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dllab.cli.samples as samples

    monkeypatch.setattr(samples, "print_resources", lambda kind, as_json: 1 // 0)
    assert main(["samples"]) == 1
    error = capsys.readouterr().err
    assert re.fullmatch(
        r"dllab: this is a bug in dllab: ZeroDivisionError: .* \(--debug shows where\)\n", error
    )


def test_an_interrupt_ends_with_status_130(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dllab.cli.samples as samples

    def interrupt(kind: str, as_json: bool) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(samples, "print_resources", interrupt)
    assert main(["samples"]) == 130
    assert capsys.readouterr().err == "dllab: interrupted\n"
