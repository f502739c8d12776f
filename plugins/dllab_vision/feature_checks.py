"""Known figures that the experiment `features` holds itself to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dllab_vision import explain
from dllab_vision.seeing import SeeingNet

if TYPE_CHECKING:
    import dllab

DIFFERENCE = 1e-8  # in model units
LARGEST_IN_DOUBLE = 64e6  # weights


def check_by_hand(run: dllab.Run, net: SeeingNet, convolution, photo: Tensor, maps: Tensor) -> None:
    """A map of the first layer against the sliding dot product of another library."""
    from scipy.signal import correlate2d

    if hasattr(net, "to_halves"):
        photo = net.to_halves(photo)
    padding, stride = convolution.padding[0], convolution.stride[0]
    planes = np.pad(photo[0].double().cpu().numpy(), ((0, 0), (padding,) * 2, (padding,) * 2))
    kernel = convolution.weight[0].double().cpu().numpy()  # (3, k, k)
    slid = sum(correlate2d(plane, part, mode="valid") for plane, part in zip(planes, kernel, strict=True))
    by_hand = np.maximum(slid + float(convolution.bias[0]), 0)[::stride, ::stride]
    run.check(
        "a map by hand",
        ko="직접 계산한 특징 맵과의 차이",
        got=float(np.abs(by_hand - maps[0].numpy()).max()),
        at_most=1e-3,
        source="scipy.signal.correlate2d, summed over the colours, plus bias, cut off at 0",
    )


def check_gradient(run: dllab.Run, net: SeeingNet, view: Tensor, label: int) -> None:
    """The saliency against a difference quotient along a random direction, in double precision.

    The step is so small that hardly a ReLU switches on the way, and a grain of noise sees to it that no two
    places tie in a pooling, as they do in an even sky. Left out for nets whose doubles fill a gigabyte.
    """
    if sum(weight.numel() for weight in net.parameters()) > LARGEST_IN_DOUBLE:
        return
    generator = run.torch_generator("direction")
    grain, direction = (
        torch.randn(view.shape, generator=generator, dtype=torch.float64).to(view.device) for _ in "ab"
    )
    net, view = net.double(), view.double() + 1e-3 * grain
    try:
        grad = explain.saliency(net, view, label)
        slope = float((grad * direction).sum())
        with torch.no_grad():
            ahead, behind = (
                float(net(view + step * direction)[0, label]) for step in (DIFFERENCE, -DIFFERENCE)
            )
    finally:
        net.float()
    run.check(
        "saliency against a difference quotient",
        ko="현저성 맵과 수치 미분의 차이",
        got=abs(slope - (ahead - behind) / (2 * DIFFERENCE)) / max(float(grad.norm()), 1e-9),
        at_most=1e-2,
        source="the slope along a random direction, from the logit a little ahead and a little behind, "
        "over the gradient's length",
    )


def check_grad_cam(run: dllab.Run, net: SeeingNet, view: Tensor, label: int) -> None:
    """Grad-CAM against the closed form that it has for most nets."""
    closed_form = explain.class_activation_map(net, view, label)
    if closed_form is not None:
        found = explain.grad_cam(net, view, label) * closed_form.numel()
        run.check(
            "Grad-CAM against its closed form",
            ko="Grad-CAM과 공식의 차이",
            got=float((found - closed_form).abs().max() / closed_form.abs().max()),
            at_most=1e-3,
            source="on a linear head after a mean, it is the class activation map over the number of places "
            "(Zhou et al. 2016, eq. 2)",
        )
