"""The second net: folding its batch norm changes nothing, and each block begins as its shortcut."""

from __future__ import annotations

import torch

from dllab_vision.published import fold_batch_norms
from dllab_vision.residual_net import ResidualBlock, ResidualNet


def drawn_net() -> ResidualNet:
    """With weights and statistics as after some training."""
    generator = torch.Generator().manual_seed(0)
    net = ResidualNet(7)
    net.initialise(generator)
    for name, value in net.state_dict().items():
        if "norm" in name and value.is_floating_point():
            value.copy_(torch.rand(value.shape, generator=generator) + 0.5)
    net.head.weight.data.normal_(generator=generator)
    return net.eval()


def test_folding_the_batch_norms_changes_no_answer() -> None:
    x = torch.randn(2, 3, 50, 64, generator=torch.Generator().manual_seed(1))
    net = drawn_net()
    with torch.no_grad():
        before = net(x)
        fold_batch_norms(net)
        after = net(x)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in net.modules())
    torch.testing.assert_close(after, before, rtol=1e-4, atol=1e-4)


def test_a_new_block_passes_its_input_on() -> None:
    net = ResidualNet(5)
    net.initialise(torch.Generator().manual_seed(0))
    block = net.blocks["r1"]
    assert isinstance(block, ResidualBlock)
    x = torch.rand(1, 24, 8, 8)
    torch.testing.assert_close(block(x), x)
