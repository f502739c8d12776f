"""The run as an author sees it: what it saves, says, checks and refuses."""

from __future__ import annotations

import csv
import hashlib
import json
import wave
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dllab.cancel import CancelFlag
from dllab.checks import shown_name
from dllab.errors import Cancelled, DeclarationError, ShapeError
from dllab.events import Event
from dllab.recipe import read_recipe
from dllab.run import Run
from dllab.spec import RunSpec
from dllab.texts import set_language


class Bench:
    """A run without a store: its events are gathered, its files stay where they were staged."""

    def __init__(self, folder: Path, **facts: object) -> None:
        self.events: list[Event] = []
        self.flag = CancelFlag()
        values = {
            "run_id": "r",
            "experiment": "e",
            "plugin": "p",
            "version": "1",
            "params": {},
            "inputs": {},
            "seed": 3,
            "device": "cpu",
            "dtype": "auto",
            "threads": 2,
            "staging": str(folder),
            "leases": str(folder / "leases"),
        }
        self.run = Run(RunSpec(**{**values, **facts}), self.events.append, self.flag)

    def file(self, name: str) -> Path:
        event = next(event for event in reversed(self.events) if event.get("name") == name)
        return Path(event["staged"])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_file_is_hashed_when_its_block_ends_well(bench: Bench) -> None:
    with bench.run.open_file("notes.txt", "w") as file:
        file.write("가\n")
    (event,) = bench.events
    assert event["digest"] == hashlib.sha256("가\n".encode()).hexdigest()
    assert (event["size"], event["media_type"], event["role"]) == (4, "text/plain", "out")


def test_a_file_whose_block_raises_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), bench.run.open_file("x.bin") as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert bench.events == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x.png", "/x.png", "a/b.png", "", "run.json"])
def test_a_file_cannot_leave_the_runs_folder(bench: Bench, name: str) -> None:
    with pytest.raises(DeclarationError):
        bench.run.save_image(name, np.zeros((3, 2, 2)))


def test_an_image_carries_its_recipe(bench: Bench) -> None:
    bench.run.save_image("a.png", torch.full((3, 2, 2), 0.25))
    path = bench.file("a.png")
    facts = read_recipe(path)
    assert facts is not None
    assert (facts["experiment"], facts["seed"], facts["threads"]) == ("e", 3, 2)
    assert Image.open(path).getpixel((0, 0)) == (64, 64, 64)


def test_the_recipe_can_be_switched_off(tmp_path: Path) -> None:
    bench = Bench(tmp_path, use_recipe=False)
    bench.run.save_image("a.png", np.zeros((3, 2, 2)))
    assert read_recipe(bench.file("a.png")) is None


def test_alpha_is_saved_beside_the_colours(bench: Bench) -> None:
    bench.run.save_image("a.png", np.ones((3, 1, 2)), alpha=np.array([[0.0, 1.0]]))
    assert np.asarray(Image.open(bench.file("a.png"))).tolist() == [
        [[255, 255, 255, 0], [255, 255, 255, 255]]
    ]


def test_a_table_reads_back_equal(bench: Bench) -> None:
    rows = [{"x": 0.1 + 0.2, "name": "a,b"}, {"x": np.float32(1.5), "name": '=1+"1'}]
    bench.run.save_table("t.csv", rows)
    with bench.file("t.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert float(read[0]["x"]) == 0.1 + 0.2
    assert [row["name"] for row in read] == ["a,b", '=1+"1']
    bench.run.save_table("c.csv", {"x": [1, 2], "y": [3, 4]})
    assert bench.file("c.csv").read_text() == "x,y\n1,3\n2,4\n"


def test_a_table_with_ragged_rows_is_refused(bench: Bench) -> None:
    with pytest.raises(ShapeError, match="row 1"):
        bench.run.save_table("t.csv", [{"a": 1}, {"b": 1}])
    with pytest.raises(ShapeError, match="one length"):
        bench.run.save_table("t.csv", {"a": [1], "b": []})


def test_json_understands_arrays_and_leaves_no_nan(bench: Bench) -> None:
    bench.run.save_json("a.json", {"a": np.arange(2), "b": torch.ones(1), "c": float("nan"), "d": "한"})
    assert json.loads(bench.file("a.json").read_text(encoding="utf-8")) == {
        "a": [0, 1],
        "b": [1.0],
        "c": None,
        "d": "한",
    }


def test_audio_is_sixteen_bit_and_clipped(bench: Bench) -> None:
    bench.run.save_audio("a.wav", np.array([[0.0, 2.0, -2.0], [0.5, 0.0, 0.0]]), 8000)
    with wave.open(str(bench.file("a.wav"))) as reader:
        assert (reader.getnchannels(), reader.getframerate(), reader.getnframes()) == (2, 8000, 3)
        values = np.frombuffer(reader.readframes(3), "<i2").reshape(3, 2)
    assert values.tolist() == [[0, 16384], [32767, 0], [-32767, 0]]
    with pytest.raises(ShapeError):
        bench.run.save_audio("b.wav", np.array([np.nan]), 8000)


def test_equal_models_with_equal_metadata_give_equal_bytes(bench: Bench) -> None:
    """The library itself writes the metadata in another order each time."""
    metadata = {f"key {number}": str(number) for number in range(8)}
    for name in ("a", "b", "c"):
        bench.run.save_model(f"{name}.safetensors", {"w": torch.ones(2, 2), "b": torch.zeros(3)}, metadata)
    assert len({bench.file(f"{name}.safetensors").read_bytes() for name in ("a", "b", "c")}) == 1


def test_a_model_is_saved_as_safetensors_with_metadata(bench: Bench) -> None:
    from safetensors import safe_open

    bench.run.save_model("m.safetensors", {"w": torch.ones(2, 2).T, "b": torch.zeros(3)}, {"classes": "2"})
    with safe_open(bench.file("m.safetensors"), framework="pt") as file:
        assert sorted(file.keys()) == ["b", "w"]
        assert file.metadata()["classes"] == "2"
        assert json.loads(file.metadata()["dllab"])["seed"] == 3


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webm"])
def test_a_video_has_the_frames_it_was_given_and_the_same_bytes_again(tmp_path: Path, suffix: str) -> None:
    import av

    generator = np.random.default_rng(0)
    frames = [generator.random((3, 33, 48)) for _ in range(5)]
    contents = []
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        bench = Bench(tmp_path / turn)
        assert bench.run.save_video(f"a{suffix}", iter(frames), fps=10) == 5
        contents.append(bench.file(f"a{suffix}").read_bytes())
    assert contents[0] == contents[1]
    path = tmp_path / f"read{suffix}"
    path.write_bytes(contents[0])
    with av.open(str(path)) as container:
        shapes = [frame.to_ndarray(format="rgb24").shape for frame in container.decode(video=0)]
    height = 33 if suffix == ".gif" else 32
    assert shapes == [(height, 48, 3)] * 5


def test_a_video_without_frames_or_with_changing_size_is_refused(bench: Bench) -> None:
    with pytest.raises(ShapeError, match="at least one"):
        bench.run.save_video("a.mp4", iter([]))
    with pytest.raises(ShapeError, match="frame 1"):
        bench.run.save_video("a.mp4", [np.zeros((3, 8, 8)), np.zeros((3, 16, 8))])
    assert bench.events == []


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_figure_has_the_same_bytes_again(tmp_path: Path, suffix: str) -> None:
    from matplotlib.figure import Figure

    contents = []
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        bench = Bench(tmp_path / turn)
        figure = Figure(figsize=(2, 2))
        figure.subplots().plot([1, 3, 2])
        bench.run.save_figure(f"f{suffix}", figure)
        contents.append(bench.file(f"f{suffix}").read_bytes())
    assert contents[0] == contents[1]


def test_midi_is_saved_as_it_is(bench: Bench) -> None:
    import mido

    song = mido.MidiFile()
    song.tracks.append(
        mido.MidiTrack(
            [mido.Message("note_on", note=60, time=0), mido.Message("note_off", note=60, time=480)]
        )
    )
    bench.run.save_midi("a.mid", song)
    notes = [message.note for message in mido.MidiFile(bench.file("a.mid")) if message.type == "note_on"]
    assert notes == [60]


def test_checks_hold_figures_against_known_ones(bench: Bench) -> None:
    run = bench.run
    assert run.check("exact", got=4, expected=4, source="count")
    assert run.check("near", got=1.009, expected=1, abs=0.01, source="book")
    assert not run.check("relative", got=1.2, expected=1, rel=0.1, source="book")
    assert run.check("bounds", got=0.5, at_least=0, at_most=1, source="probability")
    assert not run.check("not a number", got=float("nan"), at_least=0, source="x")
    assert [event["passed"] for event in bench.events] == [True, True, False, True, False]


def test_a_check_keeps_its_korean_name_beside_the_english_one(bench: Bench) -> None:
    bench.run.check("accuracy", got=0.9, at_least=0.8, source="book", ko="정확도")
    bench.run.check("loss", got=0.1, at_most=0.8, source="book")
    assert [(event["name"], event.get("ko")) for event in bench.events] == [
        ("accuracy", "정확도"),
        ("loss", None),
    ]
    assert shown_name(bench.events[0]) == "accuracy"
    set_language("ko")
    try:
        assert [shown_name(event) for event in bench.events] == ["정확도", "loss"]
    finally:
        set_language("en")


@pytest.mark.parametrize("facts", [{}, {"expected": 1, "at_least": 0}])
def test_a_check_without_a_clear_standard_is_refused(bench: Bench, facts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="needs either"):
        bench.run.check("x", got=1, source="y", **facts)
    with pytest.raises(ValueError, match="source"):
        bench.run.check("x", got=1, expected=1, source="")


def test_what_is_no_number_is_named(bench: Bench) -> None:
    with pytest.raises(TypeError, match=r"run\.log: loss must be a number, not 'much'"):
        bench.run.log(0, accuracy=1.0, loss="much")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="check 'mean': got must be a number, not None"):
        bench.run.check("mean", got=None, expected=1, source="x")  # type: ignore[arg-type]
    assert bench.events == []


def test_progress_gives_every_item_and_ends_at_the_total(bench: Bench) -> None:
    assert list(bench.run.progress([5, 6, 7], label="x")) == [5, 6, 7]
    assert bench.events[-1] == {"kind": "progress", "label": "x", "done": 3, "total": 3}


def test_a_run_that_is_to_stop_is_told_once_and_may_still_save(bench: Bench) -> None:
    saved = []
    bench.flag.request()
    with pytest.raises(Cancelled):
        try:
            for _ in bench.run.progress(range(3)):
                pass
        except Cancelled:
            saved.append([*bench.run.progress(range(2))])
            raise
    assert saved == [[0, 1]]
    assert bench.run.cancelled


def test_memory_that_runs_out_halves_the_size_and_says_so(bench: Bench) -> None:
    tried = []

    def work(size: int) -> str:
        tried.append(size)
        if size > 8:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return "done"

    assert bench.run.fit_memory(work, 32) == ("done", 8)
    assert tried == [32, 16, 8]
    warnings = [event["text"] for event in bench.events if event["kind"] == "log"]
    assert len(warnings) == 2 and "16 instead of 32" in warnings[0]


def test_memory_that_never_suffices_is_told_by_its_own_error(bench: Bench) -> None:
    def work(size: int) -> None:
        raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        bench.run.fit_memory(work, 8, minimum=4)


def test_other_errors_are_not_taken_for_want_of_memory(bench: Bench) -> None:
    def work(size: int) -> None:
        raise RuntimeError("shape")

    with pytest.raises(RuntimeError, match="shape"):
        bench.run.fit_memory(work, 8)


def test_a_checkpoint_brings_back_state_and_every_generator(tmp_path: Path) -> None:
    import random

    first = Bench(tmp_path)
    state = {
        "image": torch.arange(6.0).reshape(2, 3),
        "half": torch.ones(2, dtype=torch.bfloat16),
        "step": 4,
        "note": None,
        "nested": {"list": [1, torch.zeros(1)], "array": np.arange(3), "scalar": np.float64(0.5)},
        "pair": (1, "a"),
    }
    first.run.rng.random(3)
    first.run.torch_generator("noise")
    torch.rand(3, generator=first.run.torch_generator("noise"))
    first.run.log(7, loss=1.0)
    first.run.checkpoint(state)
    expected = (
        first.run.rng.random(),
        torch.rand(1, generator=first.run.torch_generator("noise")).item(),
        torch.rand(1).item(),
        np.random.random(),
        random.random(),
    )
    second = Bench(tmp_path, checkpoint=str(first.file("checkpoint.safetensors")))
    second.run.rng.random(50)
    restored = second.run.restored
    assert restored is not None
    assert torch.equal(restored["image"], state["image"])
    assert torch.equal(restored["half"], state["half"]) and restored["half"].dtype is torch.bfloat16
    assert (restored["step"], restored["note"], restored["pair"]) == (4, None, (1, "a"))
    assert restored["nested"]["list"][0] == 1 and restored["nested"]["scalar"] == 0.5
    np.testing.assert_array_equal(restored["nested"]["array"], np.arange(3))
    got = (
        second.run.rng.random(),
        torch.rand(1, generator=second.run.torch_generator("noise")).item(),
        torch.rand(1).item(),
        np.random.random(),
        random.random(),
    )
    assert got == expected
    assert Bench(tmp_path).run.restored is None


def test_a_checkpoint_of_anything_else_is_refused_with_its_place(bench: Bench) -> None:
    with pytest.raises(TypeError, match=r"state/a/1 is a set"):
        bench.run.checkpoint({"a": [1, {2}]})


def test_asking_for_the_device_tells_of_it(bench: Bench) -> None:
    assert bench.run.device == torch.device("cpu")
    assert bench.run.dtype in (torch.bfloat16, torch.float32)
    with bench.run.autocast():
        product = torch.ones(4, 4) @ torch.ones(4, 4)
    assert product.dtype is bench.run.dtype
    event = next(event for event in bench.events if event["kind"] == "device")
    assert (event["device"], event["threads"]) == ("cpu", 2)


def test_previews_come_at_most_once_a_second(bench: Bench) -> None:
    for _ in range(5):
        bench.run.preview(np.zeros((3, 4, 4)))
    assert [event["kind"] for event in bench.events] == ["preview"]
