"""The exporters: what the other tool reads back is what the store holds."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import dllab
from dllab.cli import main
from dllab.runner import RunRequest, carry_out

TRACKED = '''
import math

import dllab


class TrackedParams(dllab.Params):
    rate: float = dllab.param(0.1, gt=0, help="a number")
    name: str = dllab.param("a", help="a word")


@dllab.experiment("tracked", topic="test")
def tracked(run, params: TrackedParams):
    """2,500 points, one of them not a number, a picture and a table."""
    import numpy as np

    for step in range(1250):
        run.log(step, loss=1 / (step + 1), other=math.nan if step == 7 else step)
    run.save_image("picture.png", np.linspace(0, 1, 3 * 8 * 9).reshape(3, 8, 9))
    run.save_table("table.csv", {"x": [1, 2]})


@dllab.hookimpl
def dllab_experiments():
    return [tracked]
'''


@pytest.fixture
def store(home: Path, plugin: Callable[..., Path]) -> Iterator[dllab.Store]:
    plugin("tracked", TRACKED)
    with dllab.Store() as opened:
        yield opened


@pytest.fixture
def run(store: dllab.Store) -> dllab.RunRecord:
    return carry_out(store, RunRequest("tracked", {"rate": 0.25}, seed=3, tags=("best",))).record


@pytest.mark.parametrize("name", ["tensorboard", "mlflow"])
def test_an_exporter_without_its_package_says_what_to_install(
    name: str, run: dllab.RunRecord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if find_spec(name) is not None:
        pytest.skip(f"{name} is installed")
    assert main(["export", run.id, str(tmp_path / "out"), "--to", name]) == 2
    err = capsys.readouterr().err
    assert f"pip install 'dllab[{name}]'" in err and err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("default")
def test_tensorboard_reads_every_point_and_the_picture(
    run: dllab.RunRecord, store: dllab.Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tensorboard", reason="the extra dllab[tensorboard] is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    assert main(["export", run.id, str(tmp_path / "logs"), "--to", "tensorboard"]) == 0
    folder = Path(capsys.readouterr().out.strip())
    read = EventAccumulator(str(folder), {"scalars": 0, "images": 0}).Reload()
    told = [(event.step, event.value) for event in read.Scalars("loss")]
    known = [(point.step, point.value) for point in store.metrics(run.id, "loss")]
    assert [step for step, _ in told] == [step for step, _ in known]
    assert [value for _, value in told] == pytest.approx([value for _, value in known], rel=1e-6)
    assert math.isnan(read.Scalars("other")[7].value)
    (image,) = read.Images("picture.png")
    assert (image.height, image.width) == (8, 9)
    assert main(["export", run.id, str(tmp_path / "logs"), "--to", "tensorboard"]) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_mlflow_reads_every_point_and_file_and_takes_a_run_once(
    run: dllab.RunRecord, store: dllab.Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("mlflow", reason="the extra dllab[mlflow] is not installed")
    from mlflow.tracking import MlflowClient

    (run.folder / "table.csv").write_text("edited by its owner")
    place = tmp_path / "ml"
    assert main(["export", run.id, str(place), "--to", "mlflow"]) == 0
    client = MlflowClient(f"sqlite:///{place / 'mlflow.db'}")
    (experiment,) = [one for one in client.search_experiments() if one.name == "tracked"]
    (found,) = client.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED"
    assert (found.data.params["rate"], found.data.params["seed"]) == ("0.25", "3")
    assert "dllab.tag.best" in found.data.tags
    history = client.get_metric_history(found.info.run_id, "loss")
    assert [(one.step, one.value) for one in sorted(history, key=lambda one: one.step)] == [
        (point.step, point.value) for point in store.metrics(run.id, "loss")
    ]
    table = Path(client.download_artifacts(found.info.run_id, "table.csv"))
    assert table.read_bytes() == store.artifact(run.id, "table.csv").path.read_bytes()
    capsys.readouterr()
    assert main(["export", run.id, str(place), "--to", "mlflow"]) == 2
    assert "already" in capsys.readouterr().err


def test_listing_the_exporters_imports_neither_package(
    lab: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    listed = lab("plugins")
    assert "tensorboard, mlflow" in listed.stdout
