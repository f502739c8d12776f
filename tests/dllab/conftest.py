"""Installed distributions that bring plugins, for the tests of the index and the plugins."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def site(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions, on this process's path and on that of those it starts."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    )
    return folder


@pytest.fixture
def distribution(site: Path) -> Callable[..., Path]:
    """Install a distribution with one plugin: distribution("name", "module", SOURCE, version="1.0")."""

    def install(name: str, module: str, source: str, version: str = "1.0", plugin: str = "") -> Path:
        file = site / f"{module}.py"
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText.\n")
        (info / "entry_points.txt").write_text(
            f"[console_scripts]\nx = y:z\n\n[dllab]\n{plugin or module} = {module}\n"
        )
        return file

    return install
