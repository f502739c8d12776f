"""What the store says of runs: their record, their references, their metrics, filters and order."""

import json
import math
import pickle

import pytest

from dllab.errors import NotFoundError, UsageError
from dllab.store import Store


def test_reading_a_store_that_is_not_there_makes_nothing(tmp_path):
    store = Store(tmp_path / "home")
    assert store.runs() == []
    with pytest.raises(NotFoundError, match="has no run yet"):
        store.run("last")
    assert not store.home.exists()


def test_a_run_keeps_all_that_it_was_made_with(store, new_run):
    parent = new_run()
    inputs = {"image": {"digest": "ab", "name": "고양이.png"}}
    made = new_run(
        params={"size": 8, "text": "안녕"}, inputs=inputs, seed=2**40, parent=parent.id, relation="rerun"
    )
    assert made.params == {"size": 8, "text": "안녕"}
    assert made.inputs == inputs
    assert (made.seed, made.parent, made.relation, made.status) == (2**40, parent.id, "rerun", "succeeded")
    assert made.created <= made.started <= made.ended
    assert [child.id for child in store.children(parent.id)] == [made.id]


def test_a_run_moves_from_queued_over_running_to_its_end(store, new_run):
    run = new_run(status="queued")
    assert (run.status, run.started, run.duration, run.is_open) == ("queued", None, None, True)
    store.set_status(run.id, "running")
    assert store.run(run.id).started is not None
    store.set_status(run.id, "failed", error="out of paint")
    ended = store.run(run.id)
    assert (ended.status, ended.error, ended.is_open) == ("failed", "out of paint", False)
    assert ended.duration == ended.ended - ended.started


def test_an_unknown_status_is_refused_with_the_near_one(store, new_run):
    with pytest.raises(UsageError, match="Did you mean 'succeeded'"):
        store.set_status(new_run().id, "suceeded")
    with pytest.raises(UsageError, match="Did you mean 'running'"):
        store.runs(statuses=["runing"])


def test_the_folder_of_a_run_holds_a_record_of_everything(store, new_run, add_file):
    run = new_run(experiment="images/plasma", metrics={"loss": math.nan}, tags=["best"])
    artifact = add_file(run, "a.png", b"picture")
    store.add_event(run.id, "check", {"name": "mean", "got": math.inf})
    store.set_environment(run.id, {"torch": "2.13"})
    store.set_status(run.id, "succeeded")
    assert run.folder.name.endswith(f"-images-plasma-{run.id}")
    facts = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert (facts["id"], facts["status"], facts["tags"]) == (run.id, "succeeded", ["best"])
    assert facts["latest_metrics"] == {"loss": "NaN"}
    assert facts["checks"][0]["got"] == "Infinity"
    assert facts["artifacts"][0]["digest"] == artifact.digest
    assert facts["environment"] == {"torch": "2.13"}


def test_a_run_is_found_by_id_prefix_folder_and_last(store, new_run):
    first, second = new_run(experiment="first"), new_run(experiment="second")
    length = next(n for n in range(1, 9) if first.id[:n] != second.id[:n])
    for reference in (first.id, first.id[:length], first.folder.name, str(first.folder), "last:first"):
        assert store.run(reference).id == first.id
    assert store.run("last").id == store.run("last:second").id == second.id


def test_an_ambiguous_beginning_names_the_runs_that_it_begins(store, new_run):
    runs = {new_run().id[0]: None for _ in range(27)}  # 27 runs, 26 letters: two begin alike
    letters = [run.id[0] for run in store.runs()]
    twice = next(letter for letter in runs if letters.count(letter) > 1)
    with pytest.raises(NotFoundError, match=f"{twice!r} fits {letters.count(twice)} runs: {twice}"):
        store.run(twice)


def test_a_wrong_reference_says_which_is_near(store, new_run):
    run = new_run(experiment="deepdream")
    wrong = run.id[:6] + "--"
    with pytest.raises(NotFoundError, match=f"there is no run '{wrong}'.*Did you mean '{run.id}'"):
        store.run(wrong)
    with pytest.raises(NotFoundError, match="Did you mean 'deepdream'"):
        store.run("last:deepdraem")
    for nothing in ("", " ", "/", "\udcff"):
        with pytest.raises(NotFoundError):
            store.run(nothing)


def test_metrics_come_back_as_they_were_logged(store, new_run):
    run = new_run()
    store.add_metrics(
        run.id, [(0, "loss", 2.0, 10.0), (1, "loss", math.nan, 11.0), (0, "top", -math.inf, 10.0)]
    )
    points = store.metrics(run.id, "loss")
    assert [(point.step, point.key, point.time) for point in points] == [(0, "loss", 10.0), (1, "loss", 11.0)]
    assert points[0].value == 2.0
    assert math.isnan(points[1].value)
    latest = store.latest_metrics(run.id)
    assert math.isnan(latest["loss"])
    assert latest["top"] == -math.inf


def test_the_latest_metric_is_that_of_the_last_step_not_of_the_last_call(store, new_run):
    run = new_run()
    store.add_metrics(run.id, [(5, "loss", 0.5, 0.0), (3, "loss", 0.3, 0.0)])
    store.add_metrics(run.id, [(4, "loss", 0.4, 0.0)])
    assert store.latest_metrics(run.id) == {"loss": 0.5}
    store.add_metrics(run.id, [(5, "loss", 0.55, 0.0)])
    assert store.latest_metrics(run.id) == {"loss": 0.55}
    assert [point.value for point in store.metrics(run.id)] == [0.3, 0.4, 0.55]


def test_a_resumed_run_takes_over_the_points_up_to_its_step(store, new_run):
    old, new = new_run(status="cancelled"), new_run(status="running")
    store.add_metrics(old.id, [(step, "loss", 1.0 / step, 0.0) for step in range(1, 11)])
    store.copy_metrics(old.id, new.id, up_to_step=4)
    assert [point.step for point in store.metrics(new.id)] == [1, 2, 3, 4]
    assert store.latest_metrics(new.id) == {"loss": 0.25}


def test_of_progress_only_the_last_is_kept(store, new_run):
    run = new_run()
    for done in range(5):
        store.add_event(run.id, "progress", {"done": done})
        store.add_event(run.id, "log", {"text": f"line {done}"})
    assert [event["done"] for event in store.events(run.id, "progress")] == [4]
    assert [event["text"] for event in store.events(run.id, "log")] == [f"line {n}" for n in range(5)]
    assert len(store.events(run.id)) == 6


def test_runs_are_filtered_by_all_that_is_asked(store, new_run):
    good = new_run(experiment="dream", tags=["best", "cat"], metrics={"loss": 0.1})
    new_run(experiment="dream", tags=["best"], metrics={"loss": 0.9})
    failed = new_run(experiment="style", status="failed", tags=["cat"])

    def found(**asked):
        return {run.id for run in store.runs(**asked)}

    assert found(tags=["best", "cat"]) == {good.id}
    assert found(metrics=[("loss", "<", 0.5)]) == {good.id}
    assert found(metrics=[("loss", ">=", 0.1), ("loss", "!=", 0.1)]) == found(tags=["best"]) - {good.id}
    assert found(statuses=["failed", "lost"]) == found(experiment="style") == {failed.id}
    assert found(since=failed.created) == {failed.id}
    assert found(until=good.created) == {good.id}
    assert found(experiment="nothing") == set()
    with pytest.raises(UsageError, match="compares nothing; choose from < <="):
        store.runs(metrics=[("loss", "~", 1.0)])


def test_runs_are_sorted_by_a_column_or_a_metric_and_cut(store, new_run):
    for loss, seed in ((0.3, 1), (math.nan, 2), (0.1, 3), (0.2, 4)):
        new_run(seed=seed, metrics={"loss": loss})
    new_run(seed=5)
    assert [run.seed for run in store.runs()] == [5, 4, 3, 2, 1]
    assert [run.seed for run in store.runs(limit=2)] == [5, 4]
    assert [run.seed for run in store.runs(sort="seed", descending=False)] == [1, 2, 3, 4, 5]
    assert [run.seed for run in store.runs(sort="metric:loss", descending=False)] == [3, 4, 1, 2]
    assert [run.seed for run in store.runs(sort="metric:loss", limit=3)] == [1, 4, 3]
    with pytest.raises(UsageError, match=r"choose from created, .*Did you mean 'created'"):
        store.runs(sort="create")


def test_tags_come_and_go_and_bad_ones_are_refused(store, new_run):
    run = new_run(tags=["b", "가", "b"])
    assert store.tags(run.id) == ["b", "가"]
    store.remove_tags(run.id, ["b", "never"])
    assert store.run(run.id).tags == ("가",)
    for bad in ("", "a b", "a,b", "-a", "+a", "a\n"):
        with pytest.raises(UsageError, match="cannot be a tag"):
            store.add_tags(run.id, [bad])


def test_runs_of_one_environment_share_its_row(store, new_run):
    runs = [new_run() for _ in range(3)]
    for run in runs:
        store.set_environment(run.id, {"numpy": "2", "torch": "2.13"})
    assert store.environment(runs[2].id) == {"numpy": "2", "torch": "2.13"}
    with store._reading() as connection:
        assert connection.execute("SELECT count(*) FROM env").fetchone()[0] == 1


def test_a_listed_run_is_whole_when_it_is_asked_for_more(store, new_run):
    run = new_run(params={"size": 8}, tags=["one"])
    (listed,) = store.runs()
    assert listed == store.run(run.id)
    assert pickle.loads(pickle.dumps(store.runs()[0])) == run


def test_a_listed_run_that_was_removed_meanwhile_says_so(store, new_run):
    run = new_run()
    (listed,) = store.runs()
    store.remove(run.id)
    assert listed.status == "succeeded"
    with pytest.raises(NotFoundError, match=run.id):
        _ = listed.params
