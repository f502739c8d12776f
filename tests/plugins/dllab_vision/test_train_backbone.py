"""The experiment that makes the backbone: it learns, resumes to the same weights, and disturbs as it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dllab.store import Store
from dllab_vision.backbone import load_backbone
from dllab_vision.train_backbone import disturb, one_cycle


def artifact(home: Path, run: str, name: str) -> Path:
    with Store() as store:
        return store.artifact(run, name).path


def test_a_tiny_training_learns_and_leaves_a_net_that_loads(lab: Callable, home: Path) -> None:
    done = lab("run", "train-backbone", "--tiny", "--threads", "1", "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)["id"]
    net = load_backbone(artifact(home, run, "backbone.safetensors"))
    names = json.loads(artifact(home, run, "class_names.json").read_text(encoding="utf-8"))
    assert list(net.class_names) == names
    assert net(torch.zeros(1, 3, 64, 64)).shape == (1, len(names))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--batch-size", "1000"), "--batch-size 1000"),
        (("--sizes", "32,8"), "--sizes 8"),
        (("--data", "{here}"), "test_train_backbone.py is no .npz file"),
    ],
)
def test_settings_that_cannot_work_are_told_in_one_line(
    lab: Callable, flags: tuple[str, str], words: str
) -> None:
    done = lab("run", "train-backbone", "--tiny", "--quiet", *(flag.format(here=__file__) for flag in flags))
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_one_cycle_rises_to_the_peak_and_falls_to_zero() -> None:
    assert one_cycle(0.0, 0.4, warm_up=0.2) == 0
    assert one_cycle(0.1, 0.4, warm_up=0.2) == pytest.approx(0.2)
    assert one_cycle(0.2, 0.4, warm_up=0.2) == pytest.approx(0.4)
    assert one_cycle(0.6, 0.4, warm_up=0.2) == pytest.approx(0.2)
    assert one_cycle(1.0, 0.4, warm_up=0.2) == 0


def test_a_disturbance_stays_in_the_ball_and_raises_the_loss() -> None:
    net = load_backbone()
    x = torch.randn(6, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    labels = net(x).argmax(dim=1)
    epsilon = 2.0
    disturbed = disturb(net, x, labels, epsilon, torch.Generator().manual_seed(1))
    lengths = (disturbed - x).flatten(1).norm(dim=1)
    assert float(lengths.max()) <= epsilon * (1 + 1e-5)
    loss = torch.nn.functional.cross_entropy
    assert float(loss(net(disturbed), labels)) > float(loss(net(x), labels)) + 0.1
