"""What a run records of the machine and the software, whatever lies in the folders of packages."""

from pathlib import Path

import pytest

from dllab.environment import environment_facts


def package(folder: Path, name: str, metadata: bytes) -> None:
    (folder / f"{name}-1.0.dist-info").mkdir()
    (folder / f"{name}-1.0.dist-info" / "METADATA").write_bytes(metadata)


def test_a_package_with_damaged_metadata_is_left_out_and_the_others_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, "good", b"Metadata-Version: 2.1\nName: Good\nVersion: 1.0\n")
    package(tmp_path, "latin", b"Metadata-Version: 2.1\nName: latin\nVersion: 1.0\nAuthor: \xff\n")
    package(tmp_path, "nameless", b"")
    (tmp_path / "folder-1.0.dist-info" / "METADATA").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    packages = environment_facts()["packages"]
    assert packages["good"] == "1.0"
    assert not {"latin", "nameless", "folder"} & packages.keys()
    assert packages["numpy"]
