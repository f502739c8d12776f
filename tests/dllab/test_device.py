"""Devices: chosen by name, leased one run at a time, with the number format of the hardware."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import torch

from dllab.device import candidates, choose_dtype, has_fast_bfloat16, is_out_of_memory, lease
from dllab.errors import UsageError


def test_auto_takes_accelerators_first_and_the_cpu_where_there_is_none() -> None:
    assert candidates("auto", ["cuda:0", "cuda:1"]) == ["cuda:0", "cuda:1"]
    assert candidates("auto", []) == ["cpu"]


def test_a_kind_means_every_device_of_it_and_a_number_means_one() -> None:
    assert candidates("cuda", ["cuda:0", "cuda:1"]) == ["cuda:0", "cuda:1"]
    assert candidates("cuda:1", ["cuda:0", "cuda:1"]) == ["cuda:1"]
    assert candidates("cpu", ["cuda:0"]) == ["cpu"]


def test_a_device_that_is_not_here_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"'cuda'.*mps:0, cpu"):
        candidates("cuda", ["mps:0"])


def test_two_leases_take_two_devices_and_the_third_waits(tmp_path: Path) -> None:
    waited: list[str] = []
    first = lease(["fake:0", "fake:1"], tmp_path, waited.append)
    second = lease(["fake:0", "fake:1"], tmp_path, waited.append)
    assert {first.device, second.device} == {"fake:0", "fake:1"}
    assert waited == []
    got: list[str] = []
    thread = threading.Thread(
        target=lambda: got.append(lease(["fake:0", "fake:1"], tmp_path, waited.append, poll_s=0.01).device)
    )
    thread.start()
    while not waited:
        time.sleep(0.01)
    assert got == []
    second.release()
    thread.join(timeout=10)
    assert got == [second.device]
    assert waited == ["fake:0, fake:1"]


def test_a_lease_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom dllab.device import lease\n"
        f"lease(['fake:0'], Path({str(tmp_path)!r}), print)\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    waited: list[str] = []
    lease(["fake:0"], tmp_path, waited.append).release()
    assert waited == []


def test_the_cpu_needs_no_lease(tmp_path: Path) -> None:
    lease(["cpu"], tmp_path / "never", print)
    assert not (tmp_path / "never").exists()


def test_number_formats() -> None:
    cpu = torch.device("cpu")
    assert choose_dtype("float32", cpu) is torch.float32
    assert choose_dtype("auto", cpu) is (torch.bfloat16 if has_fast_bfloat16(cpu) else torch.float32)
    with pytest.raises(UsageError, match=r"int8.*bfloat16"):
        choose_dtype("int8", cpu)


def test_running_out_of_memory_is_recognised() -> None:
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert is_out_of_memory(MemoryError())
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert is_out_of_memory(caught.value)
    assert not is_out_of_memory(RuntimeError("shapes do not agree"))
