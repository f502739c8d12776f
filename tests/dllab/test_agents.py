"""One form for every reference to an agent: a name, a run, or a file; and files that are none."""

from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

import dllab
from dllab.recipe import read_recipe
from dllab.replay import find_origin, replay_request
from dllab.runner import carry_out

SOURCE = '''
import dllab


class Constant:
    env_id = None

    def __init__(self, action):
        self.action = action

    def act(self, observation):
        return self.action


def read(path):
    from safetensors.numpy import load_file

    return Constant(int(load_file(path)["action"][0]))


class Params(dllab.Params):
    agent: dllab.Input = dllab.input("agent", default="always/two", help="who")


class NoParams(dllab.Params):
    pass


@dllab.experiment("ask", topic="test")
def ask(run, params: Params):
    """Ask an agent for an action."""
    import numpy as np

    run.log(0, action=run.agent(params.agent).act(None))
    run.save_image("action.png", np.zeros((3, 4, 4)))


@dllab.experiment("teach", topic="test")
def teach(run, params: NoParams):
    """Leave an agent, and an older one."""
    import torch

    for name, action in (("latest.safetensors", 6), ("agent.safetensors", 7)):
        run.save_model(name, {"action": torch.tensor([action])}, {"agent": "constant"})


@dllab.hookimpl
def dllab_experiments():
    return [ask, teach]


@dllab.hookimpl
def dllab_resources():
    return [
        dllab.Resource("agent", "always/two", "two", load=lambda: Constant(2)),
        dllab.Resource("agent-format", "constant", "one action", load=lambda: read),
    ]
'''


@pytest.fixture
def agents(plugin: Callable[..., Path]) -> Path:
    return plugin("agents", SOURCE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "five.safetensors"
    save_file({"action": np.array([5])}, path, {"agent": "constant"})
    return path


def test_an_agent_is_found_by_its_name_its_file_and_its_run(agents: Path, file: Path) -> None:
    run = dllab.launch("teach")
    references = ("always/two", str(file), run.id, "last", "last:teach", "last:latest.safetensors")
    actions = [dllab.load_agent(reference).act(None) for reference in references]
    assert actions == [2, 5, 7, 7, 7, 6]
    assert dllab.load_agent(file).act(None) == 5


def test_an_agent_goes_into_a_run_by_its_name_its_file_and_its_run(agents: Path, file: Path) -> None:
    made = dllab.launch("teach")
    with dllab.Store() as store:
        for reference, action in (("always/two", 2), (str(file), 5), (made.id, 7)):
            run = dllab.launch("ask", {"agent": reference}, store=store)
            assert store.latest_metrics(run.id)["action"] == action
            request, _ = replay_request(store, find_origin(store, run.id), {})
            again = carry_out(store, request).record
            assert again.status == "succeeded"
            assert (
                store.artifact(again.id, "action.png").digest == store.artifact(run.id, "action.png").digest
            )


def test_a_recipe_names_an_agent_and_makes_the_picture_again_in_another_lab(
    agents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dllab.Store() as store:
        run = dllab.launch("ask", store=store)
        picture = tmp_path / "action.png"
        picture.write_bytes(store.artifact(run.id, "action.png").path.read_bytes())
    facts = read_recipe(picture)
    assert facts is not None and facts["inputs"]["agent"]["agent"] == "always/two"
    monkeypatch.setenv("DLLAB_HOME", str(tmp_path / "elsewhere"))
    with dllab.Store() as store:
        request, warnings = replay_request(store, find_origin(store, str(picture)), {})
        again = carry_out(store, request).record
        assert (again.status, warnings) == ("succeeded", [])
        assert store.artifact(again.id, "action.png").path.read_bytes() == picture.read_bytes()


def test_no_path_is_taken_from_what_a_recipe_calls_an_agent(agents: Path, file: Path) -> None:
    from dllab.replay import Origin

    facts = {
        "experiment": "ask", "params": {}, "seed": 0, "threads": 1,
        "inputs": {"agent": {"digest": "0" * 64, "agent": str(file)}},
    }  # fmt: skip
    with dllab.Store() as store, pytest.raises(dllab.InputError, match="not in this store"):
        replay_request(store, Origin(facts), {})


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('a pickle was run')",))


def _write(path: Path, kind: str) -> None:
    if kind == "pickle":
        path.write_bytes(pickle.dumps(Bomb(), protocol=2))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("policy.pth", pickle.dumps(Bomb(), protocol=2))
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "noise":
        path.write_bytes(bytes(range(256)) * 20)
    elif kind == "cut":
        save_file({"action": np.zeros(1000)}, path, {"agent": "constant"})
        path.write_bytes(path.read_bytes()[:-100])
    elif kind == "no agent":
        save_file({"action": np.zeros(1000)}, path)
    elif kind == "stranger":
        save_file({"action": np.zeros(1000)}, path, {"agent": "martian"})
    elif kind == "lacking":
        save_file({"reaction": np.zeros(1000)}, path, {"agent": "constant"})
    elif kind == "points nowhere":
        path.write_text(json.dumps({"agent": "nobody"}), encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("pickle", "can run code when it is read"),
        ("zip", "dllab run import-agent --file bad"),
        ("empty", "is empty"),
        ("noise", "damaged or no agent's file"),
        ("cut", "damaged or no agent's file"),
        ("no agent", "holds tensors but no agent"),
        ("stranger", "format 'martian', which no plugin here reads"),
        ("lacking", "damaged or no agent's file"),
        ("points nowhere", "nobody"),
    ],
)
def test_a_file_that_is_no_agent_is_refused_in_one_line(
    kind: str, message: str, agents: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad"
    _write(path, kind)
    for refused in (lambda: dllab.load_agent(path), lambda: dllab.launch("ask", {"agent": str(path)})):
        with pytest.raises(dllab.UsageError, match=message) as caught:
            refused()
        assert "\n" not in str(caught.value)
    with dllab.Store() as store:
        assert store.runs() == []


def test_what_is_no_agent_is_told_with_the_nearest_name(agents: Path, tmp_path: Path) -> None:
    with pytest.raises(dllab.InputError, match=r"no agent 'always/to'\. Did you mean 'always/two'\?"):
        dllab.load_agent("always/to")
    with pytest.raises(dllab.InputError, match="is a folder"):
        dllab.load_agent(tmp_path)
    dllab.launch("ask")
    with pytest.raises(dllab.InputError, match="of 'ask' has left no agent"):
        dllab.load_agent("last")
    with pytest.raises(dllab.UsageError, match="teach"):
        dllab.load_agent("last:teach")
