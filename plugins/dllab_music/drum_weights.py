"""The nets that drum as a file: what `music-train` leaves, what comes with the lab, what tools load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from torch import Tensor, nn

    from dllab_music.drum_net import DrumNet, GrooveNet

FOLDER = Path(__file__).with_name("weights")
DRUMS_FILE, BARS_FILE = FOLDER / "drums.safetensors", FOLDER / "bars.safetensors"
FORMAT = "dllab-drums-1"
LARGEST = 2048  # of the sizes in a file


def packed(**nets: nn.Module) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The weights of nets in float16, each under its name, and what the file says of them."""
    state = {
        f"{part}.{name}": weight.detach().half().cpu().contiguous()
        for part, net in nets.items()
        for name, weight in net.state_dict().items()
    }
    return state, {"sizes": json.dumps({part: net.sizes for part, net in nets.items()})}


def unpacked(path: Path, name: str, wanted: str, kinds: dict[str, Any]) -> dict[str, Any]:
    """The nets in a file, ready to use: of each name in `kinds` a net of that class.

    wanted: the format that the file must name, as in its metadata. Raises dllab.InputError, in one line.
    """
    from safetensors import SafetensorError, safe_open

    model = wanted.split("-")[1]
    remedy = f"give the {model}.safetensors of a run of music-train --model {model}"
    state = dllab.load_weights(path)
    try:
        with safe_open(path, framework="pt") as file:
            facts = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise dllab.InputError(f"{name}: not a file of weights ({error})") from error
    if facts.get("format") != wanted:
        raise dllab.InputError(f"{name}: it holds no model of {model}; {remedy}")
    nets = {}
    try:
        sizes = json.loads(facts["sizes"])
        for part, kind in kinds.items():
            net = kind(**{key: _size(value) for key, value in sizes[part].items()})
            mine = {
                key.removeprefix(f"{part}."): one.float()
                for key, one in state.items()
                if key.startswith(f"{part}.")
            }
            net.load_state_dict(mine)
            nets[part] = net.eval()
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        reason = str(error).splitlines()[0][:100]
        raise dllab.InputError(f"{name}: its weights do not fit together ({reason}); {remedy}") from error
    return nets


def _size(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= LARGEST:
        raise ValueError(f"a size of {value!r:.20}")
    return value


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
