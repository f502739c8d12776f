"""Trained nets in a file: safetensors, with all that is needed to build the net again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dllab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

FORMAT = "dllab-images-1"
FOLDER = Path(__file__).with_name("weights")


@dataclass(frozen=True)
class Kind:
    """What a file of weights is of: kind is gan, vae, ddpm or eye; channels and size of its pictures.

    options: what else builds the net, such as width and latent.
    """

    kind: str
    data: str
    channels: int
    size: int
    class_names: tuple[str, ...]
    options: dict[str, int]

    def build(self) -> nn.Module:
        """The net, with weights of chance."""
        from dllab_images import nets

        make = {"gan": nets.Generator, "vae": nets.Vae, "ddpm": nets.unet, "eye": nets.Eye}[self.kind]
        return make(self.channels, self.size, len(self.class_names), **self.options)

    def facts(self) -> dict[str, str]:
        """As metadata of a safetensors file."""
        return {"format": FORMAT, "net": json.dumps(asdict(self), ensure_ascii=False)}


def packed(net: nn.Module) -> Mapping[str, Tensor]:
    """The weights as half floats, which halves the file; whole numbers stay."""
    return {
        name: each.detach().cpu().half() if each.is_floating_point() else each.detach().cpu()
        for name, each in net.state_dict().items()
    }


def read_net(path: Path, name: str = "") -> tuple[Kind, nn.Module]:
    """The net in a file that `gan`, `vae`, `ddpm` or `image-quality` left, ready to be used.

    Raises dllab.InputError for a file that is damaged, or is none of theirs.
    """
    from safetensors import SafetensorError, safe_open

    name = name or path.name
    try:
        state = dllab.load_weights(path)
    except (
        dllab.InputError
    ) as error:  # in the store a file goes by its digest, which says nothing to the user
        raise dllab.InputError(str(error).replace(path.name, name)) from error
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
        told: dict[str, Any] = json.loads(metadata["net"])
        kind = Kind(**{**told, "class_names": tuple(told["class_names"])})
        net = kind.build()
        net.load_state_dict(
            {key: each.float() if each.is_floating_point() else each for key, each in state.items()}
        )
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise dllab.InputError(
            f"{name} holds no net of gan, vae or ddpm; train one, or leave --weights out"
        ) from error
    return kind, net.eval().requires_grad_(False)


def embedded(kind: str, data: str) -> Path:
    """Where the weights that come with the lab lie. Raises dllab.UsageError, naming those that do."""
    path = FOLDER / f"{data}-{kind}.safetensors"
    if path.is_file():
        return path
    here = sorted(each.stem for each in FOLDER.glob("*.safetensors") if not each.stem.endswith("-eye"))
    pairs = ", ".join(f"--data {' --model '.join(each.rsplit('-', 1))}" for each in here if "-" in each)
    words = "; generate-image draws portraits from words" if data == "portraits" else ""
    raise dllab.UsageError(
        f"no {kind} of {data} comes with the lab, only {pairs}{words}; "
        f"train it: dllab run {kind} --data {data}"
    )
