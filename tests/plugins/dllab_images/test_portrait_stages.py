"""The stages of train-portraits: captions read, codes of patches, and a training that can be gone on with."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import dllab
from dllab.runner import RunRequest, carry_out
from dllab_images import caption_reader, portrait_codes
from dllab_images.attributes import ATTRIBUTES
from dllab_images.portraits import portraits
from dllab_images.text_to_image import CHANNELS, LONGEST, autoencoder, tokenizer

TINY = {
    "steps": 3,
    "word_steps": 3,
    "mark_steps": 3,
    "detail_steps": 3,
    "pixel_steps": 3,
    "pool": 8,
    "batch_size": 4,
}


@pytest.fixture
def lab_store(home: Path) -> Iterator[dllab.Store]:
    """The store of the test's own."""
    with dllab.Store() as opened:
        yield opened


def test_what_a_caption_does_not_state_is_told_as_not_said() -> None:
    chosen = dict.fromkeys(ATTRIBUTES, 0) | {"glasses": 1}
    told = caption_reader.told(chosen, "a biscuit with round glasses and pink icing on a blue background")
    assert told["glasses"] == 1
    assert told["background"] == 0
    assert told["shape"] == len(ATTRIBUTES["shape"])  # the glasses are round
    assert told["icing"] == len(ATTRIBUTES["icing"])  # pink is not what this one has


def test_captions_of_a_step_are_the_same_again_and_others_at_the_next() -> None:
    words = tokenizer()
    first = caption_reader.caption_batch(1, 0, 6, 0.5, words)
    again = caption_reader.caption_batch(1, 0, 6, 0.5, words)
    later = caption_reader.caption_batch(1, 1, 6, 0.5, words)
    assert first[0].shape == (6, LONGEST)
    assert torch.equal(first[0], again[0])
    assert not torch.equal(first[0], later[0])
    assert all(torch.equal(first[1][name], again[1][name]) for name in ATTRIBUTES)


def test_the_encoder_computes_the_main_components_of_patches() -> None:
    pictures = portrait_codes.to_pixels(portraits(40, seed=3).images)
    net = autoencoder()
    portrait_codes.set_components(net.encoder, pictures)
    codes = net.encode(pictures).latents.detach().double()  # (40, 32, 8, 8)
    patches = pictures.reshape(40, 3, 8, 4, 8, 4).permute(0, 2, 4, 1, 3, 5).reshape(-1, 48).double()
    spectrum = torch.linalg.svdvals(patches - patches.mean(dim=0)) / (len(patches) - 1) ** 0.5
    flat = codes.movedim(1, -1).reshape(-1, CHANNELS)
    expected = portrait_codes.LOUDEST * (spectrum / spectrum[0])[:CHANNELS] ** portrait_codes.EVEN
    assert flat.mean(dim=0).abs().max() < 1e-5
    assert torch.allclose(torch.cov(flat.T), torch.diag(expected**2), atol=1e-4)
    best = torch.linalg.lstsq(
        torch.cat([flat, torch.ones(len(flat), 1, dtype=flat.dtype)], 1), patches
    ).solution
    rest = patches - torch.cat([flat, torch.ones(len(flat), 1, dtype=flat.dtype)], 1) @ best
    assert rest.square().sum() == pytest.approx(
        float((spectrum[CHANNELS:] ** 2).sum()) * (len(patches) - 1), rel=1e-3
    )


@pytest.mark.slow
@pytest.mark.parametrize("breaks_at", [1, 4, 7, 10, 13])
def test_a_killed_training_goes_on_in_its_stage_to_the_same_model(
    lab_store: dllab.Store, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    from dllab_images import portrait_stages

    monkeypatch.setattr(portrait_stages, "CHECKPOINT_EVERY_S", 0.0)
    whole = carry_out(lab_store, RunRequest("train-portraits", TINY, seed=2)).record
    written = dllab.Run.log

    def log_until(run: dllab.Run, step: int, **values: float) -> None:
        if step == breaks_at + 1:
            raise RuntimeError("killed")
        written(run, step, **values)

    with monkeypatch.context() as patch:
        patch.setattr(dllab.Run, "log", log_until)
        broken = carry_out(lab_store, RunRequest("train-portraits", TINY, seed=2)).record
    assert broken.status == "failed"
    request = RunRequest("train-portraits", TINY, parent=broken.id, relation="resume", seed=2)
    again = carry_out(lab_store, request).record
    assert again.status == "succeeded"
    first, second = (lab_store.artifact(run.id, "pipeline.zip").path.read_bytes() for run in (whole, again))
    assert _weights(first) == _weights(second)


def _weights(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".safetensors")]
        assert len(names) == 3
        return {name: archive.read(name) for name in names}
