"""How surprised a chorale net is: nats for each note of pieces that it does not know.

The protocol: sixteenths; of each step soprano, alto, tenor, bass, in this order; each is predicted from all
before it, the first of a piece from nothing; the sum of nats over the count of notes, all pieces together. A
note is one voice at one step, held or new; silence counts as a pitch.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from dllab_music.chorale_net import ChoraleNet
from dllab_music.chorales import features, to_tokens


def nats(
    net: ChoraleNet,
    pieces: Sequence[np.ndarray],
    device: torch.device | str = "cpu",
    context: Callable[[], Any] = contextlib.nullcontext,
) -> float:
    """Nats a note of pieces (num_steps, 4), each read as a whole, never a note to come."""
    total = count = 0.0
    for piece in pieces:
        each = nats_of_notes(net, piece, device, context)
        total, count = total + float(each.sum(dtype=np.float64)), count + each.size
    return total / count


@torch.no_grad()
def nats_of_notes(
    net: ChoraleNet,
    piece: np.ndarray,
    device: torch.device | str = "cpu",
    context: Callable[[], Any] = contextlib.nullcontext,
) -> np.ndarray:
    """The surprise at each note of a piece: float32 (num_steps, 4)."""
    was_training = net.training
    net.eval()
    tokens = to_tokens(piece)
    with context():
        logits = net(torch.from_numpy(features(tokens))[None].to(device))[0]
    targets = torch.from_numpy(tokens.reshape(-1)).to(device)
    found = functional.cross_entropy(logits.float(), targets, reduction="none")
    net.train(was_training)
    return found.cpu().numpy().reshape(piece.shape)
