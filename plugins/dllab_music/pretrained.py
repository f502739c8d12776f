"""The chorale net as a file: what `music-train` leaves, what comes with the lab, and what the tools load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import dllab
from dllab_music.weight_files import CHORALES_FILE, packed_alone, unpacked

if TYPE_CHECKING:
    from torch import Tensor

    from dllab_music.chorale_net import ChoraleNet

FORMAT = "dllab-chorale-1"


def packed(net: ChoraleNet) -> tuple[dict[str, Tensor], dict[str, str]]:
    """A net's weights as float16, and what the file says of them."""
    state, facts = packed_alone(net)
    return state, {"format": FORMAT, **facts}


def load_chorale_net(path: Path | None = None, name: str = "") -> ChoraleNet:
    """The net in a file of `music-train`, or the one that came with the lab; ready to predict.

    Raises dllab.InputError for a file that holds something else.
    """
    from dllab_music.chorale_net import ChoraleNet

    path = path or CHORALES_FILE
    return unpacked(path, name or path.name, FORMAT, {"": ChoraleNet})[""]


def chorale_resources() -> list[dllab.Resource]:
    """The net that comes with the lab, as a model resource."""

    def load(path: Path | None = None) -> ChoraleNet:
        return load_chorale_net(path)

    return [
        dllab.Resource(
            "model",
            "music/chorales",
            summary="writes four voices in the style of Bach, note by note",
            load=load,
            licence="Apache-2.0; trained on Bach's chorales; see weights/MODEL_CARD.md in dllab_music",
            source="dllab run music-train",
            size_bytes=CHORALES_FILE.stat().st_size if CHORALES_FILE.exists() else 0,
            ko="바흐풍의 네 성부를 한 음씩 써 내려감",
        )
    ]
