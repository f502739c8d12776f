"""What is shipped: the wheel's contents, its metadata, and the pinned versions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
SHIPPED_SUFFIXES = {
    ".py",
    ".typed",
    ".safetensors",
    ".md",
    ".json",
    ".ttf",
    ".png",
    ".html",
    ".css",
    ".js",
    ".txt",
}
WEIGHTS_LIMIT_MB = 60


def project() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def packages() -> dict[str, Path]:
    """The import packages of this repository, by name: the core, the plugins, the environments."""
    roots = [REPOSITORY, REPOSITORY / "plugins", REPOSITORY / "envs"]
    inits = [init for root in roots for init in root.glob("*/__init__.py")]
    return {init.parent.name: init.parent for init in inits if init.parent.name not in ("tests", "examples")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this very tree, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(REPOSITORY),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: list[str]) -> Message:
    name = next(name for name in names if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(zipfile.ZipFile(wheel).read(name).decode("utf-8"))


def test_every_file_of_every_package_is_in_the_wheel(names: list[str]) -> None:
    """Files that .gitignore matches vanish from a wheel without a word; none may."""
    missing = []
    for package, folder in packages().items():
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = str(PurePosixPath(package, *path.relative_to(folder).parts))
                if name not in names:
                    missing.append(name)
    assert "dllab" in packages()
    assert missing == []


def test_the_wheel_holds_nothing_else(names: list[str]) -> None:
    allowed = set(packages())
    stray = [
        name
        for name in names
        if not (name.split("/")[0] in allowed and PurePosixPath(name).suffix in SHIPPED_SUFFIXES)
        and not name.split("/")[0].endswith(".dist-info")
    ]
    assert stray == []
    assert [name for name in names if re.search(r"(^|/)(tests?|conftest|test_[^/]*)(/|\.py$)", name)] == []


def test_the_weights_are_in_the_wheel_with_a_model_card_and_are_small(wheel: Path, names: list[str]) -> None:
    weights = [name for name in names if name.endswith(".safetensors")]
    assert weights
    sizes = {info.filename: info.file_size for info in zipfile.ZipFile(wheel).infolist()}
    assert sum(sizes[name] for name in weights) <= WEIGHTS_LIMIT_MB * 1e6
    without_card = [
        name
        for name in weights
        if not any(f"{folder}/MODEL_CARD.md" in names for folder in PurePosixPath(name).parents)
    ]
    assert without_card == []


def test_the_wheel_says_who_it_is(metadata: Message, names: list[str]) -> None:
    import dllab

    assert metadata["Name"] == "dllab"
    assert metadata["Version"] == dllab.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert metadata["Requires-Python"] == ">=3.11"
    assert "pip install" in str(metadata.get_payload())  # the README is the long description


def test_the_entry_points_name_modules_that_are_there(wheel: Path, names: list[str]) -> None:
    name = next(name for name in names if name.endswith(".dist-info/entry_points.txt"))
    content = zipfile.ZipFile(wheel).read(name).decode("utf-8")
    assert "dllab = dllab.cli:main" in content
    plugins = project()["project"]["entry-points"]["dllab"]
    assert plugins
    for plugin, module in plugins.items():
        assert f"{plugin} = {module}" in content
        assert f"{module}/__init__.py" in names
    in_tree = {path.parent.name for path in (REPOSITORY / "plugins").glob("*/__init__.py")}
    assert in_tree - set(plugins.values()) == set(), "a plugin in plugins/ that no entry point names"


def test_the_wheel_alone_lists_its_experiments(wheel: Path, tmp_path: Path, home: Path) -> None:
    """Installed into an empty folder, run from another: nothing of the checkout is needed."""
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile",
               "--disable-pip-version-check", "--target", str(target), str(wheel)]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import dllab; from dllab.cli import main; print(dllab.__file__); exit(main(['list']))",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert listed.returncode == 0, listed.stderr
    assert str(target) in listed.stdout.splitlines()[0]
    assert "deepdream" in listed.stdout


def pins() -> dict[str, str]:
    """The versions in constraints.txt, by canonical name."""
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pinned}


def test_every_declared_dependency_is_pinned_within_its_range() -> None:
    facts = project()["project"]
    groups = [
        facts["dependencies"],
        *facts["optional-dependencies"].values(),
        project()["build-system"]["requires"],
    ]
    requirements = [Requirement(line) for group in groups for line in group]
    wrong = [
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(pins().get(canonicalize_name(requirement.name), "0"))
    ]
    assert wrong == []


def test_everything_that_the_lab_and_its_tests_pull_in_is_pinned() -> None:
    """Followed through the metadata of what is installed here, on this system and Python."""
    seen: set[str] = set()
    waiting = [("dllab", frozenset({"", "test"}))]
    while waiting:
        name, extras = waiting.pop()
        for line in distribution(name).requires or []:
            requirement = Requirement(line)
            wanted = requirement.marker is None or any(
                requirement.marker.evaluate({"extra": one}) for one in extras
            )
            if wanted and canonicalize_name(requirement.name) not in seen:
                seen.add(canonicalize_name(requirement.name))
                waiting.append((requirement.name, frozenset({"", *requirement.extras})))
    cuda = {name for name in seen if name.startswith(("nvidia-", "cuda-")) or name == "triton"}
    assert seen - cuda - set(pins()) == set()


def test_torch_is_pinned_and_no_cuda_package_is() -> None:
    assert pins()["torch"] == "2.13.0"
    assert [name for name in pins() if name.startswith(("nvidia", "cuda")) or name == "triton"] == []


def test_pre_commit_uses_the_pinned_tools() -> None:
    content = (REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    named = re.findall(r"([A-Za-z0-9_-]+)==([0-9.]+)", content)
    assert {"ruff", "mypy"} <= {name for name, _ in named}
    for name, version in named:
        assert pins()[canonicalize_name(name)] == version, name


def test_ci_runs_the_commands_of_the_readme() -> None:
    """.ci/run takes both commands from README.md; it must find each once, and they must be these."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    assert "pip install -c constraints.txt -e '.[test]' && pytest" in readme
    assert "pip install -c constraints.txt . && dllab run deepdream --image sample:cat" in readme
    script = REPOSITORY / ".ci" / "run"
    for pattern in re.findall(r'grep --max-count=1 "(.+?)" README.md', script.read_text(encoding="utf-8")):
        assert sum(re.search(pattern, line) is not None for line in readme) == 1, pattern
    assert os.access(script, os.X_OK)
