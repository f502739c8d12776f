"""Guarded loading: whatever a plugin does, the lab works and says who it was."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from plugin_sources import experiment_source

from dllab.errors import NotFoundError, PluginError
from dllab.index import Index, read_index
from dllab.plugins import (
    index_in_force,
    load_experiment,
    load_plugin,
    load_resource,
    observers,
    one_index,
    plugin_error,
)
from dllab.runner import launch
from dllab.store import Store

Writer = Callable[..., Path]
Lab = Callable[..., "subprocess.CompletedProcess[str]"]

HOOK = "import dllab\n\n@dllab.hookimpl\n"
RESERVED = experiment_source("greedy").replace("size: int", "seed: int")

# plugin: its source, and what must be said of it
BROKEN = {
    "raises": ("raise RuntimeError('boom')", r"^RuntimeError: boom$"),
    "lacks": ("import no_such_module", r"^ModuleNotFoundError: No module named 'no_such_module'$"),
    "misspells": ("def f(:", r"^SyntaxError: "),
    "exits": ("import sys; print('bye'); sys.exit(0)", r"^SystemExit: 0$"),
    "interrupts": ("raise KeyboardInterrupt", r"^KeyboardInterrupt$"),
    "dies": ("import os; os._exit(3)", r"exit status 3\): it crashed or called os\._exit"),
    "aborts": ("import os; os.abort()", r"exit status -6\): it crashed"),
    "hangs": ("import time; time.sleep(1000)", r"^took more than 1 s to load"),
    "prints": ("while True: print('spam' * 1000)", r"^took more than 1 s to load"),
    "clogs": ("import os\nwhile True: os.write(2, b'spam' * 1000)", r"^took more than 1 s to load"),
    "returns_one": (HOOK + "def dllab_experiments(): return 3", r"must return a list, got int$"),
    "returns_functions": (
        HOOK + "def dllab_experiments(): return [print]",
        r"it holds print .*decorate it with",
    ),
    "returns_strings": (
        HOOK + "def dllab_resources(): return ['cat']",
        r"list of dllab\.Resource, it holds 'cat'",
    ),
    "hook_raises": (HOOK + "def dllab_commands(): raise ValueError('no')", r"^ValueError: no$"),
    "hook_exits": (HOOK + "def dllab_executors(): raise SystemExit(2)", r"^SystemExit: 2$"),
    "hook_dies": (HOOK + "def dllab_exporters():\n    import os\n    os._exit(5)", r"exit status 5\)"),
    "asks_too_much": (
        HOOK + "def dllab_experiments(colour): return []",
        r"Argument\(s\) \{'colour'\} are declared",
    ),
    "invents_hooks": (HOOK + "def dllab_experimets(): return []", r"unknown hook 'dllab_experimets'"),
    "takes_seed": (RESERVED, r"experiment 'greedy': the lab itself gives every run 'seed'"),
    "twice": (
        experiment_source("twin").replace("[experiment]", "[experiment] * 2"),
        r"the name 'twin' twice$",
    ),
}


@pytest.fixture(scope="module")
def broken_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    for name, (source, _) in BROKEN.items():
        (folder / f"{name}.py").write_text(source)
    (folder / "good.py").write_text(experiment_source("good"))
    return folder


@pytest.fixture
def broken(broken_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """The index of one good plugin among every kind of broken one; it is built once."""
    monkeypatch.setenv("DLLAB_PLUGIN_TIMEOUT", "1")
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", str(broken_folder))
    yield read_index()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_set_aside_and_its_error_kept(broken: Index, name: str) -> None:
    assert re.search(BROKEN[name][1], plugin_error(name, broken.plugins[name]))
    assert broken.plugins[name]["experiments"] == []


def test_the_good_plugin_among_broken_ones_works(broken: Index) -> None:
    assert not broken.plugins["good"]["error"]
    experiment, loaded = load_experiment("good")
    assert (experiment.name, loaded.name, loaded.distribution) == ("good", "good", "")
    assert loaded.hooks == {"dllab_experiments"}


def test_a_plugin_known_to_hang_is_refused_and_not_waited_for(broken: Index) -> None:
    with pytest.raises(
        PluginError, match=r"^plugin 'hangs' \(.*hangs\.py\) is broken: took more than 1 s to load"
    ):
        load_plugin("hangs")


@pytest.mark.parametrize(
    "words",
    [["list"], ["--help"], ["run", "good", "--help"], ["info", "good"], ["models"], ["samples"], ["runs"],
     ["doctor"], ["run", "good", "--quiet"]],
)  # fmt: skip
def test_every_command_works_beside_broken_plugins(broken: Index, lab: Lab, words: list[str]) -> None:
    done = lab(*words)
    assert done.returncode == (1 if words == ["doctor"] else 0), done.stderr  # the doctor finds them
    assert done.stdout or "--quiet" in words
    assert "Traceback" not in done.stderr


def test_the_plugins_command_says_who_is_broken_and_why(broken: Index, lab: Lab) -> None:
    whole = " ".join(lab("plugins", COLUMNS="400").stdout.split())
    for name in BROKEN:
        assert f"{name}.py " in whole
    assert "RuntimeError: boom" in whole
    assert "it crashed or called os._exit" in whole
    assert "Traceback" not in whole
    assert "in <module> raise RuntimeError('boom')" in " ".join(lab("plugins", "--debug").stdout.split())


def test_the_list_names_broken_plugins_beside_its_output(broken: Index, lab: Lab) -> None:
    done = lab("list")
    assert "raises" in done.stderr
    assert "raises" not in done.stdout


def test_a_plugin_that_breaks_after_indexing_is_named_by_one_line(plugin: Writer, lab: Lab) -> None:
    source = "import os, sys\nif 'DLLAB_TEST_FAIL' in os.environ: sys.exit('gone')\n" + experiment_source(
        "moody"
    )
    plugin("moody", source)
    lab("list")
    done = lab("run", "moody", DLLAB_TEST_FAIL="1")
    assert done.returncode == 1
    assert re.fullmatch(r"dllab: plugin 'moody' \(.*moody\.py\) is broken: SystemExit: gone\n", done.stderr)


def test_a_broken_plugins_name_or_an_unknown_one_leads_to_the_broken_plugin(broken: Index, lab: Lab) -> None:
    done = lab("run", "raises")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"dllab: plugin 'raises' \(.*raises\.py\) is broken: RuntimeError: boom\n", done.stderr
    )
    for unknown in ("qqqqqqqqq", "deepdreem"):
        assert "Perhaps a broken plugin brings it: aborts, asks_too_much" in lab("run", unknown).stderr


def test_only_the_plugin_that_brings_the_experiment_is_imported(plugin: Writer) -> None:
    plugin("lonely_one", experiment_source("lonely-one"))
    plugin("lonely_two", experiment_source("lonely-two"))
    load_experiment("lonely-one")
    assert "lonely_one" in sys.modules
    assert "lonely_two" not in sys.modules


def test_threads_that_ask_at_once_all_get_the_whole_plugin(plugin: Writer) -> None:
    plugin("slow", "import time\ntime.sleep(0.3)\n" + experiment_source("slow"))
    index = read_index()
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(load_plugin, "slow", index) for _ in range(4)]
    assert all("dllab_experiments" in each.result().hooks for each in found)


def test_what_a_plugin_prints_while_it_is_imported_stays_out_of_the_output(
    plugin: Writer, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin("chatty", "print('hello')\n" + experiment_source("chatty"))
    load_experiment("chatty")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "hello\n")


def test_a_one_file_plugin_called_as_a_standard_module_does_not_stand_in_its_way(plugin: Writer) -> None:
    plugin("wave", experiment_source("tsunami"))
    load_experiment("tsunami")
    import wave

    assert hasattr(wave, "open")


def test_a_folder_of_plugins_that_is_missing_is_shown_as_broken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "nowhere")
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", missing)
    index = read_index()
    assert plugin_error(missing, index.plugins[missing]).startswith(f"there is no folder {missing}")


def test_of_two_plugins_with_one_experiment_the_first_by_distribution_has_it(
    distribution: Writer, lab: Lab
) -> None:
    distribution("zebra", "clash_zebra", experiment_source("clashing", summary="The zebra's."))
    distribution(
        "aardvark", "clash_aardvark", experiment_source("clashing", summary="The aardvark's."), "3.1"
    )
    index = read_index()
    assert index.experiments["clashing"]["summary"] == "The aardvark's."
    assert index.clashes == [
        {"kind": "experiments", "name": "clashing", "winner": "clash_aardvark", "loser": "clash_zebra"}
    ]
    message = (
        "two plugins claim the experiment 'clashing': clash_aardvark (aardvark 3.1) has it, "
        "the one of clash_zebra (zebra 1.0) is left out"
    )
    assert message in lab("plugins").stdout.replace("\n", " ")
    done = lab("run", "clashing", "--quiet")
    assert done.returncode == 0
    assert f"dllab: {message}\n" in done.stderr


def test_the_labs_own_distribution_comes_before_all_others(distribution: Writer, site: Path) -> None:
    from dllab.plugin_search import find_candidates

    for name in ("aardvark", "dllab"):
        distribution(name, f"order_{name}", "", plugin="same")
    found = find_candidates({"path": [str(site)], "plugins_dirs": []})
    assert [(one.name, one.distribution) for one in found] == [
        ("same", "dllab"),
        ("same@aardvark", "aardvark"),
    ]


def test_a_command_of_the_lab_cannot_be_replaced(plugin: Writer, lab: Lab) -> None:
    source = HOOK + "def dllab_commands(): return [dllab.Command('list', 'Mine.', run=lambda args: 7)]"
    plugin("usurper", source)
    assert lab("list").returncode == 0
    assert "two plugins claim the command 'list': dllab has it" in lab("plugins").stdout.replace("\n", " ")


def test_a_plugins_command_takes_arguments_and_returns_its_status(plugin: Writer, lab: Lab) -> None:
    plugin(
        "player",
        """
        import dllab

        def arguments(parser):
            parser.add_argument("game")
            parser.add_argument("--fail", action="store_true")

        def play(args):
            if args.fail:
                raise ZeroDivisionError("oh")
            print("playing", args.game)
            return 4

        @dllab.hookimpl
        def dllab_commands():
            return [dllab.Command("frolic", "Play a game.", run=play, add_arguments=arguments, ko="게임하기")]
        """,
    )
    done = lab("frolic", "jelly")
    assert (done.stdout, done.returncode) == ("playing jelly\n", 4)
    assert "frolic" in lab("--help").stdout
    assert "게임하기" in lab("frolic", "--help", "--lang", "ko").stdout
    failed = lab("frolic", "jelly", "--fail")
    assert failed.returncode == 1
    assert re.fullmatch(
        r"dllab: plugin 'player' \(.*\) failed: ZeroDivisionError: oh \(.*\)\n", failed.stderr
    )
    assert lab("frolic").returncode == 2


def test_resources_are_found_by_kind_and_name(plugin: Writer) -> None:
    source = (
        HOOK
        + "def dllab_resources():\n    return [dllab.Resource('model', 'tiny/net', 'A net.', load=lambda: 5)]"
    )
    plugin("nets", source)
    resource, loaded = load_resource("model", "tiny/net")
    assert (resource.load(), loaded.name) == (5, "nets")
    assert json.loads(json.dumps(read_index().resources["model:tiny/net"]))["plugin"] == "nets"
    with pytest.raises(
        NotFoundError, match=r"there is no model called 'tiny/nat'. Did you mean 'tiny/net'\?"
    ):
        load_resource("model", "tiny/nat")


def test_an_observer_that_raises_is_set_aside_once_and_the_others_go_on(plugin: Writer) -> None:
    watcher = HOOK + "def dllab_run_event(record, event):\n    event['seen'] = event.get('seen', 0) + 1\n"
    plugin("watcher", watcher)
    plugin("grumbler", watcher + "    raise SystemExit('enough')\n")
    plugin("no_watcher", experiment_source("unwatched"))
    failures: list[str] = []
    watching = observers(failures.append)
    event: dict[str, int] = {}
    watching.call("dllab_run_event", record=None, event=event)
    watching.call("dllab_run_event", record=None, event=event)
    watching.call("dllab_run_finished", record=None)
    assert event["seen"] == 3
    assert len(failures) == 1
    assert re.search(r"^plugin 'grumbler' \(.*\) is broken: SystemExit: enough$", failures[0])
    assert "no_watcher" not in sys.modules


GIVER = (
    HOOK
    + """def dllab_resources():
    return [dllab.Resource("dataset", name, "three numbers", lambda: [1, 2, 3]) for name in NAMES]
"""
)
TAKER = '''
import dllab


class Wanted(dllab.Params):
    data: str = dllab.param("one", help="the data set to load")


@dllab.experiment("taker", topic="testing")
def taker(run, params: Wanted):
    """Load a data set that another plugin brings."""
    run.log(0, items=len(run.dataset(params.data)))


@dllab.hookimpl
def dllab_experiments():
    return [taker]
'''


def test_a_run_finds_what_another_plugin_brings_since_it_was_edited(plugin: Writer, home: Path) -> None:
    plugin("taker", TAKER)
    plugin("giver", GIVER.replace("NAMES", "['one']"))
    read_index()
    plugin("giver", GIVER.replace("NAMES", "['one', 'two']"))
    with one_index():  # only the files of plugins that are used are held against it
        assert "dataset:two" not in index_in_force().resources
        load_experiment("taker")
        assert "dataset:two" not in index_in_force().resources
        assert load_resource("dataset", "two")[0].name == "two"
    with Store() as store:
        record = launch("taker", {"data": "two"}, store=store, threads=1)
        assert store.latest_metrics(record.id) == {"items": 3.0}
