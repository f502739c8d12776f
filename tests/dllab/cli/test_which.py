"""`dllab which`: how was this file made?"""

import json
import shutil

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

RECIPE = {
    "dllab": 1, "experiment": "plasma", "version": "1.0", "seed": 7,
    "params": {"size": 32, "text": "\x1b[2Jboo"},
    "inputs": {"image": {"digest": "ab" * 32, "sample": "cat"}}, "threads": 2,
}  # fmt: skip


def write_png(path, recipe):
    chunks = PngInfo()
    chunks.add_text("dllab", json.dumps(recipe))
    Image.new("RGB", (4, 4)).save(path, pnginfo=chunks)
    return path


def test_a_picture_of_a_run_tells_the_run_and_how_to_make_it_again(lab, plasma, tmp_path):
    assert lab("run", "plasma", "--seed", "3", "--size", "16").returncode == 0
    picture = lab("open", "last", "plasma.png", "--print").stdout.strip()
    copy = tmp_path / "내 그림's.png"
    shutil.copyfile(picture, copy)
    facts = json.loads(lab("which", str(copy), "--json").stdout)
    assert (facts["experiment"], facts["seed"], facts["params"]["size"]) == ("plasma", 3, 16)
    assert (facts["how"], facts["artifact"]) == ("recipe", "plasma.png")
    assert facts["run"] == json.loads(lab("show", "--json").stdout)["id"]
    shown = lab("which", str(copy)).stdout
    assert shown.endswith(f"""to make it again:  dllab rerun '{tmp_path}/내 그림'"'"'s.png'\n""")


def test_a_file_without_a_recipe_is_known_by_its_bytes(dllab, new_run, tmp_path):
    run = new_run(files={"song.mid": b"MThd"})
    copy = tmp_path / "copy.mid"
    copy.write_bytes(b"MThd")
    status, out, _ = dllab("which", str(copy))
    assert status == 0
    words = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "plasma",
        "known by its bytes, which the store knows",
        f"run {run.id}, as song.mid",
        "seed 7",
        "size 32",
    ):
        assert line in words


def test_a_picture_from_elsewhere_is_shown_but_not_believed(dllab, tmp_path):
    status, out, _ = dllab("which", str(write_png(tmp_path / "a.png", RECIPE)))
    assert status == 0
    assert "made elsewhere: this store has no such run" in out
    assert "sample:cat" in out
    assert "\x1b" not in out
    assert "\\x1b[2Jboo" in out


def test_a_picture_that_was_changed_names_the_run_with_its_recipe(dllab, new_run, tmp_path):
    run = new_run(facts=RECIPE)
    new_run(facts=RECIPE | {"seed": 8})
    facts = json.loads(dllab("which", str(write_png(tmp_path / "a.png", RECIPE)), "--json")[1])
    assert (facts["run"], facts["same_recipe"]) == (None, [run.id])


def test_an_input_names_the_runs_that_took_it_in(dllab, store, new_run, tmp_path):
    source = tmp_path / "cat.jpg"
    source.write_bytes(b"cat")
    run = new_run()
    digest, _ = store.keep_input(source, kind="image", name="cat.jpg")
    store.link_input(run.id, "image", digest, name="cat.jpg", media_type="image/jpeg", size=3)
    status, out, _ = dllab("which", str(source))
    assert status == 0
    assert "has used it" in out
    assert f"{run.id}  plasma --image" in out


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("some.txt", b"hello", "nobody knows how 'some.txt' was made"),
        ("other.png", b"\x89PNG\r\n\x1a\n", "nobody knows how 'other.png' was made"),
        ("absent.png", None, "no such file or folder"),
    ],
)
def test_a_file_nobody_knows_is_one_line_and_status_2(dllab, home, tmp_path, name, content, complaint):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    status, out, err = dllab("which", str(tmp_path / name))
    assert (status, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1
    assert not home.exists()


def test_a_name_that_begins_with_a_dash_can_be_asked_about(dllab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_png(tmp_path / "-x.png", RECIPE)
    status, out, _ = dllab("which", "--", "-x.png")
    assert status == 0
    assert out.endswith("to make it again:  dllab rerun ./-x.png\n")


def test_a_folder_is_told_to_be_one(dllab, tmp_path):
    status, _, err = dllab("which", str(tmp_path))
    assert (status, err) == (2, f"dllab: {tmp_path} is a folder; name one of the files in it\n")


@pytest.mark.parametrize("words", [("which",), ("rerun",)])
def test_a_recipe_with_half_a_character_is_none(dllab, tmp_path, words):
    picture = write_png(tmp_path / "a.png", RECIPE | {"params": {"text": "\ud800"}})
    status, out, err = dllab(*words, str(picture))
    assert (status, out) == (2, "")
    assert "nobody knows how 'a.png' was made" in err


@pytest.mark.parametrize("name", ["\x1b[2Jboo", "boo\nboo", "\u202eboo"])
def test_an_experiment_named_by_a_picture_cannot_steer_the_terminal(dllab, tmp_path, name):
    picture = str(write_png(tmp_path / "a.png", RECIPE | {"experiment": name}))
    status, out, _ = dllab("which", picture)
    assert status == 0
    assert all(line.isprintable() for line in out.splitlines())
    status, _, err = dllab("rerun", picture)
    assert status == 2
    assert err[:-1].isprintable()


@pytest.mark.parametrize("experiment", ["sweep", "vary"])
def test_a_sweeps_figure_offers_no_rerun(dllab, new_run, tmp_path, experiment):
    run = new_run(experiment=experiment, files={"sweep.png": b"figure"})
    copy = tmp_path / "copy.png"
    copy.write_bytes(b"figure")
    status, out, _ = dllab("which", str(copy))
    assert status == 0
    assert f"{run.id}, as sweep.png" in " ".join(out.split())
    assert "rerun" not in out
