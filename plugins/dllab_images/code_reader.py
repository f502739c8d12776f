"""A classifier that reads the attributes of portraits in their codes: it leads a stage of the training."""

from __future__ import annotations

from torch import Tensor, nn

from dllab_images.attributes import ATTRIBUTES
from dllab_images.text_to_image import CHANNELS


class CodeReader(nn.Module):
    """Attributes of portraits from their codes: (N, 32, 8, 8) to logits by name."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(CHANNELS, 96, 3, padding=1), nn.BatchNorm2d(96), nn.ReLU(),
            nn.Conv2d(96, 96, 3, padding=1), nn.BatchNorm2d(96), nn.ReLU(),
            nn.Conv2d(96, 128, 3, padding=1, stride=2), nn.BatchNorm2d(128), nn.ReLU(),
            nn.Flatten(), nn.Linear(128 * 16, 128), nn.ReLU(),
        )  # fmt: skip
        self.heads = nn.ModuleDict({name: nn.Linear(128, len(values)) for name, values in ATTRIBUTES.items()})

    def forward(self, codes: Tensor) -> dict[str, Tensor]:
        """Logits (N, values of the attribute) in float32, by the attribute's name."""
        features = self.body(codes)
        return {name: head(features).float() for name, head in self.heads.items()}
