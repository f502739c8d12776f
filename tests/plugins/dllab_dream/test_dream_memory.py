"""Memory that is freed while dreaming is kept for the next gradient, and given back at the end."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
import torch

from dllab_dream.memory import MOST_PIXELS, kept

BLOCK_MB = 40

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep it")


def resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def use_and_free() -> None:
    torch.ones(BLOCK_MB * 2**18)


def test_what_is_freed_inside_stays_and_goes_back_at_the_end() -> None:
    use_and_free()
    before = resident_mb()
    with kept(300, 451):
        use_and_free()
        inside = resident_mb()
    assert inside - before > 0.8 * BLOCK_MB
    assert resident_mb() - before < 0.2 * BLOCK_MB


def test_a_picture_above_the_limit_keeps_nothing() -> None:
    use_and_free()
    before = resident_mb()
    with kept(1, MOST_PIXELS + 1):
        use_and_free()
        assert resident_mb() - before < 0.2 * BLOCK_MB
