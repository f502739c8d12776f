"""`--json`: every command that answers can answer so, and the answer is JSON."""

import json
from importlib import import_module

import pytest

from dllab.cli.parsers import Parser
from dllab.reserved import COMMANDS, RUN_FLAGS

WITHOUT = {"completion", "new-plugin"}  # a script for a shell; a package on the disk


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - WITHOUT))
def test_every_command_that_answers_takes_json(command):
    if command == "run":
        assert "json" in RUN_FLAGS
        return
    parser = Parser(f"dllab {command}", "")
    import_module("dllab.cli." + command.replace("-", "_")).add_arguments(parser)
    assert "--json" in parser._option_string_actions


@pytest.mark.parametrize(
    "words",
    [
        ("runs",), ("show", "RUN"), ("tag", "RUN", "+best", "--json"), ("tag", "--json", "RUN"),
        ("open", "RUN"), ("compare", "RUN", "last"), ("gc",), ("verify",), ("sql", "SELECT * FROM runs"),
        ("rm", "RUN", "--yes"), ("list",), ("plugins",), ("models",), ("samples",), ("info", "plasma"),
        ("which", "FILE"), ("export", "RUN", "PLACE", "--to", "zip"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_answer_is_json_and_nothing_else(dllab, plasma, new_run, tmp_path, words):
    new_run(seed=1)
    run = new_run(files={"a.png": b"a"})
    places = {"RUN": run.id, "FILE": str(run.folder / "a.png"), "PLACE": str(tmp_path / "runs.zip")}
    given = [places.get(word, word) for word in words]
    status, out, err = dllab(*given, *([] if "--json" in words else ["--json"]))
    assert (status, err) == (0, "")
    json.loads(out)
