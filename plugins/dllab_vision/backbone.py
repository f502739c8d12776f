"""The backbone as a resource: read from safetensors, batch norm folded, ready to look at pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    from dllab_vision.net import Backbone

WEIGHTS = Path(__file__).with_name("weights") / "backbone.safetensors"


def load_backbone(path: Path = WEIGHTS) -> Backbone:
    """The net for use (see `dllab_vision.net.Backbone`) from a file that `train-backbone` wrote.

    Reads safetensors only, in float32 on the CPU. Raises dllab.InputError when the file is none of its kind.
    """
    from safetensors import SafetensorError, safe_open

    from dllab_vision.net import TrainableBackbone, fold

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 not a mapping
        class_names = tuple(json.loads(metadata["class_names"]))
        trained = TrainableBackbone(len(class_names))
        trained.load_state_dict(
            state, strict=False
        )  # the count of batches, which folding ignores, is not kept
    except (SafetensorError, KeyError, OSError, RuntimeError, ValueError) as error:
        fault = str(error).splitlines()[0]
        raise dllab.InputError(
            f"{path.name} is no backbone ({fault}); make one by dllab run train-backbone"
        ) from error
    return fold(trained, class_names)


def backbone_resource() -> dllab.Resource:
    """What `dllab models` says of it, without reading it."""
    return dllab.Resource(
        "model",
        "vision/backbone",
        summary="VGG-like net of 0.89 M parameters, Tiny ImageNet's 200 classes, hardened for clean dreams",
        load=load_backbone,
        licence="code Apache-2.0; trained on Tiny ImageNet (ImageNet's terms: non-commercial research)",
        source="dllab run train-backbone; see weights/MODEL_CARD.md in dllab_vision",
        size_bytes=WEIGHTS.stat().st_size if WEIGHTS.exists() else 0,
        ko="매개변수 89만 개의 VGG형 신경망, Tiny ImageNet 200개 클래스, 딥드림용 적대적 훈련을 거침",
    )
