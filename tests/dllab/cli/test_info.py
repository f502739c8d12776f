"""`dllab info NAME`: everything the index knows of an experiment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Lab = Callable[..., "subprocess.CompletedProcess[str]"]


def test_info_shows_summary_parameters_plugin_and_tiny(plasma: Path, lab: Lab) -> None:
    shown = lab("info", "plasma", COLUMNS="120").stdout
    assert shown.startswith("plasma: Sine waves summed into a picture.\n")
    assert "--size INTEGER   height and width [16..4096 px; default 32]" in shown
    assert f"plugin       plasma ({plasma})" in shown
    assert "--tiny sets  --size 16" in shown
    assert "to run it    dllab run plasma" in shown


def test_info_as_json_has_the_schema_and_where_it_comes_from(plasma: Path, lab: Lab) -> None:
    facts = json.loads(lab("info", "plasma", "--json").stdout)
    assert facts["schema"]["properties"]["waves"]["default"] == 4
    assert (facts["name"], facts["topic"], facts["plugin"]) == ("plasma", "generative", "plasma")
    assert len(facts["digest"]) == 64


def test_info_of_nothing_is_answered_with_the_nearest(plasma: Path, lab: Lab) -> None:
    done = lab("info", "plasme")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dllab: there is no experiment called 'plasme'. Did you mean 'plasma'?\n"
