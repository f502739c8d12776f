"""What the plugin brings: the shipped backbone, its papers, and pictures to try things with."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import dllab
import dllab_vision
from dllab_vision.backbone import SECOND, WEIGHTS, load_backbone, load_second
from dllab_vision.pictures import SIZE, to_tensor
from dllab_vision.samples import bundled_picture

SAMPLES = [resource for resource in dllab_vision.dllab_resources() if resource.kind == "sample"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_a_picture_with_a_licence_and_a_korean_summary(sample: dllab.Resource) -> None:
    with Image.open(sample.load()) as picture:
        assert min(picture.size) >= 300
    assert sample.licence
    assert sample.ko


def test_a_picture_that_is_not_bundled_is_told_with_the_remedy() -> None:
    with pytest.raises(dllab.InputError, match="pip install scikit-image"):
        bundled_picture("no_such_picture.png")


@pytest.mark.parametrize(
    ("path", "limit", "deep"),
    [(WEIGHTS, 2_000_000, "convolutions.c4_2.weight"), (SECOND, 1_000_000, "blocks.r4.conv2.weight")],
)
def test_the_shipped_weights_are_small_and_stored_in_half_precision(
    path: Path, limit: int, deep: str
) -> None:
    from safetensors import safe_open

    assert path.stat().st_size <= limit
    with safe_open(path, framework="pt") as file:
        assert file.get_tensor(deep).dtype == torch.float16
        assert len(json.loads(file.metadata()["class_names"])) == 200


@pytest.mark.parametrize(
    ("path", "command"),
    [(WEIGHTS, "dllab run train-backbone"), (SECOND, "dllab run train-backbone --architecture residual")],
)
def test_the_model_card_names_the_data_its_terms_the_recipe_and_the_figure_in_the_file(
    path: Path, command: str
) -> None:
    from safetensors import safe_open

    card = WEIGHTS.with_name("MODEL_CARD.md").read_text(encoding="utf-8")
    with safe_open(path, framework="pt") as file:
        top1 = float(file.metadata()["validation_top1"])
    for words in ("Tiny ImageNet", "non-commercial", command, f"{top1:.1%}"):
        assert words in card
    names = json.loads(WEIGHTS.with_name("class_names.json").read_text(encoding="utf-8"))
    assert tuple(names) == load_backbone().class_names


def test_a_file_that_is_no_backbone_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "evil.safetensors"
    path.write_bytes(b"\x80\x04\x95 not weights")
    with pytest.raises(dllab.InputError, match=r"evil\.safetensors is no backbone"):
        load_backbone(path)


def test_a_file_that_lacks_a_weight_is_told_with_its_name(tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    with safe_open(SECOND, framework="pt") as file:
        state = {name: file.get_tensor(name) for name in file.keys() if name != "stem.weight"}  # noqa: SIM118
        save_file(state, tmp_path / "partial.safetensors", file.metadata())
    with pytest.raises(dllab.InputError, match=r"no backbone \(stem\.weight is missing\)"):
        load_backbone(tmp_path / "partial.safetensors")


@pytest.mark.parametrize(("load", "least"), [(load_backbone, 0.35), (load_second, 0.25)])
def test_the_shipped_nets_recognise_pictures_that_they_have_never_seen(
    shared_data: Path, load, least: float
) -> None:
    """One in five of the validation pictures; 200 classes, so chance is 0.5 %."""
    with np.load(shared_data / "tiny_imagenet_val.npz", allow_pickle=False) as arrays:
        data, offsets, labels = arrays["data"], arrays["offsets"], arrays["labels"]
    import io

    chosen = range(0, len(labels), 5)
    pixels = np.empty((len(chosen), SIZE, SIZE, 3), np.uint8)
    for row, i in enumerate(chosen):
        with Image.open(io.BytesIO(data[offsets[i] : offsets[i + 1]].tobytes())) as picture:
            pixels[row] = np.asarray(picture.convert("RGB"))
    with torch.no_grad():
        guesses = load()(to_tensor(pixels, SIZE, torch.device("cpu"))).argmax(dim=1).numpy()
    assert (guesses == labels[::5]).mean() > least
