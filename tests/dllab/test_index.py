"""The index: what it holds, when it is made anew, and what reading it costs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from plugin_sources import experiment_source

from dllab.errors import NotFoundError, PluginError
from dllab.index import cache_directory, read_index, read_same
from dllab.index_build import build_index

Writer = Callable[..., Path]
Lab = Callable[..., "subprocess.CompletedProcess[str]"]

HEAVY = (
    "torch",
    "pydantic",
    "pluggy",
    "rich",
    "importlib.metadata",
    "numpy",
    "pathlib",
    "dataclasses",
    "inspect",
)
IMPORTED = "import sys; from dllab.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"

COUNTS_ITS_IMPORTS = """
import pathlib
with open(pathlib.Path(__file__).with_suffix(".count"), "a") as file:
    file.write("x")
"""


@pytest.mark.parametrize(
    "words", [["list"], ["--help"], ["run", "plasma", "--help"], ["--complete", "run", ""]]
)
def test_light_commands_import_neither_plugins_nor_what_loads_them(plasma: Path, words: list[str]) -> None:
    command = [sys.executable, "-c", IMPORTED, *words]
    subprocess.run(command, capture_output=True, check=True)  # makes the index
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    modules = done.stderr.split()
    assert "dllab.index" in modules
    assert [name for name in (*HEAVY, "plasma", "dllab_dream", "dllab.plugins") if name in modules] == []


def test_reading_the_index_imports_only_json_zlib_and_texts(plasma: Path) -> None:
    code = (
        "import sys, json, zlib, dllab.texts, dllab.errors; before = set(sys.modules)\n"
        "from dllab.index import read_index; read_index().schema('plasma')\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", code]
    subprocess.run(command, capture_output=True, check=True)  # makes the index
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["dllab.index", "dllab.index_file", "dllab.selection"]


def test_an_unchanged_index_is_read_and_not_made_again(plugin: Writer) -> None:
    file = plugin("counts", COUNTS_ITS_IMPORTS)
    first = read_index()
    second = read_index()
    assert first.path is not None
    assert second.header == first.header
    assert file.with_suffix(".count").read_text() == "x"


def test_an_unchanged_index_is_parsed_once_in_a_process(plasma: Path) -> None:
    read_index()  # makes it
    assert read_index() is read_index()


def test_the_file_of_an_index_can_be_read_by_another_process_until_it_is_made_anew(plugin: Writer) -> None:
    plugin("one", experiment_source("one"))
    read_index()
    index = read_index()
    assert index.file is not None
    same = read_same(index.file)
    assert same is not None and same.experiments.keys() == index.experiments.keys()
    plugin("two", experiment_source("two"))
    read_index()
    assert read_same(index.file) is None
    assert read_same(["/no/such/file", 0, 0, 0]) is None


def test_an_index_made_from_another_leaves_that_as_it_was(plugin: Writer, tmp_path: Path) -> None:
    first = plugin("first", experiment_source("first"))
    plugin("last", experiment_source("last"))
    read_index()
    before = read_index()
    first.write_text(experiment_source("first") + "# longer\n" * 50, encoding="utf-8")
    (tmp_path / "a file").write_text("")
    after = build_index(before.header["made_from"], str(tmp_path / "a file" / "index"), previous=before)
    assert after.problem
    for index in (before, after):
        assert index.experiment("last")["name"] == "last"


def test_an_edited_plugin_is_loaded_again_and_no_other(plugin: Writer) -> None:
    other = plugin("counts", COUNTS_ITS_IMPORTS)
    file = plugin("waves", experiment_source("waves"))
    assert "waves" in read_index().experiments
    file.write_text(experiment_source("ripples"), encoding="utf-8")
    assert "ripples" in read_index().experiments
    assert "waves" not in read_index().experiments
    assert other.with_suffix(".count").read_text() == "x"


def test_an_edit_of_a_module_inside_a_package_is_seen(plugin: Writer) -> None:
    package = plugin("unused", "").parent / "boxed"
    package.mkdir()
    (package / "__init__.py").write_text("from .inner import *\nfrom .inner import dllab_experiments\n")
    (package / "inner.py").write_text(experiment_source("before"))
    assert read_index().experiments["before"]["plugin"] == "boxed"
    (package / "inner.py").write_text(experiment_source("afterwards"))
    assert "afterwards" in read_index().experiments


def test_plugins_that_come_and_go_are_seen(plugin: Writer) -> None:
    file = plugin("one", experiment_source("one"))
    assert "one" in read_index().experiments
    plugin("two", experiment_source("two"))
    assert {"one", "two"} <= set(read_index().experiments)
    file.unlink()
    assert "one" not in read_index().experiments


def test_distributions_that_come_and_go_are_seen(distribution: Writer, site: Path) -> None:
    assert "installed" not in read_index().experiments
    distribution("some-plugin", "some_plugin", experiment_source("installed"), version="2.5")
    index = read_index()
    assert index.experiments["installed"]["plugin"] == "some_plugin"
    plugin = index.plugins["some_plugin"]
    assert (plugin["distribution"], plugin["version"], plugin["source"]) == (
        "some-plugin",
        "2.5",
        "some_plugin",
    )
    next(site.glob("*.dist-info")).rename(site / "gone")
    assert "installed" not in read_index().experiments


def test_an_entry_point_edited_in_place_is_seen(distribution: Writer, site: Path) -> None:
    distribution("some-plugin", "some_entry", experiment_source("entered"))
    assert "some_entry" in read_index().plugins
    file = next(site.glob("*.dist-info/entry_points.txt"))
    file.write_text(file.read_text().replace("some_entry =", "renamed ="))
    assert "renamed" in read_index().plugins
    assert "some_entry" not in read_index().plugins


def test_a_broken_plugin_is_tried_again_when_the_module_it_lacked_comes(plugin: Writer) -> None:
    package = plugin("unused", "").parent / "halved"
    package.mkdir()
    (package / "__init__.py").write_text("from .rest import *\nfrom .rest import dllab_experiments\n")
    assert read_index().plugins["halved"]["error"]
    (package / "rest.py").write_text(experiment_source("whole"))
    assert "whole" in read_index().experiments


def test_files_written_to_the_working_folder_do_not_make_the_index_stale(lab: Lab, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    path = json.loads(lab("plugins", "--json", cwd=work).stdout)["index"]
    before = Path(path).stat().st_mtime_ns
    (work / "picture.png").write_bytes(b"")
    assert json.loads(lab("plugins", "--json", cwd=work).stdout)["index"] == path
    assert Path(path).stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", [b"", b"{", b"[1, 2]\n", b'{"made_from": 1}\n', None])
def test_a_damaged_cache_file_is_made_anew(plasma: Path, damage: bytes | None) -> None:
    path = Path(read_index().path or "")
    path.write_bytes(path.read_bytes()[:-100] if damage is None else damage)
    index = read_index()
    assert index.schema("plasma")["properties"]["size"]["maximum"] == 4096
    assert Path(index.path or "").read_bytes().endswith(b"}\n")


def test_where_the_cache_cannot_be_written_the_index_works_and_says_so(
    plasma: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lab: Lab
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("DLLAB_CACHE", str(blocked / "cache"))
    index = read_index()
    assert index.path is None
    assert str(blocked) in index.problem
    assert index.schema("plasma")["properties"]["size"]["minimum"] == 16
    assert f"cannot be kept, so each command makes it anew: {blocked}" in lab("plugins").stdout.replace(
        "\n", " "
    )


def test_a_python_that_does_not_start_is_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no python"))
    with pytest.raises(PluginError, match=r"no python does not start \(.*No such file"):
        read_index()


def test_the_schema_has_no_titles_but_keeps_a_parameter_of_that_name(plugin: Writer) -> None:
    plugin(
        "titled",
        '''
        import dllab

        class TitledParams(dllab.Params):
            title: str = dllab.param("a", help="what stands above it")

        @dllab.experiment("titled", topic="testing", tiny={"title": "b"}, ko={"": "제목", "title": "말"})
        def titled(run, params: TitledParams):
            """Has a title.

            And says more.
            """

        @dllab.hookimpl
        def dllab_experiments():
            return [titled]
        ''',
    )
    facts = read_index().experiment("titled")
    assert facts["schema"] == {
        "additionalProperties": False,
        "properties": {"title": {"default": "a", "description": "what stands above it", "type": "string"}},
        "type": "object",
    }
    assert (facts["summary"], facts["details"]) == ("Has a title.", "And says more.")
    assert facts["tiny"] == {"title": "b"}
    assert facts["ko"] == {"": "제목", "title": "말"}
    assert read_index().experiments["titled"]["ko"] == "제목"


def test_the_digest_of_a_plugin_is_that_of_its_source(plugin: Writer) -> None:
    file = plugin("plain", "answer = 42\n")
    line = f"plain.py\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
    assert read_index().plugins["plain"]["digest"] == hashlib.sha256(line.encode()).hexdigest()


def test_a_name_that_nothing_goes_by_is_answered_with_the_nearest(plasma: Path) -> None:
    with pytest.raises(
        NotFoundError, match=r"^there is no experiment called 'plazma'\. Did you mean 'plasma'\?$"
    ):
        read_index().schema("plazma")
    with pytest.raises(NotFoundError, match=r"^there is no model called 'zzzzzzz'\.$"):
        read_index().find("model", "zzzzzzz")


def test_the_cache_directory_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "here"))
    assert cache_directory() == str(tmp_path / "here")
    monkeypatch.delenv("DLLAB_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_directory() == str(tmp_path / "dllab")


def test_forty_installed_plugins_are_listed_without_loading_one(site: Path, lab: Lab) -> None:
    folder = Path(__file__).parents[2] / "benchmarks"
    code = "import sys; sys.path.insert(0, sys.argv[1]); import startup, pathlib\n"
    code += "startup.write_plugins(pathlib.Path(sys.argv[2]), 40)"
    subprocess.run([sys.executable, "-c", code, str(folder), str(site)], check=True)
    listed = json.loads(lab("list", "--json").stdout)
    assert sum(one["plugin"].startswith("bench-") for one in listed) == 80
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, "list"], capture_output=True, text=True, check=True
    )
    assert not any(name.startswith("bench_plugin_") for name in done.stderr.split())


def test_the_subprocess_ends_when_the_lab_is_killed_while_a_plugin_hangs(
    plugin: Writer, tmp_path: Path
) -> None:
    process_id = tmp_path / "pid"
    plugin(
        "hangs_on",
        f"""
        import os, pathlib, time
        pathlib.Path({str(process_id)!r} + ".part").write_text(str(os.getpid()))
        os.replace({str(process_id)!r} + ".part", {str(process_id)!r})
        time.sleep(1000)
        """,
    )
    lab = subprocess.Popen([sys.executable, "-m", "dllab", "list"], stdout=subprocess.DEVNULL, cwd=tmp_path)
    waited = 0.0
    while not process_id.exists() and waited < 60:
        time.sleep(0.05)
        waited += 0.05
    lab.kill()
    lab.wait()
    worker = int(process_id.read_text())
    while is_alive(worker) and waited < 60:
        time.sleep(0.05)
        waited += 0.05
    assert not is_alive(worker)


def is_alive(process_id: int) -> bool:
    """Whether a process runs; a zombie that nobody has waited for does not."""
    try:
        os.kill(process_id, 0)
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return False
