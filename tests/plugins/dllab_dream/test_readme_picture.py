"""The picture in the README is what the lab makes now: same parameters, same weights, same dream."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dllab.device import has_fast_bfloat16
from dllab.plugins import load_resource
from dllab.recipe import read_recipe, weights_digest
from dllab.replay import find_origin, replay_request
from dllab.runner import carry_out
from dllab.store import Store

PICTURE = Path(__file__).parents[3] / "docs" / "images" / "dream.png"
REMEDY = "make it again: dllab run deepdream --image sample:cat --out docs/images"
# Mean difference in levels of 255. Other thread counts and kernels give about 2, other seeds 14, and the
# same recipe before a change of the algorithm gave 9.
TOLERANCE = 4.0


def test_it_was_made_with_the_weights_that_ship() -> None:
    facts = read_recipe(PICTURE)
    assert facts is not None
    model, _ = load_resource("model", "vision/backbone")
    assert facts["models"] == {"vision/backbone": weights_digest(model.load().state_dict())}, REMEDY


def test_its_recipe_makes_it_again(home: Path) -> None:
    if not has_fast_bfloat16(torch.device("cpu")):
        pytest.skip("this processor does not multiply bfloat16, in which the picture was dreamt")
    with Store() as store:
        request, warnings = replay_request(store, find_origin(store, str(PICTURE)), {})
        assert warnings == []
        record = carry_out(store, request).record
        assert record.status == "succeeded", record.error
        again = store.artifact(record.id, "dream.png").path
    assert again is not None
    with Image.open(PICTURE) as shown, Image.open(again) as made:
        difference = np.abs(np.asarray(shown, dtype=float) - np.asarray(made, dtype=float)).mean()
    assert difference <= TOLERANCE, REMEDY
