"""The examples work as they are: the one-file plugin, the package, the script."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
PACKAGE = EXAMPLES / "dllab-plasma"

Lab = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dllab-plasma, built and installed into a folder, without a network."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
               "--no-deps", "--no-build-isolation", "--target", str(target), str(PACKAGE)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def path(installed: Path) -> str:
    """PYTHONPATH with the installed package first."""
    return os.pathsep.join([str(installed), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_the_package_is_a_plugin_like_any_other(lab: Lab, path: str) -> None:
    plugins = lab("plugins", PYTHONPATH=path)
    assert "dllab-plasma 0.1.0" in plugins.stdout
    assert "plasma" in lab("list", PYTHONPATH=path).stdout
    assert "사인파" in lab("list", "--lang", "ko", PYTHONPATH=path).stdout


def test_its_experiment_runs_and_can_be_made_again(lab: Lab, path: str, tmp_path: Path) -> None:
    ran = lab("run", "plasma", "--size", "64", "--palette", "grey", "--out", "made", PYTHONPATH=path)
    assert ran.returncode == 0, ran.stderr
    again = lab("rerun", str(tmp_path / "made" / "plasma.png"), PYTHONPATH=path)
    assert again.returncode == 0, again.stderr


def test_its_exporter_command_and_observer_work(lab: Lab, path: str, tmp_path: Path) -> None:
    nothing_yet = lab("wall", "wall.html", PYTHONPATH=path)
    assert (nothing_yet.returncode, nothing_yet.stderr.count("\n")) == (2, 1)
    diary = tmp_path / "diary.csv"
    assert lab("run", "plasma", "--tiny", PYTHONPATH=path, PLASMA_DIARY=str(diary)).returncode == 0
    run, experiment, status, _ = diary.read_text(encoding="utf-8").strip().split(",")
    assert (experiment, status) == ("plasma", "succeeded")
    exported = lab("export", run, "--to", "page", "page.html", PYTHONPATH=path)
    assert exported.stdout == "page.html\n"
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert "root mean square" in page
    assert lab("wall", "wall.html", PYTHONPATH=path).returncode == 0
    assert run in (tmp_path / "wall.html").read_text(encoding="utf-8")


def test_its_own_tests_pass(path: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PACKAGE)],
        cwd=PACKAGE,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_the_plugin_in_one_file_runs(lab: Lab) -> None:
    ran = lab("run", "darts", "--plugins-dir", str(EXAMPLES), "--size", "64")
    assert ran.returncode == 0, ran.stderr
    assert "pi" in ran.stdout


def test_the_darts_hit_pi_for_ten_seeds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four standard deviations: one seed in 16,000 may miss."""
    import dllab

    monkeypatch.setenv("DLLAB_PLUGINS_DIR", str(EXAMPLES))
    for seed in range(10):
        assert dllab.launch("darts", is_tiny=True, seed=seed).status == "succeeded"


def test_the_script_runs(home: Path) -> None:
    script = EXAMPLES / "scripts" / "notebook_style.py"
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("c3_2: ")
    assert second.endswith("dream.png")
