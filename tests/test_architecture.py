"""The rules of the house that a machine can hold: who imports what, how long a file is, what is said."""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import dllab

REPOSITORY = Path(__file__).parents[1]
SKIPPED_FOLDERS = {
    ".git",
    ".venv",
    "dist",
    "build",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 100  # about 50 is the rule; a training loop that reads well may reach this
# What no listing, no help and no complaint about an argument may wait for.
HEAVY = {
    "torch", "torchvision", "numpy", "scipy", "pandas", "sklearn", "skimage", "matplotlib", "PIL", "av",
    "cv2", "pygame", "gymnasium", "numba", "diffusers", "transformers", "mido", "rich", "safetensors",
}  # fmt: skip
# A path of somebody's machine, but not the inner part of a longer path or of an address.
MACHINE_PATH = re.compile(r"(?<![\w.~>}])/(work|tmp|root|home/\w+)/")


def packages_in(root: str) -> dict[str, Path]:
    """The import packages in a source root, by name."""
    return {init.parent.name: init.parent for init in sorted((REPOSITORY / root).glob("*/__init__.py"))}


PLUGINS = packages_in("plugins")
ENVIRONMENTS = packages_in("envs")
BROUGHT = {**PLUGINS, **ENVIRONMENTS}
CORE = sorted((REPOSITORY / "dllab").rglob("*.py"))
PRODUCT = sorted([*CORE, *(path for folder in BROUGHT.values() for path in folder.rglob("*.py"))])


def files() -> Iterator[Path]:
    """The repository's own files: those that git tracks or would add, else all but caches."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0 and listed.stdout:
        yield from (
            path for name in listed.stdout.decode().split("\0") if (path := REPOSITORY / name).is_file()
        )
        return
    for path in REPOSITORY.rglob("*"):
        if path.is_file() and SKIPPED_FOLDERS.isdisjoint(path.relative_to(REPOSITORY).parts):
            yield path


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def roots_of(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_the_core_imports_no_plugin_and_no_environment() -> None:
    guilty = {relative(path): found for path in CORE if (found := roots_of(path) & set(BROUGHT))}
    assert guilty == {}
    assert CORE and PLUGINS


def test_plugins_import_the_lab_themselves_and_what_the_project_depends_on() -> None:
    """Never one another: models, data, samples and agents are asked for by name, through the core."""
    facts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        line for name, lines in facts["optional-dependencies"].items() if name != "test" for line in lines
    ]
    declared, optional = (
        {re.split(r"[ \[<>=!~;]", line)[0].lower().replace("_", "-") for line in lines}
        for lines in (facts["dependencies"], extras)
    )
    optional.add("tinysoundfont")  # no extra can name it: its dependency pyaudio does not build everywhere
    distributions = packages_distributions()
    guilty = {}
    for package, folder in BROUGHT.items():
        for path in folder.rglob("*.py"):
            others = roots_of(path) - {"dllab", package, *optional, *sys.stdlib_module_names}
            foreign = {
                name
                for name in others
                if not {one.lower().replace("_", "-") for one in distributions.get(name, ())} & declared
            }
            if foreign:
                guilty[relative(path)] = foreign
    assert guilty == {}


def test_plugins_take_the_public_names_of_the_lab_only() -> None:
    """A built-in plugin has no privilege: what it uses, a stranger's plugin may use."""
    guilty = {
        relative(path): inner
        for folder in PLUGINS.values()
        for path in folder.rglob("*.py")
        if (inner := {name for name in imported(path) if name.startswith("dllab.")})
    }
    assert guilty == {}


def test_importing_a_plugin_imports_nothing_heavy() -> None:
    facts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    modules = sorted({*facts["entry-points"]["dllab"].values(), *PLUGINS})
    script = "import sys, json; __import__(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
    for module in modules:
        done = subprocess.run(
            [sys.executable, "-c", script, module], capture_output=True, text=True, check=True
        )
        loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
        assert loaded & HEAVY == set(), module


def test_importing_the_lab_imports_nothing_but_the_standard_library() -> None:
    """`import dllab` is lazy: names are fetched when they are first used."""
    script = "import sys; before = set(sys.modules); import dllab; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded - {"dllab"} - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("name", sorted(dllab.__all__))
def test_every_public_name_is_there_and_is_explained(name: str) -> None:
    value = getattr(dllab, name)
    if name != "__version__":
        assert len(inspect.getdoc(value) or "") > 20
    assert name in dir(dllab)


def test_no_file_is_too_long() -> None:
    code = [path for path in files() if path.suffix == ".py"]
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    too_long = {}
    for path in PRODUCT:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    too_long[f"{relative(path)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


def test_no_file_is_called_utils() -> None:
    assert [
        relative(path) for path in files() if path.stem in ("util", "utils", "helpers", "misc", "common")
    ] == []


def test_every_module_says_what_it_is() -> None:
    without = [
        relative(path)
        for path in PRODUCT
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert without == []


def test_the_product_never_asserts() -> None:
    """A user's mistake is told by an error that names it; python -O takes asserts away."""
    asserts = [
        f"{relative(path)}:{node.lineno}"
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert asserts == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert MACHINE_PATH.search('open("/tmp/x")') and not MACHINE_PATH.search("https://a.org/work/x")
    guilty = []
    for path in files():
        if path == Path(__file__) or b"\0" in (content := path.read_bytes())[:8192]:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if MACHINE_PATH.search(line):
                guilty.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    assert guilty == []


def test_no_module_imports_in_a_circle() -> None:
    """Not for a type, nor within a function: what two files need of each other has a home of its own."""
    modules = {module_name(path): path for path in PRODUCT if path.name != "__init__.py"}
    TopologicalSorter({name: modules_in(path) & modules.keys() for name, path in modules.items()}).prepare()


def module_name(path: Path) -> str:
    """What a file of the product is imported as."""
    roots = (REPOSITORY / "plugins", REPOSITORY / "envs", REPOSITORY)
    root = next(one for one in roots if path.is_relative_to(one))
    return ".".join(path.relative_to(root).with_suffix("").parts)


def modules_in(path: Path) -> set[str]:
    """The full names of all that a file imports, be it a module or what stands in one."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
