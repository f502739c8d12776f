"""The first stage of `train-portraits`: the text encoder learns what a caption says and leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dllab_images.attributes import ATTRIBUTES, drawn_attributes
from dllab_images.captions import caption, stated
from dllab_images.text_to_image import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD_STREAM = 1_000_003  # of random numbers, for captions that no picture is drawn for


def heads(width: int) -> nn.ModuleDict:
    """One linear layer per attribute: its values, and last "not said". They are not kept."""
    return nn.ModuleDict({name: nn.Linear(width, len(values) + 1) for name, values in ATTRIBUTES.items()})


def told(chosen: Mapping[str, int], text: str) -> dict[str, int]:
    """The place of each attribute's value; the number of its values where the caption is silent."""
    named = stated(dict(chosen), text)
    return {name: chosen[name] if name in named else len(values) for name, values in ATTRIBUTES.items()}


def caption_batch(
    seed: int, step: int, size: int, korean: float, words: Any
) -> tuple[Tensor, dict[str, Tensor]]:
    """Captions that no step before has seen: tokens (B, LONGEST) and what each states, (B,) by attribute."""
    texts, labels = [], []
    for k in range(size):
        rng = np.random.default_rng([seed, WORD_STREAM, step * size + k])
        chosen = drawn_attributes(rng)
        texts.append(caption(chosen, rng, "ko" if rng.random() < korean else "en"))
        labels.append(told(chosen, texts[-1]))
    return tokens(words, texts), {
        name: torch.tensor([label[name] for label in labels]) for name in ATTRIBUTES
    }


def reading_loss(net: Any, ids: Tensor, labels: dict[str, Tensor]) -> Tensor:
    """Cross entropy of all heads over what the UNet will see: the caption in one vector, by attention.

    net: a ModuleDict with `reader`, `unet` and `heads`; ids and labels as `caption_batch` gives them.
    """
    whole = net["unet"].add_embedding(net["reader"](ids).last_hidden_state)  # (B, time embedding)
    losses = [nn.functional.cross_entropy(head(whole), labels[name]) for name, head in net["heads"].items()]
    return torch.stack(losses).mean()
