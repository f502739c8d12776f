"""The net of an agent's file, computed by hand and by torch; and files that cannot be played."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from safetensors.numpy import save_file

import dllab
from dllab_rl.policy import Policy, read_policy
from dllab_rl.spaces import SpaceFacts, space_facts

TWO_NUMBERS = SpaceFacts("box", (2,), "float32").to_json()
THREE_ACTIONS = SpaceFacts("discrete", (), "int64", 3).to_json()
FACTS = {
    "algorithm": "ppo", "environment": "Toy-v0", "environment_args": {}, "observation": "",
    "observation_space": TWO_NUMBERS, "action_space": THREE_ACTIONS, "activation": "tanh",
    "head": "categorical", "strides": [], "timesteps": 5,
}  # fmt: skip
TENSORS = {
    "policy.0.weight": np.array([[1.0, 0], [0, 1], [1, 1]]),
    "policy.0.bias": np.array([0.0, 0, -1]),
    "value.0.weight": np.array([[2.0, -1]]),
    "value.0.bias": np.array([0.5]),
}


def test_logits_probabilities_and_value_are_those_computed_by_hand() -> None:
    policy = Policy(TENSORS, FACTS)
    observation = np.array([1.0, 0.5], np.float32)  # logits 1, 0.5, 0.5
    assert policy.outputs(observation[None]) == pytest.approx(np.array([[1, 0.5, 0.5]]))
    assert policy.act(observation) == 0
    total = np.e + 2 * np.e**0.5
    assert policy.probabilities(observation) == pytest.approx(np.array([np.e, np.e**0.5, np.e**0.5]) / total)
    assert policy.value(observation) == pytest.approx(2 - 0.5 + 0.5)
    assert policy.act_batch(np.array([[1, 0], [0, 1], [2, 2]], np.float32)).tolist() == [0, 1, 2]


def test_hidden_layers_bend_and_the_last_does_not() -> None:
    tensors = {
        "policy.0.weight": np.array([[1.0, 1]]), "policy.0.bias": np.array([0.0]),
        "policy.1.weight": np.array([[3.0], [0], [-3]]), "policy.1.bias": np.zeros(3),
    }  # fmt: skip
    observation = np.array([[0.25, 0.25]], np.float32)
    for activation, bent in (("tanh", np.tanh(0.5)), ("relu", 0.5), ("silu", 0.5 / (1 + np.exp(-0.5)))):
        outputs = Policy(tensors, FACTS | {"activation": activation}).outputs(observation)
        assert outputs == pytest.approx(np.array([[3 * bent, 0, -3 * bent]]))


def test_a_net_for_pictures_computes_what_torch_does() -> None:
    import torch

    torch_net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 4, 8, 4), torch.nn.ReLU(), torch.nn.Conv2d(4, 5, 4, 2), torch.nn.ReLU(),
        torch.nn.Flatten(), torch.nn.Linear(5 * 6 * 3, 7), torch.nn.ReLU(), torch.nn.Linear(7, 3),
    )  # fmt: skip
    names = {0: "features.0", 2: "features.1", 5: "features.2", 7: "policy.0"}
    tensors = {
        f"{ours}.{leaf}": getattr(torch_net[theirs], leaf).detach().numpy()
        for theirs, ours in names.items()
        for leaf in ("weight", "bias")
    }
    space = space_facts(gymnasium.spaces.Box(0, 255, (60, 40, 3), np.uint8), "", "observations")
    assert space.is_picture
    policy = Policy(tensors, FACTS | {"observation_space": space.to_json(), "strides": [4, 2]})
    pictures = np.random.default_rng(1).integers(0, 256, (6, 60, 40, 3), dtype=np.uint8)
    with torch.no_grad():
        expected = torch_net(torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255)
    assert policy.outputs(pictures) == pytest.approx(expected.numpy(), abs=1e-5)
    planes = space_facts(gymnasium.spaces.Box(0, 255, (3, 60, 40), np.uint8), "", "observations")
    policy = Policy(tensors, FACTS | {"observation_space": planes.to_json(), "strides": [4, 2]})
    assert policy.outputs(pictures.transpose(0, 3, 1, 2)) == pytest.approx(expected.numpy(), abs=1e-5)


def test_numbers_as_actions_keep_their_bounds() -> None:
    action_space = SpaceFacts("box", (2,), "float32", low=(-1, 0), high=(1, 2)).to_json()
    tensors = {"policy.0.weight": np.array([[1.0, 0], [0, 1]]), "policy.0.bias": np.zeros(2)}
    policy = Policy(tensors, FACTS | {"action_space": action_space, "head": "gaussian"})
    assert policy.act(np.array([-3, 1.5], np.float32)).tolist() == [-1, 1.5]
    assert policy.probabilities(np.zeros(2)) is None
    assert policy.value(np.zeros(2)) is None


def test_an_agent_for_other_observations_or_actions_says_what_it_takes() -> None:
    agent = Policy(TENSORS, FACTS, "mine")
    with pytest.raises(
        dllab.InputError, match=r"mine was made for Toy-v0: it takes observations of shape \(2,\)"
    ):
        agent.attach(gymnasium.make("CartPole-v1"))
    four = {**TENSORS, "policy.0.weight": np.zeros((3, 4)), "value.0.weight": np.zeros((1, 4))}
    agent = Policy(four, FACTS | {"observation_space": SpaceFacts("box", (4,), "float32").to_json()})
    with pytest.raises(dllab.InputError, match="it takes actions of 3 kinds, here they are of 2 kinds"):
        agent.attach(gymnasium.make("CartPole-v1"))
    with pytest.raises(dllab.ShapeError, match="takes observations"):
        agent.act(np.zeros(5))


@pytest.mark.parametrize(
    ("tensors", "facts", "message"),
    [
        ({"policy.0.weight": np.zeros((3, 5))}, {}, "its input has 2 numbers"),
        ({"policy.0.bias": np.zeros(9)}, {}, "its input has 2 numbers"),
        ({"policy.0.weight": np.full((3, 2), np.nan)}, {}, "not finite"),
        ({}, {"activation": "swoosh"}, "'swoosh', not one of tanh"),
        ({}, {"head": "tail"}, "'tail', not one of"),
        ({}, {"action_space": SpaceFacts("discrete", (), "int64", 4).to_json()}, "3 numbers come out for 4"),
        ({}, {"observation_space": {"kind": "dict"}}, "shape"),
        ({}, {"observation_space": SpaceFacts("box", (2**20, 2**20), "float32").to_json()}, "space of shape"),
        ({}, {"strides": [1]}, "not those of a net for pictures"),
        ({}, {"timesteps": "many"}, "invalid literal"),
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused_in_one_line(
    tensors: dict[str, Any], facts: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.safetensors"
    save_file(TENSORS | tensors, path, {"agent": "rl/policy", "policy": json.dumps(FACTS | facts)})
    with pytest.raises(dllab.InputError, match=f"'odd.safetensors' holds no policy.*{message}") as caught:
        read_policy(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("policy", ["", "[]", "{", "3", json.dumps({}), "[" * 100_000])
def test_metadata_that_is_no_description_is_refused(policy: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.safetensors"
    save_file(TENSORS, path, {"agent": "rl/policy", "policy": policy})
    with pytest.raises(dllab.InputError, match="holds no policy"):
        read_policy(path)


def test_spaces_that_the_agents_cannot_take_are_named() -> None:
    boxes = gymnasium.spaces
    for space, role, message in (
        (boxes.Tuple([boxes.Discrete(2)]), "observations", "its observations are Tuple"),
        (boxes.Box(0, 255, (20, 40, 3), np.uint8), "observations", "from 36 x 36 on"),
        (boxes.Box(-np.inf, np.inf, (2,)), "actions", "its actions have no bounds"),
        (boxes.MultiBinary(3), "actions", "its actions are MultiBinary"),
    ):
        with pytest.raises(dllab.UsageError, match=f"--env X: .*{message}"):
            space_facts(space, "X", role)


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('a pickle was run')",))


EVIL = pickle.dumps(Bomb(), protocol=2)


def test_a_zip_of_stable_baselines3_gives_its_agent_and_runs_none_of_its_pickles(
    home: Path, tmp_path: Path
) -> None:
    import torch
    from stable_baselines3 import DQN

    kwargs = {"net_arch": [16], "activation_fn": torch.nn.ELU}
    model = DQN("MlpPolicy", "CartPole-v1", policy_kwargs=kwargs, buffer_size=10, device="cpu", seed=0)
    saved, path = tmp_path / "saved.zip", tmp_path / "evil.zip"
    model.save(saved)
    with zipfile.ZipFile(saved) as good, zipfile.ZipFile(path, "w") as evil:
        for name in good.namelist():
            is_needed = name in ("data", "policy.pth")
            evil.writestr(name, good.read(name) if is_needed else EVIL)
    run = dllab.launch("import-agent", {"file": str(path), "episodes": 1})
    agent = dllab.load_agent(run.id)
    observations = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    theirs = model.policy.q_net(torch.from_numpy(observations)).detach().numpy()
    assert agent.outputs(observations) == pytest.approx(theirs, abs=1e-5)
    assert agent.algorithm == "dqn"


@pytest.mark.parametrize(
    ("members", "env", "message"),
    [
        (None, "CartPole-v1", "is no zip of stable-baselines3"),
        ({"data": b"{}"}, "CartPole-v1", "it has no policy.pth"),
        ({"data": b"{}", "policy.pth": EVIL}, "CartPole-v1", "holds no weights that can be read safely"),
        ({"data": b"{", "policy.pth": b""}, "CartPole-v1", "is no zip of stable-baselines3"),
    ],
)  # fmt: skip
def test_a_zip_that_is_none_is_refused_in_one_line(
    members: dict[str, bytes] | None, env: str, message: str, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(b"PK\x03\x04 no zip")
    if members is not None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
    with pytest.raises(dllab.UsageError, match=message) as caught:
        dllab.launch("import-agent", {"file": str(path), "env": env})
    assert "\n" not in str(caught.value)
    with dllab.Store() as store:
        assert store.runs() == []
