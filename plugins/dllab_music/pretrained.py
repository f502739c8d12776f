"""The chorale net as a file: what `music-train` leaves, what comes with the lab, and what the tools load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from torch import Tensor

    from dllab_music.chorale_net import ChoraleNet

FOLDER = Path(__file__).with_name("weights")
CHORALES = FOLDER / "chorales.safetensors"
FORMAT = "dllab-chorale-1"


def packed(net: ChoraleNet) -> tuple[dict[str, Tensor], dict[str, str]]:
    """A net's weights as float16, and what the file says of them."""
    state = {name: tensor.half() for name, tensor in net.state_dict().items()}
    return state, {"format": FORMAT, "sizes": json.dumps(net.sizes)}


def load_chorale_net(path: Path | None = None, name: str = "") -> ChoraleNet:
    """The net in a file of `music-train`, or the one that came with the lab; ready to predict.

    Raises dllab.InputError for a file that holds something else.
    """
    path = path or CHORALES
    name = name or path.name
    from safetensors import SafetensorError, safe_open

    from dllab_music.chorale_net import ChoraleNet

    state = dllab.load_weights(path)
    try:
        with safe_open(path, framework="pt") as file:
            facts = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise dllab.InputError(f"{name}: not a file of weights ({error})") from error
    wanted = "give the chorale.safetensors of a run of music-train --model chorale"
    if facts.get("format") != FORMAT:
        raise dllab.InputError(f"{name}: it holds no chorale net; {wanted}")
    try:
        sizes = {key: _size(value) for key, value in json.loads(facts["sizes"]).items()}
        net = ChoraleNet(**sizes)
        net.load_state_dict({key: tensor.float() for key, tensor in state.items()})
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        reason = str(error).splitlines()[0][:100]
        raise dllab.InputError(f"{name}: its weights do not fit together ({reason}); {wanted}") from error
    return net.eval()


def _size(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= 4096:
        raise ValueError(f"a size of {value!r:.20}")
    return value


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
            size_bytes=CHORALES.stat().st_size if CHORALES.exists() else 0,
            ko="바흐풍의 네 성부를 한 음씩 써 내려감",
        )
    ]
