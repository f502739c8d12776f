"""A run is alive or it isn't: what the store says of runs whose process has died."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dllab.errors import StoreError
from dllab.store import Store, liveness
from dllab.store.blobs import digest_of

WRITER = """
import hashlib, os, sys, threading, time
from dllab.store import Store

store = Store(sys.argv[1])
run = store.create_run(experiment="plasma", plugin="p", plugin_version="1", params={}, inputs={}, seed=0,
                       device="cpu", dtype="float32", threads=1, executor="inline", facts={})
store.set_status(run.id, "running")
half = store.staging(run.id) / "half.png"
half.write_bytes(b"half a pict")
step = 0
while True:
    content = os.urandom(1 << 20)
    staged = store.staging(run.id) / "staged"
    staged.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    store.add_metrics(run.id, [(step, "loss", float(step), time.time())])
    store.add_artifact(run.id, f"{step}.bin", staged, digest=digest, size=len(content), media_type="x/y")
    print(run.id, step, digest, flush=True)
    step += 1
"""


def sound(store):
    with store._reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return True


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("milliseconds", [0, 3, 7, 12, 20])
def test_a_kill_at_any_moment_loses_no_finished_file_and_leaves_no_half_one(tmp_path, milliseconds):
    home = tmp_path / "home"
    child = subprocess.Popen([sys.executable, "-c", WRITER, home], stdout=subprocess.PIPE, text=True)
    lines = [child.stdout.readline() for _ in range(3)]
    time.sleep(milliseconds / 1000)
    child.kill()
    lines += child.communicate()[0].splitlines()
    with Store(home) as store:
        run = store.run("last")
        assert run.status == "lost"
        assert run.ended is not None
        said = {int(line.split()[1]): line.split()[2] for line in lines if len(line.split()) == 3}
        kept = {artifact.name: artifact for artifact in store.artifacts(run.id)}
        assert {f"{step}.bin" for step in said} <= set(kept)
        for artifact in kept.values():
            assert digest_of(artifact.path) == digest_of(artifact.copy) == artifact.digest
        seen = {path.name for path in run.folder.iterdir()}
        assert seen == {*kept, "run.json"}
        assert json.loads((run.folder / "run.json").read_text())["status"] == "lost"
        assert len(store.metrics(run.id)) >= len(said)
        assert list((home / "staging").iterdir()) == []
        for blob in (home / "blobs").glob("*/*"):
            assert digest_of(blob) == blob.name
        assert sound(store)


def test_a_living_run_stays_what_it_is_and_keeps_its_staging(store, new_run):
    run = new_run(status="running")
    half = store.staging(run.id) / "half"
    half.write_bytes(b"half")
    with Store(store.home) as other:
        assert other.run(run.id).status == "running"
        assert [each.status for each in other.runs()] == ["running"]
    assert half.exists()


def test_a_queued_run_whose_process_died_is_lost_too(store, new_run):
    run = new_run(status="queued")
    store.set_process(run.id, dead_process())
    assert store.run(run.id).status == "lost"


def test_another_process_with_the_same_number_is_not_the_run(store, new_run):
    run = new_run(status="running")
    with store._writing() as connection:
        connection.execute("UPDATE run SET pid_started = '1'")
    assert store.run(run.id).status == "lost"


def test_a_run_elsewhere_is_lost_a_minute_after_its_last_heartbeat(store, new_run):
    run = new_run(status="running")
    half = store.staging(run.id) / "half"
    half.write_bytes(b"half")
    move_elsewhere(store, heartbeat=time.time() - 50)
    assert store.run(run.id).status == "running"
    move_elsewhere(store, heartbeat=time.time() - 70)
    lost = store.run(run.id)
    assert (lost.status, lost.duration) == ("lost", 0.0)
    assert half.exists()  # it may only sleep: its files are not ours to clean


def test_a_run_that_beats_again_after_it_was_taken_as_lost_is_open_again(store, new_run):
    run = new_run(status="running")
    move_elsewhere(store, heartbeat=time.time() - 70)
    assert store.run(run.id).status == "lost"
    store.heartbeat(run.id)
    revived = store.run(run.id)
    assert (revived.status, revived.ended) == ("running", None)
    store.set_status(run.id, "succeeded")
    store.heartbeat(run.id)
    assert store.run(run.id).status == "succeeded"


def test_a_read_only_store_shows_a_lost_run_without_recording_it(store, new_run):
    run, done = new_run(status="running"), new_run()
    store.set_process(run.id, dead_process())
    with Store(store.home, read_only=True) as reader:
        assert reader.run(run.id).status == "lost"
        assert [each.id for each in reader.runs(statuses=["lost"])] == [run.id]
        assert [each.id for each in reader.runs(statuses=["running"])] == []
        assert [each.id for each in reader.runs(statuses=["succeeded"])] == [done.id]
    with store._reading() as connection:
        status = connection.execute("SELECT status FROM run WHERE id = ?", (run.id,)).fetchone()[0]
    assert status == "running"


def test_a_lost_run_gets_the_copies_that_its_end_prevented(store, new_run, add_file):
    run = new_run(status="running")
    artifact = add_file(run, "a.png", b"picture")
    artifact.copy.unlink()
    store.set_process(run.id, dead_process())
    store.run(run.id)
    assert artifact.copy.read_bytes() == b"picture"


@pytest.mark.skipif(sys.platform != "linux", reason="a zombie is told by /proc")
def test_a_zombie_counts_as_dead():
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    mark = liveness.process_mark(child.pid)
    assert liveness.is_alive(mark, 0.0, time.time())
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, but still in the table
    assert not liveness.is_alive(mark, 0.0, time.time())
    child.communicate()


def dead_process():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def move_elsewhere(store, heartbeat):
    with store._writing() as connection:
        connection.execute("UPDATE run SET host = 'elsewhere', heartbeat = ?", (heartbeat,))


def test_a_lost_run_ended_with_its_last_sign_of_life(store, new_run):
    run = new_run(status="running")
    with store._writing() as connection:
        connection.execute("UPDATE run SET started = 1000, heartbeat = 1001")
    store.add_metrics(run.id, [(0, "loss", 1.0, 1030.0), (1, "loss", 1.0, 1090.0)])
    store.set_process(run.id, dead_process())
    with store._writing() as connection:
        connection.execute("UPDATE run SET heartbeat = 1001")
    with Store(store.home, read_only=True) as reader:
        assert reader.run(run.id).duration == 90.0
    assert (store.run(run.id).ended, store.run(run.id).duration) == (1090.0, 90.0)


def test_a_record_that_cannot_be_written_keeps_nobody_from_reading(store, new_run):
    run, other = new_run(status="running"), new_run()
    store.set_process(run.id, dead_process())
    with store._writing() as connection:
        connection.execute("UPDATE run SET folder = ? WHERE id = ?", ("x" * 300, run.id))
    assert [each.status for each in store.runs()] == ["succeeded", "lost"]
    assert store.run(other.id).status == "succeeded"


def test_a_lost_run_that_cannot_be_recorded_is_shown_as_lost(store, new_run, monkeypatch):
    run = new_run(status="running")
    store.set_process(run.id, dead_process())

    def full(run_id):
        raise StoreError("no space left")

    monkeypatch.setattr(store, "_mark_lost", full)
    assert store.run(run.id).status == "lost"
    assert [each.id for each in store.runs(statuses=["lost"])] == [run.id]
