"""The cache of compiled functions: used again as long as nothing changed, and never after a change of any source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import jellyrun
from jellyrun.kernel import compiling

PACKAGE = Path(jellyrun.__file__).parent
CALLEE = """
from jellyrun.kernel.compiling import part
@part
def answer():
    return 41
"""
CALLER = """
from jellyrun.kernel.compiling import compiled
from jellyrun.kernel.callee import answer
@compiled
def ask():
    return answer()
"""
ASK = "from jellyrun.kernel.caller import ask; print(ask(), sum(ask.stats.cache_hits.values()))"
JUMP = """
from jellyrun.env import JellyRunEnv
env = JellyRunEnv(); env.reset(seed=0); env.step(1)
from jellyrun.kernel import batch
print(env.snapshot().vy, sum(batch.step_one.stats.cache_hits.values()))
"""


def run(folder: Path, script: str) -> list[str]:
    """What a new process prints that imports the package of that folder."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_an_edit_of_what_is_called_reaches_a_cached_caller_in_another_file(tmp_path: Path) -> None:
    """Two functions in two files, by the compiler of the game."""
    kernel = tmp_path / "jellyrun" / "kernel"
    kernel.mkdir(parents=True)
    for name in ("__init__.py", "rules.py", "kernel/__init__.py"):
        (tmp_path / "jellyrun" / name).write_text('"""Nothing."""\n', encoding="utf-8")
    shutil.copy(PACKAGE / "kernel" / "compiling.py", kernel)
    (kernel / "callee.py").write_text(CALLEE, encoding="utf-8")
    (kernel / "caller.py").write_text(CALLER, encoding="utf-8")
    assert run(tmp_path, ASK) == ["41", "0"]
    assert run(tmp_path, ASK) == ["41", "1"]
    (kernel / "callee.py").write_text(CALLEE.replace("41", "42"), encoding="utf-8")
    assert run(tmp_path, ASK) == ["42", "0"]
    assert run(tmp_path, ASK) == ["42", "1"]


@pytest.mark.slow
def test_an_edit_of_the_rules_reaches_the_cached_game(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "jellyrun", ignore=shutil.ignore_patterns("__pycache__"))
    rules = tmp_path / "jellyrun" / "rules.py"
    assert run(tmp_path, JUMP) == [str((4220 - 456) / 256), "0"]
    assert run(tmp_path, JUMP) == [str((4220 - 456) / 256), "1"]
    text = rules.read_text(encoding="utf-8")
    assert "GRAVITY = 456" in text
    rules.write_text(text.replace("GRAVITY = 456", "GRAVITY = 200"), encoding="utf-8")
    assert run(tmp_path, JUMP) == [str((4220 - 200) / 256), "0"]


def test_the_digest_covers_every_source_of_the_kernel(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    assert compiling.digest_of(tmp_path / "copy") == compiling.KERNEL_DIGEST
    sources = [*sorted((tmp_path / "copy" / "kernel").glob("*.py")), tmp_path / "copy" / "rules.py"]
    assert len(sources) > 8
    digests = {compiling.KERNEL_DIGEST}
    for path in sources:
        path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
        digests.add(compiling.digest_of(tmp_path / "copy"))
    assert len(digests) == len(sources) + 1


def test_where_no_cache_can_be_written_the_game_is_compiled_anew(tmp_path: Path) -> None:
    """Numba refuses to cache what comes from no file; here the same is asked of a function of a string."""
    scope: dict = {}
    exec("def double(x):\n    return 2 * x", scope)
    assert compiling.compiled(scope["double"])(21) == 42
