"""`dllab new-plugin`: from nothing to a package that is installed and whose tests pass, offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.cli.new_plugin import FILES, LONGEST_NAME, write_plugin

Dllab = Callable[..., tuple[int, str, str]]
REPOSITORY = Path(__file__).parents[3]
LINES_OF_THE_AUTHORS_OWN = 25
LONG_NAME = "abcdefgh-abcdefg-abcdefg"


@pytest.fixture
def environment(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Python of a fresh virtual environment that has what this one has, the lab and its tests' tools."""
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    where = [sys.executable, str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"][1:]
    site = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())
    (site / "lab.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    monkeypatch.setenv("DLLAB_CACHE", str(tmp_path / "cache"))
    return python


def in_environment(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), *words], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def test_a_new_plugin_installs_and_passes_its_tests_offline(environment: Path, tmp_path: Path) -> None:
    """Each step as the command says it, in a fresh environment; `pip --python` stands for its own pip."""
    made = in_environment(environment, "-m", "dllab", "new-plugin", "red-dots", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "dllab-red-dots"
    assert "  python -m pip install --no-build-isolation --no-deps -e .\n  python -m pytest\n" in made.stdout
    install = ["-m", "pip", "--python", str(environment), "install", "--no-build-isolation", "--no-deps",
               "--disable-pip-version-check", "-e", "."]  # fmt: skip
    installed = in_environment(Path(sys.executable), *install, cwd=folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    tested = in_environment(environment, "-m", "pytest", "-p", "no:cacheprovider", cwd=folder)
    assert tested.returncode == 0, tested.stdout
    assert re.search(r"\d+ passed", tested.stdout)
    assert "warning" not in tested.stdout
    listed = in_environment(environment, "-m", "dllab", "list", "red-dots", cwd=tmp_path)
    assert "Coloured waves that spread from a few points." in listed.stdout
    ran = in_environment(environment, "-m", "dllab", "run", "red-dots", "--out", "made", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "made" / "red-dots.png").stat().st_size > 0


@pytest.mark.parametrize("name", ["x", "red-dots", LONG_NAME])
def test_what_it_writes_is_in_the_style_of_the_house(name: str, home: Path, tmp_path: Path) -> None:
    assert len(LONG_NAME) == LONGEST_NAME
    folder = write_plugin(name, tmp_path)
    config = ["--no-cache", "--config", str(REPOSITORY / "pyproject.toml"), str(folder)]
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, *config], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    assert [path for path in folder.rglob("*") if path.is_file() and "@" in _without_actions(path)] == []
    assert len([path for path in folder.rglob("*") if path.is_file()]) == len(FILES)


def _without_actions(path: Path) -> str:
    """The content without decorators and the versions of CI's actions, the only places of an @."""
    return re.sub(
        r"^@dllab|^@pytest|^ +- uses: .*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )


def test_the_package_names_its_module_its_lab_and_no_more_than_it_needs(home: Path, tmp_path: Path) -> None:
    folder = write_plugin("red-dots", tmp_path)
    facts = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert facts["project"]["entry-points"]["dllab"] == {"red-dots": "dllab_red_dots"}
    assert facts["project"]["dependencies"] == ["dllab>=0.1", "numpy>=2.0"]
    assert "check_experiment" in (folder / "tests" / "test_red_dots.py").read_text(encoding="utf-8")
    assert "--check red-dots" in (folder / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")


def test_the_authors_own_lines_are_few(home: Path, tmp_path: Path) -> None:
    """What an author replaces: the parameters and the experiment, without blank lines."""
    module = (write_plugin("red-dots", tmp_path) / "dllab_red_dots.py").read_text(encoding="utf-8")
    own = module.split("import dllab\n", 1)[1].split("@dllab.hookimpl")[0]
    assert 10 < len([line for line in own.splitlines() if line.strip()]) <= LINES_OF_THE_AUTHORS_OWN


def test_it_says_what_it_wrote_and_what_comes_next(dllab: Dllab, tmp_path: Path) -> None:
    status, said, _ = dllab("new-plugin", "dots", "--dir", str(tmp_path))
    assert status == 0
    folder = tmp_path / "dllab-dots"
    for path in folder.rglob("*"):
        assert path.is_dir() or f"{path}\n" in said
    assert f"  cd {folder}\n" in said
    assert "  dllab run dots\n" in said
    assert "pip install hatchling" not in said  # they are here


def test_where_the_tools_are_missing_the_steps_begin_with_them(
    dllab: Dllab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dllab.cli.new_plugin.TOOLS", ("hatchling", "no_such_tool"))
    said = dllab("new-plugin", "dots", "--dir", str(tmp_path))[1]
    assert f"next:\n  python -m pip install hatchling no_such_tool\n  cd {tmp_path / 'dllab-dots'}\n" in said


def test_nothing_is_overwritten(dllab: Dllab, tmp_path: Path) -> None:
    mine = tmp_path / "dllab-dots"
    mine.mkdir()
    (mine / "mine.txt").write_text("mine")
    status, _, said = dllab("new-plugin", "dots", "--dir", str(tmp_path))
    assert status == 2
    assert re.fullmatch(r"dllab: .*dllab-dots is there already, and nothing is overwritten; .*\n", said)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine.txt"]
    (tmp_path / "dllab-link").symlink_to(tmp_path / "nowhere")
    assert dllab("new-plugin", "link", "--dir", str(tmp_path))[0] == 2
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Dots", "try 'dots'"),
        ("My Waves 3", "try 'my-waves-3'"),
        ("3d", "try 'd'"),
        ("../out", "try 'out'"),
        ("red_dots", "try 'red-dots'"),
        ("점", "'점' cannot be the name of a plugin: only a-z, 0-9 and '-' work"),
        ("42", "only a-z, 0-9 and '-' work, a letter first, at most 24\n"),
        ("a" * 25, f"try '{'a' * 24}'"),
        ("dllab-dots", "leave the dllab out, the package gets it by itself; try 'dots'"),
        ("dllab", "try 'dots'"),
        ("class", "a word of Python's own, which no function can be called; try 'my-class'"),
        ("plasma", "the experiment 'plasma' is there already (plugin 'plasma'); choose another name"),
        ("dream", "the plugin 'dream' is there already (plugin 'dream'); choose another name"),
    ],
)
def test_a_bad_name_is_refused_with_a_remedy(
    plasma: Path, dllab: Dllab, tmp_path: Path, name: str, said: str
) -> None:
    status, out, error = dllab("new-plugin", name, "--dir", str(tmp_path))
    assert (status, out, error.count("\n")) == (2, "", 1)
    assert said in error
    assert list(tmp_path.glob("*dllab-*")) == []


def test_a_folder_that_is_not_there_or_cannot_be_written_is_told(dllab: Dllab, tmp_path: Path) -> None:
    status, _, said = dllab("new-plugin", "dots", "--dir", str(tmp_path / "nowhere"))
    assert status == 2
    assert said.endswith("nowhere: there is no such folder; make it first\n")
    (tmp_path / ".dllab-dots.part").write_text("in the way")
    status, _, said = dllab("new-plugin", "dots", "--dir", str(tmp_path))
    assert status == 1
    assert re.fullmatch(r"dllab: .*dllab-dots cannot be written: .*\n", said)
    assert not (tmp_path / "dllab-dots").exists()
