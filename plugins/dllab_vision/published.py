"""Weights for the ImageNet nets: read from a file in torchvision's form, or drawn at random."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import dllab
from dllab_vision.imagenet import NETS
from dllab_vision.seeing import SeeingNet, ready

NOT_NEEDED = "num_batches_tracked"  # counts that only training reads; old files lack them


def load_net(name: str, path: Path) -> SeeingNet:
    """The ImageNet net of that name with the weights in a file: safetensors, or a pickle of tensors only.

    Another number of classes than 1000 is taken from the file. Raises dllab.InputError for a file that holds
    something else.
    """
    state = dllab.load_weights(path, allow_pickle=True)
    head = state.get(NETS[name].head_key)
    with torch.device("meta"):  # no memory and no time for weights that are replaced
        net = NETS[name](len(head) if head is not None and head.dim() > 0 else 1000)
    fault = misfit(net, state)
    if fault:
        raise dllab.InputError(f"{path.name} holds no weights of {name}: {fault}; give torchvision's own")
    missing = {key: torch.zeros(()) for key in net.state_dict() if key.endswith(NOT_NEEDED)}
    state = {key: value.float() for key, value in state.items() if not key.startswith(ignored(net))}
    net.load_state_dict(missing | state, assign=True)
    return handed_out(net)


def random_net(name: str, seed: int = 0, num_classes: int = 1000, is_headless: bool = False) -> SeeingNet:
    """The ImageNet net of that name with weights after He et al. 2015: for benchmarks and tests.

    Sees nothing, and takes as long to look as with the published weights. is_headless: leave out the
    classifier (nine tenths of VGG's weights), so that only its layers can be asked for.
    """
    with torch.device("meta"):
        net = NETS[name](num_classes)
    if is_headless:
        setattr(net, net.head_key.partition(".")[0], nn.Identity())
    net.to_empty(device="cpu")
    generator = torch.Generator().manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
        elif isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return handed_out(net)


def ignored(net: SeeingNet) -> tuple[str, ...]:
    """Beginnings of keys that the published files hold and the net has no use for."""
    return getattr(net, "ignored", ())


def misfit(net: SeeingNet, state: Mapping[str, Tensor]) -> str:
    """Why a state dict is not that of the net, in a few words; "" when it is."""
    expected = net.state_dict()
    given = {key: value for key, value in state.items() if not key.startswith(ignored(net))}
    for key, value in expected.items():
        if key not in given and not key.endswith(NOT_NEEDED):
            return f"{key} is missing"
        if key in given and given[key].shape != value.shape:
            return f"{key} is {shape(given[key])} instead of {shape(value)}"
    unknown = sorted(set(given) - set(expected))
    return f"{unknown[0]} is not in the net" if unknown else ""


def shape(value: Tensor) -> str:
    """The shape in words: "64 x 3 x 7 x 7", or "a number"."""
    return " x ".join(map(str, value.shape)) or "a number"


def handed_out(net: SeeingNet) -> SeeingNet:
    """The net with batch norm folded, its classes named by number, ready to look."""
    fold_batch_norms(net.eval())
    weight = dict(net.named_parameters()).get(net.head_key, ())
    net.class_names = tuple(f"class {number}" for number in range(len(weight)))
    return ready(net)


def fold_batch_norms(net: nn.Module) -> None:
    """Put each batch norm into the convolution before it, in place; the net must be in eval mode."""
    for parent in list(net.modules()):
        for (name, convolution), (norm_name, norm) in pairwise(list(parent.named_children())):
            if isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(parent, name, fuse_conv_bn_eval(convolution, norm))
                setattr(parent, norm_name, nn.Identity())
