"""Plugins that mean no good, or were written in haste: the rest works, and the culprit is named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from plugin_sources import experiment_source

from dllab.errors import PluginError, UsageError
from dllab.index import read_cache, read_index
from dllab.plugins import load_value, observers, plugin_error

Writer = Callable[..., Path]
Lab = Callable[..., "subprocess.CompletedProcess[str]"]

HOOK = "import dllab\n\n@dllab.hookimpl\n"
PARAMS = """
import dllab
from pydantic import Field

class P(dllab.Params):
    n: int = dllab.param(1, help="a number")

class TooMany(dllab.Params):
    n: int = dllab.param(30, ge=1, le=5, help="a number")

class Aliased(dllab.Params):
    n: int = Field(1, alias="m")
"""
FAKES = r"""
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'{"done": true}\n{"end": 0, "record": {}}\n[1]\n"x"\nhalf')
    except OSError:
        pass
"""
PATCHES = """
import builtins, json, os
json.dumps = lambda *given, **named: "[]"
json.loads = builtins.open = os.write = None
"""

# what is declared, and what must be said of it
DECLARED = {
    "a name of 65": ("@dllab.experiment('n' * 65, topic='t')", "P", "at most 64"),
    "a number as name": ("@dllab.experiment(5, topic='t')", "P", "experiment name 5 must be"),
    "no topic": ("@dllab.experiment('x', topic=None)", "P", "topic must be a string, got None"),
    "an empty topic": ("@dllab.experiment('x', topic=' ')", "P", "its topic is empty"),
    "numbered lectures": (
        "@dllab.experiment('x', topic='t', lectures=(1,))",
        "P",
        "lectures must be strings",
    ),
    "one lecture": ("@dllab.experiment('x', topic='t', lectures='0:a')", "P", "lectures must be a list"),
    "a Korean number": ("@dllab.experiment('x', topic='t', ko={'': 5})", "P", "ko: summary must be a string"),
    "a default out of bounds": (
        "@dllab.experiment('x', topic='t')",
        "TooMany",
        "the default 30 of n: Input should be less than or equal to 5",
    ),
    "an alias": ("@dllab.experiment('x', topic='t')", "Aliased", "parameter 'n' has an alias"),
}
THINGS = {
    "resources": [
        ("dllab.Resource('sample', 'x', 's', print, size_bytes='big')", "size_bytes must be a whole number"),
        ("dllab.Resource('sample', 'x', 's', print, size_bytes=-5)", "size_bytes must be a whole number"),
        ("dllab.Resource('sample', 'x', 's', print, licence=None)", "licence must be a string, got None"),
        ("dllab.Resource('sample', 'x', 's', 5)", "load must be a function, got 5"),
        ("dllab.Resource('sample', 'x' * 65, 's', print)", "at most 64"),
    ],
    "commands": [
        ("dllab.Command('zap', 12, print)", "summary must be a string, got 12"),
        ("dllab.Command('zap', 's', None)", "run must be a function, got None"),
    ],
    "exporters": [("dllab.Exporter('zap', 's', None)", "export must be a function, got None")],
    "executors": [("dllab.ExecutorFactory('zap', 's', None)", "make must be a function, got None")],
}


def error_of(plugin: str) -> str:
    return plugin_error(plugin, read_index().plugins[plugin])


def brings(hook: str, thing: str) -> str:
    return f"{HOOK}def dllab_{hook}():\n    return [{thing}]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a file be called so")
def test_a_plugin_whose_file_name_is_not_utf8_is_set_aside_and_named(plugin: Writer, lab: Lab) -> None:
    folder = plugin("good", experiment_source("good")).parent
    Path(os.fsdecode(os.fsencode(folder) + b"/inv\xff.py")).write_text("", encoding="utf-8")
    assert "its file's name is not UTF-8" in error_of(r"inv\udcff")
    for words in (["list"], ["plugins"], ["plugins", "--json"], ["info", "good"], ["doctor"]):
        done = lab(*words)
        assert "Traceback" not in done.stderr
        assert r"inv\udcff" in (done.stdout + done.stderr).replace(r"\\", "\\") or words[0] == "info"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a file be called so")
def test_a_module_whose_file_name_is_not_utf8_goes_into_the_digest(plugin: Writer) -> None:
    folder = plugin("good", experiment_source("good")).parent / "pack"
    folder.mkdir()
    (folder / "__init__.py").write_text(experiment_source("packed"), encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/inv\xff.py")).write_text("", encoding="utf-8")
    assert len(read_index().plugins["pack"]["digest"]) == 64


@pytest.mark.parametrize("source", [FAKES, PATCHES, "import os; os.closerange(0, 64)"])
def test_a_plugin_that_tampers_with_its_loading_spoils_no_other(plugin: Writer, source: str) -> None:
    plugin("a_tampers", source)
    plugin("b_good", experiment_source("good"))
    index = read_index()
    assert index.experiments["good"]["plugin"] == "b_good"
    assert not index.plugins["b_good"]["error"]


def test_a_plugin_that_leaves_no_record_is_broken(plugin: Writer) -> None:
    plugin("mute", "from dllab import plugin_modules\nplugin_modules.LISTING_HOOKS = None")
    assert "left no record" in error_of("mute")


def test_a_plugin_that_closes_every_descriptor_and_goes_on_is_not_waited_for(
    plugin: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DLLAB_PLUGIN_TIMEOUT", "1")
    plugin("closes", "import os, time\nos.closerange(0, 70000)\ntime.sleep(1000)")
    assert error_of("closes").startswith("took more than 1 s")


@pytest.mark.parametrize("given", ["-1", "0", "inf", "nan", "1e30", "soon"])
def test_a_limit_that_is_no_time_is_refused_in_one_line(plugin: Writer, lab: Lab, given: str) -> None:
    plugin("good", experiment_source("good"))
    done = lab("list", DLLAB_PLUGIN_TIMEOUT=given)
    assert done.returncode == 2
    assert done.stderr == (
        f"dllab: DLLAB_PLUGIN_TIMEOUT is '{given}': give seconds, more than 0 and at most 86400\n"
    )


@pytest.mark.parametrize("case", DECLARED)
def test_what_an_experiment_declares_is_held_to_its_types(plugin: Writer, case: str) -> None:
    decorator, params, message = DECLARED[case]
    experiment = f'{decorator}\ndef x(run, params: {params}):\n    """A."""\n'
    plugin("odd", PARAMS + experiment + brings("experiments", "x"))
    assert re.search(message, error_of("odd"))


@pytest.mark.parametrize("form", ["async def x(run, params: P):{}", "def x(run, params: P):{}    yield 1\n"])
def test_a_function_that_would_do_nothing_when_called_is_no_experiment(plugin: Writer, form: str) -> None:
    source = "@dllab.experiment('x', topic='t')\n" + form.format('\n    """A."""\n')
    plugin("odd", PARAMS + source + brings("experiments", "x"))
    assert re.search(r"not awaited|its function yields", error_of("odd"))


@pytest.mark.parametrize(
    ("hook", "thing", "message"), [(h, *one) for h, them in THINGS.items() for one in them]
)
def test_what_else_is_declared_is_held_to_its_types(
    plugin: Writer, hook: str, thing: str, message: str
) -> None:
    plugin("odd", brings(hook, thing))
    assert message in error_of("odd")


def test_nothing_that_a_plugin_says_of_itself_steers_the_terminal(plugin: Writer, lab: Lab) -> None:
    evil = "\\x1b[2J\\x1b]0;me\\x07 a\\nb \\udcff"
    source = experiment_source("waves", topic=evil, summary=evil).replace("height", evil)
    plugin("evil", source.replace('"""' + evil, '"""' + evil + "\n\nMore:\n  " + evil))
    plugin("more", brings("resources", f"dllab.Resource('sample', 'x', '{evil}', print, licence='{evil}')"))
    plugin("raises", f"raise RuntimeError('{evil}')")
    plugin("worse", "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E")
    for words in (["list"], ["info", "waves"], ["run", "waves", "--help"], ["samples"], ["plugins"],
                  ["--debug", "plugins"], ["--strict", "list"], ["run", "wavs"]):  # fmt: skip
        done = lab(*words)
        assert re.search(r"[^\n\S ]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr) is None
    assert r"\x1b[2J" in lab("list").stdout
    assert error_of("worse") == "E: (its text raises SystemExit)"


def test_a_cache_of_damaged_bytes_is_no_index(plasma: Path) -> None:
    import random

    index = read_index()
    path = Path(index.path or "")
    good = path.read_bytes()
    for seed in range(20):
        rng = random.Random(seed)
        damaged = bytearray(good)
        for _ in range(1 + seed % 4):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        path.write_bytes(rng.randbytes(len(good)) if seed == 0 else bytes(damaged))
        assert read_cache(str(path), index.header["made_from"]) is None, seed


def test_a_cache_of_damaged_bytes_is_made_anew(plasma: Path) -> None:
    path = Path(read_index().path or "")
    good = path.read_bytes()
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    assert read_index().schema("plasma")["properties"]["size"]["maximum"] == 4096
    assert len(path.read_bytes()) > len(good) / 2


@pytest.mark.parametrize("ends", ["raise SystemExit(0)", "raise KeyboardInterrupt", "raise Odd"])
def test_no_observer_ends_a_run(plugin: Writer, lab: Lab, ends: str) -> None:
    odd = "class Odd(Exception):\n    def __str__(self): raise ValueError('no')\n\n"
    plugin("grumbler", odd + HOOK + f"def dllab_run_event(record, event):\n    {ends}\n")
    failures: list[str] = []
    watching = observers(failures.append)
    for _ in range(2):
        watching.call("dllab_run_event", record=None, event={})
    assert len(failures) == 1
    assert failures[0].startswith("plugin 'grumbler' (")


LEAVES = "def leaves(*given):\n    raise SystemExit(0)\n\n"


@pytest.mark.parametrize(
    ("loads", "message"),
    [
        ("leaves", "SystemExit: 0"),
        ("lambda: 1 / 0", "ZeroDivisionError: division by zero"),
        ("lambda: None", "load must return the path of a file, got NoneType"),
        ("lambda: 42", "load must return the path of a file, got int"),
        ("lambda: '/no/such/file'", "there is no file"),
    ],
)
def test_a_sample_that_cannot_be_had_names_its_plugin(plugin: Writer, loads: str, message: str) -> None:
    plugin("odd", LEAVES + brings("resources", f"dllab.Resource('sample', 'x', 's', {loads})"))
    with pytest.raises(PluginError, match=r"^plugin 'odd' \(.*" + message):
        load_value("sample", "x")


def test_a_command_interrupted_in_an_executed_text_ends_with_its_status(plugin: Writer, lab: Lab) -> None:
    source = "def stop(*given):\n    exec('raise KeyboardInterrupt')\n\n"  # as in the making of a dataclass
    plugin("odd", source + brings("commands", "dllab.Command('zap', 's', stop)"))
    result = lab("zap")
    assert (result.returncode, result.stderr) == (130, "dllab: interrupted\n")


def test_a_command_that_exits_is_a_failure_of_its_plugin(plugin: Writer, lab: Lab) -> None:
    plugin("odd", LEAVES + brings("commands", "dllab.Command('zap', 's', leaves)"))
    plugin("even", LEAVES + brings("commands", "dllab.Command('zip', 's', lambda args: 'ok')"))
    done = lab("zap")
    assert done.returncode == 1
    assert re.fullmatch(r"dllab: plugin 'odd' \(.*\) is broken: SystemExit: 0\n", done.stderr)
    done = lab("zip")
    assert done.returncode == 1
    assert "command 'zip' returned 'ok', not an exit status" in done.stderr


def test_an_exporter_that_exits_is_a_failure_of_its_plugin(plugin: Writer, plasma: Path, lab: Lab) -> None:
    plugin("odd", LEAVES + brings("exporters", "dllab.Exporter('gone', 's', leaves)"))
    assert lab("run", "plasma", "--tiny", "--quiet").returncode == 0
    done = lab("export", "last", "--to", "gone", "there")
    assert done.returncode == 1
    assert re.fullmatch(r"dllab: plugin 'odd' \(.*\) is broken: SystemExit: 0\n", done.stderr)


EXECUTOR = """
class Handle:
    def wait(self): {wait}
    def cancel(self): pass

class Place:
    def submit(self, spec, emit): {submit}
    def close(self): pass

"""


@pytest.mark.parametrize(
    ("make", "submit", "wait", "message"),
    [
        ("leaves", "pass", "pass", "SystemExit: 0"),
        ("lambda: 5", "pass", "pass", "make returned int, which has no submit"),
        ("Place", "leaves()", "pass", "SystemExit: 0"),
        ("Place", "return 7", "pass", "submit returned int, which has no wait"),
        ("Place", "return Handle()", "leaves()", "SystemExit: 0"),
        ("Place", "return Handle()", "pass", "says that the run has ended, and not how"),
    ],
)
def test_a_run_on_an_executor_that_fails_is_recorded_as_failed(
    plugin: Writer, plasma: Path, lab: Lab, make: str, submit: str, wait: str, message: str
) -> None:
    place = EXECUTOR.format(submit=submit, wait=wait)
    plugin("odd", LEAVES + place + brings("executors", f"dllab.ExecutorFactory('moon', 's', {make})"))
    done = lab("run", "plasma", "--tiny", "--executor", "moon")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert message in done.stderr
    assert "plugin 'odd'" in done.stderr
    recorded = lab("runs", "--json").stdout
    assert ('"failed"' in recorded) == (make == "Place")


def test_a_plugin_without_a_hook_is_told_of_the_decorator(plugin: Writer, lab: Lab) -> None:
    plugin("forgets", "def dllab_experiments():\n    return []\n")
    assert "is @dllab.hookimpl missing?" in " ".join(lab("plugins").stdout.split())


def test_a_refused_limit_leaves_no_index_behind(plugin: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin("good", experiment_source("good"))
    monkeypatch.setenv("DLLAB_PLUGIN_TIMEOUT", "nan")
    with pytest.raises(UsageError):
        read_index()
    monkeypatch.delenv("DLLAB_PLUGIN_TIMEOUT")
    assert "good" in read_index().experiments
