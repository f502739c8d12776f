"""What the store does with files: artifacts, their readable copies, kept inputs, removal."""

import hashlib
import json
import os
import stat

import pytest

from dllab.errors import InputError, NotFoundError, UsageError
from dllab.store import Store, blobs, folders
from dllab.store.folders import check_member_path


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_an_artifact_lies_in_the_store_by_digest_and_in_the_run_folder_by_name(store, new_run, add_file):
    run = new_run(status="running")
    artifact = add_file(run, "그림/dream 😺.png", b"picture")
    assert artifact.digest == hashlib.sha256(b"picture").hexdigest()
    assert artifact.path == store.home / "blobs" / artifact.digest[:2] / artifact.digest
    assert artifact.path.read_bytes() == artifact.copy.read_bytes() == b"picture"
    assert artifact.copy == run.folder / "그림/dream 😺.png"
    assert store.artifact(run.id, "그림/dream 😺.png") == artifact
    assert store.blob_path(artifact.digest) == artifact.path
    assert files_in(store.home / "staging") == []


def test_an_edit_of_the_copy_leaves_the_store_sound(new_run, add_file):
    artifact = add_file(new_run(status="running"), "a.png", b"picture")
    artifact.copy.write_bytes(b"painted over")
    assert artifact.path.read_bytes() == b"picture"
    assert stat.S_IMODE(artifact.path.stat().st_mode) == 0o444


def test_a_large_copy_is_a_read_only_link_where_permissions_bind(store, new_run, add_file):
    artifact = add_file(new_run(status="running"), "film.mp4", bytes(folders.LINK_FROM))
    artifact.copy.unlink()
    folders.put_copy(store.home / "staging", artifact, may_link=True)
    assert artifact.copy.samefile(artifact.path)
    assert stat.S_IMODE(artifact.copy.stat().st_mode) == 0o444
    artifact.copy.unlink()
    assert artifact.path.is_file()


@pytest.mark.parametrize(("size", "may_link"), [(folders.LINK_FROM - 1, True), (folders.LINK_FROM, False)])
def test_a_small_copy_is_a_true_one_and_so_is_root_s(store, new_run, add_file, size, may_link):
    artifact = add_file(new_run(status="running"), "a.bin", bytes(size))
    artifact.copy.unlink()
    folders.put_copy(store.home / "staging", artifact, may_link=may_link)
    assert not artifact.copy.samefile(artifact.path)
    artifact.copy.write_bytes(b"painted over")
    assert artifact.path.read_bytes() == bytes(size)


def test_a_file_system_without_links_gets_a_copy(store, new_run, add_file, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    artifact = add_file(new_run(status="running"), "film.mp4", bytes(folders.LINK_FROM))
    artifact.copy.unlink()
    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    folders.put_copy(store.home / "staging", artifact, may_link=True)
    assert artifact.copy.read_bytes() == artifact.path.read_bytes()


def test_the_same_bytes_are_kept_once(store, new_run, add_file):
    first, second = new_run(status="running"), new_run(status="running")
    one, other = add_file(first, "a.png", b"same"), add_file(second, "b.png", b"same")
    assert one.path == other.path
    assert len(files_in(store.home / "blobs")) == 1
    assert [(run.id, artifact.name) for run, artifact in store.find_digest(one.digest)] == [
        (first.id, "a.png"),
        (second.id, "b.png"),
    ]


def test_a_name_given_again_replaces_the_file(store, new_run, add_file):
    run = new_run(status="running")
    add_file(run, "a.png", b"old")
    add_file(run, "a.png", b"new")
    assert [artifact.path.read_bytes() for artifact in store.artifacts(run.id)] == [b"new"]
    assert (run.folder / "a.png").read_bytes() == b"new"
    assert len(files_in(store.home / "blobs")) == 1


def test_a_new_checkpoint_replaces_the_older_one_and_is_not_copied(store, new_run, add_file):
    run = new_run(status="running")
    for step in range(3):
        add_file(run, f"step-{step}", f"state {step}".encode(), role="checkpoint")
    assert [artifact.name for artifact in store.artifacts(run.id, "checkpoint")] == ["step-2"]
    assert len(files_in(store.home / "blobs")) == 1
    assert files_in(run.folder) == ["run.json"]


@pytest.mark.parametrize(
    "name",
    ["", "/etc/x", "../x", "a/../../x", "a//b", "./x", "run.json", "RUN.JSON", "a\\b", "a\0b", "x" * 241],
)
def test_a_name_that_leaves_the_run_folder_is_refused(new_run, add_file, name):
    run = new_run(status="running")
    with pytest.raises(UsageError, match="cannot name an artifact"):
        add_file(run, name, b"x")
    assert files_in(run.folder) == ["run.json"]


def test_an_unknown_artifact_says_which_there_are(store, new_run, add_file):
    run = new_run(status="running")
    add_file(run, "dream.png", b"x")
    with pytest.raises(NotFoundError, match=r"it has: dream\.png\. Did you mean 'dream\.png'"):
        store.artifact(run.id, "draem.png")


def test_an_input_is_copied_and_stays_when_its_source_goes(store, new_run, tmp_path):
    source = tmp_path / "고양이 'x'.png"
    source.write_bytes(b"cat")
    digest, path = store.keep_input(source, kind="image", name=source.name)
    assert digest == hashlib.sha256(b"cat").hexdigest()
    run = new_run(status="running")
    store.link_input(run.id, "image", digest, name=source.name, media_type="image/png", size=3)
    source.unlink()
    assert path.read_bytes() == b"cat"
    linked = store.artifact(run.id, source.name)
    assert (linked.role, linked.field, linked.path, linked.copy) == ("in", "image", path, None)
    assert store.keep_input(path, kind="image", name="again") == (digest, path)


def test_of_a_large_input_only_the_digest_is_kept(store, tmp_path, monkeypatch):
    monkeypatch.setattr("dllab.store.inputs.KEEP_LIMIT", 10)
    source = tmp_path / "large"
    source.write_bytes(b"x" * 11)
    digest, path = store.keep_input(source, kind="file", name="large")
    assert path == source
    assert digest == hashlib.sha256(b"x" * 11).hexdigest()
    assert store.blob_path(digest) is None


def test_a_folder_is_kept_as_a_manifest_and_laid_out_again(store, new_run, tmp_path):
    source = tmp_path / "data"
    (source / "하위").mkdir(parents=True)
    (source / "a.txt").write_bytes(b"one")
    (source / "하위/b.txt").write_bytes(b"two")
    digest, path = store.keep_input(source, kind="folder", name="data")
    assert path == source
    manifest = store.blob_path(digest).read_bytes()
    assert json.loads(manifest) == {
        "a.txt": hashlib.sha256(b"one").hexdigest(),
        "하위/b.txt": hashlib.sha256(b"two").hexdigest(),
    }
    assert hashlib.sha256(manifest).hexdigest() == digest
    run = new_run()
    store.link_input(run.id, "data", digest, name="data", media_type="inode/directory", size=6)
    restored = store.restore_folder(digest, tmp_path / "restored")
    assert files_in(restored) == ["a.txt", "하위/b.txt"]
    assert (restored / "하위/b.txt").read_bytes() == b"two"
    store.remove(run.id)
    assert files_in(store.home / "blobs") == []
    with pytest.raises(InputError, match="does not hold"):
        store.restore_folder(digest, tmp_path / "gone")


def test_a_hostile_manifest_writes_nothing_outside(store, tmp_path):
    text = json.dumps({"../evil": hashlib.sha256(b"x").hexdigest()})
    source = tmp_path / "manifest"
    source.write_text(text)
    (tmp_path / "x").write_bytes(b"x")
    store.keep_input(tmp_path / "x", kind="file", name="x")
    digest, _ = store.keep_input(source, kind="file", name="manifest")
    with pytest.raises(UsageError, match="leads out of it"):
        store.restore_folder(digest, tmp_path / "out")
    assert not (tmp_path / "evil").exists()


def test_bad_inputs_are_refused_in_one_line(store, tmp_path):
    for source, kind, words in (
        (tmp_path / "nothing.png", "image", "no such file"),
        (tmp_path / ("x" * 300), "image", "cannot be read: File name too long"),
        (tmp_path, "image", "is a folder, the input takes one file"),
    ):
        with pytest.raises(InputError, match=words) as caught:
            store.keep_input(source, kind=kind, name="x")
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(store, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        store.keep_input(tmp_path / "pipe", kind="file", name="pipe")


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_a_name_whose_bytes_are_no_text_can_be_an_input(store, new_run, tmp_path):
    source = tmp_path / os.fsdecode(b"caf\xe9")
    source.write_bytes(b"x")
    run = new_run(status="running", inputs={"image": {"name": source.name}}, params={"image": str(source)})
    digest, _ = store.keep_input(source, kind="file", name=source.name)
    store.link_input(run.id, "image", digest, name=source.name, media_type="", size=1)
    assert store.run(run.id).params == {"image": str(source)}
    folder = tmp_path / "folder"
    folder.mkdir()
    source.rename(folder / source.name)
    digest, _ = store.keep_input(folder, kind="folder", name="folder")
    assert files_in(store.restore_folder(digest, tmp_path / "restored")) == [source.name]


def test_removing_a_run_takes_its_folder_and_the_files_that_no_other_names(store, new_run, add_file):
    gone, kept = new_run(status="running"), new_run(status="running")
    add_file(gone, "a.png", b"its own")
    shared = add_file(gone, "b.png", b"shared")
    add_file(kept, "c.png", b"shared")
    store.add_metrics(gone.id, [(0, "loss", 1.0, 0.0)])
    with pytest.raises(UsageError, match=f"run {gone.id} is running .*stop it first"):
        store.remove(gone.id)
    store.set_status(gone.id, "succeeded")
    store.remove(gone.id)
    assert not gone.folder.exists()
    assert files_in(store.home / "blobs") == [f"{shared.digest[:2]}/{shared.digest}"]
    assert [run.id for run in store.runs()] == [kept.id]
    with store._reading() as connection:
        for table in ("metric", "latest_metric", "tag", "event"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_an_input_that_waits_for_its_run_survives_the_removal_of_another(store, new_run, tmp_path):
    source = tmp_path / "cat.png"
    source.write_bytes(b"cat")
    old = new_run()
    digest, _ = store.keep_input(source, kind="image", name="cat.png")
    store.link_input(old.id, "image", digest, name="cat.png", media_type="image/png", size=3)
    with Store(store.home) as other:
        _, path = other.keep_input(source, kind="image", name="cat.png")
        store.remove(old.id)
        assert path.is_file()


def test_a_copy_of_an_input_that_nobody_finished_is_cleaned_after_a_day(store, new_run):
    run = new_run()
    old, young = store.home / "staging/input.1.old", store.home / "staging/input.2.young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.remove(run.id)
    assert (old.exists(), young.exists()) == (False, True)


def test_the_digest_of_a_copy_is_of_what_was_copied(store, tmp_path):
    store.keep_input(_written(tmp_path / "a", b"a"), kind="file", name="a")
    staged, digest, size = blobs.BlobFolder(store.home).stage_copy(_written(tmp_path / "b", b"bytes"))
    assert (staged.read_bytes(), digest, size) == (b"bytes", hashlib.sha256(b"bytes").hexdigest(), 5)


def _written(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_folder_with_odd_names_or_with_nothing_is_laid_out_again(store, tmp_path):
    source = tmp_path / "odd"
    (source / "run.json").mkdir(parents=True)
    names = ["back\\slash", "run.json/x", "-dash", "a b", ".hidden", "x" * 250, "..a", "c:d"]
    for name in names:
        (source / name).write_bytes(name.encode())
    digest, _ = store.keep_input(source, kind="folder", name="odd")
    restored = store.restore_folder(digest, tmp_path / "restored")
    assert files_in(restored) == sorted(names)
    (tmp_path / "empty").mkdir()
    digest, _ = store.keep_input(tmp_path / "empty", kind="folder", name="empty")
    assert store.restore_folder(digest, tmp_path / "nothing").is_dir()


@pytest.mark.parametrize("name", ["/etc/x", "a/../../x", "..", "a\0b", "", "."])
def test_a_member_that_leaves_its_folder_is_refused(name):
    with pytest.raises(UsageError, match="leads out of it"):
        check_member_path(name)
