"""The experiment `deepdream`, from the command line to the PNG."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab
from dllab.events import Event
from dllab.runner import RunRequest, carry_out
from dllab.store import Store

SMALL = ("--octaves", "2", "--steps", "4")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """The cat, 120 x 80, see-through at the left."""
    path = tmp_path / "cat.png"
    with Image.open(dllab_sample("cat")) as cat:
        small = cat.convert("RGBA").resize((120, 80))
    alpha = np.full((80, 120), 255, np.uint8)
    alpha[:, :40] = 90
    small.putalpha(Image.fromarray(alpha))
    small.save(path)
    return path


def dllab_sample(name: str) -> Path:
    from dllab.plugins import load_resource

    resource, _ = load_resource("sample", name)
    return Path(resource.load())


def dream_bytes(run: str, name: str = "dream.png") -> bytes:
    with Store() as store:
        return store.artifact(run, name).path.read_bytes()


def test_the_cat_dreams_brightly_and_is_not_burnt(home: Path) -> None:
    """Full settings on a smaller cat; the checks hold the activation and the clipping."""
    record = dllab.launch("deepdream", {"max_size": 256}, seed=1)
    with Store() as store:
        checks = {check["name"]: check["got"] for check in store.checks(record.id)}
        artifact = store.artifact(record.id, "dream.png").path
    assert checks["target activation"] >= 2
    assert checks["clipped pixels"] < 0.05
    with Image.open(artifact) as picture:
        assert picture.size == (451, 300)


def test_a_dream_keeps_size_and_alpha(lab: Callable, photo: Path, tmp_path: Path) -> None:
    done = lab("run", "deepdream", *SMALL, "--image", str(photo), "--out", str(tmp_path / "out"), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    with Image.open(tmp_path / "out" / "dream.png") as dreamt, Image.open(photo) as before:
        assert dreamt.size == before.size
        np.testing.assert_array_equal(dreamt.getchannel("A"), before.getchannel("A"))
        difference = np.abs(np.asarray(dreamt, float)[..., :3] - np.asarray(before, float)[..., :3])
    assert 3 < difference.mean() < 60


@pytest.mark.parametrize("size", [(1, 1), (13, 9), (400, 1), (33, 40)])
def test_a_picture_of_any_size_comes_back_in_that_size(
    home: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "odd.png"
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    Image.fromarray(noise).save(path)
    try:
        run = dllab.launch("deepdream", {"image": str(path), "steps": 2}).id
    except dllab.DllabError:  # noise of 33 x 40 may fail to double; the picture counts here
        with Store() as store:
            run = store.runs()[0].id
    with Store() as store, Image.open(store.artifact(run, "dream.png").path) as picture:
        assert picture.size == size


def test_strength_blends_between_the_photo_and_the_dream(home: Path, photo: Path) -> None:
    def distance(strength: float) -> float:
        params = {"image": str(photo), "octaves": 2, "steps": 6, "strength": strength}
        run = dllab.launch("deepdream", params).id
        with Store() as store, Image.open(store.artifact(run, "dream.png").path) as dreamt:
            after = np.asarray(dreamt.convert("RGB"), float)
        with Image.open(photo) as before:
            return float(np.abs(after - np.asarray(before.convert("RGB"), float)).mean())

    assert distance(1.5) > 1.2 * distance(1.0)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--layers", "c9_1"), "--layers c9_1: the net has no such layer; it has c1_1, c2_1"),
        (("--channels", "3,160"), "--channels 160: layer c4_2 has the channels 0 to 159"),
        (("--octave-scale", "1"), "--octave-scale 1"),
    ],
)
def test_a_layer_or_channel_that_is_not_there_is_told_in_one_line(
    lab: Callable, flags: tuple[str, str], words: str
) -> None:
    done = lab("run", "deepdream", *SMALL, *flags, "--quiet")
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_same_seed_dreams_the_same_bytes_and_another_seed_others(home: Path, photo: Path) -> None:
    params = {"image": str(photo), "octaves": 1, "steps": 2, "layers": ["c3_2"], "strength": 1}
    runs = []
    for seed in (5, 5, 6):
        try:
            runs.append(dllab.launch("deepdream", params, seed=seed).id)
        except dllab.DllabError:  # two steps need not double the response
            with Store() as store:
                runs.append(store.runs()[0].id)
    first, again, other = map(dream_bytes, runs)
    assert first == again
    assert first != other


def test_a_stopped_dream_leaves_its_part_and_resumes_to_the_same_bytes(home: Path, photo: Path) -> None:
    params = {"image": str(photo), "octaves": 3, "steps": 4}

    def stop_after_the_first_octave(event: Event) -> None:
        if event.get("role") == "checkpoint":
            signal.raise_signal(signal.SIGINT)

    with Store() as store:
        whole = carry_out(store, RunRequest("deepdream", params)).record
        stopped = carry_out(store, RunRequest("deepdream", params), [stop_after_the_first_octave]).record
        assert stopped.status == "cancelled"
        with Image.open(store.artifact(stopped.id, "dream-partial.png").path) as partial:
            assert (partial.mode, partial.size) == ("RGBA", (120, 80))
        resumed = carry_out(
            store, RunRequest("deepdream", params, parent=stopped.id, relation="resume")
        ).record
        digests = [store.artifact(run.id, "dream.png").digest for run in (whole, resumed)]
    assert digests[0] == digests[1]


def test_where_the_mask_is_black_not_a_bit_changes(home: Path, photo: Path, tmp_path: Path) -> None:
    mask = np.zeros((80, 120), np.uint8)
    mask[20:60, 40:80] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    params = {"image": str(photo), "mask": str(tmp_path / "mask.png"), "octaves": 2, "steps": 3}
    run = dllab.launch("deepdream", params).id
    with (
        Store() as store,
        Image.open(store.artifact(run, "dream.png").path) as dreamt,
        Image.open(photo) as old,
    ):
        changed = (np.asarray(dreamt) != np.asarray(old)).any(axis=2)
    assert not changed[mask == 0].any()
    assert changed[mask > 0].mean() > 0.9


def test_the_list_of_layers_is_a_sheet_and_a_table(home: Path, photo: Path) -> None:
    run = dllab.launch("deepdream", {"image": str(photo), "layers": ["list"]}).id
    with Store() as store:
        table = store.artifact(run, "layers.csv").path.read_text(encoding="utf-8").splitlines()
        with Image.open(store.artifact(run, "layers.png").path) as sheet:
            assert sheet.width > 3 * 120
    assert table[0] == "layer,channels,stride_px"
    assert "c4_2,160,8" in table


@pytest.mark.parametrize("level", [0, 255])
def test_a_blank_picture_comes_back_with_a_word_of_warning(home: Path, tmp_path: Path, level: int) -> None:
    path = tmp_path / "blank.png"
    Image.new("RGB", (64, 48), (level,) * 3).save(path)
    run = dllab.launch("deepdream", {"image": str(path), "steps": 3}).id
    with Store() as store:
        assert store.artifact(run, "dream.png").path is not None
        assert any("blank" in event["text"] for event in store.events(run, "log"))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"target_class": "0", "layers": ["c4_2"]}, "leave out --layers"),
        ({"target_class": "0", "guide": "sample:cat"}, "exclude each other"),
        ({"guide": "sample:cat", "channels": [1]}, "leave out --channels"),
        ({"target_class": "200"}, "the net has the classes 0 to 199"),
    ],
)
def test_targets_that_exclude_each_other_are_told(home: Path, params: dict, words: str) -> None:
    with pytest.raises(dllab.DllabError, match=words):
        dllab.launch("deepdream", params)


def test_a_mask_without_any_white_is_refused(home: Path, tmp_path: Path) -> None:
    Image.new("L", (40, 40), 0).save(tmp_path / "black.png")
    with pytest.raises(dllab.DllabError, match=r"--mask black\.png is black everywhere"):
        dllab.launch("deepdream", {"mask": str(tmp_path / "black.png")})
