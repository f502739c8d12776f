"""Which pipeline a name means, and whether a folder with one is whole and safe before it is opened."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import dllab

OWN = "portraits"
TRAINED_SIDE = 32  # px of the pictures that the lab's own model has learned from
OWN_GUIDANCE, GUIDANCE = 3.5, 7.5  # of the lab's own model, and of others
FOLDER = Path(__file__).with_name("weights") / OWN
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
WEIGHTS = ("diffusion_pytorch_model", "model")  # how the weights that diffusers and transformers open begin
LIBRARIES = ("diffusers", "transformers")


def place(model: str) -> Path | None:
    """The local folder that a model's name means; None for a repository of the hub."""
    if model == OWN:
        if not (FOLDER / "model_index.json").is_file():
            raise dllab.InputError("the model portraits is not here; make it by: dllab run train-portraits")
        return FOLDER
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        check_folder(folder)
        return folder
    if model and folder.exists():
        raise dllab.InputError(f"'{model}' is a file; --model takes the folder that holds model_index.json")
    if not HUB_ID.fullmatch(model):
        raise dllab.UsageError(
            f"--model '{model}': no such folder; give one, owner/name of the hub, or {OWN}"
        )
    return None


def check_folder(folder: Path) -> None:
    """Raise InputError, saying why, for a folder that is no pipeline, that is not whole, or that is not safe.

    Not safe are pickled weights, and an index that asks for classes of other libraries than diffusers and
    transformers.
    """
    index = folder / "model_index.json"
    for name, entry in read_index(index).items():
        if not (isinstance(entry, list) and len(entry) == 2 and entry[0] is not None):
            continue
        if not _is_known(entry[0]):
            raise dllab.InputError(
                f"'{index}' asks for code of its own ({name}: {entry[0]}), which is not run here"
            )
        if not (folder / name).is_dir():
            raise dllab.InputError(f"'{folder}' lacks the folder {name} that its model_index.json names")
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        _check_weights(part)


def read_index(index: Path) -> dict[str, Any]:
    """What a model_index.json says. Raises InputError when it is no pipeline's, or names code of its own."""
    if not index.is_file():
        raise dllab.InputError(
            f"'{index.parent}' holds no model_index.json: it is not a diffusers pipeline folder"
        )
    try:
        entries: dict[str, Any] = json.loads(index.read_text(encoding="utf-8"))
        kind = entries["_class_name"]
    except (ValueError, KeyError, TypeError) as error:
        raise dllab.InputError(f"'{index}' is not a pipeline's index: {error}") from None
    if not isinstance(kind, str):
        raise dllab.InputError(f"'{index}' asks for code of its own, which is not run here")
    return entries


def _is_known(library: Any) -> bool:
    """Whether a part's class comes from diffusers, one of its pipelines, or transformers."""
    if library in LIBRARIES:
        return True
    if not (isinstance(library, str) and library.isidentifier()):
        return False
    from importlib.util import find_spec

    found = find_spec("diffusers")  # without importing it
    roots = [] if found is None else list(found.submodule_search_locations or [])
    return any((Path(root) / "pipelines" / library).is_dir() for root in roots)


def _check_weights(part: Path) -> None:
    """Raise InputError for pickled weights without safe ones beside them, and for damaged safe ones."""
    from safetensors import SafetensorError, safe_open

    safe = sorted(part.glob("*.safetensors"))
    pickled = sorted(path for path in part.iterdir() if path.suffix in PICKLES)
    if pickled and not any(path.name.startswith(WEIGHTS) for path in safe):
        raise dllab.InputError(
            f"'{part.name}/{pickled[0].name}' is a pickle, which can run any code when it is opened; "
            "save the pipeline again with safe_serialization=True, and give that folder"
        )
    for path in safe:
        try:
            with safe_open(path, "np"):
                pass
        except (SafetensorError, OSError) as error:
            raise dllab.InputError(
                f"'{part.name}/{path.name}' is damaged ({' '.join(str(error).split())}); copy it again"
            ) from None
