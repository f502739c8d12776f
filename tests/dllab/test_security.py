"""What a stranger hands in runs no code and writes nowhere; what the lab keeps, its owner alone can read."""

from __future__ import annotations

import os
import pickle
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dllab.errors import DllabError, InputError, UsageError
from dllab.names import check_artifact_name
from dllab.store.folders import check_relative_path
from dllab.weights import load_weights

Lab = Callable[..., "subprocess.CompletedProcess[str]"]


class Payload:
    """Unpickled, it makes a file."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.place),)


def legacy_pickle(path: Path, trap: Path) -> None:
    """A bare pickle, the oldest form of weights."""
    path.write_bytes(pickle.dumps({"weight": Payload(trap)}, protocol=2))


def torch_archive(path: Path, trap: Path) -> None:
    """The zip file that torch.save makes."""
    import torch

    torch.save({"weight": torch.zeros(2), "extra": Payload(trap)}, path)


def archive_by_hand(path: Path, trap: Path) -> None:
    """A zip file like that of torch.save, whose pickle calls a function by opcodes alone."""
    code = b"\x80\x02cposix\nmkdir\nX" + struct.pack("<I", len(str(trap))) + str(trap).encode() + b"\x85R."
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", code)
        archive.writestr("archive/version", "3\n")


@pytest.mark.parametrize("write", [legacy_pickle, torch_archive, archive_by_hand])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("allow_pickle", [False, True])
def test_no_payload_in_weights_ever_runs(
    tmp_path: Path, write: Callable[[Path, Path], None], suffix: str, allow_pickle: bool
) -> None:
    path, trap = tmp_path / f"weights{suffix}", tmp_path / "it ran"
    write(path, trap)
    with pytest.raises(InputError) as caught:
        load_weights(path, allow_pickle=allow_pickle)
    assert not trap.exists()
    assert "\n" not in str(caught.value) and path.name in str(caught.value)


def test_the_payloads_of_these_tests_would_run_elsewhere(tmp_path: Path) -> None:
    path, trap = tmp_path / "weights.pt", tmp_path / "it ran"
    legacy_pickle(path, trap)
    pickle.loads(path.read_bytes())
    assert trap.exists()


def test_weights_of_honest_people_are_read(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    state = {"layer.weight": torch.arange(6.0).reshape(2, 3), "layer.bias": torch.ones(2)}
    save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "b.pt")
    torch.save({"state_dict": state, "epoch": 3}, tmp_path / "c.pt")
    for name in ("a.safetensors", "b.pt", "c.pt"):
        read = load_weights(tmp_path / name, allow_pickle=True)
        assert all(torch.equal(read[key], state[key]) for key in state), name


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 100, b"PK\x03\x04 no zip", b"\x80\x02 no pickle"])
def test_broken_weights_are_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"weights\.safetensors") as caught:
        load_weights(path, allow_pickle=True)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="absent"):
        load_weights(tmp_path / "absent")


def test_the_backbone_of_the_lab_is_no_pickle_and_refuses_one(tmp_path: Path) -> None:
    from dllab_vision import backbone

    path, trap = tmp_path / "backbone.safetensors", tmp_path / "it ran"
    torch_archive(path, trap)
    with pytest.raises(InputError):
        backbone.load_backbone(path)
    assert not trap.exists()
    assert load_weights(backbone.WEIGHTS)


@pytest.mark.parametrize(
    "name",
    ["../a", "..", ".", "", "/a", "a/../../b", "a//b", "a\\b", "C:a", "con", "NUL.png", "lpt1.txt", "a\0b",
     "a\nb", ".hidden", "a ", "a.", "run.json", "RUN.JSON", "x" * 300, "\udcff", "a?b", "a:b"],
)  # fmt: skip
def test_a_name_that_could_do_harm_names_no_artifact(name: str) -> None:
    with pytest.raises(DllabError):
        check_artifact_name(name)


@pytest.mark.parametrize(
    "name", ["../a", "a/../b", "/a", "a//b", "a\\b", "", ".", "a/./b", "run.json", "a\0b", "x" * 300]
)
def test_a_path_out_of_the_runs_folder_is_refused_by_the_store_too(name: str) -> None:
    with pytest.raises(UsageError):
        check_relative_path(name)


def test_a_link_in_the_place_of_a_runs_folder_is_not_followed_by_gc(store_home: Path, tmp_path: Path) -> None:
    from dllab.store import Store
    from dllab.store.care import clear, find_waste

    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    (store_home / "runs" / "2026-01-02-plasma-abcdefgh").symlink_to(precious)
    with Store(store_home) as store:
        clear(store, find_waste(store))
    assert (precious / "thesis.txt").read_text() == "years of work"


@pytest.fixture
def store_home(lab: Lab, plasma: Path, home: Path) -> Path:
    """A store with one run, made under a umask that lets everybody read and write."""
    before = os.umask(0)
    try:
        assert lab("run", "plasma", "--quiet").returncode == 0
        assert lab("run", "plasma", "--quiet", "--executor", "process").returncode == 0
    finally:
        os.umask(before)
    return home


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_nobody_else_can_read_or_write_a_shared_home(store_home: Path) -> None:
    for path in (store_home, *store_home.rglob("*")):
        if path.is_dir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    for path in store_home.rglob("blobs/*/*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o444, path
    for path in store_home.glob("lab.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 1)() != 0, reason="needs another user")
def test_another_user_sees_nothing_of_the_store(store_home: Path) -> None:
    look = f"import os; os.setgid(65534); os.setuid(65534); os.listdir({str(store_home)!r})"
    ended = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert "PermissionError" in ended.stderr
