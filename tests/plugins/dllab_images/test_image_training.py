"""Trainings that stop and go on, and pictures that belong to their number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

import dllab
from dllab.runner import RunRequest, carry_out
from dllab_images import denoise, drawing, nets, noise, sheets, shelf, training
from dllab_images.gan import moved, slope, variety
from dllab_images.gan_ring import centres, counted

KINDS = {
    "gan": {"width": 8, "latent": 4, "batch_size": 8, "frames": 2},
    "vae": {"width": 8, "latent": 4, "batch_size": 8},
    "ddpm": {"width": 8, "batch_size": 8, "sampling_steps": 2},
}


@pytest.fixture
def lab_store(home: Path) -> Iterator[dllab.Store]:
    """A store of the test's own."""
    with dllab.Store() as store:
        yield store


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_killed_training_goes_on_to_the_same_weights(
    name: str, lab_store: dllab.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = {**KINDS[name], "steps": 54}
    monkeypatch.setattr(training, "CHECKPOINT_EVERY_S", 0.0)
    whole = dllab.launch(name, params, seed=3, store=lab_store)
    log = dllab.Run.log

    def log_until(self: dllab.Run, step: int, **values: float) -> None:
        if step == 52:  # the checkpoint is that of step 49
            raise RuntimeError("killed")
        log(self, step, **values)

    with monkeypatch.context() as patch:
        patch.setattr(dllab.Run, "log", log_until)
        broken = carry_out(lab_store, RunRequest(name, params, seed=3)).record
    assert broken.status == "failed"
    again = carry_out(lab_store, RunRequest(name, params, parent=broken.id, relation="resume", seed=3)).record
    assert again.status == "succeeded"
    files = [lab_store.artifact(run.id, f"{name}.safetensors").path for run in (whole, again)]
    first, second = (dllab.load_weights(file) for file in files)
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_noise_belongs_to_the_number_of_the_picture() -> None:
    many = noise.noise(7, 10, 5, (2, 3))
    assert torch.equal(many[3:4], noise.noise(7, 13, 1, (2, 3)))
    assert not torch.equal(many[:1], noise.noise(8, 10, 1, (2, 3)))


@pytest.mark.parametrize("by", sorted(denoise.SCHEDULERS))
def test_every_scheduler_draws_a_picture_alone_as_among_others(by: str) -> None:
    kind = shelf.Kind("ddpm", "digits", 1, 8, ("a", "b"), {"width": 8})
    torch.manual_seed(0)
    net = kind.build().eval()
    labels = np.array([0, 1, 0])
    together = drawing.draw(kind, net, 5, 20, labels, 4, by)
    alone = drawing.draw(kind, net, 5, 21, labels[1:2], 4, by)
    assert np.abs(together[1] - alone[0]).max() <= 2 / 255


def test_a_net_that_knows_the_picture_is_led_to_it_by_every_scheduler() -> None:
    truth = torch.full((1, 1, 8, 8), 0.5)
    for by in denoise.SCHEDULERS:
        steps = denoise.scheduler(by)
        shares = steps.alphas_cumprod

        def told(noisy, moments, labels, shares=shares):
            moment = moments.float().round().long().clamp(0, 999)
            root, rest = (
                shares[moment].sqrt().view(-1, 1, 1, 1),
                (1 - shares[moment]).sqrt().view(-1, 1, 1, 1),
            )
            return (root * noisy - truth) / rest

        labels, start = torch.zeros(1, dtype=torch.long), noise.noise(0, 0, 1, (1, 8, 8))
        *_, (last, _) = denoise.steps_of_drawing(told, steps, start, labels, 30, noise.generators(0, 0, 1))
        assert (last - truth).abs().max() < 0.12, by


def test_the_velocity_of_a_clamped_picture_is_that_of_one_in_range() -> None:
    picture, dust = torch.tensor([[[[1.7]]]]), torch.tensor([[[[0.3]]]])
    share = torch.tensor(0.4)
    noisy, told = denoise.with_noise(picture, dust, share.view(1))
    kept = denoise.clamped(told, noisy, share)
    assert float(share.sqrt() * noisy - (1 - share).sqrt() * kept) == pytest.approx(1.0, abs=1e-5)


def test_a_generator_that_draws_one_picture_of_each_class_has_no_variety() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(4), 50)
    real = rng.normal(size=(200, 1, 8, 8)) * 0.3 + labels[:, None, None, None]
    assert variety(real, labels) == pytest.approx(0.3, rel=0.05)  # the classes' own distance does not count
    collapsed = real[::50].repeat(50, axis=0)
    assert variety(collapsed, labels) == pytest.approx(0, abs=1e-9)


def test_the_slope_of_a_plane_is_its_squared_length() -> None:
    plane = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    images = torch.randn(5, 1, 2, 2, requires_grad=True)
    assert slope((images * plane).sum(dim=(1, 2, 3)), images).item() == pytest.approx(25)


def test_the_critic_minds_the_label_from_the_first_step() -> None:
    torch.manual_seed(0)
    critic = nets.Critic(1, 8, 10)
    images = torch.rand(64, 1, 8, 8) * 2 - 1
    labels = torch.arange(64) % 10
    with torch.no_grad():
        right, wrong = critic(images, labels), critic(images, (labels + 1) % 10)
    assert (right - wrong).std() > 0.3 * right.std()


def test_pictures_are_moved_alike_and_keep_their_size() -> None:
    images = torch.arange(16.0).reshape(1, 1, 4, 4).repeat(3, 1, 1, 1)
    found = moved(images, 1, torch.Generator().manual_seed(3))
    assert found.shape == images.shape
    assert torch.equal(found[0], found[2])
    assert moved(images, 0, torch.Generator()) is images


def test_codes_are_drawn_from_where_those_of_the_class_lie() -> None:
    """The codes of class 0 lie on two hills, three quarters on one; class 1 has a single picture."""
    net = nets.Vae(1, 8, 2, latent=2, width=8).eval()
    places = torch.tensor([[4.0, 0.0]]).repeat(301, 1)
    places[:75] = torch.tensor([-4.0, 1.0])
    places[:300] += 0.1 * torch.randn(300, 2, generator=torch.Generator().manual_seed(1))
    labels = torch.zeros(301, dtype=torch.long)
    labels[300] = 1
    net.settle_codes(places, labels)
    asked = torch.zeros(2000, dtype=torch.long)
    drawn = net.new_codes(noise.noise(0, 0, 2000, (2,)), noise.noise(0, 0, 2000, (1,), stream=2), asked)
    is_left = drawn[:, 0] < 0
    assert is_left.float().mean().item() == pytest.approx(0.25, abs=0.04)
    assert drawn[is_left].mean(dim=0).tolist() == pytest.approx([-4, 1], abs=0.05)
    assert drawn[~is_left].std(dim=0).tolist() == pytest.approx([0.1, 0.1], abs=0.02)
    alone = net.new_codes(torch.ones(1, 2), torch.zeros(1, 1), torch.ones(1, dtype=torch.long))
    assert alone.tolist() == [[1.0, 1.0]]  # nothing known: N(0, 1)


def test_of_a_large_set_the_first_pictures_of_each_class_say_where_the_codes_lie(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nets, "SETTLED", 40)
    torch.manual_seed(0)
    net = nets.Vae(1, 8, 2, latent=2, width=8).eval()
    images, labels = torch.rand(300, 1, 8, 8), (torch.arange(300) > 270).long()  # the second class is rare
    net.settle(images, labels)
    large = net.centre.clone()
    places = torch.cat([torch.arange(20), torch.arange(271, 291)])
    net.settle(images[places], labels[places])
    assert torch.equal(large, net.centre)
    assert large[1].abs().sum() > 0


def test_the_columns_of_the_curves_keep_their_names_in_every_language(lab_store: dllab.Store) -> None:
    params = {"steps": 2, "batch_size": 8, "hidden": 4}
    run = dllab.launch("gan-ring", params, store=lab_store, language="ko")
    first = lab_store.artifact(run.id, "curves.csv").path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "step,generator,critic"


@pytest.mark.parametrize("name", ["gan", "vae", "ddpm"])
def test_a_width_that_groups_cannot_share_is_refused_before_anything_runs(
    name: str, lab_store: dllab.Store
) -> None:
    with pytest.raises(dllab.UsageError, match="--width 12 must be a multiple of 8"):
        dllab.launch(name, {**KINDS[name], "width": 12, "steps": 1}, store=lab_store)


def test_weights_come_back_as_they_were_left(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    kind = shelf.Kind("vae", "digits", 1, 8, ("a", "b"), {"latent": 4, "width": 8})
    net = kind.build()
    save_file(dict(shelf.packed(net)), tmp_path / "vae.safetensors", kind.facts())
    found, again = shelf.read_net(tmp_path / "vae.safetensors")
    assert found == kind
    assert torch.equal(again.log_spread, net.log_spread.half().float())


def test_weights_of_something_else_are_refused_in_one_line(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"a": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(dllab.InputError, match=r"other\.safetensors holds no net of gan, vae or ddpm"):
        shelf.read_net(tmp_path / "other.safetensors")


def test_points_on_the_hills_are_counted() -> None:
    hills = centres(8).numpy()
    points = np.repeat(hills[:6], 50, axis=0)
    points[::5] += 0.5  # every fifth is off
    covered, good = counted(points, hills)
    assert covered == 6
    assert good == pytest.approx(0.8)


def test_a_sheet_keeps_every_pixel_square() -> None:
    images = np.array([-1.0, 1.0, 1.0, -1.0], dtype=np.float32).reshape(1, 1, 2, 2)
    paper = sheets.sheet(images, 1, 4)
    inner = paper[0, 2:10, 2:10]
    np.testing.assert_array_equal(inner, np.kron([[0, 1], [1, 0]], np.ones((4, 4))))


def test_a_class_that_is_not_there_is_refused_by_name(lab_store: dllab.Store) -> None:
    with pytest.raises(dllab.UsageError, match="--label 10: there are 10 classes: 0 to 9"):
        dllab.launch("sample", {"model": "vae", "label": 10}, store=lab_store)
    portraits = {"model": "gan", "data": "portraits", "label": 10}
    with pytest.raises(dllab.UsageError, match="there are 5 classes: 0 round, 1 square, 2 heart"):
        dllab.launch("sample", portraits, store=lab_store)


def test_weights_that_do_not_come_with_the_lab_are_told_with_the_remedy() -> None:
    with pytest.raises(
        dllab.UsageError, match="generate-image draws portraits from words; train it: dllab run ddpm"
    ):
        shelf.embedded("ddpm", "portraits")
