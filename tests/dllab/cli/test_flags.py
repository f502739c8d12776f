"""The flags of `dllab run X`: what is typed becomes raw values, or one line of complaint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dllab.cli.flags import experiment_named, parse_run
from dllab.cli.help import parameter_lines, shown
from dllab.errors import NotFoundError, UsageError
from dllab.index import read_index
from dllab.reserved import PARAMETER_NAMES, RUN_FLAGS

EVERYTHING = '''
from typing import Literal

import dllab


class EverythingParams(dllab.Params):
    image: dllab.Input = dllab.input("image", help="a picture")
    folder: dllab.Input | None = dllab.input("folder", default=None, help="a folder")
    size: int = dllab.param(256, ge=16, le=4096, unit="px", help="height and width")
    learning_rate: float = dllab.param(1e-3, gt=0, lt=1, help="step length")
    steps: int | None = dllab.param(None, ge=1, help="how many; none: until it is good")
    layers: tuple[str, ...] = dllab.param(("c1", "c2"), min_length=1, help="layers to look at")
    channels: tuple[int, ...] | None = dllab.param(None, help="channels; none: all")
    crop: tuple[int, int] = dllab.param((4, 5), help="a corner")
    mode: Literal["fast", "good"] = dllab.param("fast", help="how well")
    tones: tuple[Literal["low", "high"], ...] = dllab.param(("low",), help="which tones")
    smooth: bool = dllab.param(True, help="smooth it")
    loud: bool | None = dllab.param(None, help="perhaps")
    weights: dict[str, float] = dllab.param({}, help="by layer")
    title: str = dllab.param("", help="text above")


@dllab.experiment("everything", topic="test", tiny={"size": 16}, ko={"": "모든 것", "size": "높이와 너비"})
def everything(run, params: EverythingParams):
    """Every kind of parameter."""


@dllab.hookimpl
def dllab_experiments():
    return [everything]
'''


@pytest.fixture
def everything(plugin: Callable[..., Path]) -> Path:
    return plugin("everything", EVERYTHING)


TYPED: list[tuple[list[str], dict[str, Any]]] = [
    (["--size", "32"], {"size": "32"}),
    (["--size=32"], {"size": "32"}),
    (["--size", "32", "--size", "64"], {"size": "64"}),
    (["--learning-rate", "1e-2"], {"learning_rate": "1e-2"}),
    (["--learning_rate=1e-2"], {"learning_rate": "1e-2"}),
    (["--image", "cat.jpg"], {"image": "cat.jpg"}),
    (["--image", "-cat.jpg"], {"image": "-cat.jpg"}),
    (["--image", "--"], {"image": "--"}),
    (["--image", "a, b.png"], {"image": "a, b.png"}),
    (["--image", "고양이 🐈.jpg"], {"image": "고양이 🐈.jpg"}),
    (["--image=--size"], {"image": "--size"}),
    (["--steps", "none"], {"steps": None}),
    (["--title", "none"], {"title": "none"}),
    (["--title", ""], {"title": ""}),
    (["--layers", "a", "b", "--size", "7"], {"layers": ["a", "b"], "size": "7"}),
    (["--layers", "a,b", "c"], {"layers": ["a", "b", "c"]}),
    (["--layers=a,b"], {"layers": ["a", "b"]}),
    (["--channels", "-1", "2"], {"channels": ["-1", "2"]}),
    (["--channels", "none"], {"channels": None}),
    (["--layers", "none"], {"layers": []}),
    (["--crop", "1", "2"], {"crop": ["1", "2"]}),
    (["--tones", "low,high"], {"tones": ["low", "high"]}),
    (["--smooth"], {"smooth": True}),
    (["--no-smooth"], {"smooth": False}),
    (["--smooth=no"], {"smooth": "no"}),
    (["--loud=none"], {"loud": None}),
    (["--weights", '{"c1": 2}'], {"weights": {"c1": 2}}),
    ([], {}),
]


@pytest.mark.parametrize(("words", "values"), TYPED, ids=[" ".join(words) for words, _ in TYPED])
def test_what_is_typed_becomes_raw_values(everything: Path, words: list[str], values: dict[str, Any]) -> None:
    assert parse_run(["everything", *words]).values == values


def test_the_experiment_may_stand_after_flags_of_the_run(everything: Path) -> None:
    args = parse_run(["--seed", "3", "--quiet", "everything", "--tag", "a", "--size", "32", "--tag=b"])
    assert (args.experiment, args.seed, args.quiet, args.tag) == ("everything", 3, True, ["a", "b"])
    assert (args.values, args.device, args.tiny, args.params) == ({"size": "32"}, None, False, None)


def test_a_run_to_resume_names_its_experiment_itself() -> None:
    assert experiment_named(["--resume", "abc", "--quiet"]) == ""
    args = parse_run(["--resume", "abc", "--quiet"])
    assert (args.experiment, args.resume, args.quiet) == ("", "abc", True)


COMPLAINTS = [
    (
        ["--sise", "3"],
        r"^'everything' has no --sise\. Did you mean '--size'\? \(see dllab run everything --help\)$",
    ),
    (["--no-size"], r"^'everything' has no --no-size\."),
    (["-s", "3"], r"^'everything' has no -s\."),
    (["--size"], r"^--size needs a value$"),
    (["--size", "--smooth"], r"^--size needs a value$"),
    (["--layers", "--size", "3"], r"^--layers needs a value$"),
    (["--layers", "a", "--sice", "3"], r"^'everything' has no --sice\. Did you mean '--size'\?"),
    (
        ["cat.jpg"],
        r"^'cat\.jpg' stands alone: put its option before it, as --image cat\.jpg \(see",
    ),
    (["--size", "3", "4"], r"^'4' stands alone: put its option"),
    (["--no-smooth=yes"], r"^--no-smooth takes no value, got 'yes'$"),
    (["--tiny=1"], r"^--tiny takes no value, got '1'$"),
    (["--seed", "x"], r"^--seed takes a whole number from 0 on, got 'x'$"),
    (["--seed", "-1"], r"^--seed takes a whole number from 0 on, got '-1'$"),
    (["--threads", "0"], r"^--threads takes a whole number from 1 on, got '0'$"),
    (["--weights", "{"], r"^--weights takes JSON, got '\{' \("),
]


@pytest.mark.parametrize(("words", "message"), COMPLAINTS, ids=[" ".join(words) for words, _ in COMPLAINTS])
def test_a_wrong_line_is_answered_in_one_line(everything: Path, words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_run(["everything", *words])
    assert "\n" not in str(caught.value)


def test_an_unknown_or_a_missing_experiment_is_said(everything: Path) -> None:
    with pytest.raises(
        NotFoundError, match=r"there is no experiment called 'everyting'\. Did you mean 'everything'\?"
    ):
        parse_run(["everyting"])
    with pytest.raises(UsageError, match=r"^which experiment\?"):
        parse_run(["--seed", "3"])


def test_the_help_shows_defaults_bounds_units_and_choices(
    everything: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = [" ".join(line.split()) for line in parameter_lines(read_index().experiment("everything"))]
    assert lines == [
        "--image PICTURE a picture [required]",
        "--folder FOLDER a folder [default none]",
        "--size INTEGER height and width [16..4096 px; default 256]",
        "--learning-rate NUMBER step length [> 0, < 1; default 0.001]",
        "--steps INTEGER how many; none: until it is good [>= 1; default none]",
        "--layers TEXT ... layers to look at [>= 1 values; default c1,c2]",
        "--channels INTEGER ... channels; none: all [default none]",
        "--crop INTEGER ... a corner [2 values; default 4,5]",
        "--mode fast|good how well [default fast]",
        "--tones low|high ... which tones [default low]",
        "--smooth/--no-smooth smooth it [default --smooth]",
        "--loud/--no-loud perhaps [default none]",
        "--weights JSON by layer [default {}]",
        '--title TEXT text above [default ""]',
    ]


def test_every_flag_of_the_run_is_in_the_help_in_both_languages(
    everything: Path, lab: Callable[..., Any]
) -> None:
    english = lab("run", "everything", "--help").stdout
    korean = lab("run", "everything", "--help", "--lang", "ko").stdout
    for name in RUN_FLAGS:
        assert f"  --{name} " in english
        assert f"  --{name} " in korean
    assert "모든 것" in korean
    assert "--size 정수" in korean
    assert "높이와 너비 [16..4096 px; 기본값 256]" in korean


def test_the_runs_own_names_are_reserved() -> None:
    assert {"seed", "device", "threads", "out", "no_recipe", "lang", "plugins_dir"} <= PARAMETER_NAMES


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"),
        (True, "true"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e-05, "1e-05"),
        ([1, 2.5], "1,2.5"),
        ("a", "a"),
    ],
)
def test_a_value_is_shown_as_it_is_typed(value: Any, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    "words",
    [
        ["--image", "sample:cat", "everything", "--size", "32"],
        ["--size", "32", "--image", "sample:cat", "everything"],
        ["--seed", "3", "--image=sample:cat", "everything", "--size=32"],
        ["--size", "32", "everything", "--image", "sample:cat"],
    ],
    ids=" ".join,
)
def test_the_experiment_may_stand_after_its_parameters(everything: Path, words: list[str]) -> None:
    args = parse_run(words)
    assert args.experiment == "everything"
    assert args.values == {"image": "sample:cat", "size": "32"}


def test_none_after_an_optional_switch_is_its_value(everything: Path) -> None:
    assert parse_run(["everything", "--loud", "none", "--size", "7"]).values == {"loud": None, "size": "7"}
    with pytest.raises(UsageError, match="'none' stands alone"):
        parse_run(["everything", "--smooth", "none"])


@pytest.mark.parametrize("word", ["sample:cat", "cat.jpg", "photos/cat"])
def test_an_input_that_stands_alone_gets_its_flag(everything: Path, word: str) -> None:
    with pytest.raises(UsageError, match=f"as --image {word} "):
        parse_run(["everything", word])
    with pytest.raises(UsageError, match=f"as --folder {word} "):
        parse_run(["everything", "--image", "x", "--size", "9", word])
    with pytest.raises(
        UsageError, match=f"^'{word}' is no experiment; .*dllab run EXPERIMENT --image {word}$"
    ):
        parse_run([word])


def test_the_help_lists_the_executors_and_the_default_seed(everything: Path, lab: Callable[..., Any]) -> None:
    words = " ".join(lab("run", "everything", "--help").stdout.split())
    assert "the seed of every random number [default 0]" in words
    assert "[one of inline, process; default inline]" in words
