"""What a pipeline does when memory runs out, and what --lora says of files that it cannot take."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

import dllab
from dllab_images import pipelines


@pytest.fixture
def store(home: Path) -> Iterator[dllab.Store]:
    """The store of the test's own."""
    with dllab.Store() as opened:
        yield opened


@pytest.fixture(scope="module")
def lora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA of rank 2 for one attention layer of the lab's own UNet."""
    from safetensors.torch import save_file

    layer = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_q"
    path = tmp_path_factory.mktemp("lora") / "sweet.safetensors"
    generator = torch.Generator().manual_seed(0)
    down, up = (torch.randn(shape, generator=generator) for shape in ((2, 128), (128, 2)))
    save_file({f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": up}, path)
    return path


def params(**more: Any) -> dict[str, Any]:
    return {"steps": 1, "count": 4, **more}


@pytest.mark.skipif(importlib.util.find_spec("peft") is not None, reason="peft is here: LoRA works")
def test_a_lora_without_peft_is_answered_by_the_package_to_install(store: dllab.Store, lora: Path) -> None:
    with pytest.raises(dllab.UsageError, match="pip install peft"):
        dllab.launch("generate-image", params(lora=str(lora)), store=store)


@pytest.mark.skipif(importlib.util.find_spec("peft") is None, reason="diffusers needs peft for LoRA")
def test_a_lora_changes_the_picture(store: dllab.Store, lora: Path) -> None:
    plain, changed = (
        store.artifact(dllab.launch("generate-image", params(**more), store=store).id, "sheet.png")
        for more in ({}, {"lora": str(lora)})
    )
    assert plain.path.read_bytes() != changed.path.read_bytes()


@pytest.mark.parametrize(("name", "reason"), [
    ("notes.json", "'notes.json' is no .safetensors file; a pickle could run any code"),
    ("short.safetensors", "'short.safetensors' holds no weights that can be read safely"),
])  # fmt: skip
def test_a_lora_that_cannot_be_read_is_refused_before_the_pipeline_is_opened(
    store: dllab.Store, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / name).write_bytes(b"{}" * 40)
    with pytest.raises(dllab.UsageError, match=reason):
        dllab.launch("generate-image", params(lora=str(tmp_path / name)), store=store)


def test_when_memory_runs_out_fewer_pictures_are_drawn_at_once_and_it_is_said(
    store: dllab.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = pipelines.open_pipeline
    whole = dllab.launch("generate-image", params(), seed=4, store=store)
    sizes: list[int] = []

    def small(model: str, run: dllab.Run, lora: dllab.Input | None = None) -> Any:
        pipe = opened(model, run, lora)

        def refuse(net: Any, given: Any) -> None:
            sizes.append(len(given[0]))
            if len(given[0]) > 4:  # two pictures, each with and without the words
                raise torch.OutOfMemoryError("no memory for that many")

        pipe.unet.register_forward_pre_hook(refuse)
        return pipe

    monkeypatch.setattr(pipelines, "open_pipeline", small)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        halved = dllab.launch("generate-image", params(), seed=4, store=store)
    assert sizes[0] == 8
    assert max(sizes[1:]) == 4
    said = [event["text"] for event in store.events(halved.id, "log")]
    assert any("out of memory: going on with 2 instead of 4" in text for text in said)
    for k in range(4):
        first, second = (pixels(store.artifact(run.id, f"picture-{k}.png").path) for run in (whole, halved))
        assert (first - second).abs().max() <= 1


def pixels(path: Path) -> torch.Tensor:
    """The pixels of a picture as whole numbers."""
    import numpy as np
    from PIL import Image

    return torch.from_numpy(np.asarray(Image.open(path), dtype=np.int64).copy())
