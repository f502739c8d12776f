"""The database itself: who may open it, what is refused, and many who write at once."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading

import pytest

from dllab.errors import StoreError
from dllab.store import Store, home_directory, queries, schema

READ = """
import sys
import threading
from dllab.errors import StoreError
from dllab.store import Store

with Store(sys.argv[1]) as store:
    print(store.run("last").id, store.read_only)
    try:
        store.add_tags("x", ["y"])
    except StoreError as error:
        print(error)
"""

WRITE = """
import sys, threading
from dllab.store import Store

RUN = dict(plugin="p", plugin_version="1", params={}, inputs={}, seed=0, device="cpu", dtype="float32",
           threads=1, executor="inline", facts={})

def work(number):
    with Store(sys.argv[1]) as store:
        run = store.create_run(experiment=f"writer-{number}", **RUN)
        store.set_status(run.id, "running")
        for step in range(5):
            store.add_metrics(run.id, [(step, key, float(step), 0.0) for key in "ab"])
        store.set_status(run.id, "succeeded")

threads = [threading.Thread(target=work, args=(int(sys.argv[2]) * 10 + n,)) for n in range(10)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_the_home_is_the_named_one_else_the_environments_else_in_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("DLLAB_HOME", raising=False)
    assert home_directory() == tmp_path / "dllab"
    monkeypatch.setenv("DLLAB_HOME", "~/lab")
    assert home_directory() == tmp_path / "lab"
    assert home_directory(tmp_path / "named") == tmp_path / "named"
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is not a folder; name another with --store"):
        home_directory(tmp_path / "file")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_store_is_open_to_its_owner_alone(store, new_run, add_file):
    old = os.umask(0)
    try:
        add_file(new_run(status="running"), "a/b.png", b"x")
    finally:
        os.umask(old)
    for path in (store.home, *store.home.rglob("*")):
        if path.is_dir() or path.name.startswith("lab.sqlite3"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_store_of_a_newer_lab_is_refused_in_one_line(store, new_run):
    new_run()
    store.close()
    set_version(store.home, 99)
    for read_only in (False, True):
        with pytest.raises(StoreError, match=r"format 99, written by a newer dllab.*update dllab$"):
            Store(store.home, read_only=read_only).runs()


def test_a_migration_that_fails_half_way_leaves_the_old_format(store, new_run, monkeypatch):
    new_run()
    store.close()
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE fine (x); CREATE TABLE run (x)")
    )
    with pytest.raises(StoreError, match="table run already exists"):
        Store(store.home).runs()
    connection = sqlite3.connect(store.home / "lab.sqlite3")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'fine'").fetchone()[0] == 0
    connection.close()


def test_an_older_store_is_brought_up_to_date_with_what_it_holds(store, new_run, monkeypatch):
    run = new_run()
    store.close()
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "ALTER TABLE run ADD COLUMN mood TEXT"))
    with Store(store.home) as newer:
        assert newer.run("last").id == run.id
        with newer._reading() as connection:
            assert connection.execute("SELECT mood FROM run").fetchone()[0] is None
            assert connection.execute("PRAGMA user_version").fetchone()[0] == 2


def test_a_file_that_is_no_database_is_reported_in_one_line(tmp_path):
    (tmp_path / "lab.sqlite3").write_bytes(b"not a database, but long enough to look at" * 100)
    for read_only in (False, True):
        with pytest.raises(StoreError, match="file is not a database") as caught:
            Store(tmp_path, read_only=read_only).runs()
        assert "\n" not in str(caught.value)


def test_a_database_that_was_only_begun_reads_as_empty_and_is_finished_by_the_first_writer(tmp_path):
    (tmp_path / "lab.sqlite3").write_bytes(b"")
    with Store(tmp_path, read_only=True) as store:
        assert store.runs() == []
    with Store(tmp_path) as store:
        assert store.runs() == []


def test_a_read_only_store_refuses_to_write_and_to_attach(store, new_run, tmp_path):
    run = new_run()
    with Store(store.home, read_only=True) as reader:
        with pytest.raises(StoreError, match="can only be read"):
            reader.heartbeat(run.id)
        with pytest.raises(StoreError), reader._reading() as connection:
            connection.execute(f"ATTACH '{tmp_path / 'new.sqlite3'}' AS other")
        with pytest.raises(StoreError), reader._reading() as connection:
            connection.execute("DELETE FROM run")
    assert not (tmp_path / "new.sqlite3").exists()
    with pytest.raises(StoreError, match="can only be read"):
        Store(tmp_path / "absent", read_only=True).heartbeat("x")


@pytest.mark.parametrize("left_open", [False, True])
def test_a_store_on_a_read_only_file_system_can_be_read(store, new_run, tmp_path, left_open):
    run = new_run()
    copy = tmp_path / "copy"
    if left_open:  # as after a power cut: what is newest lies in the log
        shutil.copytree(store.home, copy)
        (copy / "lab.sqlite3-shm").unlink()
        assert (copy / "lab.sqlite3-wal").stat().st_size > 0
    else:
        store.close()
        shutil.copytree(store.home, copy)
    before = sorted(path.name for path in copy.iterdir())
    mount = f"mount --bind '{copy}' '{copy}' && mount -o remount,bind,ro '{copy}'"
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "sh", "-c", mount]).returncode:
        pytest.skip("this system does not let us mount a folder read-only")
    python = f"exec '{sys.executable}' -c \"$1\" '{copy}'"
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", f"{mount} && {python}", "sh", READ], capture_output=True, text=True
    )
    assert ended.stderr == ""
    assert ended.stdout.splitlines()[0] == f"{run.id} True"
    assert "can only be read" in ended.stdout
    assert sorted(path.name for path in copy.iterdir()) == before


def test_fifty_writers_at_once_lose_nothing(tmp_path):
    home = tmp_path / "home"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, home, str(n)]) for n in range(5)]
    assert [writer.wait() for writer in writers] == [0] * 5
    with Store(home) as store:
        runs = store.runs(limit=None)
        assert {run.experiment for run in runs} == {f"writer-{n}" for n in range(50)}
        assert {run.status for run in runs} == {"succeeded"}
        assert all(len(store.metrics(run.id)) == 10 for run in runs)


def test_the_questions_that_must_be_fast_go_through_an_index(store, new_run):
    new_run(metrics={"loss": 1.0})
    asked = {
        "newest": ({}, "run_created"),
        "of one experiment": ({"experiment": "plasma"}, "run_experiment"),
        "top by metric": ({"sort": "metric:loss"}, "latest_metric_value"),
        "lowest by metric": ({"sort": "metric:loss", "descending": False}, "latest_metric_value"),
    }
    for question, index in asked.values():
        statements = []
        with store._reading() as connection:
            connection.set_trace_callback(statements.append)
            store.runs(**question)
            connection.set_trace_callback(None)
            sql = next(each for each in statements if "ORDER BY" in each)
            plan = " ".join(row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert index in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
    with store._reading() as connection:
        digest = f"EXPLAIN QUERY PLAN {queries.ARTIFACTS} WHERE digest = 'x'"
        assert "artifact_digest" in " ".join(row["detail"] for row in connection.execute(digest))


def set_version(home, version):
    connection = sqlite3.connect(home / "lab.sqlite3")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def test_threads_share_one_store(store, new_run):
    run = new_run(status="running")

    def log(key):
        for step in range(20):
            store.add_metrics(run.id, [(step, key, float(step), 0.0)])
            store.metrics(run.id, key)

    threads = [threading.Thread(target=log, args=(f"metric-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.metrics(run.id)) == 160
