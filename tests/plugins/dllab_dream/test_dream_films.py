"""The films: zoom, growing dream, dreamt video, and what they are made from."""

from __future__ import annotations

import signal
from pathlib import Path

import av
import numpy as np
import pytest
import torch

import dllab
from dllab.events import Event
from dllab.runner import RunRequest, carry_out
from dllab.savers import write_video
from dllab.store import Store
from dllab_dream import dream, films, motion
from dllab_dream.zoom import closer
from dllab_vision.backbone import load_backbone

SHORT = {"octaves": 1, "steps": 1, "first_steps": 2}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Six frames of 96 x 64 in which blobs move 3 px to the right each."""
    path = tmp_path / "moving.mp4"
    with path.open("wb") as file:
        write_video(file, ".mp4", moving(), 10)
    return path


def moving(count: int = 6) -> list[np.ndarray]:
    coarse = torch.rand(1, 3, 10, 20, generator=torch.Generator().manual_seed(0))
    wide = dream.resize(coarse, (64, 128)).clamp(0, 1)[0].numpy()
    return [wide[:, :, 24 - 3 * i : 120 - 3 * i] for i in range(count)]


def frames_of(run: str, name: str) -> list[np.ndarray]:
    with Store() as store, av.open(str(store.artifact(run, name).path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_pinned_pixels_have_the_mean_and_contrast_of_the_first_frame() -> None:
    first = torch.rand(1, 3, 40, 40, generator=torch.Generator().manual_seed(1)) * 0.4 + 0.3
    darker = (first - 0.2) * 0.5
    pinned = films.Statistics.of(films.Statistics.of(first).pin(darker))
    torch.testing.assert_close(pinned.mean, films.Statistics.of(first).mean, atol=1e-4, rtol=0)
    torch.testing.assert_close(pinned.deviation, films.Statistics.of(first).deviation, atol=1e-4, rtol=0)


def test_going_closer_enlarges_the_middle_and_turning_by_nothing_changes_nothing() -> None:
    ramp = torch.linspace(-1, 1, 101).view(1, 1, 1, 101).expand(1, 3, 51, 101)
    near = closer(ramp, 2.0, 0.0)
    torch.testing.assert_close(near[..., 10:-10], (ramp / 2)[..., 10:-10], atol=1e-3, rtol=0)
    torch.testing.assert_close(closer(ramp, 1.0, 0.0), ramp)
    square = torch.rand(1, 3, 33, 33, generator=torch.Generator().manual_seed(0))
    turned = closer(square, 1.0, 90.0)
    torch.testing.assert_close(turned, square.rot90(1, (2, 3)), atol=1e-3, rtol=0)


def test_a_zoom_film_has_its_frames_and_keeps_its_brightness(home: Path) -> None:
    run = dllab.launch("dream-zoom", SHORT | {"frames": 5, "size": 96})
    shots = frames_of(run.id, "zoom.mp4")
    assert len(shots) == 5
    assert shots[0].shape == (64, 96, 3)
    means = [shot.mean() for shot in shots]
    assert max(means) - min(means) < 4
    assert np.abs(shots[0].astype(float) - shots[-1]).mean() > 4  # it does go somewhere


def test_a_dream_follows_what_moves(clip: Path) -> None:
    """Marks laid on the blobs of one frame lie on the same blobs of the next, 3 px further."""
    net = load_backbone()
    last, photo = (net.normalise(torch.from_numpy(frame.copy())[None]) for frame in moving(2))
    change = torch.zeros_like(photo)
    change[..., 28:36, 40:48] = 1
    carried = motion.carry(net, last, photo, change, True)
    columns = torch.arange(96.0) + 0.5
    middle = float((carried[0, 0].sum(dim=0) * columns).sum() / carried[0, 0].sum())
    assert middle == pytest.approx(44 + 3, abs=0.7)
    cut = motion.carry(net, last, -last, change, False)  # another picture altogether
    assert float(cut.abs().mean()) < 0.5 * float(change.mean())


def test_a_film_is_dreamt_on_from_the_frame_that_was_asked_for(home: Path, clip: Path) -> None:
    run = dllab.launch("dream-video", SHORT | {"video": str(clip), "start": 2, "frames": 3, "max_size": 96})
    shots = frames_of(run.id, "dream.mp4")
    assert len(shots) == 3
    assert shots[0].shape == (64, 96, 3)
    whole = dllab.launch("dream-video", SHORT | {"video": str(clip), "frames": 0, "max_size": 64})
    assert len(frames_of(whole.id, "dream.mp4")) == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"no film at all", "cannot be read as a film"), ("cut", "cannot be read as a film")],
)
def test_what_is_no_film_is_refused_in_one_line(
    home: Path, clip: Path, content: bytes | str, words: str
) -> None:
    bad = clip.with_name("bad.mp4")
    bad.write_bytes(clip.read_bytes()[:700] if content == "cut" else content)
    with pytest.raises(dllab.DllabError, match=words) as told:
        dllab.launch("dream-video", {"video": str(bad)})
    assert "\n" not in str(told.value)


def test_a_start_beyond_the_end_is_told(home: Path, clip: Path) -> None:
    with pytest.raises(dllab.DllabError, match=r"--start 99: moving\.mp4 has no such frame"):
        dllab.launch("dream-video", {"video": str(clip), "start": 99})


def test_a_stopped_zoom_leaves_its_film_so_far_and_going_on_leaves_the_whole(home: Path) -> None:
    params = SHORT | {"frames": 4, "size": 64}

    def stop(event: Event) -> None:
        if event.get("role") == "checkpoint":
            signal.raise_signal(signal.SIGINT)

    with Store() as store:
        stopped = carry_out(store, RunRequest("dream-zoom", params), [stop]).record
        assert stopped.status == "cancelled"
        before = frames_of(stopped.id, "zoom.mp4")
        assert 1 <= len(before) < 4
        rest = carry_out(store, RunRequest("dream-zoom", params, parent=stopped.id, relation="resume")).record
        assert rest.status == "succeeded", rest.error
    whole = frames_of(rest.id, "zoom.mp4")
    assert len(whole) == 4
    for frame, kept in zip(before, whole, strict=False):
        assert np.abs(frame.astype(float) - kept).mean() < 10  # so small a film loses 7 by H.264 alone


def test_a_stopped_dream_of_a_film_goes_on_to_the_whole_of_it(home: Path, clip: Path) -> None:
    params = SHORT | {"video": str(clip), "frames": 3, "max_size": 64}

    def stop(event: Event) -> None:
        if event.get("role") == "checkpoint":
            signal.raise_signal(signal.SIGINT)

    with Store() as store:
        stopped = carry_out(store, RunRequest("dream-video", params), [stop]).record
        assert stopped.status == "cancelled"
        rest = carry_out(
            store, RunRequest("dream-video", params, parent=stopped.id, relation="resume")
        ).record
        assert rest.status == "succeeded", rest.error
    assert len(frames_of(rest.id, "dream.mp4")) == 3


def test_a_growing_dream_begins_like_the_photo_and_ends_as_the_dream(home: Path) -> None:
    run = dllab.launch("deepdream", {"octaves": 2, "steps": 3, "max_size": 96, "film": "mp4"})
    shots = frames_of(run.id, "growing.mp4")
    assert len(shots) == 2 * 3 + films_pause()
    away = [np.abs(shot.astype(float) - shots[0]).mean() for shot in shots]
    assert away[5] > away[1] > 0


def films_pause() -> int:
    """Frames for which the last one stands still: a second."""
    from dllab_dream.deepdream import FILM_FPS

    return FILM_FPS
