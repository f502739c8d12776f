"""Memory that is freed while dreaming is kept for the next gradient, and given back at the end."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

from dllab_dream.memory import MOST_PIXELS

BLOCK_MB = 40
# In a process of its own: the heap of one that has done other things has gaps, where the block fits in part.
MEASURED = """
import json
from pathlib import Path

import torch

from dllab_dream.memory import kept


def resident_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(each.split()[1]) / 1024 for each in lines if each.startswith("VmRSS"))


def use_and_free():
    torch.ones(BLOCK_MB * 2**18)


use_and_free()
before = resident_mb()
with kept(*SIZE):
    use_and_free()
    inside = resident_mb()
print(json.dumps([inside - before, resident_mb() - before]))
"""

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep it")


def grown_mb(height: int, width: int) -> list[float]:
    """By how many MB the process is larger inside the block, once 40 MB were used and freed, and after it."""
    code = MEASURED.replace("BLOCK_MB", str(BLOCK_MB)).replace("SIZE", str((height, width)))
    command = [sys.executable, "-c", code]
    inside, after = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return [inside, after]


def test_what_is_freed_inside_stays_and_goes_back_at_the_end() -> None:
    inside, after = grown_mb(300, 451)
    assert inside > 0.8 * BLOCK_MB
    assert after < 0.2 * BLOCK_MB


def test_a_picture_above_the_limit_keeps_nothing() -> None:
    inside, after = grown_mb(1, MOST_PIXELS + 1)
    assert max(inside, after) < 0.2 * BLOCK_MB
