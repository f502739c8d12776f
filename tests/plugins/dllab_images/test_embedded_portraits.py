"""The text-to-image model that comes with the lab: small, whole, and led by the words of both languages."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab
from dllab_images.pipeline_folders import FOLDER
from dllab_images.portraits import BACKGROUNDS


@pytest.fixture
def store(home: Path) -> Iterator[dllab.Store]:
    """The store of the test's own."""
    with dllab.Store() as opened:
        yield opened


def test_the_whole_folder_is_at_most_ten_megabytes_of_safetensors() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 10_000_000
    assert {path.suffix for path in files} == {".json", ".safetensors"}


@pytest.mark.parametrize(
    ("prompt", "colour"),
    [
        ("a round biscuit on a night background", "night"),
        ("a star-shaped biscuit with a crown, a cream background", "cream"),
        ("보라색 배경의 둥근 비스킷", "lilac"),
    ],
)
def test_the_ground_has_the_colour_that_the_words_say(store: dllab.Store, prompt: str, colour: str) -> None:
    run = dllab.launch("generate-image", {"prompt": prompt, "count": 2, "steps": 8}, seed=1, store=store)
    for k in range(2):
        picture = np.asarray(Image.open(store.artifact(run.id, f"picture-{k}.png").path), dtype=np.float64)
        assert picture.shape == (32, 32, 3)
        ground = picture[:, :2].mean(axis=(0, 1))  # the left edge, where neither hat nor biscuit is
        far = {name: np.abs(ground - np.array(rgb)).sum() for name, rgb in BACKGROUNDS.items()}
        assert min(far, key=far.get) == colour
