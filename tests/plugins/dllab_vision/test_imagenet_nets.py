"""The ImageNet nets: keys, shapes and numbers of weights as torchvision has them; files that are refused."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import dllab
from dllab_vision.imagenet import NETS, GoogLeNet, SeeingNet
from dllab_vision.imagenet_resources import PUBLISHED, imagenet_resources
from dllab_vision.published import load_net, random_net

# Learned parameters as torchvision states them; GoogLeNet's without the auxiliary heads.
PARAMETERS = {
    "alexnet": 61_100_840,
    "googlenet": 6_624_904,
    "resnet50": 25_557_032,
    "squeezenet1_1": 1_235_496,
    "vgg16": 138_357_544,
    "vgg19": 143_667_240,
}
# How many keys the published files have, and some of them with their shapes.
KEYS = {
    "alexnet": (16, {
        "features.0.weight": (64, 3, 11, 11), "features.10.bias": (256,), "classifier.1.weight": (4096, 9216),
        "classifier.4.bias": (4096,), "classifier.6.weight": (1000, 4096),
    }),
    "googlenet": (344, {
        "conv1.conv.weight": (64, 3, 7, 7), "conv1.bn.running_var": (64,),
        "conv3.conv.weight": (192, 64, 3, 3),
        "inception3a.branch1.conv.weight": (64, 192, 1, 1),
        "inception4e.branch2.1.conv.weight": (320, 160, 3, 3),
        "inception5b.branch3.1.conv.weight": (128, 48, 3, 3),
        "inception5b.branch4.1.bn.bias": (128,), "fc.weight": (1000, 1024),
    }),
    "resnet50": (320, {
        "conv1.weight": (64, 3, 7, 7), "bn1.weight": (64,), "layer1.0.downsample.0.weight": (256, 64, 1, 1),
        "layer1.0.downsample.1.running_mean": (256,), "layer3.5.conv2.weight": (256, 256, 3, 3),
        "layer4.0.conv3.weight": (2048, 512, 1, 1), "layer4.2.bn3.num_batches_tracked": (),
        "fc.weight": (1000, 2048),
    }),
    "squeezenet1_1": (52, {
        "features.0.weight": (64, 3, 3, 3), "features.3.squeeze.weight": (16, 64, 1, 1),
        "features.7.expand3x3.bias": (128,), "features.12.expand1x1.weight": (256, 64, 1, 1),
        "classifier.1.weight": (1000, 512, 1, 1),
    }),
    "vgg16": (32, {
        "features.0.weight": (64, 3, 3, 3), "features.21.weight": (512, 512, 3, 3),
        "features.28.bias": (512,), "classifier.0.weight": (4096, 25088), "classifier.6.bias": (1000,),
    }),
    "vgg19": (38, {
        "features.0.bias": (64,), "features.16.weight": (256, 256, 3, 3),
        "features.34.weight": (512, 512, 3, 3), "classifier.3.weight": (4096, 4096),
        "classifier.6.weight": (1000, 4096),
    }),
}  # fmt: skip
SMALL = "squeezenet1_1"


def bare(name: str, num_classes: int = 1000) -> SeeingNet:
    """The net before folding, without memory for its weights."""
    with torch.device("meta"):
        return NETS[name](num_classes)


def trained(name: str, seed: int = 0) -> SeeingNet:
    """The net before folding with weights and statistics as if it had learned; ten classes."""
    net = bare(name, 10).to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                module.bias.data.normal_(0, 0.1, generator=generator)
        elif isinstance(module, nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5, generator=generator)
            module.bias.data.normal_(0, 0.2, generator=generator)
            module.running_mean.normal_(0, 0.3, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
            module.num_batches_tracked.zero_()
    return net.eval()


def saved(state: dict[str, Tensor], path: Path) -> Path:
    torch.save(state, path)
    return path


def auxiliary(inputs: int, prefix: str) -> dict[str, Tensor]:
    """The weights of one of GoogLeNet's auxiliary heads, which the published file holds."""
    shapes = {"conv.conv.weight": (128, inputs, 1, 1), "fc1.weight": (1024, 2048), "fc1.bias": (1024,),
              "fc2.weight": (1000, 1024), "fc2.bias": (1000,)}  # fmt: skip
    shapes |= {f"conv.bn.{name}": (128,) for name in ("weight", "bias")}
    return {f"{prefix}.{key}": torch.zeros(shape) for key, shape in shapes.items()}


@pytest.mark.parametrize("name", sorted(NETS))
def test_a_net_has_the_parameters_that_torchvision_states(name: str) -> None:
    assert sum(weight.numel() for weight in bare(name).parameters()) == PARAMETERS[name]


def test_googlenet_with_its_auxiliary_heads_has_13_million_parameters() -> None:
    heads = auxiliary(512, "aux1") | auxiliary(528, "aux2")
    assert PARAMETERS["googlenet"] + sum(weight.numel() for weight in heads.values()) == 13_004_888


@pytest.mark.parametrize("name", sorted(NETS))
def test_a_net_has_torchvisions_keys_and_shapes(name: str) -> None:
    count, some = KEYS[name]
    state = bare(name).state_dict()
    assert len(state) == count
    assert {key: tuple(state[key].shape) for key in some} == some


@pytest.mark.parametrize("name", ["googlenet", "resnet50", "squeezenet1_1"])
def test_a_file_of_the_published_form_is_loaded_and_folding_changes_no_answer(
    name: str, tmp_path: Path
) -> None:
    net = trained(name)
    state = dict(net.state_dict())
    if isinstance(net, GoogLeNet):
        state |= auxiliary(512, "aux1") | auxiliary(528, "aux2")
    loaded = load_net(name, saved(state, tmp_path / f"{name}.pth"))
    assert not any(isinstance(module, nn.BatchNorm2d) for module in loaded.modules())
    assert not loaded.training and not any(weight.requires_grad for weight in loaded.parameters())
    assert len(loaded.class_names) == 10
    x = torch.randn(2, 3, 65, 70, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        torch.testing.assert_close(loaded(x), net(x), rtol=1e-3, atol=1e-3)


def test_googlenet_looks_at_pixels_from_minus_one_to_one() -> None:
    """As its weights were trained: black is -1 and white 1 in every colour, whatever ImageNet's mean is."""
    net = random_net("googlenet")
    pixels = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).expand(2, 3, 2, 2)
    torch.testing.assert_close(net.to_halves(net.normalise(pixels)), 2 * pixels - 1)


def test_a_residual_block_adds_its_input() -> None:
    block = random_net("resnet50").layer1[1]
    nn.init.zeros_(block.conv3.weight)
    nn.init.zeros_(block.conv3.bias)
    x = torch.rand(1, 256, 5, 5)
    torch.testing.assert_close(block(x), x)


def test_vgg_is_convolutions_relus_and_poolings(tmp_path: Path) -> None:
    """Against the same sequence written out by hand."""
    net = random_net("vgg16", is_headless=True)
    x = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))
    y = x
    for i, has_pool_before in ((0, 0), (2, 0), (5, 1), (7, 0), (10, 1), (12, 0), (14, 0), (17, 1)):
        y = functional.max_pool2d(y, 2) if has_pool_before else y
        y = functional.relu(functional.conv2d(y, net.features[i].weight, net.features[i].bias, padding=1))
    torch.testing.assert_close(net.activations(x, ("relu4_1",))["relu4_1"], y)


@pytest.mark.parametrize("name", sorted(NETS))
def test_a_net_is_offered_with_address_digest_licence_and_korean_summary(name: str) -> None:
    resource = next(one for one in imagenet_resources() if one.name == f"vision/{name}")
    assert resource.url.endswith(f"-{resource.sha256}.pth") and len(resource.sha256) == 8
    assert resource.licence and resource.ko and resource.size_bytes > 3.99 * PARAMETERS[name]
    assert len(PUBLISHED) == len(NETS)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: state.pop("features.3.squeeze.bias"), r"features\.3\.squeeze\.bias is missing"),
        (lambda state: state.update({"extra": torch.zeros(1)}), "extra is not in the net"),
        (
            lambda state: state.update({"features.0.bias": torch.zeros(3)}),
            r"features\.0\.bias is 3 instead of 64",
        ),
        (lambda state: state.clear(), "is missing"),
    ],
)
def test_weights_of_another_net_are_refused_in_one_line(change, words: str, tmp_path: Path) -> None:
    state = dict(trained(SMALL).state_dict())
    change(state)
    with pytest.raises(
        dllab.InputError, match=rf"mine\.pth holds no weights of squeezenet1_1: .*{words}"
    ) as caught:
        load_net(SMALL, saved(state, tmp_path / "mine.pth"))
    assert "\n" not in str(caught.value)


def test_half_precision_and_safetensors_are_read_too(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    net = trained(SMALL)
    save_file({key: value.half() for key, value in net.state_dict().items()}, tmp_path / "net.safetensors")
    loaded = load_net(SMALL, tmp_path / "net.safetensors")
    assert {weight.dtype for weight in loaded.parameters()} == {torch.float32}
    x = torch.randn(1, 3, 40, 40, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        torch.testing.assert_close(loaded(x), net(x), rtol=0.02, atol=0.02)


class Payload:
    """Makes a folder when it is unpickled by a reader that runs what it is told."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_payload_in_a_pickle_never_runs(is_zip: bool, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    torch.save(
        {"features.0.weight": Payload(trap)}, tmp_path / "evil.pth", _use_new_zipfile_serialization=is_zip
    )
    (tmp_path / "plain.pth").write_bytes(pickle.dumps({"features.0.weight": Payload(trap)}, protocol=2))
    for name in ("evil.pth", "plain.pth"):
        with pytest.raises(dllab.InputError, match=name):
            load_net(SMALL, tmp_path / name)
    assert not trap.exists()
    torch.load(tmp_path / "evil.pth", weights_only=False)
    assert trap.exists(), "the payload is a real one"


def test_random_nets_of_one_seed_are_equal_and_respond_at_every_depth() -> None:
    first, second = random_net(SMALL, seed=3), random_net(SMALL, seed=3)
    x = torch.randn(1, 3, 80, 80, generator=torch.Generator().manual_seed(0))
    for name, value in first.activations(x, first.layer_names).items():
        assert 0.05 < float(value.mean()) < 20, name
        assert torch.equal(value, second.activations(x, (name,))[name])
