"""The nets that come with the lab as resources: read from safetensors, batch norm folded, ready to look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from torch import nn

    from dllab_vision.seeing import SeeingNet

WEIGHTS = Path(__file__).with_name("weights") / "backbone.safetensors"
SECOND = WEIGHTS.with_name("second.safetensors")
_TERMS = "code Apache-2.0; trained on Tiny ImageNet (ImageNet's terms: non-commercial research)"


def architecture(name: str) -> type[nn.Module]:
    """The trainable net of that name, a class to be called with the number of classes. Raises KeyError."""
    from dllab_vision.net import TrainableBackbone
    from dllab_vision.residual_net import ResidualNet

    return {"plain": TrainableBackbone, "residual": ResidualNet}[name]


def load_backbone(path: Path = WEIGHTS) -> SeeingNet:
    """The net for use (see `dllab_vision.seeing.SeeingNet`) from a file that `train-backbone` wrote.

    Reads safetensors only, in float32 on the CPU. Raises dllab.InputError when the file is none of its kind.
    """
    from safetensors import SafetensorError, safe_open

    from dllab_vision.published import misfit

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 not a mapping
        class_names = tuple(json.loads(metadata["class_names"]))
        trained = architecture(metadata.get("architecture", "plain"))(len(class_names))
        if fault := misfit(trained, state):
            raise ValueError(fault)
        trained.load_state_dict(state, strict=False)  # the count of batches, which nobody needs, is not kept
    except (SafetensorError, KeyError, OSError, RuntimeError, ValueError) as error:
        fault = str(error).splitlines()[0]
        raise dllab.InputError(
            f"{path.name} is no backbone ({fault}); make one by dllab run train-backbone"
        ) from error
    return _for_use(trained, class_names)


def load_second() -> SeeingNet:
    """The second net, which looks at what the backbone dreamt."""
    return load_backbone(SECOND)


def _for_use(trained: nn.Module, class_names: tuple[str, ...]) -> SeeingNet:
    """The net with batch norm folded, in eval mode, asking for no gradient."""
    from dllab_vision.net import TrainableBackbone, fold
    from dllab_vision.published import fold_batch_norms
    from dllab_vision.seeing import ready

    if isinstance(trained, TrainableBackbone):
        return fold(trained, class_names)
    fold_batch_norms(trained.eval())
    trained.class_names = class_names
    return ready(trained)


def backbone_resources() -> list[dllab.Resource]:
    """What `dllab models` says of them, without reading them."""
    return [
        dllab.Resource(
            "model",
            "vision/backbone",
            summary="VGG-like net of 0.89 M parameters, Tiny ImageNet's 200 classes, "
            "hardened for clean dreams",
            load=load_backbone,
            licence=_TERMS,
            source="dllab run train-backbone; see weights/MODEL_CARD.md in dllab_vision",
            size_bytes=_size(WEIGHTS),
            ko="매개변수 89만 개의 VGG형 신경망, Tiny ImageNet 200개 클래스, 딥드림용 적대적 훈련을 거침",
        ),
        dllab.Resource(
            "model",
            "vision/second",
            summary="residual net of 0.47 M parameters, same classes: a second opinion on dreams",
            load=load_second,
            licence=_TERMS,
            source="dllab run train-backbone --architecture residual; see weights/MODEL_CARD.md",
            size_bytes=_size(SECOND),
            ko="매개변수 47만 개의 잔차 신경망, 같은 클래스: 꿈을 평가하는 두 번째 눈",
        ),
    ]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
