"""Raw values, as flags and files give them, become typed parameters or faults that teach."""

from __future__ import annotations

from typing import Literal

import pytest

import dllab
from dllab.errors import UsageError
from dllab.validation import validate_params


class ShapeParams(dllab.Params):
    side: int = dllab.param(4, ge=1, le=64, help="side")
    rate: float = dllab.param(0.5, gt=0, lt=1, help="rate")
    sizes: tuple[Literal[32, 48, 64], ...] = dllab.param((32,), min_length=1, help="sizes")
    depth: Literal[1, 2] | None = dllab.param(None, help="depth")
    mode: Literal["soft", "hard"] = dllab.param("soft", help="mode")
    is_round: bool = dllab.param(False, help="round")
    limit: int | None = dllab.param(None, ge=1, help="limit")
    name: str = dllab.param(help="a word that must be given")


@dllab.experiment("shape", topic="test")
def shape(run: dllab.Run, params: ShapeParams) -> None:
    """Nothing."""


class TuneParams(dllab.Params):
    notes: str = dllab.param("C5 D5", min_length=2, max_length=40, help="a tune")


@dllab.experiment("tune", topic="test")
def tune(run: dllab.Run, params: TuneParams) -> None:
    """Nothing."""


def test_words_become_values() -> None:
    params = validate_params(
        shape,
        {"side": "8", "rate": "0.25", "sizes": ["48", "64"], "depth": "2", "mode": "hard", "is_round": "true",
         "limit": "none", "name": "none"},
    )  # fmt: skip
    assert params.model_dump() == {
        "side": 8, "rate": 0.25, "sizes": (48, 64), "depth": 2, "mode": "hard", "is_round": True,
        "limit": None,
        "name": "none",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"side": "0"}, "--side 0: must be at least 1"),
        ({"side": "65"}, "--side 65: must be at most 64"),
        ({"side": "1.5"}, "--side 1.5: must be a whole number"),
        ({"rate": "0"}, "--rate 0: must be greater than 0"),
        ({"rate": "1"}, "--rate 1: must be less than 1"),
        ({"rate": "nan"}, "--rate nan: must be a finite number"),
        ({"rate": "inf"}, "--rate inf: must be a finite number"),
        ({"rate": "x"}, "--rate x: must be a finite number"),
        ({"sizes": ["40"]}, "--sizes 40: must be 32, 48 or 64"),
        ({"sizes": []}, "at least 1"),
        ({"mode": "loud"}, "--mode loud: must be soft or hard"),
        ({"is_round": "perhaps"}, "--is-round perhaps: must be true or false"),
        ({"nmae": "x"}, "--nmae"),
        ({"nmae": "x"}, "Did you mean 'name'?"),
    ],
)
def test_each_fault_names_flag_value_and_remedy(values: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        validate_params(shape, {"name": "a", **values})
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_one_word_stands_for_a_list() -> None:
    assert validate_params(shape, {"name": "a,b", "sizes": "48"}).model_dump()["sizes"] == (48,)
    params = validate_params(shape, {"name": "a,b", "sizes": "48,64"})
    assert (params.model_dump()["sizes"], params.model_dump()["name"]) == ((48, 64), "a,b")


def test_what_must_be_given_is_asked_for_and_all_faults_come_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        validate_params(shape, {"side": "0", "rate": "2"})
    message = str(caught.value)
    assert "--name must be given" in message and "--side 0" in message and "--rate 2" in message


def test_a_parameter_unlike_any_other_is_answered_by_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        validate_params(shape, {"name": "a", "q": "1"})
    flags = "--side, --rate, --sizes, --depth, --mode, --is-round, --limit, --name"
    assert str(caught.value) == f"there is no parameter --q. 'shape' has {flags}"


def test_a_long_value_is_shortened_in_its_fault() -> None:
    with pytest.raises(UsageError) as caught:
        validate_params(shape, {"name": "a", "side": "9" * 4000, "mode": "loud\n" * 5000, "y" * 900: "1"})
    faults = str(caught.value).split("; ")
    assert [len(fault) < 180 for fault in faults] == [True] * 3
    assert faults[1].endswith("…: must be soft or hard")


def test_a_text_is_held_to_its_length_and_told_how_long_it_is() -> None:
    with pytest.raises(UsageError) as caught:
        validate_params(tune, {"notes": "C5 " * 5000})
    assert str(caught.value) == f"--notes '{('C5 ' * 20)[:59]}…': must have at most 40 characters, not 15000"
    with pytest.raises(UsageError, match="must have at least 2 characters, not 1"):
        validate_params(tune, {"notes": "C"})
