"""gc and verify: what nobody needs goes, what is damaged is named, what lives is left alone."""

import hashlib
import json
import os
import sqlite3
import time

import pytest

from dllab.cli import main
from dllab.store import Store
from dllab.store.care import clear, find_waste, verify
from dllab.store.store import PENDING_S


def make_old(path):
    """As if nobody had touched it for a day."""
    then = time.time() - 100_000
    os.utime(path, (then, then))


@pytest.fixture
def finished(store, new_run, add_file):
    """A run that has ended, with one file."""

    def make(name, content):
        run = new_run(status="running")
        artifact = add_file(run, name, content)
        store.set_status(run.id, "succeeded")
        return artifact

    return make


def kinds(store):
    return sorted(each.kind for each in find_waste(store))


def stray(store, content=b"stray"):
    digest = hashlib.sha256(content).hexdigest()
    place = store.blobs.place(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def test_a_store_in_use_has_no_waste(store, new_run, add_file, finished, tmp_path):
    run = new_run(status="running")
    add_file(run, "a.png", b"a")
    finished("b.png", b"b")
    (store.staging(run.id) / "1-c.png.part").write_bytes(b"half")
    make_old(store.staging(run.id))
    source = tmp_path / "input.bin"
    source.write_bytes(b"input")
    store.keep_input(source, kind="file", name="input")  # its run is about to be recorded
    assert find_waste(store) == []
    assert clear(store, find_waste(store)) == []
    assert (store.staging(run.id) / "1-c.png.part").exists()


def test_each_kind_of_waste_is_found_and_cleared(store, finished, tmp_path):
    kept = finished("kept.png", b"kept")
    source = tmp_path / "input.bin"
    source.write_bytes(b"input")
    digest, path = store.keep_input(source, kind="file", name="input")
    with store._writing() as connection:
        connection.execute("UPDATE blob SET pending = pending - ? WHERE digest = ?", (PENDING_S + 1, digest))
    lost = stray(store)
    left = store.home / "staging" / "input.12345.abcdef"
    left.write_bytes(b"x" * 10)
    make_old(left)
    dead = store.staging("abcdefgh")
    (dead / "1-a.part").write_bytes(b"y")
    make_old(dead)
    folder = store.home / "runs" / "2026-01-02-plasma-abcdefgh"
    folder.mkdir()
    mine = store.home / "runs" / "my best ones"
    mine.mkdir()
    assert kinds(store) == ["blob", "folder", "staging", "staging", "stray"]
    assert all(place.exists() for place in (path, lost, left, dead, folder)), "finding removes nothing"
    assert len(clear(store, find_waste(store))) == 5
    assert not any(place.exists() for place in (path, lost, left, dead, folder))
    assert mine.exists() and kept.path.exists()
    assert find_waste(store) == [] and list(verify(store)) == []


def test_a_file_that_became_needed_meanwhile_is_not_cleared(store, new_run, add_file):
    place = stray(store, b"content")
    waste = find_waste(store)
    add_file(new_run(status="running"), "a.png", b"content")
    assert clear(store, waste) == []
    assert place.exists()


def test_what_lies_in_a_kept_folder_is_needed_with_the_folder(store, new_run, tmp_path):
    source = tmp_path / "folder"
    source.mkdir()
    (source / "a.txt").write_text("a")
    digest, _ = store.keep_input(source, kind="folder", name="data")
    run = new_run()
    store.link_input(run.id, "data", digest, name="data", media_type="x/y", size=1)
    with store._writing() as connection:
        connection.execute("UPDATE blob SET pending = 1 WHERE pending IS NOT NULL")
    assert find_waste(store) == []
    store.remove(run.id)
    assert find_waste(store) == []
    assert [path for path in store.home.glob("blobs/*/*") if path.is_file()] == []


@pytest.mark.parametrize("fault", ["flipped bit", "missing", "cut short"])
def test_verify_names_the_file_and_its_run(store, new_run, add_file, fault, capsys):
    run = new_run(status="running")
    artifact = add_file(run, "dream.png", b"some bytes of a picture")
    store.set_status(run.id, "succeeded")
    assert list(verify(store)) == []
    if fault == "missing":
        artifact.path.unlink()
    else:
        content = bytearray(artifact.path.read_bytes())
        content[5] ^= 1
        artifact.path.chmod(0o600)
        artifact.path.write_bytes(content if fault == "flipped bit" else content[:4])
    (found,) = verify(store)
    assert found.runs == (run.id,)
    assert f"{run.id}:dream.png" in found.message and artifact.digest in found.message
    assert main(["verify", "--store", str(store.home)]) == 1
    assert capsys.readouterr().out.count("\n") == 2
    assert main(["verify", "--store", str(store.home), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["runs"] == [run.id]


def test_verify_finds_a_damaged_database(store, new_run):
    for _ in range(30):
        new_run(metrics={f"metric-{n}": 1.0 for n in range(20)})
    store.close()
    with sqlite3.connect(store.home / "lab.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'run_created'").fetchone()[
            0
        ]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with (store.home / "lab.sqlite3").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with Store(store.home, read_only=True) as damaged:
        assert any(fault.kind == "database" for fault in verify(damaged))


def test_verify_finds_a_row_that_belongs_to_no_run_and_a_file_that_is_not_recorded(store, new_run, add_file):
    run = new_run()
    artifact = add_file(run, "a.png", b"a")
    store.close()
    with sqlite3.connect(store.home / "lab.sqlite3") as connection:
        connection.execute("INSERT INTO tag VALUES ('nobody11', 'x')")
        connection.execute("DELETE FROM blob WHERE digest = ?", (artifact.digest,))
    connection.close()
    assert sorted(fault.kind for fault in verify(store)) == ["database", "missing"]


def test_a_power_cut_takes_the_last_file_of_a_run_and_nothing_else(store, new_run, add_file):
    run = new_run(status="running")
    add_file(run, "whole.png", b"whole")
    torn = add_file(run, "torn.png", b"torn away")
    torn.path.chmod(0o600)
    torn.path.write_bytes(b"")  # as the disk has it when the power goes before the bytes were written
    with store._writing() as connection:
        connection.execute("UPDATE run SET pid = 2147483646, pid_started = 'gone'")
    assert store.run(run.id).status == "lost"
    assert [artifact.name for artifact in store.artifacts(run.id)] == ["whole.png"]
    assert list(verify(store)) == []
    assert add_file(new_run(status="running"), "again.png", b"torn away").path.read_bytes() == b"torn away"


def test_gc_is_dry_unless_told_otherwise(store, new_run, capsys):
    new_run()
    place = stray(store)
    words = ["gc", "--store", str(store.home)]
    assert main(words) == 0
    assert "dllab gc --yes" in capsys.readouterr().out and place.exists()
    assert main([*words, "--json", "--yes"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_done"] and [each["kind"] for each in told["waste"]] == ["stray"]
    assert not place.exists()
    assert main(words) == 0
    assert capsys.readouterr().out == "nothing to clear away\n"


def test_gc_and_verify_of_a_store_that_is_not_there_make_none(tmp_path, capsys):
    for command in ("gc", "verify"):
        assert main([command, "--store", str(tmp_path / "none")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none").exists()
