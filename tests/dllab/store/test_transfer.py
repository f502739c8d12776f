"""Runs as a zip file: what comes out of one store goes whole into another, and nothing else does."""

import hashlib
import json
import os
import stat
import zipfile

import pytest

from dllab.cli import main
from dllab.errors import InputError, StoreError, UsageError
from dllab.store import Store
from dllab.store.arrival import import_zip
from dllab.store.care import find_waste, verify
from dllab.store.transfer import MANIFEST, export_zip

RUN = {
    "experiment": "plasma", "plugin": "generative", "plugin_version": "1.0", "params": {"size": 32},
    "inputs": {}, "seed": 7, "device": "cpu", "dtype": "float32", "threads": 2,
    "executor": "inline", "facts": {},
}  # fmt: skip


@pytest.fixture
def other(tmp_path):
    with Store(tmp_path / "other") as opened:
        yield opened


@pytest.fixture
def full_run(store, new_run, add_file, tmp_path):
    """A run with all that a run can have."""
    source = tmp_path / "my picture.png"
    source.write_bytes(b"input")
    digest, path = store.keep_input(source, kind="image", name="image")
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_text("a")
    folder_digest, _ = store.keep_input(folder, kind="folder", name="data")
    reference = {
        "reference": str(source),
        "kind": "image",
        "name": source.name,
        "path": str(path),
        "digest": digest,
    }
    run = new_run(
        status="running", inputs={"image": reference}, tags=["best"], facts={"experiment": "plasma"}
    )
    store.link_input(run.id, "image", digest, name=source.name, media_type="image/png", size=5)
    store.link_input(run.id, "data", folder_digest, name="folder", media_type="x/y", size=9)
    store.link_input(run.id, "huge", "f" * 64, name="huge.bin", media_type="x/y", size=10**9)
    add_file(run, "dream.png", b"picture")
    add_file(run, "same.png", b"picture")
    add_file(run, "checkpoint.safetensors", b"state", role="checkpoint")
    add_file(run, "half.png", b"preview", role="preview")
    store.add_metrics(
        run.id, [(0, "loss", 0.5, 1.0), (1, "loss", float("nan"), 2.0), (1, "up", float("inf"), 2.0)]
    )
    store.add_event(
        run.id, "check", {"name": "n", "got": 1.0, "expected": "1", "passed": True, "source": "s"}
    )
    store.set_environment(run.id, {"python": "3.11", "packages": {"torch": "2.13.0"}})
    store.set_status(run.id, "succeeded")
    return store.run(run.id)


@pytest.fixture
def zipped(store, full_run, tmp_path):
    return export_zip(store, [full_run], tmp_path / "runs.zip")


def everything(store, run):
    """All that is known of a run but where it lies."""
    facts = run.to_json()
    inputs = {name: {**value, "path": "", "reference": ""} for name, value in facts.pop("inputs").items()}
    artifacts = [one.to_json() | {"kept": one.path is not None} for one in store.artifacts(run.id)]
    events = [event for event in store.events(run.id) if event["kind"] != "imported"]
    points = [repr(point) for point in store.metrics(run.id)]
    facts.pop("folder")
    return (
        facts,
        inputs,
        artifacts,
        events,
        points,
        store.environment(run.id),
        store.latest_metrics(run.id).keys(),
    )


def test_a_run_goes_whole_from_one_store_into_another(store, full_run, zipped, other):
    (arrived,) = import_zip(other, zipped)
    assert (arrived.record.id, arrived.was, arrived.is_known) == (full_run.id, full_run.id, False)
    assert everything(other, arrived.record) == everything(store, full_run)
    assert (arrived.record.folder / "dream.png").read_bytes() == b"picture"
    assert json.loads((arrived.record.folder / "run.json").read_text())["id"] == full_run.id
    digest = other.artifact(full_run.id, "folder").digest
    restored = other.restore_folder(digest, other.home.parent / "restored")
    assert (restored / "deep" / "a.txt").read_text() == "a"
    assert list(verify(other)) == [] and find_waste(other) == []
    if os.name != "nt":
        for path in (other.home, *other.home.rglob("*")):
            if path.is_dir():
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_same_run_is_not_taken_in_twice(zipped, store, other):
    import_zip(other, zipped)
    assert [one.is_known for one in import_zip(other, zipped)] == [True]
    assert [one.is_known for one in import_zip(store, zipped)] == [True]
    assert len(other.runs()) == 1


def test_a_run_whose_id_is_taken_gets_another_and_its_children_follow(store, new_run, other, tmp_path):
    parent = new_run(seed=1)
    child = new_run(seed=2, parent=parent.id, relation="rerun")
    file = export_zip(store, [parent, child], tmp_path / "runs.zip")
    other.create_run(**(RUN | {"seed": 9}))  # somebody else's run, by chance with the parent's id
    with other._writing() as connection:
        connection.execute("UPDATE run SET id = ?", (parent.id,))
    first, second = import_zip(other, file)
    assert first.was == parent.id and first.record.id != parent.id
    assert (second.record.id, second.record.parent) == (child.id, first.record.id)
    assert other.run(parent.id).seed == 9


def test_the_zip_says_nothing_of_this_machines_paths_and_has_the_same_bytes_again(
    store, full_run, zipped, tmp_path
):
    again = export_zip(store, [full_run], tmp_path / "again.zip")
    assert again.read_bytes() == zipped.read_bytes()
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            assert str(tmp_path).encode() not in archive.read(name), name


def test_what_cannot_be_exported_is_told(store, new_run, add_file, tmp_path, zipped):
    running = new_run(status="running")
    with pytest.raises(UsageError, match="stop it first"):
        export_zip(store, [running], tmp_path / "x.zip")
    with pytest.raises(UsageError, match="already"):
        export_zip(store, [], zipped)
    artifact = add_file(running, "a.png", b"a")
    store.set_status(running.id, "failed")
    artifact.path.unlink()
    with pytest.raises(StoreError, match=r"a\.png"):
        export_zip(store, [store.run(running.id)], tmp_path / "x.zip")
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["runs.zip"]
    assert list(tmp_path.glob(".*part")) == []


def rewritten(source, target, change):
    """The archive again, after change(entries, infos): name to bytes, and what ZipInfo says of each."""
    with zipfile.ZipFile(source) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    infos = {}
    change(entries, infos)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in infos.get(name, {}).items():
                setattr(info, key, value)
            archive.writestr(info, data)
    return target


def record_name(entries):
    return next(name for name in entries if name.endswith("/run.json"))


def declare(entries, name, data):
    """Put an entry in, with its true size and digest in the manifest."""
    manifest = json.loads(entries[MANIFEST])
    manifest["entries"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    entries[name] = data
    entries[MANIFEST] = json.dumps(manifest).encode()


def say(change):
    """A change of what is said of the run, with a manifest that fits."""

    def apply(entries, _):
        facts = json.loads(entries[record_name(entries)])
        change(facts)
        declare(entries, record_name(entries), json.dumps(facts).encode())

    return apply


def add(name, data=b"evil", **info):
    def apply(entries, infos):
        declare(entries, name, data)
        infos[name] = info

    return apply


def undeclared(entries, _):
    entries["extra.txt"] = b"x"


def damaged(entries, _):
    name = next(name for name in entries if name.endswith("/dream.png"))
    entries[name] = b"Picture"


def absent(entries, _):
    del entries[next(name for name in entries if name.endswith("/dream.png"))]


def no_manifest(entries, _):
    del entries[MANIFEST]


def manifest_says(**facts):
    def apply(entries, _):
        entries[MANIFEST] = json.dumps(json.loads(entries[MANIFEST]) | facts).encode()

    return apply


HOSTILE = {
    "a path upwards": add("../evil.txt"),
    "a path upwards, within": add("a/../../evil.txt"),
    "an absolute path": add("/etc/evil.txt"),
    "a drive": add("C:\\evil.txt"),
    "a backslash": add("a\\..\\evil.txt"),
    "an empty part": add("a//evil.txt"),
    "a name that is too long": add("x" * 300),
    "a link": add("link", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16),
    "a device": add("device", b"", external_attr=(stat.S_IFCHR | 0o666) << 16),
    "a bomb": add("bomb.bin", bytes(40 * 2**20)),
    "an undeclared entry": undeclared,
    "a damaged file": damaged,
    "an absent file": absent,
    "no manifest": no_manifest,
    "a newer format": manifest_says(version=2),
    "another format": manifest_says(format="holiday pictures"),
    "an unknown fact": manifest_says(more=1),
    "a run that is not there": manifest_says(runs=["nowhere/run.json"]),
    "an artifact's path upwards": say(lambda facts: facts["artifacts"][-1].update(name="../../evil.png")),
    "a reserved name": say(lambda facts: facts["artifacts"][-1].update(name="con.png")),
    "a record's name": say(lambda facts: facts["artifacts"][-1].update(name="run.json")),
    "an artifact without its file": say(lambda facts: facts["artifacts"][-1].update(digest="e" * 64)),
    "a digest that is a path": say(lambda facts: facts["artifacts"][0].update(digest="../" * 20)),
    "an artifact of another size": say(lambda facts: facts["artifacts"][-1].update(size=3)),
    "an artifact twice": say(lambda facts: facts["artifacts"].append(facts["artifacts"][-1])),
    "an id that is a path": say(lambda facts: facts["run"].update(id="../../ab")),
    "an experiment that is a path": say(lambda facts: facts["run"].update(experiment="../../evil")),
    "a run that is alive": say(lambda facts: facts["run"].update(status="running")),
    "a time that is none": say(lambda facts: facts["run"].update(created=1e300)),
    "a step too far": say(lambda facts: facts["metrics"].append(["loss", 2**70, 1.0, 1.0])),
    "no run at all": say(lambda facts: facts.pop("run")),
    "no list": say(lambda facts: facts.update(artifacts={"a": 1})),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_is_refused_in_one_line_and_leaves_nothing(zipped, tmp_path, what, capsys):
    file = rewritten(zipped, tmp_path / "hostile.zip", HOSTILE[what])
    before = sorted(tmp_path.iterdir())
    assert main(["import", str(file), "--store", str(tmp_path / "victim")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "hostile.zip" in told and "Traceback" not in told
    assert sorted(path for path in tmp_path.iterdir() if path.name != "victim") == before
    with Store(tmp_path / "victim") as victim:
        assert victim.runs() == []
    left = [path for path in (tmp_path / "victim").rglob("*") if path.is_file() and "sqlite" not in path.name]
    assert left == []


@pytest.mark.parametrize("damage", ["no zip", "empty", "cut short", "flipped"])
def test_a_broken_zip_is_refused_in_one_line(zipped, tmp_path, damage, capsys):
    content = bytearray(zipped.read_bytes())
    if damage == "flipped":
        content[len(content) // 3] ^= 0xFF
    file = tmp_path / "broken.zip"
    file.write_bytes({"no zip": b"hello", "empty": b"", "cut short": content[:-40]}.get(damage, content))
    assert main(["import", str(file), "--store", str(tmp_path / "victim")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["import", str(tmp_path / "none.zip"), "--store", str(tmp_path / "victim")]) == 2
    assert main(["import", str(tmp_path), "--store", str(tmp_path / "victim")]) == 2


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused(zipped, other):
    with pytest.raises(InputError, match="the limit is 0"):
        import_zip(other, zipped, max_gb=0)


def test_an_import_that_fails_half_way_leaves_the_store_as_it_was(zipped, other, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dllab.store.arrival.shutil.copyfile", fail)
    with pytest.raises(StoreError, match="no space left"):
        import_zip(other, zipped)
    monkeypatch.undo()
    assert other.runs() == [] and find_waste(other) == []
    assert [path for path in other.home.glob("blobs/*/*") if path.is_file()] == []
    assert list((other.home / "staging").iterdir()) == []
    assert len(import_zip(other, zipped)) == 1


def test_the_command_tells_what_it_took_in(zipped, full_run, tmp_path, capsys):
    words = ["import", str(zipped), "--store", str(tmp_path / "third")]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{full_run.id} (plasma) taken in\n"
    assert main(words) == 0
    assert "already" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"id": full_run.id, "was": full_run.id, "is_known": True}]
