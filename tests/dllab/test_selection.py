"""Which plugins are in force: disabled ones, only those that are named, and strict mode."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from plugin_sources import experiment_source

from dllab.errors import NotFoundError
from dllab.index import read_index
from dllab.selection import DISABLED_FILE, config_directory, disabled_plugins, write_disabled

Writer = Callable[..., Path]
Lab = Callable[..., "subprocess.CompletedProcess[str]"]

COUNTS_ITS_IMPORTS = """
import pathlib
with open(pathlib.Path(__file__).with_suffix(".count"), "a") as file:
    file.write("x")
"""


@pytest.fixture
def two(plugin: Writer) -> Path:
    """Two one-file plugins, red and blue, that count how often they are imported; their folder."""
    plugin("red", COUNTS_ITS_IMPORTS + experiment_source("red-thing"))
    return plugin("blue", COUNTS_ITS_IMPORTS + experiment_source("blue-thing")).parent


def imports(folder: Path) -> tuple[int, int]:
    """How often red and blue have been imported."""
    counts = [folder / f"{name}.count" for name in ("red", "blue")]
    red, blue = (len(file.read_text()) if file.exists() else 0 for file in counts)
    return red, blue


def test_a_disabled_plugin_is_not_even_imported_until_it_is_enabled(two: Path, lab: Lab) -> None:
    before = lab("plugins", "--disable", "red")
    assert (before.returncode, before.stderr) == (0, "")
    assert "plugin 'red' is disabled" in before.stdout
    assert imports(two) == (1, 1)  # to know its name
    (two / "red.py").write_text("import os; os._exit(1)")
    listed = lab("list")
    assert "blue-thing" in listed.stdout
    assert "red-thing" not in listed.stdout + listed.stderr
    (two / "red.py").write_text(experiment_source("red-thing"))
    assert lab("plugins", "--enable", "red").stdout == "plugin 'red' is enabled\n"
    assert "red-thing" in lab("list").stdout


def test_disabling_one_loads_no_other_anew(two: Path, lab: Lab) -> None:
    lab("list")
    lab("plugins", "--disable", "red")
    assert "blue-thing" in lab("list").stdout
    assert imports(two) == (1, 1)
    lab("plugins", "--enable", "red")
    lab("list")
    assert imports(two) == (2, 1)


def test_what_a_disabled_plugin_brought_is_missed_with_a_hint(two: Path, lab: Lab) -> None:
    lab("plugins", "--disable", "red")
    done = lab("run", "zzzzzzz")
    assert done.returncode == 2
    assert "Perhaps a plugin that is not loaded brings it: red (see dllab plugins)" in done.stderr
    with pytest.raises(NotFoundError, match=r"not loaded brings it: red"):
        read_index().find("plugin", "zzzzzzz")


def test_the_listing_of_the_plugins_says_why_one_is_not_loaded(two: Path, lab: Lab) -> None:
    lab("plugins", "--disable", "red")
    shown = lab("plugins", COLUMNS="200", DLLAB_LOAD_PLUGINS="red").stdout
    assert "disabled; dllab plugins --enable red" in shown
    assert "not named in DLLAB_LOAD_PLUGINS" in shown
    facts = json.loads(lab("plugins", "--json").stdout)
    assert facts["missing"] == []
    assert [(one["name"], one["by"]) for one in facts["left_out"]] == [("red", "settings")]


def test_an_unknown_name_is_neither_disabled_nor_enabled(two: Path, lab: Lab) -> None:
    done = lab("plugins", "--disable", "rad")
    assert done.returncode == 2
    assert "there is no plugin called 'rad'. Did you mean 'red'?" in done.stderr
    done = lab("plugins", "--enable", "red")
    assert done.returncode == 2
    assert done.stderr == "dllab: plugin 'red' is not disabled; disabled are: none.\n"
    assert disabled_plugins() == []


def test_the_list_is_a_file_that_a_person_can_edit(home: Path) -> None:
    path = Path(write_disabled(["b", "a", "b"]))
    assert path == Path(config_directory(), DISABLED_FILE)
    comment, *names = path.read_text(encoding="utf-8").splitlines()
    assert comment.startswith("# ")
    assert names == ["a", "b"]
    path.write_bytes(b"# mine\n\n  c \n\xff\xfe\n")
    assert disabled_plugins()[0] == "c"
    path.unlink()
    assert disabled_plugins() == []


def test_a_folder_of_settings_that_cannot_be_written_is_told_in_one_line(two: Path, lab: Lab) -> None:
    in_the_way = two / "in the way"
    in_the_way.write_text("a file")
    done = lab("plugins", "--disable", "red", DLLAB_CONFIG=str(in_the_way))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "DLLAB_CONFIG chooses another folder" in done.stderr


def test_only_the_named_plugins_are_loaded_beside_the_labs_own(two: Path, lab: Lab) -> None:
    named = lab("list", DLLAB_LOAD_PLUGINS="red, vision")
    assert "red-thing" in named.stdout
    assert "blue-thing" not in named.stdout
    assert "deepdream" in named.stdout
    none = lab("list", DLLAB_LOAD_PLUGINS="")
    assert "-thing" not in none.stdout
    assert "deepdream" in none.stdout
    assert "red-thing" in lab("list").stdout
    assert imports(two) == (2, 1)  # one index for each choice; blue only without one


def test_a_run_in_another_process_has_the_same_plugins(two: Path, lab: Lab) -> None:
    done = lab("run", "red-thing", "--executor", "process", "--quiet", DLLAB_LOAD_PLUGINS="red")
    assert done.returncode == 0, done.stderr


def test_a_named_plugin_that_is_not_there_is_shown(two: Path, lab: Lab) -> None:
    said = "DLLAB_LOAD_PLUGINS names 'green', and no plugin is called so"
    assert said in lab("plugins", DLLAB_LOAD_PLUGINS="green,red").stdout
    strict = lab("list", DLLAB_LOAD_PLUGINS="green,red", DLLAB_STRICT="1")
    assert (strict.returncode, strict.stderr) == (1, f"dllab: strict mode, faults: 1: {said}\n")


@pytest.mark.parametrize("words", [["list"], ["run", "red-thing"], ["runs"], ["doctor"], ["models"]])
def test_in_strict_mode_a_broken_plugin_fails_every_command(
    two: Path, plugin: Writer, lab: Lab, words: list[str]
) -> None:
    assert lab(*words, "--strict").returncode == 0
    plugin("broken", "raise RuntimeError('boom')")
    assert lab("list").returncode == 0
    for done in (lab(*words, "--strict"), lab("--strict", *words), lab(*words, DLLAB_STRICT="1")):
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "strict mode, faults: 1: plugin 'broken' (" in done.stderr
        assert "RuntimeError: boom" in done.stderr
    assert lab("list", DLLAB_STRICT="0").returncode == 0


def test_in_strict_mode_a_clash_of_names_fails_too(two: Path, plugin: Writer, lab: Lab) -> None:
    plugin("second", experiment_source("red-thing"))
    done = lab("list", "--strict")
    assert done.returncode == 1
    assert "two plugins claim the experiment 'red-thing': red (" in done.stderr


def test_in_strict_mode_the_plugins_are_still_shown_and_can_be_disabled(
    two: Path, plugin: Writer, lab: Lab
) -> None:
    plugin("broken", "raise RuntimeError('boom')")
    shown = lab("plugins", "--strict")
    assert shown.returncode == 1
    assert "RuntimeError: boom" in shown.stdout
    assert lab("plugins", "--strict", "--disable", "broken").returncode == 0
    assert lab("plugins", "--strict").returncode == 0
    assert lab("list", "--strict").returncode == 0


def test_the_folder_of_settings_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DLLAB_CONFIG", str(tmp_path / "here"))
    assert config_directory() == str(tmp_path / "here")
    monkeypatch.delenv("DLLAB_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert config_directory() == str(tmp_path / "dllab")
