"""The experiments `train-fast-style` and `fast-style`: learn a style, paint with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file

import dllab
from dllab.store import Store
from dllab_style import reel
from dllab_style.fast_net import FastStyle, initialise, load_painter
from dllab_style.films import open_film
from dllab_style.pretrained import FOLDER, STYLES
from dllab_style.steady import Steady

TINY = {"style": "sample:brick", "steps": 4, "batch_size": 2, "size": 64, "style_size": 96}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Ten frames of 96 x 64 in which a square moves over a still ground."""
    path = tmp_path / "film.mp4"

    def frames() -> Iterator[np.ndarray]:
        ground = np.random.default_rng(0).integers(60, 200, (8, 12, 3), np.uint8).repeat(8, 0).repeat(8, 1)
        for i in range(10):
            frame = ground.copy()
            frame[20:40, 5 * i : 5 * i + 20] = (250, 40, 40)
            yield frame

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for frame in frames():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("size", [(16, 16), (33, 47), (50, 64)])
def test_the_net_paints_a_picture_of_the_same_size_within_its_range(size: tuple[int, int]) -> None:
    net = FastStyle()
    initialise(net, torch.Generator().manual_seed(0))
    with torch.no_grad():
        painted = net(torch.rand(2, 3, *size))
    assert painted.shape == (2, 3, *size)
    assert float(painted.min()) >= -0.05
    assert float(painted.max()) <= 1.05


@pytest.mark.parametrize("name", [name for name, _, _ in STYLES])
def test_a_style_that_comes_with_the_lab_is_small_and_named_in_the_model_card(name: str) -> None:
    path = FOLDER / f"{name}.safetensors"
    assert path.stat().st_size < 2_000_000
    assert f"`{name}.safetensors`" in (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    with safe_open(path, framework="pt") as file:
        assert "dllab" in file.metadata()  # the recipe
    painter = load_painter(path)
    assert sum(painter.layer_weights.values()) == pytest.approx(1)
    assert set(painter.goals) == set(painter.layer_weights)


def test_a_picture_is_painted_in_its_size_with_its_alpha(home: Path, tmp_path: Path) -> None:
    pixels = np.zeros((75, 101, 4), np.uint8)
    pixels[..., :3] = np.random.default_rng(1).integers(0, 256, (75, 101, 3))
    pixels[:, 50:, 3] = 200
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    params = {"image": str(tmp_path / "photo.png"), "colours": "photo"}
    run = dllab.launch("fast-style", params, threads=1)
    with Store() as store, Image.open(store.artifact(run.id, "painting.png").path) as painted:
        assert painted.size == (101, 75)
        np.testing.assert_array_equal(np.asarray(painted)[..., 3], pixels[..., 3])


def test_the_cat_takes_on_every_style_that_comes_with_the_lab(home: Path) -> None:
    pictures = set()
    for name, _, _ in STYLES:
        run = dllab.launch("fast-style", {"style": name}, threads=1)
        with Store() as store:
            assert all(check["passed"] for check in store.checks(run.id))
            pictures.add(store.artifact(run.id, "painting.png").digest)
    assert len(pictures) == len(STYLES)


@pytest.mark.parametrize("size", [(1, 1), (400, 1), (13, 9)])
def test_a_tiny_picture_is_painted_too(home: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "odd.png"
    Image.new("RGB", size, (200, 100, 50)).save(path)
    run = dllab.launch("fast-style", {"image": str(path)}, threads=1)
    with Store() as store, Image.open(store.artifact(run.id, "painting.png").path) as painted:
        assert painted.size == size


def test_a_film_is_painted_frame_by_frame(home: Path, film: Path) -> None:
    run = dllab.launch("fast-style", {"video": str(film), "max_frames": 6}, threads=1)
    with Store() as store:
        path = store.artifact(run.id, "painting.mp4").path
        assert [check["got"] for check in store.checks(run.id)] == [6]
    painted = open_film(path, "painting.mp4")
    frames = list(painted.frames(100, 1000))
    assert len(frames) == 6
    assert frames[0].shape == (3, 64, 96)
    assert painted.fps == 12


@pytest.mark.parametrize(("most_bytes", "at"), [(10**9, 2), (1, 1)])
def test_a_stopped_film_leaves_its_part_and_is_gone_on_with(
    stop_and_resume: Callable, film: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int, at: int
) -> None:
    monkeypatch.setattr(reel, "MOST_BYTES", most_bytes)
    runs = stop_and_resume("fast-style", {"video": str(film), "max_frames": 5}, "dllab_style.reel", at=at)
    films = []
    with Store() as store:
        for run in runs:
            path = store.artifact(run.id, "painting.mp4").path
            films.append(list(open_film(path, "painting.mp4").frames(100, 1000)))
        assert [check["got"] for check in store.checks(runs.resumed.id)] == [5]
    whole, part, resumed = films
    assert 1 <= len(part) < len(whole) == len(resumed) == 5
    for number, frame in enumerate(resumed):  # not to the last bit: what was kept has been a JPEG
        apart = [float((frame - other).abs().mean()) for other in whole]
        assert apart.index(min(apart)) == number and min(apart) < 0.02


@pytest.mark.parametrize(
    ("flag", "name", "words"),
    [
        ("video", "notes.mp4", "notes.mp4 is no film that can be read"),
        ("model", "other.safetensors", "other.safetensors is no fast style"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(
    home: Path, tmp_path: Path, flag: str, name: str, words: str
) -> None:
    (tmp_path / "notes.mp4").write_text("no film", encoding="utf-8")
    save_file({"a": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(dllab.UsageError) as caught:
        dllab.launch("fast-style", {flag: str(tmp_path / name)}, threads=1)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_paint_stays_where_a_film_stands_still() -> None:
    steady = Steady(0.8)
    frame = torch.full((1, 3, 20, 20), 0.5)
    first, second = torch.zeros(1, 3, 20, 20), torch.ones(1, 3, 20, 20)
    assert torch.equal(steady(frame, first), first)
    torch.testing.assert_close(steady(frame, second), torch.full_like(second, 0.2))
    moved = frame.clone()
    moved[..., 10:] = 0.9
    shown = steady(moved, first)
    assert float(shown[..., 15:].abs().max()) == 0  # what moves is painted anew
    assert float(shown[..., :5].min()) == pytest.approx(0.16)


def test_a_short_training_leaves_a_net_that_paints(home: Path) -> None:
    run = dllab.launch("train-fast-style", TINY, threads=1)
    painted = dllab.launch(
        "fast-style", {"model": f"{run.id}:fast-style.safetensors", "strength": 0.5}, threads=1
    )
    with Store() as store:
        assert store.artifact(painted.id, "painting.png").media_type == "image/png"
        assert store.artifact(run.id, "sheet.png").media_type == "image/png"


def test_photos_come_from_a_folder_too_and_a_broken_one_is_named(home: Path, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    params = {**TINY, "steps": 1, "data": str(photos)}
    with pytest.raises(dllab.UsageError, match="photos holds no pictures"):
        dllab.launch("train-fast-style", params, threads=1)
    Image.new("RGB", (90, 70), (10, 200, 30)).save(photos / "green.jpg")
    assert dllab.launch("train-fast-style", params, threads=1).status == "succeeded"
    (photos / "broken.jpg").write_bytes(b"no picture")
    with pytest.raises(dllab.UsageError, match=r"broken\.jpg cannot be read as a picture"):
        dllab.launch("train-fast-style", params, threads=1)


def test_a_stopped_training_resumes_to_the_same_bytes(stop_and_resume: Callable) -> None:
    runs = stop_and_resume("train-fast-style", TINY, "dllab_style.train_fast_style", at=2)
    one, other = runs.digests("fast-style.safetensors")
    assert one == other
