"""The styles that come with the lab, as model resources."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from dllab_style.fast_net import Painter

FOLDER = Path(__file__).with_name("weights")

# Name, what it is, Korean.
STYLES = (
    ("swirls", "thick strokes of blue and gold", "파랑과 금빛의 굵은 붓질"),
    ("mosaic", "tiles of stone", "돌 모자이크"),
    ("glass", "coloured glass between dark leads", "스테인드글라스"),
)


def load(default: Path, path: Path | None = None) -> Painter:
    """The painter in a file, or in the one that came with the lab; see `fast_net.load_painter`."""
    from dllab_style.fast_net import load_painter

    return load_painter(path or default)


def painter_resources() -> list[dllab.Resource]:
    """One model resource per style."""
    return [
        dllab.Resource(
            "model",
            f"style/{name}",
            summary=f"paints a photo at once: {summary}",
            load=partial(load, FOLDER / f"{name}.safetensors"),
            licence="Apache-2.0, as the drawing it learned from; see weights/MODEL_CARD.md in dllab_style",
            source="dllab run train-fast-style",
            size_bytes=(FOLDER / f"{name}.safetensors").stat().st_size
            if (FOLDER / f"{name}.safetensors").exists()
            else 0,
            ko=f"사진을 한 번에 그림: {ko}",
        )
        for name, summary, ko in STYLES
    ]
