"""Text to image and image to image through the runner, with a tiny Stable Diffusion built from configs."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dllab


@pytest.fixture
def store(home: Path) -> Iterator[dllab.Store]:
    """The store of the test's own."""
    with dllab.Store() as opened:
        yield opened


@pytest.fixture(scope="module")
def tiny_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable Diffusion pipeline with random weights: 64 px pictures, latents of 32 x 32 by a real VAE."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel

        from dllab_images.text_to_image import text_encoder, tokenizer

        words = tokenizer()
        with torch.random.fork_rng():
            torch.manual_seed(0)
            net = UNet2DConditionModel(
                sample_size=32,
                down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
                up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
                block_out_channels=(16, 32),
                layers_per_block=1,
                norm_num_groups=8,
                attention_head_dim=4,
                cross_attention_dim=96,
            )
            vae = AutoencoderKL(
                down_block_types=("DownEncoderBlock2D",) * 2,
                up_block_types=("UpDecoderBlock2D",) * 2,
                block_out_channels=(16, 16),
                norm_num_groups=8,
                latent_channels=4,
            )
            pipe = StableDiffusionPipeline(
                vae=vae,
                text_encoder=text_encoder(len(words)),
                tokenizer=words,
                unet=net,
                scheduler=DDIMScheduler(steps_offset=1, clip_sample=False),
                safety_checker=None,
                feature_extractor=None,
                requires_safety_checker=False,
            )
        folder = tmp_path_factory.mktemp("tiny-sd")
        pipe.save_pretrained(folder, safe_serialization=True)
    return folder


def pictures(store: dllab.Store, run: dllab.RunRecord) -> dict[str, np.ndarray]:
    return {
        artifact.name: np.asarray(Image.open(artifact.path), dtype=np.int64)
        for artifact in store.artifacts(run.id)
        if artifact.name.startswith("picture-")
    }


def test_a_local_pipeline_draws_and_picture_k_alone_is_the_same(
    store: dllab.Store, tiny_pipeline: Path
) -> None:
    params = {"model": str(tiny_pipeline), "steps": 2, "count": 2, "scheduler": "own"}
    together = pictures(store, dllab.launch("generate-image", params, seed=3, store=store))
    again = pictures(store, dllab.launch("generate-image", params, seed=3, store=store))
    alone = pictures(
        store,
        dllab.launch("generate-image", {**params, "first": 1, "count": 1}, seed=3, store=store),
    )
    assert together["picture-0.png"].shape == (64, 64, 3)
    assert all(np.array_equal(together[name], again[name]) for name in together)
    assert set(alone) == {"picture-1.png"}
    assert np.abs(alone["picture-1.png"] - together["picture-1.png"]).max() <= 1
    assert np.abs(together["picture-0.png"] - together["picture-1.png"]).max() > 1


@pytest.mark.parametrize("scheduler", ["ddim", "dpm++", "unipc", "euler"])
def test_a_local_pipeline_restyles_with_every_scheduler(
    store: dllab.Store, tiny_pipeline: Path, scheduler: str
) -> None:
    params = {"model": str(tiny_pipeline), "steps": 2, "count": 1, "strength": 1.0, "scheduler": scheduler}
    found = pictures(store, dllab.launch("restyle-image", params, seed=1, store=store))
    assert found["picture-0.png"].shape == (64, 64, 3)
    assert found["picture-0.png"].std() > 0


def test_pickled_weights_are_refused_with_the_reason(tmp_path: Path) -> None:
    from dllab_images.pipeline_folders import check_folder

    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"pickle")
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionPipeline"}))
    with pytest.raises(dllab.InputError, match="pickle, which can run any code"):
        check_folder(tmp_path)


def test_what_is_no_pipeline_is_refused_in_one_line(store: dllab.Store, tmp_path: Path) -> None:
    from dllab_images.pipeline_folders import check_folder, place

    with pytest.raises(dllab.InputError, match=r"model_index\.json"):
        check_folder(tmp_path)
    (tmp_path / "model_index.json").write_text("[]")
    with pytest.raises(dllab.InputError, match="not a pipeline's index"):
        check_folder(tmp_path)
    with pytest.raises(dllab.UsageError, match="no such folder"):
        place("nowhere at all")
    assert place("owner/name") is None
