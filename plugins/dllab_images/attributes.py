"""What a portrait can be like, and what of it can be seen. The places in these lists are the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "shape": ("round", "square", "heart", "star", "flower"),
    "icing": ("plain", "pink", "chocolate", "mint", "white"),
    "eyes": ("open", "sleepy", "happy"),
    "mouth": ("smile", "open", "sad"),
    "hat": ("none", "hat", "cap", "crown", "bow"),
    "hat_colour": ("red", "blue", "green", "yellow"),
    "glasses": ("none", "glasses", "sunglasses"),
    "topping": ("none", "sprinkles", "chips"),
    "background": ("blue", "lilac", "cream", "grey", "night"),
}


def drawn_attributes(rng: np.random.Generator) -> dict[str, int]:
    """Attributes by chance, all values of each alike."""
    return {name: int(rng.integers(len(values))) for name, values in ATTRIBUTES.items()}


def visible(attributes: dict[str, Tensor]) -> dict[str, Tensor]:
    """Where an attribute can be seen (N,): no eyes behind sunglasses, no colour where no hat is."""
    import torch

    seen = {name: torch.ones_like(labels, dtype=torch.bool) for name, labels in attributes.items()}
    seen["eyes"] = attributes["glasses"] != ATTRIBUTES["glasses"].index("sunglasses")
    seen["hat_colour"] = attributes["hat"] != ATTRIBUTES["hat"].index("none")
    return seen
