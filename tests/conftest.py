"""What every test may ask for: a lab of its own, one-file plugins, and the test data where it is there."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dllab.index import read_index

REPOSITORY = Path(__file__).parents[1]

PLASMA = '''
import dllab


class PlasmaParams(dllab.Params):
    size: int = dllab.param(32, ge=16, le=4096, unit="px", help="height and width")
    waves: int = dllab.param(4, ge=1, le=64, help="sine waves summed per colour channel")


@dllab.experiment("plasma", topic="generative", tiny={"size": 16})
def plasma(run, params: PlasmaParams):
    """Sine waves summed into a picture."""
    import numpy as np

    y, x = np.mgrid[0 : 1 : params.size * 1j, 0 : 1 : params.size * 1j]
    fx, fy, phase = run.rng.uniform(-8, 8, size=(3, 3, params.waves, 1, 1))
    image = np.sin(2 * np.pi * (fx * x + fy * y) + phase).mean(axis=1)
    run.log(0, rms=float((image**2).mean() ** 0.5))
    run.save_image("plasma.png", (image + 1) / 2)
    run.check("picture is made", got=1, expected=1, source="by construction")


@dllab.hookimpl
def dllab_experiments():
    return [plasma]
'''


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the whole session: the index of the lab's own plugins is built once.

    Once for this process and once for those that it starts, whose search path is another. The index of a
    test that brings a plugin is made from it.
    """
    folder = tmp_path_factory.mktemp("cache")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DLLAB_")}
    environment |= {"DLLAB_CACHE": str(folder), "DLLAB_CONFIG": str(folder / "config")}
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - environment.keys():
            patch.delenv(name)
        for name in ("DLLAB_CACHE", "DLLAB_CONFIG"):
            patch.setenv(name, environment[name])
        read_index()
    subprocess.run(
        [sys.executable, "-m", "dllab", "list"], env=environment, cwd=folder, capture_output=True, check=True
    )
    return folder


@pytest.fixture
def home(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own, in force for this process and those it starts."""
    folder = tmp_path / "home"
    monkeypatch.setenv("DLLAB_HOME", str(folder))
    monkeypatch.setenv("DLLAB_CACHE", str(cache_folder))
    monkeypatch.setenv("DLLAB_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("DLLAB_LANG", "en")
    for name in ("DLLAB_PLUGINS_DIR", "DLLAB_LOAD_PLUGINS", "DLLAB_STRICT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def plugin(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a one-file plugin and put its folder in force: plugin("plasma", SOURCE)."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.setenv("DLLAB_PLUGINS_DIR", str(folder))

    def write(name: str, source: str) -> Path:
        file = folder / f"{name}.py"
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        return file

    return write


@pytest.fixture
def plasma(plugin: Callable[..., Path]) -> Path:
    """The one-file plugin `plasma`, whose experiment leaves a picture, a metric and a check."""
    return plugin("plasma", PLASMA)


@pytest.fixture
def lab(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own: lab("run", "plasma").stdout, .stderr, .returncode."""

    def call(*words: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dllab", *words],
            env={**os.environ, "PYTHONWARNINGS": "error", **environment},
            cwd=cwd or home.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def shared_data() -> Iterator[Path]:
    """The folder of real pictures, music and tables; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("DLLAB_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the test data is not at {folder}; set DLLAB_TEST_DATA to its folder")
    yield folder
