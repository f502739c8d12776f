"""A classifier of pictures: features of the lab's own backbone, which stays as it is, and a linear head."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dllab

if TYPE_CHECKING:
    import numpy as np
    import torch

BACKBONE = "vision/backbone"
FORM = "dllab-picture-classifier-1"
FILE = "classifier.safetensors"
BATCH = 16


@dataclass(frozen=True)
class Classifier:
    """logits = weight · (features - mean) / deviation + bias; weight (classes, f), all float64."""

    classes: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(n, f) to (n, classes)."""
        return ((features - self.mean) / self.deviation) @ self.weight.T + self.bias

    def chances(self, features: np.ndarray) -> np.ndarray:
        """The softmax of the logits, (n, classes)."""
        import numpy as np

        logits = self.logits(features)
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)


def backbone_features(run: dllab.Run, pictures: np.ndarray) -> np.ndarray:
    """What the backbone sees in pictures uint8 (n, SIDE, SIDE, 3): float64 (n, f).

    The mean over the places of its two deepest layers, and how much each of them varies over the places.
    """
    import numpy as np
    import torch

    net = run.model(BACKBONE).to(run.device)
    layers = net.layer_names[-2:]
    rows = []
    with torch.no_grad():
        for start in run.progress(range(0, len(pictures), BATCH), label=run.words("looking", "그림 보기")):
            batch = torch.tensor(pictures[start : start + BATCH]).permute(0, 3, 1, 2).float() / 255
            maps = net.activations(net.normalise(batch.to(run.device)), layers)
            seen = [f(maps[name]) for name in layers for f in (_mean, _spread)]
            rows.append(torch.cat(seen, dim=1).double().cpu().numpy())
    return np.concatenate(rows)


def _mean(maps: torch.Tensor) -> torch.Tensor:
    return maps.mean(dim=(2, 3))


def _spread(maps: torch.Tensor) -> torch.Tensor:
    return maps.std(dim=(2, 3), correction=0)


def scales(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of each feature; a deviation of 1 where a feature is always the same."""
    import numpy as np

    deviation = features.std(axis=0)
    return features.mean(axis=0), np.where(deviation > 1e-8, deviation, 1.0)


def fit_head(
    features: np.ndarray, labels: np.ndarray, classes: tuple[str, ...], decay: float = 1.0
) -> Classifier:
    """Softmax regression: the mean cross-entropy and decay · |W|² / (2 n), which has one minimum, by L-BFGS.

    features (n, f), labels (n,). The bias is free: in the minimum the mean chance of each class is its share.
    """
    import numpy as np
    import torch

    mean, deviation = scales(features)
    x, y = torch.tensor((features - mean) / deviation), torch.tensor(labels)
    weight = torch.zeros(len(classes), x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(classes), dtype=torch.float64, requires_grad=True)
    descent = torch.optim.LBFGS(
        [weight, bias],
        max_iter=300,
        tolerance_grad=1e-9,
        tolerance_change=1e-14,
        line_search_fn="strong_wolfe",
    )

    def closure() -> torch.Tensor:
        descent.zero_grad()
        loss = torch.nn.functional.cross_entropy(x @ weight.T + bias, y)
        loss = loss + decay * (weight**2).sum() / (2 * len(y))
        loss.backward()
        return loss

    descent.step(closure)
    return Classifier(classes, weight.detach().numpy(), bias.detach().numpy(), np.asarray(mean), deviation)


def save(run: dllab.Run, classifier: Classifier, facts: dict[str, object]) -> None:
    """Leave the classifier as safetensors, all that predict needs in one file, and a JSON for people."""
    import torch

    state = {
        name: torch.tensor(getattr(classifier, name)) for name in ("weight", "bias", "mean", "deviation")
    }
    words = {"form": FORM, "classes": json.dumps(list(classifier.classes)), "backbone": BACKBONE}
    run.save_model(FILE, state, words)
    run.save_json(
        "classifier.json",
        {"form": FORM, "classes": list(classifier.classes), "backbone": BACKBONE, "file": FILE, **facts},
    )


def load(path: Path, name: str) -> Classifier:
    """Read what save left, from the file or the folder that holds it.

    Raises dllab.InputError where it is something else.
    """
    from safetensors import SafetensorError, safe_open

    path = path / FILE if path.is_dir() else path
    try:
        with safe_open(path, framework="numpy") as file:
            words = file.metadata() or {}
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 not a mapping
        if words.get("form") != FORM:
            raise ValueError("its form is another one")
        classes = tuple(str(each) for each in json.loads(words["classes"]))
        made = Classifier(classes, state["weight"], state["bias"], state["mean"], state["deviation"])
        _check_shapes(made)
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        fault = " ".join(str(error).split())[:120]
        raise dllab.InputError(
            f"{name} is no classifier of pictures ({fault}); dllab run transfer-learning or "
            f"teachable-machine leaves one, as RUN:{FILE}"
        ) from error
    return made


def _check_shapes(made: Classifier) -> None:
    import numpy as np

    many = made.weight.shape[1] if made.weight.ndim == 2 else -1
    shapes = [made.bias.shape, made.mean.shape, made.deviation.shape, made.weight.shape[:1]]
    if shapes != [(len(made.classes),), (many,), (many,), (len(made.classes),)]:
        raise ValueError("the shapes of its tensors do not fit together")
    if not all(np.isfinite(part).all() for part in (made.weight, made.bias, made.mean, made.deviation)):
        raise ValueError("it holds numbers that are not finite")
    if not (made.deviation > 0).all():
        raise ValueError("a deviation in it is not positive")
