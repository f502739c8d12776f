"""The files of weights: how `music-train` packs nets into one, and how the tools read them again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from torch import Tensor, nn

FOLDER = Path(__file__).with_name("weights")
CHORALES_FILE, DRUMS_FILE, BARS_FILE = (
    FOLDER / f"{name}.safetensors" for name in ("chorales", "drums", "bars")
)
LARGEST = 4096  # of the sizes in a file


def packed(**nets: nn.Module) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The weights of nets in float16, each under its name, and what the file says of them."""
    state = {
        f"{part}.{name}": weight.detach().half().cpu().contiguous()
        for part, net in nets.items()
        for name, weight in net.state_dict().items()
    }
    return state, {"sizes": json.dumps({part: net.sizes for part, net in nets.items()})}


def packed_alone(net: nn.Module) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The same of a file that holds one net only, which needs no name."""
    state = {name: weight.detach().half().cpu().contiguous() for name, weight in net.state_dict().items()}
    return state, {"sizes": json.dumps(net.sizes)}


def unpacked(path: Path, name: str, wanted: str, kinds: dict[str, Any]) -> dict[str, Any]:
    """The nets in a file, ready to use: of each name in `kinds` a net of that class.

    wanted: the format that the file must name, as in its metadata; the name "" is a net that is alone in its
    file. Raises dllab.InputError, in one line.
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
            own = sizes[part] if part else sizes
            net = kind(**{key: _size(value) for key, value in own.items()})
            prefix = f"{part}." if part else ""
            mine = {
                key.removeprefix(prefix): one.float() for key, one in state.items() if key.startswith(prefix)
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
