"""The nets that drum as a file: what `music-train` leaves, what comes with the lab, what tools load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab
from dllab_music.weight_files import BARS_FILE, DRUMS_FILE, unpacked

if TYPE_CHECKING:
    from dllab_music.drum_net import DrumNet, GrooveNet

FORMAT = "dllab-drums-1"


def load_drums(path: Path | None = None, name: str = "") -> tuple[DrumNet, GrooveNet]:
    """The nets in a file of `music-train --model drums`, or those that came with the lab."""
    from dllab_music.drum_net import DrumNet, GrooveNet

    path = path or DRUMS_FILE
    nets = unpacked(path, name or path.name, FORMAT, {"drums": DrumNet, "groove": GrooveNet})
    return nets["drums"], nets["groove"]


def chosen_drums(model: dllab.Input | None) -> tuple[DrumNet, GrooveNet]:
    """The nets that the user gave by `model=`, else those of the lab."""
    return load_drums() if model is None else load_drums(model.path, model.name)


def drum_resources() -> list[dllab.Resource]:
    """The nets of drums and of bars that come with the lab, as model resources."""
    return [
        dllab.Resource(
            "model",
            "music/drums",
            summary="writes drum loops, and plays them with a person's timing",
            load=_load,
            licence="Apache-2.0, as the grammar it learned from; see weights/MODEL_CARD_DRUMS.md",
            source="dllab run music-train --model drums",
            size_bytes=DRUMS_FILE.stat().st_size if DRUMS_FILE.exists() else 0,
            ko="드럼 루프를 쓰고 사람처럼 연주함",
        ),
        dllab.Resource(
            "model",
            "music/bars",
            summary="bars of melody and of drums as points of a space, to go from one to another",
            load=_load_bars,
            licence="Apache-2.0; trained on Bach's chorales and the grammar; see weights/MODEL_CARD_DRUMS.md",
            source="dllab run music-train --model bars",
            size_bytes=BARS_FILE.stat().st_size if BARS_FILE.exists() else 0,
            ko="선율과 드럼의 마디를 공간의 점으로 나타내어 사이를 이음",
        ),
    ]


def _load(path: Path | None = None) -> tuple[DrumNet, GrooveNet]:
    return load_drums(path)


def _load_bars(path: Path | None = None) -> dict[str, Any]:
    from dllab_music.bar_vae import load_bars

    return load_bars(path)
