"""Why a net says what it says of a picture: which pixels matter, and where it saw the class."""

import torch
from torch import Tensor
from torch.nn import functional

from dllab_vision.seeing import SeeingNet

SHIFTS = (0, 4, 8, 12)  # px: four views along each axis of a net with a stride of 16


def saliency(net: SeeingNet, x: Tensor, label: int) -> Tensor:
    """How the logit of a class changes with each pixel: its gradient at a picture, both (1, 3, H, W).

    Source: Simonyan, Vedaldi, Zisserman 2014, "Deep inside convolutional networks".
    """
    x = x.clone().requires_grad_(True)
    return torch.autograd.grad(net(x)[0, label], x)[0]


def grad_cam(net: SeeingNet, x: Tensor, label: int) -> Tensor:
    """Where in a picture (1, 3, H, W) the net saw the class: (h, w), above zero where places spoke for it.

    The last layer's channels, weighted by the mean over its places of the logit's gradient.
    Source: Selvaraju et al. 2017, "Grad-CAM", eq. 1 and 2, before its final ReLU.
    """
    maps = net.last_maps(x).detach().requires_grad_(True)
    (grad,) = torch.autograd.grad(net.conclude(maps)[0, label], maps)
    return (maps.detach() * grad.mean(dim=(2, 3), keepdim=True)).sum(dim=1)[0]


def class_activation_map(net: SeeingNet, x: Tensor, label: int) -> Tensor | None:
    """Grad-CAM times the number of places, (h, w), in closed form: the head's weights times the last maps.

    None for a net whose head is not linear on the mean of the last layer. Source: Zhou et al. 2016, "Learning
    deep features for discriminative localization", eq. 2.
    """
    last = net.layer_names[-1]
    if not isinstance(net.head, torch.nn.Linear) or net.head.in_features != net.channels[last]:
        return None
    return torch.einsum("c,chw->hw", net.head.weight[label], net.last_maps(x)[0])


def over_shifts(answer, x: Tensor) -> Tensor:
    """The mean of answer(view), a map (h, w), over views of x shifted by a few pixels, at x's size (H, W).

    One view's map is as coarse as the net's last layer; that of sixteen is four times finer each way.
    """
    height, width = x.shape[-2:]
    margin = min(max(SHIFTS), height - 1, width - 1)
    padded = functional.pad(x, (margin,) * 4, mode="reflect")
    total = x.new_zeros(height, width)
    shifts = [(min(down, margin), min(right, margin)) for down in SHIFTS for right in SHIFTS]
    for down, right in shifts:
        view = padded[..., down : down + height + margin, right : right + width + margin]
        found = answer(view)[None, None]
        found = functional.interpolate(found, size=view.shape[-2:], mode="bilinear", align_corners=False)[
            0, 0
        ]
        total += found[margin - down : margin - down + height, margin - right : margin - right + width]
    return total / len(shifts)
