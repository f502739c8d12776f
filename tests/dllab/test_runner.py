"""From a request to a record: through both executors, with the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import dllab
from dllab.errors import InputError, NotFoundError, RunFailedError, UsageError
from dllab.events import Event
from dllab.runner import RunRequest, carry_out
from dllab.store import Store

MANY = '''
import dllab


class ManyParams(dllab.Params):
    how: str = dllab.param("well", help="how it ends")
    image: dllab.Input | None = dllab.input("image", default=None, help="a picture")


@dllab.experiment("many", topic="test")
def many(run, params: ManyParams):
    """Ends in many ways."""
    run.log(0, loss=1.0)
    run.log(1, loss=0.5, speed_s=0.1)
    run.message("half way")
    with run.open_file("a.txt", "w") as file:
        file.write("kept")
    for number in run.progress(range(3)):
        if params.how == "raise":
            raise ValueError("too  many\\ncookies")
        if params.how == "exit":
            raise SystemExit(5)
        if params.how == "usage":
            raise dllab.UsageError("no such layer")
    if params.image is not None:
        run.save_image("out.png", run.load_image(params.image).pixels)
    if params.how == "check":
        run.check("a known figure", got=2, expected=3, source="book")
    print("said aloud")


@dllab.hookimpl
def dllab_experiments():
    return [many]
'''


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store() as opened:
        yield opened


@pytest.fixture
def many(plugin: Callable[..., Path]) -> Path:
    return plugin("many", MANY)


@pytest.mark.parametrize("executor", ["inline", "process"])
def test_a_run_is_recorded_with_all_it_said(store: Store, many: Path, executor: str) -> None:
    events: list[Event] = []
    outcome = carry_out(
        store, RunRequest("many", seed=4, threads=1, tags=("a",), executor=executor), [events.append]
    )
    record = outcome.record
    assert (outcome.exit_status, record.status, record.seed, record.threads, record.tags) == (
        0,
        "succeeded",
        4,
        1,
        ("a",),
    )
    assert [(point.step, point.key, point.value) for point in store.metrics(record.id, "loss")] == [
        (0, "loss", 1.0),
        (1, "loss", 0.5),
    ]
    assert [event["text"] for event in store.events(record.id, "log")] == ["half way"]
    assert (record.folder / "a.txt").read_text() == "kept"
    assert store.environment(record.id)["packages"]["torch"]
    assert events[0]["kind"] == "started" and events[-1]["kind"] == "finished"
    assert not (store.home / "staging" / record.id).exists()


def test_both_executors_tell_the_same_events_and_bytes(store: Store, many: Path) -> None:
    told = {}
    for executor in ("inline", "process"):
        events: list[Event] = []
        carry_out(store, RunRequest("many", executor=executor), [events.append])
        told[executor] = [
            {
                key: value
                for key, value in event.items()
                if key not in ("pid", "time", "staged", "path", "output")
            }
            for event in events
            if event["kind"] != "progress"
        ]
    assert told["inline"] == told["process"]


@pytest.mark.parametrize("executor", ["inline", "process"])
@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("raise", 1, "experiment 'many' of plugin many failed: ValueError: too many cookies"),
        ("exit", 1, "experiment 'many' of plugin many called sys.exit(5)"),
        ("usage", 2, "no such layer"),
        ("check", 1, "1 of 1 checks failed: a known figure"),
    ],
)
def test_a_failed_run_says_why_in_one_line(
    store: Store, many: Path, executor: str, how: str, status: int, words: str
) -> None:
    outcome = carry_out(store, RunRequest("many", {"how": how}, executor=executor))
    assert outcome.record.status == "failed"
    assert outcome.exit_status == status
    assert outcome.record.error is not None and words in " ".join(outcome.record.error.split())
    assert (outcome.record.folder / "a.txt").exists()


def test_wrong_values_are_refused_all_at_once_before_any_run(store: Store, plasma: Path) -> None:
    with pytest.raises(UsageError) as caught:
        carry_out(store, RunRequest("plasma", {"size": "9", "waves": "x", "foo": 1, "sise": 2}))
    message = str(caught.value)
    assert "--size 9: must be at least 16" in message
    assert "--waves x: must be a whole number" in message
    assert "--foo" in message
    assert "--sise. Did you mean 'size'?" in message
    assert store.runs() == []


def test_an_executor_that_is_not_there_is_answered_by_those_that_are(store: Store, plasma: Path) -> None:
    with pytest.raises(
        NotFoundError, match=r"^there is no executor called 'thread'\. There is: inline, process$"
    ):
        carry_out(store, RunRequest("plasma", executor="thread"))
    assert store.runs() == []


@pytest.mark.parametrize(
    "facts", [{"seed": -1}, {"seed": 2**63}, {"threads": 0}, {"executor": "nowhere"}, {"threads": 5000}]
)
def test_wrong_settings_of_the_runner_are_refused(
    store: Store, plasma: Path, facts: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        carry_out(store, RunRequest("plasma", **facts))
    assert store.runs() == []


def test_an_unknown_experiment_is_told_with_a_near_one(store: Store, plasma: Path) -> None:
    with pytest.raises(NotFoundError, match="plasma"):
        carry_out(store, RunRequest("plasmo"))


def test_a_broken_picture_is_refused_before_any_run(store: Store, many: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    for reference in (
        str(bad),
        str(tmp_path),
        str(tmp_path / "absent.png"),
        "sample:nothing",
        "last:a.txt",
        "",
    ):
        with pytest.raises(UsageError):
            carry_out(store, RunRequest("many", {"image": reference}))
    assert store.runs() == []


def test_runs_chain_by_their_artifacts(store: Store, plasma: Path, many: Path) -> None:
    first = carry_out(store, RunRequest("plasma")).record
    second = carry_out(store, RunRequest("many", {"image": f"{first.id}:plasma.png"})).record
    assert second.inputs["image"]["digest"] == store.artifact(first.id, "plasma.png").digest
    assert [artifact.field for artifact in store.artifacts(second.id, role="in")] == ["image"]
    with pytest.raises(NotFoundError):
        carry_out(store, RunRequest("many", {"image": f"{first.id}:other.png"}))


@pytest.mark.parametrize(
    "name", ["a b.png", "it's \u201cquoted\u201d.png", "한글.png", "🍪.png", "-dash.png", "n" * 200 + ".png"]
)
def test_odd_file_names_work(store: Store, many: Path, tmp_path: Path, name: str) -> None:
    from PIL import Image

    path = tmp_path / name
    Image.new("RGB", (5, 4), "red").save(path)
    record = carry_out(store, RunRequest("many", {"image": str(path)})).record
    assert record.status == "succeeded", record.error
    assert record.inputs["image"]["name"] == name


def test_the_input_is_kept_when_the_original_goes(store: Store, many: Path, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "a.png"
    Image.new("RGB", (5, 4), "red").save(path)
    record = carry_out(store, RunRequest("many", {"image": str(path)})).record
    path.unlink()
    kept = store.blob_path(record.inputs["image"]["digest"])
    assert kept is not None and kept.exists()


def test_launch_returns_the_record_and_raises_when_the_run_fails(home: Path, many: Path) -> None:
    assert dllab.launch("many").status == "succeeded"
    with pytest.raises(RunFailedError, match="too many cookies"):
        dllab.launch("many", {"how": "raise"})


def test_tiny_settings_are_under_what_is_given(store: Store, plasma: Path) -> None:
    assert carry_out(store, RunRequest("plasma", is_tiny=True)).record.params["size"] == 16
    assert carry_out(store, RunRequest("plasma", {"size": 20}, is_tiny=True)).record.params["size"] == 20


def test_what_a_process_printed_is_kept(store: Store, many: Path) -> None:
    record = carry_out(store, RunRequest("many", executor="process")).record
    assert [event["text"].strip() for event in store.events(record.id, "output")] == ["said aloud"]


def test_inputs_are_refused_when_they_are_of_another_kind(
    store: Store, plugin: Callable[..., Path], tmp_path: Path
) -> None:
    from dllab.inputs import check_kind

    text_file = tmp_path / "a.txt"
    text_file.write_text("hello")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("caf\xe9,1\n".encode("latin-1") * 10)
    for path, kind in (
        (text_file, "midi"),
        (text_file, "audio"),
        (text_file, "folder"),
        (tmp_path, "table"),
        (latin, "table"),
    ):
        with pytest.raises(InputError, match=path.name):
            check_kind(path, path.name, kind)
    check_kind(text_file, "a.txt", "text")
    check_kind(tmp_path, tmp_path.name, "folder")
