"""What the documentation says is so: its snippets run, its commands parse, its lists are complete."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path
from typing import NamedTuple

import pytest

import dllab
from dllab import hookspecs

REPOSITORY = Path(__file__).parents[1]
PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md"), *REPOSITORY.glob("examples/**/*.md")]
)
RUN_ELSEWHERE = {"docs/store.md"}  # tests/dllab/store/test_store_docs.py
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HOOKS = [name for name in vars(hookspecs) if name.startswith("dllab_")]
IMAGE_LIMIT_KB = 300

Lab = Callable[..., "subprocess.CompletedProcess[str]"]
Writer = Callable[..., Path]


class Block(NamedTuple):
    """A fenced block: its page, the line it begins on, its language, its content."""

    page: str
    line: int
    language: str
    content: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def read(page: str) -> str:
    return (REPOSITORY / page).read_text(encoding="utf-8")


def blocks(language: str) -> list[Block]:
    """Every fenced block of a language, on every page."""
    found = []
    for path in PAGES:
        page = path.relative_to(REPOSITORY).as_posix()
        content = read(page)
        for match in BLOCK.finditer(content):
            if match[1] == language:
                found.append(Block(page, content.count("\n", 0, match.start()) + 1, match[1], match[2]))
    return found


SNIPPETS = [block for block in blocks("python") if block.page not in RUN_ELSEWHERE]

AN_EXPERIMENT = '''import dllab


class Nothing(dllab.Params):
    pass


@dllab.experiment("snippet", topic="docs")
def snippet(run, params: Nothing):
    """A snippet of the documentation."""
{body}


@dllab.hookimpl
def dllab_experiments():
    return [snippet]
'''


@pytest.mark.parametrize("block", SNIPPETS, ids=str)
def test_a_snippet_runs(block: Block, plugin: Writer) -> None:
    """A plugin is loaded and its experiments run; a script runs; other lines run inside an experiment."""
    from dllab.index import read_index

    if "dllab.hookimpl" in block.content:
        content = block.content
    elif "import dllab" in block.content:
        exec(block.content, {"__name__": "snippet"})
        return
    else:
        content = AN_EXPERIMENT.format(body="".join(f"    {line}\n" for line in block.content.splitlines()))
    name = re.sub(r"\W+", "_", str(block))
    plugin(name, content)
    brought = read_index().plugins[name]
    assert brought["error"] is None
    assert brought["hooks"]
    for experiment in brought["experiments"]:
        run = dllab.launch(experiment, is_tiny=True)
        assert run.status == "succeeded"


def test_the_examples_of_the_hooks_work_together(plugin: Writer, lab: Lab, tmp_path: Path) -> None:
    """Each hook's example as a plugin of its own, and all of them in one run."""
    for block in blocks("python"):
        if block.page == "docs/hooks.md":
            plugin(f"example_{block.line}", block.content)
    ran = lab("run", "coin", "--executor", "patient", "--seed", "7")
    assert ran.returncode == 0, ran.stderr
    assert "coin begins with seed 7" in ran.stderr
    assert "{'heads': " in ran.stderr
    assert lab("export", "last", "--to", "params", "params.txt").returncode == 0
    assert (tmp_path / "params.txt").read_text(encoding="utf-8") == "flips = 100\n"
    assert lab("count", "coin").stdout == "1\n"


def test_every_hook_is_documented_and_none_is_invented() -> None:
    headings = re.findall(r"^## (\w+)$", read("docs/hooks.md"), re.MULTILINE)
    assert headings == HOOKS


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_documented_with_its_arguments_and_an_example(hook: str) -> None:
    section = read("docs/hooks.md").split(f"\n## {hook}\n")[1].split("\n## ")[0]
    arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
    signature = re.search(rf"^`{hook}\((.*?)\) -> ", section, re.MULTILINE)
    assert signature is not None
    shown = ", ".join(part.split(":")[0].strip() for part in signature[1].split(",") if part)
    assert shown == arguments
    examples = [block for block in BLOCK.findall(section) if block[0] == "python"]
    assert any(f"def {hook}(" in content for _, content in examples)


def test_every_public_way_to_leave_a_file_is_in_the_guide() -> None:
    guide = read("docs/plugins.md")
    methods = [name for name in vars(dllab.Run) if not name.startswith("_") and name not in ("id", "close")]
    missing = [name for name in methods if f"run.{name}" not in guide]
    assert set(missing) <= {"recipe", "seed", "cancelled", "dataset", "agent", "environment"}
    assert all(f"run.{name}" in guide + read("docs/hooks.md") for name in ("dataset", "agent", "environment"))


def commands() -> list[tuple[Block, str]]:
    """Every line of a shell block that calls the lab."""
    found = []
    for block in blocks("bash"):
        for line in block.content.splitlines():
            _, at, called = line.rpartition(" && ")
            for part in (line, called) if at else (line,):
                if re.match(r"(\S*/)?dllab ", part):
                    found.append((block, part))
    return found


@pytest.mark.parametrize(("block", "line"), commands(), ids=lambda value: str(value))
def test_a_command_in_the_documentation_parses(
    block: Block, line: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Experiments, flags and commands exist; nothing is run."""
    from dllab.cli import Options, take_options
    from dllab.cli.flags import parse_run
    from dllab.cli.parsers import Parser, parse
    from dllab.reserved import COMMANDS

    folders = (REPOSITORY / "examples", REPOSITORY / "examples" / "dllab-plasma")
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", os.pathsep.join(map(str, folders)))
    words = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    command, *rest = take_options(words, Options())
    if command == "run":
        parse_run(rest)
    elif command in COMMANDS:
        parser = Parser(f"dllab {command}", "")
        import_module(f"dllab.cli.{command.replace('-', '_')}").add_arguments(parser)
        if "--help" not in words:
            parse(parser, rest)
    else:
        from dllab.index import read_index
        from dllab.plugins import load_command

        assert command in read_index().commands, f"there is no command {command}"
        parser = Parser(f"dllab {command}", "")
        load_command(command)[0].add_arguments(parser)
        if "--help" not in words:
            parse(parser, rest)


@pytest.mark.slow
def test_the_five_things_of_the_readme_can_be_tried(home: Path, tmp_path: Path) -> None:
    """In their order and as they stand; a minute or more of computing."""
    lines = [line for block, line in commands() if block.page == "README.md" and "run darts" not in line]
    assert len(lines) > 8
    for line in lines:
        if "pip install" not in line:
            command = [sys.executable, "-m", *shlex.split(line, comments=True)]
            done = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
            )
            assert done.returncode == 0, (line, done.stderr)


def test_every_link_leads_somewhere() -> None:
    broken = []
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(REPOSITORY)}: {target}")
    assert broken == []


def test_every_path_that_the_architecture_names_is_there() -> None:
    named = re.findall(r"`([\w./-]+(?:/|\.\w+))`", read("ARCHITECTURE.md"))
    assert len(named) > 20
    roots = (REPOSITORY, REPOSITORY / "plugins" / "dllab_dream")
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []


def test_every_part_of_the_core_is_in_the_architecture() -> None:
    """A folder of the core that the page does not name would be found by nobody."""
    page = read("ARCHITECTURE.md")
    folders = [path.parent.name for path in (REPOSITORY / "dllab").glob("*/__init__.py")]
    assert [name for name in folders if f"`dllab/{name}/`" not in page] == []


def test_the_two_readmes_show_the_same_commands() -> None:
    english, korean = (
        [line.replace(" --lang ko", "") for one, line in commands() if one.page == page]
        for page in ("README.md", "README.ko.md")
    )
    assert english == korean


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_plugin_in_the_readme_is_the_example(page: str) -> None:
    (shown,) = [block.content for block in blocks("python") if block.page == page]
    assert shown == read("examples/one_file_plugin.py")


def test_the_picture_in_the_readme_was_made_by_the_command_beside_it() -> None:
    from dllab.recipe import read_recipe

    picture = REPOSITORY / "docs" / "images" / "dream.png"
    assert picture.stat().st_size <= IMAGE_LIMIT_KB * 1000
    recipe = read_recipe(picture)
    assert recipe is not None
    assert recipe["experiment"] == "deepdream"
    assert recipe["inputs"]["image"]["sample"] == "cat"
    assert recipe["seed"] == 0


def test_the_list_of_experiments_is_up_to_date(home: Path) -> None:
    spec = util.spec_from_file_location("generate_docs", REPOSITORY / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    generate = util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    from dllab.index import read_index

    written = generate.page(read_index(plugins_dirs=()))
    assert generate.PAGE.read_text(encoding="utf-8") == written, "run: python docs/generate.py"


def test_every_setting_is_documented_and_none_is_invented() -> None:
    code = [*(REPOSITORY / "dllab").rglob("*.py"), *(REPOSITORY / "plugins").rglob("*.py"),
            *(REPOSITORY / "envs").rglob("*.py")]  # fmt: skip
    used = {
        name for path in code for name in re.findall(r"\bDLLAB_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    page = read("docs/settings.md")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == used
    for_tests = {"DLLAB_TEST_DATA"}
    everywhere = {
        name for path in PAGES for name in re.findall(r"\bDLLAB_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    assert everywhere - for_tests <= used


def test_the_documented_defaults_and_statuses_are_those_in_force(home: Path) -> None:
    from dllab.cli import INTERRUPTED
    from dllab.pictures import MAX_MEGAPIXELS

    page = read("docs/settings.md")
    assert f"in megapixels | {MAX_MEGAPIXELS:g} |" in page
    statuses = re.findall(r"^\| (\d+) \| (.*?) \|", page, re.MULTILINE)
    assert [int(status) for status, _ in statuses] == [
        0, dllab.DllabError.exit_status, dllab.UsageError.exit_status, INTERRUPTED,
    ]  # fmt: skip


def test_every_option_of_every_command_is_documented() -> None:
    from dllab.cli.help import COMMON_OPTIONS

    section = read("docs/settings.md").split("## Options of every command")[1].split("\n## ")[0]
    names = [re.findall(r"--[\w-]+", flag)[0] for flag, _ in COMMON_OPTIONS]
    assert sorted(set(re.findall(r"`(--[\w-]+)`", section))) == sorted(names)


def test_every_command_of_the_lab_is_in_the_changelog() -> None:
    from dllab.reserved import COMMANDS

    assert [name for name in COMMANDS if f"`{name}`" not in read("CHANGELOG.md")] == []


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))
    named = {name for path in PAGES for name in re.findall(r"`make (\w+)`", path.read_text(encoding="utf-8"))}
    assert named
    assert named <= targets
    assert {"test", "lint", "types", "bench", "docs", "wheel"} <= targets


def test_the_makefile_and_ci_call_only_files_that_are_there() -> None:
    named = re.findall(r"python ([\w/]+\.py)", read("Makefile"))
    assert named
    assert [name for name in named if not (REPOSITORY / name).is_file()] == []
