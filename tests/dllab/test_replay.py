"""Replay: the same bytes again, or the name of what differs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from dllab.errors import DllabError, NotFoundError, UsageError
from dllab.recipe import canonical_json, read_recipe
from dllab.replay import compare_replay, find_origin, replay_request
from dllab.runner import RunRequest, carry_out
from dllab.store import RunRecord, Store

COPY = '''
import dllab


class CopyParams(dllab.Params):
    image: dllab.Input = dllab.input("image", help="a picture")
    noise: float = dllab.param(0.1, ge=0, help="noise added")
    use_clock: bool = dllab.param(False, help="draws on the clock, as nobody should")


@dllab.experiment("copy", topic="test")
def copy(run, params: CopyParams):
    """A picture with noise."""
    import time

    pixels = run.load_image(params.image).pixels
    noisy = pixels + params.noise * run.rng.standard_normal(pixels.shape)
    run.log(0, mean=float(noisy.mean()), spent_s=time.perf_counter())
    if params.use_clock:
        run.log(1, mean=time.time())
    run.save_image("copy.png", noisy.clip(0, 1))
    run.save_json("facts.json", {"mean": float(noisy.mean())})


@dllab.hookimpl
def dllab_experiments():
    return [copy]
'''


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store() as opened:
        yield opened


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(path)
    return path


@pytest.fixture
def original(store: Store, plugin: Callable[..., Path], picture: Path) -> RunRecord:
    plugin("copy", COPY)
    return carry_out(store, RunRequest("copy", {"image": str(picture)}, seed=11)).record


def replay(store: Store, reference: str, inputs: dict[str, str] | None = None, **overrides: object):  # type: ignore[no-untyped-def]
    origin = find_origin(store, reference)
    request, warnings = replay_request(store, origin, inputs or {}, **overrides)
    record = carry_out(store, request).record
    assert record.status == "succeeded", record.error
    return compare_replay(store, origin, record), record, warnings


def test_a_run_repeats_to_the_same_bytes(store: Store, original: RunRecord) -> None:
    comparison, record, _ = replay(store, original.id)
    assert comparison.is_equal
    assert set(comparison.equal) == {"copy.png", "facts.json", "mean"}
    assert (record.parent, record.relation, record.seed) == (original.id, "rerun", 11)


def test_a_picture_repeats_even_when_its_original_is_gone(
    store: Store, original: RunRecord, picture: Path
) -> None:
    picture.unlink()
    comparison, _, _ = replay(store, str(original.folder / "copy.png"))
    assert comparison.is_equal


def test_without_the_original_run_too_a_picture_may_be_the_same_with_another_recipe(
    store: Store, original: RunRecord, picture: Path, tmp_path: Path
) -> None:
    handed_in = tmp_path / "old.png"
    shutil.copy(original.folder / "copy.png", handed_in)
    store.remove(original.id)
    more = original.threads + 1
    comparison, _, _ = replay(store, str(handed_in), {"image": str(picture)}, threads=more)
    assert (comparison.same_pictures, comparison.differing) == (("copy.png",), {})
    assert comparison.causes == (f"threads: {original.threads} then, {more} now",)


def test_any_file_the_lab_has_seen_repeats(store: Store, original: RunRecord, tmp_path: Path) -> None:
    elsewhere = tmp_path / "renamed.json"
    shutil.copy(original.folder / "facts.json", elsewhere)
    comparison, _, _ = replay(store, str(elsewhere))
    assert comparison.is_equal


def test_another_seed_or_thread_count_is_named(store: Store, original: RunRecord) -> None:
    comparison, _, _ = replay(store, original.id, threads=original.threads + 1)
    assert not comparison.is_equal
    assert (comparison.same_pictures, comparison.is_same) == (("copy.png",), True)
    assert comparison.causes == (f"threads: {original.threads} then, {original.threads + 1} now",)


def test_a_real_difference_is_told_from_its_first_step(store: Store, original: RunRecord) -> None:
    record = carry_out(
        store, RunRequest("copy", {**original.params, "use_clock": True}, inputs=original.inputs, seed=11)
    ).record
    comparison, _, _ = replay(store, record.id)
    assert set(comparison.differing) == {"mean"}
    assert "from step 1 on" in comparison.differing["mean"]
    assert comparison.causes == ()


def test_a_picture_repeats_in_another_lab_when_its_input_is_given(
    store: Store, original: RunRecord, picture: Path, tmp_path: Path
) -> None:
    with Store(tmp_path / "other") as other:
        dream = str(original.folder / "copy.png")
        with pytest.raises(UsageError, match="--input image=PATH"):
            replay(other, dream)
        comparison, _, warnings = replay(other, dream, {"image": str(picture)})
        assert comparison.is_equal and warnings == []
        Image.new("RGB", (10, 10)).save(picture)
        comparison, _, warnings = replay(other, dream, {"image": str(picture)})
        assert not comparison.is_equal
        assert "not the file" in warnings[0]


def forged(original: RunRecord, tmp_path: Path, **facts: object) -> Path:
    known = read_recipe(original.folder / "copy.png")
    assert known is not None
    chunk = PngImagePlugin.PngInfo()
    chunk.add_text("dllab", canonical_json({**known, **facts}))
    path = tmp_path / "forged.png"
    Image.new("RGB", (2, 2)).save(path, pnginfo=chunk)
    return path


@pytest.mark.parametrize(
    "facts",
    [
        {"experiment": "rm"},
        {"params": {"noise": -1}},
        {"params": {"shell": "rm -rf"}},
        {"params": {"image": "/etc/passwd"}},
        {"inputs": {"image": {"digest": "/etc/passwd"}}},
        {"inputs": {"image": {"digest": "../../etc/passwd", "path": "/etc/passwd"}}},
        {"inputs": {"image": {"digest": "0" * 64, "path": "/etc/passwd"}}},
        {"inputs": {"image": "/etc/passwd"}},
        {"inputs": {"noise": {"digest": "0" * 64}}},
        {"inputs": {"image": {"digest": 5}}},
        {"inputs": {"image": {"digest": "0" * 64, "sample": "/etc/passwd"}}},
        {"threads": 100_000},
        {"threads": -1},
        {"seed": -5},
        {"device": "cuda; rm"},
    ],
)
def test_a_forged_recipe_opens_no_path_and_runs_nothing(
    store: Store, original: RunRecord, tmp_path: Path, facts: dict[str, object]
) -> None:
    before = len(store.runs())
    with pytest.raises(DllabError) as caught:
        origin = find_origin(store, str(forged(original, tmp_path, **facts)))
        request, _ = replay_request(store, origin, {})
        outcome = carry_out(store, request)
        assert outcome.record.status == "failed"
        raise DllabError(outcome.record.error)
    assert "\n" not in str(caught.value) and "root:" not in str(caught.value)
    assert len(store.runs(statuses=["succeeded"])) == before


def test_a_file_nobody_knows_is_told(store: Store, original: RunRecord, picture: Path) -> None:
    with pytest.raises(NotFoundError, match=r"photo\.png"):
        find_origin(store, str(picture))


def test_rerun_names_code_that_was_edited(
    store: Store, original: RunRecord, plugin: Callable[..., Path], lab: Callable[..., Any]
) -> None:
    plugin("copy", COPY.replace("clip(0, 1)", "clip(0, 0.5)"))
    done = lab("rerun", original.id)
    assert done.returncode == 1
    assert f"code: {original.facts['code']} then, " in done.stdout + done.stderr


def test_code_that_was_edited_without_effect_gives_the_same_picture(
    original: RunRecord, plugin: Callable[..., Path], lab: Callable[..., Any]
) -> None:
    plugin("copy", COPY + "# a remark\n")
    done = lab("rerun", str(original.folder / "copy.png"))
    assert done.returncode == 0
    assert "the same picture to the last bit: copy.png" in done.stdout
    assert f"code: {original.facts['code']} then, " in done.stdout


def test_rerun_says_bit_equal_or_what_differs(
    lab: Callable[..., object], store: Store, original: RunRecord
) -> None:
    same = lab("rerun", original.id)
    assert same.returncode == 0, same.stderr
    assert "bit-equal: 2 files and 1 metrics" in same.stdout
    other = lab("rerun", str(original.folder / "copy.png"), "--threads", str(original.threads + 1), "--json")
    assert other.returncode == 0
    facts = json.loads(other.stdout)
    assert (facts["equal"], facts["same_pictures"]) == (False, ["copy.png"])
    assert facts["causes"][0].startswith("threads:")
    assert lab("rerun", "nothing").returncode == 2
    assert lab("rerun", original.id, "--input", "picture").returncode == 2
