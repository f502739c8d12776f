"""Carry a dream along with what moves in a film.

Source: iterative Lucas-Kanade optical flow (Le Besnerais and Champagnat 2005), as scikit-image has it.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dllab_dream.dream import fit, resize

FLOW_SIDE = 160  # px: motion is looked for in small grey frames
ALIKE, UNLIKE = (
    0.04,
    0.12,
)  # difference of brightness up to which a place counts as found again, and as another


def carry(net, last: Tensor, photo: Tensor, change: Tensor, follows: bool) -> Tensor:
    """What the last frame's dream changed, moved to where it belongs in this frame; 0 where nothing fits.

    last, photo: the frames, (1, 3, H, W) in model units; change: the same shape.
    """
    size = tuple(photo.shape[-2:])
    grid = _grid(net, last, photo, size) if follows else None
    moved_last, moved = (picture if grid is None else _sample(picture, grid) for picture in (last, change))
    difference = (net.denormalise(moved_last) - net.denormalise(photo)).mean(dim=1, keepdim=True).abs()
    difference = functional.avg_pool2d(difference, 9, stride=1, padding=4, count_include_pad=False)
    return moved * ((UNLIKE - difference) / (UNLIKE - ALIKE)).clamp(0, 1)


def likeness(first: Tensor, second: Tensor) -> float:
    """The cosine of two changes."""
    return float(functional.cosine_similarity(first.flatten(), second.flatten(), dim=0))


def _grid(net, last: Tensor, photo: Tensor, size: tuple[int, int]) -> Tensor:
    """Where in the last frame each place of this one was, (1, H, W, 2), for grid_sample."""
    from skimage.registration import optical_flow_ilk

    small = fit(size, FLOW_SIDE)
    old, new = (resize(net.denormalise(x), small).mean(dim=1)[0].cpu().numpy() for x in (last, photo))
    rows, columns = optical_flow_ilk(new.astype(np.float32), old.astype(np.float32), radius=5, num_warp=4)
    flow = torch.from_numpy(np.stack([2 * columns / small[1], 2 * rows / small[0]])).float()[
        None
    ]  # (1, 2, h, w)
    flow = resize(flow.to(photo.device), size).permute(0, 2, 3, 1)
    still = torch.eye(2, 3, device=photo.device)[None]
    return functional.affine_grid(still, [1, 3, *size], align_corners=False) + flow


def _sample(picture: Tensor, grid: Tensor) -> Tensor:
    return functional.grid_sample(
        picture.contiguous(), grid, mode="bicubic", padding_mode="reflection", align_corners=False
    )
